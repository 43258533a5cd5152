"""Peiyu (培育): the system with which a city cultivates its high-tech enterprises."""

__version__ = "0.1.0"
