"""What reading gives back: rows with their places, what was refused, what should be told."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from peiyu.tables.spelling import shorten
from peiyu.words import Message, message

SHOWN_PLACES = 5
"""Addresses named in a note that stands for many cells."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not read: a cell, or a whole row, or a column; why, and what to do.

    `sheet` is the title in the file, `table` the name of the sheet in the layout; `address` is
    empty where the whole sheet is meant; `row` is the row number in the file, 0 for none; `name`
    is the enterprise as written.
    """

    sheet: str
    address: str
    heading: str
    value: str
    rule: Message
    remedy: Message
    whole_row: bool = False
    row: int = 0
    name: str = ""
    table: str = ""
    whole_column: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something the office should know about the reading; nothing was refused for it.

    One note may stand for many cells: `address` is the first, `count` says how many.
    """

    sheet: str
    address: str
    text: Message
    table: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """A run of rows read under one heading: from which row on, of which page, in which columns."""

    first: int
    title: str
    letters: dict[str, str]


@dataclass
class SheetRead:
    """The rows of one table; a key that is absent from a row is unknown, never zero."""

    name: str
    rows: list[dict[str, object]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    known_columns: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    lost_rows: int = 0
    """Rows refused whole: with any, the table is partial, and no row does not mean none."""

    def span(self, index: int) -> Span:
        """The heading under which the row at `index` stands."""
        return self.spans[bisect_right(self.spans, index, key=lambda span: span.first) - 1]

    def address(self, index: int, column: str = "") -> str:
        """Where the row at `index` stands, as Excel says it: C12, or 12 for a column not there."""
        return f"{self.span(index).letters.get(column, '')}{self.places[index]}"

    def title(self, index: int) -> str:
        """The title of the page on which the row at `index` stands."""
        return self.span(index).title


@dataclass
class Read:
    """A workbook as read."""

    sheets: dict[str, SheetRead] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    unitless: list[str] = field(default_factory=list)
    """Columns of money, by name, of which nothing said the unit."""


class Findings:
    """What is refused and remarked on one page; the same remark on many cells becomes one note."""

    def __init__(self, sheet: str, table: str = "") -> None:
        """Nothing is found yet."""
        self.sheet, self.table = sheet, table
        self.refusals: list[Refusal] = []
        self.addresses: dict[tuple[str, Message], list[str]] = {}
        self.counts: dict[tuple[str, Message], int] = {}
        self.unitless: list[str] = []

    def refuse(
        self,
        address: str,
        heading: str,
        value: str,
        rule: Message,
        remedy: Message,
        *,
        row: int = 0,
        name: str = "",
        whole_row: bool = False,
        whole_column: bool = False,
    ) -> None:
        """Refuse a cell, a row, a column or the sheet."""
        self.refusals.append(
            Refusal(
                self.sheet,
                address,
                heading,
                shorten(value),
                rule,
                remedy,
                whole_row,
                row,
                name,
                self.table,
                whole_column,
            )
        )

    def tell(self, text: Message, address: str = "", what: str = "") -> None:
        """Remark on a cell or a row; `what` keeps the remarks on different columns apart."""
        key = (what, text)
        addresses = self.addresses.setdefault(key, [])
        if len(addresses) < SHOWN_PLACES:
            addresses.append(address)
        self.counts[key] = self.counts.get(key, 0) + 1

    def notes(self) -> Iterator[Note]:
        """One note for each remark."""
        for key, addresses in self.addresses.items():
            count, text = self.counts[key], key[1]
            if count > 1:
                more = "…" if count > len(addresses) else ""
                text = message(
                    "{text}（共 {count} 处：{places}）",
                    text=text,
                    count=count,
                    places=(*addresses[:-1], addresses[-1] + more),
                )
            yield Note(self.sheet, addresses[0], text, self.table, count)
