"""Rows of an import as they are shown: whom they mean, what would change, what is to be mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.imports import DOES, ImportKind
from peiyu.office.foundation.kept import message_of
from peiyu.office.foundation.models import ImportBatch, ImportRow, ImportState, RowOutcome
from peiyu.office.web.templatetags.look import NOTHING, figure, money
from peiyu.office.web.templatetags.say import language, said
from peiyu.tables.layout import Column, Kind
from peiyu.words import Message, joined, mark, message

Columns = Mapping[str, Column]
OPEN = (ImportState.READY, ImportState.APPLIED)
"""Rows that are not done can be mended and chosen."""
IDENTITY = ("code", "name")
PLACE = ("year", "month")
NONE_OF_THEM = frozenset({"reports.lists", "enterprises.enterprises"})
"""Kinds whose rows may mean nobody of the registry."""
SHAPES = {
    RowOutcome.NEW: "met",
    RowOutcome.CHANGED: "go",
    RowOutcome.SAME: "na",
    RowOutcome.DOUBTFUL: "exp",
    RowOutcome.REFUSED: "bad",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value that would be, or was, changed."""

    term: str | Message
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is the matter with a row or one of its cells."""

    address: str
    term: str | Message
    value: str
    rule: Message
    remedy: Message


@dataclass(frozen=True, slots=True)
class Input:
    """A cell that can be typed anew; `stands` is what counts as untouched."""

    column: str
    label: str | Message
    stands: str
    text: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row with all that is said about it."""

    row: ImportRow
    shape: str
    enterprise: Enterprise | None
    when: str
    changes: list[Change]
    mended: list[tuple[str | Message, str]]
    troubles: list[Trouble]
    inputs: list[Input]
    candidates: list[Enterprise]
    hidden: int
    """How many more it may mean, of other places, which the reader does not see."""
    may_be_nobody: bool
    choosable: bool
    may_be_kept: bool
    """Another row speaks of the same and says something else: this one can be taken."""
    error: str = ""

    @property
    def does(self) -> bool:
        """It would change something, or did."""
        return self.row.outcome in DOES

    @property
    def wrong(self) -> bool:
        """What is said of it keeps it from being taken in."""
        return self.row.outcome in (RowOutcome.REFUSED, RowOutcome.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a row and refused."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def columns_of(batch: ImportBatch, kind: ImportKind, on: Any) -> dict[str, Column]:
    """What the columns of a kind are, by their names without years."""
    found: dict[str, Column] = {}
    for sheet in kind.layout(batch.options, {}, on):
        for column in sheet.columns:
            found.setdefault(column.name.partition("@")[0], column)
    return found


def term_of(name: str, columns: Columns) -> str | Message:
    """The word for a column, with its year if its name has one."""
    own, _, year = name.partition("@")
    column = columns.get(own)
    word = column.printed if column else own
    return message("{year}年{term}", year=year, term=message(word)) if year else word


def shown(value: Any, column: Column | None) -> str:
    """A value as an import keeps it (fen, hundredths, ISO days, names), as people read it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, list):
        return joined("、", map(str, value), language()) or NOTHING
    if isinstance(value, bool):
        return said(mark("是") if value else mark("否"))
    if column is None:
        return str(value)
    if isinstance(value, int):
        if column.kind is Kind.MONEY:
            return money(Decimal(value).scaleb(-2))
        if column.scale > 1:
            exact = Decimal(value) / column.scale
            return f"{exact:,.2f}" if column.scale == 100 else f"{exact:,f}"
        return str(value) if column.kind is Kind.YEAR or value < 10_000 else figure(value)
    for code, words in column.choices:
        if value == code:
            return said(words[0])
    return str(value)


def inputs_of(row: ImportRow, columns: Columns, typed: Typed | None = None) -> list[Input]:
    """The cells of a row that can be mended: those refused, and whose and of when it is."""
    if not row.values:
        return []
    refused = {
        p["column"]: str(p["value"] or row.values.get(p["column"], ""))
        for p in row.problems
        if p["column"]
    }
    wanted = {name: text for name, text in refused.items() if name.partition("@")[0] in columns}
    doubtful = row.outcome == RowOutcome.DOUBTFUL
    if doubtful or (row.outcome == RowOutcome.REFUSED and row.target is None):
        for name in IDENTITY:
            if name in columns:
                wanted.setdefault(name, str(row.values.get(name, "")))
    if row.outcome == RowOutcome.REFUSED:
        for name in PLACE:
            if name in columns and name not in row.values:
                wanted.setdefault(name, "")
    return [_input(name, stands, columns, typed) for name, stands in wanted.items()]


def _input(name: str, stands: str, columns: Columns, typed: Typed | None) -> Input:
    term = term_of(name, columns)
    is_money = columns[name.partition("@")[0]].kind is Kind.MONEY
    label = message("{term}改为（元）", term=message(term) if isinstance(term, str) else term)
    text = typed.cells.get(name, stands) if typed else stands
    error = typed.errors.get(name, "") if typed else ""
    return Input(name, label if is_money else term, stands, text, error)


def lines_of(
    rows: Sequence[ImportRow],
    batch: ImportBatch,
    columns: Columns,
    person: User,
    typed: Typed | None = None,
) -> list[Line]:
    """The rows of a page with their enterprises, in one query."""
    keys = {row.target for row in rows if row.target}
    keys |= {key for row in rows for key in row.candidates if isinstance(key, int)}
    seen = Enterprise.objects.visible_to(person).in_bulk(keys) if keys else {}
    return [
        _line(row, batch, columns, seen, typed if typed and typed.number == row.number else None)
        for row in rows
    ]


def _line(
    row: ImportRow,
    batch: ImportBatch,
    columns: Columns,
    seen: Mapping[int, Enterprise],
    typed: Typed | None,
) -> Line:
    open_ = batch.state in OPEN and not row.applied
    doubtful = open_ and row.outcome == RowOutcome.DOUBTFUL
    inputs = inputs_of(row, columns, typed) if open_ else []
    known = {one.column for one in inputs}
    error = ""
    if typed:
        error = " ".join(text for name, text in typed.errors.items() if name not in known)
    return Line(
        row,
        SHAPES[RowOutcome(row.outcome)],
        seen.get(row.target or 0),
        "-".join(str(row.values[name]) for name in PLACE if row.values.get(name) is not None),
        [
            Change(
                term_of(name, columns),
                shown(old, columns.get(name.partition("@")[0])),
                shown(new, columns.get(name.partition("@")[0])),
            )
            for name, (old, new) in row.changes.items()
        ],
        [(term_of(name, columns), text) for name, text in row.mended.items()],
        list(_troubles(row, columns)),
        inputs,
        [seen[key] for key in row.candidates if key in seen] if doubtful else [],
        sum(key not in seen for key in row.candidates) if doubtful else 0,
        doubtful and batch.kind in NONE_OF_THEM,
        open_ and row.outcome in DOES,
        open_ and any(one.get("repeats") for one in row.problems),
        error,
    )


def _troubles(row: ImportRow, columns: Columns) -> Iterable[Trouble]:
    for one in row.problems:
        known = one["column"].partition("@")[0] in columns
        term = term_of(one["column"], columns) if known else one["heading"] or one["column"]
        rule = message_of(one["rule"])
        value = "" if one["value"] in rule.say(language()) else one["value"]
        yield Trouble(one["address"], term, value, rule, message_of(one["remedy"]))
