"""One action on many enterprises: tried first, then done, taken back if it was a mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.actions import give_mandate, revoke_mandate
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind
from peiyu.office.foundation.refusals import Refused
from peiyu.words import Message


@dataclass(frozen=True, slots=True)
class Bulk:
    """What happened, or would happen, to each: made, or refused with the reason."""

    made: tuple[tuple[Enterprise, Mandate], ...]
    refused: tuple[tuple[Enterprise, Message], ...]


@transaction.atomic
def assign_coach(
    enterprises: Iterable[Enterprise],
    *,
    person: User,
    from_on: date,
    until_on: date | None,
    actor: User,
    only_try: bool = False,
) -> Bulk:
    """Make a person the coach of many; tried only, it says the same and changes nothing."""

    def give(enterprise: Enterprise) -> Mandate:
        return give_mandate(
            enterprise,
            person=person,
            kind=MandateKind.COACH,
            from_on=from_on,
            until_on=until_on,
            actor=actor,
        )

    found = _each(enterprises, give)
    if only_try:
        transaction.set_rollback(True)
    return found


@transaction.atomic
def take_back(mandates: Iterable[Mandate], *, on: date, reason: str, actor: User) -> int:
    """Revoke mandates that were given together by mistake; how many were still open."""
    number = 0
    for mandate in mandates:
        if mandate.revoked_on is None:
            revoke_mandate(mandate, on=on, reason=reason, actor=actor)
            number += 1
    return number


def _each(enterprises: Iterable[Enterprise], act: Callable[[Enterprise], Mandate]) -> Bulk:
    made, refused = [], []
    for enterprise in enterprises:
        try:
            with transaction.atomic():
                made.append((enterprise, act(enterprise)))
        except Refused as refusal:
            refused.append((enterprise, refusal.message))
    return Bulk(tuple(made), tuple(refused))
