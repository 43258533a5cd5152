"""Writing cells so that Excel shows what was meant: words stay words, numbers stay exact."""

from __future__ import annotations

import os
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from unicodedata import east_asian_width

import xlsxwriter

from peiyu.words import Message, mark, message, translate

Target = str | os.PathLike[str] | IO[bytes]

LONGEST_TEXT = 32767
"""Excel's own bound for the text of a cell."""
MOST_DIGITS = 15
LARGEST = 999_999_999_999_999
"""More digits than these of a number Excel forgets: such a number is written as text."""
CREATED = datetime.fromisoformat("2019-01-01T00:00:00")
DAY_FORMAT, MONEY_FORMAT = "yyyy-mm-dd", "#,##0.00"
YES, NO = mark("是"), mark("否")


class Book:
    """A workbook being written. No text ever becomes a formula, a link or a number."""

    def __init__(self, target: Target, lang: str, *, row_by_row: bool) -> None:
        """Open it; `row_by_row` keeps only one row in memory."""
        where: Any = os.fspath(target) if isinstance(target, os.PathLike) else target
        options = {
            "constant_memory": row_by_row,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(where, options)
        self.book.set_properties({"created": CREATED})
        self.lang = lang
        self.titles: set[str] = set()
        self.formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def close(self) -> None:
        """Write the file."""
        self.book.close()

    def format(self, **style: object) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(style.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"valign": "vcenter", **style})
        return self.formats[key]

    def sheet(self, title: str) -> Any:
        """A new sheet, under a name that Excel accepts."""
        return self.book.add_worksheet(self.free_title(title))

    def free_title(self, title: str) -> str:
        """A sheet name without forbidden signs, short enough and not taken."""
        clean = "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip().strip("'")
        clean = clean[:31] or "Sheet"
        found, number = clean, 1
        while found.casefold() in self.titles:
            number += 1
            tail = f" ({number})"
            found = clean[: 31 - len(tail)] + tail
        self.titles.add(found.casefold())
        return found

    def put(self, sheet: Any, row: int, column: int, value: object, **style: object) -> None:
        """Write one plain value; None stays blank."""
        if isinstance(value, Message):
            value = value.say(self.lang)
        elif isinstance(value, bool):
            value = translate(YES if value else NO, self.lang)
        if value is None or value == "":
            if style:
                sheet.write_blank(row, column, None, self.format(**style))
        elif isinstance(value, int | Decimal) and fits(value):
            if isinstance(value, Decimal) and "num_format" not in style:
                style["num_format"] = MONEY_FORMAT
            sheet.write_number(row, column, value, self.format(**style))
        elif isinstance(value, datetime):
            self.put_text(sheet, row, column, value.isoformat(" ", "seconds"), style)
        elif isinstance(value, date):
            style.setdefault("num_format", DAY_FORMAT)
            sheet.write_datetime(row, column, value, self.format(**style))
        elif isinstance(value, float):
            sheet.write_number(row, column, value, self.format(**style))
        else:
            self.put_text(sheet, row, column, str(value), style)

    def put_text(
        self, sheet: Any, row: int, column: int, text: str, style: dict[str, object]
    ) -> None:
        """Write words as words, whatever they begin with."""
        if len(text) > LONGEST_TEXT:
            rest = message("…（余下 {count} 字从略）", count=len(text) - LONGEST_TEXT + 30)
            text = text[: LONGEST_TEXT - 30] + rest.say(self.lang)[:30]
        sheet.write_string(row, column, text, self.format(**style))


def fits(number: int | Decimal) -> bool:
    """Whether Excel keeps every digit of a number."""
    if isinstance(number, int):
        return abs(number) <= LARGEST
    if not number.is_finite():
        return False
    return len(number.normalize().as_tuple().digits) <= MOST_DIGITS


def breadth(text: str) -> int:
    """How broad a text is in Excel's units: Chinese signs count two."""
    lines = text.splitlines() or [""]
    return max(sum(2 if east_asian_width(sign) in "WF" else 1 for sign in one) for one in lines)
