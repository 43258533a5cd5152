"""Can what is lacking still be mended before a recognition must be applied for anew (M9: three years).

A certificate ends; the next is applied for in the year in which it ends at the latest. What is judged by
closed fiscal years changes only when another year is over; a right takes months to obtain.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from peiyu.policy import tree
from peiyu.policy.months import moved
from peiyu.policy.rulebook import Rulebook
from peiyu.words import mark


class Mended(StrEnum):
    """By what something that is lacking can still change."""

    NEXT_YEAR = mark("要等下一个会计年度")
    RIGHT = mark("要新取得知识产权")
    TIME = mark("要等期限经过")
    NEVER = mark("不随时间改变")


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a renewal can be applied for, and how long a new right takes, as the office has it."""

    last_month: int
    right_months: int

    def apply_by(self, last_on: date) -> date:
        """The last day on which one applies anew for a certificate with that last day, while it is valid."""
        end = monthrange(last_on.year, self.last_month)[1]
        return min(last_on, date(last_on.year, self.last_month, end))


@cache
def mended_by(rulebook: Rulebook, criterion: str) -> Mended:
    """By what a criterion can change: read off what its rule reads."""
    nodes = list(tree.walk(rulebook.criterion(criterion).root))
    if any(isinstance(node, tree.FactNode) and node.lag for node in nodes):
        return Mended.NEXT_YEAR
    tables = {node.table for node in nodes if isinstance(node, tree.Column)}
    if "ip" in tables:
        return Mended.RIGHT
    timed = (tree.Elapsed, tree.Day)
    return Mended.TIME if any(isinstance(node, timed) for node in nodes) else Mended.NEVER


def too_late(
    rulebook: Rulebook, unmet: Iterable[str], on: date, apply_by: date, window: Window
) -> tuple[str, ...]:
    """The criteria not met that cannot be mended by then."""
    return tuple(name for name in unmet if not _in_time(rulebook, name, on, apply_by, window))


def _in_time(rulebook: Rulebook, name: str, on: date, apply_by: date, window: Window) -> bool:
    match mended_by(rulebook, name):
        case Mended.NEXT_YEAR:
            return apply_by.year > on.year
        case Mended.RIGHT:
            return moved(on, window.right_months) <= apply_by
        case Mended.TIME:
            return apply_by > on
        case _:
            return False
