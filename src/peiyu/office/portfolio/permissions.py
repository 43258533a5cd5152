"""Who reads and who keeps the evidence of an enterprise, and who rules on its flags."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Status
from peiyu.office.enterprises.permissions import has_mandate, is_bureau, is_own_place
from peiyu.office.portfolio.models import KINDS, IpContact, Remark
from peiyu.office.reports.permissions import FILLS_IN, figures_open_to, reads_every_figure

RIGHTS = "ip"
"""The table that the IP office reads and keeps."""
INCIDENTS = "incidents"
"""Only the bureau keeps them, from the opinion of the authority (G5.6.2)."""
KEEPERS = (*FILLS_IN, MandateKind.COACH)
EVERY = tuple(kind.table.name for kind in KINDS)


def evidence_open_to(person: User, table: str = "") -> QuerySet[Enterprise]:
    """Enterprises whose evidence a person may read: whoever reads their figures.

    The IP office reads the rights of all, and nothing else; banks and leaders nothing.
    """
    return Enterprise.objects.all() if reads_every(person, table) else figures_open_to(person)


def reads_every(person: User, table: str = "") -> bool:
    """Reads that evidence of every enterprise: lists then need not ask for each row whose it is."""
    return reads_every_figure(person) or (table == RIGHTS and person.access.has(Role.IP_OFFICE))


def tables_open_to(person: User, enterprise: Enterprise) -> tuple[str, ...]:
    """The tables of this one that a person may read."""
    if figures_open_to(person).filter(pk=enterprise.pk).exists():
        return EVERY
    return (RIGHTS,) if person.access.has(Role.IP_OFFICE) else ()


def may_read_evidence(person: User, enterprise: Enterprise) -> bool:
    """Reads some table of this one."""
    return bool(tables_open_to(person, enterprise))


def reads_rights(person: User, thing: object = None) -> bool:
    """Sees rights across enterprises: officials and coaches, but not leaders, who read no evidence."""
    access = person.access
    return access.is_official and access.roles != {Role.LEADER}


def reads_chains(person: User, thing: object = None) -> bool:
    """Sees flags across enterprises: whoever reads more of their evidence than rights."""
    roles = person.access.roles - {Role.LEADER, Role.IP_OFFICE}
    return person.access.is_official and bool(roles)


def may_record(person: User, enterprise: Enterprise, table: str) -> bool:
    """Keeps rows of a table: the enterprise, its coach, its body, the bureau; rights the IP office."""
    return enterprise.pk in open_to_record(person, [enterprise], table)


def open_to_record(person: User, enterprises: Iterable[Enterprise], table: str) -> frozenset[int]:
    """Keys of those for which a person keeps rows of a table; one query for any number."""
    living = [one for one in enterprises if one.status != Status.MERGED]
    every = frozenset(one.pk for one in living)
    if is_bureau(person) or (table == RIGHTS and person.access.has(Role.IP_OFFICE)):
        return every
    if table == INCIDENTS:
        return frozenset()
    own = frozenset(one.pk for one in living if is_own_place(person, one))
    if own == every:
        return own
    mandates = Mandate.objects.open_to(person.access).filter(enterprise__in=every, kind__in=KEEPERS)
    return own | frozenset(mandates.values_list("enterprise", flat=True))


def speaks_for_it(person: User, enterprise: Enterprise) -> bool:
    """Owner, accountant or mandated agency: explains flags, changes its own rows without a reason."""
    return has_mandate(person, enterprise, *FILLS_IN)


def may_rule(person: User, enterprise: Enterprise) -> bool:
    """Asks about flags and clears them: the bureau, its body, its coach; never the enterprise."""
    if enterprise.status == Status.MERGED or speaks_for_it(person, enterprise):
        return False
    return (
        is_bureau(person)
        or is_own_place(person, enterprise)
        or has_mandate(person, enterprise, MandateKind.COACH)
    )


def may_explain(person: User, enterprise: Enterprise) -> bool:
    """The enterprise says how it is."""
    return enterprise.status != Status.MERGED and speaks_for_it(person, enterprise)


def may_take_back(person: User, remark: Remark) -> bool:
    """Whoever said it, and the bureau."""
    return remark.said_by_id == person.pk or is_bureau(person)


def may_keep_uses(person: User, thing: object = None) -> bool:
    """Records in which recognition a right was used: the bureau and the IP office."""
    return is_bureau(person) or person.access.has(Role.IP_OFFICE)


def may_name_contacts(person: User, enterprise: Enterprise) -> bool:
    """Names who is to be asked about rights: the bureau, the IP office, the body."""
    if enterprise.status == Status.MERGED:
        return False
    return (
        is_bureau(person) or person.access.has(Role.IP_OFFICE) or is_own_place(person, enterprise)
    )


def may_end_contact(person: User, contact: IpContact) -> bool:
    """Whoever could name one; and the person themselves."""
    return contact.person_id == person.pk or may_name_contacts(person, contact.enterprise)


def may_import_evidence(person: User, thing: object = None) -> bool:
    """Brings tables of evidence: the bureau, towns and zones."""
    return is_bureau(person) or bool(person.access.places)


def may_import_rights(person: User, thing: object = None) -> bool:
    """Brings tables of rights: the IP office too."""
    return may_import_evidence(person) or person.access.has(Role.IP_OFFICE)
