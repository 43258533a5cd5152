"""What can I do here, what does the word mean, what others asked."""
