"""What pages ask of evidence; reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.classifications import fields, path_of
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.portfolio.models import (
    KINDS,
    OF_TABLE,
    ContactSide,
    Entry,
    FlagCount,
    IpContact,
    IpRight,
    IpUse,
    Paper,
)
from peiyu.office.portfolio.permissions import evidence_open_to, reads_every, tables_open_to
from peiyu.policy.evidence import Evidence
from peiyu.policy.parameters import Figures
from peiyu.policy.patents import bare


def rows_of(enterprise: Enterprise, table: Evidence, known: date | None = None) -> QuerySet[Entry]:
    """The rows of a table that stand, or that stood at the end of a day."""
    rows = OF_TABLE[table.name].objects
    found = rows.standing() if known is None else rows.known_on(known)
    return found.filter(enterprise=enterprise).select_related("source", "recorded_by")


def versions_of(enterprise: Enterprise, table: Evidence, key: str) -> list[Entry]:
    """All versions of a row, the newest first."""
    rows = OF_TABLE[table.name].objects.filter(enterprise=enterprise, key=key)
    return list(rows.select_related("source", "recorded_by", "batch").order_by("-version"))


def papers_of(
    enterprise: Enterprise, table: str = "", key: str = ""
) -> dict[tuple[str, str], list[Paper]]:
    """What proves the rows of an enterprise, by table and key; one query."""
    rows = Paper.objects.filter(enterprise=enterprise, removed_on=None)
    if table:
        rows = rows.filter(table=table, key=key)
    found: dict[tuple[str, str], list[Paper]] = defaultdict(list)
    for paper in rows.select_related("file__file"):
        found[paper.table, paper.key].append(paper)
    return found


def uses_of(number: str) -> list[IpUse]:
    """In which recognitions a right was used, by anybody, the newest first."""
    if not number:
        return []
    rows = IpUse.objects.filter(number=bare(number), withdrawn_on=None)
    return list(rows.select_related("enterprise", "source"))


def numbers_of_rows(enterprise: Enterprise, person: User) -> dict[str, int]:
    """How many rows stand in each table that the person may read; one query a table."""
    return {
        kind.table.name: kind.objects.standing().filter(enterprise=enterprise).count()
        for kind in KINDS
        if kind.table.name in tables_open_to(person, enterprise)
    }


MOST_CANDIDATES = 500


@dataclass(frozen=True, slots=True)
class Contacts:
    """Who is to be asked about the rights of an enterprise on both sides; None: vacant."""

    office: IpContact | None
    enterprise: IpContact | None


def contacts_of(enterprises: Iterable[int]) -> dict[int, Contacts]:
    """The contacts of today; one who has left is none. One query."""
    keys = list(enterprises)
    rows = IpContact.objects.filter(enterprise__in=keys, until_on=None)
    held: dict[tuple[int, str], IpContact] = {}
    for row in rows.select_related("person", "contact"):
        there = (
            row.person is not None and row.person.is_active
            if row.side == ContactSide.OFFICE
            else row.contact is not None and row.contact.until_on is None
        )
        if there:
            held[row.enterprise_id, row.side] = row
    return {
        key: Contacts(held.get((key, ContactSide.OFFICE)), held.get((key, ContactSide.ENTERPRISE)))
        for key in keys
    }


def owners_of_rights(person: User) -> QuerySet[Enterprise]:
    """Enterprises with rights that the person sees: those that must have contacts."""
    rights = IpRight.objects.standing().values("enterprise")
    return evidence_open_to(person, "ip").filter(pk__in=rights, status=Status.ACTIVE)


def vacancies(person: User) -> QuerySet[Enterprise]:
    """Those of them that lack a contact on a side."""
    filled = Q()
    for side in ContactSide:
        sitting = IpContact.objects.filter(side=side, until_on=None)
        sitting = (
            sitting.filter(person__is_active=True)
            if side == ContactSide.OFFICE
            else sitting.filter(contact__until_on=None)
        )
        filled &= Q(pk__in=sitting.values("enterprise"))
    return owners_of_rights(person).exclude(filled)


def flagged(person: User) -> QuerySet[FlagCount]:
    """Enterprises with open flags that the person may see, the most severe first."""
    rows = FlagCount.objects.filter(open__gt=0)
    if not reads_every(person):
        rows = rows.filter(enterprise__in=evidence_open_to(person))
    return rows.exclude(enterprise__in=merged()).select_related("enterprise__body")


def merged() -> QuerySet[Enterprise]:
    """Entries that were united with others: few, so a list leaves out their rows by their keys."""
    return Enterprise.objects.filter(status=Status.MERGED).order_by()


@dataclass
class FieldCount:
    """Rights of a technical field: how many of each class, how old, how many fees are due."""

    code: str
    """Of the second level, the first where no more is said; empty: no field, or none that is known."""
    number: int = 0
    class_one: int = 0
    class_two: int = 0
    fees_due: int = 0
    firms: set[int] = field(default_factory=set)
    granted: Counter[int] = field(default_factory=Counter)
    """Number by year of grant."""


def class_kinds(on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of class I and class II on a day (G3.2.3)."""
    figures = Figures(on)
    return figures.words("hnte_ip_class1"), figures.words("hnte_ip_class2")


