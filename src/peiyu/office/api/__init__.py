"""The door for programs: the registry and the policies, read with a key of limited right."""
