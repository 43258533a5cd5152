"""The facts of the dictionary of evidence as columns; the values of a row as the rules read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.exact import MoneyField
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import Evidence
from peiyu.policy.facts import Fact, Secrecy, Unit

LONGEST_TEXT, LONGEST_NUMBER, LONGEST_CHOICE = 200, 60, 32
FEN = Decimal(100)
BUSINESS = frozenset({Secrecy.COMMERCIAL, Secrecy.TAX, Secrecy.SENSITIVE})


def longest(fact: Fact) -> int:
    """How many signs a text may have."""
    return fact.maximum or (LONGEST_NUMBER if fact.name in ("no", "person") else LONGEST_TEXT)


def column(fact: Fact) -> models.Field[Any, Any]:
    """A column for a fact; null, or an empty text, is unknown."""
    match fact.unit:
        case Unit.TEXT:
            return models.CharField(fact.chinese, max_length=longest(fact), blank=True)
        case Unit.CHOICE:
            choices = [(code, chinese) for code, chinese, _ in fact.choices]
            return models.CharField(
                fact.chinese, max_length=LONGEST_CHOICE, choices=choices, blank=True
            )
        case Unit.NAMES:
            return models.JSONField(fact.chinese, null=True)
        case Unit.DAY:
            return models.DateField(fact.chinese, null=True)
        case Unit.YES_NO:
            return models.BooleanField(fact.chinese, null=True)
        case Unit.FEN:
            return MoneyField(fact.chinese, null=True)
        case _:
            return models.PositiveIntegerField(fact.chinese, null=True)


def classes_of(table: Evidence) -> Classes:
    """Who may read what: trade secrets apart, the rest whoever sees the enterprise."""
    secret = [fact.name for fact in table.facts if fact.secrecy in BUSINESS]
    public = [fact.name for fact in table.facts if fact.secrecy is Secrecy.PUBLIC]
    rest = [fact.name for fact in table.facts if fact.name not in {*secret, *public}]
    office = "key version withdrawn recorded_at recorded_on superseded_on salt seal"
    return Classes(
        public=" ".join(public), business=" ".join(("reason", *secret)),
        office=" ".join((office, *rest)),
    )  # fmt: skip


def read(value: Any, fact: Fact) -> Scalar:
    """A value of a row as the rules read it: whole fen, names as a tuple; None is unknown."""
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return int(value * FEN)
    if fact.unit is Unit.NAMES:
        return tuple(value)
    assert isinstance(value, bool | int | str | date)
    return value


def written(value: Scalar, fact: Fact) -> Any:
    """What the rules read, as a column keeps it."""
    if fact.unit in (Unit.TEXT, Unit.CHOICE):
        return value or ""
    if value is None:
        return None
    if fact.unit is Unit.FEN:
        return Decimal(f"{value}E-2")
    return list(value) if isinstance(value, tuple) else value
