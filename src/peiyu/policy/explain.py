"""The rules for one enterprise: pure Python, whole numbers, every step kept so that it can be told.

The tree is laid out once for a day and its switches; judging runs through the plan line by line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil, floor
from operator import eq, ge, gt, le, lt
from typing import Any, NamedTuple

from peiyu.policy import facts, tree
from peiyu.policy.case import Case, State
from peiyu.policy.intervals import (
    BY_DATA,
    BY_EXPERT,
    CONTRARIES,
    MET,
    NOT_APPLICABLE,
    UNDECIDED,
    UNKNOWN,
    UNKNOWN_UP,
    UNMET,
    Interval,
    Quantity,
    Stair,
    compared,
    compared_share,
    first_of,
    interval,
    is_known,
    minus,
    plus,
    product,
    quotient,
    scaled,
    smallest,
    whole,
)
from peiyu.policy.parameters import Figures
from peiyu.policy.row_rules import CellOp, RowRules, Run
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import Node, Outcome

ESTABLISHED = "established_on"
ELAPSED_BETWEEN = {"years": (0, 3), "full years": (1, 3), "months": (1, 12)}
COMPARE = {">=": ge, ">": gt, "<=": le, "<": lt, "==": eq}
SHAPE_IS_USUAL = 3
MOST_SHAPES = 512

Op = Callable[[list[Any], Run], Any]
Ops = list[tuple[int, Op]]
Shape = tuple[frozenset[str], int | None, tuple[int, ...]]


class Program:
    """A rulebook laid out for one governing day and one reading of every switch.

    Raises:
        NotInForce: a figure of the law has no value on that day.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        on: date,
        readings: Mapping[str, str],
        figures: Figures,
        roots: tuple[Node, ...],
    ) -> None:
        self.rulebook = rulebook
        self.on = on
        self.readings = dict(readings)
        self.figures = figures
        self.plan = tree.plan(roots, readings)
        self.template: list[Any] = [None] * len(self.plan.lines)
        self.ops: Ops = []
        self.rules = RowRules(self.plan, self.readings, figures, on)
        self.tables = tuple(
            sorted({n.table for n in tree.walk(*roots) if isinstance(n, tree.Column)})
        )
        self.shapes: dict[Shape, tuple[list[Any], Ops]] = {}
        self.seen: Counter[Shape] = Counter()
        self.extra: dict[str, Program] = {}  # plans beside this one, such as that of the flags
        for place, line in enumerate(self.plan.lines):
            node = line.node
            if isinstance(node, tree.Constant | tree.Parameter | tree.Band | tree.Always):
                self.template[place] = self._fixed(node)
            elif isinstance(node, tree.RowFlag):
                self.ops.append((place, self._flag(node)))
            elif isinstance(node, tree.Number | tree.OutcomeNode):
                self.ops.append((place, self._op(node)))
        laid = self.plan.places
        self.criteria = {
            c.id: self.at(c.root)
            for c in rulebook.criteria
            if id(tree.taken(c.root, readings)) in laid
        }
        self.hard = [self.criteria[c.id] for c in rulebook.group("hard") if c.id in self.criteria]
        self.total = -1  # the line of the score; below zero where there is none
        if rulebook.total is not None:
            self.total = laid.get(id(tree.taken(rulebook.total, readings)), -1)
        self.grants = {
            g.id: (self.at(g.when), self.at(g.amount))
            for g in rulebook.grants
            if all(id(tree.taken(part, readings)) in laid for part in (g.when, g.amount))
        }

    def at(self, node: Node) -> int:
        """The line of a node."""
        return self.plan.place(node, self.readings)

    @cached_property
    def full_mark(self) -> Fraction | None:
        """The most points that there are: those within reach while nothing is known; null without a score."""
        score = Assessment(self, Case("")).score
        return None if score is None else Fraction(score.high, score.scale)

    def needed(self, score: Score) -> int | None:
        """How many of the open points it takes to pass; null where none suffice."""
        mark = self.figures.number(self.rulebook.pass_mark)
        return score.needed(mark, reached=self.rulebook.pass_reached)

    def run(self, case: Case) -> Run:
        """Every line of the plan for one enterprise."""
        template, ops = self._folded(self._shape(case))
        values = template.copy()
        run = Run(case, values)
        for place, op in ops:
            values[place] = op(values, run)
        return run

    def _shape(self, case: Case) -> Shape:
        """Which facts and tables there are: what follows from their lack is worked out once."""
        known = frozenset([key for key, value in case.facts.items() if value is not None])
        since = case.facts.get(ESTABLISHED)
        operated = None if since is None else max(0, min(3, self.on.year - since.year))  # type: ignore[union-attr]
        states, tables = case.states, case.tables
        return (
            known,
            operated,
            tuple([
                states[name] if name in states else 2 if tables.get(name) else 0
                for name in self.tables
            ]),
        )  # fmt: skip

    def _folded(self, shape: Shape) -> tuple[list[Any], Ops]:
        """The plan with all that follows from the shape alone already worked out."""
        found = self.shapes.get(shape)
        if found is None:
            self.seen[shape] += 1
            if self.seen[shape] < SHAPE_IS_USUAL:
                return self.template, self.ops
            if len(self.shapes) >= MOST_SHAPES:
                self.shapes.clear()
                self.seen.clear()
            found = self.shapes[shape] = self._fold(shape)
        return found

    def _decisive(self, line: tree.Line) -> Iterator[int]:
        """The numbers and outcomes that a line needs; cells need none, a ratio stands for its parts."""
        for need in line.needs:
            below = self.plan.lines[need]
            if isinstance(below.node, tree.Ratio):
                yield from below.needs
            elif not isinstance(below.node, tree.Cell):
                yield need

    def _fold(self, shape: Shape) -> tuple[list[Any], Ops]:
        known, operated, states = shape
        state = dict(zip(self.tables, states, strict=True))
        case = Case("", states={name: State(value) for name, value in state.items()})
        if operated is not None:
            case.facts[ESTABLISHED] = date(self.on.year - operated, 1, 1)
        values = self.template.copy()
        run = Run(case, values)
        fixed = {place for place, value in enumerate(self.template) if value is not None}
        left: Ops = []
        for place, op in self.ops:
            line = self.plan.lines[place]
            needs = set(self._decisive(line))
            match line.node:
                case tree.FactNode() as node:
                    is_fixed = node.key not in known
                case tree.IsYes(name=name) | tree.Judged(name=name):
                    is_fixed = name not in known
                case tree.Elapsed() | tree.Annualised():
                    is_fixed = False
                case tree.Measure(table=table) | tree.RowFlag(table=table):
                    is_fixed = state[table] == State.ABSENT and needs <= fixed
                case tree.Operated():
                    is_fixed = operated is not None or needs <= fixed
                case _:
                    is_fixed = needs <= fixed
            if is_fixed:
                values[place] = op(values, run)
                fixed.add(place)
            else:
                left.append((place, op))
        return values, left

    # -- numbers

    def _fixed(self, node: Node) -> Any:
        if isinstance(node, tree.Always):
            return int(node.outcome)
        if isinstance(node, tree.Band):
            low, high = self.figures.points(node.parameter, node.key)
            return (low, high, 1, BY_EXPERT)
        value = node.value if isinstance(node, tree.Constant) else self.figures.number(node.name)  # type: ignore[attr-defined]
        if value.denominator == 1:
            return value.numerator
        return (value.numerator, value.numerator, value.denominator, 0)

    def _op(self, node: Node) -> Op:
        return getattr(self, "_" + type(node).__name__.lower())(node)  # type: ignore[no-any-return]

    def _factnode(self, node: tree.FactNode) -> Op:
        entry = facts.fact(node.name)
        scale = entry.scale if entry.unit is facts.Unit.PERSON_HUNDREDTH else 1
        absent = UNKNOWN_UP if (entry.minimum or 0) >= 0 else UNKNOWN
        key, lag, year = node.key, node.lag, self.on.year

        def standing(values: list[Any], run: Run) -> Quantity:
            found = run.case.facts.get(key)
            return absent if found is None else found  # type: ignore[return-value]

        def yearly(values: list[Any], run: Run) -> Quantity:
            known = run.case.facts
            found = known.get(key)
            if found is not None:
                return found if scale == 1 else (found, found, scale, 0)  # type: ignore[return-value]
            since = known.get(ESTABLISHED)
            return 0 if since is not None and year - since.year < lag else absent  # type: ignore[union-attr]

        assert lag or scale == 1
        return yearly if lag else standing

    def _elapsed(self, node: tree.Elapsed) -> Op:
        since, until, on, unit = node.since, node.until, self.on, node.unit

        def days(values: list[Any], run: Run) -> Quantity:
            start = run.case.facts.get(since)
            end = run.case.facts.get(until) if until else on
            if start is None or end is None:
                return UNKNOWN
            assert isinstance(start, date) and isinstance(end, date)
            return (end - start).days

        def calendar(values: list[Any], run: Run) -> Quantity:
            start = run.case.facts.get(since)
            if start is None:
                low, high = ELAPSED_BETWEEN[unit]
                return (low, high, 1, BY_DATA)
            assert isinstance(start, date)
            begun = on.year - start.year
            if unit == "years":
                return max(0, min(3, begun))
            if unit == "full years":
                return max(1, min(3, begun - (0 if (start.month, start.day) == (1, 1) else 1)))
            return 13 - start.month if begun == 1 else 12

        return days if unit == "days" else calendar

    def _sum(self, node: tree.Sum) -> Op:
        places = [self.at(part) for part in node.parts]

        def total(values: list[Any], run: Run) -> Quantity:
            result = 0
            for place in places:
                part = values[place]
                if part.__class__ is not int:
                    return plus([values[place] for place in places])
                result += part
            return result

        return total

    def _difference(self, node: tree.Difference) -> Op:
        one, two = self.at(node.left), self.at(node.right)

        def difference(values: list[Any], run: Run) -> Quantity:
            a, b = values[one], values[two]
            if a.__class__ is int and b.__class__ is int:
                return a - b
            return minus(a, b)

        return difference

    def _scaled(self, node: tree.Scaled) -> Op:
        place, rate = self.at(node.part), self.figures.number(node.rate)
        rate = rate / (1 - rate) if node.gross else rate
        return lambda values, run: scaled(values[place], rate)

    def _product(self, node: tree.Product) -> Op:
        one, two = self.at(node.left), self.at(node.right)

        def times(values: list[Any], run: Run) -> Quantity:
            a, b = values[one], values[two]
            return a * b if a.__class__ is int and b.__class__ is int else product(a, b)

        return times

    def _quotient(self, node: tree.Quotient) -> Op:
        one, two = self.at(node.left), self.at(node.right)
        return lambda values, run: quotient(values[one], values[two])

    def _annualised(self, node: tree.Annualised) -> Op:
        place, lag, year, since = self.at(node.part), node.lag, self.on.year, node.since

        def annualised(values: list[Any], run: Run) -> Interval:
            start = run.case.facts.get(since)
            if start is None:
                return UNKNOWN
            assert isinstance(start, date)
            if year - start.year != lag:
                return scaled(values[place], Fraction(1))
            return scaled(values[place], Fraction(12, 13 - start.month))

        return annualised

    def _atmost(self, node: tree.AtMost) -> Op:
        places = [self.at(part) for part in node.parts]
        return lambda values, run: smallest([values[place] for place in places])

    def _end(self, node: tree.End) -> Op:
        place, upper = self.at(node.part), node.upper

        def end(values: list[Any], run: Run) -> Interval:
            low, high, scale, _ = interval(values[place])
            found = high if upper else low
            return UNKNOWN if found is None else (found, found, scale, 0)

        return end

    def _tofen(self, node: tree.ToFen) -> Op:
        place = self.at(node.part)
        return lambda values, run: whole(values[place])

    def _preferred(self, node: tree.Preferred) -> Op:
        one, two = self.at(node.first), self.at(node.second)

        def preferred(values: list[Any], run: Run) -> Quantity:
            first: Quantity = values[one]
            if first.__class__ is int or is_known(first):
                return first
            second: Quantity = values[two]
            return second if second.__class__ is int or is_known(second) else first

        return preferred

    def _steps(self, node: tree.Steps) -> Op:
        place, stair = self.at(node.value), Stair.of(self.figures.steps(node.parameter))
        return lambda values, run: stair.under(values[place])

    def _first(self, node: tree.First) -> Op:
        conditions = [self.at(condition) for condition, _ in node.cases]
        numbers = [self.at(value) for _, value in node.cases]
        cases = list(zip(conditions, numbers, strict=True))
        otherwise = self.at(node.otherwise)
        numbers.append(otherwise)

        def first(values: list[Any], run: Run) -> Quantity:
            for condition, place in cases:
                outcome = values[condition]
                if outcome == 3:  # met
                    return values[place]  # type: ignore[no-any-return]
                if outcome == 1 or outcome == 2:  # open
                    return first_of([values[c] for c in conditions], [values[n] for n in numbers])
            return values[otherwise]  # type: ignore[no-any-return]

        return first

    # -- measures

    def _measure(self, node: tree.Measure) -> Op:
        table = node.table
        declared = None if node.declared is None else self.at(node.declared)
        rows_op = self.rules.counting(node)
        absent = 0 if node.absent_is_none else UNKNOWN_UP

        def measure(values: list[Any], run: Run) -> Quantity:
            case = run.case
            state = case.states.get(table)
            if state is None:
                state = State.COMPLETE if case.tables.get(table) else State.ABSENT
            if state == 0:  # State.ABSENT
                return absent if declared is None else values[declared]
            return rows_op(case.tables.get(table) or [], run, state == 2)

        return measure

    # -- rows

    def _flag(self, node: tree.RowFlag) -> Op:
        rule, table = self.rules.cell(node.rule), node.table

        def flag(values: list[Any], run: Run) -> list[bool | None]:
            rows = run.case.tables.get(table)
            return [rule(row, place, run) for place, row in enumerate(rows)] if rows else []

        return flag

    def cell(self, node: Node) -> CellOp:
        """A row node as a function of a row."""
        return self.rules.cell(node)

    # -- outcomes

    def _test(self, node: tree.Test) -> Op:
        one, two, operator = self.at(node.left), self.at(node.right), node.operator
        holds = COMPARE[operator]

        def test(values: list[Any], run: Run) -> int:
            a, b = values[one], values[two]
            if a.__class__ is int and b.__class__ is int:
                return 3 if holds(a, b) else 0  # met, unmet
            return compared(operator, a, b)

        return test

    def _ratiotest(self, node: tree.RatioTest) -> Op:
        part, base = self.at(node.ratio.part), self.at(node.ratio.base)
        limit, operator = self.at(node.limit), node.operator
        undefined = None if node.ratio.undefined is None else self.at(node.ratio.undefined)
        holds = COMPARE[operator]

        def test(values: list[Any], run: Run) -> int:
            a, b, bound = values[part], values[base], values[limit]
            if a.__class__ is int and b.__class__ is int and b > 0 and bound.__class__ is not int:
                low, high, scale, _ = bound
                if low == high:
                    return 3 if holds(a * scale, b * low) else 0  # met, unmet
            otherwise = UNDECIDED if undefined is None else values[undefined]
            return compared_share(operator, (a, b), bound, otherwise)

        return test

    def _allof(self, node: tree.AllOf) -> Op:
        if len(node.parts) == 2:
            one, two = self.at(node.parts[0]), self.at(node.parts[1])

            def both(values: list[Any], run: Run) -> int:
                a, b = values[one], values[two]
                return a if a < b else b  # type: ignore[no-any-return]

            return both
        places = [self.at(part) for part in node.parts]
        return lambda values, run: min([values[place] for place in places])

    def _anyof(self, node: tree.AnyOf) -> Op:
        places = [self.at(part) for part in node.parts]

        def some(values: list[Any], run: Run) -> int:
            smallest = 4
            for place in places:
                contrary = CONTRARIES[values[place]]
                if contrary < smallest:
                    smallest = contrary
            return CONTRARIES[smallest]

        return some

    def _not(self, node: tree.Not) -> Op:
        place = self.at(node.part)
        return lambda values, run: CONTRARIES[values[place]]

    def _isyes(self, node: tree.IsYes) -> Op:
        return self._said(node.name, Outcome.UNKNOWN)

    def _judged(self, node: tree.Judged) -> Op:
        return self._said(node.name, Outcome.EXPERT)

    def _said(self, name: str, unsaid: Outcome) -> Op:
        silent = int(unsaid)

        def said(values: list[Any], run: Run) -> int:
            found = run.case.facts.get(name)
            return silent if found is None else MET if found else UNMET

        return said

    def _operated(self, node: tree.Operated) -> Op:
        figure, lag, since, year = self.at(node.figure), node.lag, node.since, self.on.year

        def operated(values: list[Any], run: Run) -> int:
            start = run.case.facts.get(since)
            if start is not None:
                return MET if year - start.year >= lag else UNMET  # type: ignore[union-attr]
            return MET if is_known(values[figure]) else UNDECIDED

        return operated

    def _stated(self, node: tree.Stated) -> Op:
        place = self.at(node.part)
        return lambda values, run: MET if is_known(values[place]) else UNMET

    def _differs(self, node: tree.Differs) -> Op:
        one, two = self.at(node.left), self.at(node.right)

        def differs(values: list[Any], run: Run) -> int:
            a, b = values[one], values[two]
            if not (is_known(a) and is_known(b)):
                return UNDECIDED
            return CONTRARIES[compared("==", a, b)]

        return differs

    def _rowsdiffer(self, node: tree.RowsDiffer) -> Op:
        measure, declared = self.at(node.measure), self.at(node.measure.declared)  # type: ignore[arg-type]
        hundredths = node.measure.kind == "average"  # as which an average is stated
        table = node.measure.table

        def differ(values: list[Any], run: Run) -> int:
            a, b = values[measure], values[declared]
            if run.case.state(table) is State.ABSENT or not (is_known(a) and is_known(b)):
                return UNDECIDED
            if hundredths:
                a, b = whole(scaled(a, Fraction(100))), whole(scaled(b, Fraction(100)))
            return CONTRARIES[compared("==", a, b)]

        return differ

    def _where(self, node: tree.Where) -> Op:
        applies, then = self.at(node.applies), self.at(node.then)

        def where(values: list[Any], run: Run) -> int:
            return values[then] if values[applies] == MET else NOT_APPLICABLE

        return where


