"""Facts of evidence as people type them, read as the sheets are read: 万元, IP01-IP03, 2016.10.13."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from peiyu.batch.layouts import column
from peiyu.office.enterprises.classifications import field_name
from peiyu.office.portfolio.checking import FIELD, settled
from peiyu.office.portfolio.models import longest
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import BY_NAME, Evidence
from peiyu.policy.facts import Fact, Unit
from peiyu.tables.answers import Problem, Told
from peiyu.tables.cells import read_value
from peiyu.tables.layout import Column
from peiyu.words import Message, mark, message

NONE = mark("无")
YES, NO = mark("是"), mark("否")


@dataclass
class Typed:
    """What typed texts say: values, what is the matter with the others, what should be told."""

    values: dict[str, Scalar] = field(default_factory=dict)
    problems: dict[str, Message] = field(default_factory=dict)
    remarks: dict[str, Message] = field(default_factory=dict)


@cache
def column_of(table: str, name: str) -> Column:
    """A fact as a column of a sheet."""
    return column(BY_NAME[table].fact(name))


def typed(table: Evidence, texts: Mapping[str, str]) -> Typed:
    """Read texts by the names of facts; an empty one is unknown."""
    found = Typed()
    for name, text in texts.items():
        if name not in table.names:
            continue
        fact, given = table.fact(name), text.strip()
        if not given:
            found.values[name] = None
        elif fact.unit is Unit.TEXT:
            said = given.upper() if name in ("no", "person") else given
            found.values |= settled({name: said})
        else:
            _read(found, table, fact, given)
    return found


def _read(found: Typed, table: Evidence, fact: Fact, given: str) -> None:
    value = read_value(given, column_of(table.name, fact.name))
    if isinstance(value, Problem):
        found.problems[fact.name] = message(
            "{rule}。{remedy}", rule=value.rule, remedy=value.remedy
        )
        return
    if isinstance(value, Told):
        found.remarks[fact.name] = value.text
        value = value.value
    if value is None:
        text = "“{value}”看不出意思：不知道就留空，没有就填0或“无”"
        found.problems[fact.name] = message(text, value=given[:40])
        return
    if isinstance(value, list | tuple):
        value = tuple(str(part) for part in value)
    assert isinstance(value, bool | int | str | date | tuple)
    found.values[fact.name] = value


def text_of(value: Scalar, fact: Fact) -> str:
    """A value as it stands in the input."""
    if value is None:
        return ""
    if fact.unit is Unit.FEN:
        assert isinstance(value, int)
        return f"{Decimal(value).scaleb(-2):,.2f}"
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple):
        return "、".join(value) or NONE
    return value.isoformat() if isinstance(value, date) else str(value)


def worded(value: Scalar, fact: Fact) -> Message | str:
    """A value as people read it; empty where nothing is known."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return message(YES if value else NO)
    if isinstance(value, tuple):
        return message("{names}", names=value) if value else message(NONE)
    if fact.name == FIELD and isinstance(value, str):
        return message("{code} {name}", code=value, name=field_name(value))
    if fact.unit is Unit.CHOICE:
        return message(next((zh for code, zh, _ in fact.choices if code == value), str(value)))
    plain = text_of(value, fact)
    if fact.unit not in (Unit.FEN, Unit.YEAR, Unit.MONTH) and isinstance(value, int):
        plain = f"{value:,}"
    return message("{value}", value=plain)  # what people wrote is never translated


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact as a form asks for it: how it is typed, of what it may be chosen, how long it may be."""

    fact: Fact
    way: str
    """text, long, choice, yes, day, number, names."""
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    most: int = 200


def asked(table: Evidence, *, new: bool) -> list[Asked]:
    """What a form asks of a row; what names it only where it is new."""
    return [_asked(fact) for fact in table.facts if new or fact.name not in table.key]


def _asked(fact: Fact) -> Asked:
    match fact.unit:
        case Unit.CHOICE:
            return Asked(fact, "choice", tuple((code, zh) for code, zh, _ in fact.choices))
        case Unit.YES_NO:
            return Asked(fact, "yes", ((YES, YES), (NO, NO)))
        case Unit.DAY:
            return Asked(fact, "day")
        case Unit.FEN:
            return Asked(fact, "number", unit="元", most=40)
        case Unit.NAMES:
            return Asked(fact, "names", most=2000)
        case Unit.TEXT:
            most = longest(fact)
            return Asked(fact, "long" if most > 200 else "text", most=most)
        case _:
            return Asked(fact, "number", most=20)
