"""Roles are given and end; one person acts for another; work is handed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from peiyu.office.accounts.models import (
    Appointment,
    Body,
    BodyKind,
    Delegation,
    Duty,
    Role,
    User,
)
from peiyu.office.accounts.models.people import ADMINISTRATORS
from peiyu.office.accounts.permissions import (
    may_delegate,
    may_manage,
    may_revoke,
)
from peiyu.office.accounts.rights import allow
from peiyu.office.accounts.words import given
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message

ONLY_SECURITY = message("任职只由安全保密管理员维护，且不能维护自己的。请与安全保密管理员联系")
LONGEST_DELEGATION = timedelta(days=180)
"""A longer absence is a change of roles, not a delegation."""
ROLES_OF = {
    Duty.ENTERPRISE: frozenset({Role.OWNER, Role.ACCOUNTANT, Role.AGENCY, Role.BANK}),
    Duty.OFFICE: frozenset(Role) - {Role.OWNER, Role.ACCOUNTANT, Role.AGENCY, Role.BANK},
}
"""Which roles a person may hold, by the kind of account."""
DEPARTMENTS = frozenset({BodyKind.CITY, BodyKind.DEPARTMENT})
BODIES_OF = {
    Role.BUREAU_OFFICER: DEPARTMENTS,
    Role.BUREAU_HEAD: DEPARTMENTS,
    Role.FINANCE: DEPARTMENTS,
    Role.TAX: DEPARTMENTS,
    Role.IP_OFFICE: DEPARTMENTS,
    Role.STATISTICS: DEPARTMENTS,
    Role.LEADER: DEPARTMENTS,
    Role.TOWN_OFFICER: frozenset({BodyKind.TOWN, BodyKind.STREET}),
    Role.ZONE_OFFICER: frozenset({BodyKind.ZONE}),
    Role.COACH: frozenset(BodyKind),
    Role.BANK: frozenset({BodyKind.BANK}),
    Role.AGENCY: frozenset({BodyKind.AGENCY}),
}
"""For which kinds of bodies a role is held; roles in an enterprise are held for none."""
Transfer = Callable[..., int]
"""A higher room's part of a hand-over: takes from_person, to_person, on, actor; counts what moved."""


@transaction.atomic
def appoint(
    person: User,
    *,
    actor: User,
    role: str,
    body: Body | None,
    from_on: date,
    until_on: date | None = None,
    title: str = "",
) -> Appointment:
    """Give a person a role for a body from a day on, both days included."""
    allow(may_manage, actor, person, ONLY_SECURITY)
    person = User.objects.select_for_update().get(pk=person.pk)
    _fit(person, role, body)
    if body is not None and not Body.objects.alive(from_on).filter(pk=body.pk).exists():
        raise Refused(
            message("“{body}”在{on}不存在，请另选机构或改日期", body=body.name, on=from_on),
            field="from_on",
        )
    if until_on is not None and until_on < from_on:
        raise Refused(
            message("结束日期{until}早于开始日期{since}，请核对", until=until_on, since=from_on),
            field="until_on",
        )
    same = person.appointments.filter(
        Q(until_on=None) | Q(until_on__gte=from_on), role=role, body=body
    )
    if until_on is not None:
        same = same.filter(from_on__lte=until_on)
    if held := same.first():
        raise Refused(
            message(
                "“{person}”从{since}起已任{role}，不能重复任命",
                person=person.name,
                since=held.from_on,
                role=message(Role(role).label),
            ),
            field="role",
        )
    return _appointed(
        Appointment(
            person=person,
            body=body,
            role=role,
            title=given(title, "title", 60, empty=True),
            from_on=from_on,
            until_on=until_on,
        ),
        actor=actor,
    )


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, actor: User, until_on: date, reason: str = ""
) -> Appointment:
    """The role ends with a day; a role that has ended cannot be prolonged, only given anew."""
    allow(may_manage, actor, appointment.person, ONLY_SECURITY)
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if appointment.until_on is not None and appointment.until_on <= until_on:
        raise Refused(
            message("这项任职已定于{until}结束，只能提前，不能延后", until=appointment.until_on),
            field="until_on",
        )
    if until_on < appointment.from_on:
        raise Refused(
            message(
                "结束日期{until}早于开始日期{since}，请核对",
                until=until_on,
                since=appointment.from_on,
            ),
            field="until_on",
        )
    return finish(appointment, actor=actor, until_on=until_on, reason=reason)


