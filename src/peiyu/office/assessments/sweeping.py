"""Judging many at once in columns and keeping their three lines; in the job worker alone: it needs polars."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peiyu.office.assessments.basis import chosen, order_of
from peiyu.office.assessments.frames import population
from peiyu.office.assessments.gathered import Gathered, Key, Uses, gather
from peiyu.office.assessments.keeping import Kept, keep
from peiyu.office.assessments.models import Audience
from peiyu.office.assessments.readiness import CACHED, COLUMNS, Lines, columns_of
from peiyu.office.policies.programme import readings_of, values_on
from peiyu.office.reports.models import Basis
from peiyu.office.reports.permissions import OF_TAX_OFFICE
from peiyu.policy.columns import Population, judge
from peiyu.policy.explain import Program, Score, program
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.tree import Outcome

OUTCOMES = {outcome.name.lower(): outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Ways:
    """How one programme is judged on a day: order of bases, readings, figures."""

    book: Rulebook
    version: str
    basis: str
    readings: Mapping[str, str]
    program: Program


class Sweep:
    """One pass of the rules over many, as of a day, as known by another."""

    def __init__(self, on: date, known: date, rulebooks: Iterable[str] = CACHED) -> None:
        self.on, self.known = on, known
        values = values_on(on)
        self.ways = tuple(_ways([RULEBOOKS[name] for name in rulebooks], on, values))
        self.uses = Uses(known).read_all()

    def lines(self, keys: Sequence[Key]) -> list[Kept]:
        """The lines of these enterprises, not yet written."""
        books = [way.book for way in self.ways]
        found = gather(keys, books, on=self.on, known=self.known, uses=self.uses)
        if not found.standing:
            return []
        taxed = found.stated_on(OF_TAX_OFFICE) & found.standing.keys()
        readers = dict.fromkeys(found.standing, Audience.BOTH)
        readers |= dict.fromkeys(taxed, Audience.WITH_TAX)
        made = list(self._judged(found, readers))
        if taxed:
            others = dict.fromkeys(taxed, Audience.WITHOUT_TAX)
            made += self._judged(found.only(taxed), others, OF_TAX_OFFICE)
        return made

    def _judged(
        self,
        found: Gathered,
        readers: Mapping[Key, Audience],
        without: Collection[Basis] = (),
    ) -> Iterator[Kept]:
        """Judge all that was gathered, each for its readers, without what is closed to them."""
        frames: dict[str, Population] = {}
        for way in self.ways:
            if way.basis not in frames:
                frames[way.basis] = population(found, order_of(way.basis, without))
            judged = judge(way.book, frames[way.basis], self.on, way.readings).collect()
            names = [criterion.id for criterion in way.book.criteria]
            for row in judged.iter_rows(named=True):
                key = int(row["key"])
                told = columns_of(lines_of_row(row, names), way.program)
                over = (way.version, way.basis)
                line = tuple(told[name] for name in COLUMNS)
                yield Kept(key, way.book.name, readers[key], line, over)

    def write(self, keys: Sequence[Key], made: Sequence[Kept]) -> int:
        """Write what was found of these; how many enterprises stand otherwise than before.

        Part of a job's step: one transaction. Programmes that are no longer in force leave no row.
        """
        return keep(keys, made, on=self.on, known=self.known)


def _ways(books: Iterable[Rulebook], on: date, values: Mapping[str, Any]) -> Iterator[Ways]:
    """The programmes that are in force on the day."""
    for book in books:
        readings = readings_of(book, values)
        if on < book.since:
            continue
        try:
            laid = program(book, on, readings)
        except NotInForce:
            continue
        yield Ways(book, book.version(), chosen(book, values), readings, laid)


def lines_of_row(row: Mapping[str, Any], criteria: Iterable[str]) -> Lines:
    """A row of the columns interpreter as the three lines."""
    score = None
    if row.get("score_over"):
        score = Score(
            row["score_low"], row["score_high"], row["score_over"], bool(row["score_needs_data"])
        )
    return Lines(
        {name: OUTCOMES[row[name]] for name in criteria},
        OUTCOMES[row["hard"]],
        OUTCOMES[row["verdict"]],
        score,
    )
