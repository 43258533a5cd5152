"""The record and the log of looking."""
