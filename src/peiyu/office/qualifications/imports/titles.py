"""Tables of titles: little giants, technology centres and others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.identity import tidy
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import settled_twin, twins_of
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options
from peiyu.office.foundation.models import ImportBatch, ImportRow
from peiyu.office.qualifications.actions import enter_title
from peiyu.office.qualifications.imports.judging import (
    Judged,
    day_of,
    judge_each,
    layout_of,
    take_back_all,
    whose,
)
from peiyu.office.qualifications.models import Title, TitleKind, TitleLevel
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.qualifications.values import checked_title
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

SAME = ("kind", "level", "number", "awarded_on")
"""By what a title is the same as another of its enterprise."""
TWICE = mark("这个称号在文件里写了不止一行，全称或截止日不同：另见第{places}行")


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row a title."""
    return layout_of("titles", ("企业称号", "称号", "Titles"), COLUMNS, headings)


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New or the same; the same is one of the same kind, level, number and day."""
    on, held = office_day(), whose(batch, rows, actor)
    standing = Title.objects.standing().filter(enterprise__in=held.values())
    there = set(standing.values_list("enterprise", *SAME))
    twins = twins_of(
        batch, rows, lambda row: tuple(_stated(row)[name] for name in SAME),
        lambda row: tuple(_stated(row).values()),
    )  # fmt: skip

    def judged(enterprise: Enterprise, row: ImportRow) -> Judged:
        title = checked_title(_stated(row), on)
        if (enterprise.pk, *(title[name] for name in SAME)) in there:
            return {}, False
        shown = {**title, "title": title["name"]}
        columns = [column.name for column in COLUMNS]
        return {name: (None, shown[name]) for name in columns if shown[name]}, True

    judge_each(rows, held, judged, lambda row: settled_twin(row, twins.get(row.number), TWICE))


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
    take_back_all(Title, rows, actor)


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
    return {
        "kind": row.values.get("kind", ""), "level": row.values.get("level", ""),
        "awarded_on": day_of(row, "awarded_on"), "ends_on": day_of(row, "ends_on"),
        "name": tidy(str(row.values.get("title", ""))),
        "number": tidy(str(row.values.get("number", ""))),
    }  # fmt: skip


TITLES = ImportKind(
    name="qualifications.titles",
    title=mark("企业称号"),
    layout=layout, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: may_enter(cast(User, person)),
    asks=(),
)  # fmt: skip
