"""Lines that stand between data and are none: totals, signatures, examples, column numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from peiyu.tables.headings import words
from peiyu.tables.spelling import squeeze

EXAMPLE_MARK = "示例"
"""With this word the name in an example row of a template begins."""

SUMS = ("合计", "总计", "小计", "共计", "累计")
SUMS_AS_WRITTEN = frozenset(
    form for word in SUMS for form in (word, f"{word[0]} {word[1]}", f"{word}：", f"{word}:")
)
TOTAL = re.compile(
    r"(?:本页|本表|本月|本年|本期|全市|全县|全区|全镇|以上)?"
    r"(?:合计|总计|小计|共计|累计|汇总|平均值?|total|subtotal|grandtotal)"
    r"(?:[0-9]+[家户个项件人])?(?:\([^()]*\))?:?"
)
FOOT = re.compile(
    r"(?:备?注|说明|填表说明|填[表报]人|制表人?|审核人?|复核人?|(?:单位|部门)?负责人|联系人|联系电话|"
    r"(?:填[表报]|报送|制表)日期|填报单位|单位\(盖章\)|数据来源|资料来源|notes?)[0-9]*:.*"
    r"|以下(?:空白|无正文).*"
)
EXAMPLE = re.compile(r"\(?(?:示例|样例|example)")
COUNTED = frozenset("甲乙丙丁戊己") | {"栏次", "列次", "—", "-"}


def is_total(text: str) -> bool:
    """Whether a name is no enterprise but a total: 合计, 合计（12家）, 小 计."""
    return TOTAL.fullmatch(squeeze(text)) is not None


def is_foot(text: str) -> bool:
    """Whether a text is a remark or a signature under the table: 注：…, 填表人：…."""
    return FOOT.fullmatch(squeeze(text)) is not None


def is_example(text: str) -> bool:
    """Whether a name marks an example row that was left in the template."""
    return EXAMPLE.match(squeeze(text)) is not None


def strings(cells: Iterable[object]) -> list[str]:
    """The texts of a row."""
    return [cell for cell in cells if isinstance(cell, str) and cell.strip()]


def is_numbering(cells: Sequence[object]) -> bool:
    """Whether a row under the heading only numbers the columns: 甲 乙 1 2 3."""
    texts = [heading_words(cell) for cell in cells if cell not in ("", None)]
    counted = [int(text) for text in texts if text.isdecimal()]
    return (
        len(texts) >= 3
        and len(counted) >= 2
        and all(text in COUNTED for text in texts if not text.isdecimal())
        and counted == list(range(counted[0], counted[0] + len(counted)))
        and counted[0] <= 3
    )


def heading_words(cell: object) -> str:
    """The words of a cell, whole numbers included."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return words(cell)
