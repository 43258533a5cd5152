"""The registry: who an enterprise is, where it lies, who may act for it, and how that changed."""
