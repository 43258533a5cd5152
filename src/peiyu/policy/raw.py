"""Facts in the columns of files that others wrote."""

from __future__ import annotations

from dataclasses import dataclass

from peiyu.policy.facts import Fact


@dataclass(frozen=True, slots=True)
class Taken:
    """From which raw column a fact comes; a state of a table has no fact."""

    column: str
    fact: Fact | None
    checked: bool = False
    """Was every value found within the bounds of the dictionary."""
