"""What was known by a day: rows may say when they were recorded, and a later row replaces an earlier one.

A row recorded after the day is not known; of several rows of one thing the one recorded last counts,
as a whole. A row that does not say when it was recorded was known from the beginning. A table that was
said to be complete was so as it stood on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any

from peiyu.policy import facts
from peiyu.tables.layout import Column, Kind, Layout, Sheet
from peiyu.tables.repeats import drop
from peiyu.tables.results import Read, SheetRead
from peiyu.tables.spelling import name_key
from peiyu.words import LANGUAGES, mark, translate

KNOWN_ON = "known_on"
NOT_KNOWN = object()  # stands in the place of a row that was not known
TERM = mark("记录日期")
Named = Callable[[Any], Hashable | None]  # what a row is of; null where it stands for itself


def versions(table: str) -> tuple[str, ...]:
    """By which columns, beside the enterprise, two rows of a table speak of the same thing."""
    if table in ("enterprise", "years"):
        return ("year",) if table == "years" else ()
    key = facts.BY_NAME[table].key
    return (key, "year") if table == "rd" else (key,)


def known(rows: Iterable[Any], day: date | None, recorded: Named, named: Named) -> list[bool]:
    """For each row, whether it is what was known of its thing on that day."""
    latest: dict[Hashable, date] = {}
    said = [(recorded(row), named(row)) for row in rows]
    days = [found if isinstance(found, date) else date.min for found, _ in said]
    for on, (_, thing) in zip(days, said, strict=True):
        if thing is not None and (day is None or on <= day):
            latest[thing] = max(on, latest.get(thing, date.min))
    return [
        (day is None or on <= day) and (thing is None or on == latest[thing])
        for on, (_, thing) in zip(days, said, strict=True)
    ]


# -- sheets


def with_recorded(layout: Layout) -> Layout:
    """The sheets with a column more: when each row was recorded."""
    return tuple(_with_recorded(sheet) for sheet in layout)


def _with_recorded(sheet: Sheet) -> Sheet:
    headings = tuple(dict.fromkeys(translate(TERM, lang) for lang in LANGUAGES))
    column = Column(KNOWN_ON, (*headings, KNOWN_ON), Kind.DATE)
    beside = (KNOWN_ON,) if sheet.single else ()
    return replace(sheet, columns=(*sheet.columns, column), beside=beside)


def has_recorded(read: Read) -> bool:
    """Does any row say when it was recorded."""
    return any(row.get(KNOWN_ON) for sheet in read.sheets.values() for row in sheet.rows)


def sheets_known(read: Read, day: date | None) -> Read:
    """The sheets as they were known on that day; null: as last recorded."""
    codes = _codes(read)
    sheets = {name: _sheet_known(sheet, day, codes) for name, sheet in read.sheets.items()}
    return replace(read, sheets=sheets)


def _codes(read: Read) -> dict[str, str]:
    """The code of an enterprise by its name, where a row says both."""
    found: dict[str, str] = {}
    for sheet in read.sheets.values():
        for row in sheet.rows:
            if row.get("code") is not None and row.get("name") is not None:
                found.setdefault(name_key(str(row["name"])), str(row["code"]))
    return found


def _sheet_known(sheet: SheetRead, day: date | None, codes: Mapping[str, str]) -> SheetRead:
    names = versions(sheet.name)

    def thing(row: Mapping[str, object]) -> Hashable | None:
        parts = tuple(str(row[name]) for name in names if row.get(name) is not None)
        if len(parts) < len(names):
            return None
        return (_owner(row, codes), *parts)

    kept = known(sheet.rows, day, lambda row: row.get(KNOWN_ON), thing)
    found = copy(sheet)
    found.rows = [{n: v for n, v in row.items() if n != KNOWN_ON} for row in sheet.rows]
    found.places, found.spans = list(sheet.places), list(sheet.spans)
    dropped = {at for at, keep in enumerate(kept) if not keep}
    if dropped:
        drop(found, dropped)
    return found


def _owner(row: Mapping[str, object], codes: Mapping[str, str]) -> str:
    if row.get("code") is not None:
        return str(row["code"])
    name = name_key(str(row.get("name") or ""))
    return codes.get(name, name)


# -- json


def records_known(records: list[Any], day: date | None) -> list[tuple[int, Any]]:
    """Records with their places, their years and rows as they were known on that day."""
    kept = known(records, day, _day_of, _record)
    return [(at, _record_known(records[at], day)) for at, keep in enumerate(kept) if keep]


def has_recorded_json(parsed: Any) -> bool:
    """Does anything in a json text say when it was recorded."""
    if isinstance(parsed, dict):
        said = _day_of(parsed) is not None
        return said or any(has_recorded_json(part) for part in parsed.values())
    return isinstance(parsed, list) and any(has_recorded_json(part) for part in parsed)


def _day_of(row: Any) -> date | None:
    """When a record or row was recorded; what is no day is left for the reader to refuse."""
    said = row.get(KNOWN_ON) if isinstance(row, dict) else None
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _record(record: Any) -> Hashable | None:
    if not isinstance(record, dict):
        return None
    code, name = record.get("code"), record.get("name")
    if isinstance(code, str) and code.strip():
        return code.strip().upper()
    return name_key(name) if isinstance(name, str) and name.strip() else None


def _record_known(record: Any, day: date | None) -> Any:
    if not isinstance(record, dict):
        return record
    found = _without_day(record)
    if isinstance(years := record.get("years"), dict):
        rows = list(years.items())
        kept = known(rows, day, lambda item: _day_of(item[1]), lambda item: None)
        found["years"] = {
            year: _without_day(said)
            for (year, said), keep in zip(rows, kept, strict=True)
            if keep
        }  # fmt: skip
    if isinstance(tables := record.get("tables"), dict):
        found["tables"] = {
            name: _rows_known(rows, name, day) if isinstance(rows, list) else rows
            for name, rows in tables.items()
        }
        for name, rows in tables.items():  # a list of which nothing was known says nothing
            left = found["tables"][name]
            if isinstance(rows, list) and rows and all(row is NOT_KNOWN for row in left):
                del found["tables"][name]
    return found


def _rows_known(rows: list[Any], table: str, day: date | None) -> list[Any]:
    names = versions(table) if table in facts.BY_NAME else ("",)

    def thing(row: Any) -> Hashable | None:
        if not isinstance(row, dict):
            return None
        parts = tuple(str(row[name]) for name in names if row.get(name) is not None)
        return parts if len(parts) == len(names) else None

    kept = known(rows, day, _day_of, thing)
    return [_without_day(row) if keep else NOT_KNOWN for row, keep in zip(rows, kept, strict=True)]


def _without_day(row: Any) -> Any:
    """A record or row without its day, if that is one."""
    if _day_of(row) is None:
        return row
    return {name: value for name, value in row.items() if name != KNOWN_ON}
