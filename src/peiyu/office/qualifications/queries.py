"""Reads over certificates: who counts on a day, who was recognised in a year, what lapses when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Substr

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Residence, Status
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.known import KnownCertificate, certificates_known
from peiyu.office.qualifications.models import (
    Certificate,
    CertificateEvent,
    EventKind,
    Holding,
)
from peiyu.policy.hnte_certificate import Order, order_of
from peiyu.policy.months import months_between, moved

COUNTED_DAYS = {"issued": "issued_on", "publicity": "publicity_on", "approval": "approved_on"}
"""Which day of a certificate counts, by the reading `counted_day`."""
MOVED_IN = "moved_in"
Readings = Mapping[str, Any]


# -- who counts on a day


def stock_on(
    day: date, *, known: date | None = None, person: User | None = None
) -> dict[int | None, int]:
    """How many enterprises hold a certificate that counts on a day, by the body of that day.

    `known`: as known on another day than now; `person`: only those that the person may see. One
    query, whatever the number.
    """
    rows: Any
    if known is None:
        rows = Holding.objects.adding(person).filter(adds_from__lte=day, to_on__gte=day)
        rows, number = rows.annotate(lay=_lay(Value(day))), Count("pk")
    else:
        rows = Holding.objects.over(day, known).visible_to(person)
        rows, number = rows.annotate(lay=_lay_known(day, known)), Count("enterprise", distinct=True)
    return dict(rows.values_list("lay").annotate(number=number).order_by())


def _lay(day: Any) -> Subquery:
    """The body of an enterprise on a day, given as an expression."""
    there = Residence.objects.filter(
        Q(from_on=None) | Q(from_on__lte=day), Q(until_on=None) | Q(until_on__gte=day),
        enterprise=OuterRef("enterprise"),
    )  # fmt: skip
    return Subquery(there.order_by().values("body")[:1])


def _lay_known(day: date, known: date) -> Subquery:
    """The body of an enterprise on a day, by the moves that had been told on another."""
    told = Residence.objects.filter(
        Q(recorded_on=None) | Q(recorded_on__lte=known),
        Q(from_on=None) | Q(from_on__lte=day),
        enterprise=OuterRef("enterprise"),
    )
    latest = told.order_by(F("from_on").desc(nulls_last=True))
    return Subquery(latest.values("body")[:1])


def stock_series(days: Sequence[date], *, person: User | None = None) -> dict[date, int]:
    """How many enterprises count on each of these days: all that began less all that are over; two queries."""
    if not days:
        return {}
    rows = Holding.objects.adding(person).order_by()
    begun = rows.filter(adds_from__lte=max(days)).values_list("adds_from")
    ended = rows.filter(to_on__lt=max(days)).values_list("to_on")
    begins = dict(begun.annotate(number=Count("pk")))
    ends = dict(ended.annotate(number=Count("pk")))
    found, number, before = {}, 0, date.min
    for day in sorted(set(days)):
        number += sum(n for at, n in begins.items() if before < at <= day)
        number -= sum(n for at, n in ends.items() if before <= at < day)
        found[day], before = number, day
    return found


# -- first, again, after a gap: derived


def year_of(day: Any) -> Substr:
    """The year of a day, in four digits; what the framework has is ten times as slow on SQLite."""
    return Substr(Cast(day, CharField()), 1, 4)


def with_order(rows: QuerySet[Certificate], readings: Readings) -> QuerySet[Certificate]:
    """Certificates with `order` (first, again, after_gap), by the readings; see `order_of` in policy."""
    earlier = Certificate.objects.standing().filter(
        enterprise=OuterRef("enterprise"), issued_on__lt=OuterRef("issued_on")
    )
    first = earlier
    if readings["first_recognition"] == "ever_here":
        first = earlier.filter(issued_here=True)
    if readings["gap_begins"] == "next_day":
        reaching = earlier.filter(last_on__gte=OuterRef("issued_on"))
    else:
        reaching = earlier.annotate(last_year=year_of("last_on")).filter(
            last_year__gte=year_of(OuterRef("issued_on"))
        )
    revoked = CertificateEvent.objects.filter(
        certificate=OuterRef("pk"), kind=EventKind.REVOKED, withdrawn_on=None,
        from_on__lte=OuterRef(OuterRef("issued_on")),
    )  # fmt: skip
    unbroken = reaching.filter(~Exists(revoked))
    return rows.annotate(
        order=Case(
            When(~Exists(first), then=Value(Order.FIRST.value)),
            When(Exists(unbroken), then=Value(Order.AGAIN.value)),
            default=Value(Order.AFTER_GAP.value),
        )
    )


@dataclass(frozen=True, slots=True)
class Recognised:
    """A certificate that counts as recognised on a day: which, what it is, where its enterprise lay."""

    certificate: int
    enterprise: int
    on: date
    order: str
    """first, again, after_gap or moved_in."""
    body: int | None
    new: bool
    """It counts as newly recognised, by the readings."""


def recognised_in(
    first: date, last: date, *, readings: Readings | None = None, on: date | None = None,
    known: date | None = None, person: User | None = None,
) -> list[Recognised]:  # fmt: skip
    """Certificates issued here, and those that moved in, whose day lies between two days.

    Which day counts is the reading `counted_day`; where a certificate has none, its day of issue
    does. `on`: whose readings hold, unless they are given. One that never counted for the city (revoked
    from its issue on) is left out. Three queries; `known`, what was known on another day, reads all.
    """
    found = readings if readings is not None else values_on(on or last)
    if known is not None:
        plain = list(_recognised_known(first, last, found, known))
    else:
        plain = _recognised_now(first, last, found, person)
    if known is not None and person is not None:
        seen = set(Certificate.objects.visible_to(person).values_list("pk", flat=True))
        plain = [one for one in plain if one[0] in seen]
    lay = _bodies_on({(enterprise, at) for _, enterprise, at, _ in plain}, known)
    return [
        Recognised(key, firm, at, order, lay.get((firm, at)), is_new(order, found))
        for key, firm, at, order in plain
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were recognised in a year, of an order, while their enterprises lay in a body."""

    year: int
    order: str
    body: int | None
    number: int
    new: int
    """So many enterprises among them count as newly recognised, each once, by its first day."""


