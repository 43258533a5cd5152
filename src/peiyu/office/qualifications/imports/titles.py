"""Tables of titles: little giants, technology centres and others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options
from peiyu.office.foundation.models import ImportBatch, ImportRow
from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications.actions import enter_title, take_back
from peiyu.office.qualifications.imports.whom import (
    Judged,
    day_of,
    judge_each,
    layout_of,
    others_of,
)
from peiyu.office.qualifications.models import Title, TitleKind, TitleLevel
from peiyu.office.qualifications.permissions import may_enter
from peiyu.tables.layout import Column, Kind, Layout
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

KINDS = tuple((one.value, (str(one.label), one.value)) for one in TitleKind)
LEVELS = tuple((one.value, (str(one.label), one.value)) for one in TitleLevel)
COLUMNS = (
    Column("kind", ("称号种类", "称号", "种类", "Title"), Kind.CHOICE, choices=KINDS, required=True),
    Column("level", ("级别", "Level"), Kind.CHOICE, choices=LEVELS, required=True),
    Column("awarded_on", ("授予日期", "认定日期", "公布日期", "Awarded on"), Kind.DATE, required=True),
    Column("ends_on", ("截止日期", "有效期至", "Ends on"), Kind.DATE),
    Column("title", ("全称", "称号全称", "Full title"), Kind.TEXT, maximum=100),
    Column("number", ("文号或编号", "文号", "编号", "Number"), Kind.TEXT, maximum=60),
)  # fmt: skip


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row a title."""
    return layout_of("titles", ("企业称号", "称号", "Titles"), COLUMNS, headings)


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New or the same; the same is one of the same kind, level, number and day."""
    on = office_day()
    told = ("kind", "level", "number", "awarded_on")
    passed: set[object] = {
        (target, kind, level, str(number or "").strip(), day)
        for target, kind, level, number, day in others_of(batch, rows, *told)
    }

    def judged(enterprise: Enterprise, row: ImportRow) -> Judged:
        stated = _stated(row)
        awarded, ends = stated["awarded_on"], stated["ends_on"]
        if awarded > on:
            text = "日期{day}在今天{today}之后，请核对"
            said = message(text, day=awarded.isoformat(), today=on.isoformat())
            raise Refused(said, field="awarded_on")
        if ends is not None and ends < awarded:
            text = "截止日{ends}早于授予日{day}，请核对"
            said = message(text, ends=ends.isoformat(), day=awarded.isoformat())
            raise Refused(said, field="ends_on")
        place = (
            enterprise.pk,
            stated["kind"],
            stated["level"],
            stated["number"],
            awarded.isoformat(),
        )
        if place in passed:
            raise Refused(message("这个称号在文件里写了不止一行，请只留一行"), field="kind")
        passed.add(place)
        alike = Title.objects.standing().filter(
            enterprise=enterprise, kind=stated["kind"], level=stated["level"],
            number=stated["number"], awarded_on=awarded,
        )  # fmt: skip
        if alike.exists():
            return {}, False
        shown = {**stated, "title": stated["name"]}
        columns = [column.name for column in COLUMNS]
        return {name: (None, shown[name]) for name in columns if shown[name]}, True

    judge_each(batch, rows, judged)


def apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Enter them."""
    assert batch.source is not None
    firms = Enterprise.objects.in_bulk([row.target for row in rows if row.target])
    for row in rows:
        made = enter_title(
            firms[row.target or 0], **_stated(row), source=batch.source, on=office_day(),
            actor=cast(User, actor), batch=batch,
        )  # fmt: skip
        row.made, row.over = made.pk, None


def undo(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Take them back."""
    known = Title.objects.select_related("enterprise").in_bulk([row.made for row in rows])
    for row in rows:
        take_back(
            known[row.made or 0], reason=message("撤销导入").say(), on=office_day(),
            actor=cast(User, actor),
        )  # fmt: skip


def builds_on(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """A title that was taken away or back since."""
    known = Title.objects.in_bulk([row.made for row in rows if row.made])
    found = {}
    for row in rows:
        one = known.get(row.made or 0)
        if one is not None and (one.revoked_on or one.withdrawn_on):
            kind = message(one.get_kind_display())
            found[row.number] = message("的{kind}之后撤销了", kind=kind)
    return found


def _stated(row: ImportRow) -> dict[str, Any]:
    """What the row says, as the action takes it."""
    awarded_on = day_of(row, "awarded_on")
    if awarded_on is None or not row.values.get("kind") or not row.values.get("level"):
        raise Refused(message("称号种类、级别和授予日期都要写"), field="kind")
    return {
        "kind": row.values["kind"], "level": row.values["level"], "awarded_on": awarded_on,
        "ends_on": day_of(row, "ends_on"), "name": str(row.values.get("title", "")),
        "number": str(row.values.get("number", "")).strip(),
    }  # fmt: skip


TITLES = ImportKind(
    name="qualifications.titles",
    title=mark("企业称号"),
    layout=layout, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: may_enter(cast(User, person)),
    asks=(),
)  # fmt: skip
