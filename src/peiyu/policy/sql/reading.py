"""The relations that the rules read, with the columns of the dictionary of facts in its types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from peiyu.policy import facts
from peiyu.policy.case import State
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.raw import Taken
from peiyu.policy.sql import words as w

ENTERPRISES = "enterprise"
TYPES = {Unit.DAY: "DATE", Unit.YES_NO: "BOOLEAN", Unit.CHOICE: "VARCHAR", Unit.TEXT: "VARCHAR",
         Unit.NAMES: "ARRAY<VARCHAR>"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of that name, with these columns: `key`, facts by name, yearly ones as `name.lag`."""

    name: str
    columns: tuple[str, ...]


def column_type(fact: Fact | None) -> str:
    """How a fact is stored in a column; a state of a table is a small number."""
    return "TINYINT" if fact is None else TYPES.get(fact.unit, "BIGINT")


def read_as(source: exp.Expression, identity: str, taken: Mapping[str, Taken]) -> exp.Select:
    """A relation of the rules out of a raw one: `taken` says from which column each comes.

    A value out of the bounds of the dictionary is unknown.
    """
    key = w.called(w.cast(w.col(identity), "VARCHAR"), "key")
    return w.select([key, *_read(taken)], source)


def missing(table: str, taken: Iterable[str]) -> dict[str, str]:
    """The columns of a table that were not given, with their types."""
    there = set(taken)
    return {fact.name: column_type(fact) for fact in facts.BY_NAME[table] if fact.name not in there}


def rows_of(source: exp.Expression, table: str, taken: Mapping[str, Taken]) -> exp.Select:
    """The relation of a table out of a raw one; a column that was not given is unknown throughout."""
    query = read_as(source, "key", taken)
    for name, kind in missing(table, taken).items():
        query.append("expressions", w.called(w.cast(w.NULL, kind), name))
    return query


def no_rows(table: str) -> exp.Select:
    """The relation of a table of which only the state was said."""
    columns = {"key": "VARCHAR", **missing(table, ())}
    query = exp.Select(expressions=[w.called(w.cast(w.NULL, k), n) for n, k in columns.items()])
    return query.where(w.FALSE, copy=False)


def with_states(
    facts_of_all: str, columns: Iterable[str], tables: Iterable[str]
) -> tuple[Relation, exp.Select]:
    """The enterprises with a state for each table: rows without a word are all there are."""
    stated = tuple(columns)
    tables = tuple(tables)
    states = [f"{table}.state" for table in tables]
    kept = [name for name in stated if name not in states]
    query = w.select([w.col(name, facts_of_all) for name in kept], facts_of_all)
    for table, state in zip(tables, states, strict=True):
        has = f"has {table}"
        there = w.is_known(w.col("key", has))
        default = w.when([(there, w.lit(int(State.COMPLETE)))], w.lit(int(State.ABSENT)))
        said = w.filled(w.col(state, facts_of_all), default) if state in stated else default
        query.append("expressions", w.called(w.cast(said, "TINYINT"), state))
        owners = exp.Subquery(this=_owners(table, tables), alias=exp.TableAlias(this=w.named(has)))
        same = w.two(exp.EQ, w.col("key", facts_of_all), w.col("key", has))
        query.append("joins", exp.Join(this=owners, on=same, side="LEFT"))
    return Relation(ENTERPRISES, (*kept, *states)), query


def _owners(table: str, tables: tuple[str, ...]) -> exp.Select:
    """The enterprises that have rows: a use belongs to whoever has the right that was used."""
    if table != "uses" or "ip" not in tables:
        return w.select([w.col("key")], table).distinct(copy=False)
    query = w.select([w.col("key", "ip")], "ip").distinct(copy=False)
    same = w.two(exp.EQ, w.col("grant_number", "ip"), w.col("grant_number", "uses"))
    return w.joined(query, "uses", [same], side="")


def _read(taken: Mapping[str, Taken]) -> Iterator[exp.Expression]:
    for name, raw in taken.items():
        kind = exp.DataType.build(column_type(raw.fact))
        value = exp.TryCast(this=w.col(raw.column), to=kind)
        yield w.called(value if raw.checked else _bounded(value, raw.fact), name)


def _bounded(value: exp.Expression, fact: Fact | None) -> exp.Expression:
    if fact is None:
        return _between(value, int(min(State)), int(max(State)))
    if fact.unit is Unit.CHOICE:
        codes: Iterable[exp.Expression] = [w.lit(code) for code, _, _ in fact.choices]
        return w.when([(exp.In(this=value, expressions=list(codes)), value)])
    if column_type(fact) == "BIGINT" and fact.minimum is not None and fact.maximum is not None:
        return _between(value, fact.minimum, fact.maximum)
    return value


def _between(value: exp.Expression, least: int, most: int) -> exp.Expression:
    return w.when([(exp.Between(this=value, low=w.lit(least), high=w.lit(most)), value)])


def row_columns(table: str) -> tuple[str, ...]:
    """The columns of a table's relation."""
    return ("key", *(fact.name for fact in facts.BY_NAME[table]))


def holds_names(table: str, column: str) -> bool:
    """Does a column hold several names."""
    return facts.fact(column, table).unit is Unit.NAMES
