"""The rules of two days side by side: figures, readings, and every formula in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from peiyu.batch.sides import changed_figures, side
from peiyu.office.policies.queries import Chosen
from peiyu.office.web.policies.book import Book, Dated, Figure, laid_out
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.words import mark

Readings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that the rules say, on one day and on the other."""

    key: str
    title: str
    cite: str
    one: str
    two: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind."""

    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """A figure of the law on both days, each with the entry that counts."""

    figure: Figure
    one: Dated
    two: Dated
    differs: bool


@dataclass(frozen=True, slots=True)
class Chosens:
    """A switch on both days: the readings in words, and by whom they were chosen, if by anybody."""

    key: str
    title: str
    cite: str
    one: str
    two: str
    differs: bool
    first: Chosen | None
    second: Chosen | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two days of a rulebook; `full`: also what is the same."""

    figures: tuple[Values, ...]
    readings: tuple[Chosens, ...]
    sections: tuple[Section, ...]
    differ: int
    """How many things differ, of all kinds."""


def compared(
    name: str,
    one: tuple[date, Readings, dict[str, Chosen]],
    two: tuple[date, Readings, dict[str, Chosen]],
    lang: str,
    *,
    full: bool,
) -> Compared:
    """What differs between the rules of two days, or all of it.

    That fiscal years move along with the day is no difference: formulas are compared in the years of
    the second day, and shown in their own.

    Raises:
        NotYet: on one of the days the rulebook has no rules.
    """
    (on, chosen, by), (then, later, by_then) = one, two
    left, right = laid_out(name, on, chosen, lang), laid_out(name, then, later, lang)
    same_years = laid_out(name, on, chosen, lang, then)
    figures = list(_figures(name, on, then, left, right))
    readings = [
        Chosens(
            word.key, word.title, word.cite, word.reading, other.reading,
            word.reading != other.reading, by.get(word.key), by_then.get(word.key),
        )
        for word, other in zip(left.words, right.words, strict=True)
    ]  # fmt: skip
    sections = [
        Section(
            title, tuple(_pairs(_said(left, kind), _said(same_years, kind), _said(right, kind)))
        )
        for kind, title in KINDS
    ]
    different = [
        *(one.differs for one in figures),
        *(one.differs for one in readings),
        *(pair.differs for section in sections for pair in section.pairs),
    ]
    if not full:
        figures = [one for one in figures if one.differs]
        readings = [one for one in readings if one.differs]
        sections = [
            Section(section.title, tuple(pair for pair in section.pairs if pair.differs))
            for section in sections
        ]
    shown = tuple(section for section in sections if section.pairs)
    return Compared(tuple(figures), tuple(readings), shown, sum(different))


def _figures(name: str, on: date, then: date, left: Book, right: Book) -> Iterator[Values]:
    book = RULEBOOKS[name]
    changed = {key for key, _, _ in changed_figures(book, side(on), side(then))}
    for figure, other in zip(left.figures, right.figures, strict=True):
        one = next(value for value in figure.values if value.now)
        two = next(value for value in other.values if value.now)
        yield Values(figure, one, two, figure.key in changed)


KINDS = (
    ("rules", mark("条件")),
    ("items", mark("评价项目")),
    ("grants", mark("奖补")),
    ("quantities", mark("数量的含义")),
    ("rows", mark("逐行条件")),
)
Said = tuple[str, str, str, str]
"""Key, title, article, formula in words."""


def _said(book: Book, kind: str) -> list[Said]:
    """All things of a kind, in the order of the rulebook."""
    if kind == "rules":
        rules = (rule for part in book.parts for rule in part.rules)
        return [(rule.key, rule.title, rule.cite, rule.formula) for rule in rules]
    if kind == "items":
        return [("", item.title, item.cite, item.formula) for item in book.items]
    if kind == "grants":
        return [
            (one.key, one.title, one.cite, f"{one.condition} → {one.amount}") for one in book.grants
        ]
    if kind == "quantities":
        return [("", title, cite, made) for title, cite, made in book.quantities]
    return [
        ("", row.title, row.cite, "\n".join(condition for condition, _, _ in row.conditions))
        for row in book.rows
    ]


def _pairs(left: Iterable[Said], same: Iterable[Said], right: Iterable[Said]) -> Iterator[Pair]:
    for one, again, two in zip(left, same, right, strict=True):
        key, title, cite, made = two
        yield Pair(key, title, cite, one[-1], made, again[-1] != made)
