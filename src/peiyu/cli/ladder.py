"""The subcommand ladder: where each enterprise stands, and what the next rung asks."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peiyu.cli import law
from peiyu.cli.law import column_option, lang_option, on_option, stop, unit_option
from peiyu.cli.screen import MOST_SHOWN, endings, may_write, output_option, table, tell_rest
from peiyu.words import mark, message, translate

if TYPE_CHECKING:
    from peiyu.batch.cases import Input
    from peiyu.batch.ladder import Ladder

LADDER_ENDINGS = (".xlsx", ".json", ".csv")


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path, exists=True))
@on_option
@output_option
@unit_option
@column_option
@lang_option
def ladder(
    source: Path,
    on: date | None,
    output: Path | None,
    unit: str | None,
    columns: tuple[str, ...],
    lang: str,
) -> None:
    """各企业在培育阶梯的哪一级 · the highest rung that each enterprise meets, and what the next asks."""
    from peiyu.batch.ladder import Ladder
    from peiyu.policy.ladder import all_rungs

    day = on or law.today()
    endings(output, LADDER_ENDINGS, lang)
    if output is not None:
        from peiyu.batch.ladder_files import BESIDE

        may_write(output, source, BESIDE, lang)
    climbed = Ladder(day, lang)
    if not climbed.programs:
        stop(message("{on} 那天各级的规则都还没有施行", on=day.isoformat()), lang)
    found = law.read_for(source, all_rungs(), day, lang, unit, columns)
    if not found.cases:
        law.tell_refusals(found, lang)
        law.tell_notes(found, lang)
        stop(message("没有核对任何企业"), lang)
    climb(climbed, source, found, output, lang)
    sys.exit(law.status_of(found, len(found.cases)))


def climb(climbed: Ladder, source: Path, found: Input, output: Path | None, lang: str) -> None:
    """Place the enterprises on the ladder, and show or write where they stand."""
    from peiyu.batch.ladder_files import (
        Climb,
        count_heads,
        count_rows,
        short_lines,
        write,
    )

    standings = []
    with law.progress(mark("正在核对"), lang) as report:
        for standing in climbed.standings(found.cases):
            standings.append(standing)
            report(len(standings), len(found.cases))
    told = Climb(climbed, standings, source.name, found, lang)
    table(mark("培育阶梯"), count_heads(told), count_rows(told), lang)
    if output is None:
        law.print_lines([("head", translate(mark("企业"), lang)), *short_lines(told, MOST_SHOWN)])
        tell_rest(len(standings), lang)
    else:
        with law.writing(output, lang):
            write(output, told)
        click.echo(message("结果写在 {file}", file=str(output)).say(lang))
    law.tell_refusals(found, lang)
