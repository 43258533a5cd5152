"""The rows of the tables: what is said of each, and what is counted and summed for an enterprise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import reduce
from operator import add

import polars as pl

from peiyu.policy import facts, tree
from peiyu.policy.case import State
from peiyu.policy.columns.population import Population, row_columns
from peiyu.policy.compiled.measures import asked, linked_tables, own_days, said_of_row
from peiyu.policy.parameters import Figures
from peiyu.policy.row_rules import years_before
from peiyu.policy.tree import Node


class Rows:
    """The tables of a population; each frame is made with just the links and flags asked for."""

    def __init__(
        self,
        plan: tree.Plan,
        readings: Mapping[str, str],
        figures: Figures,
        on: date,
        population: Population,
        roots: Iterable[Node],
    ) -> None:
        self.plan = plan
        self.readings = readings
        self.figures = figures
        self.on = on
        self.facts = population.facts.with_row_index("_n")
        self.days = own_days(plan)
        self.tables = {
            name: self._beside(name, _whole(name, frame))
            for name, frame in population.tables.items()
        }
        self.asked = asked(plan, readings, roots, self.tables).measures

    def _beside(self, table: str, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Each row with the number of its enterprise and what the rules read of it: names are slow."""
        stated = self.facts.collect_schema().names()
        targets = linked_tables(self.plan, table)
        states = {f"_state_{t}": pl.col(f"{t}.state") for t in targets if f"{t}.state" in stated}
        days = {
            f"_day_{day}": pl.col(day) if day in stated else pl.lit(None, pl.Date)
            for day in self.days
        }
        held = self.facts.select("key", "_n", **states, **days)
        return rows.join(held, on="key", how="left")

    def saying(self, table: str, *nodes: Node) -> pl.LazyFrame:
        """The rows of a table, with a column for every link and flag below these nodes."""
        rows = self.tables[table]
        for place in said_of_row(self.plan, self.readings, nodes):
            node = self.plan.lines[place].node
            if isinstance(node, tree.Exists):
                rows = self._linked(rows, f"_e{place}", node)
            elif isinstance(node, tree.RowFlag):
                rows = rows.with_columns(self.cell(node.rule).alias(f"_f{place}"))
        return rows

    # -- links: is there a row of another table for which something holds

    def _linked(self, rows: pl.LazyFrame, name: str, node: tree.Exists) -> pl.LazyFrame:
        link = node.link
        declared = pl.lit(None, pl.Boolean) if node.declared is None else self.cell(node.declared)
        if link.target not in self.tables:
            return rows.with_columns(declared.alias(name))
        state = pl.col(f"_state_{link.target}")
        named = pl.col(link.source_key).is_not_null() & (state == int(State.COMPLETE))
        perhaps = pl.any_horizontal(pl.col("_perhaps", "_loose").eq_missing(True))
        answer = (
            pl.when(state == int(State.ABSENT))
            .then(declared)
            .when("_some")
            .then(pl.lit(value=True))
            .when(perhaps | ~named)
            .then(pl.lit(None, pl.Boolean))
            .otherwise(pl.lit(value=False))
        )
        target = self.saying(link.target, node.where)
        linked = (
            self._anywhere(rows, target, node)
            if link.anywhere
            else self._within(rows, target, node)
        )
        # a row that does not say to what it belongs may belong to any row of its enterprise
        loose = target.filter(pl.col(link.target_key).is_null())
        loose = loose.filter(self.cell(node.where).fill_null(value=True)).select("_n").unique()
        linked = linked.join(loose.with_columns(_loose=True), on="_n", how="left")
        return linked.with_columns(answer.alias(name)).drop("_some", "_perhaps", "_loose")

    def _within(self, rows: pl.LazyFrame, target: pl.LazyFrame, node: tree.Exists) -> pl.LazyFrame:
        """Linked rows of the same enterprise: what is said of them is gathered by name first."""
        link = node.link
        said = target.select("_n", _k=link.target_key, _is=self.cell(node.where))
        said = _gathered(_a_name_a_row(said), "_n", "_k")
        if not _holds_names(rows, link.source_key):
            return rows.join(
                said, left_on=["_n", link.source_key], right_on=["_n", "_k"], how="left"
            )
        pairs = _a_name_a_row(rows.select("_row", "_n", _k=link.source_key))
        found = pairs.join(said, on=["_n", "_k"]).group_by("_row")
        return rows.join(found.agg(pl.col("_some", "_perhaps").any()), on="_row", how="left")

    def _anywhere(
        self, rows: pl.LazyFrame, target: pl.LazyFrame, node: tree.Exists
    ) -> pl.LazyFrame:
        """Linked rows that any enterprise stated; what is said of them may depend on who is judged."""
        link = node.link
        days = [f"_day_{day}" for day in self.days]
        judged = _a_name_a_row(rows.select("_row", *days, _k=link.source_key, _self="key"))
        others = _a_name_a_row(target.drop("_row", *days).with_columns(_k=link.target_key))
        pairs = judged.join(others, on="_k").select("_row", _is=self.cell(node.where))
        return rows.join(_gathered(pairs, "_row"), on="_row", how="left")

    # -- what is said of a row

    def cell(self, node: Node) -> pl.Expr:
        """A row node as an expression over its table; null is unknown."""
        node = tree.taken(node, self.readings)
        match node:
            case tree.Column(name=name):
                return pl.col(name)
            case tree.Literally(value=value):
                return pl.lit(value)
            case tree.Self():
                return pl.coalesce(pl.col("^_self$"), pl.col("^key$"))
            case tree.Day(back=back, fact=name):
                days = timedelta(int(self.figures.number(back))) if back else timedelta()
                return (pl.col(f"_day_{name}") - days) if name else pl.lit(self.on - days)
            case tree.YearsBack(years=name):
                return pl.lit(years_before(self.on, int(self.figures.number(name))))
            case tree.Figure(parameter=name):
                return pl.lit(int(self.figures.number(name)))
            case tree.FiscalYear(lag=lag):
                return pl.lit(self.on.year - lag)
            case tree.YearOf(day=day):
                return self.cell(day).dt.year()
            case tree.RowTest(operator=operator, left=left, right=right):
                return self._test(operator, left, right)
            case tree.RowIn(left=left, values=values, parameter=parameter):
                words = self.figures.words(parameter) if parameter else values
                return self.cell(left).is_in(list(words))
            case tree.RowAll(parts=parts):
                return pl.all_horizontal(*(self.truth(part) for part in parts))
            case tree.RowAny(parts=parts):
                return pl.any_horizontal(*(self.truth(part) for part in parts))
            case tree.RowNot(part=part):
                return ~self.truth(part)
            case tree.RowSum(parts=parts, cap=cap):
                total = reduce(add, (self.cell(part).cast(pl.Int64) for part in parts))
                if not cap:
                    return total
                most = int(self.figures.number(cap))
                return pl.when(total > most).then(pl.lit(most, pl.Int64)).otherwise(total)
            case tree.Because(part=part):
                return self.truth(part)
            case tree.Exists():
                return pl.col(f"_e{self.plan.place(node, self.readings)}")
            case tree.RowFlag():
                return pl.col(f"_f{self.plan.place(node, self.readings)}")
        raise TypeError(f"{type(node).__name__} is not a row node")

    def truth(self, node: Node) -> pl.Expr:
        """A row node as true, false or null."""
        node = tree.taken(node, self.readings)
        return pl.lit(bool(node.value)) if isinstance(node, tree.Literally) else self.cell(node)

    def _test(self, operator: str, left: Node, right: Node) -> pl.Expr:
        left, right = tree.taken(left, self.readings), tree.taken(right, self.readings)
        one, two = self.cell(left), self.cell(right)
        if (
            isinstance(left, tree.YearOf)
            and isinstance(right, tree.FiscalYear)
            and operator != "=="
        ):
            # a year is told by its first day: calendars are slow, days are not
            one = self.cell(left.day)
            two = pl.lit(date(self.on.year - right.lag + (operator in (">", "<=")), 1, 1))
            return one >= two if operator in (">=", ">") else one < two
        if operator == ">=":
            return one >= two
        if operator == ">":
            return one > two
        if operator == "<=":
            return one <= two
        return one < two if operator == "<" else one == two

    # -- what is counted and summed: one group-by for each table

    def counted(self) -> tuple[pl.LazyFrame, dict[str, str]]:
        """The facts with the totals of every measure whose table was given, and which is which.

        Of the measure on line 7 of the plan `7 low` is what surely counts, `7 more` what rows may add
        of which it is not known, `7 open` says that even this is not all. Without rows all are null,
        and the enterprises are no longer in order: `_n` has their numbers.
        """
        frame = self.facts
        names: dict[str, str] = {}
        for table in self.tables:
            totals, cells = Totals(f"_{table}"), []
            for place, node in self.asked.items():
                if node.table == table:
                    names |= {
                        f"{place} {part}": name for part, name in self._measured(totals, node)
                    }
                    cells += [part for part in node.children() if not isinstance(part, tree.Number)]
            if cells:
                frame = frame.join(totals.of(self.saying(table, *cells)), on="_n", how="left")
        return frame, names

    def _measured(self, totals: Totals, node: tree.Measure) -> list[tuple[str, str]]:
        where = self.truth(node.where)
        sure, unsure = where.eq_missing(True), self._unsure(node.where)
        values = [self.cell(part) for part in node.value]
        unknown = pl.any_horizontal(pl.lit(value=False), *(value.is_null() for value in values))
        match node.kind:
            case "count":
                judged = None if node.judged is None else self.truth(node.judged)
                blank = unsure if judged is None else unsure & judged.ne_missing(True)
                return [
                    ("low", totals.sum(sure)),
                    ("more", totals.sum(unsure)),
                    ("open", totals.any(blank)),
                ]
            case "sum":
                amount = reduce(add, (v.cast(pl.Int128).fill_null(0) for v in values))
                return [
                    ("low", totals.sum(pl.when(sure).then(amount).otherwise(0))),
                    ("more", totals.sum(pl.when(unsure).then(amount).otherwise(0))),
                    ("open", totals.any((sure | unsure) & unknown)),
                ]
            case "distinct":
                return [
                    ("low", totals.distinct(pl.when(sure).then(values[0]))),
                    ("high", totals.distinct(pl.when(sure | unsure).then(values[0]))),
                    ("more", totals.sum((sure | unsure) & unknown)),
                ]
            case "average":
                amount = reduce(add, (v.cast(pl.Int64).fill_null(0) for v in values))
                return [
                    ("low", totals.sum(pl.when(sure).then(amount).otherwise(0))),
                    ("months", totals.sum(sure)),
                    ("open", totals.any(unsure | (sure & unknown))),
                ]
        found = pl.when(sure).then(values[0])
        return [("low", totals.end(found, largest=node.kind == "largest"))]

    def _unsure(self, node: Node) -> pl.Expr:
        """Where it is not known whether the row counts; said by the columns where it is that simple."""
        node = tree.taken(node, self.readings)
        if isinstance(node, tree.RowTest):
            sides = [tree.taken(side, self.readings) for side in (node.left, node.right)]
            if isinstance(sides[0], tree.Column) and isinstance(
                sides[1], tree.FiscalYear | tree.Literally
            ):
                return self.cell(sides[0]).is_null()
        if isinstance(node, tree.Literally):
            return pl.lit(value=False)
        return self.truth(node).is_null()


