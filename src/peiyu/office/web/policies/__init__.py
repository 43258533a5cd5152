"""The library of policies, the readings of open words, the rulebooks."""
