"""Who reads assessments, who estimates, states, freezes and has all judged anew."""

from __future__ import annotations

from django.db.models import Q

from peiyu.office.accounts.models import Role, User
from peiyu.office.assessments.models import Audience, Estimator
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Status
from peiyu.office.enterprises.permissions import has_mandate, is_bureau, is_own_place
from peiyu.office.reports.models import DECIDING, Basis
from peiyu.office.reports.permissions import (
    FILLS_IN,
    OF_TAX_OFFICE,
    bases_open_to,
    figures_open_to,
    may_read_figures,
    office_bases,
)


def may_read_assessment(person: User, enterprise: Enterprise) -> bool:
    """Reads how it stands and why: whoever reads its figures."""
    return may_read_figures(person, enterprise)


def reads_assessments(person: User, thing: object = None) -> bool:
    """Sees lists of who stands where: officials and coaches who read figures, each of their own."""
    roles = person.access.roles - {Role.LEADER, Role.IP_OFFICE}
    return person.access.is_official and bool(roles)


def closed_to(person: User, enterprise: Enterprise) -> frozenset[Basis]:
    """The deciding bases that a person may not read of this one: they must not show in an outcome."""
    return frozenset(DECIDING) - bases_open_to(person, enterprise)


def open_lines(person: User) -> Q:
    """Which kept lines a person may read: those judged by the figures that are open to them."""
    fits = Q(audience=Audience.BOTH)
    if office_bases(person) >= OF_TAX_OFFICE:
        fits |= Q(audience=Audience.WITH_TAX)
    else:
        own = Mandate.objects.open_to(person.access).filter(kind__in=FILLS_IN)
        is_own = Q(enterprise__in=own.values("enterprise"))
        fits |= Q(is_own, audience=Audience.WITH_TAX) | Q(~is_own, audience=Audience.WITHOUT_TAX)
    return Q(enterprise__in=figures_open_to(person)) & fits


def open_frozen(person: User) -> Q:
    """Which frozen assessments a person may read: with figures of no basis that is closed to them."""
    closed = Q(pk__in=[])
    for basis in frozenset(DECIDING) - office_bases(person):
        closed |= Q(bases__contains=f" {basis.value} ")
    own = Mandate.objects.open_to(person.access).filter(kind__in=FILLS_IN)
    return Q(enterprise__in=figures_open_to(person)) & (
        ~closed | Q(enterprise__in=own.values("enterprise"))
    )


def may_estimate(person: User, enterprise: Enterprise, who: Estimator) -> bool:
    """The enterprise for itself; its coach and the bureau as coach."""
    if enterprise.status == Status.MERGED:
        return False
    if who == Estimator.OWN:
        return has_mandate(person, enterprise, *FILLS_IN)
    return is_bureau(person) or has_mandate(person, enterprise, MandateKind.COACH)


def may_state_fact(person: User, enterprise: Enterprise) -> bool:
    """States what no other room keeps, from a document: the bureau."""
    return enterprise.status != Status.MERGED and is_bureau(person)


def may_freeze(person: User, enterprise: Enterprise) -> bool:
    """Freezes an assessment: the bureau, its body, its coach."""
    if enterprise.status == Status.MERGED:
        return False
    return (
        is_bureau(person)
        or is_own_place(person, enterprise)
        or has_mandate(person, enterprise, MandateKind.COACH)
    )


def may_reassess(person: User, thing: object = None) -> bool:
    """Has many judged anew: the bureau."""
    return is_bureau(person)
