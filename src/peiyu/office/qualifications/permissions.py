"""Who reads and who enters what an enterprise has been given."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Status
from peiyu.office.enterprises.permissions import is_bureau, is_of_enterprise

READERS = (MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY, MandateKind.COACH)
"""Mandates with which one reads what is for the office: a bank's is not among them."""


def reports_open_to(person: User) -> QuerySet[Enterprise]:
    """Enterprises whose annual reports a person may read: officials those they see, its own people."""
    access = person.access
    if access.city:
        return Enterprise.objects.all()
    if not access.roles:
        return Enterprise.objects.none()
    mandates = Mandate.objects.open_to(access).filter(enterprise=OuterRef("pk"), kind__in=READERS)
    places = access.places
    lies = Q(body__in=places) | Q(town__in=places) | Q(zone__in=places)
    return Enterprise.objects.filter(lies | Exists(mandates))


def may_read_reports(person: User, enterprise: Enterprise) -> bool:
    """Reads the annual reports of this one."""
    return reports_open_to(person).filter(pk=enterprise.pk).exists()


def may_enter(person: User, enterprise: Enterprise | None = None) -> bool:
    """Enters certificates, numbers and titles: the bureau; nothing of an entry merged away."""
    return is_bureau(person) and (enterprise is None or enterprise.status != Status.MERGED)


def open_to_enter(person: User, enterprises: Iterable[Enterprise]) -> frozenset[int]:
    """Keys of those for which a person enters something."""
    if not is_bureau(person):
        return frozenset()
    return frozenset(one.pk for one in enterprises if one.status != Status.MERGED)


def may_file(person: User, enterprise: Enterprise) -> bool:
    """Says when the annual report was filed: the bureau, and the enterprise itself."""
    return enterprise.status != Status.MERGED and (
        is_bureau(person) or is_of_enterprise(person, enterprise)
    )


def open_to_file(person: User, enterprises: Iterable[Enterprise]) -> frozenset[int]:
    """Keys of those whose annual report a person files; one query for any number."""
    living = [one for one in enterprises if one.status != Status.MERGED]
    if is_bureau(person):
        return frozenset(one.pk for one in living)
    kinds = (MandateKind.OWNER, MandateKind.ACCOUNTANT)
    mandates = Mandate.objects.open_to(person.access).filter(enterprise__in=living, kind__in=kinds)
    return frozenset(mandates.values_list("enterprise", flat=True))


def reads_certificates(person: User, thing: object = None) -> bool:
    """Has the list of certificates: officials, coaches; who else sees an enterprise sees its own."""
    return person.access.is_official
