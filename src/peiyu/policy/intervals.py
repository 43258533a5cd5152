"""Numbers of one enterprise: exactly known, or an interval over one denominator, never a quotient.

An exactly known whole number is an `int`, any other number (low, high, denominator, open): `None`
is an open end, `open` says what is open: 1 points that an expert gives, 2 facts that are missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from peiyu.policy.parameters import StepTable
from peiyu.policy.tree import NEGATED, Outcome

BY_EXPERT = 1
BY_DATA = 2

Interval = tuple[int | None, int | None, int, int]
Quantity = int | Interval
UNKNOWN: Interval = (None, None, 1, BY_DATA)
UNKNOWN_UP: Interval = (0, None, 1, BY_DATA)
UNMET, UNDECIDED, FOR_EXPERT, MET, NOT_APPLICABLE = (int(outcome) for outcome in Outcome)


def number(low: int | None, high: int | None, scale: int, opened: int) -> Interval:
    """An interval; a single point is open to nobody."""
    return (low, high, scale, 0 if low is not None and low == high else opened)


def interval(part: Quantity) -> Interval:
    """A quantity as an interval."""
    return (part, part, 1, 0) if part.__class__ is int else part  # type: ignore[return-value]


def level(parts: Iterable[Quantity]) -> tuple[list[Interval], int]:
    """The parts over one denominator."""
    intervals = [interval(part) for part in parts]
    common = 1
    for part in intervals:
        if part[2] != common:
            common = lcm(common, part[2])
    return [_over(part, common) for part in intervals], common


def _over(part: Interval, common: int) -> Interval:
    low, high, scale, opened = part
    if scale == common:
        return part
    by = common // scale
    return (None if low is None else low * by, None if high is None else high * by, common, opened)


def plus(parts: list[Quantity]) -> Quantity:
    """The sum of quantities."""
    low: int | None = 0
    high: int | None = 0
    opened = 0
    for part in parts:
        if isinstance(part, int):
            part_low: int | None = part
            part_high: int | None = part
        else:
            part_low, part_high, scale, part_opened = part
            if scale != 1:
                return _plus_over(*level(parts))
            opened |= part_opened
        low = None if low is None or part_low is None else low + part_low
        high = None if high is None or part_high is None else high + part_high
    return (low, high, 1, opened)


def _plus_over(parts: list[Interval], common: int) -> Quantity:
    lows, highs = [part[0] for part in parts], [part[1] for part in parts]
    opened = 0
    for part in parts:
        opened |= part[3]
    low = None if None in lows else sum(lows)  # type: ignore[arg-type]
    high = None if None in highs else sum(highs)  # type: ignore[arg-type]
    return (low, high, common, opened)


def minus(left: Quantity, right: Quantity) -> Quantity:
    """The first less the second."""
    (a, b), common = level((left, right))
    low = None if a[0] is None or b[1] is None else a[0] - b[1]
    high = None if a[1] is None or b[0] is None else a[1] - b[0]
    return (low, high, common, a[3] | b[3])


def scaled(part: Quantity, rate: Fraction) -> Interval:
    """A quantity times a share that is not negative."""
    low, high, scale, opened = interval(part)
    by, over = rate.numerator, rate.denominator
    return (
        None if low is None else low * by,
        None if high is None else high * by,
        scale * over,
        opened,
    )


def smallest(quantities: Iterable[Quantity]) -> Interval:
    """The smallest of quantities."""
    parts, common = level(quantities)
    low = None if any(p[0] is None for p in parts) else min(p[0] for p in parts if p[0] is not None)
    ends = [p[1] for p in parts if p[1] is not None]
    opened = 0
    for part in parts:
        opened |= part[3]
    return number(low, min(ends) if ends else None, common, opened)


def whole(part: Quantity) -> Quantity:
    """Rounded half up to whole units."""
    low, high, scale, opened = interval(part)
    if scale == 1:
        return part
    low = None if low is None else (2 * low + scale) // (2 * scale)
    high = None if high is None else (2 * high + scale) // (2 * scale)
    return low if low is not None and low == high else (low, high, 1, opened)


def product(one: Quantity, two: Quantity) -> Interval:
    """Two exactly known numbers multiplied."""
    left, right = interval(one), interval(two)
    if left[0] is None or left[0] != left[1] or right[0] is None or right[0] != right[1]:
        return UNKNOWN
    result = left[0] * right[0]
    return (result, result, left[2] * right[2], 0)


def quotient(one: Quantity, two: Quantity) -> Interval:
    """A number over one that is exactly known and not zero, kept as a pair."""
    left, right = interval(one), interval(two)
    if right[0] is None or right[0] != right[1] or right[0] == 0:
        return UNKNOWN
    low, high, scale, opened = left
    below = right[0]
    if below < 0:
        low, high = None if high is None else -high, None if low is None else -low
        below = -below
    by = right[2]
    return (
        None if low is None else low * by,
        None if high is None else high * by,
        scale * below,
        opened,
    )


def is_known(part: Quantity) -> bool:
    """Is the number exactly known."""
    low, high, _, _ = interval(part)
    return low is not None and low == high


def compared(operator: str, one: Quantity, two: Quantity) -> int:
    """The outcome of a comparison: decided only if the whole interval is."""
    left, right = interval(one), interval(two)
    if left[2] != right[2]:
        (left, right), _ = level((left, right))
    low, high, _, opened = left
    limit_low, limit_high, _, limit_opened = right
    if operator == "==":
        if low is not None and low == high and low == limit_low and low == limit_high:
            return MET
        if (low is not None and limit_high is not None and low > limit_high) or (
            high is not None and limit_low is not None and high < limit_low
        ):
            return UNMET
    elif _holds(operator, low, high, limit_low, limit_high):
        return MET
    elif _holds(CONTRARY[operator], low, high, limit_low, limit_high):
        return UNMET
    return FOR_EXPERT if opened | limit_opened == BY_EXPERT else UNDECIDED


CONTRARIES = tuple(int(outcome) for outcome in NEGATED)
CONTRARY = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


def _holds(
    operator: str, low: int | None, high: int | None, limit_low: int | None, limit_high: int | None
) -> bool:
    if operator == ">=":
        return low is not None and limit_high is not None and low >= limit_high
    if operator == ">":
        return low is not None and limit_high is not None and low > limit_high
    if operator == "<=":
        return high is not None and limit_low is not None and high <= limit_low
    return high is not None and limit_low is not None and high < limit_low


def compared_share(
    operator: str, share: tuple[Quantity, Quantity], bound: Quantity, undefined: int
) -> int:
    """A share against a limit by multiplying; without a base above zero what the rule says."""
    part, base, limit = interval(share[0]), interval(share[1]), interval(bound)
    if base[1] is not None and base[1] <= 0:
        return undefined
    if base[0] is not None and base[0] > 0:
        by, over = limit[2] * base[2], part[2]
        left: Interval = (
            None if part[0] is None else part[0] * by,
            None if part[1] is None else part[1] * by,
            1,
            part[3],
        )
        right: Interval = (
            None if limit[0] is None else limit[0] * base[0] * over,
            None if limit[1] is None or base[1] is None else limit[1] * base[1] * over,
            1,
            base[3] | limit[3],
        )
        return compared(operator, left, right)
    return FOR_EXPERT if part[3] | base[3] | limit[3] == BY_EXPERT else UNDECIDED


@dataclass(frozen=True, slots=True)
class Stair:
    """A table of steps in whole numbers, ready to be stood on."""

    steps: tuple[tuple[str, int, int, int, int], ...]  # operator, limit as a pair, low, high
    low: int
    high: int
    scale: int

    @classmethod
    def of(cls, table: StepTable) -> Stair:
        """The steps over one denominator."""
        scale = lcm(
            *(v.denominator for step in table.steps for v in (step.low, step.high)),
            table.low.denominator,
            table.high.denominator,
        )
        steps = tuple(
            (s.operator, s.limit.numerator, s.limit.denominator, int(s.low * scale), int(s.high * scale))
            for s in table.steps
        )  # fmt: skip
        return cls(steps, int(table.low * scale), int(table.high * scale), scale)

    def at(self, value: int | None, scale: int, unknown_is: int) -> tuple[int, int]:
        """The step on which value/scale stands; an open end lies infinitely far to one side."""
        for operator, top, bottom, low, high in self.steps:
            if value is None:
                if operator in ((">=", ">") if unknown_is > 0 else ("<=", "<")):
                    return low, high
                continue
            left, right = value * bottom, top * scale
            if (
                (operator == ">=" and left >= right)
                or (operator == ">" and left > right)
                or (operator == "<=" and left <= right)
                or (operator == "<" and left < right)
            ):
                return low, high
        return self.low, self.high

    def under(self, value: Quantity) -> Interval:
        """The step, or from the lowest to the highest step that the value may stand on."""
        low, high, scale, opened = interval(value)
        first = self.at(low, scale, -1)
        last = first if low is not None and low == high else self.at(high, scale, 1)
        width = BY_EXPERT if first[0] < first[1] or last[0] < last[1] else 0
        if first == last:
            return (first[0], first[1], self.scale, width)
        return (min(first[0], last[0]), max(first[1], last[1]), self.scale, opened | width)


def first_of(outcomes: list[int], numbers: list[Quantity]) -> Quantity:
    """The number of the first case that is met, or all that may be the first."""
    may_be: list[Quantity] = []
    for outcome, value in zip(outcomes, numbers, strict=False):
        if outcome not in (UNMET, NOT_APPLICABLE):
            may_be.append(value)
            if outcome == MET:
                break
    else:
        may_be.append(numbers[-1])
    if len(may_be) == 1:
        return may_be[0]
    reached, common = level(may_be)
    lows = [r[0] for r in reached if r[0] is not None]
    highs = [r[1] for r in reached if r[1] is not None]
    opened = BY_DATA
    for part in reached:
        opened |= part[3]
    return number(
        min(lows) if len(lows) == len(reached) else None,
        max(highs) if len(highs) == len(reached) else None,
        common,
        opened,
    )
