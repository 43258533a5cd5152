"""The pages of enterprises and of the public; can stand on a network of its own."""
