"""A paper as data: what stands on it, in order, as plain text that is never read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

LEVELS = (1, 2)


class Misshapen(ValueError):
    """A paper that cannot be set: a row with too few cells, a column without width."""


@dataclass(frozen=True, slots=True)
class Heading:
    """一、 or （一）: its number is part of the text, as the office writes it."""

    text: str
    level: int = 1
    kind: Literal["heading"] = "heading"

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise Misshapen(f"level {self.level}: one of {LEVELS}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its first line indented by two characters."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in smaller type: what a word means, what is not promised."""

    text: str
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, its share of the width, where its text stands."""

    title: str
    width: int = 1
    align: Literal["left", "center", "right"] = "left"

    def __post_init__(self) -> None:
        if not 1 <= self.width <= 100:
            raise Misshapen(f"{self.title}: width {self.width}, must be 1 to 100")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, which are repeated on each page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    kind: Literal["table"] = "table"

    def __post_init__(self) -> None:
        if not self.columns:
            raise Misshapen("a table without columns")
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise Misshapen(f"row {number}: {len(row)} cells, {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and values side by side: who it is about."""

    rows: tuple[tuple[str, str], ...]
    kind: Literal["pairs"] = "pairs"


Block = Heading | Paragraph | Note | Table | Pairs
BLOCKS: dict[str, type[Any]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "note": Note,
    "table": Table,
    "pairs": Pairs,
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a paper says, before it has a number: written by the room whose business it is."""

    title: str
    blocks: tuple[Block, ...]
    addressee: str = ""
    attachments: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """On what it rests, each with document and article."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes a paper an issued one: by whom, under which number, when, how to verify it."""

    issuer: str
    number: str
    issued_on: date
    code: str
    address: str
    """Where the code is asked, without the code; the QR code leads there with it."""
    version: int = 1
    sample: bool = False
    """Made in a demo: said on every page."""


@dataclass(frozen=True, slots=True)
class Paper:
    """An issued paper: what PDF and Word are made from, and nothing else."""

    content: Content
    stamp: Stamp
    lang: str = field(default="zh-CN")


def as_data(content: Content) -> dict[str, Any]:
    """What a paper says as plain values, to be kept."""
    return asdict(content)


def from_data(data: Mapping[str, Any]) -> Content:
    """The reverse of `as_data`; what is misshapen raises."""
    try:
        return Content(
            title=str(data["title"]),
            blocks=tuple(_block(one) for one in data["blocks"]),
            addressee=str(data.get("addressee", "")),
            attachments=_words(data.get("attachments", ())),
            sources=_words(data.get("sources", ())),
        )
    except Misshapen:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Misshapen(str(problem)) from problem


def text_of(content: Content) -> Iterable[str]:
    """Every text of a paper, in order: to look for what cannot be printed."""
    yield content.title
    yield content.addressee
    for block in content.blocks:
        match block:
            case Table():
                yield block.caption
                yield from (column.title for column in block.columns)
                yield from (cell for row in block.rows for cell in row)
            case Pairs():
                yield from (cell for row in block.rows for cell in row)
            case _:
                yield block.text
    yield from content.attachments
    yield from content.sources


def _block(data: Mapping[str, Any]) -> Block:
    given = dict(data)
    made = BLOCKS[given["kind"]]
    if "rows" in given:
        given["rows"] = tuple(_words(row) for row in given["rows"])
    if "columns" in given:
        given["columns"] = tuple(Column(**column) for column in given["columns"])
    block: Block = made(**given)
    return block


def _words(values: Iterable[object]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError(f"a list of words is needed, not {values!r}")
    return tuple(str(value) for value in values)
