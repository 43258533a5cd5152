"""What a row of a table must say to become a new enterprise: a name, a place, a code of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from peiyu.office.accounts.models import Body, BodyKind
from peiyu.office.enterprises.actions import taken
from peiyu.office.enterprises.identity import checked_name, tidy_code
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.enterprises.values import checked_place
from peiyu.office.foundation.models import ImportRow
from peiyu.office.foundation.refusals import Refused
from peiyu.tables.spelling import name_key
from peiyu.words import message

PLACE = ("town", "zone")
Places = Mapping[tuple[str, str], Body]
"""Towns and zones by the column in which they stand and their name made comparable."""


def lacking(
    row: ImportRow, values: Mapping[str, object], places: Places, holders: Mapping[str, str]
) -> list[Refused]:
    """What a new enterprise lacks: a name, a place, a code that nobody bears."""
    found = []
    if not values.get("name"):
        try:
            checked_name(str(row.values.get("name", "")))
        except Refused as refused:
            found.append(refused)
    code = tidy_code(str(row.values.get("code", "")))
    if code in holders:
        found.append(taken(code, holders[code]))
    found += [
        Refused(message("今天没有“{place}”这个镇、街道或园区", place=row.values[name]), field=name)
        for name in PLACE
        if row.values.get(name) and place_of(row, name, places) is None
    ]
    if not any(one.field in PLACE for one in found):
        try:
            checked_place(*(place_of(row, name, places) for name in PLACE))
        except Refused as refused:
            found.append(refused)
    return found


def holders_of(rows: Sequence[ImportRow]) -> dict[str, str]:
    """Who bears which of the codes of these rows today."""
    codes = {tidy_code(row.values["code"]) for row in rows if row.values.get("code")}
    held = Enterprise.objects.filter(code__in=codes).exclude(status=Status.MERGED)
    return dict(held.values_list("code", "name"))


def places_on(on: date) -> Places:
    """The towns and zones of the day by the column in which they stand and their names."""
    found = {}
    for body in Body.objects.alive(on).places():
        column = "zone" if body.kind == BodyKind.ZONE else "town"
        for name in (body.name, body.short):
            found[column, name_key(name)] = body
    return found


def place_of(row: ImportRow, column: str, places: Places) -> Body | None:
    """The body that a cell names, if there is one."""
    return places.get((column, name_key(str(row.values.get(column, "")))))
