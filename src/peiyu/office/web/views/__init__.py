"""What a page asks and answers; the rules lie beneath."""
