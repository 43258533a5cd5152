"""The list of certificates as of a day: its filters, orders and columns, alike on page, in export and API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter, NumberFilter

from peiyu.office.accounts.models import Body, User
from peiyu.office.enterprises.models import Enterprise, Residence
from peiyu.office.foundation.search import matching
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.models import Certificate, Holding
from peiyu.office.qualifications.queries import Readings, alarms, with_order
from peiyu.policy.hnte_certificate import Order
from peiyu.policy.months import months_between, moved
from peiyu.words import mark

ORDERS = ("number", "issued_on", "last_on")
"""Fields by which the list can be ordered; each has its index."""
USUAL = "-issued_on"
FIRST_YEAR = 2008
MOST_MONTHS = 48


class State(StrEnum):
    """How a certificate stands on a day."""

    IN_FORCE = "in_force"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    GONE = "gone"
    ELSEWHERE = "elsewhere"


STATES = (
    (State.IN_FORCE.value, mark("有效")),
    (State.EXPIRING.value, mark("将到期")),
    (State.EXPIRED.value, mark("已到期")),
    (State.GONE.value, mark("已取消或终止")),
    (State.ELSEWHERE.value, mark("不在本市")),
)
"""Each with its word; “expiring” is in force too, within the first alarm."""
ORDER_WORDS = (
    (Order.FIRST.value, mark("首次认定")),
    (Order.AGAIN.value, mark("重新认定")),
    (Order.AFTER_GAP.value, mark("中断后再认定")),
)


@dataclass(frozen=True)
class AsOf:
    """The day of a list with the readings that hold on it."""

    on: date
    readings: Readings

    @cached_property
    def warned_until(self) -> date:
        """What ends by this day is expiring."""
        return moved(self.on, max(alarms(self.readings)))


def as_of(on: date) -> AsOf:
    """The day with its readings; one query."""
    return AsOf(on, values_on(on))


def places() -> list[tuple[str, str]]:
    """Towns, streets and zones by key."""
    found = Body.objects.places().order_by("code").values_list("pk", "short")
    return [(str(key), short) for key, short in found]


def years() -> list[tuple[str, str]]:
    """Years in which a certificate may have been issued, for choosing; checked as they are asked."""
    return [(str(year), str(year)) for year in range(FIRST_YEAR, 2101)]


def visible(person: User, day: AsOf) -> QuerySet[Certificate]:
    """What the list is about: certificates issued by a day, of enterprises that the person sees."""
    return Certificate.objects.visible_to(person).standing().filter(issued_on__lte=day.on)


class Filters(FilterSet):  # type: ignore[misc]  # the library has no types
    """What one may ask of the list; every value is checked, what is wrong is said at its field."""

    q = CharFilter(method="by_words", label=mark("证书编号、企业名称、拼音首字母"), max_length=100)
    body = MultipleChoiceFilter(choices=places, method="by_body", label=mark("责任单位"))
    state = MultipleChoiceFilter(choices=STATES, method="by_state", label=mark("状态"))
    order = MultipleChoiceFilter(choices=ORDER_WORDS, method="by_order", label=mark("第几次"))
    year = ChoiceFilter(choices=years, method="by_year", label=mark("发证年份"))
    left = NumberFilter(
        method="by_months", label=mark("几个月内到期"), min_value=1, max_value=MOST_MONTHS
    )

    class Meta:
        model = Certificate
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, queryset: QuerySet[Certificate], *, day: AsOf) -> None:
        super().__init__(data, queryset)
        self.day = day

    def by_words(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        """By number, or by the enterprise as the one search finds it."""
        if not value.strip():
            return rows
        numbers = matching(value, Certificate._meta.label_lower)
        firms = matching(value, Enterprise._meta.label_lower)
        return rows.filter(Q(pk__in=numbers) | Q(enterprise__in=firms))

    def by_body(
        self, rows: QuerySet[Certificate], name: str, value: list[str]
    ) -> QuerySet[Certificate]:
        """By where the enterprise lay on the day."""
        if not value:
            return rows
        keys = [int(key) for key in value]
        lay = Residence.objects.on(self.day.on).filter(
            enterprise=OuterRef("enterprise"), body__in=keys
        )
        return rows.filter(Exists(lay))

    def by_state(
        self, rows: QuerySet[Certificate], name: str, value: list[str]
    ) -> QuerySet[Certificate]:
        """Any of these states."""
        wanted = Q(pk__in=[])
        on, until = self.day.on, self.day.warned_until
        alive = Q(gone_from=None) | Q(gone_from__gt=on)
        counts = Exists(Holding.objects.over(on).filter(certificate=OuterRef("pk")))
        for state in value:
            match state:
                case State.IN_FORCE:
                    wanted |= Q(counts) & Q(last_on__gt=until)
                case State.EXPIRING:
                    wanted |= Q(counts) & Q(last_on__gte=on, last_on__lte=until)
                case State.EXPIRED:
                    wanted |= alive & Q(last_on__lt=on)
                case State.GONE:
                    wanted |= Q(gone_from__lte=on)
                case _:
                    wanted |= alive & Q(last_on__gte=on) & ~Q(counts)
        return rows.filter(wanted) if value else rows

    def by_order(
        self, rows: QuerySet[Certificate], name: str, value: list[str]
    ) -> QuerySet[Certificate]:
        """First, again, or after a gap, by the readings of the day."""
        if not value:
            return rows
        ordered: Any = with_order(rows, self.day.readings)
        found: QuerySet[Certificate] = ordered.filter(order__in=value)
        return found

    def by_year(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        """Issued in that year."""
        year = int(value)
        return rows.filter(issued_on__gte=date(year, 1, 1), issued_on__lte=date(year, 12, 31))

    def by_months(
        self, rows: QuerySet[Certificate], name: str, value: Any
    ) -> QuerySet[Certificate]:
        """Counts on the day and ends within so many months."""
        held = Holding.objects.over(self.day.on).filter(certificate=OuterRef("pk"))
        until = moved(self.day.on, int(value))
        return rows.filter(Exists(held), last_on__gte=self.day.on, last_on__lte=until)


LINE = (
    "pk", "number", "name", "issued_on", "last_on", "gone_from", "issued_here", "issuer", "enterprise",
    "enterprise__name", "enterprise__code", "counts", "order", "lay",
)  # fmt: skip


def lines_of(rows: QuerySet[Certificate], day: AsOf) -> QuerySet[Certificate, Any]:
    """The rows as plain lines (`LINE`), with all that the columns say; one query."""
    held = Holding.objects.over(day.on).filter(certificate=OuterRef("pk"))
    lay = Residence.objects.on(day.on).filter(enterprise=OuterRef("enterprise"))
    lay = lay.order_by(F("from_on").desc(nulls_last=True))
    found = with_order(rows, day.readings).annotate(
        counts=Exists(held), lay=Subquery(lay.values("body__short")[:1])
    )
    return found.values_list(*LINE, named=True)


def state_of(line: Any, day: AsOf) -> State:
    """How a certificate stands on the day."""
    if line.gone_from is not None and line.gone_from <= day.on:
        return State.GONE
    if line.last_on < day.on:
        return State.EXPIRED
    if not line.counts:
        return State.ELSEWHERE
    return State.EXPIRING if line.last_on <= day.warned_until else State.IN_FORCE


def months_left(line: Any, day: AsOf) -> int | None:
    """Whole months to the last day of what counts; None for the others."""
    if state_of(line, day) not in (State.IN_FORCE, State.EXPIRING):
        return None
    return months_between(day.on, line.last_on)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list: how its value is got, by what it is ordered."""

    key: str
    label: str
    value: Callable[[Any, AsOf], Any]
    kind: str = "text"
    order: str = ""
    first: bool = True


