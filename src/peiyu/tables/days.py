"""Days and years as people write them: 2018.3.15, 20180315, 2018年3月15日, Excel's own numbers."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from peiyu.tables.answers import Problem, Told
from peiyu.tables.spelling import narrow, shorten
from peiyu.words import message

FIRST_YEAR, LAST_YEAR = 1900, 2100
FIRST_SERIAL, LAST_SERIAL = 15000, 73050
"""Excel's day numbers of 1941 to 2099: others are more likely a year, a month or a slip."""
EPOCH = date(1899, 12, 30)

DAY = re.compile(
    r"([0-9]{4})(?:\s*([-./])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})"
    r"|\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?)"
    r"(?:[T\s]\s*([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)Z?)?"
)
EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
MONTH = re.compile(r"[0-9]{4}\s*[-./年]\s*[0-9]{1,2}\s*月?(?:份)?|[0-9]{4}(?:0[1-9]|1[0-2])")
YEAR_ONLY = re.compile(r"[0-9]{4}\s*年?度?")
SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
YEAR = re.compile(r"([0-9]{4})(?:\.0+)?\s*(?:年度?)?")
MIDNIGHT = re.compile(r"[0:.]*")


def day_of(cell: object) -> date | Told | Problem:
    """The day a cell names; a month or a year alone is no day."""
    if isinstance(cell, datetime):
        if cell.time() == time(0):
            return cell.date()
        return Told(cell.date(), message("日期后面带有时刻，只取日期"))
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        return day_of_text(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return day_of_number(cell)
    return no_day(str(cell))


@lru_cache(maxsize=65536)
def day_of_text(text: str) -> date | Told | Problem:
    """The day written in a text cell."""
    written = narrow(text).strip().lstrip("'").strip()
    found = DAY.fullmatch(written)
    if found:
        year, _, month, day, month_, day_, hour = found.groups()
        answer = calendar_day(text, year, month or month_, day or day_)
        if hour and isinstance(answer, date) and not MIDNIGHT.fullmatch(hour):
            return Told(answer, message("日期后面带有时刻，只取日期"))
        return answer
    found = EIGHT.fullmatch(written)
    if found:
        return calendar_day(text, *found.groups())
    if MONTH.fullmatch(written):
        return Problem(
            message("“{value}”只有年月，缺少日", value=shorten(text)),
            message("请写到日，例如 2018-03-15"),
        )
    if YEAR_ONLY.fullmatch(written):
        return Problem(
            message("“{value}”只有年份，缺少月和日", value=shorten(text)),
            message("请写到日，例如 2018-03-15"),
        )
    if SERIAL.fullmatch(written):
        return day_of_number(int(written.partition(".")[0]))
    return no_day(text)


def day_of_number(number: float) -> date | Told | Problem:
    """The day a bare number means: 20180315, or Excel's count of days."""
    shown = format(number, ".15g")
    if "." in shown or "e" in shown:
        return no_day(shown)
    whole = int(shown)
    if len(shown) == 8:
        return day_of_text(shown)
    if FIRST_SERIAL <= whole <= LAST_SERIAL:
        day = EPOCH + timedelta(days=whole)
        return Told(day, message("数字 {value} 按 Excel 日期读作 {day}", value=whole, day=str(day)))
    return day_of_text(shown) if len(shown) in (4, 6) else no_day(shown)


def calendar_day(text: str, year: str, month: str, day: str) -> date | Problem:
    """The day of the calendar; some written days do not exist."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return Problem(
            message("日历上没有“{value}”这一天", value=shorten(text)),
            message("请核对年、月、日，例如 2018-03-15"),
        )
    if found.year < FIRST_YEAR:
        return Problem(
            message("“{value}”早于 {year} 年", value=shorten(text), year=FIRST_YEAR),
            message("请核对年、月、日，例如 2018-03-15"),
        )
    return found


def no_day(text: str) -> Problem:
    """Words where a day should stand; which of 3/4/2018 is the month is not guessed."""
    return Problem(
        message("“{value}”不是一个日期", value=shorten(text)),
        message("请写成年-月-日，例如 2018-03-15；不知道就留空"),
    )


def year_of(cell: object) -> int | Told | Problem:
    """The year a cell names: 2019, 2019年, 2019年度."""
    if isinstance(cell, date):
        if cell.year < 1950:
            return Problem(
                message("单元格是日期格式，读出来是 {day}，看不出是哪一年", day=str(cell)[:10]),
                message("请把单元格格式改为“常规”，只填四位年份，例如 2019"),
            )
        return Told(cell.year, message("填的是日期，只取年份"))
    if isinstance(cell, bool | timedelta | time):
        return no_year(str(cell))
    text = cell if isinstance(cell, str) else format(cell, ".15g") if cell is not None else ""
    found = YEAR.fullmatch(narrow(text).strip().lstrip("'").strip())
    if not found:
        whole = day_of_text(text) if DAY.fullmatch(narrow(text).strip()) else None
        day = whole.value if isinstance(whole, Told) else whole
        if isinstance(day, date):
            return Told(day.year, message("填的是日期，只取年份"))
        return no_year(text)
    if not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return no_year(text)
    return int(found[1])


def no_year(text: str) -> Problem:
    """Words where a year should stand."""
    return Problem(
        message("“{value}”不是一个年份", value=shorten(text)),
        message("请填四位年份，例如 2019；不知道就留空"),
    )
