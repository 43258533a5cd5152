"""The rules for one enterprise: pure Python, whole numbers, every step kept so that it can be told.

The tree is laid out once for a day and its switches. Judging runs through the plan line by line; an
exactly known whole number is an `int`, any other number (low, high, denominator, open): `None` is
an open end, `open` says what is open: 1 points that an expert gives, 2 facts that are missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from math import floor, lcm
from operator import eq, ge, gt, le, lt
from typing import Any, NamedTuple

from peiyu.policy import facts, tree
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.parameters import Figures, StepTable
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import NEGATED, Node, Outcome

BY_EXPERT = 1
BY_DATA = 2
ESTABLISHED = "established_on"
MONTHS_COMMON = lcm(*range(1, 13))

Interval = tuple[int | None, int | None, int, int]
Quantity = int | Interval
UNKNOWN: Interval = (None, None, 1, BY_DATA)
UNKNOWN_UP: Interval = (0, None, 1, BY_DATA)
UNMET, UNDECIDED, FOR_EXPERT, MET, NOT_APPLICABLE = (int(outcome) for outcome in Outcome)
ELAPSED_BETWEEN = {"years": (0, 3), "full years": (1, 3), "months": (1, 12)}
COMPARE = {">=": ge, ">": gt, "<=": le, "<": lt, "==": eq}


class Run:
    """One enterprise on its way through the plan."""

    __slots__ = ("case", "links", "values")

    def __init__(self, case: Case, values: list[Any]) -> None:
        self.case = case
        self.values = values
        self.links: dict[tuple[str, str, str, str], dict[object, list[int]]] = {}

    def linked(self, link: tree.Link, row: Row) -> list[int]:
        """The rows of the other table that belong to this row."""
        name = (link.source, link.source_key, link.target, link.target_key)
        index = self.links.get(name)
        if index is None:
            index = self.links[name] = {}
            for place, target in enumerate(self.case.tables.get(link.target, ())):
                for key in _keys(target.get(link.target_key)):
                    index.setdefault(key, []).append(place)
        found: dict[int, None] = {}
        for key in _keys(row.get(link.source_key)):
            for place in index.get(key, ()):
                found[place] = None
        return list(found)


def _keys(value: Scalar) -> tuple[object, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


Shape = tuple[frozenset[str], int | None, tuple[int, ...]]
SHAPE_IS_USUAL = 3
MOST_SHAPES = 512

Op = Callable[[list[Any], Run], Any]
CellOp = Callable[[Row, int, Run], Any]


# ------------------------------------------------------------------------------------- numbers


def number(low: int | None, high: int | None, scale: int, opened: int) -> Interval:
    """An interval; a single point is open to nobody."""
    return (low, high, scale, 0 if low is not None and low == high else opened)


def interval(part: Quantity) -> Interval:
    """A quantity as an interval."""
    return (part, part, 1, 0) if part.__class__ is int else part  # type: ignore[return-value]


def level(parts: Iterable[Quantity]) -> tuple[list[Interval], int]:
    """The parts over one denominator."""
    intervals = [interval(part) for part in parts]
    common = 1
    for part in intervals:
        if part[2] != common:
            common = lcm(common, part[2])
    return [_over(part, common) for part in intervals], common


def _over(part: Interval, common: int) -> Interval:
    low, high, scale, opened = part
    if scale == common:
        return part
    by = common // scale
    return (None if low is None else low * by, None if high is None else high * by, common, opened)


def plus(parts: list[Quantity]) -> Quantity:
    """The sum of quantities."""
    low: int | None = 0
    high: int | None = 0
    opened = 0
    for part in parts:
        if part.__class__ is int:
            part_low = part_high = part
        else:
            part_low, part_high, scale, part_opened = part  # type: ignore[misc]
            if scale != 1:
                return _plus_over(*level(parts))
            opened |= part_opened
        low = None if low is None or part_low is None else low + part_low  # type: ignore[operator]
        high = None if high is None or part_high is None else high + part_high  # type: ignore[operator]
    return (low, high, 1, opened)


def _plus_over(parts: list[Interval], common: int) -> Quantity:
    lows, highs = [part[0] for part in parts], [part[1] for part in parts]
    opened = 0
    for part in parts:
        opened |= part[3]
    low = None if None in lows else sum(lows)  # type: ignore[arg-type]
    high = None if None in highs else sum(highs)  # type: ignore[arg-type]
    return (low, high, common, opened)


def minus(left: Quantity, right: Quantity) -> Quantity:
    """The first less the second."""
    (a, b), common = level((left, right))
    low = None if a[0] is None or b[1] is None else a[0] - b[1]
    high = None if a[1] is None or b[0] is None else a[1] - b[0]
    return (low, high, common, a[3] | b[3])


def scaled(part: Quantity, rate: Fraction) -> Interval:
    """A quantity times a share that is not negative."""
    low, high, scale, opened = interval(part)
    by, over = rate.numerator, rate.denominator
    return (
        None if low is None else low * by,
        None if high is None else high * by,
        scale * over,
        opened,
    )


def smallest(quantities: Iterable[Quantity]) -> Interval:
    """The smallest of quantities."""
    parts, common = level(quantities)
    low = None if any(p[0] is None for p in parts) else min(p[0] for p in parts if p[0] is not None)
    ends = [p[1] for p in parts if p[1] is not None]
    opened = 0
    for part in parts:
        opened |= part[3]
    return number(low, min(ends) if ends else None, common, opened)


def whole(part: Quantity) -> Quantity:
    """Rounded half up to whole units."""
    low, high, scale, opened = interval(part)
    if scale == 1:
        return part
    low = None if low is None else (2 * low + scale) // (2 * scale)
    high = None if high is None else (2 * high + scale) // (2 * scale)
    return low if low is not None and low == high else (low, high, 1, opened)


def product(one: Quantity, two: Quantity) -> Interval:
    """Two exactly known numbers multiplied."""
    left, right = interval(one), interval(two)
    if left[0] is None or left[0] != left[1] or right[0] is None or right[0] != right[1]:
        return UNKNOWN
    result = left[0] * right[0]
    return (result, result, left[2] * right[2], 0)


def quotient(one: Quantity, two: Quantity) -> Interval:
    """A number over one that is exactly known and not zero, kept as a pair."""
    left, right = interval(one), interval(two)
    if right[0] is None or right[0] != right[1] or right[0] == 0:
        return UNKNOWN
    low, high, scale, opened = left
    below = right[0]
    if below < 0:
        low, high = None if high is None else -high, None if low is None else -low
        below = -below
    by = right[2]
    return (
        None if low is None else low * by,
        None if high is None else high * by,
        scale * below,
        opened,
    )


def is_known(part: Quantity) -> bool:
    """Is the number exactly known."""
    low, high, _, _ = interval(part)
    return low is not None and low == high


def compared(operator: str, one: Quantity, two: Quantity) -> int:
    """The outcome of a comparison: decided only if the whole interval is."""
    left, right = interval(one), interval(two)
    if left[2] != right[2]:
        (left, right), _ = level((left, right))
    low, high, _, opened = left
    limit_low, limit_high, _, limit_opened = right
    if operator == "==":
        if low is not None and low == high and low == limit_low and low == limit_high:
            return MET
        if (low is not None and limit_high is not None and low > limit_high) or (
            high is not None and limit_low is not None and high < limit_low
        ):
            return UNMET
    elif _holds(operator, low, high, limit_low, limit_high):
        return MET
    elif _holds(CONTRARY[operator], low, high, limit_low, limit_high):
        return UNMET
    return FOR_EXPERT if opened | limit_opened == BY_EXPERT else UNDECIDED


CONTRARIES = tuple(int(outcome) for outcome in NEGATED)
CONTRARY = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


def _holds(
    operator: str, low: int | None, high: int | None, limit_low: int | None, limit_high: int | None
) -> bool:
    if operator == ">=":
        return low is not None and limit_high is not None and low >= limit_high
    if operator == ">":
        return low is not None and limit_high is not None and low > limit_high
    if operator == "<=":
        return high is not None and limit_low is not None and high <= limit_low
    return high is not None and limit_low is not None and high < limit_low


def compared_share(
    operator: str, share: tuple[Quantity, Quantity], bound: Quantity, undefined: int
) -> int:
    """A share against a limit by multiplying; without a base above zero what the rule says."""
    part, base, limit = interval(share[0]), interval(share[1]), interval(bound)
    if base[1] is not None and base[1] <= 0:
        return undefined
    if base[0] is not None and base[0] > 0:
        by, over = limit[2] * base[2], part[2]
        left: Interval = (
            None if part[0] is None else part[0] * by,
            None if part[1] is None else part[1] * by,
            1,
            part[3],
        )
        right: Interval = (
            None if limit[0] is None else limit[0] * base[0] * over,
            None if limit[1] is None or base[1] is None else limit[1] * base[1] * over,
            1,
            base[3] | limit[3],
        )
        return compared(operator, left, right)
    return FOR_EXPERT if part[3] | base[3] | limit[3] == BY_EXPERT else UNDECIDED


@dataclass(frozen=True, slots=True)
class Stair:
    """A table of steps in whole numbers, ready to be stood on."""

    steps: tuple[tuple[str, int, int, int, int], ...]  # operator, limit as a pair, low, high
    low: int
    high: int
    scale: int

    @classmethod
    def of(cls, table: StepTable) -> Stair:
        """The steps over one denominator."""
        scale = lcm(
            *(v.denominator for step in table.steps for v in (step.low, step.high)),
            table.low.denominator,
            table.high.denominator,
        )
        steps = tuple(
            (s.operator, s.limit.numerator, s.limit.denominator, int(s.low * scale), int(s.high * scale))
            for s in table.steps
        )  # fmt: skip
        return cls(steps, int(table.low * scale), int(table.high * scale), scale)

    def at(self, value: int | None, scale: int, unknown_is: int) -> tuple[int, int]:
        """The step on which value/scale stands; an open end lies infinitely far to one side."""
        for operator, top, bottom, low, high in self.steps:
            if value is None:
                if operator in ((">=", ">") if unknown_is > 0 else ("<=", "<")):
                    return low, high
                continue
            left, right = value * bottom, top * scale
            if (
                (operator == ">=" and left >= right)
                or (operator == ">" and left > right)
                or (operator == "<=" and left <= right)
                or (operator == "<" and left < right)
            ):
                return low, high
        return self.low, self.high

    def under(self, value: Quantity) -> Interval:
        """The step, or from the lowest to the highest step that the value may stand on."""
        low, high, scale, opened = interval(value)
        first = self.at(low, scale, -1)
        last = first if low is not None and low == high else self.at(high, scale, 1)
        width = BY_EXPERT if first[0] < first[1] or last[0] < last[1] else 0
        if first == last:
            return (first[0], first[1], self.scale, width)
        return (min(first[0], last[0]), max(first[1], last[1]), self.scale, opened | width)


def first_of(outcomes: list[int], numbers: list[Quantity]) -> Quantity:
    """The number of the first case that is met, or all that may be the first."""
    may_be: list[Quantity] = []
    for outcome, value in zip(outcomes, numbers, strict=False):
        if outcome not in (UNMET, NOT_APPLICABLE):
            may_be.append(value)
            if outcome == MET:
                break
    else:
        may_be.append(numbers[-1])
    if len(may_be) == 1:
        return may_be[0]
    reached, common = level(may_be)
    lows = [r[0] for r in reached if r[0] is not None]
    highs = [r[1] for r in reached if r[1] is not None]
    opened = BY_DATA
    for part in reached:
        opened |= part[3]
    return number(
        min(lows) if len(lows) == len(reached) else None,
        max(highs) if len(highs) == len(reached) else None,
        common,
        opened,
    )


# ------------------------------------------------------------------------------------- laying out


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
        self.ops: list[tuple[int, Op]] = []
        self.cells: dict[int, CellOp] = {}
        self.tables = tuple(sorted({n.table for n in tree.walk(*roots) if isinstance(n, tree.Column)}))
        self.shapes: dict[Shape, tuple[list[Any], list[tuple[int, Op]]]] = {}
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
        self.total = laid.get(id(tree.taken(rulebook.total, readings)), -1)

    def at(self, node: Node) -> int:
        """The line of a node."""
        return self.plan.place(node, self.readings)

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

    def _folded(self, shape: Shape) -> tuple[list[Any], list[tuple[int, Op]]]:
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

    def _fold(self, shape: Shape) -> tuple[list[Any], list[tuple[int, Op]]]:
        known, operated, states = shape
        state = dict(zip(self.tables, states, strict=True))
        case = Case("", states={name: State(value) for name, value in state.items()})
        if operated is not None:
            case.facts[ESTABLISHED] = date(self.on.year - operated, 1, 1)
        values = self.template.copy()
        run = Run(case, values)
        fixed = {place for place, value in enumerate(self.template) if value is not None}
        left: list[tuple[int, Op]] = []
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
            return (end - start).days  # type: ignore[operator,no-any-return]

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
                return a - b  # type: ignore[no-any-return]
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
        rows_op = self._rows(node)
        absent = 0 if node.absent_is_none else UNKNOWN_UP

        def measure(values: list[Any], run: Run) -> Quantity:
            case = run.case
            state = case.states.get(table)
            if state is None:
                state = State.COMPLETE if case.tables.get(table) else State.ABSENT
            if state == 0:  # State.ABSENT
                return absent if declared is None else values[declared]  # type: ignore[no-any-return]
            return rows_op(case.tables.get(table) or [], run, state == 2)

        return measure

    def _rows(self, node: tree.Measure) -> Callable[[list[Row], Run, bool], Quantity]:
        where = self.cell(node.where)
        value = [self.cell(part) for part in node.value]
        judged = None if node.judged is None else self.cell(node.judged)
        kind = node.kind

        def counting(rows: list[Row], run: Run, complete: bool) -> Quantity:
            low = high = opened = 0
            for place, row in enumerate(rows):
                counts = where(row, place, run)
                if counts:
                    low += 1
                    high += 1
                elif counts is None:
                    high += 1
                    by_judge = judged is not None and judged(row, place, run)
                    opened |= BY_EXPERT if by_judge else BY_DATA
            if not complete:
                return (low, None, 1, BY_DATA)
            return low if low == high else (low, high, 1, opened)

        def summing(rows: list[Row], run: Run, complete: bool) -> Quantity:
            low = 0
            high: int | None = 0
            for place, row in enumerate(rows):
                counts = where(row, place, run)
                if counts is not None and not counts:
                    continue
                for part in value:
                    amount = part(row, place, run)
                    if amount is None:
                        high = None
                    else:
                        low += amount if counts else 0
                        high = None if high is None else high + amount
            if complete and low == high:
                return low
            return (low, high if complete else None, 1, BY_DATA)

        def distinct(rows: list[Row], run: Run, complete: bool) -> Quantity:
            sure: set[object] = set()
            perhaps: set[object] = set()
            nameless = 0
            for place, row in enumerate(rows):
                counts = where(row, place, run)
                if counts is not None and not counts:
                    continue
                name = value[0](row, place, run)
                if name is None:
                    nameless += 1
                    continue
                perhaps.add(name)
                if counts:
                    sure.add(name)
            high = len(perhaps) + nameless
            if complete and len(sure) == high:
                return high
            return (len(sure), high if complete else None, 1, BY_DATA)

        def averaging(rows: list[Row], run: Run, complete: bool) -> Interval:
            months = 0
            total: int | None = 0
            for place, row in enumerate(rows):
                counts = where(row, place, run)
                if counts is None:
                    total = None
                elif counts:
                    months += 1
                    for part in value:
                        amount = part(row, place, run)
                        total = None if total is None or amount is None else total + amount
            if total is None or not months or not complete:
                return UNKNOWN_UP
            return (total, total, len(value) * months, 0)

        def extreme(rows: list[Row], run: Run, complete: bool) -> Quantity:
            found = [
                amount
                for place, row in enumerate(rows)
                if where(row, place, run) and (amount := value[0](row, place, run)) is not None
            ]
            if not found:
                return UNKNOWN
            return max(found) if kind == "largest" else min(found)

        return {
            "count": counting, "sum": summing, "distinct": distinct, "average": averaging,
            "largest": extreme, "smallest": extreme,
        }[kind]  # fmt: skip

    # -- rows

    def _flag(self, node: tree.RowFlag) -> Op:
        rule, table = self.cell(node.rule), node.table

        def flag(values: list[Any], run: Run) -> list[bool | None]:
            rows = run.case.tables.get(table)
            return [rule(row, place, run) for place, row in enumerate(rows)] if rows else []

        return flag

    def cell(self, node: Node) -> CellOp:
        """A row node as a function of a row."""
        node = tree.taken(node, self.readings)
        place = self.at(node)
        if place not in self.cells:
            made = getattr(self, "_cell_" + type(node).__name__.lower())(node)
            self.cells[place] = made
        return self.cells[place]

    def _cell_rowflag(self, node: tree.RowFlag) -> CellOp:
        line = self.at(node)
        return lambda row, place, run: run.values[line][place]

    def _cell_column(self, node: tree.Column) -> CellOp:
        name = node.name
        return lambda row, place, run: row.get(name)

    def _cell_literally(self, node: tree.Literally) -> CellOp:
        value = node.value
        return lambda row, place, run: value

    def _cell_day(self, node: tree.Day) -> CellOp:
        back = timedelta(int(self.figures.number(node.back))) if node.back else timedelta()
        if not node.fact:
            day = self.on - back
            return lambda row, place, run: day
        name = node.fact

        def of_fact(row: Row, place: int, run: Run) -> date | None:
            found = run.case.facts.get(name)
            return None if found is None else found - back  # type: ignore[operator,return-value]

        return of_fact

    def _cell_fiscalyear(self, node: tree.FiscalYear) -> CellOp:
        year = self.on.year - node.lag
        return lambda row, place, run: year

    def _cell_yearof(self, node: tree.YearOf) -> CellOp:
        day = self.cell(node.day)

        def year(row: Row, place: int, run: Run) -> int | None:
            found = day(row, place, run)
            return None if found is None else found.year

        return year

    def _cell_self(self, node: tree.Self) -> CellOp:
        return lambda row, place, run: run.case.key

    def _cell_rowtest(self, node: tree.RowTest) -> CellOp:
        left, right, operator = self.cell(node.left), self.cell(node.right), node.operator

        def test(row: Row, place: int, run: Run) -> bool | None:
            a, b = left(row, place, run), right(row, place, run)
            if a is None or b is None:
                return None
            if operator == "==":
                return bool(a == b)
            if operator == ">=":
                return bool(a >= b)
            if operator == ">":
                return bool(a > b)
            return bool(a <= b) if operator == "<=" else bool(a < b)

        return test

    def _cell_rowin(self, node: tree.RowIn) -> CellOp:
        left = self.cell(node.left)
        words = frozenset(self.figures.words(node.parameter) if node.parameter else node.values)

        def contained(row: Row, place: int, run: Run) -> bool | None:
            found = left(row, place, run)
            return None if found is None else found in words

        return contained

    def _cell_rowall(self, node: tree.RowAll) -> CellOp:
        parts = [self.cell(part) for part in node.parts]

        def every(row: Row, place: int, run: Run) -> bool | None:
            result: bool | None = True
            for part in parts:
                found = part(row, place, run)
                if found is None:
                    result = None
                elif not found:
                    return False
            return result

        return every

    def _cell_rowany(self, node: tree.RowAny) -> CellOp:
        parts = [self.cell(part) for part in node.parts]

        def some(row: Row, place: int, run: Run) -> bool | None:
            result: bool | None = False
            for part in parts:
                found = part(row, place, run)
                if found is None:
                    result = None
                elif found:
                    return True
            return result

        return some

    def _cell_rownot(self, node: tree.RowNot) -> CellOp:
        part = self.cell(node.part)

        def contrary(row: Row, place: int, run: Run) -> bool | None:
            found = part(row, place, run)
            return None if found is None else not found

        return contrary

    def _cell_rowsum(self, node: tree.RowSum) -> CellOp:
        parts = [self.cell(part) for part in node.parts]
        cap = int(self.figures.number(node.cap)) if node.cap else None

        def total(row: Row, place: int, run: Run) -> int | None:
            result = 0
            for part in parts:
                found = part(row, place, run)
                if found is None:
                    return None
                result += found
            return result if cap is None else min(result, cap)

        return total

    def _cell_because(self, node: tree.Because) -> CellOp:
        return self.cell(node.part)

    def _cell_exists(self, node: tree.Exists) -> CellOp:
        link, where = node.link, self.cell(node.where)
        declared = None if node.declared is None else self.cell(node.declared)

        def exists(row: Row, place: int, run: Run) -> bool | None:
            case = run.case
            state = case.state(link.target)
            if state is State.ABSENT:
                return None if declared is None else declared(row, place, run)
            named = row.get(link.source_key) is not None
            result: bool | None = False if state is State.COMPLETE and named else None
            targets = case.tables.get(link.target) or []
            for other in run.linked(link, row):
                found = where(targets[other], other, run)
                if found:
                    return True
                if found is None:
                    result = None
            return result

        return exists

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
        table = node.measure.table

        def differ(values: list[Any], run: Run) -> int:
            a, b = values[measure], values[declared]
            if run.case.state(table) is State.ABSENT or not (is_known(a) and is_known(b)):
                return UNDECIDED
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

    def needed(self, pass_mark: Fraction) -> int | None:
        """How many more points it takes to exceed the pass mark; null if it is out of reach."""
        if self.high <= pass_mark * self.scale:
            return None
        lacking = pass_mark - Fraction(self.low, self.scale)
        return max(0, floor(lacking) + 1)


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
        return OUTCOMES[min([values[place] for place in self.program.hard])]

    @property
    def verdict(self) -> Outcome:
        """Line (c): all of them together."""
        values = self.run.values
        return OUTCOMES[min([values[place] for place in self.program.criteria.values()])]

    @property
    def score(self) -> Score:
        """Line (b): the points as an interval."""
        low, high, scale, opened = interval(self.run.values[self.program.total])
        return Score(low, high, scale, bool(opened & BY_DATA))


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
