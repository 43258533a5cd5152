"""Settings and root addresses; alone in reading the environment."""
