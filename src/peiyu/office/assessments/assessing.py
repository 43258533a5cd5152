"""An assessment as a value: what the rules say of one enterprise on a day, and all that explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property

from peiyu.batch.judging import Judged, judge
from peiyu.office.assessments.basis import FIRST, Order, chosen, order_of
from peiyu.office.assessments.facts import Facts, cases_of, told
from peiyu.office.assessments.gathered import Gathered, Key, gather
from peiyu.office.policies.programme import readings_of, values_on
from peiyu.office.reports.models import Basis
from peiyu.policy import reasons
from peiyu.policy.case import Case
from peiyu.policy.explain import Assessment, Score, program
from peiyu.policy.intervals import interval
from peiyu.policy.reasons import Explanation, Missing, Near, OtherReading
from peiyu.policy.rulebook import Flag, Item, Rulebook
from peiyu.policy.tree import Outcome

HARD, SCORE, VERDICT = "hard", "score", "verdict"
"""The three lines."""


@dataclass(frozen=True, slots=True)
class Seen:
    """From where one looks: day judged, what was known, whose word counts, which readings, which facts."""

    rulebook: Rulebook
    on: date
    known: date
    basis: str
    """The name of the order of bases."""
    order: Order
    readings: Mapping[str, str]
    case: Case


@dataclass(frozen=True, slots=True)
class OtherBasis:
    """What would come out if another basis went first, where that is something else."""

    basis: str
    hard: Outcome
    verdict: Outcome
    score: Score | None
    changed: tuple[tuple[str, Outcome], ...]
    """Criteria with their outcome there."""


@dataclass(frozen=True, slots=True)
class Points:
    """A scored item: points from `low` to `high` over `over`, of `item.most`."""

    item: Item
    low: int
    high: int
    over: int


@dataclass(frozen=True)
class Assessed:
    """One enterprise under one programme: three lines, criteria with reasons, facts with sources.

    `judged` has what `peiyu.policy` says: explanations, rows, missing facts, flags. Nearness, other
    readings of switches and other bases are worked out when asked for; none of them asks the database.
    """

    enterprise: Key
    seen: Seen
    facts: Facts
    judged: Judged
    left_out: tuple[Basis, ...] = ()
    """Bases that were not to be read."""
    gathered: Gathered | None = field(default=None, repr=False, compare=False)

    @property
    def rulebook(self) -> Rulebook:
        """By what it was judged."""
        return self.seen.rulebook

    @property
    def assessment(self) -> Assessment:
        """The plan with every value that was worked out."""
        return self.judged.assessment

    # -- the three lines

    @property
    def hard(self) -> Outcome:
        """Line (a): the conditions that data decide."""
        return self.assessment.hard

    @property
    def score(self) -> Score | None:
        """Line (b): the points as an interval; none where the programme does not score."""
        return self.assessment.score

    @property
    def verdict(self) -> Outcome:
        """Line (c): all conditions together; no estimate changes it."""
        return self.assessment.verdict

    @property
    def points_needed(self) -> int | None:
        """How many of the open points it takes to pass; None where none suffice or nothing is scored."""
        return self.judged.points_needed()

    @property
    def points_open(self) -> Fraction:
        """How many points are still open."""
        return self.judged.points_open()

    # -- criteria

    @property
    def explanations(self) -> tuple[Explanation, ...]:
        """Every criterion with formula, comparisons, facts, rows, missing facts, switches."""
        return self.judged.explanations

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """The outcome of every criterion."""
        return self.assessment.outcomes

    def with_outcome(self, *outcomes: Outcome) -> tuple[str, ...]:
        """The criteria with one of these outcomes, in order."""
        return tuple(name for name, found in self.outcomes.items() if found in outcomes)

    def near(self, criterion: str) -> tuple[Near, ...]:
        """The smallest change of each figure behind a decided criterion that turns it over."""
        return reasons.near(self.assessment, criterion)

    @property
    def items(self) -> tuple[Points, ...]:
        """The scored items with their points."""
        found = []
        for item in self.rulebook.items:
            low, high, over, _ = interval(self.assessment.value(item.points))
            assert low is not None and high is not None
            found.append(Points(item, low, high, over))
        return tuple(found)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What a person should look at."""
        return tuple(flag for flag in self.rulebook.flags if flag.id in self.judged.flags)

    def missing(self) -> tuple[tuple[Missing, tuple[str, ...]], ...]:
        """What is not known and would help, with the criteria that wait for it; the fact says who has it."""
        return tuple((one, tuple(names)) for one, names in self.judged.missing().values())

    @cached_property
    def other_readings(self) -> Mapping[str, tuple[OtherReading, ...]]:
        """By criterion, the readings of switches under which it, or the score, would be another."""
        return reasons.changed_readings(self.assessment)

    @cached_property
    def whole(self) -> Judged:
        """What was judged with the other readings in it, as the printers of `peiyu.batch` take it."""
        return replace(self.judged, readings=self.other_readings)

    @cached_property
    def other_bases(self) -> tuple[OtherBasis, ...]:
        """What would come out with another basis first, where it differs; no further query."""
        if self.gathered is None:
            return ()
        stated = {basis for _, _, basis in self.gathered.yearly}
        return tuple(_others(self, stated))


