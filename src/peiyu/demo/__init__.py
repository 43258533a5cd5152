"""The demo city: the places of Jiyuan with invented enterprises, the same from the same seed."""
