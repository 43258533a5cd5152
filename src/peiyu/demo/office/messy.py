"""Three tables as offices send them, to try the import on: with all that goes wrong in real ones."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

import xlsxwriter

from peiyu.demo.draft import PERSON
from peiyu.demo.office import lists
from peiyu.demo.office.pasts import Told
from peiyu.office.enterprises.models import Status

FOLDER = "import-examples"
TOWN_TABLE = "镇街三年数据汇总.xlsx"
LONG_TABLE = "年度数据-长表.csv"
LIST = "2019年第二批科技型中小企业入库名单.xlsx"
YEARS = (2016, 2017, 2018)
ASKED = (
    ("sales_revenue", "销售收入"),
    ("rd_total", "研发费用"),
    ("net_assets", "净资产"),
    ("staff_average", "职工人数"),
)
LONG = (
    ("sales_revenue", "销售收入"),
    ("rd_total", "研究开发费用总额"),
    ("net_assets", "净资产"),
    ("total_income", "总收入"),
    ("ht_income", "高新技术产品（服务）收入"),
    ("staff_average", "职工总数"),
)
TOWN, LONG_OF, LISTED = 25, 30, 40
WAN = 10**6
"""Fen of one 万元."""
BEYOND = "98765432109876543.21"
NOTE = "注：职工人数为全年月平均数；空白为企业未报。填表人：经济发展办公室"
WRONG_CODE, ABOUT, HALF_WIDTH, AS_TEXT, HIGHER = 3, 8, 2, 5, 7
"""Which row has the wrong code and which the words for a number; every how many of the others."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Where the files lie, and for which place the first is."""

    town_table: Path
    long_table: Path
    published: Path
    place: str


def write(folder: Path, told: Sequence[Told], seed: int) -> Examples:
    """Write the three files."""
    folder.mkdir(parents=True, exist_ok=True)
    active = [one for one in told if one.enterprise.status == Status.ACTIVE]
    place = _place(active)
    own = [one for one in active if one.place == place]
    renamed = sorted(own, key=lambda one: one.firm.name == one.enterprise.name)
    examples = Examples(folder / TOWN_TABLE, folder / LONG_TABLE, folder / LIST, place)
    write_town_table(examples.town_table, renamed[:TOWN])
    write_long_table(examples.long_table, [one for one in active if _has_figures(one)][:LONG_OF])
    random = Random(f"{seed} messy")
    write_list(examples.published, active, random)
    return examples


def _place(active: Sequence[Told]) -> str:
    """The town or street with enough enterprises of which one bore another name."""
    for code in sorted({one.place for one in active if not one.enterprise.zone_id}):
        own = [one for one in active if one.place == code]
        renamed = any(one.firm.name != one.enterprise.name for one in own)
        if len(own) >= TOWN and renamed:
            return code
    raise LookupError("no town of the demo city is large enough")


def _has_figures(one: Told) -> bool:
    return bool(one.enterprise.code) and {2017, 2018} <= one.years.keys()


def write_town_table(path: Path, told: Sequence[Told]) -> None:
    """A town's flat table: title, unit, headings over two lines, a total, a note below."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("汇总表")
    centred = book.add_format({"align": "center", "valign": "vcenter", "border": 1})
    last = 2 + len(YEARS) * len(ASKED)
    sheet.merge_range(0, 0, 0, last, "规模以上工业企业科技创新情况汇总表（2016—2018年）", centred)
    sheet.write(1, last - 1, "单位：万元、人")
    for at, heading in enumerate(("序号", "企业名称", "统一社会信用代码")):
        sheet.merge_range(2, at, 3, at, heading, centred)
    for group, year in enumerate(YEARS):
        left = 3 + group * len(ASKED)
        sheet.merge_range(2, left, 2, left + len(ASKED) - 1, f"{year}年", centred)
        for at, (_, heading) in enumerate(ASKED):
            sheet.write(3, left + at, heading, centred)
    for place, one in enumerate(told):
        sheet.write(4 + place, 0, place + 1)
        sheet.write(4 + place, 1, _name(one, place))
        sheet.write_string(4 + place, 2, _code(one, place))
        for group, year in enumerate(YEARS):
            for at, (name, _) in enumerate(ASKED):
                cell = _cell(one, year, name, place)
                if cell is not None:
                    sheet.write(4 + place, 3 + group * len(ASKED) + at, cell)
    total = 4 + len(told)
    sheet.write(total, 1, "合计")
    for at in range(3, last + 1):
        sheet.write_formula(total, at, f"=SUM({chr(65 + at)}5:{chr(65 + at)}{total})", None, 12345)
    sheet.write(total + 2, 0, NOTE)
    book.close()


def _name(one: Told, place: int) -> str:
    """As the town writes it: the name it knew, with narrow or wide brackets, with spaces."""
    name = one.firm.name
    if place % HALF_WIDTH:
        return name.replace("（", "(").replace("）", ")")
    return f"{name}　" if place % 4 == 0 else name


def _code(one: Told, place: int) -> str:
    """As the town knows it; in one row the code of nobody."""
    code = one.enterprise.code
    return f"{code[:9]}02999999{code[17:]}" if place == WRONG_CODE else code


def _cell(one: Told, year: int, name: str, place: int) -> object:
    """A figure as it stands in the cell: a number, a text with commas, words."""
    if (place, year, name) == (ABOUT, 2018, "staff_average"):
        return "约300"
    known = one.years.get(year, {})
    value = known.get(name)
    if name == "staff_average" and known:
        return value / PERSON if value else 15 + place
    if value is None:
        return None
    if place % HIGHER == HIGHER - 1 and (year, name) == (2018, "sales_revenue"):
        value = value * 103 // 100
    wan = Decimal(value) / WAN
    return f"{wan:,}" if place % AS_TEXT == 0 else float(wan)


def write_long_table(path: Path, told: Sequence[Told]) -> None:
    """A csv as an old system gives it: GBK, one row a year, one of them twice, one impossible."""
    rows = [
        [one.enterprise.code, one.enterprise.name, str(year)]
        + [_plain(one.years[year].get(name)) for name, _ in LONG]
        for one in told
        for year in (2017, 2018)
    ]
    rows.insert(9, list(rows[4]))
    rows[20][3] = BEYOND
    with path.open("w", encoding="gbk", newline="") as file:
        out = csv.writer(file)
        out.writerow(["统一社会信用代码", "企业名称", "年度", *(heading for _, heading in LONG)])
        out.writerows(rows)


def _plain(value: int | None) -> str:
    return "" if value is None else f"{Decimal(value) / 100:.2f}"


def write_list(path: Path, told: Sequence[Told], random: Random) -> None:
    """A published list: a title in merged cells, numbers, one name that is only like one known."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("附件")
    title = book.add_format({"align": "center", "bold": True, "font_size": 16})
    sheet.write(0, 0, "附件")
    sheet.merge_range(1, 0, 1, 3, path.stem, title)
    for at, heading in enumerate(("序号", "企业名称", "入库登记编号", "所属地区")):
        sheet.write(2, at, heading)
    for place, (name, one, entry) in enumerate(lists.entries(told, random, LISTED), start=1):
        if one is not None and place <= 10 and name.startswith("济源市"):
            name = name.replace("济源市", "河南", 1)
        sheet.write_row(2 + place, 0, (place, name, entry, "济源市"))
    book.close()
