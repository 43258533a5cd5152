"""The subcommand replay: the same input judged twice, and who changes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peiyu.cli import law
from peiyu.cli.law import Day, column_option, lang_option, on_option, stop, unit_option
from peiyu.cli.screen import MOST_SHOWN, endings, may_write, output_option, table, tell_rest
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    import polars as pl

    from peiyu.batch.cases import Input
    from peiyu.batch.frames import Frames
    from peiyu.batch.replay import Replay
    from peiyu.batch.replay_lines import Told, Words
    from peiyu.batch.sides import Side, Walk
    from peiyu.policy.rulebook import Rulebook

FIGURE = re.compile(r"-?\d{1,15}(\.\d{1,6})?%?")
LARGEST = {"days": 36_500, "years": 100, "share": 1}
GROWTHS = ("lg_growth",)  # may be above 100 %
LARGEST_GROWTH = 10
LAGGED = re.compile(r"(\w+)\.[123]")


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--rulebook", "name", type=click.Choice(law.RULEBOOKS), default="hnte", show_default=True
)
@on_option
@click.option("--and", "and_on", type=Day(), default=None, help="另一个申请日 · the other day")
@click.option("--known", type=Day(), default=None, help="当时已记录的 · what was recorded by then")
@click.option(
    "--and-known", type=Day(), default=None, help="另一个记录日 · the other day of record"
)
@click.option(
    "--set",
    "figures",
    multiple=True,
    metavar="PARAMETER=VALUE",
    help="另一边替换的法定数值 · a figure of the law replaced on the other side",
)
@click.option(
    "--switch",
    "switches",
    multiple=True,
    metavar="NAME=VALUE",
    help="另一边的口径 · reading of an open word on the other side",
)
@click.option(
    "--under",
    "under",
    multiple=True,
    metavar="NAME=VALUE",
    help="两边都用的口径 · reading on both sides",
)
@output_option
@unit_option
@column_option
@lang_option
def replay(
    source: Path,
    name: str,
    on: date | None,
    and_on: date | None,
    known: date | None,
    and_known: date | None,
    figures: tuple[str, ...],
    switches: tuple[str, ...],
    under: tuple[str, ...],
    output: Path | None,
    unit: str | None,
    columns: tuple[str, ...],
    lang: str,
) -> None:
    """两种核对之间谁变了 · judge an input twice and say who changes.

    \b
    两个申请日 · two days:              --on 2019-06-17 --and 2020-06-17
    两个记录日 · two days of record:    --known 2019-03-31 --and-known 2019-06-17
    换一个数值 · another figure:        --set hnte_st_staff_share=8%
    """  # noqa: D301 - \b is for click
    from peiyu.batch.sides import side

    endings(output, law.ENDINGS, lang)
    if (known is None) != (and_known is None):
        stop(message("两个记录日请都写：--known 和 --and-known"), lang)
    if not (and_on or known or figures or switches):
        stop(message("请写明比较什么：--and、--known 和 --and-known、--set 或 --switch"), lang)
    day = on or law.today()
    rulebook = law.program_of(name, day, under, lang).rulebook
    law.program_of(name, and_on or day, (*under, *switches), lang)
    first = side(day, known, None, law.pairs(under))
    second = side(
        and_on or day, and_known, replaced(rulebook, figures, lang), law.pairs((*under, *switches))
    )
    if output is not None:
        from peiyu.batch.replay_files import BESIDE

        may_write(output, source, BESIDE, lang)
    told = replayed(source, rulebook, first, second, lang, unit, columns)
    if not told.replay.total.enterprises:
        law.tell_refusals(told.found, lang)
        law.tell_notes(told.found, lang)
        stop(message("没有核对任何企业"), lang)
    if output is None:
        show(told)
    else:
        from peiyu.batch.replay_files import write

        with law.writing(output, lang):
            write(output, told)
        say_summary(told)
        click.echo(message("结果写在 {file}", file=str(output)).say(lang))
    law.tell_refusals(told.found, lang)
    sys.exit(law.status_of(told.found, told.replay.total.enterprises))


def replaced(rulebook: Rulebook, texts: Sequence[str], lang: str) -> dict[str, str]:
    """The figures that are replaced, each one that can be and by what can stand there."""
    from peiyu.batch.sides import settable
    from peiyu.policy.parameters import number, parameters

    known = settable(rulebook)
    for name, value in (found := law.pairs(texts)).items():
        if name not in known:
            why = mark("“{name}”不是单个的数，不能替换；可以替换的有 {known}")
            unknown = mark("没有这个数值：{name}；可以替换的有 {known}")
            text = why if name in rulebook.parameters() else unknown
            stop(Message(text, (("name", name), ("known", known))), lang)
        unit = parameters()[name].unit
        share = unit == "share"
        good = FIGURE.fullmatch(value) and (share or not value.endswith("%"))
        stored = number(value, unit) if good else None
        if stored is not None and stored < 0:
            stop(message("“{text}”是负数，{name} 不能为负", text=value, name=name), lang)
        if stored is None or not (share or stored.denominator == 1):
            form = mark("百分比，例如 5%") if share else mark("不带单位的数，金额以元计")
            said = message(
                "“{text}”不是 {name} 可取的数：应写成{form}",
                text=value,
                name=name,
                form=message(form),
            )
            stop(said, lang)
        if name in grossed(rulebook) and stored >= 1:
            stop(message("“{text}”对 {name} 太大，应小于 100%", text=value, name=name), lang)
        most = LARGEST_GROWTH if name in GROWTHS else LARGEST.get(unit)
        if most is not None and stored > most:
            bound = f"{most * 100}%" if share else str(most)
            too_much = mark("“{text}”对 {name} 太大，最多 {most}")
            stop(message(too_much, text=value, name=name, most=bound), lang)
    return found


def grossed(rulebook: Rulebook) -> frozenset[str]:
    """The shares of a whole that holds the part itself: at 100 % nothing else would be left."""
    from peiyu.policy import tree

    nodes = tree.walk(*rulebook.roots())
    return frozenset(node.rate for node in nodes if isinstance(node, tree.Scaled) and node.gross)


# -- judging


def replayed(
    source: Path, rulebook: Rulebook, first: Side, second: Side, lang: str, unit: str | None,
    columns: Sequence[str],
) -> Told:  # fmt: skip
    """The input judged on both sides and on the steps between them."""
    from peiyu.batch.frames import sound
    from peiyu.batch.replay_lines import Told
    from peiyu.batch.sides import walk
    from peiyu.tables.files import Unreadable

    found = walk(rulebook, first, second)
    law.for_sheets(source, lang, unit, columns)
    try:
        with sound(source):
            if first.known:
                has_days(source, rulebook, first.on, lang, unit, columns)
            if law.is_parquet(source):
                result, told = in_columns(source, rulebook, found, lang)
                return Told(result, source.name, told, lang)
            result, told, words = case_by_case(source, rulebook, found, lang, unit, columns)
            return Told(result, source.name, told, lang, words)
    except Unreadable as fault:
        stop(fault.text, lang)
    except OverflowError:
        stop(message("替换的数值太大，算不出来"), lang)


def has_days(
    source: Path, rulebook: Rulebook, on: date, lang: str, unit: str | None, columns: Sequence[str]
) -> None:
    """Stop where no row says when it was recorded: two days of record would be the same."""
    from peiyu.batch.recorded import has_recorded
    from peiyu.batch.records import says_when

    with law.readable(source, lang):
        if law.is_parquet(source):
            from peiyu.batch.frames import sound
            from peiyu.batch.recorded_columns import files_say_when

            with sound(source):
                there = files_say_when(source)
        elif source.suffix.lower() == ".json" and not source.is_dir():
            there = says_when(source.read_text("utf-8-sig"))
        else:
            there = has_recorded(law.read_sheets(source, rulebook, on, lang, unit, columns))
    if not there:
        stop(message("这份来源没有记录日期（known_on 列），分不出两个记录日"), lang)


def case_by_case(
    source: Path,
    rulebook: Rulebook,
    found: Walk,
    lang: str,
    unit: str | None,
    columns: Sequence[str],
) -> tuple[Replay, Input, Words]:
    """Enterprises one by one, with the numbers behind each change."""
    from peiyu.batch.outcomes import ByCase, named
    from peiyu.batch.replay import compare

    read: dict[tuple[int, date | None], Input] = {}
    judges = []
    for one in found.sides:
        if one.input not in read:
            read[one.input] = law.read_for(source, rulebook, one.on, lang, unit, columns, one.known)
        judges.append(ByCase(rulebook, one, read[one.input].cases))
    frames = [judge.frame() for judge in judges]
    names = [named(read[one.input]) for one in found.sides]
    result = compare(rulebook, found, frames, names)
    ends = (judges[-1], judges[0]) if found.backwards else (judges[0], judges[-1])

    def words(key: str, line: str) -> tuple[str, str]:
        before, after = (judge.words(key, line, lang) for judge in ends)
        return before, after

    return result, together(read.values()), words


def in_columns(source: Path, rulebook: Rulebook, found: Walk, lang: str) -> tuple[Replay, Input]:
    """A nation in columns."""
    import polars as pl

    from peiyu.batch.cases import Input
    from peiyu.batch.frames import read_parquet, with_states
    from peiyu.batch.outcomes import in_columns as judged
    from peiyu.batch.replay import compare

    by_year(source, found, lang)
    read: dict[tuple[int, date | None], Frames] = {}
    plans: list[pl.LazyFrame] = []
    for one in found.sides:
        if one.input not in read:
            read[one.input] = read_parquet(source, one.on, one.known)
        population = with_states(read[one.input].population)
        plans.append(judged(rulebook, one, population))
    names = [frames.names for frames in read.values()]
    done = pl.collect_all([*plans, *names], engine="streaming")
    result = compare(rulebook, found, done[: len(plans)], done[len(plans) :])
    kept = (Input([], {}, f.refusals, f.notes, f.dropped) for f in read.values())
    return result, together(kept)


def by_year(source: Path, found: Walk, lang: str) -> None:
    """Stop where columns speak of years by their distance from a day, and the days differ in it."""
    from peiyu.batch.frames import column_names
    from peiyu.policy import facts

    if len({one.on.year for one in found.sides}) == 1:
        return
    yearly = {fact.name for fact in facts.YEARS}
    parts = ((name, LAGGED.fullmatch(name)) for name in column_names(source))
    lagged = tuple(name for name, at in parts if at and at[1] in yearly)
    if lagged:
        stop(message("两个申请日不在同一年，“{columns}”说不清是哪一年的：请写明年份，例如 {name}.2018",
                     columns=lagged[:3], name=lagged[0].partition(".")[0]), lang)  # fmt: skip


def together(found: Iterable[Input]) -> Input:
    """What was refused and remarked in any reading, each once."""
    from peiyu.batch.cases import Input

    every = list(found)
    refusals = list(dict.fromkeys(r for one in every for r in one.refusals))
    notes = list(dict.fromkeys(n for one in every for n in one.notes))
    cases = every[-1].cases if every else []
    return Input(cases, {}, refusals, notes, max((one.dropped for one in every), default=0))


# -- on the screen


def say_summary(told: Told) -> None:
    """What changed, in a few sentences."""
    from peiyu.batch.replay_lines import summary

    for line in summary(told):
        click.echo(line)


def show(told: Told) -> None:
    """The lists of a replay, one below the other."""
    from peiyu.batch.replay_lines import (
        change_heads,
        change_rows,
        move_heads,
        move_rows,
        territory_heads,
        territory_rows,
    )

    lang = told.lang
    say_summary(told)
    changed = told.replay.changes.height
    if changed:
        table(mark("按条件"), move_heads(told), move_rows(told), lang)
    table(mark("按所在地"), territory_heads(told), territory_rows(told), lang)
    if changed:
        rows = (row for row, _ in zip(change_rows(told), range(MOST_SHOWN), strict=False))
        table(mark("变化"), change_heads(told), rows, lang)
    tell_rest(changed, lang)
