"""Which kinds of tables a person may bring, and the empty table of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

from peiyu.office.accounts.models import User
from peiyu.office.foundation.imports import ImportKind, kind_of
from peiyu.policy.evidence import TABLES
from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.writing import write_template
from peiyu.words import mark, translate

GROUPS = (
    (mark("年度"), ("reports.statements", "reports.months")),
    (mark("证据"), (*(f"portfolio.{table.name}" for table in TABLES), "portfolio.uses")),
    (
        mark("证书与资格"),
        ("qualifications.certificates", "qualifications.tech_sme", "qualifications.titles"),
    ),
    (mark("名单"), ("reports.lists", "enterprises.enterprises")),
)
"""In the order in which they are offered."""
GUIDE = (
    mark("第一行是表头，一家企业一行；多个年度就写多行，每行写明年度。"),
    mark("信用代码和企业名称至少写一个，最好都写；与企业库里的对上才能导入。"),
    mark("不必填满：没有的列可以删去，列的先后不限。"),
    mark("上传后先预览，看清每行会改什么，再决定导入；导入后也可以撤销。"),
)
EXAMPLES = {
    Kind.MONEY: 1_234_567_00,
    Kind.DECIMAL: 12_50,
    Kind.INTEGER: 12,
    Kind.BOOL: True,
    Kind.TEXT: "示例",
    Kind.CODE: "914190010000000000",
}


def kinds_open_to(person: User) -> dict[str, ImportKind]:
    """The kinds that this person may bring, by name."""
    names = [name for _, group in GROUPS for name in group]
    return {name: kind for name in names if (kind := kind_of(name)).may(person)}


def grouped(kinds: dict[str, ImportKind]) -> list[tuple[str, list[ImportKind]]]:
    """The kinds under the headings under which they are offered; empty ones are left out."""
    found = [(label, [kinds[name] for name in names if name in kinds]) for label, names in GROUPS]
    return [(label, own) for label, own in found if own]


def template_of(kind: ImportKind, on: date, lang: str) -> bytes:
    """The empty table of a kind, one row of it filled in as an example."""
    sheet = kind.layout({}, {}, on)[0]
    titles = tuple(dict.fromkeys((translate(kind.title, lang), kind.title, *sheet.titles)))
    shown = replace(sheet, titles=titles)
    target = BytesIO()
    write_template(
        target,
        (shown,),
        title=titles[0],
        guide=[translate(line, lang) for line in GUIDE],
        examples={shown.name: [_example(shown, on)]},
        lang=lang,
    )
    return target.getvalue()


def _example(sheet: Sheet, on: date) -> dict[str, object]:
    return {column.name: value for column in sheet.columns if (value := _of(column, on))}


def _of(column: Column, on: date) -> object:
    if column.kind is Kind.YEAR:
        return on.year - 1
    if column.kind is Kind.DATE:
        return on
    if column.kind is Kind.CHOICE:
        return column.choices[0][0] if column.choices else None
    if column.kind is Kind.REFERENCES:
        return ("IP01", "IP02")
    if column.kind is Kind.CODE and not column.is_credit_code:
        return "01"
    value = EXAMPLES.get(column.kind)
    if isinstance(value, int) and not isinstance(value, bool) and column.maximum is not None:
        return min(value, column.maximum)
    return value
