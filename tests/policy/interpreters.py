"""The interpreters of the rules, asked in the same way and answering in the same words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from peiyu.policy import explain, sql
from peiyu.policy.case import Case
from peiyu.policy.columns import judge, population  # only here do tests meet columns
from peiyu.policy.rulebook import Rulebook

Interval = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Answer:
    """What the rules say of one enterprise: outcomes by name, the lines, the points, the grants."""

    outcomes: Mapping[str, str]
    hard: str
    verdict: str
    score: Interval
    needs_data: bool
    grants: Mapping[str, tuple[str, int | None, int | None]] = field(default_factory=dict)


NO_SCORE: Interval = (None, None)


def over(end: int | None, scale: int) -> Fraction | None:
    """An end of an interval as a fraction; an open end is `None`."""
    return None if end is None else Fraction(end, scale)


def explained(
    rulebook: Rulebook, case: Case, on: date, switches: Mapping[str, str] | None = None
) -> Answer:
    """One enterprise judged by `explain`."""
    found = explain.assess(rulebook, case, on, switches)
    low, high, scale, data_missing = found.score or (None, None, 1, False)
    return Answer(
        {name: outcome.name.lower() for name, outcome in found.outcomes.items()},
        found.hard.name.lower(),
        found.verdict.name.lower(),
        (over(low, scale), over(high, scale)),
        data_missing,
        {n: (g.outcome.name.lower(), g.low, g.high) for n, g in found.grants.items()},
    )


def in_columns(
    rulebook: Rulebook, cases: Iterable[Case], on: date, switches: Mapping[str, str] | None = None
) -> dict[str, Answer]:
    """Many enterprises judged by `columns`, in the order of the frame."""
    judged = judge(rulebook, population(tuple(cases)), on, switches).collect()
    return {row["key"]: answer(rulebook, row) for row in judged.iter_rows(named=True)}


def answer(rulebook: Rulebook, row: Mapping[str, Any]) -> Answer:
    """One row of what columns or a statement say."""
    score, needs_data = NO_SCORE, False
    if rulebook.total is not None:
        low, high = (over(row[f"score_{end}"], row["score_over"]) for end in ("low", "high"))
        score, needs_data = (low, high), row["score_needs_data"]
    return Answer(
        {criterion.id: row[criterion.id] for criterion in rulebook.criteria},
        row["hard"],
        row["verdict"],
        score,
        needs_data,
        {g.id: (row[g.id], row[f"{g.id}.low"], row[f"{g.id}.high"]) for g in rulebook.grants},
    )


def in_duckdb(
    rulebook: Rulebook,
    cases: Iterable[Case],
    on: date,
    switches: Mapping[str, str] | None = None,
) -> dict[str, Answer]:
    """Many enterprises judged by the statement of `sql` in DuckDB, out of parquet files."""
    held = population(tuple(cases))
    connection = duckdb.connect()
    given = []
    with TemporaryDirectory() as folder:
        for name, frame in {sql.ENTERPRISES: held.facts, **held.tables}.items():
            file = f"{folder}/{name}.parquet"
            frame.collect().write_parquet(file)
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{file}')")
            given.append(sql.Relation(name, tuple(frame.collect_schema().names())))
        connection.execute(sql.statement(rulebook, on, given, "duckdb", switches))
        names = [column[0] for column in connection.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in connection.fetchall()]
    return {row["key"]: answer(rulebook, row) for row in rows}
