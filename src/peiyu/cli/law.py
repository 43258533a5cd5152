"""Subcommands that stand on the law alone: template, assess, explain, rulebook, schema, example."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from peiyu.words import Message, joined, mark, message

if TYPE_CHECKING:
    from peiyu.batch.cases import Input
    from peiyu.batch.judging import Judged
    from peiyu.batch.workbooks import Run
    from peiyu.policy.explain import Program
    from peiyu.policy.rulebook import Rulebook
    from peiyu.tables.results import Read

T = TypeVar("T")
ALL_JUDGED, WITH_REFUSALS, NOTHING_JUDGED = 0, 1, 2
RULEBOOKS = (
    "hnte", "tech_sme", "little_giant", "little_giant_cultivation", "reserve", "jiyuan_awards",
    "henan_match", "henan_moved_in", "jiyuan_rd_subsidy", "henan_rd_subsidy", "ip_fees",
    "hnte_benefits",
)  # fmt: skip
ENGINES = ("polars", "duckdb", "spark")
CHINA = timedelta(hours=8)
ENDINGS = (".xlsx", ".json", ".csv", ".parquet")
FIRST_YEAR, LAST_YEAR = 1900, 2100


def today() -> date:
    """The day in China: the doors alone ask what day it is."""
    return (datetime.now(UTC) + CHINA).date()


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error that shows what was written."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r}: YYYY-MM-DD", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(f"{value!r}: {FIRST_YEAR}–{LAST_YEAR}", param, ctx)
        return day


on_option = click.option(
    "--on", type=Day(), default=None, help="申请日，默认今天 · application day, default today"
)
lang_option = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
                           help="语言 · language")  # fmt: skip
switch_option = click.option("--switch", "switches", multiple=True, metavar="NAME=VALUE",
                             help="法规未作规定之处的口径 · reading where the law is silent")  # fmt: skip
unit_option = click.option("--unit", type=click.Choice(["元", "千元", "万元", "百万元", "亿元"]), default=None,
                           help="表中未写明时的金额单位 · unit of money where the sheet does not say")  # fmt: skip
column_option = click.option("--column", "columns", multiple=True, metavar="HEADING=FACT",
                             help="把表头认作某一项 · read a heading as a fact")  # fmt: skip


def stop(said: Message | str, lang: str, status: int = NOTHING_JUDGED) -> NoReturn:
    """Say what is wrong and end."""
    click.echo(said.say(lang) if isinstance(said, Message) else said, err=True)
    sys.exit(status)


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """NAME=VALUE as names with values."""
    parts = (text.partition("=") for text in texts)
    return {name.strip(): value.strip() for name, _, value in parts}


def program_of(name: str, on: date, switches: Sequence[str], lang: str) -> Program:
    """The rulebook laid out for the day and the chosen readings."""
    from peiyu.policy.explain import program
    from peiyu.policy.parameters import NotInForce
    from peiyu.policy.rulebook import UnknownReading
    from peiyu.policy.rulebooks import RULEBOOKS as BOOKS

    for text in switches:
        if "=" not in text:
            stop(message("口径“{text}”应写成 名称=取值", text=text), lang)
    book = BOOKS[name]
    try:
        return program(book, on, pairs(switches))
    except UnknownReading as fault:
        stop(message("没有这种口径：{name}={reading}；可选 {known}", name=fault.name, reading=fault.reading,
                     known=fault.known), lang)  # fmt: skip
    except NotInForce:
        stop(message("规则“{rulebook}”自 {since} 起施行，不能按 {on} 核对", rulebook=book.name,
                     since=book.since.isoformat(), on=on.isoformat()), lang)  # fmt: skip


def headings_of(columns: Sequence[str], on: date, lang: str) -> dict[str, list[str]]:
    """Headings that the user names, by fact: `sales_revenue`, in a flat sheet `sales_revenue.2018`."""
    from peiyu.policy import facts

    known: dict[str, str] = {}
    for table in facts.TABLES:
        usual = table in (facts.ENTERPRISE, facts.YEARS)
        for fact in table:
            full = f"{table.name}.{fact.name}"
            key = known.setdefault(full, fact.name if usual else full)
            for word in (fact.name, fact.chinese, fact.english) if usual else ():
                known.setdefault(word, key)
            for year in range(on.year - 3, on.year) if table is facts.YEARS else ():
                known[f"{fact.name}.{year}"] = f"{fact.name}.{year}"
                known[f"{year}年{fact.chinese}"] = f"{fact.name}.{year}"
    found: dict[str, list[str]] = {}
    for text in columns:
        heading, sign, name = text.rpartition("=")
        if not sign or not heading.strip() or name.strip() not in known:
            said = message("“{text}”应写成 表头=项目，项目见 peiyu template 的数据字典", text=text)
            stop(said, lang)
        found.setdefault(known[name.strip()], []).append(heading.strip())
    return found


def may_write(output: Path, source: Path, lang: str) -> None:
    """Stop before a result, or what stands beside it, would write over what it is made from."""
    from peiyu.batch.machine import BESIDE

    there, target = source.resolve(), output.resolve()
    written = (target, *(target.with_suffix(ending) for ending in BESIDE))
    if any(file.exists() and file.samefile(there) for file in written):
        stop(message("结果文件不能与来源文件相同"), lang)
    if there.is_dir() and there in target.parents:
        stop(message("请把结果文件写到来源文件夹之外"), lang)


@contextmanager
def writing(target: Path, lang: str) -> Iterator[None]:
    """Make the folder of a file; what the disk refuses is said in words."""
    from xlsxwriter.exceptions import XlsxFileError

    made = False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = not target.exists()
        target.open("ab").close()
        yield
    except BaseException as fault:
        if made:
            target.unlink(missing_ok=True)  # half a result is none
        if isinstance(fault, OSError | XlsxFileError):
            stop(message("写不出“{file}”：请核对路径、权限和剩余空间", file=str(target)), lang)
        raise


@contextmanager
def progress(label: str, lang: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing in a pipe."""
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with bar:
        task = bar.add_task(message(label).say(lang), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def read_input(
    source: Path, program: Program, lang: str, unit: str | None, columns: Sequence[str] = ()
) -> Input:
    """The enterprises of a file or folder, whatever its ending."""
    return read_for(source, program.rulebook, program.on, lang, unit, columns)


def read_for(
    source: Path,
    rulebook: Rulebook,
    on: date,
    lang: str,
    unit: str | None,
    columns: Sequence[str] = (),
    known: date | None = None,
) -> Input:
    """The enterprises as the rules of a day read them; `known`: as recorded by that day."""
    from peiyu.batch.cases import cases_of
    from peiyu.batch.recorded import sheets_known
    from peiyu.batch.records import records_of

    for_sheets(source, lang, unit, columns)
    with readable(source, lang):
        if source.suffix.lower() == ".json" and not source.is_dir():
            return records_of(source.read_text("utf-8-sig"), rulebook, on, lang, known)
        if is_parquet(source):
            from peiyu.batch.frames import input_of, read_parquet, sound

            with sound(source):
                return input_of(read_parquet(source, on, known))
        read = read_sheets(source, rulebook, on, lang, unit, columns)
        return cases_of(sheets_known(read, known), on, lang)


@contextmanager
def readable(source: Path, lang: str) -> Iterator[None]:
    """Stop in one sentence where a source cannot be read."""
    from peiyu.tables.files import Unreadable

    try:
        yield
    except Unreadable as fault:
        stop(fault.text, lang)
    except UnicodeDecodeError:
        stop(message("“{name}”不是 UTF-8 文本", name=source.name), lang)
    except OSError:
        stop(message("打不开文件“{name}”", name=source.name), lang)


def read_sheets(
    source: Path, rulebook: Rulebook, on: date, lang: str, unit: str | None, columns: Sequence[str]
) -> Read:
    """The sheets of a workbook, a csv file or a folder of them, all that was ever recorded.

    Raises:
        Unreadable: the file cannot be opened.
    """
    from peiyu.batch.layouts import layout
    from peiyu.batch.recorded import with_recorded
    from peiyu.tables.reading import read_any

    headings = headings_of(columns, on, lang)
    sheets = with_recorded(layout(rulebook, on, lang=lang, every=True, headings=headings))
    with progress(mark("正在读取"), lang) as report:
        return read_any(source, sheets, unit=unit, progress=report)


def for_sheets(source: Path, lang: str, unit: str | None, columns: Sequence[str]) -> None:
    """Units and headings are said of sheets; json and parquet have their own, once for all."""
    if (unit or columns) and (source.suffix.lower() == ".json" or is_parquet(source)):
        said = message(
            "--unit 和 --column 只用于表格；“{name}”的单位和名称是固定的", name=source.name
        )
        stop(said, lang)


def is_parquet(source: Path) -> bool:
    """Is it a parquet file, or a folder of them."""
    return source.suffix.lower() == ".parquet" or (source / "enterprise.parquet").exists()


def judge_all(run: Run, *, readings: bool) -> list[Judged]:
    """Judge every case, with progress."""
    from peiyu.batch.judging import judge

    cases = run.found.cases
    done: list[Judged] = []
    with progress(mark("正在核对"), run.lang) as report:
        for item in judge(
            run.program.rulebook,
            cases,
            run.on,
            run.program.readings,
            lang=run.lang,
            readings=readings,
        ):
            done.append(item)
            if len(done) % 50 == 0:
                report(len(done), len(cases))
    return done


def status_of(found: Input, judged: int) -> int:
    """0 all judged, 1 judged with refusals, 2 nothing judged."""
    if not judged:
        return NOTHING_JUDGED
    return WITH_REFUSALS if found.refusals or found.dropped else ALL_JUDGED


# --------------------------------------------------------------------------------------------


@click.command()
@click.argument("name", type=click.Choice(RULEBOOKS))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="FILE.xlsx",
)
@on_option
@lang_option
def template(name: str, output: Path, on: date | None, lang: str) -> None:
    """填报模板 · a workbook to be filled in."""
    from peiyu.batch.templates import write_blank

    day = on or today()
    if output.suffix.lower() != ".xlsx":
        stop(message("模板是 Excel 工作簿，文件名请以 .xlsx 结尾"), lang)
    program = program_of(name, day, (), lang)
    with writing(output, lang):
        write_blank(output, program, lang)
    click.echo(message("已写出 {file}（申请日 {on}，年度 {first}–{last}）", file=str(output), on=day.isoformat(),
                       first=day.year - 3, last=day.year - 1).say(lang))  # fmt: skip


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path, exists=True))
@click.option("--rulebook", "name", type=click.Choice(RULEBOOKS), default="hnte", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="结果文件，按后缀 · result by its ending: .xlsx .json .csv .parquet")  # fmt: skip
@on_option
@switch_option
@unit_option
@column_option
@click.option("--engine", type=click.Choice(ENGINES), default="polars", show_default=True,
              help="用什么算，结果须为 .parquet · which engine, for results in parquet")  # fmt: skip
