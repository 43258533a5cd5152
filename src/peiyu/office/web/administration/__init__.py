"""Jobs, and what the system administrator looks after."""
