"""What stands behind the figures: rights, R&D, products, conversions, people, and the chain between them."""
