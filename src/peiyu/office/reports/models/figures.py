"""The figures of a year, one column each, as the dictionary of facts has them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from peiyu.office.foundation.exact import MoneyField, ScaledField
from peiyu.policy import facts
from peiyu.policy.facts import Fact, Secrecy, Unit

FIGURES: dict[str, Fact] = {fact.name: fact for fact in facts.YEARS if fact.name != "year"}
"""By name, in the order of the dictionary."""
OF_TAX = frozenset(name for name, fact in FIGURES.items() if fact.secrecy is Secrecy.TAX)
"""What stands in a tax return."""
PLACES = {Unit.FEN: 2, Unit.PERSON_HUNDREDTH: 2}

PLACE = Decimal("0.01")
TOO_MUCH = Decimal(10) ** 16
"""No column holds so much."""


class Figures(models.Model):
    """Yuan or people, exact; null is unknown."""

    class Meta:
        abstract = True

    def figure(self, name: str) -> Decimal | None:
        """One figure by its name in the dictionary, in yuan or people."""
        found: Decimal | None = getattr(self, name)
        return found

    def stated(self) -> dict[str, Decimal]:
        """The figures that are known, by name."""
        return {name: value for name in FIGURES if (value := self.figure(name)) is not None}


def _column(fact: Fact) -> models.Field[Any, Any]:
    if fact.unit is Unit.FEN:
        return MoneyField(fact.chinese, null=True, blank=True)
    assert fact.maximum is not None
    return ScaledField(fact.chinese, null=True, blank=True, places=2, most=fact.maximum)


for _name, _fact in FIGURES.items():
    Figures.add_to_class(_name, _column(_fact))


def stored(value: Decimal | None) -> int | None:
    """A figure as the rules and tables count it: whole fen, hundredths of people."""
    if value is None:
        return None
    whole = value * 100
    assert whole == whole.to_integral_value()
    return int(whole)


def is_exact(value: Decimal) -> bool:
    """Can the value be kept as it is: whole fen, hundredths of people."""
    return value.is_finite() and abs(value) < TOO_MUCH and value == value.quantize(PLACE)


def figure_of(whole: int | None) -> Decimal | None:
    """The figure of a whole number of fen or hundredths."""
    return None if whole is None else Decimal(f"{whole}E-2")
