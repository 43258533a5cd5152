"""The reasons of one enterprise's outcome: values, limits, facts with sources, rows, what is missing.

Everything is read off the plan that decided; nothing is worked out a second time. Nearness and other
readings run the same rules again with one thing changed, and are made on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache, cached_property, partial
from typing import Any

from peiyu.policy import facts, tree
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.explain import Assessment, Granted, Program, Score, program
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.intervals import Interval, interval, is_known
from peiyu.policy.row_rules import Run
from peiyu.policy.rulebook import Criterion, Grant
from peiyu.policy.tree import Node, Outcome
from peiyu.policy.wording import SHARE, Speaker, unit_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it can be told: an interval with its unit; `None` is an open end."""

    low: Fraction | None
    high: Fraction | None
    unit: Unit | str

    @property
    def known(self) -> bool:
        """Is it one value."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class TestShown:
    """One comparison: what was compared with what, as a pair where it is a share."""

    __test__ = False  # not a test of ours

    words: str
    operator: str
    outcome: Outcome
    value: Shown | None  # null where a share has no base above zero
    limit: Shown
    part: Shown | None = None  # of a share
    base: Shown | None = None


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact that was read, with where it comes from."""

    fact: Fact
    year: int | None
    value: Scalar
    source: str


@dataclass(frozen=True, slots=True)
class QuantityShown:
    """A number with a name of its own in the law, as it was worked out."""

    title: str
    article: str
    year: int | None
    value: Shown


