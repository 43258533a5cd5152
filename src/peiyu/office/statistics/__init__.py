"""Counts as of a day: by body, by year, by month; read only."""