@click.option("--long", "in_rows", is_flag=True,
              help="一行一个条件，结果须为 .parquet · a row for each condition, in parquet")  # fmt: skip
@click.option(
    "--readings/--no-readings", default=True, help="是否试算其他口径 · try the other readings"
)
@lang_option
def assess(
    source: Path, name: str, output: Path, on: date | None, switches: tuple[str, ...], unit: str | None,
    columns: tuple[str, ...], engine: str, in_rows: bool, readings: bool, lang: str,
) -> None:  # fmt: skip
    """核对一份企业名单 · judge a table of enterprises.

    \b
    0 全部核对 · all judged
    1 有未采用的内容 · judged with refusals
    2 没有核对任何企业 · nothing judged
    """  # noqa: D301 - \b is for click
    day = on or today()
    if output.suffix.lower() not in ENDINGS:
        stop(message("结果文件请以 .xlsx、.json、.csv 或 .parquet 结尾"), lang)
    may_write(output, source, lang)
    program = program_of(name, day, switches, lang)
    if output.suffix.lower() == ".parquet":
        if in_rows and engine != "polars":
            stop(message("--long 只用 polars 引擎"), lang)
        how = "long" if in_rows else engine
        sys.exit(assess_columns(source, output, program, lang, unit, columns, how))
    if engine != "polars" or in_rows:
        stop(message("--engine 和 --long 只用于 .parquet：理由由逐家核对得出"), lang)
    from peiyu.batch.machine import write_csv, write_json
    from peiyu.batch.workbooks import Run, write_workbook

    found = read_input(source, program, lang, unit, columns)
    run = Run(program, source.name, found, lang)
    judged = judge_all(run, readings=readings and output.suffix.lower() != ".csv")
    if not judged:
        tell_refusals(found, lang)
        tell_notes(found, lang)
        stop(message("没有核对任何企业"), lang)
    with writing(output, lang):
        {".xlsx": write_workbook, ".json": write_json, ".csv": write_csv}[output.suffix.lower()](
            output, run, judged
        )
    tell(run, judged, output)
    sys.exit(status_of(found, len(judged)))


