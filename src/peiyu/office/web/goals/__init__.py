"""The page of the goals, and the series that one of them is about."""
