"""Lists as data: columns declared once, cells prepared here, one plain template for all.

A list is drawn a hundred times a minute: a template part for each cell costs four times as much.

    COLUMNS = (
        Column("name", "企业", kind="link", sort="name", phone="l1"),
        Column("town", "镇、街道", phone="hidden"),
        Column("income", "营收", kind="wan", unit="万元", sort="income"),
    )
    table = Table(COLUMNS, rows, order=order, query=request.GET, label=_("企业列表"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache
from html import escape
from typing import Literal

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from peiyu.office.web.templatetags import look
from peiyu.office.web.templatetags.say import language
from peiyu.words import message, translate

Kind = Literal[
    "text", "label", "number", "money", "wan", "date", "short_date", "moment", "due", "link",
    "status", "person", "tag", "html",
]  # fmt: skip
Phone = Literal["l1", "", "wide", "hidden"]


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to the thing itself."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Status:
    """A cell that says how it stands: `kind` is a shape (met, bad, unk, exp, na, go, late)."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Person:
    """A cell that names someone and the body for which they act."""

    name: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A cell with a limit: days ahead, or negative working days overdue; None when it is done."""

    on: date
    days: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value comes from, how it is said, what the phone does with it.

    `sort` is the word in `?sort=`, empty if one cannot sort by it. `width` is one of the classes
    w1, w10 … w30. `phone`: `l1` is the title of the card, empty a fact, `wide` a line of its own,
    `hidden` left out there; `named` puts the label before the fact.
    """

    key: str
    label: str
    kind: Kind = "text"
    sort: str = ""
    unit: str = ""
    width: str = ""
    phone: Phone = ""
    named: bool = False
    less: bool = False
    """Left out in plain mode (适老模式)."""
    fit: Literal["wrap", "line", "cut"] = "wrap"
    """Whether long values go on in a second line, keep to one, or are cut with the whole in the title."""


RIGHT = frozenset({"number", "money", "wan"})
DAYS = frozenset({"date", "short_date", "moment"})


def _text(value: object) -> str:
    if value is None or value == "":
        return look.NOTHING
    return value if isinstance(value, SafeString) else escape(str(value))


def _label(value: object) -> str:
    return _text(translate(str(value), language()) if value else value)


def _link(value: object) -> str:
    if not isinstance(value, Link):
        return _text(value)
    return f'<a class="nm" href="{escape(value.href)}">{escape(value.text)}</a>'


def _status(value: object) -> str:
    return _known_status(value, language()) if isinstance(value, Status) else _text(value)


@lru_cache(1000)
def _known_status(value: Status, lang: str) -> str:
    return look.status(value.kind, value.label)


@lru_cache(1000)
def _person(value: object) -> str:
    return look.person(value.name, value.body) if isinstance(value, Person) else _text(value)


def _due(value: object) -> str:
    return _known_due(value, language()) if isinstance(value, Due) else _text(value)


@lru_cache(1000)
def _known_due(value: Due, lang: str) -> str:
    return look.due(value.on, value.days)


def _tag(value: object) -> str:
    if value is None or value == "":
        return look.NOTHING
    return f'<span class="tag">{escape(translate(str(value), language()))}</span>'


WAYS: dict[str, Callable[..., str]] = {
    "text": _text,
    "label": _label,
    "number": look.figure,
    "money": look.money,
    "wan": look.wan,
    "date": look.day,
    "short_date": look.short_day,
    "moment": look.moment,
    "due": _due,
    "link": _link,
    "status": _status,
    "person": _person,
    "tag": _tag,
    "html": _text,
}


def _opened(column: Column) -> Callable[[object], str]:
    """The rest of a cell after its attributes; one that may be cut says the whole in its title."""
    way = WAYS[column.kind]
    if column.fit != "cut":
        return lambda value: f">{way(value)}"

    def cut(value: object) -> str:
        whole = value.text if isinstance(value, Link) else value
        said = _label(whole) if column.kind == "label" else _text(whole)
        return f' title="{said}">{way(value)}'

    return cut


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its values by the key of the column; `key` goes with the check box."""

    key: object
    values: dict[str, object]
    name: str = ""
    mark: str = ""
    """A class of the line: `sel` chosen, `ret` returned."""


@dataclass(frozen=True, slots=True)
class Head:
    """A heading as the template draws it."""

    label: str
    attributes: SafeString
    href: str = ""
    arrow: str = ""


@cache
def _cell_attributes(column: Column, lang: str) -> SafeString:
    names = [
        "num" if column.kind in RIGHT else "",
        column.width,
        "l1" if column.phone == "l1" else "",
        "wide" if column.phone == "wide" else "",
        "hide-m" if column.phone == "hidden" else "",
        "less" if column.less else "",
        "el" if column.fit == "cut" else "",
        "nw" if column.fit == "line" or column.kind in DAYS else "",
    ]
    said = SafeString("")
    if classes := " ".join(filter(None, names)):
        said += format_html(' class="{}"', classes)
    if column.named:
        said += format_html(' data-l="{}"', translate(column.label, lang))
    return SafeString(said)


@dataclass
class Table:
    """A list ready for `_table.html`. Iterate it only once if `things` is a generator."""

    columns: Sequence[Column]
    rows: Iterable[Row]
    order: str = ""
    """The word of `?sort=` in force, with `-` before it if descending."""
    query: QueryDict = field(default_factory=QueryDict)
    label: str = ""
    choose: bool = False
    """With a check box in each line, named `chosen`."""
    dense: bool = True
    chosen: frozenset[object] = frozenset()

    def _address(self, order: str) -> str:
        query = self.query.copy()
        for gone in ("sort", "after", "before"):
            query.pop(gone, None)
        query["sort"] = order
        return f"?{query.urlencode()}"

    @cached_property
    def heads(self) -> list[Head]:
        """The headings, those that sort with where they lead."""
        lang = language()
        return [self._head(column, lang) for column in self.columns]

    def _head(self, column: Column, lang: str) -> Head:
        label = translate(column.label, lang)
        if column.unit:
            label = message(
                "{label}（{unit}）", label=label, unit=translate(column.unit, lang)
            ).say(lang)
        plain = Column(column.key, column.label, column.kind, width=column.width, less=column.less)
        attributes = _cell_attributes(plain, lang)
        if not column.sort:
            return Head(label, attributes)
        up, down = self.order == column.sort, self.order == f"-{column.sort}"
        if up or down:
            attributes += format_html(' aria-sort="{}"', "ascending" if up else "descending")
        href = self._address(f"-{column.sort}" if up else column.sort)
        return Head(label, SafeString(attributes), href, "↑" if up else "↓" if down else "")

    @property
    def lines(self) -> Iterator[tuple[Row, bool, SafeString]]:
        """Each row, whether it is chosen, and its cells, joined here because that is the quickest."""
        lang = language()
        plan = [
            (column.key, f"<td{_cell_attributes(column, lang)}", _opened(column))
            for column in self.columns
        ]
        for row in self.rows:
            value_of = row.values.get
            # each way escapes what it is given
            cells = "".join([f"{opened}{way(value_of(key))}</td>" for key, opened, way in plan])
            yield row, row.key in self.chosen, SafeString(cells)


@dataclass(frozen=True, slots=True)
class Pager:
    """Pages by key: where one comes from and where one goes, as queries; counts if known."""

    shown: int
    number: int | None = None
    first: str = ""
    previous: str = ""
    next: str = ""