@dataclass(frozen=True, slots=True)
class Why:
    """Why a row does not count, or why that cannot be said."""

    text: str  # Chinese
    article: str
    unknown: bool
    lacking: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of a table: does it count for a measure, and if not why."""

    table: str
    label: str
    measure: str  # Chinese title
    counts: bool | None
    why: tuple[Why, ...]
    source: str
    fact: Fact | None = None  # whose sum over the rows is the measure, with its fiscal year
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known and would help to decide; `row` where it is a cell of a table."""

    fact: Fact
    year: int | None
    row: str = ""
    whole_table: bool = False


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Another reading of a place where the law is silent, and what it would change."""

    switch: str
    reading: str
    outcome: Outcome
    score: Score | None = None
    granted: Granted | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """The smallest change of one fact, others fixed, that changes the outcome."""

    fact: Fact | None
    title: str  # of a measure, Chinese; empty for a fact
    year: int | None
    change: Fraction
    unit: Unit | str
    becomes: Outcome


@dataclass(frozen=True)
class WithRows:
    """What had a part in an outcome, the rows of its tables among it: worked out when asked for."""

    tables: tuple[str, ...]
    """The tables that were read and have rows."""
    made: Callable[[], Iterator[RowShown]] = field(repr=False, compare=False)

    @cached_property
    def rows(self) -> tuple[RowShown, ...]:
        """The rows by measure: which count, and why others do not."""
        return tuple(self.made())


@dataclass(frozen=True)
class Explanation(WithRows):
    """Why a criterion has its outcome."""

    criterion: Criterion
    outcome: Outcome
    formula: str
    tests: tuple[TestShown, ...]
    quantities: tuple[QuantityShown, ...]
    facts: tuple[FactShown, ...]
    missing: tuple[Missing, ...]
    switches: tuple[tuple[str, str], ...]  # switch, reading


@dataclass(frozen=True)
class GrantShown(WithRows):
    """Why a grant is given or not, and how much it comes to."""

    grant: Grant
    granted: Granted
    formula: str
    amount_formula: str
    tests: tuple[TestShown, ...]
    quantities: tuple[QuantityShown, ...]
    facts: tuple[FactShown, ...]
    missing: tuple[Missing, ...]
    switches: tuple[tuple[str, str], ...]  # switch, reading


MissingKey = tuple[str, str, int | None, str]


def waiting(
    found: Iterable[tuple[str, Iterable[Missing]]],
) -> dict[MissingKey, tuple[Missing, list[str]]]:
    """What is not known, each once, with the criteria and grants that wait for it."""
    gathered: dict[MissingKey, tuple[Missing, list[str]]] = {}
    for name, lacks in found:
        for one in lacks:
            key = (one.fact.table, one.fact.name, one.year, one.row)
            gathered.setdefault(key, (one, []))[1].append(name)
    return gathered


def explain(assessment: Assessment, criterion: str, lang: str = "zh") -> Explanation:
    """The reasons of one criterion."""
    found = assessment.program.rulebook.criterion(criterion)
    return Reasons(assessment, lang).of(found)


class Reasons:
    """Reads an assessment off its plan."""

    def __init__(self, assessment: Assessment, lang: str = "zh") -> None:
        self.assessment = assessment
        self.program: Program = assessment.program
        self.case: Case = assessment.case
        self.run: Run = assessment.run
        self.speaker = speaker(self.program, lang)
        self._rows: dict[int, tuple[RowShown, ...]] = {}  # several criteria count the same rows

    def value(self, node: Node) -> Any:
        """What the plan worked out."""
        return self.run.values[self.program.at(node)]

    def taken(self, node: Node) -> Node:
        """The node that stands under the readings."""
        return tree.taken(node, self.program.readings)

    def of(self, criterion: Criterion) -> Explanation:
        """The reasons of a criterion."""
        used = list(self.used(criterion.root))
        outcome = Outcome(self.value(criterion.root))
        score = self.assessment.score if criterion.group == "score" else None
        asked = outcome is Outcome.UNKNOWN or (score is not None and score.data_missing)
        return Explanation(
            *self.of_rows(used),
            criterion,
            outcome,
            self.speaker.say(criterion.root),
            self.tests(used, criterion.root),
            self.quantities(used),
            self.facts(used),
            self.lacking(criterion.root) if asked else (),
            self.switches(criterion.root),
        )

    def of_grant(self, grant: Grant) -> GrantShown:
        """The reasons of a grant: its condition, then its amount."""
        granted = self.assessment.grants[grant.id]
        used = list(dict.fromkeys((*self.used(grant.when), *self.used(grant.amount))))
        asked = granted.outcome is Outcome.UNKNOWN
        open_amount = granted.money[0] != granted.money[1]
        missing = [
            *(self.lacking(grant.when) if asked else ()),
            *(self.lacking(grant.amount) if open_amount else ()),
        ]
        return GrantShown(
            *self.of_rows(used),
            grant,
            granted,
            self.speaker.say(grant.when),
            self.speaker.say(grant.amount),
            self.tests(used, grant.when),
            self.quantities(used),
            self.facts(used),
            tuple(dict.fromkeys(missing)),
            tuple(dict.fromkeys((*self.switches(grant.when), *self.switches(grant.amount)))),
        )

    def lacking(self, root: Node) -> tuple[Missing, ...]:
        """What is missing below a node, each once."""
        found: dict[tuple[object, ...], Missing] = {}
        for lacking in self.missing(root):
            key = (lacking.fact.table, lacking.fact.name, lacking.year, lacking.row)
            found.setdefault(key, lacking)
        return tuple(found.values())

    def tests(self, used: list[Node], root: Node) -> tuple[TestShown, ...]:
        """The comparisons of a condition that had a part."""
        return tuple(
            self.test(node)
            for node in used
            if isinstance(node, tree.Test | tree.RatioTest) and self._own_test(node, root)
        )

    def _own_test(self, node: Node, root: Node) -> bool:
        """Is the comparison one of the condition itself, not one inside a number."""
        found = []
        stack: list[Node] = [self.taken(root)]
        while stack:
            here = stack.pop()
            if isinstance(here, tree.Test | tree.RatioTest):
                found.append(here)
            elif isinstance(here, tree.OutcomeNode):
                stack.extend(
                    self.taken(child)
                    for child in here.children()
                    if isinstance(child, tree.OutcomeNode)
                )
        return any(here is node for here in found)

    # -- what was used

    def used(self, root: Node) -> Iterator[Node]:
        """The nodes that had a part in the outcome, wholes before parts, each once."""
        seen: set[int] = set()

        def visit(node: Node) -> Iterator[Node]:
            while isinstance(node, tree.Called | tree.ChooseNumber | tree.ChooseOutcome):
                if isinstance(node, tree.Called):
                    if id(node) not in seen:
                        seen.add(id(node))
                        yield node
                    node = node.part
                else:
                    node = dict[str, Node](node.readings)[self.program.readings[node.switch]]
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                for child in self.parts(node):
                    yield from visit(child)

        yield from visit(root)

    def parts(self, node: Node) -> tuple[Node, ...]:
        """The children that had a part: the branch taken, the rows or the declared figure."""
        if isinstance(node, tree.Preferred):
            first, second = self.value(node.first), self.value(node.second)
            if is_known(first):
                return (node.first,)
            return (node.second,) if is_known(second) else self._undecided(node)
        if isinstance(node, tree.Measure):
            if self.case.state(node.table) is State.ABSENT:
                return (node.declared,) if node.declared else ()
            return ()
        if isinstance(node, tree.First):
            reached: list[Node] = []
            for condition, number in node.cases:
                reached.append(condition)
                outcome = self.value(condition)
                if outcome != Outcome.UNMET and outcome != Outcome.NOT_APPLICABLE:
                    reached.append(number)
                if outcome == Outcome.MET:
                    return tuple(reached)
            return (*reached, node.otherwise)
        if isinstance(node, tree.Where) and self.value(node.applies) != Outcome.MET:
            return ()
        if isinstance(node, tree.RatioTest):
            return (node.ratio.part, node.ratio.base, node.limit)
        return tuple(c for c in node.children() if isinstance(c, tree.Number | tree.OutcomeNode))

    def _undecided(self, node: tree.Preferred) -> tuple[Node, ...]:
        """Neither is known: the parts if any of them is, else the single figure that is asked for."""
        if isinstance(self.taken(node.second), tree.FactNode):
            stated, made = node.second, node.first
        else:
            stated, made = node.first, node.second
        has_part = any(
            is_known(self.value(leaf))
            for leaf in self.leaves(made)
            if isinstance(leaf, tree.FactNode)
        ) or any(
            isinstance(leaf, tree.Measure) and self.case.state(leaf.table) is not State.ABSENT
            for leaf in self.leaves(made)
        )
        return (made,) if has_part else (stated,)

    def leaves(self, node: Node) -> Iterator[Node]:
        """The facts and measures below a node."""
        node = self.taken(node)
        if isinstance(node, tree.FactNode | tree.Measure):
            yield node
        if isinstance(node, tree.Measure):
            if node.declared is not None:
                yield node.declared
            return
        for child in node.children():
            if isinstance(child, tree.Number | tree.OutcomeNode):
                yield from self.leaves(child)

    # -- numbers and tests

    def shown(self, node: Node) -> Shown:
        """A number of the plan."""
        return shown(interval(self.value(node)), unit_of(node))

    def test(self, node: Node) -> TestShown:
        """One comparison with its value and limit."""
        outcome = Outcome(self.value(node))
        words = self.speaker.say(node)
        if isinstance(node, tree.RatioTest):
            part, base = self.shown(node.ratio.part), self.shown(node.ratio.base)
            limit = self.shown(node.limit)
            return TestShown(words, node.operator, outcome, share(part, base),
                             Shown(limit.low, limit.high, SHARE), part, base)  # fmt: skip
        assert isinstance(node, tree.Test)
        value = self.shown(node.left)
        limit = self.shown(node.right)
        return TestShown(
            words, node.operator, outcome, value, Shown(limit.low, limit.high, value.unit)
        )

    def quantities(self, used: list[Node]) -> tuple[QuantityShown, ...]:
        """The named numbers that had a part."""
        found: dict[tuple[str, int], QuantityShown] = {}
        for node in used:
            if isinstance(node, tree.Called):
                year = self.program.on.year - node.lag if node.lag else None
                found.setdefault(
                    (node.title, node.lag),
                    QuantityShown(node.title, node.article, year, self.shown(node)),
                )
            elif (
                isinstance(node, tree.Measure)
                and node.table != "rd"
                and not (node.absent_is_none and self.case.state(node.table) is State.ABSENT)
            ):
                found.setdefault(
                    (node.title, 0), QuantityShown(node.title, node.article, None, self.shown(node))
                )
        return tuple(found.values())

    # -- facts

    def facts(self, used: list[Node]) -> tuple[FactShown, ...]:
        """The facts that were read and are known."""
        found: dict[str, FactShown] = {}
        for node in used:
            for key, fact, lag in _facts_of(node):
                value = self.case.facts.get(key)
                if value is not None:
                    year = self.program.on.year - lag if lag else None
                    found.setdefault(
                        key, FactShown(fact, year, value, self.case.sources.get(key, ""))
                    )
        return tuple(found.values())

    # -- rows

    def of_rows(self, used: list[Node]) -> tuple[tuple[str, ...], Callable[[], Iterator[RowShown]]]:
        """The tables that were read, and their rows when they are asked for."""
        tables = dict.fromkeys(node.table for node in used if isinstance(node, tree.Measure))
        read = [name for name in tables if self.case.state(name) is not State.ABSENT]
        with_rows = tuple(name for name in read if self.case.tables.get(name))
        return with_rows, partial(self.rows, used)

    def rows(self, used: list[Node]) -> Iterator[RowShown]:
        """The rows of the tables, by measure: which count, and why others do not."""
        for node in used:
            if isinstance(node, tree.Measure) and self.case.state(node.table) is not State.ABSENT:
                yield from self.rows_of(node)

    def rows_of(self, node: tree.Measure) -> tuple[RowShown, ...]:
        """The rows of one measure."""
        found = self._rows.get(id(node))
        if found is None:
            found = self._rows[id(node)] = tuple(self._rows_of(node))
        return found

    def _rows_of(self, node: tree.Measure) -> Iterator[RowShown]:
        table = facts.BY_NAME[node.table]
        where = self.program.cell(node.where)
        fact, year = _added_up(node, self.program.on)
        for place, row in enumerate(self.case.tables.get(node.table, ())):
            counts = where(row, place, self.run)
            counts = None if counts is None else bool(counts)
            why = (
                ()
                if counts
                else tuple(
                    part
                    for part in self.why(node.where, row, place)
                    if counts is None or not part.unknown
                )
            )
            label = str(row.get(table.key) or place + 1) if table.key else str(place + 1)
            source = str(row.get("_source") or "")
            yield RowShown(node.table, label, node.title, counts, why, source, fact, year)

    def why(self, node: Node, row: Row, place: int) -> Iterator[Why]:
        """The named parts of a row rule that are not true."""
        node = self.taken(node)
        if isinstance(node, tree.RowFlag):
            yield from self.why(node.rule, row, place)
        elif isinstance(node, tree.RowAll):
            for part in node.parts:
                yield from self.why(part, row, place)
        else:
            result = self.program.cell(node)(row, place, self.run)
            if result is None or not result:
                lacking = tuple(self._lacking(node, row, place)) if result is None else ()
                if isinstance(node, tree.Because):
                    yield Why(node.why, node.article, result is None, lacking)
                else:
                    yield Why(self.speaker.say(node), "", result is None, lacking)

    def _lacking(self, node: Node, row: Row, place: int) -> Iterator[Fact]:
        """The columns of the row that are not stated and keep a part from being decided."""
        node = self.taken(node)
        if self.program.cell(node)(row, place, self.run) is not None:
            return
        if isinstance(node, tree.Column) and row.get(node.name) is None:
            yield facts.BY_NAME[node.table].fact(node.name)
        elif isinstance(node, tree.Exists):
            if self.case.state(node.link.target) is State.ABSENT:
                if node.declared is None:
                    yield facts.BY_NAME[node.link.target].fact(node.link.target_key)
                else:
                    yield from self._lacking(node.declared, row, place)
            elif row.get(node.link.source_key) is None:
                yield facts.BY_NAME[node.link.source].fact(node.link.source_key)
        else:
            for child in node.children():  # a row rule has only row nodes below it
                yield from self._lacking(child, row, place)

    # -- what is missing

    def missing(self, root: Node) -> Iterator[Missing]:
        """The facts that are not known below what is not decided."""
        node = self.taken(root)
        if isinstance(node, tree.Test | tree.RatioTest | tree.AllOf | tree.AnyOf | tree.Not):
            outcome = self.value(node)
            if outcome not in (Outcome.UNKNOWN, Outcome.EXPERT) and node is not self.taken(root):
                return
        if isinstance(node, tree.Number) and is_known(self.value(node)):
            return
        if isinstance(node, tree.FactNode):
            fact = facts.fact(node.name)
            if not fact.optional:
                yield Missing(fact, self.program.on.year - node.lag if node.lag else None)
        elif isinstance(node, tree.Elapsed | tree.Annualised):
            if self.case.facts.get(node.since) is None:
                yield Missing(facts.fact(node.since), None)
            if (
                isinstance(node, tree.Elapsed)
                and node.until
                and self.case.facts.get(node.until) is None
            ):
                yield Missing(facts.fact(node.until), None)
        elif isinstance(node, tree.IsYes):
            if self.case.facts.get(node.name) is None:
                yield Missing(facts.fact(node.name), None)
        elif isinstance(node, tree.Operated):
            if self.value(node) == Outcome.UNKNOWN:
                yield Missing(facts.fact(node.since), None)
        elif isinstance(node, tree.Measure) and self.case.state(node.table) is not State.ABSENT:
            yield from self._missing_rows(node)
        else:
            for part in self.parts(node):
                below = self.taken(part)
                if isinstance(below, tree.OutcomeNode) and self.value(below) not in (1, 2):
                    continue
                yield from self.missing(part)

    def _missing_rows(self, node: tree.Measure) -> Iterator[Missing]:
        table = facts.BY_NAME[node.table]
        if self.case.state(node.table) is State.PARTIAL:
            yield Missing(table.facts[0], None, "", whole_table=True)
        where = self.program.cell(node.where)
        for place, row in enumerate(self.case.tables.get(node.table, ())):
            counts = where(row, place, self.run)
            label = str(row.get(table.key) or place + 1) if table.key else str(place + 1)
            if counts is None:
                for why in self.why(node.where, row, place):
                    for fact in why.lacking:
                        yield Missing(fact, None, label)
            if counts or counts is None:
                for cell in node.value:
                    for fact in self._lacking(cell, row, place):
                        yield Missing(fact, None, label)

    # -- switches

    def switches(self, root: Node) -> tuple[tuple[str, str], ...]:
        """The readings that the criterion's rule passes, of whichever branch."""
        return tuple((name, self.program.readings[name]) for name in switches_below(root))


