"""What the tables of this room have in common: whom a row means, what it would change, one action a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from peiyu.office.enterprises.matching import Matched, matched
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.imports import problem
from peiyu.office.foundation.models import ImportBatch, ImportRow, ImportState, RowOutcome
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.tables.layout import Column, Kind, Layout, Sheet
from peiyu.words import message

OWNER = (
    Column("name", ("企业名称", "单位名称", "名称", "公司名称", "Enterprise"), Kind.TEXT, maximum=120),
    Column("code", ("统一社会信用代码", "社会信用代码", "信用代码", "Credit code"), Kind.CODE, maximum=30),
)  # fmt: skip
TAKEN = (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.SAME)
Judged = tuple[Mapping[str, tuple[Any, Any]], bool]
"""What a row would change, old and new; whether it makes something new."""


def layout_of(
    name: str, titles: tuple[str, ...], columns: Sequence[Column], headings: Mapping[str, Sequence[str]]
) -> Layout:  # fmt: skip
    """One sheet with whose it is and these columns, and with the headings that were explained."""
    every = tuple(
        replace(one, headings=(*one.headings, *headings.get(one.name, ())))
        for one in (*OWNER, *columns)
    )
    return (Sheet(name=name, titles=titles, columns=every, key=("name", "code")),)


def judge_each(
    batch: ImportBatch, rows: Sequence[ImportRow], judged: Callable[[Enterprise, ImportRow], Judged]
) -> None:  # fmt: skip
    """For each row whom it means, then what it would change; a refusal stands with the row."""
    held = _whom(rows, holding=batch.state == ImportState.APPLYING)
    for row in rows:
        enterprise = held.get(row.number)
        if enterprise is None:
            continue
        try:
            changes, new = judged(enterprise, row)
        except SeveralRefused as several:
            refuse(row, several.refusals)
            continue
        except Refused as refusal:
            refuse(row, [refusal])
            continue
        row.changes = {
            name: [plain(old), plain(value)] for name, (old, value) in changes.items()
        }  # fmt: skip
        made = RowOutcome.NEW if new else RowOutcome.CHANGED
        row.outcome = made if row.changes else RowOutcome.SAME


def refuse(row: ImportRow, refusals: Iterable[Refused]) -> None:
    """The row cannot be taken in; why."""
    row.outcome = RowOutcome.REFUSED
    remedy = message("请在这里改正，或在文件里改好再传")
    known = {one.name for one in OWNER} | row.values.keys()
    row.problems += [
        problem(one.message, remedy, one.field if one.field in known else "") for one in refusals
    ]


def twice(batch: ImportBatch, rows: Sequence[ImportRow], column: str) -> set[object]:
    """Values of a column that stand in more than one row of the file."""
    values = [row.values[column] for row in rows if row.values.get(column)]
    others = batch.rows.exclude(number__in=[row.number for row in rows])
    found = set(
        others.filter(**{f"values__{column}__in": values}).values_list(f"values__{column}", flat=True)
    )  # fmt: skip
    seen: set[object] = set()
    for value in values:
        if value in seen:
            found.add(value)
        seen.add(value)
    return found


def others_of(batch: ImportBatch, rows: Sequence[ImportRow], *columns: str) -> set[tuple[Any, ...]]:
    """Whom the other rows of the file mean, with what they say in these columns."""
    targets = {row.target for row in rows if row.target}
    others = batch.rows.filter(target__in=targets, outcome__in=TAKEN).exclude(
        number__in=[row.number for row in rows]
    )
    return set(others.values_list("target", *(f"values__{column}" for column in columns)))


def day_of(row: ImportRow, column: str) -> date | None:
    """A day that stands in the row."""
    given = row.values.get(column)
    return date.fromisoformat(given) if given else None


def plain(value: object) -> object:
    """A value as a row keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _whom(rows: Sequence[ImportRow], *, holding: bool) -> dict[int, Enterprise]:
    """Whose each row is, by the number of the row; the others are refused or in doubt."""
    found = matched([(str(r.values.get("code", "")), str(r.values.get("name", ""))) for r in rows])
    chosen = [row.values.get("target") for row in rows]
    keys = {one.enterprise for one in found if one.enterprise} | {int(k) for k in chosen if k}
    living = Enterprise.objects.living()
    if holding:
        living = living.select_for_update().order_by("pk")
    enterprises = living.prefetch_related("names").in_bulk(keys)
    held: dict[int, Enterprise] = {}
    for row, one, by_hand in zip(rows, found, chosen, strict=True):
        row.problems = [p for p in row.problems if p["address"]]
        row.changes, row.candidates = {}, []
        key = int(by_hand) if by_hand else one.enterprise
        row.target = key if key in enterprises else None
        if row.target is None:
            _in_doubt(row, one, chosen_gone=bool(by_hand))
        elif row.problems:
            row.outcome = RowOutcome.REFUSED
        else:
            held[row.number] = enterprises[row.target]
    return held


def _in_doubt(row: ImportRow, one: Matched, *, chosen_gone: bool) -> None:
    row.candidates = list(one.candidates)
    row.outcome = RowOutcome.DOUBTFUL if one.candidates else RowOutcome.REFUSED
    why = one.why or message("企业库里没有这家企业")
    if chosen_gone:
        why = message("选定的企业不在企业库里")
    remedy = message("请选定是哪一家，或改正代码、名称")
    if not one.candidates:
        remedy = message("请先在“登记”里报送这家企业，或核对代码和名称")
    row.problems.append(problem(why, remedy))
