"""Judging many at once in columns and keeping their three lines; in the job worker alone: it needs polars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peiyu.office.assessments.basis import chosen, order_of, readings_of
from peiyu.office.assessments.frames import population
from peiyu.office.assessments.gathered import Gathered, Key, Uses, gather
from peiyu.office.assessments.models import Readiness
from peiyu.office.assessments.prints import Prints
from peiyu.office.assessments.readiness import CACHED, WRITTEN, Lines, columns_of, same
from peiyu.office.foundation.days import office_now
from peiyu.office.policies.programme import values_on
from peiyu.policy.columns import judge
from peiyu.policy.explain import Program, Score, program
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.tree import Outcome

AT_ONCE = 500
OUTCOMES = {outcome.name.lower(): outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Ways:
    """How one programme is judged on a day: order of bases, readings, figures."""

    book: Rulebook
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

    def lines(self, keys: Sequence[Key]) -> Iterator[Readiness]:
        """The rows of the cache of these enterprises, not yet written."""
        found = gather(
            keys, [way.book for way in self.ways], on=self.on, known=self.known, uses=self.uses
        )
        prints, at = Prints(found), office_now()
        for way in self.ways:
            yield from self._of(way, found, prints, at)

    def _of(self, way: Ways, found: Gathered, prints: Prints, at: datetime) -> Iterator[Readiness]:
        version = way.book.version()
        names = [criterion.id for criterion in way.book.criteria]
        for row in judged_rows(way, found, self.on):
            key = int(row["key"])
            lines = lines_of_row(row, names)
            yield Readiness(
                enterprise_id=key, rulebook=way.book.name, version=version, on=self.on, known=self.known,
                basis=way.basis, fingerprint=prints.of(key), computed_at=at, **columns_of(lines, way.program),
            )  # fmt: skip

    def write(self, keys: Sequence[Key], made: Sequence[Readiness]) -> int:
        """Write what was found of these; how many enterprises stand otherwise than before.

        Part of a job's step: one transaction. Programmes that are no longer in force leave no row.
        """
        before = {
            (row.enterprise_id, row.rulebook): row
            for row in Readiness.objects.filter(enterprise__in=keys)
        }
        moved = {
            row.enterprise_id
            for row in made
            if (old := before.get((row.enterprise_id, row.rulebook))) is None or not same(old, row)
        }
        gone = before.keys() - {(row.enterprise_id, row.rulebook) for row in made}
        Readiness.objects.filter(pk__in=[before[place].pk for place in gone]).delete()
        Readiness.objects.bulk_create(
            made, update_conflicts=True, unique_fields=["rulebook", "enterprise"],
            update_fields=list(WRITTEN), batch_size=AT_ONCE,
        )  # fmt: skip
        return len(moved)


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
        yield Ways(book, chosen(book, values), readings, laid)


def judged_rows(way: Ways, found: Gathered, on: date) -> Iterator[dict[str, Any]]:
    """What the rules say of everybody gathered, in columns."""
    if found.standing:
        frame = judge(way.book, population(found, order_of(way.basis)), on, way.readings).collect()
        yield from frame.iter_rows(named=True)


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