class Totals:
    """What is asked of the rows of one table: plain columns first, then one group-by over them."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._columns: dict[bytes, pl.Expr] = {}
        self._totals: dict[tuple[str, str], pl.Expr] = {}

    def _column(self, expr: pl.Expr) -> str:
        named = expr.alias(f"{self.prefix}{len(self._columns)}")
        return self._columns.setdefault(expr.meta.serialize(), named).meta.output_name()

    def _total(self, kind: str, column: str, total: pl.Expr) -> str:
        named = total.alias(f"{column}.{kind}")
        return self._totals.setdefault((kind, column), named).meta.output_name()

    def sum(self, expr: pl.Expr) -> str:
        """The sum of numbers, or how many rows say yes."""
        column = self._column(expr)
        return self._total("sum", column, pl.col(column).sum())

    def any(self, expr: pl.Expr) -> str:
        """Does a row say yes."""
        column = self._column(expr)
        return self._total("any", column, pl.col(column).any())

    def distinct(self, expr: pl.Expr) -> str:
        """How many different values there are; a null is none."""
        column = self._column(expr)
        some, blank = pl.col(column).n_unique(), pl.col(column).is_null().any()
        return self._total("distinct", column, some.cast(pl.Int32) - blank.cast(pl.Int32))

    def end(self, expr: pl.Expr, *, largest: bool) -> str:
        """The largest or the smallest."""
        column = self._column(expr)
        if largest:
            return self._total("max", column, pl.col(column).max())
        return self._total("min", column, pl.col(column).min())

    def of(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The totals of each enterprise that has rows."""
        columns, totals = self._columns.values(), self._totals.values()
        return rows.select("_n", *columns).group_by("_n").agg(*totals)


def _whole(name: str, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The table with its rows numbered; a column that was not given is unknown throughout."""
    there = frame.collect_schema().names()
    columns = row_columns(facts.BY_NAME[name]).items()
    lacking = {column: pl.lit(None, dtype) for column, dtype in columns if column not in there}
    return frame.with_row_index("_row").with_columns(**lacking)


def _holds_names(frame: pl.LazyFrame, column: str) -> bool:
    return isinstance(frame.collect_schema()[column], pl.List)


def _a_name_a_row(frame: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each name in the key, if the key holds several; none without a name."""
    if _holds_names(frame, "_k"):
        frame = frame.explode("_k")
    return frame.drop_nulls("_k")


def _gathered(frame: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
    """By these keys: does some row say yes, and may one."""
    said = frame.filter(pl.col("_is").fill_null(value=True))
    said = said.select(*keys, _some=pl.col("_is").is_not_null(), _perhaps=pl.col("_is").is_null())
    return said.group_by(keys).agg(pl.col("_some", "_perhaps").any())
