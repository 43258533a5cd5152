"""Writing the lines of many: new ones by one statement, those that say the same only with their day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from peiyu.office.assessments.gathered import Key
from peiyu.office.assessments.models import Audience, Readiness
from peiyu.office.assessments.readiness import COLUMNS
from peiyu.office.foundation.days import office_now

OVER = ("version", "basis")
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Kept:
    """The lines of one enterprise under one programme for some readers: the values of `COLUMNS`, of `OVER`."""

    enterprise: Key
    rulebook: str
    audience: Audience
    told: tuple[Any, ...]
    over: tuple[str, str]


def keep(keys: Sequence[Key], made: Sequence[Kept], *, on: date, known: date) -> int:
    """Make the cache say this of these enterprises; of how many it said something else, or nothing."""
    names = ("pk", "enterprise", "rulebook", "audience", *COLUMNS, *OVER)
    held = {}
    for key, of, book, audience, *said in Readiness.objects.filter(enterprise__in=keys).values_list(
        *names
    ):
        held[of, book, audience] = (key, tuple(said[: len(COLUMNS)]), tuple(said[len(COLUMNS) :]))
    moved, same, fresh = set(), [], []
    for one in made:
        before = held.pop((one.enterprise, one.rulebook, one.audience), None)
        if before is None or before[1] != one.told:
            moved.add(one.enterprise)
        if before is not None and before[1:] == (one.told, one.over):
            same.append(before[0])
        else:
            fresh.append(one)
    # what is left: programmes no longer in force, readers to whom nothing else shows any more
    Readiness.objects.filter(pk__in=[key for key, _, _ in held.values()]).delete()
    at = office_now()
    for place in range(0, len(same), AT_ONCE):
        rows = Readiness.objects.filter(pk__in=same[place : place + AT_ONCE])
        rows.update(on=on, known=known, computed_at=at)
    if fresh:
        _put(fresh, on, known, at)
    return len(moved)


def _put(rows: Sequence[Kept], on: date, known: date, at: Any) -> None:
    """Insert, or replace what stood there: tens of thousands of rows, so without objects."""
    written = ("enterprise", "rulebook", "audience", *COLUMNS, *OVER, "on", "known", "computed_at")
    meta: Any = Readiness._meta
    quoted = connection.ops.quote_name
    columns = [quoted(meta.get_field(name).column) for name in written]
    marks = ", ".join(["%s"] * len(columns))
    replaced = ", ".join(f"{name} = excluded.{name}" for name in columns[3:])
    statement = (
        f"INSERT INTO {quoted(meta.db_table)} ({', '.join(columns)}) VALUES ({marks}) "  # noqa: S608  names of the model
        f"ON CONFLICT ({columns[1]}, {columns[0]}, {columns[2]}) DO UPDATE SET {replaced}"
    )
    days = [connection.ops.adapt_datefield_value(day) for day in (on, known)]
    days.append(connection.ops.adapt_datetimefield_value(at))
    values = [
        (row.enterprise, row.rulebook, row.audience, *row.told, *row.over, *days) for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