def assess_columns(
    source: Path,
    output: Path,
    program: Program,
    lang: str,
    unit: str | None,
    columns: Sequence[str],
    how: str = "polars",
) -> int:
    """Judge in columns, from and to parquet, or from any other input to parquet."""
    import polars as pl

    from peiyu.batch.cases import Input
    from peiyu.batch.frames import frames_of, in_rows, judged, read_parquet, sound
    from peiyu.batch.machine import write_beside
    from peiyu.batch.workbooks import Run
    from peiyu.tables.files import Unreadable

    for_sheets(source, lang, unit, columns)
    try:
        with sound(source):
            if is_parquet(source):
                frames = read_parquet(source, program.on)
                found = Input([], {}, frames.refusals, frames.notes, frames.dropped)
            else:
                found = read_input(source, program, lang, unit, columns)
                frames = frames_of(found)
            total = frames.population.facts.select(pl.len()).collect().item()
        if not total:
            tell_refusals(found, lang)
            tell_notes(found, lang)
            stop(message("没有核对任何企业"), lang)
        with writing(output, lang), sound(source):
            if how in ("polars", "long"):
                result = judged(frames, program.rulebook, program.on, program.readings)
                if how == "long":
                    result = in_rows(result, program.rulebook)
                result.sink_parquet(output, compression="zstd")
            else:
                from peiyu.cli.engines import judge_elsewhere

                judge_elsewhere(how, output, frames, program, lang)
            write_beside(output, Run(program, source.name, found, lang), total)
    except Unreadable as fault:
        stop(fault.text, lang)
    tell_refusals(found, lang)
    click.echo(
        message("已核对 {total} 家，结果写在 {file}", total=total, file=str(output)).say(lang)
    )
    return status_of(found, total)


