"""Pages of people and bodies: the log-in, one's own account, the directory, the register."""
