"""What is said of one row of a table, in SQL: null is unknown, as it is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce

from sqlglot import exp

from peiyu.policy import tree
from peiyu.policy.parameters import Figures
from peiyu.policy.row_rules import years_before
from peiyu.policy.sql import words as w
from peiyu.policy.tree import Node

OPERATORS: Mapping[str, type[exp.Binary]] = {
    ">=": exp.GTE, ">": exp.GT, "<=": exp.LTE, "<": exp.LT, "==": exp.EQ,
}  # fmt: skip


class Cells:
    """Row nodes as SQL over a relation with the columns of the row, its links and its flags."""

    def __init__(
        self, plan: tree.Plan, readings: Mapping[str, str], figures: Figures, on: date
    ) -> None:
        self.plan = plan
        self.readings = readings
        self.figures = figures
        self.on = on

    def cell(self, node: Node, itself: str = "key") -> exp.Expression:
        """A row node; `itself` is the column that names the enterprise that is judged."""
        node = tree.taken(node, self.readings)
        match node:
            case tree.Column(name=name):
                return w.col(name)
            case tree.Literally(value=value):
                return w.lit(value)
            case tree.Self():
                return w.col(itself)
            case tree.Day(back=back, fact=name):
                return self._day(back, name)
            case tree.YearsBack(years=name):
                return w.lit(years_before(self.on, int(self.figures.number(name))))
            case tree.Figure(parameter=name):
                return w.lit(int(self.figures.number(name)))
            case tree.FiscalYear(lag=lag):
                return w.lit(self.on.year - lag)
            case tree.YearOf(day=day):
                return exp.Year(this=self.cell(day, itself))
            case tree.RowTest(operator=operator, left=left, right=right):
                return w.two(OPERATORS[operator], self.cell(left, itself), self.cell(right, itself))
            case tree.RowIn(left=left, values=values, parameter=parameter):
                listed = self.figures.words(parameter) if parameter else values
                words = [w.lit(word) for word in listed]
                return exp.Paren(this=exp.In(this=self.cell(left, itself), expressions=words))
            case tree.RowAll(parts=parts):
                return w.both(self.truth(part, itself) for part in parts)
            case tree.RowAny(parts=parts):
                return w.either(self.truth(part, itself) for part in parts)
            case tree.RowNot(part=part):
                return w.no(self.truth(part, itself))
            case tree.RowSum(parts=parts, cap=cap):
                return self._sum(parts, cap, itself)
            case tree.Because(part=part):
                return self.truth(part, itself)
            case tree.Exists():
                return w.col(f"_e{self.plan.place(node, self.readings)}")
            case tree.RowFlag():
                return w.col(f"_f{self.plan.place(node, self.readings)}")
        raise TypeError(f"{type(node).__name__} is not a row node")

    def truth(self, node: Node, itself: str = "key") -> exp.Expression:
        """A row node as true, false or null."""
        node = tree.taken(node, self.readings)
        if isinstance(node, tree.Literally):
            return w.TRUE if node.value else w.FALSE
        return self.cell(node, itself)

    def _day(self, back: str, fact: str) -> exp.Expression:
        days = int(self.figures.number(back)) if back else 0
        if not fact:
            return w.lit(self.on - timedelta(days=days))
        own = w.col(f"_day_{fact}")
        if not days:
            return own
        return w.cast(exp.DateSub(this=own, expression=w.lit(days), unit=exp.var("DAY")), "DATE")

    def _sum(self, parts: tuple[tree.Cell, ...], cap: str, itself: str) -> exp.Expression:
        numbers = (w.cast(self.cell(part, itself), "BIGINT") for part in parts)
        total = reduce(lambda one, other: w.two(exp.Add, one, other), numbers)
        if not cap:
            return total
        most = w.lit(int(self.figures.number(cap)))
        return w.when([(w.two(exp.GT, total, most), most)], total)
