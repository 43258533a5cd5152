"""Units as people write them: 万元 in a heading, 单位：万元 above it, 1,200万元 in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from peiyu.tables.layout import Column, Kind
from peiyu.tables.spelling import squeeze

Factor = int | Fraction
"""How many base units (yuan, persons, square metres …) one written unit is."""

PREFIXES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
YUAN = "元"
YUAN_NAMES = ("元", "圆", "块", "块钱", "元整", "元人民币", "人民币", "人民币元", "rmb", "cny")
ENGLISH_YUAN = {
    "yuan": 1,
    "thousandyuan": 10**3,
    "1000yuan": 10**3,
    "1,000yuan": 10**3,
    "tenthousandyuan": 10**4,
    "10000yuan": 10**4,
    "10,000yuan": 10**4,
    "millionyuan": 10**6,
    "rmbmillion": 10**6,
    "millionrmb": 10**6,
    "cnymillion": 10**6,
    "hundredmillionyuan": 10**8,
    "100millionyuan": 10**8,
    "billionyuan": 10**9,
}
FOREIGN_MONEY = re.compile(
    r"美元|美金|港元|港币|欧元|日元|英镑|韩元|澳元|加元|台币|卢布|法郎|外币"
    r"|usd|hkd|eur|jpy|gbp|us\$|hk\$|[$€£]|dollar|euro\b"
)
OTHER_UNITS = frozenset(
    "人 名 位 个 件 项 种 类 % ‰ m2 平方米 平米 亩 公顷 平方公里 km2 吨 公斤 年 月 天 日 "
    "小时 分钟 家 户 次 人次 人月 人年 岁 篇 部 本 台 套 台套 台/套 辆 度 千瓦 千瓦时 kwh "
    "立方米 m3 米 公里 分 级 期 "
    "persons people items points % days months years hours".split()
)
PREFIXED = re.compile(r"(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百|十)?(.*)")
SAYS_UNIT = re.compile(r"(?<![一-鿿])(?:金额|计量|货币|数量)?单位:?(.+)|^units?(?:in)?:?(.+)")
PARTS = re.compile(r"[,;、/和及\s]+")
TAIL = re.compile(r"[/_\-,]?(?:单位)?((?:人民币)?(?:万亿|亿|千万|百万|十万|万|千|百)元)$")


@lru_cache(maxsize=4096)
def yuan(word: str) -> int | None:
    """How many yuan the unit `word` is; None if it is no unit of our money."""
    word = squeeze(word).strip("()")
    if word in ENGLISH_YUAN:
        return ENGLISH_YUAN[word]
    bare = word.removeprefix("人民币") if word != "人民币" else word
    if bare in YUAN_NAMES:
        return 1
    prefix, rest = split_prefix(bare)
    return PREFIXES[prefix] if prefix and rest in ("", *YUAN_NAMES) else None


def split_prefix(word: str) -> tuple[str, str]:
    """万 and 元 of 万元: the power of ten and the unit it stands before."""
    found = PREFIXED.fullmatch(word)
    return (found[1] or "", found[2]) if found else ("", word)


@lru_cache(maxsize=4096)
def is_foreign(text: str) -> bool:
    """Whether the words name money that is not ours."""
    return FOREIGN_MONEY.search(squeeze(text)) is not None


@lru_cache(maxsize=4096)
def factor_of(word: str, column: Column) -> Factor | None:
    """How many base units of `column` the written unit is; None if it is another kind of unit."""
    if column.kind is Kind.MONEY:
        return yuan(word)
    word = squeeze(word)
    base = squeeze(column.unit)
    if word == base:
        return 1
    if word == "%":
        return Fraction(1, 100) if column.kind is Kind.DECIMAL and not base else None
    if not base and word in OTHER_UNITS:
        return 1
    prefix, rest = split_prefix(word)
    if prefix and (rest in ("", base) or (not base and rest in OTHER_UNITS)):
        return PREFIXES[prefix]
    return 1 if (word, base) in SAME or (base, word) in SAME else None


SAME = frozenset(
    (("m2", "平方米"), ("平米", "平方米"), ("平米", "m2"), ("m3", "立方米"))
    + (("人", "名"), ("人", "位"), ("人", "个"), ("人", "persons"))
    + (("人", "people"), ("件", "项"), ("件", "个"), ("项", "个"), ("家", "个"), ("家", "户"))
    + (("项", "items"), ("分", "points"))
    + (("天", "日"), ("kwh", "千瓦时"), ("kwh", "度"), ("度", "千瓦时"), ("月", "个月"))
)
"""Pairs of words that count the same thing."""


def default_factor(column: Column) -> Factor:
    """The unit of a cell of `column` where nothing says another: the one the template prints."""
    return factor_of(column.unit, column) or 1 if column.unit else 1


@lru_cache(maxsize=4096)
def is_unit(word: str) -> bool:
    """Whether `word` is the name of a unit, of money or of anything else."""
    word = squeeze(word)
    if word in OTHER_UNITS or yuan(word) is not None:
        return True
    prefix, rest = split_prefix(word)
    return bool(prefix) and rest in OTHER_UNITS or bool(word) and foreign_unit(word)


def foreign_unit(word: str) -> bool:
    """Whether `word` is nothing but a unit of foreign money."""
    return re.sub(FOREIGN_MONEY, "", split_prefix(word)[1]) == "" and is_foreign(word)


def said_above(text: str) -> str | None:
    """The unit of money that a line such as 单位：万元、人 gives to the whole sheet."""
    for words, money in _units_in(text):
        if len(money) == 1 and all(is_unit(word) for word in words):
            return money[0]
    return None


def strange_above(text: str) -> str | None:
    """The words of a line such as 单位：美元 that says units, but not the one unit of our money."""
    for words, money in _units_in(text):
        if words and len(money) != 1 and all(is_unit(word) for word in words):
            return "、".join(words)
    return None


def _units_in(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """What stands after 单位: in a text or in one of its words, and what of it is our money."""
    for piece in (text, *text.split()):
        found = SAYS_UNIT.search(squeeze(piece).strip("()"))
        if found:
            words = [word for word in PARTS.split((found[1] or found[2]).strip("()")) if word]
            yield words, [word for word in words if yuan(word) is not None]
