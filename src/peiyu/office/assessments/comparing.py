"""Why an assessment says something else than an earlier one: facts, time, rules, readings, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise

from peiyu.batch.sides import Cause, Side, changed_figures, walk
from peiyu.office.assessments.assessing import HARD, VERDICT, Seen
from peiyu.office.assessments.basis import Order
from peiyu.office.assessments.facts import cases_of
from peiyu.office.assessments.gathered import Key, gather
from peiyu.policy.case import Case, Scalar
from peiyu.policy.explain import Assessment, Granted
from peiyu.policy.parameters import Value
from peiyu.policy.tree import Outcome

Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Lines:
    """The outcome of each line and criterion, and the points."""

    outcomes: Mapping[str, Outcome]
    score: Interval | None
    grants: Mapping[str, Granted] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A line or criterion that came out otherwise, and for what causes, in the order of the steps."""

    line: str
    before: Outcome
    after: Outcome
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class GrantChange:
    """A grant that comes to something else, and for what causes."""

    grant: str
    before: Granted | None
    after: Granted
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that is another than was known then."""

    name: str
    before: Scalar
    after: Scalar


@dataclass(frozen=True)
class Comparison:
    """What differs between two assessments of one enterprise, from the earlier to the later."""

    changes: tuple[Change, ...]
    score_before: Interval | None
    score_after: Interval | None
    score_causes: tuple[Cause, ...]
    facts: tuple[FactChange, ...]
    """Facts that were recorded since, as seen from the earlier day."""
    tables: tuple[str, ...]
    """Tables whose rows, or whose fullness, are others."""
    figures: tuple[tuple[str, Value, Value], ...]
    """Figures of the law that changed between the two days."""
    causes: tuple[Cause, ...]
    """Every step that was taken, whether or not it changed an outcome."""
    grants: tuple[GrantChange, ...] = ()

    @property
    def same(self) -> bool:
        """Nothing came out otherwise."""
        return not self.changes and not self.grants and self.score_before == self.score_after


def compare(enterprise: Key, earlier: Seen, later: Seen, before: Lines | None = None) -> Comparison:
    """What differs between two looks at one enterprise, and why: re-judged with one thing exchanged.

    First the facts recorded since, seen from the earlier day; then the day, by the same figures of
    the law; then those figures; then readings and order of bases. `before`: what was found then, where
    it was kept: what the same facts and figures no longer give is a change of the rules.
    """
    book = later.rulebook
    steps = walk(book, _side(earlier), _side(later))
    sides, causes = list(steps.sides), list(steps.causes)
    if steps.backwards:
        sides.reverse()
        causes.reverse()
    if Cause.FACTS not in causes:  # more may have been recorded on that same day
        sides.insert(1, sides[0])
        causes.insert(0, Cause.FACTS)
    if earlier.order != later.order and Cause.READING not in causes:
        sides.append(sides[-1])
        causes.append(Cause.READING)
    cases = _cases(enterprise, earlier, later, sides, causes)
    found = [
        lines_of(Assessment(side.program(book), case))
        for side, case in zip(sides, cases, strict=True)
    ]
    steps_taken = tuple(causes)
    if before is not None:
        found.insert(0, before)
        causes.insert(0, Cause.RULE)
    first, last = found[0], found[-1]
    step = steps_taken.index(Cause.FACTS)
    unmoved, moved = cases[step], cases[step + 1]
    return Comparison(
        tuple(_changes(found, causes)),
        first.score,
        last.score,
        tuple(c for c, (a, b) in zip(causes, pairwise(found), strict=True) if a.score != b.score),
        tuple(_facts(unmoved, moved)),
        tuple(_tables(unmoved, moved)),
        tuple(changed_figures(book, _side(earlier), _side(later))),
        tuple(dict.fromkeys(causes)),
        tuple(_grants(found, causes)),
    )


def _side(seen: Seen) -> Side:
    readings = tuple(sorted(seen.rulebook.readings(seen.readings).items()))
    return Side(seen.on, seen.on, seen.known, (), readings)


def _cases(
    enterprise: Key, earlier: Seen, later: Seen, sides: list[Side], causes: list[Cause]
) -> list[Case]:
    """The facts of each step: those of the ends are at hand, those between are read."""
    made: dict[tuple[date, date | None, Order], Case] = {
        (later.on, later.known, later.order): later.case
    }
    found, order = [earlier.case], earlier.order
    for at, side in enumerate(sides[1:]):
        if causes[at] is Cause.READING:
            order = later.order
        place = (side.on, side.known, order)
        if place not in made:
            known = side.known or later.known
            held = gather([enterprise], [later.rulebook], on=side.on, known=known)
            made[place] = cases_of(held, order)[enterprise]
        found.append(made[place])
    return found


def lines_of(assessment: Assessment) -> Lines:
    """What came out, for comparing."""
    score = assessment.score
    points = None
    if score is not None:
        points = (Fraction(score.low, score.scale), Fraction(score.high, score.scale))
    lines = {HARD: assessment.hard, VERDICT: assessment.verdict}
    paid = {
        name: Granted(one.outcome, *one.money) for name, one in assessment.grants.items()
    }  # what it would be if it were given does not matter
    return Lines({**lines, **assessment.outcomes}, points, paid)


def _changes(found: list[Lines], causes: list[Cause]) -> Iterator[Change]:
    for line, after in found[-1].outcomes.items():
        before = found[0].outcomes.get(line, Outcome.NOT_APPLICABLE)
        if before is after:
            continue
        why = [
            cause
            for cause, (a, b) in zip(causes, pairwise(found), strict=True)
            if a.outcomes.get(line) is not b.outcomes.get(line)
        ]
        yield Change(line, before, after, tuple(dict.fromkeys(why)))


def _grants(found: list[Lines], causes: list[Cause]) -> Iterator[GrantChange]:
    for name, after in found[-1].grants.items():
        before = found[0].grants.get(name)
        if before == after:
            continue
        why = [
            cause
            for cause, (a, b) in zip(causes, pairwise(found), strict=True)
            if a.grants.get(name) != b.grants.get(name)
        ]
        yield GrantChange(name, before, after, tuple(dict.fromkeys(why)))


def _facts(before: Case, after: Case) -> Iterator[FactChange]:
    for name in sorted(before.facts.keys() | after.facts.keys()):
        old, new = before.facts.get(name), after.facts.get(name)
        if old != new:
            yield FactChange(name, old, new)


def _tables(before: Case, after: Case) -> Iterator[str]:
    for name in sorted(before.tables.keys() | after.tables.keys()):
        same = before.state(name) == after.state(name)
        if not same or _rows(before, name) != _rows(after, name):
            yield name


def _rows(case: Case, table: str) -> list[Mapping[str, Scalar]]:
    return [
        {name: value for name, value in row.items() if name != "_source"}
        for row in case.tables.get(table, ())
    ]
