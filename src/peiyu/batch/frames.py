"""Nations in columns: parquet in, parquet out, without a row ever becoming a Python object.

A file has one row an enterprise: `key` (or `code`, or `name`), facts by their names, yearly facts as
`name.2018` (or `name.1` for the last fiscal year), amounts as whole fen. A folder has
`enterprise.parquet` and one file for each table, each with the enterprise's `key`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from peiyu.batch.cases import Input
from peiyu.policy import facts
from peiyu.policy.case import Case, State
from peiyu.policy.columns import Population, judge
from peiyu.policy.columns.population import column_type
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.rulebook import Rulebook
from peiyu.tables.files import Unreadable
from peiyu.tables.results import Note, Refusal
from peiyu.words import Message, message

LAGS = (1, 2, 3)
SHOWN = 100  # refused values told one by one; the rest is counted


@dataclass
class Frames:
    """A population ready to be judged, and what was said about the files."""

    population: Population
    names: pl.LazyFrame  # key, name, territory where given
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_parquet(path: Path, on: date) -> Frames:
    """A parquet file, or a folder of them, as a population.

    Raises:
        Unreadable: no such file, not parquet, or no column that says who an enterprise is.
    """
    main = path / "enterprise.parquet" if path.is_dir() else path
    try:
        frame = pl.scan_parquet(main)
        schema = frame.collect_schema()
    except (OSError, pl.exceptions.PolarsError) as fault:
        raise Unreadable(message("不能读取 parquet 文件“{name}”", name=main.name)) from fault
    identity = next((name for name in ("key", "code", "name") if name in schema.names()), None)
    if identity is None:
        raise Unreadable(message("“{name}”里没有 key、code 或 name 列", name=main.name))
    found = Frames(Population(frame), frame.select(pl.col(identity).cast(pl.String).alias("key")))
    known = _columns(on)
    kept = [pl.col(identity).cast(pl.String).alias("key")]
    for name, kind in schema.items():
        if name in ("key", identity, "name", "territory"):
            continue
        fact, column = known.get(name, (None, ""))
        if name.endswith(".state") and name.removesuffix(".state") in facts.BY_NAME:
            kept.append(pl.col(name).cast(pl.Int8))
        elif fact is None:
            text = message("没有用“{column}”列：规则里没有这一项", column=name)
            found.notes.append(Note(main.name, name, text))
        elif (problem := _misfit(fact, kind)) is not None:
            _refuse_column(found, main.name, name, str(kind), problem)
        else:
            kept.append(_bounded(pl.col(name).cast(column_type(fact)), fact).alias(column))
            _refuse_values(found, frame, main.name, name, fact)
    extra = [name for name in ("name", "territory") if name in schema.names()]
    found.names = frame.select(
        pl.col(identity).cast(pl.String).alias("key"), *(pl.col(n).cast(pl.String) for n in extra)
    )
    found.population = Population(frame.select(kept), *_tables(path, found, frame.select(kept)))
    return found


def _columns(on: date) -> dict[str, tuple[Fact, str]]:
    """Every accepted column name with its fact and the name that the rules use."""
    found = {fact.name: (fact, fact.name) for fact in facts.ENTERPRISE}
    for fact in facts.YEARS:
        if fact.name != "year":
            for lag in LAGS:
                found[f"{fact.name}.{lag}"] = (fact, f"{fact.name}.{lag}")
                found[f"{fact.name}.{on.year - lag}"] = (fact, f"{fact.name}.{lag}")
    return found


def _misfit(fact: Fact, kind: pl.DataType) -> Message | None:
    if column_type(fact) == pl.Int64:
        if not kind.is_integer():
            return message(
                "应为整数列（{unit}），而不是{kind}", unit=_stored_unit(fact), kind=str(kind)
            )
    elif fact.unit is Unit.DAY and kind != pl.Date:
        return message("应为日期列，而不是{kind}", kind=str(kind))
    elif fact.unit is Unit.YES_NO and kind != pl.Boolean:
        return message("应为是否列（布尔），而不是{kind}", kind=str(kind))
    elif fact.unit is Unit.NAMES and kind != pl.List(pl.String):
        return message("应为文本列表列，而不是{kind}", kind=str(kind))
    return None


def _stored_unit(fact: Fact) -> Message | str:
    if fact.unit is Unit.FEN:
        return message("人民币分")
    return message("百分之一人") if fact.unit is Unit.PERSON_HUNDREDTH else str(fact.unit)


def _bounded(column: pl.Expr, fact: Fact) -> pl.Expr:
    """A value out of its bounds is unknown; a choice that does not exist too."""
    if fact.unit is Unit.CHOICE:
        return pl.when(column.is_in([code for code, _, _ in fact.choices])).then(column)
    if column_type(fact) == pl.Int64 and fact.minimum is not None and fact.maximum is not None:
        return pl.when(column.is_between(fact.minimum, fact.maximum)).then(column)
    return column


def _refuse_values(found: Frames, frame: pl.LazyFrame, title: str, name: str, fact: Fact) -> None:
    if fact.unit is not Unit.CHOICE and (column_type(fact) != pl.Int64 or fact.minimum is None):
        return
    column = pl.col(name)
    out = frame.with_row_index("_row", 1).filter(
        column.is_not_null() & _bounded(column, fact).is_null()
    )
    counted = out.select(pl.len()).collect(engine="streaming").item()
    if not counted:
        return
    for row in out.select("_row", name).head(SHOWN).collect().to_dicts():
        found.refusals.append(Refusal(
            title, f"{name}[{row['_row']}]", name, str(row[name]), message("不在允许的范围之内"),
            message("请改正后重新核对；此值按未知处理"), False, row["_row"], "", "enterprise",
        ))  # fmt: skip
    if counted > SHOWN:
        found.notes.append(
            Note(
                title,
                name,
                message(
                    "“{column}”列共有 {count} 个值不在允许的范围之内，按未知处理",
                    column=name,
                    count=counted,
                ),
            )
        )


def _refuse_column(found: Frames, title: str, name: str, kind: str, problem: Message) -> None:
    found.refusals.append(Refusal(
        title, name, name, kind, problem, message("请改正列的类型；此列按未知处理"), False, 0, "", "enterprise",
    ))  # fmt: skip


def _tables(path: Path, found: Frames, main: pl.LazyFrame) -> tuple[Mapping[str, pl.LazyFrame]]:
    """The tables of a folder, and the state of each for each enterprise."""
    tables: dict[str, pl.LazyFrame] = {}
    for table in facts.ROW_TABLES:
        file = path / f"{table.name}.parquet"
        if not path.is_dir() or not file.exists():
            continue
        frame = pl.scan_parquet(file)
        schema = frame.collect_schema()
        if "key" not in schema.names():
            raise Unreadable(message("“{name}”里没有 key 列", name=file.name))
        kept: list[Any] = [pl.col("key").cast(pl.String)]
        for fact in table:
            if fact.name not in schema.names():
                kept.append(pl.lit(None, column_type(fact)).alias(fact.name))
            elif (problem := _misfit(fact, schema[fact.name])) is not None:
                _refuse_column(found, file.name, fact.name, str(schema[fact.name]), problem)
                kept.append(pl.lit(None, column_type(fact)).alias(fact.name))
            else:
                kept.append(
                    _bounded(pl.col(fact.name).cast(column_type(fact)), fact).alias(fact.name)
                )
                _refuse_values(found, frame, file.name, fact.name, fact)
        tables[table.name] = frame.select(kept)
    return (tables,)


def with_states(population: Population) -> Population:
    """The population with a state for each of its tables: rows without a word are all there are."""
    frame = population.facts
    known = set(frame.collect_schema().names())
    for name, table in population.tables.items():
        state = f"{name}.state"
        if name == "uses" and "ip" in population.tables:
            numbers = population.tables["ip"].select("key", "grant_number").drop_nulls()
            given = numbers.join(
                table.select("grant_number").unique(), on="grant_number", how="semi"
            )
        else:
            given = table
        there = given.select("key").unique().with_columns(pl.lit(2, pl.Int8).alias("_there"))
        default = pl.col("_there").fill_null(0)
        said = pl.col(state).fill_null(default) if state in known else default
        frame = (
            frame.join(there, on="key", how="left").with_columns(said.alias(state)).drop("_there")
        )
    return Population(frame, population.tables, population.complete)


def judged(
    frames: Frames, rulebook: Rulebook, on: date, switches: Mapping[str, str]
) -> pl.LazyFrame:
    """The result with names; one row an enterprise."""
    result = judge(rulebook, with_states(frames.population), on, switches)
    if len(frames.names.collect_schema().names()) == 1:
        return result
    return result.join(frames.names, on="key", how="left")


def cases(frames: Frames) -> Iterator[Case]:
    """The population as cases, for results that give reasons."""
    population = with_states(frames.population)
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for name, table in population.tables.items():
        held = rows.setdefault(name, {})
        for row in table.collect().to_dicts():
            key = row.pop("key")
            for column, value in row.items():
                if isinstance(value, list):
                    row[column] = tuple(value)
            held.setdefault(key, []).append(row)
    uses = [row for found in rows.get("uses", {}).values() for row in found]
    names = {row["key"]: row for row in frames.names.collect().to_dicts()}
    for values in population.facts.collect().to_dicts():
        key = values.pop("key")
        case = Case(key, str(names.get(key, {}).get("name") or key))
        for name, value in values.items():
            if name.endswith(".state"):
                case.states[name.removesuffix(".state")] = State(value)
            elif value is not None:
                case.facts[name] = value
        for table_name, held in rows.items():
            if table_name != "uses" and key in held:
                case.tables[table_name] = list(held[key])
        numbers = {row.get("grant_number") for row in case.tables.get("ip", ())}
        linked = [row for row in uses if row.get("grant_number") in numbers]
        if linked:
            case.tables["uses"] = list(linked)
        yield case


def input_of(frames: Frames) -> Input:
    """The population with its remarks, as other files come."""
    found = Input(list(cases(frames)), {}, frames.refusals, frames.notes)
    for row in frames.names.collect().to_dicts():
        if row.get("territory"):
            found.territories[row["key"]] = row["territory"]
    return found
