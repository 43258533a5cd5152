"""New enterprises: proposals and the opinions on them."""