@cache
def speaker(program: Program, lang: str) -> Speaker:
    """Who says the nodes of a plan in a language; formulas are worded once."""
    return Speaker(lang, program.readings, program.figures, program.rulebook.governing)


@cache
def switches_below(root: Node) -> tuple[str, ...]:
    """The switches that a rule passes."""
    choices = tree.RowChoose | tree.ChooseNumber | tree.ChooseOutcome
    return tuple({node.switch: None for node in tree.walk(root) if isinstance(node, choices)})


def _facts_of(node: Node) -> Iterator[tuple[str, Fact, int]]:
    match node:
        case tree.FactNode(name=name, lag=lag):
            yield node.key, facts.fact(name), lag
        case tree.Elapsed(since=since, until=until):
            yield since, facts.fact(since), 0
            if until:
                yield until, facts.fact(until), 0
        case tree.IsYes(name=name) | tree.Judged(name=name):
            yield name, facts.fact(name), 0
        case tree.Operated(since=name) | tree.Annualised(since=name):
            yield name, facts.fact(name), 0


def shown(part: Interval, unit: Unit | str) -> Shown:
    """An interval as it can be told."""
    low, high, scale, _ = part
    return Shown(
        None if low is None else Fraction(low, scale),
        None if high is None else Fraction(high, scale),
        unit,
    )