def assess(
    enterprise: Key,
    rulebook: Rulebook,
    *,
    on: date,
    known: date | None = None,
    basis: str = "",
    without: frozenset[Basis] = frozenset(),
    readings: Mapping[str, str] | None = None,
    lang: str = "zh",
) -> Assessed | None:
    """Judge one enterprise by a programme as of a day; None if there is no such enterprise.

    `known`: what was recorded by then (by `on` unless said); `basis`: the name of an order of bases,
    else the one that is set for the programme; `without`: bases that must not be read, for readers to
    whom they are closed; `readings`: readings of switches instead of those that are set.

    Raises:
        NotInForce: the rules were not in force on that day.
        Refused: a reading that was set is none of the rulebook any more.
        UnknownReading: one of `readings` is none of the rulebook.
    """
    values = values_on(on)
    name = basis or chosen(rulebook, values)
    order = order_of(name, without)
    known = on if known is None else known
    found = gather([enterprise], [rulebook], on=on, known=known)
    if enterprise not in found.standing:
        return None
    facts = told(found, order)[enterprise]
    chosen_readings = {**readings_of(rulebook, values), **(readings or {})}
    seen = Seen(rulebook, on, known, name, order, chosen_readings, facts.case)
    left_out = tuple(one for one in order_of(name) if one in without)
    return assessed(enterprise, seen, facts, left_out, found, lang=lang)


def assessed(
    enterprise: Key,
    seen: Seen,
    facts: Facts,
    left_out: tuple[Basis, ...] = (),
    found: Gathered | None = None,
    *,
    lang: str = "zh",
) -> Assessed:
    """Judge what is seen."""
    judging = judge(seen.rulebook, [seen.case], seen.on, seen.readings, lang=lang, readings=False)
    judged = next(judging)
    return Assessed(enterprise, seen, facts, judged, left_out, found)


def _others(of: Assessed, stated: set[str]) -> Iterator[OtherBasis]:
    assert of.gathered is not None
    laid = program(of.rulebook, of.seen.on, of.seen.readings)
    for name, first in FIRST.items():
        if name == of.seen.basis or first in of.left_out or first.value not in stated:
            continue
        order = order_of(name, of.left_out)
        there = Assessment(laid, cases_of(of.gathered, order)[of.enterprise])
        here = of.outcomes
        changed = tuple((n, found) for n, found in there.outcomes.items() if found is not here[n])
        if changed or _points(there.score) != _points(of.score):
            yield OtherBasis(name, there.hard, there.verdict, there.score, changed)


def _points(score: Score | None) -> tuple[Fraction, Fraction] | None:
    if score is None:
        return None
    return Fraction(score.low, score.scale), Fraction(score.high, score.scale)
