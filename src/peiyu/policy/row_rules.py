"""Rules about rows for one enterprise: does a row count, what does it add, which rows belong to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from peiyu.policy import tree
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.intervals import BY_DATA, BY_EXPERT, UNKNOWN, UNKNOWN_UP, Quantity
from peiyu.policy.parameters import Figures
from peiyu.policy.tree import Node


class Run:
    """One enterprise on its way through the plan."""

    __slots__ = ("case", "links", "values")

    def __init__(self, case: Case, values: list[Any]) -> None:
        self.case = case
        self.values = values
        self.links: dict[tuple[str, str, str, str], dict[object, list[int]]] = {}

    def linked(self, link: tree.Link, row: Row) -> tuple[list[int], list[int]]:
        """The rows of the other table that belong to this row, then those that may: theirs is not said."""
        name = (link.source, link.source_key, link.target, link.target_key)
        index = self.links.get(name)
        if index is None:
            index = self.links[name] = {}
            for place, target in enumerate(self.case.tables.get(link.target, ())):
                value = target.get(link.target_key)
                for key in (None,) if value is None else _keys(value):
                    index.setdefault(key, []).append(place)
        found: dict[int, None] = {}
        for key in _keys(row.get(link.source_key)):
            for place in index.get(key, ()):
                found[place] = None
        return list(found), index.get(None, [])


def _keys(value: Scalar) -> tuple[object, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; of 29 February the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - years, day=last)


CellOp = Callable[[Row, int, Run], Any]
Counting = Callable[[list[Row], Run, bool], Quantity]


class RowRules:
    """The row nodes of a plan as functions of a row; each made once."""

    def __init__(
        self, plan: tree.Plan, readings: Mapping[str, str], figures: Figures, on: date
    ) -> None:
        self.plan = plan
        self.readings = readings
        self.figures = figures
        self.on = on
        self.cells: dict[int, CellOp] = {}
        self.of_node: dict[Node, CellOp] = {}

    def at(self, node: Node) -> int:
        """The line of a node."""
        return self.plan.place(node, self.readings)

    def counting(self, node: tree.Measure) -> Counting:
        """How the rows of a measure are counted or summed, given whether they are all there are."""
        where = self.cell(node.where)
        value = [self.cell(part) for part in node.value]
        judged = None if node.judged is None else self.cell(node.judged)
        kind = node.kind

        def count(rows: list[Row], run: Run, complete: bool) -> Quantity:
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

        def averaging(rows: list[Row], run: Run, complete: bool) -> Quantity:
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
            return int(max(found) if kind == "largest" else min(found))

        return {
            "count": count, "sum": summing, "distinct": distinct, "average": averaging,
            "largest": extreme, "smallest": extreme,
        }[kind]  # fmt: skip

    def cell(self, node: Node) -> CellOp:
        """A row node as a function of a row; equal nodes share it, and each is looked up once."""
        made = self.of_node.get(node)
        if made is None:
            there = tree.taken(node, self.readings)
            place = self.at(there)
            if place not in self.cells:
                self.cells[place] = getattr(self, "_cell_" + type(there).__name__.lower())(there)
            made = self.of_node[node] = self.cells[place]
        return made

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

    def _cell_yearsback(self, node: tree.YearsBack) -> CellOp:
        day = years_before(self.on, int(self.figures.number(node.years)))
        return lambda row, place, run: day

    def _cell_figure(self, node: tree.Figure) -> CellOp:
        value = int(self.figures.number(node.parameter))
        return lambda row, place, run: value

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
            own, perhaps = run.linked(link, row)
            for other in own:
                found = where(targets[other], other, run)
                if found:
                    return True
                if found is None:
                    result = None
            for other in perhaps:
                found = where(targets[other], other, run)
                if found is None or found:
                    result = None
            return result

        return exists
