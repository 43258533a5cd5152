"""Numbers as people write them, read exactly: no float is ever added, multiplied or rounded.

A figure is a whole number and a count of decimal places, so 1,200.50 is (120050, 2). A number that
Excel stores is taken to the 15 significant digits Excel shows, from its shortest decimal form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from peiyu.tables.answers import Problem, Shown
from peiyu.tables.layout import Column, Kind
from peiyu.tables.spelling import narrow, shorten, squeeze
from peiyu.tables.units import Factor, factor_of, is_foreign, is_unit
from peiyu.words import Message, message

MOST = 10**13
"""Amounts are bounded by 10^13 yuan (10^15 fen): more is a slip of the pen or of the unit."""

WRITTEN = re.compile(
    r"(?P<sign>[-+]?)(?:(?:¥|rmb|cny|人民币)\s*)?(?P<inner>[-+]?)"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)?"
    r"(?:\.(?P<part>[0-9]*))?"
    r"\s*(?P<unit>[^0-9.,+\-]*)",
    re.IGNORECASE,
)
MOST_DIGITS = 100
"""No figure has more; what has is no number."""
SCIENTIFIC = re.compile(r"[-+]?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]+")
BRACKETED = re.compile(r"\((?P<inner>[^()]+)\)(?P<unit>[^()0-9]*)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written: `digits` with `places` of them after the point, and its unit."""

    digits: int
    places: int
    unit: str = ""


def figure_of_float(number: float) -> Figure:
    """The decimal number that Excel shows for a stored float, to 15 significant digits."""
    text = format(number, ".15g")
    if "e" in text:
        return figure_of_decimal(Decimal(text))
    whole, _, part = text.partition(".")
    return Figure(int(whole + part), len(part))


def figure_of_decimal(number: Decimal) -> Figure:
    """The same for a decimal."""
    sign, digits, exponent = number.as_tuple()
    whole = int("".join(map(str, digits)) or "0") * (-1 if sign else 1)
    places = -int(exponent)
    return Figure(whole, places) if places >= 0 else Figure(whole * 10**-places, 0)


@lru_cache(maxsize=65536)
def figure_of_text(text: str) -> Figure | Problem:
    """The number written in a text cell: ¥1,200万元, （1,234.50）, １２３, 3.5亿."""
    written = narrow(text).strip().lstrip("'").strip()
    if SCIENTIFIC.fullmatch(written):
        return Problem(
            message("数字写成了科学计数法“{value}”，后面的数字可能已经丢失", value=shorten(text)),
            message("请把单元格设为“数值”格式，重新填写完整的数字"),
        )
    bracketed = BRACKETED.fullmatch(written)
    if bracketed:
        found = WRITTEN.fullmatch(bracketed["inner"].strip())
        if not found or found["sign"] or found["inner"] or found["unit"] and bracketed["unit"]:
            return no_number(text)
    else:
        found = WRITTEN.fullmatch(written)
        if not found or found["sign"] and found["inner"]:
            return no_number(text)
    whole, part = found["whole"] or "", found["part"] or ""
    if not whole and not part or len(whole) + len(part) > MOST_DIGITS:
        return no_number(text)
    digits = int(re.sub("[, ]", "", whole) + part)
    if bracketed or "-" in (found["sign"], found["inner"]):
        digits = -digits
    unit = (found["unit"] or (bracketed["unit"].strip() if bracketed else "")).strip()
    return Figure(digits, len(part), unit)


def no_number(text: str) -> Problem:
    """Words where a number should stand."""
    if is_foreign(text):
        return Problem(
            message("“{value}”不是人民币金额", value=shorten(text)),
            message("请折算成人民币后填写"),
        )
    return Problem(
        message("“{value}”不是一个数字", value=shorten(text)),
        message("请只填一个数字；不知道就留空"),
    )


def stored(figure: Figure, column: Column, factor: Factor) -> int | Problem:
    """The figure in the units in which `column` is stored; never rounded."""
    unit = figure.unit
    if unit:
        own = unit_factor(unit, column, factor)
        if isinstance(own, Problem):
            return own
        factor = own
    if isinstance(factor, int):
        above, below = column.scale * factor, 10**figure.places
    else:
        above = column.scale * factor.numerator
        below = factor.denominator * 10**figure.places
    value, rest = divmod(figure.digits * above, below)
    return not_whole(column) if rest else value