COLUMNS = (
    Column("number", mark("证书编号"), lambda c, _: c.number, "link", "number"),
    Column("enterprise", mark("企业"), lambda c, _: c.enterprise__name),
    Column("body", mark("责任单位"), lambda c, _: c.lay or ""),
    Column("state", mark("状态"), lambda c, day: dict(STATES)[state_of(c, day)], "status"),
    Column("issued_on", mark("发证日期"), lambda c, _: c.issued_on, "date", "issued_on"),
    Column("last_on", mark("有效期至"), lambda c, _: c.last_on, "date", "last_on"),
    Column("left", mark("还剩（月）"), months_left, "num"),
    Column("order", mark("第几次"), lambda c, _: dict(ORDER_WORDS)[c.order], "tag"),
    Column("gone_from", mark("取消、终止自"), lambda c, _: c.gone_from, "date"),
    Column("issued_here", mark("发证时"), lambda c, _: mark("在本市") if c.issued_here else mark("在外地"), "tag"),
    Column("code", mark("信用代码"), lambda c, _: c.enterprise__code, "code", first=False),
    Column("name", mark("证书上的名称"), lambda c, _: c.name, first=False),
    Column("issuer", mark("认定机构"), lambda c, _: c.issuer, first=False),
)  # fmt: skip


def chosen_order(order: str) -> str:
    """A known order, else the latest issued first."""
    return order if order.removeprefix("-") in ORDERS and order.count("-") <= 1 else USUAL
