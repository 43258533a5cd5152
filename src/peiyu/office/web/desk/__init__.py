"""The first page, search, messages."""
