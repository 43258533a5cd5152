"""What pages ask about people and bodies; reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from peiyu.office.accounts.models import (
    ApiToken,
    Appointment,
    Body,
    BodyKind,
    Delegation,
    Duty,
    Role,
    User,
)
from peiyu.office.accounts.models.people import ADMINISTRATORS
from peiyu.words import mark

RESPONSIBLE = (BodyKind.DEPARTMENT, BodyKind.TOWN, BodyKind.STREET, BodyKind.ZONE)
"""Bodies that have to name a unit and people for this work (plan section 4 (3))."""
NOT_OF_THE_UNIT = (Role.COACH, Role.LEADER)


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A body with its place in the tree and how many people serve there."""

    body: Body
    depth: int
    people: int


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A body, its responsible unit, and who does the work there."""

    body: Body
    appointments: tuple[Appointment, ...]

    @property
    def vacant(self) -> bool:
        """Nobody is named."""
        return not self.appointments

    @property
    def complete(self) -> bool:
        """Unit and people are named."""
        return bool(self.appointments and self.body.unit)


def tree_of_bodies(on: date, within: QuerySet[Body] | None = None) -> list[TreeLine]:
    """The bodies that exist on a day, each below the one it hangs under."""
    chosen = Body.objects.all() if within is None else within
    bodies = list(chosen.filter(opened_on__lte=on).filter(_not_closed(on)).order_by("code"))
    serving: dict[int, set[int]] = defaultdict(set)
    for body_id, person_id in (
        Appointment.objects.in_force(on)
        .filter(body__in=bodies, person__is_active=True)
        .values_list("body_id", "person_id")
    ):
        if body_id is not None:
            serving[body_id].add(person_id)
    there = {body.pk for body in bodies}
    below: dict[int | None, list[Body]] = defaultdict(list)
    for body in bodies:
        below[body.parent_id if body.parent_id in there else None].append(body)
    return [
        TreeLine(body, depth, len(serving[body.pk])) for body, depth in _descend(below, None, 0)
    ]


def register_of_bodies(on: date) -> list[RegisterLine]:
    """Which body has which responsible unit and people on a day; vacancies stay in (S4.3a)."""
    held: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in (
        Appointment.objects.in_force(on)
        .filter(body__kind__in=RESPONSIBLE, person__is_active=True)
        .exclude(role__in=NOT_OF_THE_UNIT)
        .select_related("person")
        .order_by("role", "from_on", "id")
    ):
        if appointment.body_id is not None:
            held[appointment.body_id].append(appointment)
    bodies = Body.objects.alive(on).filter(kind__in=RESPONSIBLE).order_by("code")
    return [RegisterLine(body, tuple(held[body.pk])) for body in bodies]


def people_with_roles(people: QuerySet[User], on: date) -> QuerySet[User]:
    """The same people by name, each with `held`: the roles in force on a day."""
    return people.order_by("name", "pk").prefetch_related(
        Prefetch(
            "appointments",
            Appointment.objects.in_force(on).select_related("body").order_by("id"),
            to_attr="held",
        )
    )


def people_found(
    people: QuerySet[User], *, words: str = "", duty: str = "", state: str = "", body: str = ""
) -> QuerySet[User]:
    """The people whose name or username has these words, of a kind, in service or not."""
    if words:
        people = people.filter(Q(name__icontains=words) | Q(username__icontains=words))
    if duty:
        people = people.filter(duty=duty)
    if state in ("active", "left"):
        people = people.filter(is_active=state == "active")
    if body.isascii() and body.isdigit() and len(body) < 18:
        people = people.filter(
            Exists(Appointment.objects.filter(person=OuterRef("pk"), body_id=int(body)))
        )
    return people


def serving(body: Body, on: date) -> QuerySet[Appointment]:
    """Who serves there on a day."""
    return (
        body.appointments.in_force(on)
        .filter(person__is_active=True)
        .select_related("person")
        .order_by("role", "id")
    )


def roles_of(person: User) -> QuerySet[Appointment]:
    """All roles a person ever held, the latest first."""
    return person.appointments.select_related("body").order_by("-from_on", "-id")


def delegations_of(person: User) -> QuerySet[Delegation]:
    """Given and taken, the latest first."""
    return (
        Delegation.objects.filter(Q(giver=person) | Q(taker=person))
        .select_related("giver", "taker")
        .order_by("-until_on", "-id")
    )


def tokens_of(person: User) -> QuerySet[ApiToken]:
    """The keys of a person, the latest first."""
    return person.tokens.order_by("-made_at", "-id")


def may_take_over(person: User) -> QuerySet[User]:
    """To whom this person may delegate or hand over: others of the same kind, in service."""
    if person.duty in ADMINISTRATORS:
        return User.objects.none()
    return (
        User.objects.filter(is_active=True, duty=person.duty).exclude(pk=person.pk).order_by("name")
    )


def people_to_try(on: date, each: int = 3) -> list[tuple[str, list[User]]]:
    """Some people of each role, of places one of each, by group, as whom one may look at the demo city."""
    chosen: dict[str, list[User]] = {name: [] for name, _ in GROUPS}
    taken: dict[tuple[Role, int | None], int] = defaultdict(int)
    seen = set()
    for held in (
        Appointment.objects.in_force(on)
        .filter(person__is_active=True, person__duty__in=(Duty.OFFICE, Duty.ENTERPRISE))
        .select_related("person", "body")
        .order_by("person_id", "id")
    ):
        role = Role(held.role)
        of_place = role in OF_PLACES
        kind = (role, held.body_id if of_place else None)
        if taken[kind] < (1 if of_place else each) and held.person_id not in seen:
            taken[kind] += 1
            seen.add(held.person_id)
            held.person.held = [held]  # type: ignore[attr-defined]
            chosen[next(name for name, roles in GROUPS if role in roles)].append(held.person)
    administrators = User.objects.filter(duty__in=ADMINISTRATORS, is_active=True)
    chosen["三员"] = list(administrators.order_by("pk")[: 3 * each])
    order = list(Role)
    for people in chosen.values():
        people.sort(
            key=lambda one: (order.index(one.held[0].role) if hasattr(one, "held") else 0, one.pk)
        )
    return [(name, people) for name, people in chosen.items() if people]


OF_PLACES = frozenset({Role.TOWN_OFFICER, Role.ZONE_OFFICER})
GROUPS: tuple[tuple[str, frozenset[Role]], ...] = (
    (mark("市领导和市科技局"), frozenset({Role.LEADER, Role.BUREAU_HEAD, Role.BUREAU_OFFICER})),
    (mark("镇和园区"), frozenset({Role.TOWN_OFFICER, Role.ZONE_OFFICER})),
    (mark("部门"), frozenset({Role.FINANCE, Role.TAX, Role.IP_OFFICE, Role.STATISTICS})),
    (mark("服务方"), frozenset({Role.COACH, Role.BANK, Role.AGENCY})),
    (mark("企业"), frozenset({Role.OWNER, Role.ACCOUNTANT})),
    (mark("三员"), frozenset()),
)


def _not_closed(on: date) -> Q:
    return Q(closed_on=None) | Q(closed_on__gt=on)


def _descend(
    below: dict[int | None, list[Body]], parent: int | None, depth: int
) -> Iterator[tuple[Body, int]]:
    for body in below.get(parent, ()):
        yield body, depth
        yield from _descend(below, body.pk, depth + 1)
