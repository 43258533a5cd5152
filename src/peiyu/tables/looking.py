"""What a file has before it is read: its pages, their headings, what each would be read as."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from peiyu.tables.answers import CellError, Problem, Shown
from peiyu.tables.files import Page, csv_page, workbook_pages
from peiyu.tables.headings import Heading, Place, fill_right, find_heading, spread, words
from peiyu.tables.layout import Kind, Layout, Sheet
from peiyu.tables.plans import repeated, strange_over, strange_unit, unit_over
from peiyu.tables.reading import OWN_PAGES, read_pages
from peiyu.tables.results import Read
from peiyu.tables.spelling import letter, shorten, squeeze

SAMPLES = 3
LONGEST_HEADING, LONGEST_SAMPLE = 200, 30
FEWEST = 2
"""Words in a line that may be a heading nobody knows."""
PLAIN = (".csv", ".txt", ".tsv")


@dataclass(frozen=True, slots=True)
class SeenHeading:
    """One heading of a page: its words, which column it would be read as (empty: none), samples.

    Words that stand in the page more than once have those of their group before them: 2018年收入.
    """

    text: str
    letter: str
    column: str
    unit: str
    samples: tuple[str, ...]
    group: str = ""
    """The words over it, in a heading of several lines."""
    money: bool = False
    lost: Problem | None = None
    """Why the column is not read although its heading is known."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A page and the sheet of the layout that it fits best; none where it fits none."""

    page: Page
    sheet: Sheet | None
    headings: tuple[SeenHeading, ...]
    unit: str = ""
    """The unit of money that stands over the table."""
    strange_unit: str = ""
    """What stands there instead: a unit that is none of our money."""

    def read(self, unit: str | None = None) -> Read:
        """The rows of the page; it can be read once."""
        assert self.sheet is not None
        return read_pages([self.page], (self.sheet,), unit, None)


def look(path: str | os.PathLike[str], layout: Layout, name: str = "") -> list[Looked]:
    """The pages of a workbook or csv file that hold something, each with the sheet it fits.

    `name` is what the file is called where its path does not say. A file that cannot be opened
    raises `Unreadable`.
    """
    plain = Path(name or path).suffix.lower() in PLAIN
    pages = [csv_page(path, Path(name or path).stem)] if plain else workbook_pages(path, name)
    return [
        looked_at(page, layout)
        for page in pages
        if not page.is_blank and squeeze(page.title) not in OWN_PAGES
    ]


def looked_at(page: Page, layout: Layout) -> Looked:
    """The sheet that names most of a page's headings; of equals the first of the layout."""
    best: tuple[int, Sheet, Heading] | None = None
    for sheet in layout:
        heading = find_heading(page.head, page.merges, sheet)
        if heading is None or not any(name in heading.indexes for name in sheet.key):
            continue
        own = sum(place.column.name not in sheet.key for place in heading.places)
        if own and (best is None or own > best[0]):
            best = own, sheet, heading
    if best is None:
        return Looked(page, None, tuple(_guessed(page)))
    _, sheet, heading = best
    return Looked(
        page,
        sheet,
        tuple(_headings(page, heading)),
        unit_over(page, heading),
        strange_over(page, heading),
    )


def _headings(page: Page, heading: Heading) -> Sequence[SeenHeading]:
    found: dict[int, tuple[str, Place | None, Problem | None]] = {
        place.index: (place.heading, place, strange_unit(place)) for place in heading.places
    }
    found |= {one.index: (one.heading, one, repeated(one, heading)) for one in heading.again}
    found |= {at: (text, None, None) for at, text in heading.unknown}
    said = Counter(text for text, _, _ in found.values())
    groups = _groups(page, heading)
    return [
        SeenHeading(
            shorten(f"{groups.get(at, '') if said[text] > 1 else ''}{text}", LONGEST_HEADING),
            letter(at),
            place.column.name if place and not lost else "",
            place.unit if place else "",
            _samples(page, heading.after, at),
            groups.get(at, ""),
            money=place is not None and place.column.kind is Kind.MONEY,
            lost=lost,
        )
        for at, (text, place, lost) in sorted(found.items())
    ]


def _groups(page: Page, heading: Heading) -> dict[int, str]:
    """The words right above each column of a heading of several lines."""
    top = [[words(cell) for cell in row] for row in page.head[: heading.row + 1]]
    lines = [fill_right(line, at, page.merges) for at, line in enumerate(spread(top, page.merges))]
    found: dict[int, str] = {}
    for line in lines[heading.row - heading.depth + 1 : heading.row]:
        found.update({at: text for at, text in enumerate(line) if text})
    return found


def _guessed(page: Page) -> Sequence[SeenHeading]:
    """The first line with the most words, where nothing in the page is known."""
    lines = [[words(cell) for cell in row] for row in page.head]
    most = max((sum(map(bool, line)) for line in lines), default=0)
    if most < FEWEST:
        return ()
    row = next(at for at, line in enumerate(lines) if sum(map(bool, line)) == most)
    return [
        SeenHeading(shorten(text, LONGEST_HEADING), letter(at), "", "", _samples(page, row + 1, at))
        for at, text in enumerate(lines[row])
        if text
    ]


def _samples(page: Page, after: int, at: int) -> tuple[str, ...]:
    found: list[str] = []
    for row in page.head[after:]:
        if len(found) < SAMPLES and at < len(row) and row[at] not in ("", None):
            found.append(shorten(_as_written(row[at]), LONGEST_SAMPLE))
    return tuple(found)


def _as_written(cell: object) -> str:
    """A cell as a person would read it: 300, not 300.0."""
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, Shown):
        return cell.as_shown()
    return cell.shown if isinstance(cell, CellError) else str(cell)