def tallies(
    first: date, last: date, *, readings: Readings, known: date | None = None,
    person: User | None = None,
) -> list[Tally]:  # fmt: skip
    """What `recognised_in` finds, counted; in the database, wherever an enterprise is new but once.

    That is so by the readings that are usual: only a first recognition is new, by its day of issue.
    Two queries.
    """
    usual = readings["counted_day"] == "issued" and not any(
        is_new(order, readings) for order in (Order.AGAIN.value, Order.AFTER_GAP.value, MOVED_IN)
    )
    if known is not None or not usual:
        found = recognised_in(first, last, readings=readings, known=known, person=person)
        new = {one.certificate for one in newly(found)}
        numbers = Counter((one.on.year, one.order, one.body) for one in found)
        news = Counter(
            (one.on.year, one.order, one.body) for one in found if one.certificate in new
        )
        return [Tally(*place, number, news[place]) for place, number in numbers.items()]
    rows = with_order(_issued(first, last, F("issued_on"), person), readings)
    rows = rows.annotate(year=year_of("issued_on"), lay=_lay(OuterRef("issued_on")))
    counted = rows.values_list("year", "order", "lay").annotate(
        number=Count("pk"), firms=Count("enterprise", distinct=True)
    )
    issued = [
        Tally(int(year), order, body, number, firms if order == Order.FIRST else 0)
        for year, order, body, number, firms in counted
    ]
    came = _came(first, last, person).annotate(
        year=year_of("from_on"), lay=_lay(OuterRef("from_on"))
    )
    moved_in = came.values_list("year", "lay").annotate(number=Count("pk"))
    return [*issued, *(Tally(int(year), MOVED_IN, body, n, 0) for year, body, n in moved_in)]


def _issued(first: date, last: date, day: Any, person: User | None) -> QuerySet[Certificate]:
    """Certificates issued here that counted at all, with their `day` between two days."""
    counts = Holding.objects.filter(certificate=OuterRef("pk"), gone_on=None)
    rows: Any = Certificate.objects.standing().filter(Exists(counts), issued_here=True)
    if person is not None:
        rows = rows.visible_to(person)
    found: QuerySet[Certificate] = rows.annotate(day=day).filter(day__gte=first, day__lte=last)
    return found.order_by()


def _recognised_now(
    first: date, last: date, readings: Readings, person: User | None
) -> list[tuple[int, int, date, str]]:
    day = Coalesce(COUNTED_DAYS[str(readings["counted_day"])], "issued_on")
    issued = with_order(_issued(first, last, day, person), readings)
    columns: Any = ("pk", "enterprise", "day", "order")
    plain: list[tuple[int, int, date, str]] = list(issued.values_list(*columns))
    came = _came(first, last, person).values_list("certificate", "enterprise", "from_on")
    return [*plain, *((*one, MOVED_IN) for one in came)]


def _came(first: date, last: date, person: User | None) -> QuerySet[Holding]:
    """The first days here of certificates issued elsewhere, where these begin between two days."""
    before = Holding.objects.filter(
        certificate=OuterRef("certificate"), gone_on=None, from_on__lt=OuterRef("from_on")
    )
    came = Holding.objects.filter(
        ~Exists(before), gone_on=None, from_on__gte=first, from_on__lte=last,
        certificate__issued_here=False,
    )  # fmt: skip
    return came.visible_to(person).order_by()


def _recognised_known(
    first: date, last: date, readings: Readings, known: date
) -> Iterator[tuple[int, int, date, str]]:
    every = certificates_known(known)
    of: dict[int, list[KnownCertificate]] = {}
    for one in every:
        of.setdefault(one.enterprise, []).append(one)
    field = COUNTED_DAYS[str(readings["counted_day"])]
    for one in every:
        if not one.periods:
            continue
        if not one.paper.issued_here:
            if first <= one.periods[0].from_on <= last:
                yield one.key, one.enterprise, one.periods[0].from_on, MOVED_IN
            continue
        day = getattr(one.paper, field) or one.paper.issued_on
        if first <= day <= last:
            order = order_of(
                one.paper.issued_on,
                [other.as_earlier for other in of[one.enterprise] if other.key != one.key],
                first=readings["first_recognition"], gap_begins=readings["gap_begins"],
            )  # fmt: skip
            yield one.key, one.enterprise, day, order.value


