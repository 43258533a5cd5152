"""The rows of one page, read under its heading: cell by cell, and each row as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from peiyu.tables.answers import Problem, Told
from peiyu.tables.between import (
    SUMS_AS_WRITTEN,
    is_example,
    is_foot,
    is_numbering,
    is_total,
    strings,
)
from peiyu.tables.cells import plain_words
from peiyu.tables.codes import compact, is_credit_code
from peiyu.tables.files import Page
from peiyu.tables.headings import Heading, fill_right, index_of, is_group, read_heading, words
from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.plans import Plan, Slot, make_plan, unit_over
from peiyu.tables.results import Findings, SheetRead, Span
from peiyu.tables.spelling import letter, shorten
from peiyu.words import Message, message

Cells = list[object]
NUMBER_SIGNS = frozenset("0123456789+-.,()%¥ ")


@dataclass(frozen=True, slots=True)
class Failure:
    """A cell of the row at hand that could not be read."""

    slot: Slot
    problem: Problem
    cell: object


@dataclass(slots=True)
class Row:
    """The row at hand: where it is, what stands in it, what was made of it."""

    at: int
    cells: Cells
    values: dict[str, object]
    failures: list[Failure]
    told: list[tuple[Slot, Message]]
    owner: str = ""
    """The enterprise as written: its name, else its code."""


class PageReader:
    """Reads one page as one table of the layout."""

    def __init__(
        self, page: Page, sheet: Sheet, heading: Heading, into: SheetRead, unit: str = ""
    ) -> None:
        """Make ready to read `page` under `heading`; `unit` is the declared unit of money."""
        self.page, self.sheet, self.into = page, sheet, into
        self.findings = Findings(page.title, sheet.name)
        self.units = (unit_over(page, heading), unit)
        self.lines = [
            [words(cell) for cell in page.head[at]]
            for at in range(heading.row - heading.depth + 1, heading.after)
        ]
        self.upper: list[str] = []
        self.refused: dict[int, tuple[tuple[str, object], ...]] = {}
        self.take(heading)

    def take(self, heading: Heading) -> None:
        """Read from here on under this heading."""
        self.plan: Plan = make_plan(heading, self.lines, self.sheet, self.units, self.findings)
        width = max((len(row) for row in self.page.head), default=0)
        self.unheaded = self.plan.unheaded(width)
        letters = self.plan.letters
        self.into.known_columns |= letters.keys()
        self.into.letters = {**letters, **self.into.letters}
        self.into.spans.append(Span(len(self.into.rows), self.page.title, letters))

    def read(self, step: Callable[[], None]) -> None:
        """Read all rows below the heading; `step` is called for each."""
        after = self.plan.heading.after
        for at, cells in enumerate(self.filled_down(after)):
            step()
            if at >= after:
                self.read_row(at, cells)
        self.refuse_missing()
        self.into.lost_rows += sum(one.whole_row for one in self.findings.refusals)

    def filled_down(self, after: int) -> Iterator[Cells]:
        """The rows; key cells merged over several rows are repeated in each of them."""
        tall = sorted(merge for merge in self.page.merges if merge[2] > merge[0] >= after)
        if not tall:
            yield from self.page.rows()
            return
        following = 0
        active: list[tuple[int, int, object]] = []
        for at, cells in enumerate(self.page.rows()):
            active = [one for one in active if one[0] >= at]
            self.fill(at, cells, active)
            while following < len(tall) and tall[following][0] <= at:
                _, left, last, _ = tall[following]
                if left < len(cells):
                    active.append((last, left, cells[left]))
                following += 1
            yield cells

    def fill(self, at: int, cells: Cells, active: Sequence[tuple[int, int, object]]) -> None:
        """Fill the merged key cells of a row; what else is merged counts for its first row."""
        keys = {slot.index for slot in self.plan.keys}
        for _, left, cell in active:
            if left in keys and left < len(cells):
                cells[left] = cell
            elif cell != "":
                text = message("合并单元格的内容只算在第一行，其余各行读作未知")
                self.findings.tell(text, f"{letter(left)}{at + 1}", letter(left))

    def read_row(self, at: int, cells: Cells) -> None:
        """Read one row: data, or one of the many things that stand between data."""
        if cells.count("") == len(cells):
            return
        if not self.plan.watched.isdisjoint(cells) and self.is_between(at, cells):
            return
        row = self.read_cells(at, cells)
        if self.is_aside(row):
            return
        if row.failures or not row.values:
            if self.is_heading(at, cells):
                return
            if self.is_shifted(row):
                return
        if self.page.separated and self.overflows(row):
            return
        if self.sheet.key and not any(name in row.values for name in self.sheet.key):
            self.refuse_ownerless(row)
            return
        self.keep(row)

    def read_cells(self, at: int, cells: Cells) -> Row:
        """The cells of a row, each read for itself."""
        values: dict[str, object] = {}
        failures: list[Failure] = []
        told: list[tuple[Slot, Message]] = []
        width = len(cells)
        for index, read, slot in self.plan.reads:
            cell = cells[index] if index < width else ""
            if cell == "":
                continue
            value = read(cell)
            if value is None:
                continue
            if type(value) is int:
                values[slot.name] = value
            elif isinstance(value, Problem):
                failures.append(Failure(slot, value, cell))
            elif isinstance(value, Told):
                told.append((slot, value.text))
                if value.value is not None:
                    values[slot.name] = value.value
            else:
                values[slot.name] = value
        row = Row(at, cells, values, failures, told)
        for slot in self.plan.keys:
            if slot.index < width and cells[slot.index] != "":
                row.owner = plain_words(cells[slot.index]).strip()
                break
        return row

    def is_between(self, at: int, cells: Cells) -> bool:
        """Whether a row that holds words of the heading, or a total, is no data."""
        line = [words(cell) for cell in cells]
        said = [text for text in line if text]
        if len(said) > 1 and any(is_group(text, self.sheet) for text in said):
            self.upper = line
            self.tell_repeated(at)
            return True
        if self.is_heading(at, cells):
            return True
        if any(isinstance(cell, str) and cell.strip() in SUMS_AS_WRITTEN for cell in cells):
            self.tell_total(at, next(one for one in said if one in SUMS_AS_WRITTEN))
            return True
        return False

    def is_heading(self, at: int, cells: Cells) -> bool:
        """Whether the row is a heading again; under one in another order columns are remapped."""
        said = len(cells) - cells.count("")
        if sum(map(is_wordy, cells)) * 2 < said:
            return False
        line = [words(cell) for cell in cells]
        if trimmed(line) == trimmed(self.lines[-1]) and not self.upper:
            self.tell_repeated(at)
            return True
        index = index_of(self.sheet)
        if sum(1 for text in line if text and index.may_be(text)) < 2:
            return False
        found = read_heading([line], self.sheet, at)
        if self.upper:
            below = read_heading([fill_right(self.upper, at - 1, ()), line], self.sheet, at)
            found = max(found, below, key=lambda heading: len(heading.places))
        known = len(found.places)
        if known < 2 or known * 2 < min(said, len(self.plan.slots)):
            return False
        self.upper = []
        before = {place.column.name: place.index for place in self.plan.heading.places}
        if {place.column.name: place.index for place in found.places} == before:
            self.tell_repeated(at)
            return True
        self.lines = [*self.lines[:-1], line]
        self.take(found)
        lost = [
            slot.full_name
            for slot in self.sheet.columns
            if slot.name in before and slot.name not in self.plan.letters
        ]
        text = message("从第 {row} 行起表头换了列序，以下按新的表头读", row=at + 1)
        if lost:
            text = message(
                "从第 {row} 行起表头换了列序，以下按新的表头读；新表头缺少：{lost}",
                row=at + 1,
                lost=tuple(lost),
            )
        self.findings.tell(text, f"A{at + 1}")
        return True

    def tell_repeated(self, at: int) -> None:
        """Say that a heading stands once more."""
        self.findings.tell(message("重复的表头，没有当作数据"), f"A{at + 1}")

    def tell_total(self, at: int, name: str) -> None:
        """Say that a total was passed over."""
        self.findings.tell(message("“{name}”行没有当作数据", name=shorten(name)), f"A{at + 1}")

    def is_aside(self, row: Row) -> bool:
        """Whether the row is a total, a signature, an example or the numbers of the columns."""
        at, owner = row.at, row.owner
        texts = [owner] if owner else strings(row.cells)
        if texts and is_example(texts[0]):
            self.findings.tell(message("示例行，没有读入"), f"A{at + 1}")
            return True
        if at == self.plan.heading.after and is_numbering(row.cells):
            self.findings.tell(message("栏次行，没有当作数据"), f"A{at + 1}")
            return True
        has_code = any(
            slot.name in row.values for slot in self.plan.keys if slot.column.kind is Kind.CODE
        )
        total = next((text for text in texts if is_total(text)), None)
        if total is not None and not has_code:
            self.tell_total(at, total)
            return True
        if texts and is_foot(texts[0]):
            said = message("表下的说明“{text}”没有当作数据", text=shorten(texts[0], 20))
            self.findings.tell(said, f"A{at + 1}")
            return True
        return False

    def is_shifted(self, row: Row) -> bool:
        """Refuse a row whose cells clearly stand in wrong columns: its code is found elsewhere."""
        slot = next((one for one in self.plan.keys if one.column.kind is Kind.CODE), None)
        if slot is None or slot.name in row.values:
            return False
        failed = {failure.slot.index for failure in row.failures}
        names = {one.index for one in self.plan.keys if one.column.kind is Kind.TEXT}
        others = {one.index for one in self.plan.slots if one.column.kind is Kind.CODE}
        others |= {at for at, text in self.plan.heading.unknown if "码" in text}
        several = len(row.failures) > 1
        found = [
            index
            for index, cell in enumerate(row.cells)
            if index != slot.index
            and looks_like_code(cell, slot.column)
            and (several or (index not in others and {index, slot.index} & (failed | names)))
        ]
        if not found:
            return False
        self.findings.refuse(
            f"{letter(found[0])}{row.at + 1}",
            slot.column.full_name,
            plain_words(row.cells[found[0]]),
            message(
                "这一行的格子错了位：“{heading}”像是在 {found} 列，应在 {wanted} 列",
                heading=slot.column.printed,
                found=tuple(map(letter, found[:3])),
                wanted=letter(slot.index),
            ),
            message("请把整行移回原来的列后再传"),
            row=row.at + 1,
            name=row.owner,
            whole_row=True,
        )
        return True

    def overflows(self, row: Row) -> bool:
        """Refuse a row of a csv that has more cells than the heading: a comma stood unquoted."""
        width = self.plan.width
        if not any(str(cell).strip() for cell in row.cells[width:]):
            return False
        self.findings.refuse(
            f"A{row.at + 1}",
            "",
            plain_words(row.cells[width]),
            message(
                "这一行有 {cells} 格，表头只有 {width} 格，内容可能错了位",
                cells=len(row.cells),
                width=width,
            ),
            message("请检查内容里有没有多余的逗号，改好后再传"),
            row=row.at + 1,
            name=row.owner,
            whole_row=True,
        )
        return True

    def refuse_ownerless(self, row: Row) -> None:
        """Refuse a row that says of no enterprise; one that says nothing at all is passed over."""
        if not row.values and not row.failures:
            if row.told or strings(row.cells):
                self.findings.tell(message("没有内容的行，没有读入"), f"A{row.at + 1}")
            return
        failure = next((one for one in row.failures if one.slot in self.plan.keys), None)
        headings = tuple(self.sheet.column(name).printed for name in self.sheet.key)
        self.findings.refuse(
            f"{letter(failure.slot.index) if failure else 'A'}{row.at + 1}",
            failure.slot.column.full_name if failure else " / ".join(headings),
            plain_words(failure.cell) if failure else "",
            failure.problem.rule
            if failure
            else message("看不出这一行是哪家企业的：{columns} 都没有", columns=headings),
            failure.problem.remedy if failure else message("请补上 {columns}", columns=headings),
            row=row.at + 1,
            name=row.owner,
            whole_row=True,
        )

    def keep(self, row: Row) -> None:
        """Keep a row; its refused cells are unknown."""
        number = row.at + 1
        self.upper = []
        for slot, text in row.told:
            self.findings.tell(text, f"{letter(slot.index)}{number}", slot.name)
        for failure in row.failures:
            self.findings.refuse(
                f"{letter(failure.slot.index)}{number}",
                failure.slot.column.full_name,
                plain_words(failure.cell),
                failure.problem.rule,
                failure.problem.remedy,
                row=number,
                name=row.owner,
            )
        if row.failures:
            self.refused[len(self.into.rows)] = tuple(
                (failure.slot.name, failure.cell) for failure in row.failures
            )
        if self.plan.required:
            self.refuse_unfilled(row)
        if self.unheaded:
            self.look_beside(row)
        self.into.rows.append(row.values)
        self.into.places.append(number)

    def refuse_unfilled(self, row: Row) -> None:
        """Say which cells that must be filled are not."""
        failed = {failure.slot.name for failure in row.failures}
        for slot in self.plan.required:
            if slot.name not in row.values and slot.name not in failed:
                cell = row.cells[slot.index] if slot.index < len(row.cells) else ""
                self.findings.refuse(
                    f"{letter(slot.index)}{row.at + 1}",
                    slot.column.full_name,
                    plain_words(cell),
                    message("必填的一格没有填"),
                    message("请补上"),
                    row=row.at + 1,
                    name=row.owner,
                )

    def look_beside(self, row: Row) -> None:
        """Tell once of each column that holds something but has no heading."""
        for index in [one for one in self.unheaded if one < len(row.cells)]:
            cell = row.cells[index]
            if cell != "" and plain_words(cell).strip():
                text = message("{column} 列有内容却没有表头，没有读", column=letter(index))
                self.findings.tell(text, f"{letter(index)}{row.at + 1}")
                self.unheaded.remove(index)

    def refuse_missing(self) -> None:
        """Say which columns that must be there are not."""
        for column in self.sheet.columns:
            if column.required and column.name not in self.into.known_columns:
                self.findings.refuse(
                    "",
                    column.full_name,
                    "",
                    message("缺少必需的列“{column}”", column=column.full_name),
                    message("请补上这一列；表头可从模板复制"),
                )


def trimmed(line: Sequence[str]) -> tuple[str, ...]:
    """A line without the blanks at its end."""
    end = len(line)
    while end and not line[end - 1]:
        end -= 1
    return tuple(line[:end])


def is_wordy(cell: object) -> bool:
    """Whether a cell holds words rather than a number, at a glance."""
    return (
        isinstance(cell, str)
        and cell != ""
        and not (cell[0] in NUMBER_SIGNS and cell[-1] in NUMBER_SIGNS)
    )


def looks_like_code(cell: object, column: Column) -> bool:
    """Whether a cell holds what should stand in the column of codes."""
    if not isinstance(cell, str):
        return False
    if column.is_credit_code:
        return is_credit_code(cell)
    return column.digits > 4 and compact(cell).isdecimal() and len(compact(cell)) == column.digits
