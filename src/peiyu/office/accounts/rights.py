"""What a person may see and do today: computed from duty, appointments and delegations."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from peiyu.office.accounts.models import Appointment, Body, Delegation, Duty, Role, User
from peiyu.office.accounts.models.appointments import BY_PLACE, CITYWIDE
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.refusals import NotAllowed
from peiyu.words import Message, message


@dataclass(frozen=True)
class Access:
    """The rights of one person on one day.

    `mandates_of` are the people whose mandates count: oneself and those for whom one stands in.
    """

    person: User
    on: date
    appointments: tuple[Appointment, ...] = ()
    stands_in_for: tuple[User, ...] = ()
    roles: frozenset[Role] = frozenset()
    bodies: frozenset[int] = field(default_factory=frozenset)

    @property
    def city(self) -> bool:
        """Every enterprise of the city may be seen."""
        return bool(self.roles & CITYWIDE)

    @property
    def places(self) -> frozenset[int]:
        """The towns, streets and zones whose enterprises may be seen."""
        return frozenset(
            a.body_id for a in self.appointments if a.role in BY_PLACE and a.body_id is not None
        )

    @property
    def mandates_of(self) -> tuple[int, ...]:
        """The people whose mandates open enterprises to this one."""
        return (self.person.pk, *(person.pk for person in self.stands_in_for))

    @property
    def is_administrator(self) -> bool:
        """One of the three; sees no business data."""
        return self.person.duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)

    @property
    def is_official(self) -> bool:
        """Works in the office or a department, town or zone."""
        return bool(self.roles & (CITYWIDE | BY_PLACE | {Role.COACH}))

    def has(self, *roles: Role) -> bool:
        """Holds one of these roles today."""
        return not self.roles.isdisjoint(roles)

    def holds(self, role: Role, body: Body | int | None) -> bool:
        """Holds this role for this body today."""
        key = body.pk if isinstance(body, Body) else body
        return any(a.role == role and a.body_id == key for a in self.appointments)

    def of_people(self, *people: int) -> Access:
        """The rights that remain when only the appointments of these people count."""
        held = tuple(a for a in self.appointments if a.person_id in people)
        return replace(
            self,
            appointments=held,
            stands_in_for=tuple(giver for giver in self.stands_in_for if giver.pk in people),
            roles=frozenset(Role(a.role) for a in held),
            bodies=frozenset(a.body_id for a in held if a.body_id is not None),
        )


def allow(
    right: Callable[[User, Any], bool], actor: User, thing: Any, refusal: Message | None = None
) -> User | None:
    """Raise NotAllowed unless `actor` has the right; tell for whom they act, if for another.

    A right that one has oneself is used as one's own; else it is that of the first person for whom
    one stands in and who has it.
    """
    if not right(actor, thing):
        raise NotAllowed(
            refusal
            or message("您没有办理这件事的权限。请找有权的人办，或请安全保密管理员核对您的任职")
        )
    for giver in actor.access.stands_in_for:
        own = copy.copy(actor)
        own.__dict__["access"] = actor.access.of_people(actor.pk)
        if right(own, thing):
            return None
        own.__dict__["access"] = actor.access.of_people(actor.pk, giver.pk)
        if right(own, thing):
            return giver
    return None


def access_of(person: User, on: date | None = None) -> Access:
    """The rights of `person`; always today's unless a test says otherwise."""
    day = on or office_day()
    if not person.is_active or not getattr(person, "pk", None):
        return Access(person, day)
    if person.duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT):
        return Access(person, day)
    givers = tuple(
        delegation.giver
        for delegation in Delegation.objects.filter(
            taker=person,
            revoked_at=None,
            from_on__lte=day,
            until_on__gte=day,
            giver__is_active=True,
            giver__duty=person.duty,
        ).select_related("giver")
    )
    held = tuple(_held([person.pk, *(giver.pk for giver in givers)], day))
    return Access(
        person,
        day,
        held,
        givers,
        frozenset(Role(a.role) for a in held),
        frozenset(a.body_id for a in held if a.body_id is not None),
    )


def _held(people: Iterable[int], day: date) -> Iterable[Appointment]:
    return (
        Appointment.objects.in_force(day)
        .filter(person__in=people)
        .select_related("person", "body")
        .order_by("id")
    )
