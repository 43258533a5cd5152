"""Nations in an engine of SQL: DuckDB on this machine, larger than its memory; Spark on a cluster.

The files are checked in columns first, as for every engine; then the engine itself reads them, judges
by the one statement of `peiyu.policy.sql`, and writes the answer as parquet.
"""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlglot import exp

from peiyu.batch.frames import Frames, Raw
from peiyu.policy import facts, sql
from peiyu.policy.columns import Population
from peiyu.policy.facts import Fact
from peiyu.policy.raw import Taken
from peiyu.policy.rulebook import Rulebook
from peiyu.words import Message, message

FACTS = "facts_of_all"
NAMES = ("name", "territory")
LONGEST = 200  # of what an engine says of its trouble


class NoEngine(RuntimeError):
    """The engine is not there or gave up; `text` says why and what to do."""

    def __init__(self, text: Message) -> None:
        super().__init__(text.say())
        self.text = text


class Engine(ABC):
    """Where views are made and a statement is written to a file."""

    dialect: str
    troubles: tuple[type[Exception], ...]
    """What it raises when it cannot go on."""

    @abstractmethod
    def begin(self, beside: Path) -> None:
        """Start; what does not fit into memory may lie in this folder meanwhile."""

    @abstractmethod
    def file(self, name: str, path: Path) -> exp.Expression:
        """A parquet file as a relation."""

    @abstractmethod
    def view(self, name: str, query: exp.Select) -> None:
        """Call a query by a name."""

    @abstractmethod
    def write(self, statement: str, target: Path) -> None:
        """The answer of a statement as parquet."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""


def judge_into(
    target: Path,
    frames: Frames,
    rulebook: Rulebook,
    on: date,
    switches: Mapping[str, str],
    engine: Engine,
) -> None:
    """Judge the population in an engine of SQL and write the answer, with names, as parquet.

    Raises:
        NoEngine: it did not start, or gave up.
        NotInForce: a figure of the law has no value on that day.
        UnknownReading: a switch or reading that the rulebook does not have.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".peiyu-") as beside:
        at = Path(beside)
        raw = frames.raw if frames.raw and frames.plain else _written(frames, at)
        try:
            engine.begin(at)
            given = _relations(engine, raw, frames.population.tables.keys())
            keep = [name for name in NAMES if name in raw["enterprise"].taken]
            text = sql.statement(rulebook, on, given, engine.dialect, switches, keep=keep)
            engine.write(text, target)
        except engine.troubles as fault:
            why = str(fault).strip().splitlines()[0][:LONGEST]
            said = message("{engine} 没有算完：{why}", engine=engine.dialect, why=why)
            raise NoEngine(said) from fault
        finally:
            engine.close()


def _written(frames: Frames, at: Path) -> dict[str, Raw]:
    """The population as files of its own, where it came otherwise or had to be cleaned."""
    nameless = frames.population.facts.drop(*NAMES, strict=False)
    held = Population(nameless.join(frames.names, on="key", how="left"), frames.population.tables)
    found: dict[str, Raw] = {}
    for name, frame in {"enterprise": held.facts, **held.tables}.items():
        path = at / f"{name}.parquet"
        frame.sink_parquet(path, compression="zstd")
        columns = frame.collect_schema().names()
        taken = {
            column: Taken(column, _fact(name, column), checked=True)
            for column in columns
            if column != "key"
        }
        found[name] = Raw(path, "key", taken)
    return found


def _fact(table: str, column: str) -> Fact | None:
    """The fact of a column; a state of a table has none."""
    if column.endswith(".state"):
        return None
    name, _, lag = column.partition(".")
    return facts.fact(name, "years" if lag else table)


def _relations(place: Engine, raw: Mapping[str, Raw], tables: Any) -> list[sql.Relation]:
    """The relations of the rules as views over the files."""
    main = raw["enterprise"]
    columns = ("key", *main.taken)
    source = place.file("enterprise", main.path)
    facts_of_all = sql.read_as(source, main.identity, main.taken)
    if not tables:
        place.view(sql.ENTERPRISES, facts_of_all)
        return [sql.Relation(sql.ENTERPRISES, columns)]
    place.view(FACTS, facts_of_all)
    found = []
    for name in tables:
        query = sql.no_rows(name)
        if name in raw:
            query = sql.rows_of(place.file(name, raw[name].path), name, raw[name].taken)
        place.view(name, query)
        found.append(sql.Relation(name, sql.row_columns(name)))
    relation, query = sql.with_states(FACTS, columns, tables)
    place.view(sql.ENTERPRISES, query)
    return [relation, *found]
