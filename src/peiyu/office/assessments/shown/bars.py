"""A value against its limit on one scale, as places in per cent; no style."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from peiyu.policy.reasons import TestShown

LIMIT = Fraction(5, 8)
"""Where the limit stands on each bar, so that the rows can be compared at a glance."""
WHOLE = Fraction(1)
END = Fraction(985, 1000)
"""Where a value that goes beyond the bar ends, with an arrow."""


@dataclass(frozen=True, slots=True)
class Bar:
    """From where to where the value lies, where the limit is; `beyond`: it goes on."""

    left: str
    width: str
    limit: str
    beyond: bool = False
    certain: bool = True
    """One value, not an interval."""


def percent(share: Fraction) -> str:
    """A place, as SVG has it."""
    hundredths = round(share * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def bar_of(test: TestShown) -> Bar | None:
    """The bar of a comparison; None where the limit is nothing, or there is nothing to draw."""
    limit = test.limit.low if test.limit.known else None
    if limit is None or limit <= 0 or test.value is None:
        return None
    scale = limit / LIMIT
    low, high = test.value.low, test.value.high
    if low is None or high is None or low < 0:
        return Bar("0%", "0%", percent(LIMIT), certain=False)
    known = test.value.known
    start = Fraction(0) if known else min(low / scale, END)
    end = min(high / scale, WHOLE)
    beyond = high > scale
    if beyond:
        end = END
    return Bar(
        percent(start), percent(max(end - start, Fraction(0))), percent(LIMIT), beyond, known
    )
