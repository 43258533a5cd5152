"""The rows of one page, read under its heading: cell by cell, and each row as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from peiyu.tables.answers import Problem, Told
from peiyu.tables.cells import NUMBERS, Reader, plain_words, reader
from peiyu.tables.codes import compact, is_credit_code
from peiyu.tables.files import Page
from peiyu.tables.headings import (
    NUMBERING,
    Heading,
    Place,
    fill_right,
    is_numbering_line,
    read_heading,
    spoken,
    words,
)
from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.results import Refusal, Remarks, SheetRead, Span
from peiyu.tables.spelling import is_unknown, letter, shorten, squeeze
from peiyu.tables.units import Factor, default_factor, factor_of, yuan
from peiyu.tables.units import said_above as unit_said
from peiyu.words import Message, message

TOTAL_WORDS = ("合计", "总计", "小计", "共计", "累计", "汇总", "平均", "平均值", "total", "subtotal")
TOTAL = re.compile(
    r"(?:本页|本表|本月|本年|本期|全市|全县|全区|全镇|以上)?"
    r"(?:合计|总计|小计|共计|累计|汇总|平均值?|total|subtotal|grandtotal)"
    r"(?:\d+[家户个项件人])?(?:\([^()]*\))?[::]?"
)
TOTALS_AS_WRITTEN = frozenset(
    form for word in TOTAL_WORDS[:6] for form in (word, f"{word[0]} {word[1]}", f"{word}：")
)
FOOT = re.compile(
    r"(?:备?注|说明|填表说明|填[表报]人|制表人?|审核人?|复核人?|(?:单位|部门)?负责人|联系人|联系电话|"
    r"(?:填[表报]|报送|制表)日期|填报单位|单位\(盖章\)|数据来源|资料来源|note)s?\d*[::].*"
    r"|以下(?:空白|无正文).*"
)
EXAMPLE = re.compile(r"[(]?(?:示例|样例|范例|举例|example)")

SKIPPED_TOTAL = "“{name}”行是合计，没有读入"
Cells = list[object]


@dataclass(frozen=True, slots=True)
class Slot:
    """One column to read: where, how, and under which name."""

    index: int
    name: str
    read: Reader
    column: Column
    heading: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A cell of the row at hand that could not be read."""

    slot: Slot
    problem: Problem
    cell: object