@transaction.atomic
def delegate(
    *, actor: User, taker: User, from_on: date, until_on: date, reason: str, on: date
) -> Delegation:
    """Let a colleague act for oneself for a while; what they do is recorded for both."""
    if not may_delegate(actor):
        raise Refused(message("您没有自己的任职，没有可委托的权限"))
    taker = User.objects.select_for_update().get(pk=taker.pk)
    if taker.pk == actor.pk:
        raise Refused(message("不能委托给自己，请另选一人"), field="taker")
    if not taker.is_active or taker.duty != actor.duty or taker.duty in ADMINISTRATORS:
        raise Refused(
            message("不能委托给“{taker}”：只能委托给在岗的同类人员", taker=taker.name),
            field="taker",
        )
    if from_on < on:
        raise Refused(
            message("开始日期{since}已过，最早从今天{on}起", since=from_on, on=on), field="from_on"
        )
    if until_on < from_on:
        raise Refused(
            message("结束日期{until}早于开始日期{since}，请核对", until=until_on, since=from_on),
            field="until_on",
        )
    if until_on - from_on > LONGEST_DELEGATION:
        raise Refused(
            message(
                "委托最长{number}天；时间更长的请由安全保密管理员调整任职",
                number=LONGEST_DELEGATION.days,
            ),
            field="until_on",
        )
    if actor.given.filter(
        taker=taker, revoked_at=None, from_on__lte=until_on, until_on__gte=from_on
    ).exists():
        raise Refused(
            message("这段时间已经委托给“{taker}”，请先撤回或改日期", taker=taker.name),
            field="taker",
        )
    delegation = Delegation(
        giver=actor,
        taker=taker,
        from_on=from_on,
        until_on=until_on,
        reason=given(reason, "reason", 200),
    )
    delegation.save()
    write(
        actor=actor,
        action="accounts.delegation.give",
        thing=delegation,
        changes={
            "giver": (None, actor),
            "taker": (None, taker),
            "from_on": (None, from_on),
            "until_on": (None, until_on),
        },
        reason=delegation.reason,
        about=actor,
    )
    return delegation


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, actor: User, reason: str = "") -> Delegation:
    """End a delegation at once."""
    allow(may_revoke, actor, delegation)
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if delegation.revoked_at is not None:
        raise Refused(message("这项委托已经撤回"))
    return revoke(delegation, actor=actor, at=timezone.now(), reason=reason)


@transaction.atomic
def hand_over(
    from_person: User,
    to_person: User,
    *,
    on: date,
    actor: User,
    also: Iterable[Transfer] = (),
    reason: str = "",
) -> int:
    """All roles of one person pass to another on a day; `also` passes on what higher rooms hold.

    The first keeps them until the day before. Tells how many things moved.
    """
    for person in (from_person, to_person):
        allow(may_manage, actor, person, ONLY_SECURITY)
    if from_person.pk == to_person.pk:
        raise Refused(message("交出人和接手人是同一人，请另选接手人"), field="to_person")
    locked = User.objects.select_for_update().order_by("pk")
    people = {person.pk: person for person in locked.filter(pk__in=(from_person.pk, to_person.pk))}
    giver, taker = people[from_person.pk], people[to_person.pk]
    if not taker.is_active or taker.duty != giver.duty or taker.duty in ADMINISTRATORS:
        raise Refused(
            message("不能交给“{taker}”：只能交给在岗的同类人员", taker=taker.name),
            field="to_person",
        )
    moved = 0
    for held in giver.appointments.select_for_update().filter(
        Q(until_on=None) | Q(until_on__gte=on)
    ):
        _pass_on(held, taker, on=on, actor=actor, reason=reason)
        moved += 1
    for transfer in also:
        moved += transfer(from_person=giver, to_person=taker, on=on, actor=actor)
    if not moved:
        raise Refused(message("“{person}”没有可交接的任职或企业", person=giver.name))
    write(
        actor=actor,
        action="accounts.person.hand_over",
        thing=giver,
        changes={"successor": (None, taker)},
        reason=reason,
    )
    return moved


