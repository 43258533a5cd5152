"""Headings: which column of a file is which column of the layout, and in which unit.

Headings come with stars, units, notes in brackets, years before or after, and over two lines
(2018年 over 销售收入（万元）). They are compared in three strengths: as written, without units and
hints, without any brackets. Nothing weaker is ever guessed, only suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache

from peiyu.tables.layout import Column, Sheet
from peiyu.tables.spelling import shorten, squeeze
from peiyu.tables.units import TAIL, is_unit, yuan

Merge = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, from zero, inclusive."""

SEARCHED = 40
"""Rows from the top among which the heading is looked for."""
DEEPEST = 3
"""Lines a heading may have."""

BRACKETED = re.compile(r"\(([^()]*)\)")
ORNAMENT = re.compile(r"[*★☆※▲△●:]|^#")
YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:年度?)?(?![0-9])")
LETTER = re.compile(r"[^\W\d_]")
ONLY_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:年度?)?")
PARTS = re.compile(r"[,;、，；]+")
HINT = re.compile(
    r"必填项?|选填项?|可选|可不填|可为空|单选|多选|下拉.*|是/否|是或否|y/n|文本|文本格式|数字|数值|整数|日期|"
    r"请.*|如.*|例.*|格式.*|保留.*小数|精确到.*|yyyy.*|[0-9]+位|required|optional"
)
NUMBERING = frozenset(("序号", "行号", "no", "no.", "#", "编序", "行次"))
"""Headings of columns that only count the rows: passed over without a word."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One heading text in three strengths, with the unit found in it."""

    forms: tuple[str, str, str]
    unit: str = ""


@lru_cache(maxsize=16384)
def parse(text: str, units: frozenset[str] = frozenset()) -> Parsed:
    """A heading text taken apart; `units` are units of the layout besides the usual ones."""
    full = canonical(squeeze(text))
    unit = ""
    years = ""

    def without_units(found: re.Match[str]) -> str:
        nonlocal unit, years
        kept = []
        for part in PARTS.split(found[1]):
            word = re.sub(r"^(?:计量|金额|货币)?单位", "", part)
            if ONLY_YEAR.fullmatch(word):
                years += canonical(word)
            elif word and (is_unit(word) or word in units):
                unit = unit or word
            elif "/" in word and yuan(word.partition("/")[0]) is not None:
                unit = unit or word.partition("/")[0]
            elif word and not HINT.fullmatch(word):
                kept.append(part)
        return f"({','.join(kept)})" if kept else ""

    bare = BRACKETED.sub(without_units, full)
    loose = BRACKETED.sub("", bare)
    return Parsed((full, canonical(years + bare), canonical(years + loose)), unit)


def canonical(text: str) -> str:
    """A squeezed heading without ornaments, its years alike: 2018年度, 2018 → 2018年."""
    text = YEAR.sub(r"\1年", ORNAMENT.sub("", text))
    return text.replace("年年末", "年末").replace("年年初", "年初")


@dataclass(frozen=True, slots=True)
class Index:
    """The headings of one sheet of the layout, by strength; an ambiguous one leads nowhere."""

    by_form: tuple[dict[str, Column | None], ...]
    alone: frozenset[str]
    """Every form of a heading without its group: what may stand in the lowest line."""
    units: frozenset[str]
    suggestions: dict[str, Column]

    def may_be(self, text: str) -> bool:
        """Whether a text could be a heading under some group: a quick look before `find`."""
        if not LETTER.search(text):
            return False
        forms = parse(text, self.units).forms
        if not self.alone.isdisjoint(forms):
            return True
        tail = TAIL.search(forms[1])
        return tail is not None and canonical(forms[1][: tail.start()]) in self.alone

    def find(self, own: str, uppers: Sequence[str] = ()) -> tuple[Column, int, str] | None:
        """The column of a heading under its group lines: column, weakness of the match, unit."""
        parsed = parse(own, self.units)
        above = [parse(upper, self.units) for upper in uppers]
        unit = parsed.unit or next((upper.unit for upper in above if upper.unit), "")
        for strength in range(3):
            for upper in above:
                column = self.by_form[strength].get(
                    canonical(upper.forms[strength] + parsed.forms[strength])
                )
                if column:
                    return column, strength, unit
        for strength in range(3):
            column = self.by_form[strength].get(parsed.forms[strength])
            if column:
                return column, strength, unit
        bare = parsed.forms[1]
        tail = TAIL.search(bare)
        if tail:
            for text in (*(upper.forms[1] for upper in above), ""):
                column = self.by_form[1].get(canonical(text + bare[: tail.start()]))
                if column:
                    return column, 1, parsed.unit or tail[1]
        return None

    def nearest(self, text: str) -> str:
        """The known heading most like an unknown one, as printed; empty if none is like it."""
        found = get_close_matches(parse(text, self.units).forms[1], self.suggestions, 1, 0.6)
        return self.suggestions[found[0]].full_name if found else ""


