"""The list of rights across enterprises: its filters, orders and columns, on page, in export and API."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.listing import first_fields, towns, zones
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.search import matching
from peiyu.office.portfolio.findable import LABEL
from peiyu.office.portfolio.models import IpRight
from peiyu.office.portfolio.queries import fees_due, in_class, in_force, merged
from peiyu.policy.evidence import IP
from peiyu.policy.patents import bare
from peiyu.words import mark

STATES = (
    ("force", mark("有效")), ("due", mark("年费待缴")), ("ended", mark("已到期")),
    ("unknown", mark("到期日未填")), ("pending", mark("未授权")),
)  # fmt: skip
CLASSES = (("1", mark("Ⅰ类")), ("2", mark("Ⅱ类")))
ORDERS = ("granted_on", "applied_on", "ends_on", "fees_paid_to", "id")
LINE = (
    "pk", "enterprise", "enterprise__name", "key", "title", "kind", "class_ruled", "grant_number",
    "applied_on", "granted_on", "ends_on", "fees_paid_to", "owner_self", "co_owned", "obtained",
    "field",
)  # fmt: skip


class Filters(FilterSet):  # type: ignore[misc]  # the library has no types
    """What one may ask of the list; `on` and `days` say what is in force and what is due."""

    q = CharFilter(method="by_words", label=mark("授权号、名称、企业"), max_length=100)
    state = ChoiceFilter(choices=STATES, method="by_state", label=mark("状态"))
    kind = MultipleChoiceFilter(
        choices=[(code, zh) for code, zh, _ in IP.fact("kind").choices], distinct=False,
        label=mark("类别"),
    )  # fmt: skip
    ip_class = ChoiceFilter(choices=CLASSES, method="by_class", label=mark("Ⅰ类、Ⅱ类"))
    field = ChoiceFilter(
        choices=first_fields, field_name="field", lookup_expr="startswith", label=mark("技术领域")
    )
    town = MultipleChoiceFilter(
        choices=towns, field_name="enterprise__town", distinct=False, label=mark("镇、街道")
    )
    zone = MultipleChoiceFilter(
        choices=zones, field_name="enterprise__zone", distinct=False, label=mark("园区")
    )

    class Meta:
        model = IpRight
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, on: date, days: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.on, self.days = on, days

    def by_words(self, rows: QuerySet[IpRight], name: str, value: str) -> QuerySet[IpRight]:
        """By number and title, or by the enterprise."""
        if not value.strip():
            return rows
        firms = Enterprise._meta.label_lower
        return rows.filter(
            Q(pk__in=matching(bare(value), LABEL))
            | Q(pk__in=matching(value, LABEL))
            | Q(enterprise__in=matching(value, firms))
        )

    def by_state(self, rows: QuerySet[IpRight], name: str, value: str) -> QuerySet[IpRight]:
        """How it stands by what is stated of it."""
        match value:
            case "force":
                return rows.filter(in_force(self.on)).exclude(granted_on=None)
            case "due":
                return rows.filter(fees_due(self.on, self.days))
            case "ended":
                return rows.exclude(in_force(self.on))
            case "pending":
                return rows.filter(granted_on=None)
            case _:
                return rows.filter(ends_on=None)

    def by_class(self, rows: QuerySet[IpRight], name: str, value: str) -> QuerySet[IpRight]:
        """Of class I or II on this day."""
        return rows.filter(in_class(self.on, int(value)))


def visible(person: User) -> QuerySet[IpRight]:
    """Rights that stand, of enterprises whose rights the person may read."""
    rows: Any = IpRight.objects.standing()
    found: QuerySet[IpRight] = rows.visible_to(person).exclude(enterprise__in=merged())
    return found


def lines_of(rows: QuerySet[IpRight]) -> QuerySet[IpRight, Any]:
    """The rows as plain lines (`LINE`); one query."""
    return rows.values_list(*LINE, named=True)


def chosen_order(order: str) -> str:
    """A known order, else the newest grants first."""
    known = order.removeprefix("-") in ORDERS and order.count("-") <= 1
    return order if known else "-granted_on"
