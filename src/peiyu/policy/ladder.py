"""The ladder on which an enterprise climbs: the programmes in order, each rung a rulebook.

An enterprise stands on the highest rung of which it meets the verdict; those below need not be met.
The bands of sales of the two Little Giant tiers exclude each other: who meets one cannot meet the
other, and which of the two is the right one is said by the condition on sales.
"""

from __future__ import annotations

from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.words import mark

RUNGS = ("tech_sme", "reserve", "hnte", "little_giant_cultivation", "little_giant")
NO_RUNG = "contacted"
NO_RUNG_TITLE = mark("尚未登级")


def rungs() -> tuple[Rulebook, ...]:
    """The rulebooks of the ladder, the lowest first."""
    return tuple(RULEBOOKS[name] for name in RUNGS)


def all_rungs() -> Rulebook:
    """One rulebook that reads what any rung reads: for reading an input, not for judging."""
    found = rungs()
    return Rulebook(
        name="ladder",
        title=mark("培育阶梯"),
        governing="",
        criteria=tuple(c for book in found for c in book.criteria),
        switches=(),
        flags=tuple(f for book in found for f in book.flags),
        since=min(book.since for book in found),
        items=tuple(i for book in found for i in book.items),
        survey=any(book.survey for book in found),
    )
