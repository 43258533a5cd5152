"""One cell, read by the kind of its column: a value, unknown, a problem, or a value with a remark.

`None` means unknown, and unknown is never zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from math import isfinite

from peiyu.tables import codes, days, figures
from peiyu.tables.answers import CellError, Problem, Shown, Told
from peiyu.tables.layout import Column, Kind
from peiyu.tables.spelling import is_unknown, narrow, shorten, squeeze, tidy
from peiyu.tables.units import Factor
from peiyu.words import Message, message

Reader = Callable[[object], object]
NUMBERS = (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL)
YES = frozenset("是 有 对 真 √ ✓ ✔ ☑ y yes true t 1".split())
NO = frozenset("否 不是 非 错 假 × ✗ ✘ x n no false f 0".split())
PLAIN = re.compile(r"-?(?:[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?:\.[0-9]{1,12})?")
"""A number written so plainly that it needs no further look."""
POWERS = [10**places for places in range(32)]
MEMORY = 50_000
"""Texts remembered for one column, so that a word repeated on every row is read once."""


def read_value(cell: object, column: Column, factor: Factor = 1) -> object:
    """What one cell says: its value, None if unknown, a `Problem`, or `Told` (value and remark).

    `factor` is the number of base units (yuan …) in the unit of the column's heading.
    """
    return reader_of(column, factor)(cell)


def reader(column: Column, factor: Factor = 1) -> Reader:
    """The reader of the cells of one column in one unit."""
    if column.kind in NUMBERS:
        read_number = number_reader(column, factor)
        is_percentage = column.unit == "%" or factor == Fraction(1, 100)
        return percentage_reader(read_number, column, factor) if is_percentage else read_number
    read = {
        Kind.TEXT: read_text,
        Kind.CODE: read_code,
        Kind.DATE: read_day,
        Kind.YEAR: read_year,
        Kind.BOOL: read_choice if column.choices else read_bool,
        Kind.CHOICE: read_choice,
        Kind.REFERENCES: read_references,
    }[column.kind]

    def read_cell(cell: object) -> object:
        if isinstance(cell, CellError):
            return excel_error(cell.shown)
        if isinstance(cell, Shown):
            cell = cell.number if not cell.percent else cell.as_shown()
        if isinstance(cell, str):
            cell = tidy(cell)
            if cell.startswith("#") and is_excel_error(cell):
                return excel_error(cell)
        if cell is None or cell == "":
            return None
        if isinstance(cell, float) and not isfinite(cell):
            return not_a_number_cell(cell)
        return read(cell, column)

    return read_cell


reader_of = lru_cache(maxsize=64)(reader)


def number_reader(column: Column, factor: Factor) -> Reader:
    """The reader of a column of numbers: quick where a whole number is exact, exact everywhere."""
    scale = column.scale
    whole = scale * factor if isinstance(factor, int) else 0
    limit = min(10**15, figures.MOST * scale // whole) if whole else 0
    low = column.minimum if column.minimum is not None else -figures.MOST * scale
    high = column.maximum if column.maximum is not None else figures.MOST * scale
    remembered: dict[str, object] = {}

    def checked(value: int | Problem) -> object:
        if isinstance(value, Problem) or low <= value <= high:
            return value
        return figures.bounded(value, column, factor)

    def read_cell(cell: object) -> object:
        if type(cell) is float and isfinite(cell):
            if cell.is_integer() and -limit < cell < limit:
                value = int(cell) * whole
                return value if low <= value <= high else figures.bounded(value, column, factor)
            before, _, after = f"{cell:.15g}".partition(".")
            if whole and "e" not in after and "e" not in before:
                value, rest = divmod(int(before + after) * whole, POWERS[len(after)])
                if rest == 0 and low <= value <= high:
                    return value
            return checked(figures.stored(figures.figure_of_float(cell), column, factor))
        if type(cell) is str:
            if whole and PLAIN.fullmatch(cell):
                before, _, after = cell.replace(",", "").partition(".")
                value, rest = divmod(int(before + after) * whole, POWERS[len(after)])
                if rest == 0 and low <= value <= high:
                    return value
            answer = remembered.get(cell, remembered)
            if answer is remembered:
                answer = of_text(cell)
                if len(remembered) < MEMORY:
                    remembered[cell] = answer
            return answer
        return of_other(cell)

    def of_text(text: str) -> object:
        text = tidy(text)
        if is_unknown(text):
            return unknown_number(text)
        if text.startswith("#") and is_excel_error(text):
            return excel_error(text)
        figure = figures.figure_of_text(text)
        if isinstance(figure, Problem):
            return figure
        return checked(figures.stored(figure, column, factor))

    def of_other(cell: object) -> object:
        if cell is None:
            return None
        if type(cell) is int:
            return checked(figures.stored(figures.Figure(cell, 0), column, factor))
        if isinstance(cell, Shown):
            return checked(figures.of_shown(cell, column, factor))
        if isinstance(cell, CellError):
            return excel_error(cell.shown)
        return not_a_number_cell(cell)

    return read_cell


def percentage_reader(read: Reader, column: Column, factor: Factor) -> Reader:
    """The reader of a column of percentages: 0.12 may be meant as 12 %, so its reading is told."""
    one = column.scale * factor

    def read_cell(cell: object) -> object:
        value = read(cell)
        if type(value) is not int or value == 0 or abs(value) >= one:
            return value
        if isinstance(cell, Shown) or (isinstance(cell, str) and "%" in narrow(cell)):
            return value
        return Told(value, message("百分数列里小于 1 的数，照写的读（0.5 读作 0.5%）"))

    return read_cell


def unknown_number(text: str) -> object:
    """无 in a column of numbers: unknown, and said, since some mean zero by it."""
    if squeeze(text) in ("无", "没有", "暂无"):
        return Told(None, message("“{word}”读作未知；如果确实是零，请写 0", word=text))
    return unknown(text)


def unknown(text: str) -> object:
    """A word that says nothing is known; blank needs no remark."""
    return Told(None, message("“{word}”读作未知", word=text)) if text else None


def is_excel_error(text: str) -> bool:
    """Whether the text is what Excel shows for an error; #N/A says only that nothing is known."""
    return text.upper().rstrip("!?") in (
        "#REF",
        "#DIV/0",
        "#VALUE",
        "#NAME",
        "#NUM",
        "#NULL",
        "#SPILL",
        "#CALC",
        "#GETTING_DATA",
    ) or set(text) == {"#"}