def tell(run: Run, judged: Sequence[Judged], output: Path) -> None:
    """What was judged, in a few lines."""
    from peiyu.policy.tree import Outcome

    lang = run.lang
    count = {kind: sum(item.assessment.verdict is kind for item in judged) for kind in Outcome}
    hard = {kind: sum(item.assessment.hard is kind for item in judged) for kind in Outcome}
    if run.program.rulebook.group("hard"):
        click.echo(message(
            "已核对 {total} 家（{on}）：硬指标符合 {met}、不符合 {unmet}、资料不足 {unknown}",
            total=len(judged), on=run.on.isoformat(), met=hard[Outcome.MET], unmet=hard[Outcome.UNMET],
            unknown=hard[Outcome.UNKNOWN],
        ).say(lang))  # fmt: skip
    else:
        said = message("已核对 {total} 家（{on}）", total=len(judged), on=run.on.isoformat())
        click.echo(said.say(lang))
    if run.program.rulebook.criteria:
        click.echo(message(
            "结论：符合 {met}、不符合 {unmet}、资料不足 {unknown}、待专家评定 {expert}",
            met=count[Outcome.MET], unmet=count[Outcome.UNMET], unknown=count[Outcome.UNKNOWN],
            expert=count[Outcome.EXPERT],
        ).say(lang))  # fmt: skip
    tell_refusals(run.found, lang)
    tell_years(run, lang)
    if run.found.notes:
        said = message("另有提示 {count} 条，见结果文件", count=len(run.found.notes))
        click.echo(said.say(lang), err=True)
    click.echo(message("结果写在 {file}", file=str(output)).say(lang))