def finish(
    appointment: Appointment, *, actor: User, until_on: date, reason: str = ""
) -> Appointment:
    """Set the last day and write it down; for the actions of this room, which have asked."""
    changes = changed(appointment, until_on=until_on)
    appointment.save(update_fields=["until_on"])
    write(
        actor=actor,
        action="accounts.appointment.end",
        thing=appointment,
        changes=changes,
        reason=reason,
        about=appointment.person,
    )
    return appointment


def revoke(delegation: Delegation, *, actor: User, at: datetime, reason: str = "") -> Delegation:
    """Mark it revoked and write it down; for the actions of this room, which have asked."""
    changes = changed(delegation, revoked_at=at)
    delegation.save(update_fields=["revoked_at"])
    write(
        actor=actor,
        action="accounts.delegation.revoke",
        thing=delegation,
        changes=changes,
        reason=reason,
        about=delegation.giver,
    )
    return delegation


def _appointed(appointment: Appointment, *, actor: User, reason: str = "") -> Appointment:
    appointment.save()
    write(
        actor=actor,
        action="accounts.appointment.give",
        thing=appointment,
        changes={
            "person": (None, appointment.person),
            "body": (None, appointment.body),
            "role": ("", appointment.role),
            "from_on": (None, appointment.from_on),
            "until_on": (None, appointment.until_on),
        },
        reason=reason,
        about=appointment.person,
    )
    return appointment


def _pass_on(held: Appointment, taker: User, *, on: date, actor: User, reason: str) -> None:
    has_it = taker.appointments.filter(
        Q(until_on=None) | Q(until_on__gte=on), role=held.role, body=held.body
    )
    follows = (
        None
        if has_it.exists()
        else Appointment(
            person=taker,
            body=held.body,
            role=held.role,
            title=held.title,
            from_on=max(on, held.from_on),
            until_on=held.until_on,
        )
    )
    if held.from_on < on:
        finish(held, actor=actor, until_on=on - timedelta(days=1), reason=reason)
    else:  # not begun before that day: it never was the giver's
        write(
            actor=actor,
            action="accounts.appointment.withdraw",
            thing=held,
            changes={"person": (held.person, None), "from_on": (held.from_on, None)},
            reason=reason,
            about=held.person,
        )
        held.delete()
    if follows is not None:
        _appointed(follows, actor=actor, reason=reason)


def _fit(person: User, role: str, body: Body | None) -> None:
    if not person.is_active:
        raise Refused(message("“{person}”的账号已停用，不能任职", person=person.name))
    if person.duty in ADMINISTRATORS:
        raise Refused(
            message("“{person}”是三员之一，不能兼任业务角色（三员分立）", person=person.name),
            field="role",
        )
    if role not in Role.values or Role(role) not in ROLES_OF[Duty(person.duty)]:
        raise Refused(
            message(
                "“{duty}”账号不能任“{role}”，请另选角色",
                duty=message(Duty(person.duty).label),
                role=message(Role(role).label) if role in Role.values else role,
            ),
            field="role",
        )
    kinds = BODIES_OF.get(Role(role))
    if kinds is None and body is not None:
        raise Refused(
            message("“{role}”在企业任职，不挂机构，请把机构留空", role=message(Role(role).label)),
            field="body",
        )
    if kinds is not None and (body is None or body.kind not in kinds):
        raise Refused(
            message(
                "“{role}”须挂在：{kinds}。请另选机构",
                role=message(Role(role).label),
                kinds=tuple(message(kind.label) for kind in BodyKind if kind in kinds),
            ),
            field="body",
        )
