"""The registry: the list, the page of an enterprise, what one may change there."""