def excel_error(shown: str) -> Problem | Told:
    """A cell in which Excel itself shows an error, or a formula nobody computed."""
    if shown.upper() == "#N/A":
        return Told(None, message("“{word}”读作未知", word=shown))
    if shown.startswith("="):
        return Problem(
            message("公式没有保存计算结果"),
            message("请用 Excel 或 WPS 打开文件，重新计算并保存，或把公式粘贴成数值"),
        )
    if set(shown) == {"#"}:
        return Problem(
            message("单元格太窄，只显示“{value}”，数字没有留下来", value=shown),
            message("请加宽这一列后重新导出，或重新填写"),
        )
    return Problem(
        message("单元格是 Excel 错误“{value}”", value=shown),
        message("请改正公式，或直接填写数值"),
    )


def not_a_number_cell(cell: object) -> Problem:
    """A cell that Excel holds as a date, a time or a yes, where a number should stand."""
    if isinstance(cell, bool | float):
        return Problem(
            message("“{value}”不是一个数字", value=str(cell).upper()),
            message("请只填一个数字；不知道就留空"),
        )
    return Problem(
        message("单元格是日期或时间格式（{value}），不是数字", value=str(cell)),
        message("请把单元格格式改为“常规”，重新填写数字"),
    )


def read_text(cell: object, column: Column) -> object:
    """Words, as written."""
    if isinstance(cell, date):
        return Told(plain_words(cell), message("单元格是日期，按文字读入"))
    if not isinstance(cell, str):
        return plain_words(cell)
    if is_unknown(cell):
        return unknown(cell)
    length = len(cell)
    if column.maximum is not None and length > column.maximum:
        return Problem(
            message("有 {length} 个字，超过 {most} 个", length=length, most=column.maximum),
            message("请缩短"),
        )
    if column.minimum is not None and length < column.minimum:
        return Problem(
            message("只有 {length} 个字，少于 {least} 个", length=length, least=column.minimum),
            message("请写完整"),
        )
    return cell


