"""The plan of a page: which column is read from where, in which unit, and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from peiyu.tables.answers import Problem
from peiyu.tables.between import SUMS_AS_WRITTEN
from peiyu.tables.cells import NUMBERS, Reader, reader
from peiyu.tables.files import Page
from peiyu.tables.headings import NUMBERING, Heading, Place, index_of, parse, spoken
from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.results import Findings
from peiyu.tables.spelling import letter, squeeze
from peiyu.tables.units import Factor, default_factor, factor_of, said_above, strange_above, yuan
from peiyu.words import Message, message


@dataclass(frozen=True, slots=True)
class Slot:
    """One column to read: where it stands, how its cells are read."""

    index: int
    name: str
    read: Reader
    column: Column


@dataclass(frozen=True)
class Plan:
    """How the rows under one heading are read."""

    heading: Heading
    slots: tuple[Slot, ...]
    keys: tuple[Slot, ...]
    required: tuple[Slot, ...]
    watched: frozenset[str]
    """Words that show a row to be no data: those of the heading, and 合计 and its kind."""

    @cached_property
    def reads(self) -> list[tuple[int, Reader, Slot]]:
        """What is done for each row: the place of a cell, and how it is read."""
        return [(slot.index, slot.read, slot) for slot in self.slots]

    @property
    def letters(self) -> dict[str, str]:
        """The letter of each column read."""
        return {slot.name: letter(slot.index) for slot in self.slots}

    @property
    def width(self) -> int:
        """How many columns the heading has."""
        heading = self.heading
        indexes = [place.index for place in (*heading.places, *heading.again)]
        return max([*indexes, *(at for at, _ in heading.unknown)], default=-1) + 1

    def unheaded(self, width: int) -> list[int]:
        """The columns of a page so wide that have no heading."""
        heading = self.heading
        named = {place.index for place in (*heading.places, *heading.again)}
        named |= {at for at, _ in heading.unknown}
        return [at for at in range(width) if at not in named]


def unit_over(page: Page, heading: Heading) -> str:
    """The unit of money that a line over the table gives, such as 单位：万元; empty if none."""
    return next((said for text in _over(page, heading) if (said := said_above(text))), "")


def strange_over(page: Page, heading: Heading) -> str:
    """The unit over the table that is none of our money, such as 单位：美元; empty if none."""
    return next((said for text in _over(page, heading) if (said := strange_above(text))), "")


def _over(page: Page, heading: Heading) -> Iterator[str]:
    for row in page.head[: heading.after]:
        yield from (cell for cell in row if isinstance(cell, str))


def make_plan(
    heading: Heading, lines: list[list[str]], sheet: Sheet, units: tuple[str, str], to: Findings
) -> Plan:
    """The plan for the rows under `heading`; `units` are those said above it and declared."""
    slots = []
    told: dict[Message, list[str]] = {}
    for place in heading.places:
        column = place.column
        factor, text = unit_of(place, *units)
        if factor is None:
            refuse_column(place, heading, strange_unit(place), to)
            continue
        if is_unitless(place, *units):
            to.unitless.append(column.name)
        if text:
            told.setdefault(text, []).append(letter(place.index))
        if place.weakness > 1:
            text = message(
                "表头“{heading}”按“{known}”读入，没有理会括号里的话",
                heading=spoken(place.heading),
                known=column.full_name,
            )
            to.tell(text, f"{letter(place.index)}{heading.row + 1}")
        slots.append(Slot(place.index, column.name, reader(column, factor), column))
    for text, letters in told.items():
        address = f"{letters[0]}{heading.row + 1}"
        to.tell(message("{columns} 列金额：{text}", columns=tuple(letters), text=text), address)
    tell_rest(heading, sheet, to)
    return Plan(
        heading,
        tuple(slots),
        tuple(sorted((one for one in slots if one.name in sheet.key), key=by_kind)),
        tuple(one for one in slots if one.column.required),
        SUMS_AS_WRITTEN | {text for line in lines for text in line if text},
    )


def by_kind(slot: Slot) -> bool:
    """The order in which key columns are asked whose row it is: names first."""
    return slot.column.kind is not Kind.TEXT


def unit_of(place: Place, said: str, declared: str) -> tuple[Factor | None, Message | None]:
    """How many base units a number of the column is worth, and whose word that is.

    The heading's word goes before that of the line above the table, that before the declared one.
    No factor: the heading names a unit that does not fit.
    """
    column = place.column
    if column.kind not in NUMBERS:
        return 1, None
    if place.unit:
        own = any(parse(heading).unit == place.unit for heading in column.headings)
        if own and column.kind is not Kind.MONEY:  # as the layout itself says it: 工时（小时）
            return default_factor(column), None
        factor = factor_of(place.unit, column)
        if factor is None or column.kind is not Kind.MONEY or factor == default_factor(column):
            return factor, None
        return factor, message("按表头写的单位“{unit}”读", unit=place.unit)
    if column.kind is not Kind.MONEY:
        return default_factor(column), None
    if said:
        return yuan(said), message("按表上方写的单位“{unit}”读", unit=said)
    if declared:
        return yuan(declared), message("没有写单位，按选定的“{unit}”读", unit=declared)
    return default_factor(column), message(
        "没有写单位，按“{unit}”读", unit=column.unit or message("元")
    )


def is_unitless(place: Place, said: str, declared: str) -> bool:
    """Whether nothing says in which unit the money of the column is."""
    return place.column.kind is Kind.MONEY and not (place.unit or said or declared)


def strange_unit(place: Place) -> Problem | None:
    """Why a column is not read whose heading names a unit that does not fit."""
    if unit_of(place, "", "")[0] is not None:
        return None
    return Problem(
        message("表头的单位“{unit}”与这一列不符", unit=place.unit),
        message("请换算成“{unit}”，并改正表头", unit=place.column.unit or message("元")),
    )


def repeated(place: Place, heading: Heading) -> Problem:
    """Why a column is not read whose heading stands in another column too."""
    taken = {one.column.name: one.index for one in heading.places}
    rule = message(
        "表头“{heading}”重复，{column} 列已经是它",
        heading=spoken(place.heading),
        column=letter(taken[place.column.name]),
    )
    return Problem(rule, message("请删去其中一列，或改成各自的表头"))


def refuse_column(place: Place, heading: Heading, why: Problem | None, to: Findings) -> None:
    """Leave out a column of the file."""
    assert why is not None
    row = heading.row + 1
    address = f"{letter(place.index)}{row}"
    to.refuse(
        address, place.column.full_name, place.heading, why.rule, why.remedy, row=row,
        whole_column=True,
    )  # fmt: skip


def tell_rest(heading: Heading, sheet: Sheet, to: Findings) -> None:
    """Say which columns of the file are not read: repeated ones, unknown ones."""
    for place in heading.again:
        refuse_column(place, heading, repeated(place, heading), to)
    index = index_of(sheet)
    for at, text in heading.unknown:
        if squeeze(text) in NUMBERING:
            continue
        nearest = index.nearest(text)
        said = message("不认识表头“{heading}”，这一列没有读", heading=spoken(text))
        if nearest:
            said = message(
                "不认识表头“{heading}”，这一列没有读；是不是“{nearest}”？",
                heading=spoken(text),
                nearest=nearest,
            )
        to.tell(said, f"{letter(at)}{heading.row + 1}")