class PageReader:
    """Reads one page as one table of the layout."""

    def __init__(
        self,
        page: Page,
        sheet: Sheet,
        heading: Heading,
        into: SheetRead,
        unit: str | None = None,
    ) -> None:
        """Make ready to read `page` under `heading`; `unit` is the declared unit of money."""
        self.page, self.sheet, self.into, self.unit = page, sheet, into, unit
        self.refusals: list[Refusal] = []
        self.remarks = Remarks()
        self.refused: dict[int, tuple[tuple[str, str], ...]] = {}
        self.said = self.unit_above(heading)
        self.heading = heading
        self.lines = heading_lines(page, heading)
        self.upper: list[str] = []
        self.slots: list[Slot] = []
        self.unheaded: list[int] = []
        self.key_slots: list[Slot] = []
        self.take_heading(heading)

    # the heading

    def unit_above(self, heading: Heading) -> str:
        """The unit of money that a line over the table gives, such as 单位：万元."""
        for row in self.page.head[: heading.after]:
            for cell in row:
                if isinstance(cell, str) and ("位" in cell or "nit" in cell):
                    said = unit_said(cell)
                    if said:
                        return said
        return ""

    def take_heading(self, heading: Heading) -> None:
        """Read from here on under this heading, and say what is odd about it."""
        self.heading = heading
        self.slots = []
        row = heading.row + 1
        told: dict[Message, list[str]] = {}
        for place in heading.places:
            factor = self.factor(place, told)
            if factor is None:
                self.refuse_column(
                    place,
                    message("表头单位“{unit}”与这一列不符", unit=place.unit),
                    message("请换算成“{unit}”，并改表头", unit=place.column.unit or "元"),
                )
                continue
            self.slots.append(
                Slot(
                    place.index,
                    place.column.name,
                    reader(place.column, factor),
                    place.column,
                    place.heading,
                )
            )
            if place.weakness > 1:
                self.remarks.add(
                    place.column.name,
                    message(
                        "表头“{heading}”按“{known}”读入，括号里的话没有管",
                        heading=spoken(place.heading),
                        known=place.column.full_name,
                    ),
                    f"{letter(place.index)}{row}",
                )
        for text, columns in told.items():
            self.remarks.add("", message("{columns} 列：{text}", columns=listed(columns), text=text), "")
        for place in heading.again:
            first = next(one for one in heading.places if one.column is place.column)
            self.refuse_column(
                place,
                message(
                    "表头“{heading}”重复，{column} 列已经是它",
                    heading=spoken(place.heading),
                    column=letter(first.index),
                ),
                message("请删去其中一列，或改成各自的表头"),
            )
        self.tell_unknown(heading)
        known = {slot.name for slot in self.slots}
        self.into.known_columns |= known
        letters = {slot.name: letter(slot.index) for slot in self.slots}
        self.into.letters = {**letters, **self.into.letters}
        self.into.spans.append(Span(len(self.into.rows), self.page.title, letters))
        named = {place.index for place in (*heading.places, *heading.again)}
        named |= {at for at, _ in heading.unknown}
        width = max((len(row) for row in self.page.head), default=0)
        self.unheaded = [at for at in range(width) if at not in named]
        self.key_slots = [slot for slot in self.slots if slot.name in self.sheet.key]
        self.watched = frozenset(
            cell.strip()
            for line in self.lines
            for cell in line
            if cell and not cell.isdecimal()
        ) | TOTALS_AS_WRITTEN

    def factor(self, place: Place, told: dict[Message, list[str]]) -> Factor | None:
        """How many base units a number in this column is worth; None if the units do not fit."""
        column, at = place.column, letter(place.index)
        if column.kind not in NUMBERS:
            return 1
        if place.unit:
            factor = factor_of(place.unit, column)
            if column.kind is Kind.MONEY and factor not in (None, default_factor(column)):
                text = message("按表头的单位“{unit}”读", unit=place.unit)
                told.setdefault(text, []).append(at)
            return factor
        if column.kind is not Kind.MONEY:
            return default_factor(column)
        if self.said:
            text = message("按表上方写的单位“{unit}”读", unit=self.said)
            told.setdefault(text, []).append(at)
            return yuan(self.said)
        if self.unit:
            text = message("没有写单位，按选定的“{unit}”读", unit=self.unit)
            told.setdefault(text, []).append(at)
            return yuan(self.unit)
        text = message("没有写单位，按“{unit}”读", unit=column.unit or "元")
        told.setdefault(text, []).append(at)
        return default_factor(column)

    def refuse_column(self, place: Place, rule: Message, remedy: Message) -> None:
        """Leave out a column of the file."""
        row = self.heading.row + 1
        self.refusals.append(
            Refusal(
                self.page.title,
                f"{letter(place.index)}{row}",
                place.column.full_name,
                shorten(place.heading),
                rule,
                remedy,
                row=row,
                table=self.sheet.name,
            )
        )

    def tell_unknown(self, heading: Heading) -> None:
        """Say which columns of the file are not read."""
        for at, text in heading.unknown:
            if squeeze(text) in NUMBERING:
                continue
            nearest = nearest_heading(text, self.sheet)
            said = (
                message(
                    "不认识表头“{heading}”，这一列没有读；是不是“{nearest}”？",
                    heading=spoken(text),
                    nearest=nearest,
                )
                if nearest
                else message("不认识表头“{heading}”，这一列没有读", heading=spoken(text))
            )
            self.remarks.add("", said, f"{letter(at)}{heading.row + 1}")

    # the rows

    def read(self, step: Callable[[], None]) -> None:
        """Read all rows below the heading; `step` is called for each."""
        after = self.heading.after
        for at, cells in enumerate(self.filled_down(self.page.rows())):
            step()
            if at >= after:
                self.read_row(at, cells)

    def filled_down(self, rows: Iterator[Cells]) -> Iterator[Cells]:
        """The rows, key cells that are merged over several of them repeated in each."""
        tall = sorted(merge for merge in self.page.merges if merge[2] > merge[0])
        if not tall:
            yield from rows
            return
        waiting = iter(tall)
        following = next(waiting, None)
        active: list[tuple[int, int, object]] = []
        for at, cells in enumerate(rows):
            active = [one for one in active if one[0] >= at]
            if active:
                self.fill_row(at, cells, active)
            while following and following[0] <= at:
                first, left, last, _ = following
                if left < len(cells) and first >= self.heading.after:
                    active.append((last, left, cells[left]))
                following = next(waiting, None)
            yield cells

    def fill_row(self, at: int, cells: Cells, active: Sequence[tuple[int, int, object]]) -> None:
        """Fill the merged key cells of one row; other merged cells stay with their first row."""
        keys = {slot.index for slot in self.key_slots}
        for _, left, cell in active:
            if left in keys:
                cells[left] = cell
            elif cell not in ("", None):
                self.remarks.add(
                    f"merged {left}",
                    message("合并单元格的内容只算第一行的，其余各行读作未知"),
                    f"{letter(left)}{at + 1}",
                )

    def read_row(self, at: int, cells: Cells) -> None:
        """Read one row: data, or one of the many things that stand between data."""
        if cells.count("") == len(cells):
            return
        if not self.watched.isdisjoint(cells) and self.is_no_data(at, cells):
            return
        values, failures, told = self.read_cells(cells)
        owner = self.owner(cells)
        if self.is_example(owner) or self.is_foot(at, cells, owner, values):
            return
        if (failures or not values) and self.is_heading(at, cells):
            return
        if at == self.heading.after and is_numbering_line(cells):
            self.remarks.add("", message("第 {row} 行是栏次，没有读入", row=at + 1), str(at + 1))
            return
        if failures and self.is_shifted(at, cells, values, failures, owner):
            return
        if self.page.separated and self.overflows(at, cells, owner):
            return
        if self.sheet.key and not any(name in values for name in self.sheet.key):
            self.refuse_ownerless(at, cells, values, failures)
            return
        self.keep_row(at, cells, values, failures, told, owner)

    def read_cells(
        self, cells: Cells
    ) -> tuple[dict[str, object], list[Failure], list[tuple[Slot, Message]]]:
        """The values of a row, the cells that failed, and what is to be told of the others."""
        values: dict[str, object] = {}
        failures: list[Failure] = []
        told: list[tuple[Slot, Message]] = []
        width = len(cells)
        for slot in self.slots:
            index = slot.index
            if index >= width:
                continue
            cell = cells[index]
            if cell == "":
                continue
            value = slot.read(cell)
            if value is None:
                continue
            kind = type(value)
            if kind is Problem:
                failures.append(Failure(slot, value, cell))  # type: ignore[arg-type]
            elif kind is Told:
                told.append((slot, value.text))  # type: ignore[attr-defined]
                if value.value is not None:  # type: ignore[attr-defined]
                    values[slot.name] = value.value  # type: ignore[attr-defined]
            else:
                values[slot.name] = value
        return values, failures, told

    def owner(self, cells: Cells) -> str:
        """The enterprise as written in a row: its name, else its code."""
        written = ""
        for slot in self.key_slots:
            cell = cells[slot.index] if slot.index < len(cells) else ""
            if cell != "" and (slot.column.kind is Kind.TEXT or not written):
                written = plain_words(cell).strip()
                if slot.column.kind is Kind.TEXT:
                    break
        return written
