"""Taking the list of certificates away as a file, as of a day, as the one who takes it sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from peiyu.office.accounts.models import User
from peiyu.office.desk import exports
from peiyu.office.desk.permissions import may_export
from peiyu.office.enterprises.listing import asked_of
from peiyu.office.foundation.days import FIRST_DAY, LAST_DAY
from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications.listing import (
    COLUMNS,
    AsOf,
    Filters,
    as_of,
    chosen_order,
    lines_of,
    visible,
)
from peiyu.office.qualifications.models import Certificate
from peiyu.office.qualifications.permissions import reads_certificates
from peiyu.words import message, translate

ON = "on"
"""The word of the address for the day of the list."""


def may_export_certificates(person: User, thing: object = None) -> bool:
    """Takes the list away: whoever has it and takes lists away at all."""
    return reads_certificates(person) and may_export(person)


def day_asked(query: str, today: date) -> AsOf:
    """The day of a query's list, today if it names none.

    Raises:
        Refused: it is no day, or none that may be asked for.
    """
    given = asked_of(query).get(ON, "")
    try:
        day = date.fromisoformat(given) if given else today
    except ValueError:
        raise _wrong() from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _wrong()
    return as_of(day)


def found_by(query: str, person: User, day: AsOf) -> QuerySet[Certificate]:
    """The certificates that the filters of a URL leave, as this person sees the list, in its order."""
    asked = asked_of(query)
    filters = Filters(asked, visible(person, day), day=day)
    if not filters.is_valid():
        raise _wrong()
    found: QuerySet[Certificate] = filters.qs.order_by(chosen_order(asked.get("sort", "")), "pk")
    return found


def enterprises_asked(query: str, person: User) -> int:
    """How many enterprises the filtered certificates tell of."""
    found = found_by(query, person, day_asked(query, person.access.on))
    return int(found.order_by().values("enterprise").distinct().count())


def write_certificates(
    target: Path, *, query: str, form: str, person: User, on: date, address: str, lang: str
) -> int:
    """Write exactly the filtered list, every column of it; how many enterprises.

    Each row ends with the address of its page; the foot says as of which day and for whom.
    """
    day = day_asked(query, on)
    rows = lines_of(found_by(query, person, day), day)
    count = rows.count()
    firms = enterprises_asked(query, person)
    heads = [translate(column.label, lang) for column in COLUMNS]
    heads.append(translate("页面", lang))
    foot = message(
        "数据截至{day}，{number}张证书，导出人{name}", day=day.on.isoformat(), number=count,
        name=person.name,
    ).say(lang)  # fmt: skip
    lines = _lines(rows, day, address, lang)
    exports.write_rows(target, form, heads, lines, foot, lang, wide=frozenset({1}))
    return firms


def _lines(
    rows: QuerySet[Certificate, Any], day: AsOf, address: str, lang: str
) -> Iterator[list[object]]:
    for row in rows.iterator(exports.AT_ONCE):
        values: list[object] = []
        for column in COLUMNS:
            value = column.value(row, day)
            said = column.kind in ("status", "tag") and isinstance(value, str)
            values.append(translate(value, lang) if said else value)
        yield [*values, f"{address}/certificates/{row.pk}/"]


def _wrong() -> Refused:
    return Refused(message("条件有误，请先在列表里改正"), field="query")