def in_class(on: date, number: int) -> Q:
    """Rights of class I or II: by their kind, or as ruled."""
    kinds = class_kinds(on)[number - 1]
    return Q(kind__in=kinds) | Q(kind="other", class_ruled="I" if number == 1 else "II")


def in_force(on: date) -> Q:
    """Rights that have not ended by what is stated of them: those of which nothing is said too."""
    return Q(ends_on=None) | Q(ends_on__gte=on)


def fees_due(on: date, days: int) -> Q:
    """Rights whose paid year ends within so many days, or has ended."""
    return Q(fees_paid_to__lt=on + timedelta(days=days)) & in_force(on)


def rights_in_force(person: User, on: date) -> Any:
    """Rights that the person sees and that have not ended; its columns come from the dictionary."""
    return IpRight.objects.standing().visible_to(person).filter(in_force(on))


def by_field(person: User, on: date, days: int) -> list[FieldCount]:
    """Rights by technical field of the second level, in their order; two queries at any number.

    An enterprise counts once in a field, however many rights it has there.
    """
    rights = rights_in_force(person, on).order_by()
    counted = rights.values_list("field", "enterprise").annotate(
        Count("pk"),
        one=Count("pk", filter=in_class(on, 1)),
        two=Count("pk", filter=in_class(on, 2)),
        due=Count("pk", filter=fees_due(on, days)),
    )
    found: dict[str, FieldCount] = {}
    for code, firm, number, one, two, due in counted:
        line = _line(found, code)
        line.number += number
        line.class_one += one
        line.class_two += two
        line.fees_due += due
        line.firms.add(firm)
    granted = rights.exclude(granted_on=None).values_list("field", "granted_on__year")
    for code, year, number in granted.annotate(Count("pk")):
        _line(found, code).granted[year] += number
    return sorted(found.values(), key=lambda line: (not line.code, _parts(line.code)))


def _line(found: dict[str, FieldCount], code: str) -> FieldCount:
    path = path_of(code, fields())
    second = path[min(1, len(path) - 1)].code if path else ""
    return found.setdefault(second, FieldCount(second))


def _parts(code: str) -> tuple[int, ...]:
    return tuple(int(part) for part in code.split(".") if part.isdigit())


def products_of_rights(
    person: User, rights: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], list[str]]:
    """Numbers of the products that rights carry, by enterprise and key of the right; one query.

    Of enterprises whose products the person may not read nothing is said.
    """
    wanted = set(rights)
    rows: Any = OF_TABLE["products"].objects.standing()
    rows = rows.visible_to(person).filter(enterprise__in={firm for firm, _ in wanted})
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for firm, no, names in rows.order_by("key").values_list("enterprise", "no", "ip_nos"):
        for name in names or ():
            if (firm, name) in wanted:
                found[firm, name].append(no)
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enterprise with many rights in force of its own: of class I, of both classes."""

    enterprise: Enterprise
    class_one: int
    every: int


def strong_candidates(person: User, on: date, *, class_one: int, every: int) -> list[Candidate]:
    """Enterprises with at least so many rights of class I and so many of both, the most first (S3.3g)."""
    rights = rights_in_force(person, on).filter(owner_self=True)
    both = in_class(on, 1) | in_class(on, 2)
    counted = (
        rights.order_by()
        .values("enterprise")
        .annotate(one=Count("pk", filter=in_class(on, 1)), every=Count("pk", filter=both))
        .filter(one__gte=class_one, every__gte=every)
        .order_by("-one", "-every", "enterprise")[:MOST_CANDIDATES]
    )
    rows = list(counted)
    firms = Enterprise.objects.select_related("body").in_bulk([row["enterprise"] for row in rows])
    return [Candidate(firms[row["enterprise"]], row["one"], row["every"]) for row in rows]
