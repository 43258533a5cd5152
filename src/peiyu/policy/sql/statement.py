"""A rulebook as one statement: facts in, one row of answers for each enterprise out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlglot import exp

from peiyu.policy import tree
from peiyu.policy.compiled.layers import layers
from peiyu.policy.compiled.program import Answers, Compiled
from peiyu.policy.parameters import Figures
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.sql import words as w
from peiyu.policy.sql.reading import ENTERPRISES, Relation
from peiyu.policy.sql.rows import Rows
from peiyu.policy.sql.writer import Leaves, Writer

DIALECTS = ("duckdb", "spark")
OUTCOMES = tuple(outcome.name.lower() for outcome in tree.Outcome)


def statement(
    rulebook: Rulebook,
    on: date,
    given: Iterable[Relation],
    dialect: str,
    switches: Mapping[str, str] | None = None,
    figures: Figures | None = None,
    keep: Collection[str] = (),
    *,
    pretty: bool = False,
) -> str:
    """The statement that judges the relations `enterprise` and those of the tables that there are.

    Columns of the answer as in `peiyu.policy.columns.Columns.judged`, and those of the enterprises to
    `keep`; outcomes are text, the order is the engine's.

    Raises:
        NotInForce: a figure of the law has no value on that day.
        UnknownReading: a switch or reading that the rulebook does not have.
        OverflowError: a rule could leave 38 digits.
    """
    relations = {relation.name: relation for relation in given}
    figures = figures or Figures(on)
    readings = rulebook.readings(switches)
    plan = tree.plan(rulebook.roots(), readings)
    steps = w.Steps()
    source, tables = ENTERPRISES, relations.keys() - {ENTERPRISES}
    if tables:
        rows = Rows(steps, plan, readings, figures, on, relations, rulebook.roots(), dialect)
        source = rows.counted()
    leaves = Leaves(relations[ENTERPRISES].columns, dialect)
    compiled = Compiled(rulebook, figures, readings, plan, leaves, tables, on)
    query = steps.ending(_answered(steps, source, compiled, dialect, keep))
    return query.sql(dialect=dialect, pretty=pretty)


def _answered(
    steps: w.Steps, source: str, compiled: Compiled, dialect: str, keep: Collection[str]
) -> exp.Select:
    found = compiled.answers()
    for layer in layers(Writer(dialect), found.wanted(), ("key", *keep)):
        made = [w.called(value, name) for name, value in layer.made.items()]
        source = steps.add("layer", w.select([*map(w.col, layer.kept), *made], source))
    last = [*_last(found, compiled.rulebook, dialect), *map(w.col, keep)]
    return w.select(last, source)


def _last(found: Answers, rulebook: Rulebook, dialect: str) -> list[exp.Expression]:
    """The columns of the answer, in order."""
    words = {outcome: _word(outcome, dialect) for outcome in OUTCOMES}
    outcomes = {name: _outcome(name, found, words) for name in found.outcomes}
    verdict = outcomes.pop("verdict")
    grants = {grant.id for grant in rulebook.grants}
    points = [
        w.col(name) if name == "score_needs_data" else w.called(w.cast(w.col(name), "BIGINT"), name)
        for name in found.numbers
    ]
    money = [
        w.called(w.when([(w.col(f"{name} known"), w.cast(w.col(name), "BIGINT"))]), name)
        for name in found.amounts
    ]
    first = [outcome for name, outcome in outcomes.items() if name not in grants]
    given = [outcome for name, outcome in outcomes.items() if name in grants]
    return [w.col("key"), *first, *points, *given, *money, verdict]


def _outcome(name: str, found: Answers, words: Mapping[str, exp.Expression]) -> exp.Expression:
    """The outcome by name: the first whose flag says yes, the last where none does."""
    possible = [outcome for outcome, _ in found.outcomes[name].possible()]
    last = words[possible[-1]]
    if len(possible) == 1:
        return w.called(last, name)
    cases = [(w.col(f"{name}.is {outcome}"), words[outcome]) for outcome in possible[:-1]]
    return w.called(w.when(cases, last), name)


def _word(outcome: str, dialect: str) -> exp.Expression:
    """An outcome as text; DuckDB writes one of few words several times as fast as any text."""
    said = w.lit(outcome)
    return w.cast(said, w.one_of(OUTCOMES)) if dialect == "duckdb" else said
