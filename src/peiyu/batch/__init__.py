"""Judging a file of enterprises: sheets in, outcomes with reasons out. Used by the doors."""
