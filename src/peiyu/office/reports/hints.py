"""What in the figures of one year contradicts itself: said to those who state and check it, never refused.

The rulebook of high-tech enterprises says what contradicts what; here its flags are put to one year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from peiyu.office.reports.models import FIGURES, stored
from peiyu.policy import explain, reasons, tree
from peiyu.policy.case import Case, Scalar
from peiyu.policy.rulebook import fact_names
from peiyu.policy.rulebooks.hnte import HNTE

OF_ONE_YEAR = (
    "sales_parts", "net_assets_parts", "rd_parts", "income_parts", "domestic_above_total",
    "st_above_staff", "ht_above_total",
)  # fmt: skip
"""The flags that one year alone can raise."""
YEARS = "years."


@dataclass(frozen=True, slots=True)
class Hint:
    """A contradiction: what does not fit, by which article, and the figures that are about it."""

    text: str
    article: str
    figures: tuple[str, ...]


def hints_of(figures: Mapping[str, Decimal | None], year: int) -> list[Hint]:
    """What contradicts itself in the figures of a year; nothing of what is unknown.

    The enterprise is taken as founded with the year, so that the rules ask for no earlier one, and
    judged at the end of the year that follows.
    """
    on = date(max(year + 1, HNTE.since.year), 12, 31)
    facts: dict[str, Scalar] = {
        f"{name}.1": whole
        for name, value in figures.items()
        if name in FIGURES and (whole := stored(value)) is not None
    }
    if not facts:
        return []
    facts["established_on"] = date(on.year - 1, 1, 1)
    up = set(reasons.flags(explain.assess(HNTE, Case("", facts=facts), on)))
    return [hint for name, hint in _known().items() if name in up]


@cache
def _known() -> dict[str, Hint]:
    return {
        flag.id: Hint(flag.text, flag.article, _read_by(flag.when))
        for flag in HNTE.flags
        if flag.id in OF_ONE_YEAR
    }


def _read_by(root: tree.Node) -> tuple[str, ...]:
    names = {
        name.removeprefix(YEARS)
        for node in tree.walk(root)
        for name in fact_names(node)
        if name.startswith(YEARS)
    }
    return tuple(name for name in FIGURES if name in names)
