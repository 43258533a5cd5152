"""What the office says to people: messages and issued papers, later publicity."""
