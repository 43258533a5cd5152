"""What each person finds on coming in: what is to be done, search, saved views, the record."""
