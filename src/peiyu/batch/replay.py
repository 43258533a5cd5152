"""The same input judged twice: who changes, by which line, for what cause, and what it comes to.

Everything is added up from one frame with a row an enterprise, so the parts are the whole: a
territory, or none stated, has each enterprise once, and the total is the sum of the territories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import polars as pl

from peiyu.batch.outcomes import HARD, VERDICT, lines
from peiyu.batch.sides import Cause, Walk
from peiyu.policy.columns import OUTCOME_TYPE
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import Outcome

WIDE = pl.Int128  # sums of fen
ENDS = ("low", "high")


@dataclass(frozen=True, slots=True)
class Money:
    """What is to be paid in fen: at the least; at the most, beside those whose most is open."""

    low: int = 0
    high: int = 0
    opened: int = 0

    def __add__(self, other: Money) -> Money:
        return Money(self.low + other.low, self.high + other.high, self.opened + other.opened)

    def __sub__(self, other: Money) -> Money:
        return Money(self.low - other.low, self.high - other.high, self.opened - other.opened)


@dataclass(frozen=True, slots=True)
class Count:
    """The enterprises of a territory before and after; or of all of them."""

    enterprises: int = 0  # on either side
    before: int = 0
    after: int = 0
    changed: int = 0
    hard_before: int = 0  # hard conditions met
    hard_after: int = 0
    met_before: int = 0  # verdict met
    met_after: int = 0
    money_before: Money = Money()
    money_after: Money = Money()

    @property
    def money(self) -> Money:
        """What changes in money."""
        return self.money_after - self.money_before

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Move:
    """How many enterprises go from one outcome to another on a line; null is not there at all."""

    line: str
    before: str | None
    after: str | None
    count: int
    by: dict[Cause, int]


@dataclass(frozen=True)
class Replay:
    """What differs between the two sides."""

    rulebook: Rulebook
    walk: Walk
    changes: pl.DataFrame  # one row a line of an enterprise that changed
    moves: tuple[Move, ...]
    territories: tuple[tuple[str | None, Count], ...]  # null: no territory stated; always there
    causes: dict[Cause, int]  # enterprises that changed for it; one may have several

    @property
    def total(self) -> Count:
        """All territories together."""
        return sum((count for _, count in self.territories), Count())


class DoesNotAddUp(AssertionError):
    """The parts are not the whole: never to be seen."""


def compare(
    rulebook: Rulebook, walk: Walk, frames: Sequence[pl.DataFrame], names: Sequence[pl.DataFrame]
) -> Replay:
    """What differs between the first and the last frame, the frames between them telling why.

    `names` has for each frame the key, the territory and the name where they are known.
    """
    whole = _with_names(_beside(rulebook, frames), names)
    first, last = (len(frames) - 1, 0) if walk.backwards else (0, len(frames) - 1)
    whole = whole.with_columns(_changed_any(rulebook, first, last))
    changes = _changes(rulebook, walk, whole, first, last)
    moves = _moves(rulebook, walk, changes)
    territories = _territories(rulebook, whole, first, last)
    found = Replay(rulebook, walk, changes, moves, territories, _causes(walk, changes))
    _check(found, whole)
    return found


# -- side by side


def _beside(rulebook: Rulebook, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All sides on one row an enterprise; whoever is not on a side has no outcome there."""
    keys = frames[-1].get_column("key")
    if all(frame.get_column("key").equals(keys) for frame in frames):
        parts = [_numbered(frame.drop("key"), at) for at, frame in enumerate(frames)]
        return pl.concat([keys.to_frame(), *parts], how="horizontal")
    every = pl.concat([frame.select("key") for frame in reversed(frames)])
    whole = every.unique(maintain_order=True)
    for at, frame in enumerate(frames):
        there = frame.select("key", pl.lit(value=True).alias(f"_there@{at}"))
        side = pl.concat([there, _numbered(frame.drop("key"), at)], how="horizontal")
        whole = whole.join(side, on="key", how="left", maintain_order="left")
        if rulebook.grants:  # who is not there gets nothing; an open end stays open
            absent = pl.col(f"_there@{at}").is_null()
            money = [f"{grant.id}.{end}@{at}" for grant in rulebook.grants for end in ENDS]
            whole = whole.with_columns(
                pl.when(absent).then(0).otherwise(pl.col(name)).alias(name) for name in money
            )
        whole = whole.drop(f"_there@{at}")
    return whole


def _numbered(frame: pl.DataFrame, at: int) -> pl.DataFrame:
    return frame.rename({name: f"{name}@{at}" for name in frame.columns})


