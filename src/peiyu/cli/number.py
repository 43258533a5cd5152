"""What the registration number of a technology SME says, at the terminal."""

from __future__ import annotations

from datetime import date

import click

from peiyu.cli.law import Day, lang_option, on_option, stop, today
from peiyu.words import message, translate


@click.command()
@click.argument("written", metavar="NUMBER")
@click.option(
    "--obtained", type=Day(), default=None, help="取得日期 · day on which it was obtained"
)
@click.option("--lost", is_flag=True, help="更新信息后已不符合条件 · conditions lost on the update")
@on_option
@lang_option
def number(written: str, obtained: date | None, lost: bool, on: date | None, lang: str) -> None:
    """入库登记编号 · what a tech-SME number says, until when, for which tax."""
    from peiyu.policy import tech_sme_number as numbers

    try:
        found = numbers.parse(written)
    except numbers.NoNumber as fault:
        stop(fault.text, lang)
    due = numbers.update_due(found)
    said = [
        message("年份 {year}，行政区划 {division}，标记 {flag}", year=str(found.year),
                division=found.division, flag=found.flag),
    ]  # fmt: skip
    if found.meaning:
        said.append(message("标记的含义：{meaning}", meaning=translate(found.meaning, lang)))
    said += found.warnings
    said.append(message("信息更新：{day}之前（含当日），编号用到这一天为止", day=due.isoformat()))
    if (on or today()) > due:
        said.append(message("今日 {on}：已过期", on=(on or today()).isoformat()))
    loss = numbers.loss_status(found, found.year)
    if loss.applies:
        said.append(message("亏损结转十年：{year}年度具备资格（{article}）", year=str(loss.tax_year),
                            article=loss.article))  # fmt: skip
    if obtained is not None:
        effect = numbers.super_deduction(found, obtained, found.year - 1, lost_on_update=lost)
        said.append(message(
            "{year}年度加计扣除（{article}）：{why}", year=str(effect.tax_year),
            article=effect.article, why=effect.why.say(lang),
        ))  # fmt: skip
        if effect.applies and effect.rate is not None:
            said.append(message("加计扣除比例 {rate}%", rate=effect.rate * 100))
    for one in said:
        click.echo(one.say(lang))