# ------------------------------------------------------------------------------------- judging


class Score(NamedTuple):
    """The points: from `low` to `high`, both over `scale`."""

    low: int
    high: int
    scale: int
    data_missing: bool  # the interval would be narrower if all facts were known

    def needed(self, pass_mark: Fraction, *, reached: bool = False) -> int | None:
        """How many more points it takes to exceed the pass mark, or to reach it; null if none can."""
        bound = pass_mark * self.scale
        if self.high < bound or (self.high == bound and not reached):
            return None
        lacking = pass_mark - Fraction(self.low, self.scale)
        return max(0, ceil(lacking) if reached else floor(lacking) + 1)


class Granted(NamedTuple):
    """What a grant comes to: its outcome, and its amount in fen; null is an open end."""

    outcome: Outcome
    low: int | None
    high: int | None

    @property
    def money(self) -> tuple[int | None, int | None]:
        """What is to be paid: the amount where the grant is met, nothing where it is not."""
        if self.outcome is Outcome.MET:
            return self.low, self.high
        undecided = self.outcome in (Outcome.UNKNOWN, Outcome.EXPERT)
        return 0, self.high if undecided else 0


OUTCOMES = tuple(Outcome)


class Assessment:
    """One enterprise judged: outcomes at once, reasons on demand (see `reasons`)."""

    __slots__ = ("case", "program", "run")

    def __init__(self, program: Program, case: Case) -> None:
        self.program = program
        self.case = case
        self.run = program.run(case)

    def value(self, node: Node) -> Any:
        """What the plan worked out for a node."""
        return self.run.values[self.program.at(node)]

    def outcome(self, criterion: str) -> Outcome:
        """The outcome of one criterion."""
        return Outcome(self.run.values[self.program.criteria[criterion]])

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """The outcome of every criterion, in the rulebook's order."""
        values = self.run.values
        return {name: OUTCOMES[values[place]] for name, place in self.program.criteria.items()}

    @property
    def hard(self) -> Outcome:
        """Line (a): the conditions that a machine can decide."""
        values = self.run.values
        places = self.program.hard
        return Outcome(min([values[p] for p in places], default=NOT_APPLICABLE))

    @property
    def verdict(self) -> Outcome:
        """Line (c): all of them together."""
        values = self.run.values
        places = self.program.criteria.values()
        return Outcome(min([values[p] for p in places], default=NOT_APPLICABLE))

    @property
    def score(self) -> Score | None:
        """Line (b): the points as an interval; none where the programme does not score."""
        if self.program.total < 0:
            return None
        low, high, scale, opened = interval(self.run.values[self.program.total])
        assert low is not None and high is not None
        return Score(low, high, scale, bool(opened & BY_DATA))

    @property
    def grants(self) -> dict[str, Granted]:
        """The outcome of every grant and its amount, in the rulebook's order."""
        values = self.run.values
        found = {}
        for name, (when, amount) in self.program.grants.items():
            low, high, _, _ = interval(whole(values[amount]))
            found[name] = Granted(Outcome(values[when]), low, high)
        return found


@lru_cache(maxsize=256)
def _program(
    rulebook: Rulebook,
    on: date,
    chosen: tuple[tuple[str, str], ...],
    replaced: tuple[tuple[str, str], ...],
) -> Program:
    readings = rulebook.readings(dict(chosen))
    return Program(rulebook, on, readings, Figures(on, replaced), tuple(rulebook.roots()))


def program(
    rulebook: Rulebook,
    on: date,
    switches: Mapping[str, str] | None = None,
    replaced: Mapping[str, str] | None = None,
) -> Program:
    """The rulebook laid out for that day; laid out once for each day and reading.

    Raises:
        NotInForce: a figure of the law has no value on that day.
        UnknownReading: a switch or reading that the rulebook does not have.
    """
    chosen = tuple(sorted((switches or {}).items()))
    return _program(rulebook, on, chosen, tuple(sorted((replaced or {}).items())))


def assess(
    rulebook: Rulebook, case: Case, on: date, switches: Mapping[str, str] | None = None
) -> Assessment:
    """Judge one enterprise by the rulebook as of a day."""
    return Assessment(program(rulebook, on, switches), case)