def plain_words(cell: object) -> str:
    """A cell that is no text, in the words a person would write for it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(cell, ".15G")
    if isinstance(cell, datetime) and cell.time() == time(0):
        return str(cell.date())
    if isinstance(cell, Shown):
        return cell.as_shown()
    if isinstance(cell, CellError):
        return cell.shown
    return "" if cell is None else str(cell)


def read_code(cell: object, column: Column) -> object:
    """A code, kept as text."""
    if isinstance(cell, str):
        answer = codes.code_of(cell, column)
        return unknown(cell) if answer is None else answer
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return codes.code_of_number(cell, column)
    return became_a_day(cell)


def became_a_day(cell: object) -> Problem:
    """A code such as 3-15 that Excel took for a day."""
    return Problem(
        message("编号被 Excel 变成了日期或时间（{value}）", value=plain_words(cell)),
        message("请把这一列设为“文本”格式，再重新填写"),
    )


def read_references(cell: object, column: Column) -> object:
    """A list of identifiers; 无 is an empty list, a blank is unknown."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        cell = format(cell, ".15g")
        if "e" in cell:
            return codes.digits_lost(cell)
    if not isinstance(cell, str):
        return became_a_day(cell)
    answer = codes.references_of(cell)
    return unknown(cell) if answer is None else answer


def read_day(cell: object, column: Column) -> object:
    """A day."""
    if isinstance(cell, str) and is_unknown(cell):
        return unknown(cell)
    answer = days.day_of(cell)
    day = answer.value if isinstance(answer, Told) else answer
    if isinstance(day, date):
        remedy = message("请核对年、月、日，例如 2018-03-15")
        low, high = column.minimum, column.maximum
        if low is not None and day.toordinal() < low:
            return Problem(message("早于 {bound}", bound=str(date.fromordinal(low))), remedy)
        if high is not None and day.toordinal() > high:
            return Problem(message("晚于 {bound}", bound=str(date.fromordinal(high))), remedy)
    return answer


def read_year(cell: object, column: Column) -> object:
    """A year."""
    if isinstance(cell, str) and is_unknown(cell):
        return unknown(cell)
    answer = days.year_of(cell)
    year = answer.value if isinstance(answer, Told) else answer
    if isinstance(year, int):
        low = column.minimum if column.minimum is not None else days.FIRST_YEAR
        high = column.maximum if column.maximum is not None else days.LAST_YEAR
        if not low <= year <= high:
            return Problem(
                message("年份应在 {low} 到 {high} 之间", low=low, high=high),
                message("请填四位年份，例如 2019；不知道就留空"),
            )
    return answer


def read_bool(cell: object, column: Column) -> object:
    """Yes or no."""
    if isinstance(cell, bool):
        return cell
    text = plain_words(cell)
    word = squeeze(text)
    if word in YES:
        return True
    if word in NO:
        return False
    if squeeze(text) in ("无", "没有"):
        return Told(None, message("“{word}”读作未知；如果是“否”，请写“否”", word=text))
    if is_unknown(text):
        return unknown(text)
    return Problem(
        message("“{value}”看不出是“是”还是“否”", value=shorten(text)),
        message("请填“是”或“否”；不知道就留空"),
    )


def read_choice(cell: object, column: Column) -> object:
    """One of the words of a list; for a column of yes or no the codes are true and false."""
    text = plain_words(cell)
    code = words_of(column).get(squeeze(text))
    if code is not None:
        return code == "true" if column.kind is Kind.BOOL else code
    if column.kind is Kind.BOOL:
        return read_bool(cell, column)
    if is_unknown(text):
        return unknown(text)
    printed = [words[0] for _, words in column.choices]
    nearest = get_close_matches(text, printed, 1, 0.6)
    return Problem(
        message("“{value}”不在可选的词里", value=shorten(text)),
        _choose(nearest, printed),
    )


def _choose(nearest: list[str], printed: list[str]) -> Message:
    if nearest:
        return message("是不是“{nearest}”？请照可选的词填写", nearest=nearest[0])
    few = (*printed[:12], "…") if len(printed) > 12 else tuple(printed)
    return message("请填其中之一：{words}", words=few)


@lru_cache(maxsize=1024)
def words_of(column: Column) -> dict[str, str]:
    """Every accepted word of a list, made comparable, with the code it stands for."""
    found: dict[str, str] = {}
    for code, words in column.choices:
        for word in (code, *words):
            found.setdefault(squeeze(word), code)
    return found