def is_new(order: str, readings: Readings) -> bool:
    """Whether it counts as newly recognised, by the readings of the programme."""
    if order == MOVED_IN:
        return bool(readings["newly_recognised"] == "with_moved_in")
    if order == Order.AFTER_GAP:
        return bool(readings["after_gap"] == "first")
    return order == Order.FIRST


def newly(found: Iterable[Recognised]) -> list[Recognised]:
    """Those that count as new, each enterprise once, by its first day."""
    seen: set[int] = set()
    kept = []
    for one in sorted(found, key=lambda one: (one.on, one.certificate)):
        if one.new and one.enterprise not in seen:
            seen.add(one.enterprise)
            kept.append(one)
    return kept


def _bodies_on(
    places: set[tuple[int, date]], known: date | None = None
) -> dict[tuple[int, date], int | None]:
    """To which body each enterprise was attributed on a day; one query."""
    rows: dict[int, list[tuple[date, int | None]]] = {}
    keys = {key for key, _ in places}
    if not keys:
        return {}
    every = Residence.objects.all()
    if len(keys) < MANY:
        every = every.filter(enterprise__in=keys)
    if known is not None:
        every = every.filter(Q(recorded_on=None) | Q(recorded_on__lte=known))
    for key, since, body in every.order_by(F("from_on").asc(nulls_first=True)).values_list(
        "enterprise", "from_on", "body"
    ):
        rows.setdefault(key, []).append((since or date.min, body))
    return {
        (key, day): next(
            (body for since, body in reversed(rows.get(key, [])) if since <= day), None
        )
        for key, day in places
    }


MANY = 500
"""So many keys stand in a query; for more all rows are read."""


# -- what lapses

FRESH = timedelta(days=30)
"""So long a certificate that has reached an alarm is new to it."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """A certificate that counts on a day, with the months that are left to it."""

    certificate: Certificate
    months: int
    band: int | None
    """The alarm in force: the least of the months of alarm that is not over; None before the first."""


def alarms(readings: Readings) -> tuple[int, ...]:
    """The months before the end at which one is warned, most first."""
    names = ("expiry_first", "expiry_second", "expiry_third", "expiry_last")
    return tuple(sorted({int(readings[name]) for name in names}, reverse=True))


def band_of(last_on: date, on: date, months: Sequence[int]) -> int | None:
    """The alarm in force on a day for a certificate with that last day."""
    reached = [one for one in months if on >= moved(last_on, -one)]
    return min(reached, default=None)


def in_force(on: date, known: date | None = None) -> QuerySet[Certificate]:
    """Certificates that count for the city on a day."""
    held = Holding.objects.over(on, known).filter(certificate=OuterRef("pk"))
    return Certificate.objects.standing().filter(Exists(held))


def closed_yet_counted(on: date, person: User) -> QuerySet[Certificate]:
    """Certificates that count although their enterprise is closed or has left; somebody has to say which."""
    gone = (Status.CLOSED, Status.REVOKED, Status.GONE)
    rows = in_force(on).filter(enterprise__status__in=gone)
    found: QuerySet[Certificate] = rows.visible_to(person)  # type: ignore[attr-defined]
    return found


def expiring_rows(on: date, months: int, *, person: User | None = None) -> QuerySet[Certificate]:
    """What counts on a day and ends within so many months; replaced ones left out.

    One is replaced where the enterprise has a later certificate already.
    """
    later = Certificate.objects.standing().filter(
        enterprise=OuterRef("enterprise"), issued_on__gt=OuterRef("issued_on"), issued_on__lte=on
    )
    rows = in_force(on).filter(~Exists(later), last_on__gte=on, last_on__lte=moved(on, months))
    if person is not None:
        rows = rows.visible_to(person)  # type: ignore[attr-defined]
    return rows


def ends_within(months: int, on: date, *, fresh: bool = False) -> Q:
    """Ends within so many months; fresh: has come within them in the last days (`FRESH`)."""
    inside = Q(last_on__lte=moved(on, months))
    return inside & Q(last_on__gt=moved(on - FRESH, months)) if fresh else inside


def expiring(
    on: date, months: int, *, readings: Readings | None = None, person: User | None = None,
    most: int | None = None,
) -> list[Expiring]:  # fmt: skip
    """The same with the months that are left and the alarm in force, the earliest first."""
    steps = alarms(readings if readings is not None else values_on(on))
    rows = expiring_rows(on, months, person=person)
    found = rows.select_related("enterprise__body").order_by("last_on", "pk")[:most]
    return [
        Expiring(one, months_between(on, one.last_on), band_of(one.last_on, on, steps))
        for one in found
    ]
