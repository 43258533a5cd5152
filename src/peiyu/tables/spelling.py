"""How words are compared when people write them in many ways: widths, brackets, spaces, names."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0x2007: " ",
    0x2009: " ",
    0x202F: " ",
    0xFFE5: "¥",
    0x2212: "-",
    0xFE63: "-",
    0x2013: "-",
    0xFE50: ",",
    0xFE6A: "%",
    **INVISIBLE,
}
BRACKETS = str.maketrans("[]{}【】〔〕〖〗「」［］｛｝", "()()()()()()()()")
ESCAPED_RETURN = re.compile(r"_x000[dD]_")
SPACES = re.compile(r"\s+")

DASHES = frozenset("-—－–―─﹣−_／/＼\\…·.")
UNKNOWN_WORDS = frozenset(
    (
        "无",
        "暂无",
        "没有",
        "不详",
        "未知",
        "不清楚",
        "不明",
        "待填",
        "待定",
        "待补",
        "待补充",
        "待核",
        "待核实",
        "待查",
        "未填",
        "未填报",
        "未提供",
        "未统计",
        "未报",
        "缺失",
        "不适用",
        "n/a",
        "#n/a",
        "na",
        "n.a.",
        "nan",
        "null",
        "none",
        "nil",
        "unknown",
        "tbd",
        "?",
        "??",
        "???",
    )
)


def narrow(text: str) -> str:
    """Full-width letters, digits and signs made half-width; nothing else is touched.

    Unlike NFKC this never makes a plain digit of a raised one: 10⁶ must not become 106.
    """
    return text.translate(NARROW)


def tidy(text: str) -> str:
    """Text as written, without what nobody sees: outer spaces, zero-width signs, returns."""
    if "_x000" in text:
        text = ESCAPED_RETURN.sub("", text)
    return text.translate(INVISIBLE).strip()


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """Text for comparing words: NFKC, brackets alike, no spaces at all, no capitals."""
    text = unicodedata.normalize("NFKC", text).translate(INVISIBLE).translate(BRACKETS)
    return SPACES.sub("", text).casefold()


@lru_cache(maxsize=65536)
def is_unknown(text: str) -> bool:
    """Whether the words of a cell say only that nothing is known: blank, a dash, 不详 …"""
    squeezed = squeeze(text)
    return not squeezed or DASHES.issuperset(squeezed) or squeezed in UNKNOWN_WORDS


def name_key(name: str) -> str:
    """The name of an enterprise made comparable; the name as written is kept beside it."""
    return squeeze(name).upper().rstrip("。.,;:、")


@cache
def letter(index: int) -> str:
    """The letters Excel gives to the column at `index`, counted from zero."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shorten(text: str, length: int = 60) -> str:
    """Text short enough to stand in a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
