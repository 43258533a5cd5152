"""The rows of the tables: what is said of each, and what is counted and summed for an enterprise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any

import polars as pl

from peiyu.policy import facts, tree
from peiyu.policy.columns.population import Population, row_columns
from peiyu.policy.parameters import Figures
from peiyu.policy.tree import Node


class Rows:
    """The tables of a population, with a column for each row flag and link that the rules need."""

    def __init__(
        self,
        plan: tree.Plan,
        readings: Mapping[str, str],
        figures: Figures,
        on: date,
        population: Population,
    ) -> None:
        self.plan = plan
        self.readings = readings
        self.figures = figures
        self.on = on
        self.facts = population.facts
        self.tables = {name: _whole(name, frame) for name, frame in population.tables.items()}
        days = self._days()
        for place, line in enumerate(plan.lines):
            node = line.node
            if isinstance(node, tree.Exists) and node.link.source in self.tables:
                self._link(place, node, days)
            elif isinstance(node, tree.RowFlag) and node.table in self.tables:
                flag = self.cell(node.rule).alias(f"_f{place}")
                self.tables[node.table] = self.tables[node.table].with_columns(flag)

    def _days(self) -> list[str]:
        """Days of the enterprise itself that row rules read: they are put beside its rows."""
        days = {
            line.node.fact
            for line in self.plan.lines
            if isinstance(line.node, tree.Day) and line.node.fact
        }
        if days:
            stated = days & set(self.facts.collect_schema().names())
            held = self.facts.select("key", *(pl.col(n).alias(f"_fact_{n}") for n in sorted(stated)))
            lacking = [pl.lit(None, pl.Date).alias(f"_fact_{n}") for n in sorted(days - stated)]
            for name, table in self.tables.items():
                self.tables[name] = table.join(held, on="key", how="left").with_columns(lacking)
        return [f"_fact_{name}" for name in sorted(days)]

    def _link(self, place: int, node: tree.Exists, days: list[str]) -> None:
        """A column of the source: is there a linked row for which the rest holds."""
        link, name = node.link, f"_e{place}"
        source = self.tables[link.source]
        declared = pl.lit(None, pl.Boolean) if node.declared is None else self.cell(node.declared)
        if link.target not in self.tables:
            self.tables[link.source] = source.with_columns(declared.alias(name))
            return
        left = source.select(
            "_row", pl.col("key").alias("_self"), pl.col(link.source_key).alias("_k"), *days
        )
        target = self.tables[link.target].drop("_row").with_columns(_k=link.target_key)
        # a row that does not say to whom it belongs may belong to any row of its enterprise
        loose = (
            target.filter(pl.col("_k").is_null())
            .select("key", _is=self.cell(node.where).fill_null(value=True))
            .filter("_is")
            .select("key", _loose=pl.lit(value=True))
            .unique()
        )
        left, right = _a_name_a_row(left), _a_name_a_row(target.drop(days))
        if link.anywhere:
            pairs = left.join(right, on="_k")
        else:
            pairs = left.join(right, left_on=["_self", "_k"], right_on=["key", "_k"])
        found = (
            pairs.select("_row", _is=self.cell(node.where))
            .group_by("_row")
            .agg(
                _some=pl.col("_is").fill_null(False).any(),  # noqa: FBT003
                _perhaps=pl.col("_is").is_null().any(),
            )
        )
        states = self.facts.select("key", _state=f"{link.target}.state")
        named = pl.col(link.source_key).is_not_null() & (pl.col("_state") == 2)
        answer = (
            pl.when(pl.col("_state") == 0)
            .then(declared)
            .when(pl.col("_some"))
            .then(pl.lit(True))
            .when(pl.col("_perhaps").fill_null(False) | pl.col("_loose").fill_null(False) | ~named)
            .then(pl.lit(None, pl.Boolean))
            .otherwise(pl.lit(False))
        )
        self.tables[link.source] = (
            source.join(found, on="_row", how="left")
            .join(states, on="key", how="left")
            .join(loose, on="key", how="left")
            .with_columns(answer.alias(name))
            .drop("_some", "_perhaps", "_loose", "_state")
        )

    # -- what is said of a row

    def cell(self, node: Node) -> pl.Expr:
        """A row node as an expression over its table."""
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
                return (pl.col(f"_fact_{name}") - days) if name else pl.lit(self.on - days)
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
        one, two = self.cell(left), self.cell(right)
        if operator == ">=":
            return one >= two
        if operator == ">":
            return one > two
        if operator == "<=":
            return one <= two
        return one < two if operator == "<" else one == two

    # -- what is counted and summed: one group-by for each table

    def counted(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with the columns of every measure whose table was given; null without rows."""
        wanted: dict[str, list[pl.Expr]] = {}
        for place, line in enumerate(self.plan.lines):
            node = line.node
            if isinstance(node, tree.Measure) and node.table in self.tables:
                wanted.setdefault(node.table, []).extend(self._measured(f"_m{place}", node))
        for table, exprs in wanted.items():
            grouped = self.tables[table].group_by("key").agg(*exprs)
            frame = frame.join(grouped, on="key", how="left", maintain_order="left")
        return frame

    def _measured(self, name: str, node: tree.Measure) -> list[pl.Expr]:
        where = self.truth(node.where)
        if isinstance(tree.taken(node.where, self.readings), tree.Literally):
            where = where & pl.col("_row").is_not_null()
        sure, perhaps = where.fill_null(False), where.fill_null(True)
        values = [self.cell(part) for part in node.value]
        measured: dict[str, Any]
        match node.kind:
            case "count":
                measured = self._count(node, where)
            case "sum":
                known = pl.all_horizontal(*(value.is_not_null() for value in values))
                total = reduce(add, (value.cast(pl.Int128).fill_null(0) for value in values))
                measured = {
                    "low": pl.when(sure).then(total).sum(),
                    "high": pl.when(perhaps).then(total).sum(),
                    "open": (perhaps & ~known).any(),
                }
            case "distinct":
                found = values[0]
                measured = {
                    "low": found.filter(sure & found.is_not_null()).n_unique(),
                    "high": found.filter(perhaps & found.is_not_null()).n_unique()
                    + (perhaps & found.is_null()).sum(),
                }
            case "average":
                total = reduce(add, (value.cast(pl.Int64) for value in values))
                measured = {
                    "low": total.filter(sure).sum(),
                    "high": sure.sum(),
                    "open": (where.is_null() | (sure & total.is_null())).any(),
                }
            case _:
                found = values[0].filter(sure & values[0].is_not_null())
                measured = {"low": found.max() if node.kind == "largest" else found.min()}
        return [expr.alias(f"{name}.{part}") for part, expr in measured.items()]

    def _count(self, node: tree.Measure, where: pl.Expr) -> dict[str, pl.Expr]:
        open_ = where.is_null()
        if node.judged is not None:
            open_ = open_ & ~self.truth(node.judged).fill_null(False)
        return {
            "low": where.fill_null(False).sum(),
            "high": where.fill_null(True).sum(),
            "open": open_.any(),
        }


def _whole(name: str, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The table with its rows numbered; a column that was not given is unknown throughout."""
    there = frame.collect_schema().names()
    lacking = {
        name: pl.lit(None, dtype)
        for name, dtype in row_columns(facts.BY_NAME[name]).items()
        if name not in there
    }
    return frame.with_row_index("_row").with_columns(**lacking)


def _a_name_a_row(frame: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each name in the key, if the key holds several; none without a name."""
    if isinstance(frame.collect_schema()["_k"], pl.List):
        frame = frame.explode("_k")
    return frame.drop_nulls("_k")