def share(part: Shown, base: Shown) -> Shown | None:
    """The quotient of a share for display: the decision was made without it."""
    if base.high is not None and base.high <= 0:
        return None
    low = None if part.low is None or not base.high else part.low / base.high
    high = None if part.high is None or not base.low or base.low <= 0 else part.high / base.low
    return Shown(low, high, SHARE)


def gap(test: TestShown) -> Shown | None:
    """By how much a comparison is met; below zero what it lacks. Null where an end is open.

    In the unit of the part where shares are compared: so many yuan more, the base as it is.
    """
    falling = test.operator in ("<", "<=")
    if test.operator == "==" or not test.limit.known:
        return None
    limit = test.limit.low
    assert limit is not None
    if test.part is not None and test.base is not None:
        have, base = test.part, test.base
        if not have.known or not base.known or base.low is None or base.low <= 0:
            return None
        limit = limit * base.low
    elif test.value is not None and test.value.known:
        have = test.value
    else:
        return None
    assert have.low is not None
    spare = limit - have.low if falling else have.low - limit
    return Shown(spare, spare, have.unit)


# ------------------------------------------------------------------------- other readings, nearness


def other_readings(assessment: Assessment, criterion: str) -> tuple[OtherReading, ...]:
    """The readings under which the outcome, or the score, would be another and decided."""
    return changed_readings(assessment).get(criterion, ())


