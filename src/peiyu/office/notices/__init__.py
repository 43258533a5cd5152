"""What the office says to people: messages, and later publicity and papers."""
