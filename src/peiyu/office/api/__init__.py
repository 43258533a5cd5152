"""The office for programs: read the registry with a token of limited right."""
