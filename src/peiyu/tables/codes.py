"""Codes and identifiers: kept as text, never repaired by guessing."""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum.cn import uscc

from peiyu.tables.answers import Problem, Told
from peiyu.tables.layout import Column
from peiyu.tables.spelling import is_unknown, shorten, squeeze
from peiyu.words import message

CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
LOOKS_LIKE_ONE = re.compile(r"[0-9A-Z]{18}")
NEVER_USED = re.compile(r"[IOSVZ]")
DIGITS = re.compile(r"[0-9]+")
SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+")
DIGITS_OF_A_NUMBER = 15
"""Excel keeps no more digits than these of a number."""

BETWEEN = re.compile(r"[、,;/|\s]+")
AROUND_RANGE = re.compile(r"\s*(?:[-~—–－～]+|至|到)\s*")
RANGE = re.compile(
    r"(?P<head>.*?)(?P<first>[0-9]+)(?:[-~—–－～]+|至|到)(?P<head_>.*?)(?P<last>[0-9]+)"
)
LONGEST_RANGE = 500
EMPTY_LIST = frozenset(("无", "没有", "暂无", "none", "nil"))


@lru_cache(maxsize=65536)
def compact(text: str) -> str:
    """A code without spaces, in half-width capitals."""
    return squeeze(text).upper().lstrip("'")


def is_credit_code(text: str) -> bool:
    """Whether the text has the form of a unified social credit code, check digit aside."""
    return CREDIT_CODE.fullmatch(compact(text)) is not None


def code_of(text: str, column: Column) -> str | Told | Problem | None:
    """The code written in a text cell."""
    if column.is_credit_code and CREDIT_CODE.fullmatch(text):
        return credit_code(text, text)
    if is_unknown(text):
        return None
    code = compact(text)
    if SCIENTIFIC.fullmatch(code):
        return digits_lost(text)
    if column.is_credit_code:
        return credit_code(code, text)
    return of_digits(code, column) if column.digits else code


def code_of_number(number: float, column: Column) -> str | Told | Problem:
    """The code that a number cell stands for; Excel has dropped zeros in front, or digits."""
    code = format(number, ".15g")
    if "e" in code or len(code.replace(".", "").lstrip("-")) > DIGITS_OF_A_NUMBER:
        return digits_lost(code.upper())
    if column.is_credit_code:
        return credit_code(code, code)
    return of_digits(code, column) if column.digits else code


def of_digits(code: str, column: Column) -> str | Told | Problem:
    """A code of a fixed number of digits; Excel, taking it for a number, drops zeros in front."""
    code = code.removesuffix(".0")
    if not DIGITS.fullmatch(code) or len(code) > column.digits:
        return Problem(
            message("“{value}”不是 {digits} 位数字", value=shorten(code), digits=column.digits),
            message("请填 {digits} 位数字", digits=column.digits),
        )
    if len(code) == column.digits:
        return code
    return Told(
        code.zfill(column.digits),
        message("编号少了前面的 0，已补足 {digits} 位", digits=column.digits),
    )


def digits_lost(text: str) -> Problem:
    """A code that Excel took for a number, with more digits than Excel keeps."""
    return Problem(
        message("编号被 Excel 当成了数字（{value}），后面的数字已经丢失", value=shorten(text)),
        message("请把这一列设为“文本”格式，再按证照重新填写"),
    )


@lru_cache(maxsize=8192)
def credit_code(code: str, written: str) -> str | Told | Problem:
    """A unified social credit code; a failing check digit is told, not refused (some are real)."""
    if CREDIT_CODE.fullmatch(code):
        if uscc.calc_check_digit(code) == code[-1]:
            return code
        return Told(code, message("信用代码 {code} 的校验位不对，请按营业执照核对", code=code))
    remedy = message("请按营业执照重新填写 18 位统一社会信用代码")
    if len(code) != 18:
        if len(code) == 15 and code.isdecimal():
            rule = message("“{value}”是 15 位的旧注册号，不是统一社会信用代码", value=code)
        elif len(code.replace("-", "")) == 9:
            rule = message("“{value}”是 9 位的组织机构代码，不是统一社会信用代码", value=code)
        else:
            rule = message(
                "统一社会信用代码应为 18 位，“{value}”有 {length} 位",
                value=shorten(written),
                length=len(code),
            )
        return Problem(rule, remedy)
    if LOOKS_LIKE_ONE.fullmatch(code) and NEVER_USED.search(code):
        letters = tuple(sorted(set(NEVER_USED.findall(code))))
        rule = message(
            "信用代码里不会有字母 {letters}（“{value}”），可能是 0 或 1 写错，系统不代为猜测",
            letters=letters,
            value=code,
        )
        return Problem(rule, remedy)
    return Problem(message("“{value}”不是统一社会信用代码", value=shorten(written)), remedy)


def references_of(text: str) -> list[str] | Told | Problem | None:
    """The identifiers listed in one cell: IP01、IP03；IP07, ranges IP01-IP03 written out."""
    if squeeze(text) in EMPTY_LIST:
        return []
    if is_unknown(text):
        return None
    found: list[str] = []
    for part in BETWEEN.split(squeeze(AROUND_RANGE.sub(_joined, spaced(text)))):
        if part:
            several = expanded(part.upper())
            if isinstance(several, Problem):
                return several
            found.extend(several)
    distinct = list(dict.fromkeys(found))
    if len(distinct) < len(found):
        return Told(distinct, message("同一个编号写了不止一次，只算一次"))
    return distinct


def _joined(found: re.Match[str]) -> str:
    return found[0].strip()


def spaced(text: str) -> str:
    """Spaces and line ends between identifiers made into separators before spaces are removed."""
    return re.sub(r"(?<![-~—–－～至到])\s+(?![-~—–－～至到])", "、", text.strip())


def expanded(part: str) -> list[str] | Problem:
    """The identifiers of a range; anything else is one identifier as written."""
    found = RANGE.fullmatch(part)
    if not found:
        return [part]
    head, first, head_, last = found["head"], found["first"], found["head_"], found["last"]
    if head_ not in ("", head) or (not head and max(len(first), len(last)) > 3):
        return [part]
    start, end = int(first), int(last)
    if end < start or end - start >= LONGEST_RANGE:
        if not head or head_ != head:
            return [part]
        return Problem(
            message("编号范围“{value}”的起止不对", value=shorten(part)),
            message("请从小到大写，例如 IP01-IP03，或逐个写出"),
        )
    if head_ == "" and head and len(last) > len(first):
        return [part]
    width = len(first) if first.startswith("0") or len(first) == len(last) else 0
    return [f"{head}{number:0{width}d}" for number in range(start, end + 1)]
