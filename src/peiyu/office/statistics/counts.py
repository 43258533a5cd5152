"""Certificates counted: how many count on a day, were recognised in a year; by body, year and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from peiyu.office.accounts.models import Body, BodyKind, User
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.queries import (
    MOVED_IN,
    Readings,
    Recognised,
    newly,
    recognised_in,
    stock_on,
    stock_series,
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

    found: tuple[Recognised, ...]
    new: tuple[Recognised, ...]

    def orders(self, rows: Iterable[Recognised]) -> dict[str, int]:
        """How many of each order."""
        numbers = Counter(one.order for one in rows)
        return {order: numbers[order] for order in ORDERS}


def recognised(
    first: date, last: date, on: date, *, readings: Readings | None = None,
    known: date | None = None, person: User | None = None,
) -> Counts:  # fmt: skip
    """What was recognised between two days, by the readings of a third; four queries."""
    by = readings if readings is not None else values_on(on)
    found = recognised_in(first, last, readings=by, known=known, person=person)
    return Counts(tuple(found), tuple(newly(found)))


def by_body(
    on: date, counts: Counts, *, known: date | None = None, person: User | None = None
) -> Bodies:
    """Each body that has a place, or that the person's own is; two queries."""
    stock = stock_on(on, known=known, person=person)
    new = Counter(one.body for one in counts.new)
    of: dict[int | None, list[Recognised]] = {}
    for one in counts.found:
        of.setdefault(one.body, []).append(one)
    bodies = {body.pk: body for body in Body.objects.places()}
    own = person.access.places if person is not None and not person.access.city else None
    lines = [
        BodyLine(body, stock.get(key, 0), new[key], counts.orders(of.get(key, ())))
        for key, body in bodies.items()
        if stock.get(key) or key in of or (_alive(body, on) and (own is None or key in own))
    ]
    lines.sort(key=_place)
    if stock.get(None) or None in of:
        lines.append(BodyLine(None, stock.get(None, 0), new[None], counts.orders(of.get(None, ()))))
    return Bodies(tuple(lines), sum(stock.values()), len(counts.new))


def by_year(
    years: Sequence[int], on: date, counts: Counts, *, person: User | None = None
) -> list[YearLine]:
    """Each year, in order; one query."""
    ends = {year: min(date(year, 12, 31), on) for year in years}
    stock = stock_series(list(ends.values()), person=person)
    so_far, lines = 0, []
    for year in sorted(years):
        rows = [one for one in counts.found if one.on.year == year]
        new = sum(one.on.year == year for one in counts.new)
        so_far += new
        lines.append(
            YearLine(year, counts.orders(rows), new, so_far, stock[ends[year]], ends[year])
        )
    return lines


def month_ends(until: date, months: int) -> list[date]:
    """The last days of so many months before a day, and the day itself."""
    first = until.replace(day=1)
    ends = [moved(first, -back) - ONE_DAY for back in reversed(range(min(months, MOST_MONTHS)))]
    return [*(end for end in ends if end < until), until]


def by_month(until: date, months: int, *, person: User | None = None) -> list[tuple[date, int]]:
    """How many counted at the end of each of so many months, and on the day itself; one query."""
    ends = month_ends(until, months)
    found = stock_series(ends, person=person)
    return [(end, found[end]) for end in ends]


def _place(line: BodyLine) -> tuple[bool, str]:
    """Streets and towns by their codes, then zones."""
    return (line.body.kind == BodyKind.ZONE, line.body.code) if line.body else (True, "")


def _alive(body: Body, on: date) -> bool:
    return body.opened_on <= on and (body.closed_on is None or on < body.closed_on)
