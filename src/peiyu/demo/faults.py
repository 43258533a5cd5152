"""Single cells written as people write them: what stands there, and what the reader must say.

The nth fault is made by the nth careless enterprise, each in a cell of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from peiyu.demo.draft import Row


def as_stated(row: Row, column: str) -> object:
    """The value that the enterprise meant."""
    return row[column]


def nothing(row: Row, column: str) -> object:
    """Unknown."""
    return None


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell: its column, what is written, what is read, and what is said about it.

    `writes` gives the cell from the row as it should be; `reads` the value that must come out,
    None being unknown; `says` is part of the sentence, empty where nothing need be said; `refused`
    tells a refusal from a remark. Without a column a whole row is meant.
    """

    column: str
    writes: Callable[[Row], object]
    reads: Callable[[Row, str], object]
    says: str
    refused: bool
    chinese: str
    english: str

    def why(self, lang: str) -> str:
        """What is odd about it."""
        return self.chinese if lang == "zh" else self.english


def always(value: object) -> Callable[[Row], object]:
    """The same whatever the row says."""
    return lambda row: value


def read_as(value: object) -> Callable[[Row, str], object]:
    """Read as this whatever the row says."""
    return lambda row, column: value


def spaced_and_small(row: Row) -> object:
    """The code in small letters, in groups."""
    code = str(row["code"]).lower()
    return f"{code[:2]} {code[2:8]} {code[8:]}"


def half_width(row: Row) -> object:
    """The name with narrow brackets."""
    return str(row["name"]).replace("（", "(").replace("）", ")")


FAULTS = (
    Fault("staff_average.1", always(-100), nothing, "“-1”常被用作“没有数据”的代号", True,
          "用 -1 表示没有数据", "-1 for no data"),
    Fault("rd_total.1", always("674.99万元"), read_as(674_990_000), "", False,
          "数字后面带单位，照单位读", "a unit behind the number: read with it"),
    Fault("net_assets.2", always("不详"), nothing, "“不详”读作未知", False,
          "不知道：读作未知，不是零", "not known: unknown, never zero"),
    Fault("code", always("1.23E+17"), nothing, "编号被 Excel 当成了数字", True,
          "代码成了科学计数法，后面的数字丢了", "the code became a number and lost digits"),
    Fault("rd_total.2", always("4.93%"), nothing, "这一列填的不是百分数", True,
          "该填金额，填了比例", "a share where an amount belongs"),
    Fault("established_on", always("2009.3.15"), read_as(date(2009, 3, 15)), "", False,
          "用点写的日期，读得懂", "a day with points: understood"),
    Fault("ht_income.1", always("#REF!"), nothing, "单元格是 Excel 错误“#REF!”", True,
          "公式坏了", "a broken formula"),
    Fault("main_income", always("—"), nothing, "“—”读作未知", False,
          "一道横线：读作未知", "a lone dash: unknown"),
    Fault("total_income.1", always(Decimal("12345678.905")), nothing, "超过两位小数", True,
          "比一分还小，不代为四舍五入", "less than a fen: nobody rounds it for you"),
    Fault("ip.state", always("齐了"), nothing, "“齐了”不在可选的词里", True,
          "没有这个选项", "no such choice"),
    Fault("code", spaced_and_small, as_stated, "", False,
          "小写、带空格的代码，读得懂", "a code in small letters and groups: understood"),
    Fault("", half_width, nothing, "是同一家企业，内容却不同", True,
          "同一家又写了一行，括号是半角的", "the same enterprise once more, with narrow brackets"),
)  # fmt: skip
