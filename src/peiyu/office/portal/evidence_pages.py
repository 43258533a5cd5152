"""What an enterprise's people see of its evidence; reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.portfolio.flags import Flag, Standing, flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import Entry, Fullness
from peiyu.office.portfolio.permissions import may_record
from peiyu.office.portfolio.queries import numbers_of_rows, papers_of, versions_of
from peiyu.office.portfolio.reading import worded
from peiyu.policy.evidence import TABLES, Evidence
from peiyu.policy.wording import money
from peiyu.words import Message, mark

SHAPES = {
    Standing.OPEN: "unk", Standing.ASKED: "go", Standing.LATE: "late", Standing.EXPLAINED: "go",
    Standing.CLEARED: "met",
}  # fmt: skip
WAITING = (Standing.ASKED, Standing.LATE)
WORDS = {
    "ip": mark("专利、软件著作权等，证书上的信息"), "projects": mark("每个研发项目的起止、立项和验收"),
    "rd": mark("每个研发项目每年花了多少，按类"), "products": mark("高新技术产品、服务和支撑它们的知识产权"),
    "incomes": mark("每个产品每年的收入"), "conversions": mark("研发成果变成了什么，什么时候"),
    "standards": mark("参加制定的标准"), "cooperations": mark("与高校、院所的合作"),
    "institutions": mark("研发中心、实验室等平台"), "management": mark("研发管理制度和执行记录"),
    "awards": mark("政府颁发的科技奖"), "people": mark("研发人员，只写编号不写姓名"),
    "hours": mark("研发人员每月在每个项目上的工时"), "incidents": mark("由科技局登记"),
}  # fmt: skip
"""What each table is for, in plain words."""


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A flag in plain words: what it says, what to do, until when."""

    flag: Flag
    shape: str
    due_on: date | None
    asked: str
    amount: Message | None


@dataclass(frozen=True, slots=True)
class TableLine:
    """One of the tables: how many rows, whether that is all."""

    table: Evidence
    words: str
    number: int
    full: bool
    mine: bool
    """The reader keeps it."""


def flags_to_see(enterprise: Enterprise, on: date) -> tuple[list[FlagLine], list[FlagLine]]:
    """Open flags: those that the office asks about, by their day; the others."""
    held = held_of([enterprise], on=on)[enterprise.pk]
    said = remarks_of([enterprise.pk])[enterprise.pk]
    lines = [_line(flag) for flag in flags_of(held, said, on) if flag.is_open]
    asked = [line for line in lines if line.flag.standing in WAITING]
    asked.sort(key=lambda line: line.due_on or on)
    return asked, [line for line in lines if line.flag.standing not in WAITING]


def flag_of(enterprise: Enterprise, key: str, digest: str, on: date) -> Flag | None:
    """The flag of that key, as long as its facts are those that were seen."""
    held = held_of([enterprise], on=on)[enterprise.pk]
    for flag in flags_of(held, remarks_of([enterprise.pk])[enterprise.pk], on):
        if (flag.finding.key, flag.finding.digest) == (key, digest):
            return flag
    return None


def _line(flag: Flag) -> FlagLine:
    last = flag.remarks[-1] if flag.remarks else None
    amount = flag.finding.amount
    return FlagLine(
        flag, SHAPES[flag.standing], last.due_on if last else None, last.reason if last else "",
        money(amount) if amount else None,
    )  # fmt: skip


def tables_of(person: User, enterprise: Enterprise) -> list[TableLine]:
    """Every table that the reader may see."""
    numbers = numbers_of_rows(enterprise, person)
    full = set(
        Fullness.objects.filter(enterprise=enterprise, until_on=None).values_list(
            "table", flat=True
        )
    )
    return [
        TableLine(
            table, WORDS[table.name], numbers[table.name], table.name in full,
            may_record(person, enterprise, table.name),
        )
        for table in TABLES
        if table.name in numbers
    ]  # fmt: skip


def cells_of(table: Evidence, row: Entry) -> list[tuple[str, Message | str]]:
    """The known facts of a row with their words."""
    values = row.values()
    found = [(fact.chinese, worded(values[fact.name], fact)) for fact in table.facts]
    return [(label, value) for label, value in found if value]


def row_page(enterprise: Enterprise, table: Evidence, key: str) -> dict[str, Any] | None:
    """A row with its facts, papers and versions; None if there never was one."""
    versions = versions_of(enterprise, table, key)
    if not versions:
        return None
    row = versions[0]
    return {
        "row": row,
        "facts": cells_of(table, row) if not row.withdrawn else [],
        "papers": papers_of(enterprise, table.name, key).get((table.name, key), []),
        "versions": versions,
    }
