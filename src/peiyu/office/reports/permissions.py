"""Who reads and who states the figures of an enterprise."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Status
from peiyu.office.enterprises.permissions import has_mandate, is_bureau, is_own_place
from peiyu.office.policies.programme import value_of
from peiyu.office.reports.models import FIGURES, OF_TAX, Basis, FactRequest, Supplier, YearReport

CITY = (Role.BUREAU_OFFICER, Role.BUREAU_HEAD, Role.FINANCE, Role.TAX, Role.STATISTICS)
"""Roles that work with the figures of every enterprise."""
MANDATED = (MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY, MandateKind.COACH)
FILLS_IN = (MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY)
OF_TAX_OFFICE = frozenset({Basis.TAX_RETURN, Basis.LEDGER_TAX})
"""Bases that the tax department opens, or not (setting `tax_figures`)."""
BY_ENTERPRISE = frozenset({Basis.DECLARED, Basis.LEDGER_HNTE, Basis.LEDGER_TAX})
"""Bases on which an enterprise speaks for itself."""
OF_STATISTICS = frozenset({"staff_average", "sales_revenue", "total_assets"})
"""What the statistics department verifies, beside the bureau."""


def reads_every_figure(person: User) -> bool:
    """Works with the figures of every enterprise."""
    return person.access.has(*CITY)


def figures_open_to(person: User) -> QuerySet[Enterprise]:
    """Enterprises whose figures a person may read: who works on the case, and the enterprise itself.

    Banks, the IP office and leaders see the enterprise, but not its figures.
    """
    access = person.access
    if reads_every_figure(person):
        return Enterprise.objects.all()
    if not access.roles:
        return Enterprise.objects.none()
    mandates = Mandate.objects.open_to(access).filter(enterprise=OuterRef("pk"), kind__in=MANDATED)
    return Enterprise.objects.filter(Q(body__in=access.places) | Exists(mandates))


def may_read_figures(person: User, enterprise: Enterprise) -> bool:
    """Reads the figures of this one."""
    return figures_open_to(person).filter(pk=enterprise.pk).exists()


def office_bases(person: User) -> frozenset[Basis]:
    """Bases that the office opens to a person, of any enterprise whose figures they read."""
    access = person.access
    if access.has(Role.TAX):
        return frozenset(Basis)
    opened = access.has(Role.BUREAU_OFFICER, Role.BUREAU_HEAD) and (
        value_of("tax_figures", access.on) == "bureau"
    )
    return frozenset(Basis) if opened else frozenset(Basis) - OF_TAX_OFFICE


def bases_open_to(person: User, enterprise: Enterprise) -> frozenset[Basis]:
    """Bases that a person may read of this one: its own people all, others as the tax office allows."""
    opened = office_bases(person)
    if opened == frozenset(Basis) or not has_mandate(person, enterprise, *FILLS_IN):
        return opened
    return frozenset(Basis)


def bases_open_somewhere(person: User) -> frozenset[Basis]:
    """Bases that a person may read of at least one enterprise; of which, each row asks."""
    fills = person.access.has(Role.OWNER, Role.ACCOUNTANT, Role.AGENCY)
    return frozenset(Basis) if fills else office_bases(person)


def open_statements(person: User) -> Q:
    """Which statements a person may read."""
    own = Mandate.objects.open_to(person.access).filter(kind__in=FILLS_IN)
    bases = Q(basis__in=office_bases(person)) | Q(enterprise__in=own.values("enterprise"))
    return Q(enterprise__in=figures_open_to(person)) & bases


def may_state(person: User, enterprise: Enterprise, basis: Basis) -> bool:
    """States figures on this basis for this enterprise."""
    return enterprise.pk in open_to_state(person, [enterprise], basis)


def open_to_state(person: User, enterprises: Iterable[Enterprise], basis: Basis) -> frozenset[int]:
    """Keys of those for which a person states figures on this basis; one query for any number.

    An enterprise states what it declares and what its own books say; what an auditor found, the
    town or the bureau enters from the report; a tax return, the tax department.
    """
    living = [one for one in enterprises if one.status != Status.MERGED]
    every = frozenset(one.pk for one in living)
    if basis == Basis.VERIFIED:
        return every if is_bureau(person) else frozenset()
    if basis == Basis.TAX_RETURN:
        return every if person.access.has(Role.TAX) else frozenset()
    place = frozenset(one.pk for one in living if is_own_place(person, one))
    if basis == Basis.CHECKED:
        return place
    official = every if is_bureau(person) else place
    if basis not in office_bases(person):
        official = frozenset()
    if basis not in BY_ENTERPRISE or official == every:
        return official
    mandates = Mandate.objects.open_to(person.access).filter(
        enterprise__in=every, kind__in=FILLS_IN
    )
    return official | frozenset(mandates.values_list("enterprise", flat=True))


def bases_to_state(person: User, enterprise: Enterprise) -> list[Basis]:
    """On which bases a person may state figures here."""
    return [basis for basis in Basis if may_state(person, enterprise, basis)]


def own_items(person: User) -> frozenset[str]:
    """Figures that a department verifies for itself."""
    if is_bureau(person):
        return frozenset(FIGURES)
    found: frozenset[str] = frozenset()
    if person.access.has(Role.TAX):
        found |= OF_TAX
    if person.access.has(Role.STATISTICS):
        found |= OF_STATISTICS
    return found


def may_verify_items(person: User, enterprise: Enterprise) -> bool:
    """Verifies at least some figures."""
    return enterprise.status != Status.MERGED and bool(own_items(person))


def fills_in(person: User, report: YearReport) -> bool:
    """Owner, accountant or mandated agency of the enterprise."""
    return has_mandate(person, report.enterprise, *FILLS_IN)


def speaks_for(person: User, enterprise: Enterprise) -> bool:
    """Declares as the enterprise itself; officials only in its stead."""
    return has_mandate(person, enterprise, *FILLS_IN)


def people_of(enterprises: Iterable[int]) -> dict[int, list[User]]:
    """Who fills in the figures of enterprises, by key; one query."""
    held = Mandate.objects.filter(
        enterprise__in=set(enterprises), kind__in=FILLS_IN, revoked_on=None
    )
    found: dict[int, list[User]] = {}
    for one in held.select_related("person"):
        found.setdefault(one.enterprise_id, []).append(one.person)
    return found


def checks(person: User, report: YearReport) -> bool:
    """Works in the body to which the enterprise is attributed."""
    return is_own_place(person, report.enterprise)


def verifies(person: User, report: YearReport) -> bool:
    """Works in the bureau."""
    return is_bureau(person)


def returns(person: User, report: YearReport) -> bool:
    """Whoever checks or verifies."""
    return checks(person, report) or verifies(person, report)


def may_ask_facts(person: User, enterprise: Enterprise) -> bool:
    """The bureau and the body of the enterprise ask for what is missing."""
    return enterprise.status != Status.MERGED and (
        is_bureau(person) or is_own_place(person, enterprise)
    )


def supplied_by(supplier: Supplier) -> frozenset[str]:
    """The figures for which one can be asked: departments for what is theirs to verify."""
    match supplier:
        case Supplier.TAX:
            return OF_TAX
        case Supplier.STATISTICS:
            return OF_STATISTICS
        case _:
            return frozenset(FIGURES)


def may_withdraw_request(person: User, request: FactRequest) -> bool:
    """Who asked, and the bureau."""
    return request.asked_by_id == person.pk or is_bureau(person)


def supplies(person: User, request: FactRequest) -> bool:
    """Is asked by this request."""
    match request.supplier:
        case Supplier.ENTERPRISE:
            return has_mandate(person, request.enterprise, *FILLS_IN)
        case Supplier.BODY:
            return is_own_place(person, request.enterprise)
        case Supplier.TAX:
            return person.access.has(Role.TAX)
        case _:
            return person.access.has(Role.STATISTICS)


def may_import(person: User, thing: object = None) -> bool:
    """Brings tables: the bureau, towns and zones; the tax department its own figures."""
    return is_bureau(person) or bool(person.access.places) or person.access.has(Role.TAX)


def may_import_declared(person: User, thing: object = None) -> bool:
    """Brings tables of what enterprises declare: the bureau, towns and zones."""
    return Basis.DECLARED in bases_to_import(person)


def bases_to_import(person: User) -> frozenset[Basis]:
    """On which bases a person may state figures of at least the enterprises that are theirs."""
    found: set[Basis] = set()
    if is_bureau(person):
        found |= {Basis.DECLARED, Basis.AUDITED, Basis.VERIFIED}
    if person.access.places:
        found |= {Basis.DECLARED, Basis.CHECKED, Basis.AUDITED}
    if person.access.has(Role.TAX):
        found.add(Basis.TAX_RETURN)
    return frozenset(found)
