"""The office: the rooms in which the law is applied, and the doors into them."""
