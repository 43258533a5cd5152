"""Figures as people type them, read as the sheets are read: 万元, 1,234.5, 12万元."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from peiyu.batch.layouts import column
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.office.reports.models import FIGURES, figure_of
from peiyu.policy.facts import Fact
from peiyu.tables.answers import Problem, Told
from peiyu.tables.cells import read_value
from peiyu.tables.layout import Column
from peiyu.words import Message, message

SCIENTIFIC = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+")


@dataclass
class Typed:
    """What typed texts say: figures, what is the matter with the others, what should be told."""

    figures: dict[str, Decimal | None] = field(default_factory=dict)
    problems: dict[str, Message] = field(default_factory=dict)
    remarks: dict[str, Message] = field(default_factory=dict)

    def raise_problems(self) -> None:
        """Refuse everything that could not be read, all at once."""
        if self.problems:
            raise SeveralRefused(
                tuple(Refused(text, field=name) for name, text in self.problems.items())
            )


@cache
def column_of(name: str, lang: str = "zh") -> Column:
    """A figure as a column of a sheet."""
    return column(FIGURES[name], lang=lang)


def typed(texts: Mapping[str, str], *, factor: int = 1) -> Typed:
    """Read texts by the names of figures; an empty one is unknown. `factor`: yuan in the unit used."""
    found = Typed()
    for name, text in texts.items():
        fact: Fact | None = FIGURES.get(name)
        if fact is None:
            continue
        given = text.strip()
        if not given:
            found.figures[name] = None
            continue
        if SCIENTIFIC.fullmatch(given):
            found.problems[name] = message(
                "“{text}”是科学计数法；请写完整的数，如 1000000", text=given[:20]
            )
            continue
        value = read_value(given, column_of(name), factor if fact.unit.value == "fen" else 1)
        if isinstance(value, Problem):
            found.problems[name] = message("{rule}。{remedy}", rule=value.rule, remedy=value.remedy)
            continue
        if isinstance(value, Told):
            found.remarks[name] = value.text
            value = value.value
        if value is None:  # “--”, “不详”: a cell of a table says so, a person empties the field
            found.problems[name] = message(
                "“{text}”不是数；没有就填0，不知道就留空", text=given[:20]
            )
            found.remarks.pop(name, None)
            continue
        assert isinstance(value, int)
        found.figures[name] = figure_of(value)
    return found