@lru_cache(maxsize=256)
def index_of(sheet: Sheet) -> Index:
    """The index of the headings of one sheet of the layout."""
    units = frozenset(squeeze(column.unit) for column in sheet.columns if column.unit)
    by_form: tuple[dict[str, Column | None], ...] = ({}, {}, {})
    suggestions: dict[str, Column] = {}
    alone: set[str] = set()
    for column in sheet.columns:
        for heading in column.headings:
            alone.update(parse(heading, units).forms)
        for text in written_forms(column, sheet):
            forms = parse(text, units).forms
            suggestions.setdefault(forms[1], column)
            alone.update(forms)
            for known, form in zip(by_form, forms, strict=True):
                known[form] = column if known.get(form, column) is column else None
    return Index(by_form, frozenset(alone), units, suggestions)


def written_forms(column: Column, sheet: Sheet) -> Iterator[str]:
    """The ways the heading of a column may stand in one cell or in two lines read together."""
    for heading in column.headings:
        if not column.over:
            yield heading
            continue
        yield f"{column.over}{heading}"
        yield f"{heading}{column.over}"
        alike = sum(heading in other.headings for other in sheet.columns)
        year = YEAR.search(squeeze(column.over))
        if alike == 1 and (not year or year[1] in squeeze(heading)):
            yield heading


@dataclass(frozen=True, slots=True)
class Place:
    """A column of the layout found in the file."""

    index: int
    column: Column
    heading: str
    unit: str
    weakness: int


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading lines of a sheet of the file: what stands where."""

    row: int
    depth: int
    after: int
    places: tuple[Place, ...]
    again: tuple[Place, ...]
    unknown: tuple[tuple[int, str], ...]
    blank: tuple[int, ...]

    @property
    def indexes(self) -> dict[str, int]:
        """The place of each column found, by its name."""
        return {place.column.name: place.index for place in self.places}


def words(cell: object) -> str:
    """The words of a cell that may be a heading; of numbers only a year is one."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float | int) and not isinstance(cell, bool) and 1900 <= cell <= 2100:
        return format(cell, ".15g")
    return ""


def read_heading(lines: Sequence[Sequence[str]], sheet: Sheet, row: int) -> Heading:
    """The heading that the lines say, the lowest last: each column its own words under groups."""
    index = index_of(sheet)
    width = max((len(line) for line in lines), default=0)
    found: list[Place] = []
    unknown: list[tuple[int, str]] = []
    blank: list[int] = []
    for at in range(width):
        stack = [line[at] if at < len(line) else "" for line in lines]
        own, uppers = own_words(stack)
        if not own:
            blank.append(at)
            continue
        match = index.find(own, uppers)
        if match is None:
            unknown.append((at, own))
        else:
            column, weakness, unit = match
            found.append(Place(at, column, own, unit, weakness))
    places, again = first_of_each(found)
    weaker = [(place.index, place.heading) for place in again if place.weakness > 1]
    return Heading(
        row,
        len(lines),
        row + 1,
        tuple(places),
        tuple(place for place in again if place.weakness <= 1),
        tuple(sorted([*unknown, *weaker])),
        tuple(blank),
    )


