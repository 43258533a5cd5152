"""What an enterprise has been given: certificates and what happened to them, numbers, titles, duties."""
