"""Rows of evidence from a table: one kind for each table of the dictionary, alike for all.

A row is found by its number; without one by what names it otherwise (a grant number, a title), else
it is new and gets the next number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from peiyu.batch.layouts import column, owner
from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import NOT_YOURS, hold, owned, settle, settled_twin, twins_of
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options, plain_value, problem
from peiyu.office.foundation.models import ImportBatch, ImportRow, ImportState, RowOutcome
from peiyu.office.portfolio.actions.entries import (
    Wanted,
    differing,
    next_number,
    record_all,
    standing_at,
    take_back,
)
from peiyu.office.portfolio.checking import Values, key_of, settled, troubles
from peiyu.office.portfolio.flags import recount
from peiyu.office.portfolio.models import OF_TABLE, Entry
from peiyu.office.portfolio.permissions import (
    RIGHTS,
    may_import_evidence,
    may_import_rights,
    open_to_record,
)
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import Evidence
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.patents import bare
from peiyu.tables.layout import Layout, Sheet
from peiyu.tables.spelling import squeeze
from peiyu.words import Message, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

NAMED_BY: dict[str, tuple[str, ...]] = {
    "ip": ("grant_number", "title"), "projects": ("title",), "products": ("title",),
    "conversions": ("result",), "cooperations": ("title",), "institutions": ("title",),
    "management": ("title",), "awards": ("title",),
}  # fmt: skip
"""What names a row that has no number, the first that is said; other tables need their number."""
Standing = dict[int, dict[str, Entry]]
"""What stands of each enterprise, by key."""


def kind_for(table: Evidence) -> ImportKind:
    """The kind of import of a table."""
    return ImportKind(
        name=f"portfolio.{table.name}",
        title=table.title,
        layout=partial(_layout, table),
        judge=partial(_judge, table),
        apply=partial(_apply, table),
        undo=partial(_undo, table),
        builds_on=partial(_builds_on, table),
        may=lambda person: (may_import_rights if table.name == RIGHTS else may_import_evidence)(
            cast(User, person)
        ),
        asks=("unit",) if any(fact.unit is Unit.FEN for fact in table.facts) else (),
    )


def layout_of(table: Evidence, on: date) -> Layout:
    """The sheet of a table as it is brought, for taking it away so that it can be brought back."""
    return _layout(table, {}, {}, on)


def _layout(
    table: Evidence, options: Options, headings: Mapping[str, Sequence[str]], on: date
) -> Layout:
    """One row an enterprise and thing; a number may be left out where the office gives one."""
    columns = []
    for fact in table.facts:
        own = column(fact, more=headings.get(fact.name, ()))
        free = fact.name == "no" and table.name in NAMED_BY
        columns.append(replace(own, required=False) if free else own)
    return (
        Sheet(
            name=table.name,
            titles=(table.title, table.english, table.name),
            columns=(*owner("zh", headings), *columns),
            key=("code", "name"),
        ),
    )


def _judge(
    table: Evidence, batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> None:
    """New, changed or the same, against what stands."""
    holding = batch.state == ImportState.APPLYING
    held = owned(rows, actor, partial(open_to_record, table=table.name), holding=holding)
    standing = _standing(table, {one.pk for one in held.values()})
    for row in rows:
        if (enterprise := held.get(row.number)) is not None and "no" in table.names:
            _numbered(table, row, standing.get(enterprise.pk, {}))
    twins = twins_of(batch, rows, partial(_thing, table), partial(_said_of, table))
    for row in rows:
        enterprise = held.get(row.number)
        if enterprise is None:
            if row.target:  # a cell of it could not be read
                settled_twin(row, twins.get(row.number))
            continue
        values = _values(table, row)
        key = _key(table, values, standing.get(enterprise.pk, {}))
        before = standing.get(enterprise.pk, {}).get(key) if key else None
        stands = before.values() if before else {}
        values = _said(table, stands, values)
        merged = {**stands, **values}
        if not merged.get("no") and _name_of(table, values):
            merged["no"] = table.prefix  # a number comes with the row
        if wrong := list(troubles(table, merged, office_day())):
            row.outcome = RowOutcome.REFUSED
            row.problems = [
                *row.problems,
                *(problem(said, message("请改正这一格"), name) for name, said in wrong),
            ]
            continue
        if settled_twin(row, twins.get(row.number)):
            continue
        changes = {
            name: (plain_value(old), plain_value(new))
            for name, (old, new) in differing(stands, values).items()
        }
        settle(row, changes, new=before is None)


def _apply(
    table: Evidence, batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> None:
    """Record what changes; new rows without a number get the next of their enterprise."""
    assert batch.source is not None
    held = Enterprise.objects.in_bulk([row.target for row in rows if row.target])
    standing = _standing(table, set(held))
    taken = _taken(table, set(held))
    why = message("导入“{name}”", name=batch.title[:200]).say()
    wanted, over = [], []
    for row in rows:
        one = held[row.target or 0]
        values = _values(table, row)
        key = _key(table, values, standing.get(one.pk, {}))
        before = standing.get(one.pk, {}).get(key) if key else None
        if before is not None:
            values = _said(table, before.values(), values)
        else:
            if table.name in NAMED_BY and not values.get("no"):
                values["no"] = next_number(table, taken[one.pk])
            key = key_of(table, values)
            taken[one.pk].add(key)
        assert key is not None
        wanted.append(Wanted(one, key, values, why if before else ""))
        over.append(before)
    known = {(row.enterprise_id, row.key): row for row in over if row is not None}
    made = record_all(
        table, wanted, source=batch.source, actor=cast(User, actor), batch=batch, known=known
    )
    for row, entry, before in zip(rows, made, over, strict=True):
        row.made = entry.pk if entry else None
        row.over = before.pk if before else None
    recount(list(held.values()), office_day())


def _undo(
    table: Evidence, batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> None:
    """Restore what stood before."""
    assert batch.source is not None
    made = list(_made(table, rows).values())
    take_back(table, made, source=batch.source, actor=cast(User, actor), batch=batch)
    recount(list({one.enterprise_id: one.enterprise for one in made}.values()), office_day())


def _builds_on(
    table: Evidence, batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """A later version of the same row; an enterprise that is no longer one's own."""
    made = _made(table, rows)
    if batch.state == ImportState.UNDOING:
        hold(one.enterprise_id for one in made.values())
    firms = [one.enterprise for one in made.values()]
    allowed = open_to_record(cast(User, actor), firms, table.name)
    standing = standing_at(table, [(one.enterprise_id, one.key) for one in made.values()])
    found = {}
    for row in rows:
        one = made.get(row.made or 0)
        if one is None:
            continue
        last = standing.get((one.enterprise_id, one.key))
        if one.enterprise_id not in allowed:
            found[row.number] = message(NOT_YOURS)
        elif last is None:
            found[row.number] = message("的{key}之后已被撤下", key=one.key)
        elif last.pk != one.pk:
            found[row.number] = message(
                "的{key}之后又改过（{day}，第{version}版）",
                key=one.key, day=last.recorded_on.isoformat(), version=last.version,
            )  # fmt: skip
    return found


