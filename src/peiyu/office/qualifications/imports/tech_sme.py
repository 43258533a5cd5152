"""Tables of technology SMEs: the number of each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options
from peiyu.office.foundation.models import ImportBatch, ImportRow
from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications.actions import enter_tech_sme, take_back
from peiyu.office.qualifications.actions.others import checked_tech_sme
from peiyu.office.qualifications.imports.whom import (
    Judged,
    day_of,
    judge_each,
    layout_of,
    others_of,
    twice,
)
from peiyu.office.qualifications.models import TechSmeNumber
from peiyu.office.qualifications.permissions import may_enter
from peiyu.tables.layout import Column, Kind, Layout
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

COLUMNS = (
    Column("number", ("入库登记编号", "登记编号", "入库编号", "编号", "Registration number"), Kind.CODE, maximum=40,
           required=True),
    Column("issued_on", ("公布日期", "入库日期", "公告日期", "Issued on"), Kind.DATE),
)  # fmt: skip


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row a number."""
    titles = ("科技型中小企业入库登记编号", "科技型中小企业", "Technology SMEs")
    return layout_of("tech_sme", titles, COLUMNS, headings)


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New or the same; another number of the same year is a contradiction that a person solves."""
    repeated, on = twice(batch, rows, "number"), office_day()
    numbers = {str(row.values.get("number", "")).strip().upper() for row in rows}
    known = {
        row.number: row
        for row in TechSmeNumber.objects.standing()
        .filter(number__in=numbers)
        .select_related("enterprise")
    }
    passed = {
        (target, str(number)[:4]) for target, number in others_of(batch, rows, "number") if number
    }

    def judged(enterprise: Enterprise, row: ImportRow) -> Judged:
        parsed = checked_tech_sme(str(row.values.get("number", "")))
        if row.values["number"] in repeated:
            text = "编号{no}在文件里写了不止一行，请只留一行"
            raise Refused(message(text, no=parsed.written), field="number")
        old = known.get(parsed.written)
        if old is not None:
            if old.enterprise_id != enterprise.pk:
                text = "编号{no}已经登记在“{name}”名下，请核对"
                said = message(text, no=parsed.written, name=old.enterprise.name)
                raise Refused(said, field="number")
            return {}, False
        if parsed.year > on.year:
            text = "编号{no}是{year}年的，今年是{now}年，请核对"
            said = message(text, no=parsed.written, year=parsed.year, now=on.year)
            raise Refused(said, field="number")
        rows_ = TechSmeNumber.objects.standing()
        other = rows_.filter(enterprise=enterprise, year=parsed.year).first()
        if other is not None:
            text = "这家企业{year}年已有编号{no}。一年只有一个；原来的有误，先撤回再登记"
            said = message(text, year=parsed.year, no=other.number)
            raise Refused(said, field="number")
        if (enterprise.pk, str(parsed.year)) in passed:
            text = "文件里这家企业{year}年写了不止一个编号，请只留一个"
            raise Refused(message(text, year=parsed.year), field="number")
        passed.add((enterprise.pk, str(parsed.year)))
        stated = {"number": (None, parsed.written), "issued_on": (None, day_of(row, "issued_on"))}
        return {name: pair for name, pair in stated.items() if pair[1]}, True

    judge_each(batch, rows, judged)


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
    known = TechSmeNumber.objects.select_related("enterprise").in_bulk([row.made for row in rows])
    for row in rows:
        take_back(
            known[row.made or 0], reason=message("撤销导入").say(), on=office_day(),
            actor=cast(User, actor),
        )  # fmt: skip


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


TECH_SME = ImportKind(
    name="qualifications.tech_sme",
    title=mark("科技型中小企业编号"),
    layout=layout, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: may_enter(cast(User, person)),
    asks=(),
)  # fmt: skip
