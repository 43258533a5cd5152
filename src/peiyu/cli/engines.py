"""The engines of SQL at the terminal: judge there, or take the statement to one's own cluster."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peiyu.cli.law import RULEBOOKS, lang_option, on_option, program_of, stop, switch_option, today
from peiyu.words import message

if TYPE_CHECKING:
    from peiyu.batch.engines.judging import Engine
    from peiyu.batch.frames import Frames
    from peiyu.policy.explain import Program

DIALECTS = ("duckdb", "spark")


def judge_elsewhere(name: str, output: Path, frames: Frames, program: Program, lang: str) -> None:
    """Judge in an engine of SQL; say how to get it where it is not there."""
    from peiyu.batch.engines.judging import NoEngine, judge_into

    engine: Engine
    if name == "duckdb":
        from peiyu.batch.engines.duck import DuckDB

        engine = DuckDB()
    else:
        try:
            from peiyu.batch.engines.spark import Spark
        except ModuleNotFoundError:
            stop(message("没有安装 Spark：请执行 pip install 'peiyu[spark]'"), lang)
        engine = Spark()
    try:
        judge_into(output, frames, program.rulebook, program.on, program.readings, engine)
    except NoEngine as fault:
        stop(fault.text, lang)


@click.command()
@click.argument("name", type=click.Choice(RULEBOOKS))
@click.option("--dialect", type=click.Choice(DIALECTS), default="spark", show_default=True)
@click.option("--table", "tables", multiple=True, metavar="TABLE",
              help="另有哪些表，可重复 · which tables there are beside enterprise")  # fmt: skip
@on_option
@switch_option
@lang_option
def sql(
    name: str, dialect: str, tables: tuple[str, ...], on: date | None, switches: tuple[str, ...],
    lang: str,
) -> None:  # fmt: skip
    """一条 SQL：在自己的集群上核对 · the rules as one statement, for one's own cluster.

    \b
    enterprise 一户一行 · one row an enterprise: key, facts, name.1 name.2 name.3
    其他表每行有 key · other tables have the enterprise's key in every row
    """  # noqa: D301 - \b is for click
    from peiyu.policy import facts
    from peiyu.policy import sql as rules
    from peiyu.policy.columns.population import fact_columns

    known = [table.name for table in facts.ROW_TABLES]
    for table in tables:
        if table not in known:
            stop(message("没有“{table}”表，只有{known}", table=table, known=tuple(known)), lang)
    states = {f"{table}.state" for table in known if table not in tables}
    program = program_of(name, on or today(), switches, lang)
    columns = tuple(column for column in fact_columns() if column not in states)
    given = [rules.Relation(rules.ENTERPRISES, columns)]
    given += [rules.Relation(table, rules.row_columns(table)) for table in dict.fromkeys(tables)]
    text = rules.statement(
        program.rulebook, program.on, given, dialect, program.readings, pretty=True
    )
    click.echo(text)
