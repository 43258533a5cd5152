"""The demo city as a workbook: the official template, filled in by 320 invented enterprises."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peiyu.batch.layouts import layout
from peiyu.batch.templates import GUIDE
from peiyu.demo.city import City, Firm, city
from peiyu.demo.draft import Row
from peiyu.demo.faults import FAULTS, Fault
from peiyu.demo.stories import STORIES
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.tables.layout import Sheet
from peiyu.tables.spelling import letter
from peiyu.tables.writing import write_template
from peiyu.words import message, translate

HEADING = 2
"""Lines of heading over the flat sheet: the years, and what is asked of each."""
REPEATED = ("territory", "established_on", "sales_revenue.1")
"""What the enterprise that stands twice says in its second row."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A fault, who makes it, and where in the flat sheet: its row from zero and its address."""

    fault: Fault
    firm: Firm
    index: int
    address: str
    written: object


def placed(drawn: City) -> Iterator[Placed]:
    """The faults of a city, each in its cell; a row that stands twice comes after all others."""
    sheet = layout(HNTE, drawn.on)[0]
    names = [column.name for column in sheet.columns]
    again = len(drawn.firms)
    for fault, firm in zip(FAULTS, drawn.by_story["careless"], strict=True):
        index = drawn.firms.index(firm)
        if not fault.column:
            index, again = again, again + 1
        at = letter(names.index(fault.column or "name"))
        yield Placed(fault, firm, index, f"{at}{index + 1 + HEADING}", fault.writes(firm.facts))


def written_rows(drawn: City, faults: list[Placed]) -> list[Row]:
    """The rows of the flat sheet with the faults in them."""
    rows = [dict(row) for row in drawn.rows["enterprise"]]
    for found in faults:
        if found.fault.column:
            rows[found.index][found.fault.column] = found.written
        else:
            said = {name: found.firm.facts[name] for name in REPEATED}
            rows.append({"name": found.written, **said})
    return rows


def write_city(
    path: str | os.PathLike[str], drawn: City | None = None, *, messy: bool = True, lang: str = "zh"
) -> Path:
    """Write the workbook; if messy, with the single cells that the reader refuses or remarks."""
    drawn = drawn or city()
    faults = list(placed(drawn)) if messy else []
    sheets = layout(HNTE, drawn.on, lang=lang)
    title = message("演示城市济源：{count} 家虚构企业", count=len(drawn.firms))
    write_template(
        path,
        sheets,
        title=title.say(lang),
        guide=list(guide(drawn, faults, sheets[0], lang)),
        rows={**drawn.rows, "enterprise": written_rows(drawn, faults)},
        lang=lang,
    )
    return Path(path)


def guide(drawn: City, faults: list[Placed], main: Sheet, lang: str) -> Iterator[str]:
    """What the reader of the workbook must know first: nothing in it is real."""
    yield message(
        "全部 {count} 家企业都是虚构的：名称、代码、金额、知识产权、事故和评分都由程序按固定种子生成，"
        "不对应任何真实单位；只有镇、街道和园区是真的。",
        count=len(drawn.firms),
    ).say(lang)
    yield message(
        "字号由一个草木玉石字和一个鸟兽字组成，例如“荻鹬”；代码取自未见使用的号段，校验位是对的。"
    ).say(lang)
    yield message(
        "演示日是 {on}，会计年度是 {first} 至 {last} 年。",
        on=drawn.on.isoformat(), first=drawn.on.year - 3, last=drawn.on.year - 1,
    ).say(lang)  # fmt: skip
    kinds = ("；" if lang == "zh" else "; ").join(
        f"{story.chinese if lang == 'zh' else story.english} {story.count}" for story in STORIES
    )
    yield message("各类企业的家数：{kinds}。", kinds=kinds).say(lang)
    if faults:
        yield message("有 {count} 处故意写得不规范，看系统怎样指出：", count=len(faults)).say(lang)
    for found in faults:
        heading = main.column(found.fault.column or "name").full_name
        yield message(
            "　{place} {heading}“{written}”：{why}",
            place=f"{main.titles[0]}!{found.address}",
            heading=heading,
            written=said(found.written),
            why=found.fault.why(lang),
        ).say(lang)
    yield from (translate(line, lang) for line in GUIDE)


def said(written: object) -> str:
    """What stands in a cell, in words."""
    return str(written // 100) if isinstance(written, int) else str(written)
