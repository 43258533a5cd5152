"""Enterprises pass from one coach to the next when staff change."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from peiyu.office.accounts.models import User
from peiyu.office.accounts.permissions import may_manage
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Mandate, MandateKind
from peiyu.office.foundation.record import changed, write

ACTION = "enterprises.mandate.hand_over"


@transaction.atomic
def hand_over_mandates(*, from_person: User, to_person: User, on: date, actor: User) -> int:
    """All enterprises of a coach are the successor's from a day on; tells how many.

    Part of the hand-over of a person's roles (accounts), which the security administrator does
    without seeing the enterprises.
    """
    allow(may_manage, actor, from_person)
    allow(may_manage, actor, to_person)
    held = (
        Mandate.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .filter(Q(until_on=None) | Q(until_on__gte=on), person=from_person)
        .filter(kind=MandateKind.COACH, revoked_on=None)
        .order_by("pk")
    )
    moved = 0
    for mandate in held:
        begins = max(on, mandate.from_on)
        follows = Mandate(
            enterprise=mandate.enterprise,
            person=to_person,
            kind=mandate.kind,
            body=mandate.body,
            from_on=begins,
            until_on=mandate.until_on,
            given_by=actor,
        )
        _end(mandate, on, actor)
        has_it = mandate.enterprise.mandates.filter(
            Q(until_on=None) | Q(until_on__gte=begins),
            person=to_person,
            kind=mandate.kind,
            revoked_on=None,
        )
        if not has_it.exists():
            follows.save()
            changes = {"person": (None, to_person), "from_on": (None, begins)}
            write(
                actor=actor, action=ACTION, thing=follows, changes=changes, about=mandate.enterprise
            )
        moved += 1
    return moved


def _end(mandate: Mandate, on: date, actor: User) -> None:
    """Its last day is the one before; one that would not have begun by then is revoked."""
    if mandate.from_on < on:
        changes = changed(mandate, until_on=on - timedelta(days=1))
    else:
        changes = changed(mandate, revoked_on=on, revoked_by=actor)
    mandate.save(update_fields=[*changes])
    write(actor=actor, action=ACTION, thing=mandate, changes=changes, about=mandate.enterprise)
