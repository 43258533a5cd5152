"""What the tables of this room have in common: what a row would change, said or refused; taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.db.models import prefetch_related_objects

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import owned, settle
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import plain_value, problem
from peiyu.office.foundation.models import ImportBatch, ImportRow, ImportState, RowOutcome
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.office.qualifications.actions import take_back
from peiyu.office.qualifications.models import TechSmeNumber, Title
from peiyu.office.qualifications.permissions import open_to_enter
from peiyu.tables.layout import Column, Kind, Layout, Sheet
from peiyu.words import Message, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

OWNER = (
    Column("name", ("企业名称", "单位名称", "名称", "公司名称", "Enterprise"), Kind.TEXT, maximum=120),
    Column("code", ("统一社会信用代码", "社会信用代码", "信用代码", "Credit code"), Kind.CODE, maximum=30),
)  # fmt: skip
Judged = tuple[Mapping[str, tuple[Any, Any]], bool]
"""What a row would change, old and new; whether it makes something new."""


class Excluded(Refused):
    """Another row of the file stands against this one; a person may keep either."""

    def __init__(self, said: Message, *, field: str, by: int) -> None:
        super().__init__(said, field=field)
        self.by = by
        """The number of the other row."""


def layout_of(
    name: str, titles: tuple[str, ...], columns: Sequence[Column], headings: Mapping[str, Sequence[str]]
) -> Layout:  # fmt: skip
    """One sheet with whose it is and these columns, and with the headings that were explained."""
    every = tuple(
        replace(one, headings=(*one.headings, *headings.get(one.name, ())))
        for one in (*OWNER, *columns)
    )
    return (Sheet(name=name, titles=titles, columns=every, key=("name", "code")),)


def whose(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Enterprise]:
    """Whose each row is, by the number of the row, with all names; the others are refused or in doubt."""
    for row in rows:  # what was said against cells that could be read is judged anew
        row.problems = [one for one in row.problems if one["address"]]
    held = owned(rows, actor, open_to_enter, holding=batch.state == ImportState.APPLYING)
    prefetch_related_objects(list(held.values()), "names")
    return held


def judge_each(
    rows: Sequence[ImportRow],
    held: Mapping[int, Enterprise],
    judged: Callable[[Enterprise, ImportRow], Judged],
    twin: Callable[[ImportRow], bool],
) -> None:
    """For each row what it would change; a refusal stands with the row.

    `twin(row)`: another row of the file says something of the same thing, and that settles this one.
    """
    for row in rows:
        enterprise = held.get(row.number)
        if enterprise is None:
            if row.target:  # a cell of it could not be read
                twin(row)
            continue
        if twin(row):
            continue
        try:
            changes, new = judged(enterprise, row)
        except SeveralRefused as several:
            refuse(row, several.refusals)
        except Refused as refusal:
            refuse(row, [refusal])
        else:
            plain = {
                name: (plain_value(old), plain_value(now)) for name, (old, now) in changes.items()
            }
            settle(row, plain, new=new)


def refuse(row: ImportRow, refusals: Iterable[Refused]) -> None:
    """The row cannot be taken in; why."""
    row.outcome = RowOutcome.REFUSED
    remedy = message("请在这里改正，或在文件里改好再传")
    known = {one.name for one in OWNER} | row.values.keys()
    for one in refusals:
        trouble = problem(one.message, remedy, one.field if one.field in known else "")
        if isinstance(one, Excluded):
            trouble["repeats"] = [one.by]
        row.problems.append(trouble)


def day_of(row: ImportRow, column: str) -> date | None:
    """A day that stands in the row."""
    given = row.values.get(column)
    return date.fromisoformat(given) if given else None


def take_back_all(
    kind: type[TechSmeNumber | Title], rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> None:
    """Take back what rows made, number by number, title by title."""
    known = kind._default_manager.select_related("enterprise").in_bulk([row.made for row in rows])
    for row in rows:
        take_back(
            known[row.made or 0], reason=message("撤销导入").say(), on=office_day(),
            actor=cast(User, actor),
        )  # fmt: skip