def _with_names(whole: pl.DataFrame, found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Each enterprise with the name and territory that it has on the latest side."""
    latest = [_full(frame) for frame in reversed(found)]
    if all(frame.get_column("key").equals(whole.get_column("key")) for frame in latest):
        return pl.concat([whole, latest[0].drop("key")], how="horizontal")
    names = pl.concat(latest).unique("key", keep="first", maintain_order=True)
    return whole.join(names, on="key", how="left", maintain_order="left")


def _full(frame: pl.DataFrame) -> pl.DataFrame:
    known = [pl.col(n) if n in frame.columns else pl.lit(None, pl.String).alias(n)
             for n in ("key", "name", "territory")]  # fmt: skip
    blank = pl.col("territory").str.strip_chars()
    return frame.select(known).with_columns(
        pl.when(blank != "").then(blank).alias("territory")
    )  # fmt: skip


def _columns_of(rulebook: Rulebook, line: str) -> list[str]:
    """The columns in which a line can change."""
    grants = {grant.id for grant in rulebook.grants}
    return [line, *(f"{line}.{end}" for end in ENDS if line in grants)]


def _differs(rulebook: Rulebook, line: str, one: int, two: int) -> pl.Expr:
    return pl.any_horizontal(
        pl.col(f"{name}@{one}").ne_missing(pl.col(f"{name}@{two}"))
        for name in _columns_of(rulebook, line)
    )


def _changed_any(rulebook: Rulebook, first: int, last: int) -> pl.Expr:
    found = [_differs(rulebook, line, first, last) for line in lines(rulebook)]
    return pl.any_horizontal(found).alias("_changed")


# -- what changed


def _changes(
    rulebook: Rulebook, walk: Walk, whole: pl.DataFrame, first: int, last: int
) -> pl.DataFrame:
    """One row a line of an enterprise that changed, with the steps at which it did."""
    grants = {grant.id for grant in rulebook.grants}
    order = pl.Enum(lines(rulebook))
    some = whole.with_row_index("_n").filter("_changed")
    parts = []
    for line in lines(rulebook):
        money = [
            pl.col(f"{line}.{end}@{at}") if line in grants else pl.lit(None, pl.Int64)
            for at in (first, last)
            for end in ENDS
        ]
        steps = [
            _differs(rulebook, line, at, at + 1).alias(str(cause))
            for at, cause in enumerate(walk.causes)
        ]
        parts.append(
            some.lazy()
            .filter(_differs(rulebook, line, first, last))
            .select(
                "_n",
                "key",
                "name",
                "territory",
                pl.lit(line, order).alias("line"),
                pl.col(f"{line}@{first}").cast(OUTCOME_TYPE).alias("before"),
                pl.col(f"{line}@{last}").cast(OUTCOME_TYPE).alias("after"),
                *(expr.alias(name) for expr, name in zip(money, MONEY_COLUMNS, strict=True)),
                *steps,
            )
        )
    return pl.concat(parts).sort("_n", "line").drop("_n").collect()


MONEY_COLUMNS = ("low_before", "high_before", "low_after", "high_after")


def _moves(rulebook: Rulebook, walk: Walk, changes: pl.DataFrame) -> tuple[Move, ...]:
    """Line by line, from which outcome to which, how many, and for what cause."""
    sums = [pl.col(str(cause)).sum() for cause in walk.causes]
    found = (
        changes.group_by("line", "before", "after")
        .agg(pl.len().alias("count"), *sums)
        .sort("line", "before", "after", nulls_last=False)
    )
    return tuple(
        Move(
            row["line"], row["before"], row["after"], row["count"],
            {cause: row[str(cause)] for cause in walk.causes},
        )
        for row in found.iter_rows(named=True)
    )  # fmt: skip


def _causes(walk: Walk, changes: pl.DataFrame) -> dict[Cause, int]:
    if not walk.causes:
        return {}
    row = changes.select(
        pl.col("key").filter(pl.col(str(cause))).n_unique().alias(str(cause))
        for cause in walk.causes
    ).row(0, named=True)
    return {cause: row[str(cause)] for cause in walk.causes}


# -- where


def _territories(
    rulebook: Rulebook, whole: pl.DataFrame, first: int, last: int
) -> tuple[tuple[str | None, Count], ...]:
    """Each territory by name, at the end a row for those that state none."""
    found = whole.group_by("territory").agg(_sums(rulebook, first, last))
    rows = {row.pop("territory"): _count(row) for row in found.to_dicts()}
    named = sorted(name for name in rows if name is not None)
    return (*((name, rows[name]) for name in named), (None, rows.get(None, Count())))


def _sums(rulebook: Rulebook, first: int, last: int) -> list[pl.Expr]:
    judged = lines(rulebook)[0]
    sums = [pl.len().alias("enterprises"), pl.col("_changed").sum().alias("changed")]
    for when, at in (("before", first), ("after", last)):
        sums.append(pl.col(f"{judged}@{at}").is_not_null().sum().alias(when))
        for name, line in (("hard", HARD), ("met", VERDICT)):
            met = pl.col(f"{line}@{at}") == Outcome.MET.name.lower()
            there = line in lines(rulebook)
            sums.append((met.sum() if there else pl.lit(0)).alias(f"{name}_{when}"))
        lows = [pl.col(f"{grant.id}.low@{at}") for grant in rulebook.grants]
        highs = [pl.col(f"{grant.id}.high@{at}") for grant in rulebook.grants]
        sums += [
            _together(lows).alias(f"low_{when}"),
            _together(highs).alias(f"high_{when}"),
            _together([high.is_null() for high in highs]).alias(f"opened_{when}"),
        ]
    return sums


def _together(parts: Sequence[pl.Expr]) -> pl.Expr:
    """The sum of all columns over all rows, wide enough for a nation's fen."""
    total: pl.Expr = pl.lit(0, WIDE)
    for part in parts:
        total = total + part.cast(WIDE).sum()
    return total


def _count(row: dict[str, Any]) -> Count:
    money = {
        when: Money(*(int(row[f"{end}_{when}"]) for end in ("low", "high", "opened")))
        for when in ("before", "after")
    }
    return Count(
        row["enterprises"], row["before"], row["after"], row["changed"], row["hard_before"], row["hard_after"],
        row["met_before"], row["met_after"], money["before"], money["after"],
    )  # fmt: skip


def _check(found: Replay, whole: pl.DataFrame) -> None:
    """The territories together are the enterprises; the moves of a line are its changes."""
    changed = whole.get_column("_changed").sum()
    total = found.total
    moved = sum(move.count for move in found.moves)
    met = sum(
        move.count * ((move.after == "met") - (move.before == "met"))
        for move in found.moves
        if move.line == VERDICT
    )
    sound = (
        total.enterprises == whole.height
        and total.changed == changed == found.changes.get_column("key").n_unique()
        and moved == found.changes.height
        and met == total.met_after - total.met_before
    )
    if not sound:
        raise DoesNotAddUp