def tell_years(run: Run, lang: str) -> None:
    """Not one figure of the three years most often means that the day is another one."""
    if run.found.cases and not run.found.has_years:
        said = message("表中没有 {first}–{last} 年的数据：申请日如不是 {on}，请用 --on 指定",
                       first=run.on.year - 3, last=run.on.year - 1, on=run.on.isoformat())  # fmt: skip
        click.echo(said.say(lang), err=True)


MOST_TOLD = 10
LONGEST_NAME = 30


def tell_refusals(found: Input, lang: str) -> None:
    """The first refusals, and how many there are."""
    if found.refusals:
        said = message(
            "未采用 {count} 处，其中整行 {rows} 处，未能核对 {dropped} 家：",
            count=len(found.refusals),
            rows=sum(r.whole_row for r in found.refusals),
            dropped=found.dropped,
        )
        click.echo(said.say(lang), err=True)
    for refusal in found.refusals[:MOST_TOLD]:
        where = f"{refusal.sheet}!{refusal.address}".rstrip("!")
        name = (
            refusal.name if len(refusal.name) <= LONGEST_NAME else refusal.name[:LONGEST_NAME] + "…"
        )
        why = joined("；", (refusal.rule.say(lang), refusal.remedy.say(lang)), lang)
        click.echo(f"  {where} {name} {refusal.heading} “{refusal.value}”: {why}", err=True)
    if len(found.refusals) > MOST_TOLD:
        click.echo(message("  ……其余见结果文件的“未采用的内容”").say(lang), err=True)


def tell_notes(found: Input, lang: str) -> None:
    """What was remarked on the file: it says why nothing was found in it."""
    for note in found.notes[:MOST_TOLD]:
        click.echo(f"  {note.sheet}: {note.text.say(lang)}", err=True)


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--enterprise",
    "who",
    required=True,
    metavar="NAME_OR_CODE",
    help="企业名称或信用代码 · name or code",
)
@click.option("--rulebook", "name", type=click.Choice(RULEBOOKS), default="hnte", show_default=True)
@on_option
@switch_option
@unit_option
@column_option
@click.option("--brief", is_flag=True, help="不列已符合的条件 · leave out what is met")
@click.option("--json", "as_json", is_flag=True, help="以 json 输出 · as json")
@lang_option
def explain(
    source: Path, who: str, name: str, on: date | None, switches: tuple[str, ...], unit: str | None,
    columns: tuple[str, ...], as_json: bool, brief: bool, lang: str,
) -> None:  # fmt: skip
    """一家企业的全部理由 · all reasons of one enterprise."""
    from peiyu.batch.judging import judge
    from peiyu.batch.machine import enterprise, method, refusal
    from peiyu.batch.reports import report
    from peiyu.batch.workbooks import Run
    from peiyu.policy.reasons import near

    day = on or today()
    program = program_of(name, day, switches, lang)
    found = read_input(source, program, lang, unit, columns)
    case = find(found, who, lang)
    run = Run(program, source.name, found, lang)
    item = next(judge(program.rulebook, [case], day, program.readings, lang=lang))
    closeness = {c.id: near(item.assessment, c.id) for c in program.rulebook.criteria}
    mine = [r for r in found.refusals if r.name == case.name]
    if as_json:
        said = {"method": method(run, 1), "enterprise": enterprise(item, run, closeness),
                "refused": [refusal(r, lang) for r in mine]}  # fmt: skip
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        print_lines(report(item, run, closeness, brief=brief))
    sys.exit(WITH_REFUSALS if mine else ALL_JUDGED)


