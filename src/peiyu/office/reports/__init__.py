"""What is stated of enterprises by year: figures with their sources, versions and checks."""
