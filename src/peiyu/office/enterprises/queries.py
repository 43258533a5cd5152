"""Reads over the registry: likely duplicates, the file of one enterprise, who lay where when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.identity import core_of
from peiyu.office.enterprises.models import (
    Contact,
    Enterprise,
    EnterpriseCode,
    EnterpriseName,
    Mandate,
    Note,
    NotSame,
    Residence,
)
from peiyu.office.enterprises.permissions import may_read_contacts, may_read_files, may_read_notes


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two enterprises that may be one, and by what."""

    first: Enterprise
    second: Enterprise
    by: str


def alike(name: str, code: str, *, person: User, other_than: int | None = None) -> list[Enterprise]:
    """Enterprises that bear or bore this code or a name of the same core; what the person may see."""
    keys = EnterpriseName.objects.filter(core=core_of(name)).order_by().values_list("enterprise")
    if code:
        keys = keys.union(
            Enterprise.objects.filter(code=code).values_list("pk"),
            EnterpriseCode.objects.filter(code=code).values_list("enterprise"),
        )
    found = {key for (key,) in keys[:100]} - {other_than}
    if not found:
        return []
    rows = Enterprise.objects.visible_to(person).living().filter(pk__in=found)
    return list(rows.select_related("body").order_by("name")[:10])


def likely_duplicates(person: User, *, limit: int = 200) -> list[Likeness]:
    """Pairs of the same core of name, or a code that one bears and the other bore.

    Pairs that were found to be two are left out. A constant number of queries.
    """
    visible = Enterprise.objects.visible_to(person).living()
    cores = (
        EnterpriseName.objects.filter(enterprise__in=visible)
        .exclude(core="")
        .values("core")
        .annotate(n=Count("enterprise", distinct=True))
        .filter(n__gt=1)
        .order_by("core")
        .values_list("core", flat=True)[:limit]
    )
    by_core: dict[str, list[int]] = {}
    for core, key in (
        EnterpriseName.objects.filter(core__in=list(cores), enterprise__in=visible)
        .order_by("enterprise")
        .values_list("core", "enterprise")
    ):
        members = by_core.setdefault(core, [])
        if key not in members:
            members.append(key)
    pairs = {
        (low, high): "name"
        for members in by_core.values()
        for i, low in enumerate(members)
        for high in members[i + 1 :]
    }
    for holder, former in EnterpriseCode.objects.filter(enterprise__in=visible).values_list(
        "enterprise", "code"
    ):
        for other in (
            visible.filter(code=former).exclude(pk=holder).values_list("pk", flat=True)[:5]
        ):
            pairs[min(holder, other), max(holder, other)] = "code"
    two = set(NotSame.objects.values_list("first", "second"))
    wanted = [pair for pair in pairs if pair not in two][:limit]
    keys = {key for pair in wanted for key in pair}
    rows = visible.select_related("body").in_bulk(keys)
    return [Likeness(rows[low], rows[high], pairs[low, high]) for low, high in wanted]


def borne_by(code: str, person: User) -> Enterprise | None:
    """Who bears this code today, else who bore it; an entry merged away gives the one kept."""
    if not code:
        return None
    found = (
        Enterprise.objects.living().filter(code=code).first()
        or Enterprise.objects.filter(code=code).order_by("-id").first()
        or Enterprise.objects.filter(old_codes__code=code).order_by("-old_codes__until_on").first()
    )
    passed: set[int] = set()
    while found is not None and found.merged_into_id and found.pk not in passed:
        passed.add(found.pk)
        found = found.merged_into
    if found is None:
        return None
    return Enterprise.objects.visible_to(person).filter(pk=found.pk).first()


def attributed_on(day: date) -> QuerySet[Residence]:
    """Where each enterprise lay on a day, one row each: the base of every count by body."""
    return Residence.objects.on(day)


@dataclass(frozen=True, slots=True)
class File:
    """What the page of an enterprise shows of the registry, as far as the reader may see it."""

    enterprise: Enterprise
    names: Sequence[EnterpriseName]
    codes: Sequence[EnterpriseCode]
    residences: Sequence[Residence]
    contacts: Sequence[Contact]
    contacts_open: bool
    mandates: Sequence[Mandate]
    notes: Sequence[Note]
    files: Sequence[object]


def file_of(enterprise: Enterprise, person: User) -> File:
    """The file of one enterprise in a constant number of queries."""
    return File(
        enterprise,
        list(enterprise.names.all()),
        list(enterprise.old_codes.order_by("-until_on")),
        list(enterprise.residences.select_related("town", "zone", "body")),
        list(enterprise.contacts.filter(until_on=None)),
        may_read_contacts(person, enterprise),
        list(
            enterprise.mandates.filter(revoked_on=None)
            .select_related("person", "body", "given_by")
            .order_by("kind", "id")
        ),
        list(enterprise.notes.filter(withdrawn_at=None).select_related("author")[:50])
        if may_read_notes(person, enterprise)
        else [],
        list(
            enterprise.files.filter(replaced_by=None)
            .select_related("file", "file__stored_by")
            .order_by("title")
        )
        if may_read_files(person, enterprise)
        else [],
    )
