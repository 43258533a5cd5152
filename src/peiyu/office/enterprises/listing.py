"""The list of enterprises: its filters, orders and columns, the same on page, in export and API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.datastructures import MultiValueDict
from django_filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateFilter,
    FilterSet,
    MultipleChoiceFilter,
)

from peiyu.office.accounts.models import Body, BodyKind, User
from peiyu.office.enterprises.classifications import (
    fields,
    industries,
    industry_name,
)
from peiyu.office.enterprises.models import Contact, Enterprise, LegalForm, Status
from peiyu.office.foundation.search import matching
from peiyu.words import mark

LACKS = (
    ("code", mark("信用代码")),
    ("established_on", mark("成立日期")),
    ("industry", mark("所属行业")),
    ("field", mark("技术领域")),
    ("contact", mark("联系人")),
)
"""What an entry may lack; to be asked for."""
ORDERS = ("name", "code", "established_on", "changed_at", "industry", "field")
"""Fields by which the list can be ordered; each has its index."""


def sections() -> list[tuple[str, str]]:
    """Sections of the classification of industries."""
    return [(entry.code, entry.name) for entry in industries().values() if entry.level == 1]


def towns() -> list[tuple[str, str]]:
    """Towns and streets by key."""
    return _places(BodyKind.TOWN, BodyKind.STREET)


def zones() -> list[tuple[str, str]]:
    """Zones by key."""
    return _places(BodyKind.ZONE)


def _places(*kinds: BodyKind) -> list[tuple[str, str]]:
    found = Body.objects.filter(kind__in=kinds).order_by("code").values_list("pk", "short")
    return [(str(key), short) for key, short in found]


def first_fields() -> list[tuple[str, str]]:
    """Technical fields of the first and second level."""
    return [
        (entry.code, entry.name if entry.level == 1 else f"　{entry.name}")
        for entry in fields().values()
        if entry.level < 3
    ]


class Filters(FilterSet):  # type: ignore[misc]  # the library has no types
    """What one may ask of the list; every value is checked, what is wrong is said at its field."""

    q = CharFilter(
        method="by_words", label=mark("名称、曾用名、拼音首字母、信用代码"), max_length=100
    )
    town = MultipleChoiceFilter(choices=towns, distinct=False, label=mark("镇、街道"))
    zone = MultipleChoiceFilter(choices=zones, distinct=False, label=mark("园区"))
    status = MultipleChoiceFilter(choices=Status.choices, distinct=False, label=mark("状态"))
    form = MultipleChoiceFilter(
        field_name="legal_form", choices=LegalForm.choices, distinct=False, label=mark("组织形式")
    )
    industry = ChoiceFilter(choices=sections, method="by_section", label=mark("行业门类"))
    field = ChoiceFilter(
        choices=first_fields, field_name="field", lookup_expr="startswith", label=mark("技术领域")
    )
    founded_from = DateFilter(
        field_name="established_on", lookup_expr="gte", label=mark("成立不早于")
    )
    founded_to = DateFilter(
        field_name="established_on", lookup_expr="lte", label=mark("成立不晚于")
    )
    lacks = MultipleChoiceFilter(choices=LACKS, method="by_lack", label=mark("缺"))
    merged = BooleanFilter(method="with_merged", label=mark("含已并入的"))
    chosen = CharFilter(method="by_key", max_length=1000, label=mark("选中的企业"))

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        """By the one search: names, pinyin, codes."""
        return (
            rows.filter(pk__in=matching(value, Enterprise._meta.label_lower))
            if value.strip()
            else rows
        )

    def by_section(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        """A section holds a run of divisions, whose codes begin with two digits."""
        divisions = sorted(e.code for e in industries().values() if e.parent == value)
        after_last = f"{int(divisions[-1]) + 1:02d}"
        return rows.filter(
            Q(industry=value) | Q(industry__gte=divisions[0], industry__lt=after_last)
        )

    def by_lack(
        self, rows: QuerySet[Enterprise], name: str, value: list[str]
    ) -> QuerySet[Enterprise]:
        """Entries that lack any of these."""
        lacking = Q()
        for lack in value:
            if lack == "contact":
                contacts = Contact.objects.filter(enterprise=OuterRef("pk"), until_on=None)
                lacking |= Q(~Exists(contacts))
            elif lack == "established_on":
                lacking |= Q(established_on=None)
            else:
                lacking |= Q(**{lack: ""})
        return rows.filter(lacking) if value else rows

    def by_key(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        """Those chosen one by one, as keys with commas between."""
        keys = [int(key) for key in value.split(",") if key.isascii() and key.isdigit()]
        return rows.filter(pk__in=[key for key in keys if key < 2**63])

    def with_merged(
        self, rows: QuerySet[Enterprise], name: str, value: bool
    ) -> QuerySet[Enterprise]:
        """Entries merged away are left out unless asked for; see `listed`."""
        return rows


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list: its key, head, how a value is got, by what it is ordered."""

    key: str
    label: str
    value: Callable[[Any], object]
    kind: str = "text"
    order: str = ""
    first: bool = False
    """Shown unless the reader chooses otherwise."""


