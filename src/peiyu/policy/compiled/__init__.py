"""The rules for many enterprises at once, before it is said which engine works them out."""