def find(found: Input, who: str, lang: str) -> Any:
    """The enterprise meant by a name or code; a part of a name is enough if it is one's only."""
    from peiyu.tables.spelling import name_key

    key = name_key(who)
    exact = [c for c in found.cases if c.key == who.strip().upper() or name_key(c.name) == key]
    part = exact or [c for c in found.cases if key and key in name_key(c.name)]
    if len(part) == 1:
        return part[0]
    if not part:
        refused = [r for r in found.refusals if r.whole_row and name_key(r.name) == key]
        for refusal in refused:
            said = joined("；", (refusal.rule.say(lang), refusal.remedy.say(lang)), lang)
            click.echo(f"{refusal.sheet}!{refusal.address}: {said}", err=True)
        stop(
            message(
                "没有找到“{who}”：请核对名称或代码（共读入 {count} 家）",
                who=who,
                count=len(found.cases),
            ),
            lang,
        )
    names = tuple(c.name for c in part[:5])
    stop(
        message(
            "“{who}”有 {count} 家：{names}；请写全称或代码", who=who, count=len(part), names=names
        ),
        lang,
    )


STYLES = {
    "title": "bold", "verdict": "bold", "head": "bold", "met": "green", "unmet": "red", "unknown": "yellow",
    "expert": "blue", "near": "cyan", "dim": "bright_black", "plain": "",
}  # fmt: skip


def print_lines(lines: Iterable[tuple[str, str]]) -> None:
    """Lines in colour on a terminal, plain in a pipe."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for style, text in lines:
        if style == "head":
            console.print()
        console.print(Text(text, style=STYLES.get(style, "")))


@click.command()
@click.argument("name", type=click.Choice(RULEBOOKS))
@on_option
@switch_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None, help="FILE.md"
)
@lang_option
def rulebook(
    name: str, on: date | None, switches: tuple[str, ...], output: Path | None, lang: str
) -> None:
    """规则文本，供审核签字 · the rules as a document to review and sign."""
    from peiyu.batch.documents import document

    text = document(program_of(name, on or today(), switches, lang), lang)
    if output is None:
        click.echo(text, nl=False)
        return
    with writing(output, lang):
        output.write_text(text, "utf-8")


@click.command()
@click.argument("name", type=click.Choice(RULEBOOKS))
@lang_option
def schema(name: str, lang: str) -> None:
    """JSON 输入的格式 · JSON Schema of the json input."""
    from peiyu.batch.schemas import schema as of
    from peiyu.policy.rulebooks import RULEBOOKS as BOOKS

    click.echo(json.dumps(of(BOOKS[name], lang), ensure_ascii=False, indent=1))


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("out"),
              show_default=True, help="写到哪个文件夹 · folder to write to")  # fmt: skip
@lang_option
def example(output: Path, lang: str) -> None:
    """演示名单：造表并核对 · the demo city as a workbook: make it and judge it."""
    from peiyu.batch.workbooks import Run, write_workbook
    from peiyu.demo.city import DAY
    from peiyu.demo.workbook import write_city

    output.mkdir(parents=True, exist_ok=True)
    workbook = write_city(output / "demo-city.xlsx")
    click.echo(message("演示城市的 320 家虚构企业：{file}", file=str(workbook)).say(lang))
    program = program_of("hnte", DAY, (), lang)
    found = read_input(workbook, program, lang, None)
    run = Run(program, workbook.name, found, lang)
    judged = judge_all(run, readings=True)
    result = output / "demo-city-assessed.xlsx"
    write_workbook(result, run, judged)
    tell(run, judged, result)
    some = next(item.case.name for item in judged if item.assessment.hard.name == "UNMET")
    click.echo("")
    click.echo(message("接下来可以试：").say(lang))
    here = os.path.relpath(Path(sys.argv[0]).parent)
    here = "" if Path(sys.argv[0]).name == sys.argv[0] else f"{here}/"
    for line in (
        f"peiyu explain {workbook} --enterprise {some} --on {DAY}",
        f"peiyu assess {workbook} --on {DAY} -o {output}/again.json",
        f"peiyu assess {workbook} --on {DAY} --switch short_first_year=annualised -o {output}/annualised.xlsx",
        f"peiyu template hnte --on {DAY} -o {output}/template.xlsx",
        f"peiyu rulebook hnte --on {DAY}",
    ):
        click.echo(f"  {here}{line}{'' if lang == 'zh' else f' --lang {lang}'}")
