"""A rulebook over a population in polars: compiled, and one row of answers for each enterprise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from peiyu.policy import tree
from peiyu.policy.columns.population import Population
from peiyu.policy.columns.rows import Rows
from peiyu.policy.columns.writer import Leaves, named, worked_out
from peiyu.policy.compiled.program import Compiled
from peiyu.policy.compiled.verdict import NAMES
from peiyu.policy.parameters import Figures
from peiyu.policy.rulebook import Rulebook

OUTCOME_TYPE = pl.Enum(NAMES)


class Columns:
    """A rulebook compiled for one day, one reading of every switch, and the columns that there are.

    Raises:
        NotInForce: a figure of the law has no value on that day.
        UnknownReading: a switch or reading that the rulebook does not have.
        OverflowError: a rule could leave 38 digits.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        on: date,
        population: Population,
        switches: Mapping[str, str] | None = None,
        figures: Figures | None = None,
    ) -> None:
        figures = figures or Figures(on)
        readings = rulebook.readings(switches)
        plan = tree.plan(rulebook.roots(), readings)
        self.frame = population.facts
        totals: Mapping[str, str] = {}
        self.keep: tuple[str, ...] = ("key",)
        if population.tables:
            self.keep = ("_n", "key")
            rows = Rows(plan, readings, figures, on, population, rulebook.roots())
            self.frame, totals = rows.counted()
        schema = population.facts.collect_schema()
        leaves = Leaves(schema, population.complete, totals)
        self.compiled = Compiled(
            rulebook, figures, readings, plan, leaves, population.tables.keys(), on
        )

    def judged(self) -> pl.LazyFrame:
        """One row for each enterprise, in the order of the facts: outcomes and points.

        Columns: `key`, one per criterion, `hard`, `score_low`, `score_high` and `score_over` (points
        are low/over to high/over), `score_needs_data`, one per grant with `grant.low` and
        `grant.high` in fen (null is open), `verdict`. Collect it with the streaming engine: then
        what lies between facts and answer is never all in memory.
        """
        found = self.compiled.answers()
        frame = worked_out(self.frame, found.wanted(), self.keep)
        if "_n" in self.keep:
            frame = frame.sort("_n")
        outcomes = {
            name: named(
                [(said, pl.col(f"{name}.is {said}")) for said, _ in verdict.possible()],
                OUTCOME_TYPE,
            ).alias(name)
            for name, verdict in found.outcomes.items()
        }
        last = outcomes.pop("verdict")
        points = [
            pl.col(name) if name == "score_needs_data" else pl.col(name).cast(pl.Int64)
            for name in found.numbers
        ]
        money = [
            pl.when(f"{name} known").then(pl.col(name).cast(pl.Int64)).alias(name)
            for name in found.amounts
        ]
        grants = {grant.id for grant in self.compiled.rulebook.grants}
        first = [outcome for name, outcome in outcomes.items() if name not in grants]
        given = [outcomes[name] for name in outcomes if name in grants]
        return frame.select("key", *first, *points, *given, *money, last)


def judge(
    rulebook: Rulebook, population: Population, on: date, switches: Mapping[str, str] | None = None
) -> pl.LazyFrame:
    """Judge a population; see `Columns.judged` for what comes back.

    Raises:
        NotInForce: a figure of the law has no value on that day.
        UnknownReading: a switch or reading that the rulebook does not have.
    """
    return Columns(rulebook, on, population, switches).judged()
