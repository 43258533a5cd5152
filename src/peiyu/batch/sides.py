"""What is compared when an input is judged again: two sides, and the steps that lead from one to the other.

Between the sides lie at most four steps, each with one thing changed: the facts (what was recorded
later), the time (windows and fiscal years move), the rule (figures of the law) and the reading of its
open words. The steps are taken from the earlier side to the later one whichever was named first, so
that a replay from b to a is the reverse of that from a to b.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from peiyu.policy.explain import Program
from peiyu.policy.parameters import Figures, Value, parameters
from peiyu.policy.rulebook import Rulebook
from peiyu.words import mark


class Cause(StrEnum):
    """Why an outcome is another than on the other side."""

    FACTS = "facts"
    TIME = "time"
    RULE = "rule"
    READING = "reading"


CAUSES = {
    Cause.FACTS: mark("事实"),
    Cause.TIME: mark("时间推移"),
    Cause.RULE: mark("规则变化"),
    Cause.READING: mark("口径变化"),
}
MEANINGS = {
    Cause.FACTS: mark("后来才记录的数据"),
    Cause.TIME: mark("期限、窗口和会计年度随日期移动"),
    Cause.RULE: mark("法定数值在两日之间变了，或被替换"),
    Cause.READING: mark("法规未作规定之处换了口径"),
}
CHANGES = {
    Cause.FACTS: ("known",),
    Cause.TIME: ("on",),
    Cause.RULE: ("law", "replaced"),
    Cause.READING: ("readings",),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One way to judge: the day, what was known by when, whose figures, which readings."""

    on: date
    law: date  # the day at which the figures of the law are read
    known: date | None = None  # null: all that was ever recorded
    replaced: tuple[tuple[str, str], ...] = ()
    readings: tuple[tuple[str, str], ...] = ()

    @property
    def figures(self) -> Figures:
        """The figures of the law on this side."""
        return Figures(self.law, self.replaced)

    @property
    def input(self) -> tuple[int, date | None]:
        """What the reading of the input depends on: the year before which fiscal years lie."""
        return self.on.year, self.known

    def program(self, rulebook: Rulebook) -> Program:
        """The rulebook laid out for this side."""
        readings = rulebook.readings(dict(self.readings))
        return Program(rulebook, self.on, readings, self.figures, tuple(rulebook.roots()))


def side(
    on: date,
    known: date | None = None,
    replaced: Mapping[str, str] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Side:
    """A side by the law of its own day."""
    return Side(
        on, on, known, tuple(sorted((replaced or {}).items())), tuple(sorted((readings or {}).items()))
    )  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """The sides from the earlier to the later, with what changes at each step."""

    sides: tuple[Side, ...]
    causes: tuple[Cause, ...]  # one less than the sides
    backwards: bool  # the side named first is the later one


def walk(rulebook: Rulebook, first: Side, second: Side) -> Walk:
    """The steps between two sides; a step that changes nothing is left out."""
    backwards = _place(second) < _place(first)
    here, end = (second, first) if backwards else (first, second)
    sides, causes = [here], []
    for cause, names in CHANGES.items():
        there = replace(here, **{name: getattr(end, name) for name in names})
        if there == here or (cause is Cause.RULE and same_figures(rulebook, here, there)):
            continue
        sides.append(there)
        causes.append(cause)
        here = there
    return Walk(tuple(sides), tuple(causes), backwards)


def _place(found: Side) -> tuple[date, date]:
    return found.on, found.known or date.max


def same_figures(rulebook: Rulebook, one: Side, two: Side) -> bool:
    """Are all figures that the rulebook reads the same on both sides."""
    return not list(changed_figures(rulebook, one, two))


def changed_figures(rulebook: Rulebook, one: Side, two: Side) -> Iterator[tuple[str, Value, Value]]:
    """The figures of the law that differ, by name, with both values."""
    for name in rulebook.parameters():
        before, after = one.figures.value(name), two.figures.value(name)
        if before != after:
            yield name, before, after


def settable(rulebook: Rulebook) -> tuple[str, ...]:
    """The figures that can be replaced: the single numbers."""
    known = parameters()
    return tuple(name for name in rulebook.parameters() if known[name].shape == "number")
