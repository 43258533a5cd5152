"""How a right stands on a day, by what is stated of it: age, class, term, annual fees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.permissions import RIGHTS, evidence_open_to
from peiyu.office.portfolio.queries import class_kinds
from peiyu.policy.chain import Usable
from peiyu.policy.parameters import NotInForce
from peiyu.policy.patents import PATENTS, fee_due_on, has_lapsed, lapses_on, term_ends_on
from peiyu.words import mark


class Force(StrEnum):
    """Whether a right can carry anything, as far as one knows."""

    VALID = mark("有效")
    DUE = mark("年费待缴")
    GRACE = mark("年费滞纳")
    LAPSED = mark("欠费终止")
    ENDED = mark("已到期")
    PENDING = mark("未授权")


@dataclass(frozen=True, slots=True)
class Standing:
    """A right on a day. `ends_on` as stated, else by its term; `fee_by`: of the next annual fee."""

    force: Force
    ip_class: str
    """I, II, or empty where the law or a ruling does not say."""
    years: int | None
    """Full years since it was applied for."""
    ends_on: date | None
    by_term: bool
    """`ends_on` was worked out."""
    fee_by: date | None
    lapses_on: date | None


def standing_of(
    *,
    kind: str,
    class_ruled: str,
    applied_on: date | None,
    granted_on: date | None,
    ends_on: date | None,
    fees_paid_to: date | None,
    on: date,
    days: int,
) -> Standing:
    """How it stands; fees are due `days` before the day by which they are to be paid."""
    by_term = ends_on is None
    end = term_ends_on(kind, applied_on) if by_term else ends_on
    fee_by = fee_due_on(fees_paid_to) if fees_paid_to else None
    if fee_by and end and fee_by > end:
        fee_by = None  # paid to the end
    lapse = lapses_on(fees_paid_to) if fee_by and fees_paid_to else None
    if granted_on is None:
        force = Force.PENDING
    elif lapse and has_lapsed(fees_paid_to, on):
        force = Force.LAPSED
    elif end is not None and end < on:
        force = Force.ENDED
    elif fee_by and fee_by < on:
        force = Force.GRACE
    elif fee_by and fee_by <= on + timedelta(days=days):
        force = Force.DUE
    else:
        force = Force.VALID
    return Standing(
        force, class_of(kind, class_ruled, on), _years(applied_on, on), end,
        by_term and end is not None, fee_by, lapse,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """What an enterprise could apply with once more, by class (G3.2.4)."""

    class_one: Usable
    class_two: Usable


def usable_rights_of(
    enterprises: Iterable[Enterprise], on: date, *, person: User
) -> dict[int, Left]:
    """The rights with which each could apply on a day, by the rules of recognition.

    Who is not there is not known: nothing is listed, the law of that day is not, or the person may
    not read the rights. As many queries for many as for one.
    """
    keys = {one.pk for one in enterprises}
    opened = evidence_open_to(person, RIGHTS).filter(pk__in=keys)
    found: dict[int, Left] = {}
    for key, held in held_of(opened, on=on, tables=(RIGHTS,)).items():
        try:
            one, two = held.usable_of_class("I"), held.usable_of_class("II")
        except NotInForce:
            return {}
        if one is not None and two is not None:
            found[key] = Left(one, two)
    return found


def class_of(kind: str, ruled: str, on: date) -> str:
    """Class I or II on a day (G3.2.3); as ruled where the list of kinds does not say."""
    one, two = class_kinds(on)
    if kind in one:
        return "I"
    return "II" if kind in two else ruled


def pays_fees(kind: str) -> bool:
    """Patents alone are kept up by annual fees (PL43)."""
    return kind in PATENTS


def _years(applied_on: date | None, on: date) -> int | None:
    if applied_on is None or applied_on > on:
        return None
    return on.year - applied_on.year - ((on.month, on.day) < (applied_on.month, applied_on.day))
