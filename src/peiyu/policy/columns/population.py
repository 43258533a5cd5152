"""Enterprises in columns, and cases made into them: the same enterprises for both interpreters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from peiyu.policy import facts
from peiyu.policy.case import Case, Scalar
from peiyu.policy.facts import Unit


@dataclass(frozen=True)
class Population:
    """Enterprises in columns: one frame of facts, one of rows for each table that was given.

    `facts` has a column `key`, standing facts by name, yearly ones as `name.lag`, and the state of
    each table as `table.state`; a table has a column `key`. Money is whole fen, null is unknown.
    Values are taken to lie within the bounds of the dictionary: who reads them in sees to that.
    """

    facts: pl.LazyFrame
    tables: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()  # columns of `facts` in which nothing is null


TYPES: dict[Unit, pl.DataType | type[pl.DataType]] = {
    Unit.DAY: pl.Date,
    Unit.YES_NO: pl.Boolean,
    Unit.CHOICE: pl.String,
    Unit.TEXT: pl.String,
    Unit.NAMES: pl.List(pl.String),
}
LAGS = (1, 2, 3)


def column_type(fact: facts.Fact) -> pl.DataType | type[pl.DataType]:
    """How a fact is stored in a column: whole numbers unless it is something else."""
    return TYPES.get(fact.unit, pl.Int64)


def fact_columns() -> dict[str, pl.DataType | type[pl.DataType]]:
    """The columns of the frame of enterprises: standing facts, yearly ones with their lag, states."""
    columns: dict[str, pl.DataType | type[pl.DataType]] = {"key": pl.String}
    columns |= {fact.name: column_type(fact) for fact in facts.ENTERPRISE}
    for fact in facts.YEARS:
        if fact.name != "year":
            columns |= {f"{fact.name}.{lag}": column_type(fact) for lag in LAGS}
    columns |= {f"{table.name}.state": pl.Int8 for table in facts.ROW_TABLES}
    return columns


def row_columns(table: facts.FactTable) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The columns of a table's frame."""
    return {"key": pl.String} | {fact.name: column_type(fact) for fact in table}


def population(cases: Sequence[Case]) -> Population:
    """The cases as frames; a column that no case fills is left out."""
    types = fact_columns()
    held: dict[str, list[Scalar]] = {"key": [case.key for case in cases]}
    given = {table.name for table in facts.ROW_TABLES if any(c.state(table.name) for c in cases)}
    for name in types:
        if name.endswith(".state"):
            table = name.removesuffix(".state")
            if table in given:
                held[name] = [int(case.state(table)) for case in cases]
        elif name != "key" and any(case.facts.get(name) is not None for case in cases):
            held[name] = [case.facts.get(name) for case in cases]
    frame = pl.DataFrame(held, schema={name: types[name] for name in held}, strict=True)
    complete = frozenset(name for name in frame.columns if frame[name].null_count() == 0)
    tables = {name: _rows(facts.BY_NAME[name], cases).lazy() for name in sorted(given)}
    return Population(frame.lazy(), tables, complete)


def _rows(table: facts.FactTable, cases: Iterable[Case]) -> pl.DataFrame:
    types = row_columns(table)
    rows = []
    seen: set[int] = set()
    for case in cases:
        for row in case.tables.get(table.name, ()):
            if table.name == "uses":  # the same use may be linked to by several enterprises
                if id(row) in seen:
                    continue
                seen.add(id(row))
            rows.append({"key": case.key, **{n: v for n, v in row.items() if n in types}})
    return pl.DataFrame(rows, schema=types, strict=True) if rows else pl.DataFrame(schema=types)