def _made(table: Evidence, rows: Sequence[ImportRow]) -> dict[int, Entry]:
    keys = [row.made for row in rows if row.made]
    found: dict[int, Entry] = (
        OF_TABLE[table.name].objects.select_related("enterprise").in_bulk(keys)
    )
    return found


def _standing(table: Evidence, enterprises: set[int]) -> Standing:
    found: Standing = {}
    rows = OF_TABLE[table.name].objects.standing().filter(enterprise__in=enterprises)
    for row in rows.iterator(1000):
        found.setdefault(row.enterprise_id, {})[row.key] = row
    return found


def _taken(table: Evidence, enterprises: set[int]) -> dict[int, set[str]]:
    """All numbers that an enterprise has, withdrawn ones too."""
    found: dict[int, set[str]] = {key: set() for key in enterprises}
    rows = OF_TABLE[table.name].objects.filter(superseded_on=None, enterprise__in=enterprises)
    for one, key in rows.values_list("enterprise", "key"):
        found[one].add(key)
    return found


def _key(table: Evidence, values: Values, standing: Mapping[str, Entry]) -> str | None:
    """Which row is meant: by its number, else by its name; None: a new one without a number."""
    if all(values.get(name) for name in table.key):
        return key_of(table, values)
    name = _name_of(table, values)
    if not name:
        return None
    wanted = _named(name, values[name])
    alike = [key for key, row in standing.items() if _named(name, row.values().get(name)) == wanted]
    return alike[0] if len(alike) == 1 else None


def _name_of(table: Evidence, values: Values) -> str:
    """The fact that names a row without a number; empty where nothing does."""
    return next((name for name in NAMED_BY.get(table.name, ()) if values.get(name)), "")


def _said(table: Evidence, stands: Values, values: dict[str, Scalar]) -> dict[str, Scalar]:
    """What a row says that is new: a number that is only written otherwise is not."""
    name = "grant_number"
    same = _named(name, stands.get(name)) == _named(name, values.get(name))
    return {one: value for one, value in values.items() if not (same and one == name)}


def _named(name: str, value: Scalar) -> str:
    text = str(value or "")
    return bare(text) if name == "grant_number" else squeeze(text)


def _marks(table: Evidence, values: Values) -> tuple[object, ...]:
    """What tells a row of the file from the others: its key, else what names it."""
    if all(values.get(name) for name in table.key):
        return tuple(values.get(name) for name in table.key)
    name = _name_of(table, values)
    return (name, _named(name, values.get(name)) if name else "")


def _numbered(table: Evidence, row: ImportRow, standing: Mapping[str, Entry]) -> None:
    """Give a row that was found by its name the number that it has."""
    key = _key(table, _values(table, row), standing)
    if key is not None and key in standing:
        row.values["no"] = standing[key].values()["no"]


def _thing(table: Evidence, row: ImportRow) -> object:
    """What a row of the file is about, where something tells it from the others."""
    kind, *rest = _marks(table, row.values)
    return None if kind == "row" else (kind, *rest)


def _said_of(table: Evidence, row: ImportRow) -> dict[str, object]:
    return {name: row.values[name] for name in table.names if name in row.values}


def _values(table: Evidence, row: ImportRow) -> dict[str, Scalar]:
    """What the row says of the table's facts, as the rules read it; blanks say nothing."""
    return settled({
        fact.name: _scalar(fact, row.values[fact.name])
        for fact in table.facts
        if row.values.get(fact.name) is not None
    })  # fmt: skip


def _scalar(fact: Fact, value: Any) -> Scalar:
    if fact.unit is Unit.DAY:
        return date.fromisoformat(str(value))
    if fact.unit is Unit.YES_NO:
        return bool(value)
    if isinstance(value, list):
        return tuple(map(str, value))
    if fact.unit in (Unit.TEXT, Unit.CHOICE):
        return str(value)
    assert isinstance(value, int)
    return value