@lru_cache(maxsize=4096)
def unit_factor(unit: str, column: Column, factor: Factor) -> Factor | Problem:
    """The factor that the unit written in a cell asks for, whatever the heading says."""
    own = factor_of(unit, column)
    if own is not None:
        return own
    if is_foreign(unit) or (is_unit(unit) and squeeze(unit) != "%"):
        return Problem(
            message("单位“{unit}”与这一列不符", unit=shorten(unit)),
            message("请换算成“{unit}”后填写", unit=column.unit or unit_word(column)),
        )
    if squeeze(unit) == "%":
        return Problem(message("这一列填的不是百分数"), message("请填实际的数字，不要填百分比"))
    return Problem(
        message("数字后面的“{unit}”看不懂", unit=shorten(unit)),
        message("请只填一个数字；不知道就留空"),
    )


def unit_word(column: Column) -> Message | str:
    """The base unit of a column that names none."""
    return message("元") if column.kind is Kind.MONEY else "1"


def not_whole(column: Column) -> Problem:
    """More decimals than the column can hold; nothing is rounded in silence."""
    if column.kind is Kind.MONEY:
        return Problem(
            message("金额换算成元后超过两位小数（不足一分）"),
            message("请四舍五入到分后再填，例如用 ROUND(…,2)"),
        )
    if column.scale == 1:
        return Problem(message("这一列只能填整数"), message("请填整数"))
    places = len(str(column.scale)) - 1
    if column.scale == 10**places:
        return Problem(
            message("小数多于 {places} 位", places=places),
            message("请四舍五入到 {places} 位小数后再填", places=places),
        )
    return Problem(
        message("这一列只能填 1/{scale} 的整数倍", scale=column.scale),
        message("请改成 1/{scale} 的整数倍", scale=column.scale),
    )


def of_shown(shown: Shown, column: Column, factor: Factor) -> int | Problem:
    """A number whose format says more than its value: a percentage, a unit, a shrunken display."""
    figure = figure_of_float(shown.number)
    if shown.percent:
        return stored(Figure(figure.digits * 100, figure.places, "%"), column, factor)
    if shown.divided > 1:
        said = factor_of(shown.suffix, column) if shown.suffix else factor
        if said not in (1, shown.divided):
            return Problem(
                message("单元格显示的数字比实际存的小 {times} 倍，单位说不清", times=shown.divided),
                message("请把单元格格式改为“常规”，核对数字和单位后重新填写"),
            )
        return stored(figure, column, 1)
    return stored(Figure(figure.digits, figure.places, shown.suffix), column, factor)


def bounded(value: int, column: Column, factor: Factor = 1) -> Problem | None:
    """What is wrong with a number outside the bounds of its column; None if nothing is."""
    low, high = column.minimum, column.maximum
    if low is not None and value < low:
        if low == 0 and value in (-column.scale, -column.scale * factor):
            return Problem(
                message("“-1”常被用作“没有数据”的代号，这里不能是负数"),
                message("不知道就留空；确实有数就填实际的数"),
            )
        if low == 0:
            return Problem(message("这里不能是负数"), message("请核对；不知道就留空"))
        return Problem(
            message("小于下限 {bound}", bound=plain(low, column)),
            message("请核对数字和单位；不知道就留空"),
        )
    if high is not None and value > high:
        return Problem(
            message("大于上限 {bound}", bound=plain(high, column)),
            message("请核对数字和单位；不知道就留空"),
        )
    if abs(value) > MOST * column.scale:
        return Problem(
            message("数字大得不可能（超过 {bound}）", bound=plain(MOST * column.scale, column)),
            message("请核对数字和单位"),
        )
    return None


def plain(value: int, column: Column) -> Message | str:
    """A stored number in the base unit of its column, as people write it."""
    figure = f"{exact(value, column):,f}"
    if column.kind is Kind.MONEY:
        return message("{amount}元", amount=figure)
    if column.unit in ("", "%"):
        return figure + column.unit
    return message("{figure}{unit}", figure=figure, unit=column.unit)


def exact(value: int, column: Column, factor: Factor = 1) -> Decimal:
    """A stored number as a decimal in the given unit (factor 1: the base unit of its column)."""
    below = column.scale * factor
    numerator, denominator = (
        (value, below) if isinstance(below, int) else (value * below.denominator, below.numerator)
    )
    places = 0
    while numerator * 10**places % denominator and places < 30:
        places += 1
    whole = numerator * 10**places // denominator
    sign = 1 if whole < 0 else 0
    return Decimal((sign, tuple(map(int, str(abs(whole)))), -places))