STEP = {Unit.PERSON_HUNDREDTH: 100}


def near(assessment: Assessment, criterion: str) -> tuple[Near, ...]:
    """For each figure behind a decided criterion the smallest change that changes the outcome.

    Amounts move by the fen, people by the person. The outcome is taken to change once over the way
    up or down, as it does in every rule of the law that compares with a bound.
    """
    here = assessment.outcome(criterion)
    if here not in (Outcome.MET, Outcome.UNMET):
        return ()
    whole = assessment.program
    root = whole.rulebook.criterion(criterion).root
    small = _beside(whole, f"near {criterion}", (root,))
    here_run = small.run(assessment.case)
    reasons = Reasons(assessment)
    found: list[Near] = []
    seen: set[int] = set()
    for node in reasons.used(root):
        if (
            isinstance(node, tree.Elapsed)
            and node.unit == "days"
            and is_known(here_run.values[small.at(node)])
        ):
            bounds: tuple[int | None, int | None] = (None, None)
        elif isinstance(node, tree.FactNode) or (
            isinstance(node, tree.Measure) and assessment.case.state(node.table) is not State.ABSENT
        ):
            bounds = _bounds(node)
        else:
            continue
        place = small.at(node)
        if place in seen:
            continue
        seen.add(place)
        if not is_known(here_run.values[place]):
            continue
        best = _smallest(small, here_run, place, root, here, _step(node), bounds)
        if best is not None:
            change, becomes = best
            if becomes not in (Outcome.MET, Outcome.UNMET):
                continue
            found.append(_near(node, change, becomes, whole.on))
    return tuple(sorted(found, key=lambda item: (item.year is not None, -(item.year or 0))))


