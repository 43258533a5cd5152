"""People, the bodies for which they act, and what each may see and do."""