def own_words(stack: list[str]) -> tuple[str, list[str]]:
    """The lowest words of a column of heading lines, and the group lines above, nearest first."""
    while stack and not stack[-1]:
        stack.pop()
    if not stack:
        return "", []
    own = stack.pop()
    return own, [upper for upper in reversed(stack) if upper and upper != own]


def first_of_each(found: list[Place]) -> tuple[list[Place], list[Place]]:
    """For each column the place that matches it most exactly, the leftmost of equals; the rest."""
    best: dict[str, Place] = {}
    for place in found:
        known = best.get(place.column.name)
        if known is None or place.weakness < known.weakness:
            best[place.column.name] = place
    places = [place for place in found if best[place.column.name] is place]
    rest = [place for place in found if best[place.column.name] is not place]
    return places, rest


def find_heading(
    rows: Sequence[Sequence[object]], merges: Sequence[Merge], sheet: Sheet
) -> Heading | None:
    """The heading of `sheet` among the first rows of a page: the lines that name most columns."""
    top = [[words(cell) for cell in row] for row in rows[:SEARCHED]]
    owned = spread(top, merges)
    groups = [fill_right(line, at, merges) for at, line in enumerate(owned)]
    index = index_of(sheet)
    best: Heading | None = None
    for row in range(len(top)):
        for depth in range(1, min(DEEPEST, row + 1) + 1):
            lowest = lowest_words(top, owned, row, depth)
            known = sum(1 for text in lowest if text and index.may_be(text))
            if known <= (len(best.places) if best else 0):
                continue
            lines = [*groups[row - depth + 1 : row], lowest]
            heading = read_heading(lines, sheet, row)
            if len(heading.places) > (len(best.places) if best else 0):
                best = heading
    return best and with_unit_line(best, top)


def lowest_words(
    top: Sequence[Sequence[str]], owned: Sequence[Sequence[str]], row: int, depth: int
) -> list[str]:
    """The lowest line of a heading; where it is blank, the words just above it (name, code …)."""
    line = list(owned[row])
    for above in range(row - 1, row - depth, -1):
        for at, text in enumerate(top[above]):
            if text and (at >= len(line) or not line[at]):
                line.extend([""] * (at + 1 - len(line)))
                line[at] = text
    return line


def spread(top: list[list[str]], merges: Sequence[Merge]) -> list[list[str]]:
    """The first rows with the words of merged cells in every cell of the merge."""
    filled = [list(line) for line in top]
    for first, left, last, right in merges:
        if first >= len(top) or left >= len(top[first]):
            continue
        text = top[first][left]
        for row in range(first, min(last, len(top) - 1) + 1):
            line = filled[row]
            for at in range(left, min(right + 1, len(line))):
                line[at] = text
    return filled


def fill_right(line: Sequence[str], row: int, merges: Sequence[Merge]) -> list[str]:
    """A group line with its words repeated to the right, unless the file merges cells there."""
    if any(first <= row <= last and right > left for first, left, last, right in merges):
        return list(line)
    filled: list[str] = []
    for text in line:
        filled.append(text or (filled[-1] if filled else ""))
    return filled


def with_unit_line(heading: Heading, top: Sequence[Sequence[str]]) -> Heading:
    """The heading with the units of a line right below it that holds nothing but units."""
    if heading.row + 1 >= len(top):
        return heading
    below = top[heading.row + 1]
    said = [text for text in below if text]
    if not said or not all(is_unit(text.strip("()（）")) for text in said):
        return heading
    places = tuple(
        Place(
            place.index,
            place.column,
            place.heading,
            place.unit or (below[place.index] if place.index < len(below) else ""),
            place.weakness,
        )
        for place in heading.places
    )
    return replace(heading, after=heading.after + 1, places=places)


def is_group(text: str, sheet: Sheet) -> bool:
    """Whether a text is a group line over columns of the sheet: 2018年."""
    overs = {canonical(squeeze(column.over)) for column in sheet.columns if column.over}
    return parse(text).forms[1] in overs


def spoken(text: str) -> str:
    """A heading short enough for a sentence."""
    return shorten(text, 40)