def _bounds(node: tree.FactNode | tree.Measure) -> tuple[int | None, int | None]:
    if isinstance(node, tree.FactNode):
        fact = facts.fact(node.name)
        return fact.minimum, fact.maximum
    return 0, facts.LARGEST_AMOUNT


def _step(node: Node) -> int:
    if isinstance(node, tree.FactNode):
        return STEP.get(facts.fact(node.name).unit, 1)
    return 1


def _near(node: Node, change: Fraction, becomes: Outcome, on: date) -> Near:
    if isinstance(node, tree.FactNode):
        fact = facts.fact(node.name)
        year = on.year - node.lag if node.lag else None
        return Near(fact, "", year, change / STEP.get(fact.unit, 1), fact.unit, becomes)
    if isinstance(node, tree.Elapsed):
        return Near(facts.fact(node.since), "", None, change, Unit.DAY, becomes)
    assert isinstance(node, tree.Measure)
    added, year = _added_up(node, on)
    title = "" if added else node.title
    return Near(added, title, year, change, unit_of(node), becomes)


def _added_up(node: tree.Measure, on: date) -> tuple[Fact | None, int | None]:
    """The fact and year by whose name a measure goes that only adds up the rows of R&D."""
    if node.table != "rd" or node.declared is None:
        return None, None
    return facts.fact(node.declared.name), on.year - node.declared.lag


def _resting_on(program: Program, place: int) -> list[tuple[int, Any]]:
    """What must be worked out again when one line is another: the lines above it, in their order."""
    moved = {place}
    for line, step in enumerate(program.plan.lines):  # parts stand before wholes
        if not moved.isdisjoint(step.needs):
            moved.add(line)
    return [(line, op) for line, op in program.ops if line in moved and line != place]


