"""The unit of a page: 元 or 万元, and the texts typed in it, kept with their unit, shown in another."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from peiyu.policy.facts import Fact
from peiyu.policy.facts import Unit as Counted
from peiyu.tables.answers import Problem
from peiyu.tables.figures import Figure, figure_of_text
from peiyu.tables.units import yuan
from peiyu.words import mark


class Unit(StrEnum):
    """In what a page counts money."""

    YUAN = "yuan"
    WAN = "wan"


WORDS = {Unit.YUAN: mark("元"), Unit.WAN: mark("万元")}
PEOPLE = mark("人")
ZEROS = {Unit.YUAN: 0, Unit.WAN: 4}
"""By how many places a yuan is moved."""


def unit_of(text: str | None) -> Unit | None:
    """The unit that was asked for, if any."""
    return Unit(text) if text in set(Unit) else None


def is_money(fact: Fact) -> bool:
    """Counted in yuan, not in people."""
    return fact.unit is Counted.FEN


def kept(text: str, unit: Unit, fact: Fact) -> str:
    """A text as the draft holds it: a bare number of a page in 万元 says so."""
    text = text.strip()
    if unit is Unit.WAN and text and is_money(fact) and _bare(text):
        return f"{text}{WORDS[Unit.WAN]}"
    return text


def shown(text: str, unit: Unit, fact: Fact) -> str:
    """A text of the draft as the page shows it; what cannot be read is shown as typed."""
    if not text or not is_money(fact):
        return text.removesuffix(PEOPLE).rstrip()
    if unit is Unit.WAN and text.endswith(WORDS[Unit.WAN]):
        return text.removesuffix(WORDS[Unit.WAN])
    figure = figure_of_text(text)
    if isinstance(figure, Problem) or (unit is Unit.YUAN and not figure.unit):
        return text
    factor = yuan(figure.unit) if figure.unit else 1
    if factor is None:
        return text
    return _plain(figure, len(str(factor)) - 1 - ZEROS[unit])


def as_text(value: Decimal, unit: Unit, fact: Fact) -> str:
    """A stated figure as one would type it in the unit of the page."""
    text = _tidy(f"{value:f}")
    return shown(text, unit, fact)


def _bare(text: str) -> bool:
    figure = figure_of_text(text)
    return isinstance(figure, Figure) and not figure.unit


def _plain(figure: Figure, moved: int) -> str:
    digits = tuple(map(int, str(abs(figure.digits))))
    return _tidy(f"{Decimal((int(figure.digits < 0), digits, moved - figure.places)):f}")


def _tidy(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
