"""Certificates counted: how many count on a day, were recognised in a year; by body, year and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from peiyu.office.accounts.models import Body, BodyKind, User
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.queries import (
    MOVED_IN,
    Readings,
    Tally,
    stock_on,
    stock_series,
    tallies,
)
from peiyu.policy.hnte_certificate import Order
from peiyu.policy.months import moved

ONE_DAY = timedelta(days=1)
ORDERS = (Order.FIRST.value, Order.AGAIN.value, Order.AFTER_GAP.value, MOVED_IN)
"""What a recognition is, in the order of the columns."""
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One town, street or zone: what counts on a day, and what was recognised until then."""

    body: Body | None
    """None: of whom it is not known where they lay."""
    stock: int
    new: int
    orders: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bodies:
    """All bodies and their sum; an enterprise belongs to exactly one, so nothing is counted twice."""

    lines: tuple[BodyLine, ...]
    stock: int
    new: int


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year: what was recognised, how many of them new, how many counted at its end."""

    year: int
    orders: dict[str, int]
    new: int
    new_so_far: int
    stock: int
    until: date
    """The last day of the year, or the day as of which is counted."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was recognised between two days, counted once; asked by body and by year."""

    tallies: tuple[Tally, ...] = ()

    @property
    def new(self) -> int:
        """How many enterprises were newly recognised."""
        return sum(one.new for one in self.tallies)

    @property
    def orders(self) -> dict[str, int]:
        """How many of each order."""
        numbers: Counter[str] = Counter()
        for one in self.tallies:
            numbers[one.order] += one.number
        return {order: numbers[order] for order in ORDERS}

    @property
    def bodies(self) -> set[int | None]:
        """Where something was recognised."""
        return {one.body for one in self.tallies}

    def of_year(self, year: int) -> Counts:
        """Those of one year."""
        return Counts(tuple(one for one in self.tallies if one.year == year))

    def of_body(self, body: int | None) -> Counts:
        """Those of one body."""
        return Counts(tuple(one for one in self.tallies if one.body == body))


def recognised(
    first: date, last: date, on: date, *, readings: Readings | None = None,
    known: date | None = None, person: User | None = None,
) -> Counts:  # fmt: skip
    """What was recognised between two days, by the readings of a third; four queries."""
    by = readings if readings is not None else values_on(on)
    return Counts(tuple(tallies(first, last, readings=by, known=known, person=person)))


def by_body(
    on: date, counts: Counts, *, known: date | None = None, person: User | None = None
) -> Bodies:
    """Each body that has a place, or that the person's own is; two queries."""
    stock = stock_on(on, known=known, person=person)
    there = counts.bodies
    bodies = {body.pk: body for body in Body.objects.places()}
    own = person.access.places if person is not None and not person.access.city else None
    lines = [
        _line(body, stock.get(key, 0), counts.of_body(key))
        for key, body in bodies.items()
        if stock.get(key) or key in there or (_alive(body, on) and (own is None or key in own))
    ]
    lines.sort(key=_place)
    if stock.get(None) or None in there:
        lines.append(_line(None, stock.get(None, 0), counts.of_body(None)))
    return Bodies(tuple(lines), sum(stock.values()), counts.new)


def _line(body: Body | None, stock: int, counts: Counts) -> BodyLine:
    return BodyLine(body, stock, counts.new, counts.orders)


def by_year(
    years: Sequence[int], on: date, counts: Counts, *, person: User | None = None
) -> list[YearLine]:
    """Each year, in order; two queries."""
    ends = {year: min(date(year, 12, 31), on) for year in years}
    stock = stock_series(list(ends.values()), person=person)
    so_far, lines = 0, []
    for year in sorted(years):
        own = counts.of_year(year)
        so_far += own.new
        lines.append(YearLine(year, own.orders, own.new, so_far, stock[ends[year]], ends[year]))
    return lines


def month_ends(until: date, months: int) -> list[date]:
    """The last days of so many months before a day, and the day itself."""
    first = until.replace(day=1)
    ends = [moved(first, -back) - ONE_DAY for back in reversed(range(min(months, MOST_MONTHS)))]
    return [*(end for end in ends if end < until), until]


def by_month(until: date, months: int, *, person: User | None = None) -> list[tuple[date, int]]:
    """How many counted at the end of each of so many months, and on the day itself; two queries."""
    ends = month_ends(until, months)
    found = stock_series(ends, person=person)
    return [(end, found[end]) for end in ends]


def _place(line: BodyLine) -> tuple[bool, str]:
    """Streets and towns by their codes, then zones."""
    return (line.body.kind == BodyKind.ZONE, line.body.code) if line.body else (True, "")


def _alive(body: Body, on: date) -> bool:
    return body.opened_on <= on and (body.closed_on is None or on < body.closed_on)