def _smallest(
    small: Program, run: Run, place: int, root: Node, here: Outcome, step: int,
    bounds: tuple[int | None, int | None],
) -> tuple[Fraction, Outcome] | None:  # fmt: skip
    """The smallest number of steps, down or up, after which the outcome is another."""
    base, again = run.values[place], Run(run.case, [])
    again.links = run.links
    above = _resting_on(small, place)
    low, _, scale, _ = interval(base)
    assert low is not None
    unit = step if scale in (1, 100) else scale
    if scale == 100:
        unit = step
    target = small.at(root)

    def outcome(steps: int) -> Outcome | None:
        value = low + steps * unit
        if (bounds[0] is not None and value < bounds[0] * scale) or (
            bounds[1] is not None and value > bounds[1] * scale
        ):
            return None
        again.values = values = run.values.copy()
        values[place] = value if scale == 1 else (value, value, scale, 0)
        for line, op in above:
            values[line] = op(values, again)
        return Outcome(values[target])

    best: tuple[Fraction, Outcome] | None = None
    for sign in (-1, 1):
        reach = 1
        limit = 2**62
        while reach < limit and outcome(sign * reach) is here:
            reach *= 2
        top = outcome(sign * reach)
        if top is None:  # beyond what the fact may be: look at the last step inside
            inside, beyond = reach // 2, reach
            while beyond - inside > 1:
                middle = (inside + beyond) // 2
                if outcome(sign * middle) is None:
                    beyond = middle
                else:
                    inside = middle
            reach = inside
            top = outcome(sign * reach)
        if top is None or top is here:
            continue
        same, other = reach // 2 if outcome(sign * (reach // 2)) is here else 0, reach
        while other - same > 1:
            middle = (same + other) // 2
            if outcome(sign * middle) is here:
                same = middle
            else:
                other = middle
        change = Fraction(sign * other * unit, scale if scale != 100 else 1)
        becomes = outcome(sign * other)
        assert becomes is not None
        if best is None or abs(change) < abs(best[0]):
            best = (change, becomes)
    return best


def _beside(whole: Program, key: str, roots: tuple[Node, ...]) -> Program:
    """A plan beside the one that decides, laid out once."""
    laid = whole.extra.get(key)
    if laid is None:
        laid = whole.extra[key] = Program(
            whole.rulebook, whole.on, whole.readings, whole.figures, roots
        )
    return laid


def flags(assessment: Assessment) -> tuple[str, ...]:
    """The ids of the flags that are up."""
    known = assessment.program.rulebook.flags
    laid = _beside(assessment.program, "flags", tuple(flag.when for flag in known))
    run = laid.run(assessment.case)
    return tuple(flag.id for flag in known if run.values[laid.at(flag.when)] == Outcome.MET)


def estimates(assessment: Assessment) -> dict[str, Shown]:
    """The points that others than the panel gave, where their sheets are full; they decide nothing."""
    known = assessment.program.rulebook.estimates
    if assessment.case.state("sheets") is State.ABSENT:
        return {}
    laid = _beside(assessment.program, "estimates", tuple(entry.points for entry in known))
    run = laid.run(assessment.case)
    found = {entry.id: run.values[laid.at(entry.points)] for entry in known}
    return {
        name: shown(interval(value), Unit.POINT) for name, value in found.items() if is_known(value)
    }


def changed_readings(assessment: Assessment) -> dict[str, tuple[OtherReading, ...]]:
    """For each criterion and grant the other readings under which it would be decided otherwise."""
    whole = assessment.program
    rulebook, here, given = whole.rulebook, assessment.outcomes, assessment.grants
    score_at = {c.id for c in rulebook.group("score")}
    found: dict[str, list[OtherReading]] = {}
    for switch in rulebook.switches:
        for reading, _ in switch.readings:
            if reading == whole.readings[switch.name]:
                continue
            chosen = {**whole.readings, switch.name: reading}
            other = Assessment(
                program(rulebook, whole.on, chosen, dict(whole.figures.replaced)), assessment.case
            )
            for name, outcome in other.outcomes.items():
                lost = outcome is Outcome.UNKNOWN and here[name] is not Outcome.UNKNOWN
                moved = name in score_at and _moved(assessment.score, other.score)
                if not lost and (outcome is not here[name] or moved):
                    score = other.score if name in score_at else None
                    found.setdefault(name, []).append(
                        OtherReading(switch.name, reading, outcome, score)
                    )
            for name, granted in other.grants.items():
                if _differs(given[name], granted):
                    found.setdefault(name, []).append(
                        OtherReading(switch.name, reading, granted.outcome, granted=granted)
                    )
    return {name: tuple(others) for name, others in found.items()}


def _differs(here: Granted, there: Granted) -> bool:
    """Does another reading decide a grant otherwise, or bring other money."""
    if there.outcome is Outcome.UNKNOWN and here.outcome is not Outcome.UNKNOWN:
        return False
    return (there.outcome, there.money) != (here.outcome, here.money)


def _moved(here: Score | None, there: Score | None) -> bool:
    """Does another reading give other points; one that only asks for more facts moves none."""
    if here is None or there is None:
        return False
    return (here.data_missing or not there.data_missing) and there[:3] != here[:3]