STATUS = {str(one): one.label for one in Status}
FORM = {str(one): one.label for one in LegalForm}
LINE = (
    "pk", "name", "code", "status", "legal_form", "industry", "field", "established_on",
    "changed_at", "closed_on", "town__short", "zone__short", "body__short", "called",
)  # fmt: skip
"""What a line of the list holds, by its name in the database."""


def _field_of(line: Any) -> str:
    """The name of its field at its own level; the whole path is on the enterprise's page."""
    found = fields().get(line.field)
    return found.name if found else line.field


COLUMNS = (
    Column("name", mark("企业"), lambda e: e.name, "link", "name", first=True),
    Column("code", mark("统一社会信用代码"), lambda e: e.code, "code", "code", first=True),
    Column("status", mark("状态"), lambda e: STATUS[e.status], "status", first=True),
    Column("town", mark("镇、街道"), lambda e: e.town__short or "", first=True),
    Column("zone", mark("园区"), lambda e: e.zone__short or "", first=True),
    Column("body", mark("责任单位"), lambda e: e.body__short or "", first=True),
    Column("industry", mark("行业代码"), lambda e: e.industry, "code", "industry"),
    Column("industry_name", mark("所属行业"), lambda e: industry_name(e.industry), first=True),
    Column("field", mark("领域代码"), lambda e: e.field, "code", "field"),
    Column("field_name", mark("技术领域"), _field_of, first=True),
    Column("legal_form", mark("组织形式"), lambda e: FORM.get(e.legal_form, ""), first=True),
    Column("established_on", mark("成立日期"), lambda e: e.established_on, "date", "established_on", first=True),
    Column("contact", mark("联系人"), lambda e: mark("有") if e.called else "", "tag", first=True),
    Column("changed_at", mark("最近变动"), lambda e: e.changed_at, "day", "changed_at", first=True),
    Column("closed_on", mark("注销、迁出日期"), lambda e: e.closed_on, "date"),
    Column("id", mark("编号"), lambda e: e.pk, "num"),
)  # fmt: skip


def asked_of(query: str) -> MultiValueDict[str, str]:
    """The filters of a URL's query string, as forms want them."""
    return MultiValueDict(parse_qs(query[:4000], keep_blank_values=True, max_num_fields=200))


def visible(person: User, *, merged: bool = False) -> QuerySet[Enterprise]:
    """What the list is about: enterprises that the person may see, merged ones left out."""
    rows = Enterprise.objects.visible_to(person)
    return rows if merged else rows.living()


def lines_of(rows: QuerySet[Enterprise], *more: str) -> QuerySet[Enterprise, Any]:
    """The rows as plain lines (`LINE` and `more`), three times as quick as objects; one query."""
    contacts = Contact.objects.filter(enterprise=OuterRef("pk"), until_on=None)
    return rows.annotate(called=Exists(contacts)).values_list(*LINE, *more, named=True)


def with_cells(rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Load with each row all that its columns need, in a constant number of queries."""
    contacts = Contact.objects.filter(until_on=None).only("id", "enterprise_id")
    return rows.select_related("town", "zone", "body").prefetch_related(
        Prefetch("contacts", contacts, to_attr="present_contacts")
    )


def chosen_columns(keys: str) -> tuple[Column, ...]:
    """Columns by their keys with commas between; the usual ones if none is known."""
    by_key = {column.key: column for column in COLUMNS}
    found = tuple(by_key[key] for key in dict.fromkeys(keys.split(",")) if key in by_key)
    return found or tuple(column for column in COLUMNS if column.first)


def chosen_order(order: str) -> str:
    """A known order, else by name."""
    return order if order.removeprefix("-") in ORDERS and order.count("-") <= 1 else "name"
