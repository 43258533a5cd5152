"""Taking a list away as a file, as the one who takes it sees it."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone

from peiyu.office.accounts.models import User
from peiyu.office.desk.enterprise_list import Filters, chosen_columns, lines_of
from peiyu.office.enterprises.listing import Column, asked_of, chosen_order, visible
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.policies.programme import value_of
from peiyu.words import Message, message, translate

FORMS = ("xlsx", "csv")
AT_ONCE = 2000
MOST_ROWS = 1_000_000
A3 = 8
"""Its number among the sizes of paper that Excel knows."""
LONGEST_FOOT = 120
"""Excel takes 255 signs in all, and an ampersand is two."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def found_by(query: str, person: User) -> QuerySet[Enterprise]:
    """The enterprises that the filters of a URL leave, as this person sees the list, in its order."""
    asked = asked_of(query)
    filters = Filters(asked, visible(person, merged=bool(asked.get("merged"))), person=person)
    if not filters.is_valid():
        raise Refused(message("条件有误，请先在列表里改正"), field="query")
    found: QuerySet[Enterprise] = filters.qs.order_by(chosen_order(asked.get("sort", "")), "pk")
    return found


def rows_asked(query: str, person: User) -> tuple[list[Column], Iterator[Any], int]:
    """Columns, rows and their number for the filters of a URL, as this person sees the list."""
    asked = asked_of(query)
    columns = chosen_columns(asked.get("columns", ""), person)
    found = lines_of(found_by(query, person), columns, person)
    return list(columns), found.iterator(AT_ONCE), found.count()


def write_list(
    target: Path, *, query: str, form: str, person: User, on: date, address: str, lang: str
) -> int:
    """Write exactly the filtered list to `target`, as xlsx or csv; how many enterprises.

    Each row ends with the address of its page; the foot says as of which day and for whom.
    """
    columns, rows, count = rows_asked(query, person)
    heads = [translate(column.label, lang) for column in columns]
    heads.append(translate("页面", lang))
    foot = foot_said(on, count, person).say(lang)
    lines = (_cells(row, columns, address, lang) for row in rows)
    wide = frozenset(at for at, column in enumerate(columns) if column.kind == "link")
    write_rows(target, form, heads, lines, foot, lang, wide=wide)
    return count


def write_rows(
    target: Path,
    form: str,
    heads: list[str],
    lines: Iterator[list[object]],
    foot: str,
    lang: str,
    *,
    wide: Collection[int] = (),
) -> None:
    """Write any list as xlsx or csv, with its foot; `wide`: the places of columns of long texts."""
    (_write_csv if form == "csv" else _write_xlsx)(target, heads, lines, foot, lang, wide)


def foot_said(on: date, count: int, person: User) -> Message:
    """As of which day a list is, how many enterprises it holds, and for whom it was written."""
    return message(
        "数据截至{day}，{number}家，导出人{name}",
        day=on.isoformat(),
        number=count,
        name=person.name,
    )


def foot_of(on: date, count: int, person: User, lang: str) -> str:
    """The same in a language."""
    return foot_said(on, count, person).say(lang)


def note_of(foot: str, lang: str) -> str:
    """The foot as it stands below the rows, so that whoever reads the table knows it for a note."""
    return message("注：{note}", note=foot).say(lang)


def set_up_print(sheet: Any, foot: str) -> None:
    """Print on A3, landscape, one page wide, the heading and the foot on each page."""
    sheet.set_paper(A3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    said = foot[:LONGEST_FOOT].replace("&", "&&")
    sheet.set_footer(f"&L{said}&R&P / &N")


def needs_approval(count: int, on: date) -> bool:
    """Whether so many rows may leave only with another's yes."""
    return count > int(value_of("export_rows", on))


def _cells(row: Any, columns: list[Column], address: str, lang: str) -> list[object]:
    values: list[object] = []
    for column in columns:
        value = column.value(row)
        if isinstance(value, datetime):
            value = timezone.localtime(value).date()
        if column.kind in ("status", "tag") and isinstance(value, str):
            value = translate(value, lang)
        values.append(value)
    values.append(f"{address}/enterprises/{row.pk}/")
    return values


def _write_csv(
    target: Path,
    heads: list[str],
    lines: Iterator[list[object]],
    foot: str,
    lang: str,
    wide: Collection[int],
) -> None:
    """UTF-8 with its mark, as spreadsheets want it; text that looks like a formula is quoted."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        for line in lines:
            writer.writerow([_harmless(value) for value in line])
        writer.writerow([])
        writer.writerow([note_of(foot, lang)])


def _write_xlsx(
    target: Path,
    heads: list[str],
    lines: Iterator[list[object]],
    foot: str,
    lang: str,
    wide: Collection[int],
) -> None:
    """Text is written as text: nothing that a user typed becomes a formula or a link."""
    book = xlsxwriter.Workbook(
        str(target),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 1)
    set_up_print(sheet, foot)
    for at in range(len(heads) - 1):
        sheet.set_column(at, at, 36 if at in wide else 16)
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, bold)
    number = 0
    for number, line in enumerate(lines, start=1):
        for at, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(number, at, value, dates)
            elif isinstance(value, int):
                sheet.write_number(number, at, value)
            elif value:
                sheet.write_string(number, at, str(value))
    sheet.write_string(number + 2, 0, note_of(foot, lang))
    book.close()


def _harmless(value: object) -> object:
    """What a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def temporary(form: str) -> Path:
    """An empty file for an export; whoever sends it removes it."""
    handle, name = tempfile.mkstemp(suffix=f".{form}")
    os.close(handle)
    return Path(name)
