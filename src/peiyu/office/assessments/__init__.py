"""Whether an enterprise meets a programme's rules on a day, and why: facts to the rules, runs, warnings."""
