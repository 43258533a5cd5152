"""People month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, cast

from peiyu.batch.layouts import column, owner
from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import (
    NOT_YOURS,
    hold,
    owned,
    refuse,
    settle,
    settled_twin,
    twins_of,
)
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.imports import ImportKind, Options
from peiyu.office.foundation.models import ImportBatch, ImportRow, ImportState
from peiyu.office.foundation.record import Said, write_all
from peiyu.office.reports.imports.statements import in_time
from peiyu.office.reports.models import COUNTED, Basis, StaffMonth
from peiyu.office.reports.permissions import may_import_declared, open_to_state
from peiyu.policy import facts
from peiyu.tables.layout import Layout, Sheet
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

DECLARES = partial(open_to_state, basis=Basis.DECLARED)
Place = tuple[int, int, int]
"""Enterprise, year, month."""


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row an enterprise, year and month."""
    columns = [column(fact, more=headings.get(fact.name, ())) for fact in facts.BY_NAME["months"]]
    return (
        Sheet(
            name="months",
            titles=("人员月度", "月度人员", "Staff by month"),
            columns=(*owner("zh", headings), *columns),
            single=True, key=("code", "name"), beside=("year", "month"), all_rows=True,
        ),
    )  # fmt: skip


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New, changed or the same, against the newest version of the month."""
    held = owned(rows, actor, DECLARES, holding=batch.state == ImportState.APPLYING)
    known = newest([_place(row, held[row.number].pk) for row in rows if row.number in held])
    twins = twins_of(
        batch,
        rows,
        lambda row: _place(row, 0) if row.values.get("month") else None,
        lambda row: {name: row.values.get(name) for name in COUNTED},
    )
    for row in rows:
        enterprise = held.get(row.number)
        if enterprise is None:
            if row.target:  # a cell of it could not be read
                settled_twin(row, twins.get(row.number))
            continue
        _, year, month = place = _place(row, enterprise.pk)
        if not year or not month:
            refuse(row, "没有说明是哪年哪月的人数", "请填“年度”和“月份”两列，月份是1到12")
            continue
        if not 1 <= month <= 12:
            refuse(row, "没有{month}月", "请改正月份，月份是1到12", month=month)
            continue
        if not in_time(row, year, month):
            continue
        if settled_twin(row, twins.get(row.number)):
            continue
        before = known.get(place)
        changes = {}
        for name in COUNTED:
            if name in row.values:
                old = None if before is None or before.withdrawn else getattr(before, name)
                if old != row.values[name]:
                    changes[name] = (old, row.values[name])
        settle(row, changes, new=before is None or before.withdrawn)


def apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """A new version of each month that changes."""
    known = newest([_place(row, row.target or 0) for row in rows])
    enterprises = Enterprise.objects.in_bulk([row.target for row in rows if row.target])
    made = []
    for row in rows:
        place = _place(row, row.target or 0)
        before = known.get(place)
        one = _following(batch, enterprises[place[0]], place, before, actor)
        for name in COUNTED:
            if name in row.changes:
                setattr(one, name, row.changes[name][1])
        row.over = before.pk if before else None
        made.append(one)
    _written(made, actor, "reports.staffmonth.state")
    for row, one in zip(rows, made, strict=True):
        row.made = one.pk


def undo(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Restore what stood before each month, by a new version."""
    made = StaffMonth.objects.select_related("enterprise").in_bulk([r.made for r in rows if r.made])
    before = StaffMonth.objects.in_bulk([row.over for row in rows if row.over])
    last = newest([(one.enterprise_id, one.year, one.month) for one in made.values()])
    restored = []
    for row in rows:
        one = made[row.made or 0]
        old = before.get(row.over or 0)
        place = (one.enterprise_id, one.year, one.month)
        new = _following(batch, one.enterprise, place, last[place], actor)
        new.withdrawn = old is None or old.withdrawn
        for name in COUNTED:
            setattr(new, name, getattr(old, name) if old else None)
        restored.append(new)
    _written(restored, actor, "reports.staffmonth.take_back")


def builds_on(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """A later version of the same month; an enterprise that another body looks after by now."""
    keys = [row.made for row in rows if row.made]
    made = StaffMonth.objects.select_related("enterprise").in_bulk(keys)
    if batch.state == ImportState.UNDOING:
        hold(one.enterprise_id for one in made.values())
    known = newest([(one.enterprise_id, one.year, one.month) for one in made.values()])
    allowed = DECLARES(cast(User, actor), (one.enterprise for one in made.values()))
    found = {}
    for row in rows:
        one = made.get(row.made or 0)
        last = known[one.enterprise_id, one.year, one.month] if one else None
        if one and one.enterprise_id not in allowed:
            found[row.number] = message(NOT_YOURS)
        elif one and last and last.version > one.version and not _says_the_same(last, one):
            found[row.number] = message(
                "的{year}年{month}月之后又改过", year=one.year, month=one.month
            )
    return found


def _says_the_same(one: StaffMonth, other: StaffMonth) -> bool:
    alike = all(getattr(one, name) == getattr(other, name) for name in COUNTED)
    return alike and one.withdrawn == other.withdrawn


def newest(places: Sequence[Place]) -> dict[Place, StaffMonth]:
    """The newest version of each month; one query."""
    wanted = set(places)
    rows = StaffMonth.objects.filter(
        enterprise__in={key for key, _, _ in wanted}, year__in={year for _, year, _ in wanted}
    ).order_by("version")
    return {
        (row.enterprise_id, row.year, row.month): row
        for row in rows
        if (row.enterprise_id, row.year, row.month) in wanted
    }


def _place(row: ImportRow, enterprise: int) -> Place:
    year, month = row.values.get("year"), row.values.get("month")
    return (
        enterprise, year if isinstance(year, int) else 0, month if isinstance(month, int) else 0
    )  # fmt: skip


def _following(
    batch: ImportBatch,
    enterprise: Enterprise,
    place: Place,
    before: StaffMonth | None,
    actor: AbstractBaseUser,
) -> StaffMonth:
    """The next version of a month, with what stood."""
    assert batch.source is not None
    one = StaffMonth(
        enterprise=enterprise, year=place[1], month=place[2],
        version=before.version + 1 if before else 1, source=batch.source, batch=batch,
        recorded_at=office_now(), recorded_on=office_day(), recorded_by=cast(User, actor),
    )  # fmt: skip
    if before is not None and not before.withdrawn:
        for name in COUNTED:
            setattr(one, name, getattr(before, name))
    return one


def _written(made: Sequence[StaffMonth], actor: AbstractBaseUser, action: str) -> None:
    StaffMonth.objects.bulk_create(made, batch_size=200)
    lines = (
        Said(one, {"version": (one.version - 1 or None, one.version)}, about=one.enterprise)
        for one in made
    )
    write_all(lines, actor=actor, action=action)


MONTHS = ImportKind(
    name="reports.months",
    title=mark("人员月度"),
    layout=layout, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: may_import_declared(cast(User, person)),
    asks=(),
)  # fmt: skip
