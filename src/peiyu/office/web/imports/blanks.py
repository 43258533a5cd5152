"""Empty tables to fill in: which columns in which order, how they are filled in, one row as an example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO

from peiyu.batch.layouts import FLAT_LAST_YEAR, FLAT_THREE_YEARS
from peiyu.office.foundation.imports import ImportKind
from peiyu.office.web.enterprises.years_forms import grouped
from peiyu.policy.evidence import TABLES
from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.writing import write_template
from peiyu.words import mark, translate

USUAL = (*FLAT_THREE_YEARS, *FLAT_LAST_YEAR)
"""The figures that are asked of everyone."""
SIDE_BY_SIDE = 3
WIDE = "wide"
FIGURES = "reports.statements"


@dataclass(frozen=True, slots=True)
class Shape:
    """One way in which the table of a kind can be filled in."""

    key: str
    label: str


SHAPES: Mapping[str, tuple[Shape, ...]] = {
    FIGURES: (
        Shape("", mark("每年一行，全部项目")),
        Shape(WIDE, mark("近三年并列，常用项目")),
    )
}
USUALLY = (Shape("", mark("下载空表")),)
FIRST: Mapping[str, str] = {
    FIGURES: mark("前两行是表头，一家企业一个年度一行，每行写明年度；常用的项目在最前面。"),
    WIDE: mark("前两行是表头，一家企业一行，各年并列；年度写在上面一行，不要改。"),
    "reports.months": mark(
        "第一行是表头，一家企业一个月一行，每行写明年度和月份，写月初、月末的人数。"
    ),
    "reports.lists": mark("第一行是表头，名单上一家一行，顺序不限。"),
    "enterprises.enterprises": mark(
        "第一行是表头，一家企业一行；库里没有的会新增，有的只更正登记事项。"
    ),
    "portfolio.uses": mark("第一行是表头，一次使用一行。"),
}
ONE_THING = mark("第一行是表头，一家企业的一项一行；有几项写几行，每行都写明企业。")
WHOSE = mark("信用代码和企业名称至少写一个，最好都写；与企业库里的对上才能导入。")
GUIDE = (
    mark("不必填满：没有的列可以删去，列的先后不限。"),
    mark("上传后先预览，看清每行会改什么，再决定导入；导入后也可以撤销。"),
)
WAN = 10_000 * 100
"""Fen of 一万元."""
AMOUNTS = {
    "sales_revenue": 5200, "main_business_revenue": 5000, "other_business_revenue": 200,
    "net_assets": 3100, "total_assets": 5600, "total_liabilities": 2500,
    "rd_total": 300, "rd_domestic": 300, "rd_labour": 160, "rd_direct_input": 80,
    "rd_depreciation": 20, "rd_amortisation": 10, "rd_design": 10, "rd_testing": 10, "rd_other": 10,
    "rd_entrusted_domestic": 0, "rd_entrusted_foreign": 0, "rd_capitalised": 0, "rd_failed": 0,
    "rd_government": 0, "rd_super_deducted": 300, "taxable_income": 420,
    "total_income": 5200, "income_total": 5230, "nontaxable_income": 30, "ht_income": 3600,
    "ht_product_income": 3500, "technical_transfer_income": 0, "technical_service_income": 100,
    "entrusted_rd_income": 0, "operating_cost": 3900, "taxes_surcharges": 40, "selling_expense": 260,
    "administrative_expense": 310, "rd_expense_apart": 300, "finance_expense": 50,
    "cost_expense_total": 4860, "net_profit": 350, "rd_sme_total": 300, "rd_sme_internal": 290,
    "rd_sme_other": 10, "rd_sme_entrusted_domestic": 0, "rd_sme_entrusted_foreign": 0,
    "budget": 180, "income": 1800, "amount": 50, "paid": 30,
}  # fmt: skip
"""万元, for an enterprise whose figures fit each other."""
PEOPLE = {
    "staff_average": 86_00, "st_staff_average": 14_50, "sme_staff_average": 88_00,
    "sme_rd_staff_average": 15_00, "staff_begin": 85, "staff_end": 87, "st_begin": 14, "st_end": 15,
}  # fmt: skip
WORDS: Mapping[str, object] = {
    "code": "91419001MA44AB12X5", "legal_form": "limited", "industry": "3562", "field": "10102",
    "town": "玉泉街道", "territory": "济源市", "entry": "201941900108000123",
    "grant_number": "ZL201810123456.1", "owners": "示例智能装备有限公司", "rank": 1, "month": 3,
    "hours": 96, "person": "P001", "post": "研发工程师",
    "partner": "河南科技大学", "indicators": "定位精度±0.02毫米", "proof": "销售合同及发票",
    "approval_paper": "关于数控转台研发的立项决议（研发〔2018〕3号）",
    "acceptance_paper": "数控转台项目验收报告", "output_words": "样机一台", "opinion": "",
    "applied_with": "奖励发放表", "used_by": "示例智能装备有限公司",
}  # fmt: skip
TITLES = {
    "ip": "一种高精度数控转台", "projects": "高精度数控转台研发", "products": "高精度数控转台",
    "standards": "数控转台通用技术条件", "cooperations": "转台轴承寿命试验", "institutions": "市级工程技术研究中心",
    "management": "研发项目立项管理办法", "awards": "河南省科学技术进步奖三等奖", "conversions": "高精度数控转台",
}  # fmt: skip
EARLIER = {"established_on": 2500, "applied_on": 900, "started_on": 500, "joined_on": 1200,
           "granted_on": 400, "approved_on": 510, "first_sold_on": 200}  # fmt: skip
"""How many days before today a day is, so that one follows the other; the rest: a quarter."""
USUALLY_AGO = 90
LATER = frozenset({"until_on", "valid_to", "fees_paid_to"})
UNSAID = frozenset(
    {
        "ends_on",
        "printed_end_on",
        "left_on",
        "obtained_on",
        "class_ruled",
        "kind_ruled",
        "opinion",
        "zone",
    }
)
"""What is blank in most rows."""


def shapes_of(kind: ImportKind) -> tuple[Shape, ...]:
    """The empty tables that there are of a kind; the first is the usual one."""
    return SHAPES.get(kind.name, USUALLY)


def template_of(kind: ImportKind, on: date, lang: str, shape: str = "") -> bytes:
    """The empty table of a kind, one row of it filled in as an example."""
    sheet = _sheet(kind, on, shape)
    titles = tuple(dict.fromkeys((translate(kind.title, lang), kind.title, *sheet.titles)))
    shown = replace(sheet, titles=titles)
    key = shape or kind.name
    whose = () if kind.name in ("portfolio.uses", "enterprises.enterprises") else (WHOSE,)
    guide = (FIRST.get(key, ONE_THING), *whose, *GUIDE)
    target = BytesIO()
    write_template(
        target,
        (shown,),
        title=titles[0],
        guide=[translate(line, lang) for line in guide],
        examples={shown.name: [_example(kind, shown, on)]},
        lang=lang,
    )
    return target.getvalue()


def _sheet(kind: ImportKind, on: date, shape: str) -> Sheet:
    sheets = {sheet.name: sheet for sheet in kind.layout({}, {}, on)}
    if kind.name != FIGURES:
        only = next(iter(sheets.values()))
        columns = tuple(one for one in only.columns if one.name not in kind.kept)
        return replace(only, columns=columns)
    if shape == WIDE:
        whole = sheets["wide"]
        years = range(on.year - SIDE_BY_SIDE, on.year)
        wanted = {*whole.key, *(f"{name}@{year}" for name in USUAL for year in years)}
        return replace(whole, columns=tuple(one for one in whole.columns if one.name in wanted))
    whole = sheets["years"]
    by_name = {column.name: column for column in whole.columns}
    first = [by_name.pop(name) for name in (*whole.key, *whole.beside)]
    groups = [(mark("常用"), [by_name.pop(name) for name in USUAL])]
    groups += [
        (label, [by_name[name] for name in names]) for label, names in grouped(by_name)
    ]  # fmt: skip
    under = [replace(one, over=label) for label, held in groups for one in held]
    return replace(whole, columns=(*first, *under))


def _example(kind: ImportKind, sheet: Sheet, on: date) -> dict[str, object]:
    table = kind.name.partition(".")[2]
    found = {column.name: _of(column, table, on) for column in sheet.columns}
    return {name: value for name, value in found.items() if value is not None}


def _of(column: Column, table: str, on: date) -> object:
    """What an enterprise might fill in; the figures of a row fit each other."""
    name = column.name.partition("@")[0]
    if name in UNSAID:
        return None
    if name in AMOUNTS:
        return AMOUNTS[name] * WAN
    if name in PEOPLE:
        return PEOPLE[name]
    if name == "number":
        return _number(table, on)
    if name in WORDS:
        return WORDS[name]
    if name in ("title", "result"):
        return TITLES.get(table)
    if name == "no":
        prefix = next((one.prefix for one in TABLES if one.name == table), "") or "RD"
        return "P001" if table == "people" else f"{prefix}01"
    return _of_kind(column, on)


def _number(table: str, on: date) -> str | None:
    """What the number of a row is there: of a certificate, a registration, a standard."""
    match table:
        case "certificates":
            return f"GR{(on - timedelta(days=USUALLY_AGO)).year}41000123"
        case "tech_sme":
            return f"{on.year - 1}41900108000123"
        case "standards":
            return "GB 12345-2018"
    return None


def _of_kind(column: Column, on: date) -> object:
    match column.kind:
        case Kind.YEAR:
            return on.year - 1
        case Kind.DATE:
            far = 365 if column.name in LATER else -EARLIER.get(column.name, USUALLY_AGO)
            return on + timedelta(days=far)
        case Kind.CHOICE:
            return column.choices[0][0] if column.choices else None
        case Kind.REFERENCES:
            return (
                ("P001", "P002") if column.name == "inventors" else (f"{_prefix(column.name)}01",)
            )
        case Kind.BOOL:
            return column.name not in (
                "used_before",
                "disputed",
                "co_owned",
                "major",
                "grant_notice",
            )
        case Kind.TEXT:
            return "智能装备有限公司" if column.name == "name" else None
    return None


def _prefix(name: str) -> str:
    return {"rd_nos": "RD", "product_nos": "PS", "source_nos": "IP"}.get(name, "IP")
