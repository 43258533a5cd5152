"""The goals of the plan: how far they are, on which day, and from which rows that is known."""
