"""Things of the office for tests, each with what it needs and nothing more."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from peiyu.office.accounts.models import Appointment, Body, BodyKind, Duty, Role, User
from peiyu.office.accounts.models.appointments import BY_PLACE
from peiyu.office.enterprises.identity import core_of
from peiyu.office.enterprises.models import (
    Enterprise,
    EnterpriseName,
    Mandate,
    MandateKind,
    Residence,
    Status,
)
from peiyu.office.enterprises.models.people import ROLE_OF

DAY = date(2019, 6, 17)
NOW = datetime(2019, 6, 17, 1, 0, tzinfo=UTC)
LONG_AGO = date(2000, 1, 1)
numbers = count(1)

BODY_OF = {
    Role.TOWN_OFFICER: BodyKind.TOWN,
    Role.ZONE_OFFICER: BodyKind.ZONE,
    Role.LEADER: BodyKind.CITY,
    Role.BANK: BodyKind.BANK,
    Role.AGENCY: BodyKind.AGENCY,
}
OUTSIDE = {Role.OWNER, Role.ACCOUNTANT, Role.AGENCY, Role.BANK}


def body(kind: str = BodyKind.TOWN, name: str = "", **more: object) -> Body:
    """A body that has long existed."""
    number = next(numbers)
    name = name or f"{BodyKind(kind).label}{number}"
    more.setdefault("opened_on", LONG_AGO)
    return Body.objects.create(kind=kind, code=f"B{number}", name=name, short=name[:30], **more)


def person(role: str | None = None, of: Body | None = None, **more: object) -> User:
    """A person who holds a role since long ago, for a body of the fitting kind."""
    number = next(numbers)
    more.setdefault("duty", Duty.ENTERPRISE if role in OUTSIDE else Duty.OFFICE)
    more.setdefault("name", f"某人{number}")
    found = User.objects.create(username=f"person{number}", **more)
    if role is not None:
        if of is None and role not in (Role.OWNER, Role.ACCOUNTANT):
            of = body(BODY_OF.get(Role(role), BodyKind.DEPARTMENT))
        Appointment.objects.create(person=found, body=of, role=role, from_on=LONG_AGO)
    return found


def administrator(duty: str) -> User:
    """One of the three."""
    return person(duty=duty)


def enterprise(
    name: str = "", *, town: Body | None = None, zone: Body | None = None, **more: object
) -> Enterprise:
    """An enterprise in the registry with its present name and residence."""
    number = next(numbers)
    name = name or f"济源市测试{number}有限公司"
    for field, value in (("registered_at", NOW), ("changed_at", NOW), ("status", Status.ACTIVE)):
        more.setdefault(field, value)
    found = Enterprise.objects.create(name=name, town=town, zone=zone, body=zone or town, **more)
    EnterpriseName.objects.create(enterprise=found, name=name, core=core_of(name))
    Residence.objects.create(enterprise=found, town=town, zone=zone, body=zone or town)
    return found


def mandate(of: Enterprise, who: User, kind: str = MandateKind.OWNER, **more: object) -> Mandate:
    """Open an enterprise to a person, with the role that goes with it."""
    role = ROLE_OF[MandateKind(kind)]
    if not who.appointments.filter(role=role).exists():
        Appointment.objects.create(person=who, role=role, from_on=LONG_AGO)
    more.setdefault("from_on", LONG_AGO)
    more.setdefault("given_by", who)
    return Mandate.objects.create(enterprise=of, person=who, kind=kind, **more)


def again(who: User) -> User:
    """The same person freshly loaded, so that rights are computed anew."""
    return User.objects.get(pk=who.pk)


__all__ = ["BY_PLACE", "DAY", "LONG_AGO", "NOW", "again", "body", "enterprise", "mandate", "person"]
