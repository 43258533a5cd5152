"""Terms as polars says them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from peiyu.policy.compiled.layers import layers
from peiyu.policy.compiled.terms import Number, Term, Truth

TYPES = (pl.Int8(), pl.Int16(), pl.Int32(), pl.Int64(), pl.Int128())
"""The types of whole numbers, as in `peiyu.policy.compiled.terms.BITS`."""


class Leaves:
    """The columns of a population, and what was counted and summed of its rows."""

    def __init__(
        self, schema: pl.Schema, complete: Collection[str], totals: Mapping[str, str]
    ) -> None:
        self.schema = schema
        self.columns: Collection[str] = schema.names()
        self.complete = complete
        self.totals = totals

    def given(self, name: str) -> pl.Expr:
        """Is the fact stated."""
        return pl.col(name).is_not_null()

    def yes(self, name: str) -> pl.Expr:
        """Is it stated as yes."""
        return pl.col(name).eq_missing(True)

    def reached(self, name: str, day: date) -> pl.Expr:
        """Is a stated day this one or later."""
        return (pl.col(name) >= day).eq_missing(True)

    def number(self, name: str) -> tuple[pl.Expr, int]:
        """A whole number, zero where it is not stated, and its type."""
        there, kind = pl.col(name), self.schema[name]
        if kind not in TYPES:
            there, kind = there.cast(pl.Int64), pl.Int64()
        if name not in self.complete:
            there = there.fill_null(0)
        return there, TYPES.index(kind)

    def days(self, name: str) -> pl.Expr:
        """A day as days since the beginning of 1970."""
        return pl.col(name).cast(pl.Int32).fill_null(0)

    def in_state(self, table: str, state: int) -> pl.Expr:
        """Is the table in this state."""
        return (pl.col(f"{table}.state") == state).eq_missing(True)

    def total(self, name: str, wide: int) -> pl.Expr:
        """What was counted or summed."""
        return pl.col(self.totals[name]).fill_null(0).cast(TYPES[wide])

    def total_yes(self, name: str) -> pl.Expr:
        """Did a row say yes."""
        return pl.col(self.totals[name]).eq_missing(True)

    def total_given(self, name: str) -> pl.Expr:
        """Is there a largest or smallest at all."""
        return pl.col(self.totals[name]).is_not_null()


class Writer:
    """The steps as polars says them; see `peiyu.policy.compiled.layers.Writer`."""

    def column(self, name: str) -> pl.Expr:
        """A column of the layer before."""
        return pl.col(name)

    def literal(self, value: int, wide: int) -> pl.Expr:
        """A number that is the same for all."""
        return pl.lit(value, TYPES[wide])

    def truth(self, value: bool) -> pl.Expr:
        """A flag that is the same for all."""
        return pl.lit(value)

    def is_column(self, expr: pl.Expr) -> bool:
        """Is it a bare column."""
        return expr.meta.is_column()

    def reads(self, expr: pl.Expr) -> list[str]:
        """The columns that it reads."""
        return expr.meta.root_names()

    def step(self, does: str, parts: Sequence[Any], wide: int, term: Term) -> pl.Expr:
        """What a step does with its parts."""
        match does:
            case "not":
                return pl.Expr.not_(parts[0])
            case "widen":
                return pl.Expr.cast(parts[0], TYPES[wide])
            case "choose":
                return pl.when(parts[0]).then(parts[1]).otherwise(parts[2])
        one, two = parts
        found: pl.Expr
        match does:
            case "and":
                found = one & two
            case "or":
                found = one | two
            case "+":
                found = one + two
            case "-":
                found = one - two
            case "*":
                found = one * two
            case "//":
                found = one // two
            case ">=":
                found = (one >= two).eq_missing(True)
            case "==":
                found = (one == two).eq_missing(True)
            case _:
                raise TypeError(f"no step is called {does!r}")
        return found


def worked_out(
    frame: pl.LazyFrame, wanted: Mapping[str, Number | Truth], keep: Iterable[str]
) -> pl.LazyFrame:
    """The frame with the columns to keep and those that are wanted."""
    for layer in layers(Writer(), wanted, keep):
        made = [expr.alias(name) for name, expr in layer.made.items()]
        frame = frame.select(*layer.kept, *made)
    return frame


def named(flags: Sequence[tuple[str, pl.Expr]], kind: pl.Enum) -> pl.Expr:
    """The outcome by name: the first whose flag says yes, the last where none does."""
    chain = pl.lit(flags[-1][0], kind)
    for name, flag in reversed(flags[:-1]):
        chain = pl.when(flag).then(pl.lit(name, kind)).otherwise(chain)
    return chain
