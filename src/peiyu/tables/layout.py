"""What a table looks like on paper: its sheets, its columns and the words people use for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from peiyu.words import mark


class Kind(StrEnum):
    """What a cell of a column holds, and so how it is read."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    YEAR = "year"
    BOOL = "bool"
    CHOICE = "choice"
    REFERENCES = "references"


KIND_WORDS: dict[Kind, str] = {
    Kind.TEXT: mark("文字"),
    Kind.CODE: mark("编号（文本）"),
    Kind.INTEGER: mark("整数"),
    Kind.DECIMAL: mark("数字"),
    Kind.MONEY: mark("金额"),
    Kind.DATE: mark("日期"),
    Kind.YEAR: mark("年份"),
    Kind.BOOL: mark("是或否"),
    Kind.CHOICE: mark("选项"),
    Kind.REFERENCES: mark("编号清单"),
}

CREDIT_CODE_WORDS = ("信用代码", "credit code")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name it has in code, the headings it has on paper, what its cells may hold.

    A number is stored as a whole number: its value in the base unit times `scale` (money: yuan
    times 100, so fen). `minimum` and `maximum` are in stored units, inclusive; for a date they are
    ordinals, for text its length.
    """

    name: str
    headings: tuple[str, ...]
    kind: Kind
    scale: int = 1
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    required: bool = False
    note: str = ""
    unit: str = ""
    over: str = ""
    digits: int = 0
    """For codes made of digits: how many there are, so that lost leading zeros are seen."""

    @property
    def printed(self) -> str:
        """The heading as printed in a template, without its unit."""
        return self.headings[0]

    @property
    def full_name(self) -> str:
        """Group and heading in one phrase, for sentences about the column."""
        between = " " if self.over and self.over.isascii() else ""
        return f"{self.over}{between}{self.printed}"

    @property
    def is_credit_code(self) -> bool:
        """Whether its cells hold unified social credit codes (GB 32100)."""
        return self.kind is Kind.CODE and any(
            word in heading.casefold() for heading in self.headings for word in CREDIT_CODE_WORDS
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its accepted sheet names (the first is printed) and its columns.

    `single` sheets have one row an enterprise, or one for each value of the columns `beside` it;
    `key` names the columns that say whose row it is. Of rows of a single sheet that differ the first
    stands and the rest are refused, unless `all_rows`: then whoever reads decides.
    """

    name: str
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    note: str = ""
    single: bool = False
    key: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    all_rows: bool = False

    def column(self, name: str) -> Column:
        """The column of that name in code."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"no column {name!r} in the sheet {self.name!r}")


Layout = tuple[Sheet, ...]
