"""The goals of the city's plan: what is counted, over which years, and how much is aimed at (JY).

Where the plan leaves a word open the reading is a setting of the office, given here as an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from peiyu.policy.parameters import Figures

FIRST_YEAR, LAST_YEAR = "jiyuan_plan_first_year", "jiyuan_plan_last_year"
NEW, STOCK, SHARE = "jiyuan_goal_new", "jiyuan_goal_stock", "jiyuan_goal_share"
FIGURES = (FIRST_YEAR, LAST_YEAR, NEW, STOCK, SHARE)
"""The figures that are read here."""
POINT = Fraction(1, 100)
"""A percentage point."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The years of the plan and its three goals, as they stand on a day."""

    first_year: int
    last_year: int
    new: int
    stock_exceeds: int
    share: Fraction

    def years(self, on: date) -> range:
        """The years of the plan that have begun on a day."""
        return range(self.first_year, min(self.last_year, on.year) + 1)


def plan_on(day: date) -> Plan:
    """The plan as it stands on a day.

    Raises:
        NotInForce: there was none yet.
    """
    figures = Figures(day)
    return Plan(
        int(figures.number(FIRST_YEAR)),
        int(figures.number(LAST_YEAR)),
        int(figures.number(NEW)),
        int(figures.number(STOCK)),
        figures.number(SHARE),
    )


def reaches_share(part: int, whole: int, aim: Fraction, points: int) -> bool:
    """Is the share of two sums about the aim: not more percentage points below it; nothing is rounded."""
    least = aim - points * POINT
    return whole > 0 and part * least.denominator >= least.numerator * whole
