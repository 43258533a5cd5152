"""Policy documents with their clauses, and the settings of the city's programme."""
