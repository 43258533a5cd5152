"""Tables of technology SMEs: the number of each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import settled_twin, twins_of
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options
from peiyu.office.foundation.models import ImportBatch, ImportRow
from peiyu.office.qualifications.actions import enter_tech_sme
from peiyu.office.qualifications.checks import numbers_of
from peiyu.office.qualifications.imports.judging import (
    Judged,
    day_of,
    judge_each,
    layout_of,
    take_back_all,
    whose,
)
from peiyu.office.qualifications.models import TechSmeNumber
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.qualifications.values import checked_number_of
from peiyu.policy import tech_sme_number
from peiyu.tables.layout import Column, Kind, Layout
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

COLUMNS = (
    Column("number", ("入库登记编号", "登记编号", "入库编号", "编号", "Registration number"), Kind.CODE, maximum=40,
           required=True),
    Column("issued_on", ("公布日期", "入库日期", "公告日期", "Issued on"), Kind.DATE),
)  # fmt: skip

TWICE = mark("编号{no}在文件里写了不止一行，内容不同：另见第{places}行")
TWO_A_YEAR = mark("文件里这家企业{year}年写了不止一个编号，或日期不同：另见第{places}行")


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row a number."""
    titles = ("科技型中小企业入库登记编号", "科技型中小企业", "Technology SMEs")
    return layout_of("tech_sme", titles, COLUMNS, headings)


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New or the same; another number of the same year is a contradiction that a person solves."""
    on, held = office_day(), whose(batch, rows, actor)
    known = numbers_of(map(_number, rows), {one.pk for one in held.values()})
    of_year = twins_of(batch, rows, lambda row: _number(row)[:4] or None, _number)
    of_number = twins_of(
        batch, rows, lambda row: _number(row) or None, lambda row: (row.target, _number(row)),
        across="number",
    )  # fmt: skip

    def twin(row: ImportRow) -> bool:
        number = _number(row)
        return settled_twin(row, of_year.get(row.number), TWO_A_YEAR, year=number[:4]) or (
            settled_twin(row, of_number.get(row.number), TWICE, no=number)
        )

    def judged(enterprise: Enterprise, row: ImportRow) -> Judged:
        parsed, day = checked_number_of(row.values.get("number"), day_of(row, "issued_on"), on)
        old = known.by_number.get(parsed.written)
        if old is not None and old.enterprise_id == enterprise.pk:
            return {}, False
        known.check(enterprise.pk, parsed)
        stated = {"number": (None, parsed.written), "issued_on": (None, day)}
        return {name: pair for name, pair in stated.items() if pair[1]}, True

    judge_each(rows, held, judged, twin)


def apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Enter them."""
    assert batch.source is not None
    firms = Enterprise.objects.in_bulk([row.target for row in rows if row.target])
    for row in rows:
        made = enter_tech_sme(
            firms[row.target or 0], number=str(row.values["number"]),
            issued_on=day_of(row, "issued_on"), source=batch.source, on=office_day(),
            actor=cast(User, actor), batch=batch,
        )  # fmt: skip
        row.made, row.over = made.pk, None


def undo(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Take them back."""
    take_back_all(TechSmeNumber, rows, actor)


def builds_on(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """A number that was struck off or taken back since."""
    known = TechSmeNumber.objects.in_bulk([row.made for row in rows if row.made])
    found = {}
    for row in rows:
        one = known.get(row.made or 0)
        if one is not None and (one.revoked_on or one.withdrawn_on):
            found[row.number] = message("的编号{no}之后撤销了", no=one.number)
    return found


def _number(row: ImportRow) -> str:
    """The number as it is kept; empty if it has not the form of one."""
    try:
        return tech_sme_number.parse(str(row.values.get("number", ""))).written
    except tech_sme_number.NoNumber:
        return ""


TECH_SME = ImportKind(
    name="qualifications.tech_sme",
    title=mark("科技型中小企业编号"),
    layout=layout, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: may_enter(cast(User, person)),
    asks=(),
)  # fmt: skip
