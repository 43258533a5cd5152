"""Reading sheets: which page is which table, then its rows; nothing is dropped in silence."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from peiyu.tables.answers import Problem, Told
from peiyu.tables.cells import read_value
from peiyu.tables.files import Page, Source, Unreadable, csv_page, workbook_pages
from peiyu.tables.headings import Heading, find_heading
from peiyu.tables.layout import Layout, Sheet
from peiyu.tables.repeats import refuse_repeats
from peiyu.tables.results import Note, Read, Refusal, SheetRead
from peiyu.tables.rows import PageReader
from peiyu.tables.spelling import name_key, squeeze
from peiyu.tables.units import yuan
from peiyu.words import Message, mark, message

Progress = Callable[[int, int], None]

OWN_PAGES = frozenset(
    squeeze(title)
    for title in (mark("填表说明"), mark("数据字典"), "_选项", "Guide", "Dictionary", "_choices")
)
"""Pages of our own templates that hold no data."""
EVERY = 1000
"""Rows between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A page recognised as a table of the layout."""

    page: Page
    sheet: Sheet
    heading: Heading
    by_title: bool


def read_workbook(
    source: Source,
    layout: Layout,
    *,
    unit: str | None = None,
    progress: Progress | None = None,
) -> Read:
    """A workbook (.xlsx, .xls, .ods …) read by the layout.

    `unit` is the unit of money where neither heading nor sheet nor cell says one. A file that
    cannot be opened raises `Unreadable`.
    """
    return read_pages(workbook_pages(source), layout, unit, progress)


def read_csv(
    source: Source,
    layout: Layout | Sheet,
    *,
    unit: str | None = None,
    progress: Progress | None = None,
    encoding: str | None = None,
    title: str = "",
) -> Read:
    """One csv file, read as the sheet given, or as that one of a layout that it is."""
    page = csv_page(source, title, encoding)
    return read_pages([page], (layout,) if isinstance(layout, Sheet) else layout, unit, progress)


def read_folder(
    folder: str | os.PathLike[str],
    layout: Layout,
    *,
    unit: str | None = None,
    progress: Progress | None = None,
) -> Read:
    """A folder with one csv a table; the name of the file is that of the sheet."""
    files = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() == ".csv")
    if not files:
        raise Unreadable(message("文件夹“{name}”里没有 csv 文件", name=Path(folder).name))
    return read_pages([csv_page(path) for path in files], layout, unit, progress)


def read_any(
    path: str | os.PathLike[str],
    layout: Layout,
    *,
    unit: str | None = None,
    progress: Progress | None = None,
) -> Read:
    """A workbook, a csv file or a folder of them, whichever stands at `path`."""
    path = Path(path)
    if path.is_dir():
        return read_folder(path, layout, unit=unit, progress=progress)
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        return read_csv(path, layout, unit=unit, progress=progress)
    return read_workbook(path, layout, unit=unit, progress=progress)


def read_pages(
    pages: Sequence[Page], layout: Layout, unit: str | None, progress: Progress | None
) -> Read:
    """Pages read by the layout."""
    if unit is not None and yuan(unit) is None:
        raise ValueError(f"no unit of money: {unit!r}; use 元, 千元, 万元, 百万元 or 亿元")
    read = Read()
    claims = claim_pages(pages, layout, read)
    total = sum(claim.page.height for claim in claims)
    step = stepper(total, progress)
    for sheet in layout:
        readers = []
        for claim in claims:
            if claim.sheet is not sheet:
                continue
            into = read.sheets.setdefault(sheet.name, SheetRead(sheet.name))
            reader = PageReader(claim.page, sheet, claim.heading, into, unit or "")
            reader.read(step)
            readers.append(reader)
        if not readers:
            continue
        if sheet.single:
            refuse_repeats(sheet, read.sheets[sheet.name], readers)
        for reader in readers:
            read.refusals.extend(reader.findings.refusals)
            read.unitless.extend(reader.findings.unitless)
            read.notes.extend(reader.findings.notes())
    if progress:
        progress(total, total)
    return read


def stepper(total: int, progress: Progress | None) -> Callable[[], None]:
    """What is called for each row: now and then it reports how far the reading is."""
    if progress is None:
        return lambda: None
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % EVERY == 0:
            progress(min(done, total), total)

    return step


def claim_pages(pages: Sequence[Page], layout: Layout, read: Read) -> list[Claim]:
    """Which page is which table: by its title, else by its headings where no title fits."""
    claims: list[Claim] = []
    others: list[Page] = []
    for page in pages:
        for text in page.remarks:
            read.notes.append(Note(page.title, "", text))
        if squeeze(page.title) in OWN_PAGES:
            continue
        if page.is_blank:
            leave(page, message("工作表是空的"), read)
            continue
        titled = next((sheet for sheet in layout if is_title(page.title, sheet)), None)
        if titled is None:
            others.append(page)
            continue
        heading = find_heading(page.head, page.merges, titled)
        if heading is None or len(heading.places) < min(2, len(titled.columns)):
            refuse_headings(page, titled, read)
        else:
            claims.append(Claim(page, titled, heading, True))
    claims = [claim for claim in claims if is_owned(claim, read)]
    titled_tables = {claim.sheet.name for claim in claims}
    for page in others:
        claim = claim_by_heading(page, layout)
        if claim is None:
            leave(page, message("认不出工作表“{title}”是哪张表，没有读", title=page.title), read)
        elif claim.sheet.name in titled_tables:
            text = message(
                "工作表“{title}”像“{table}”，但那张表已有同名的工作表，没有读；要读请改名或合并",
                title=page.title,
                table=claim.sheet.titles[0],
            )
            leave(page, text, read)
        elif is_owned(claim, read):
            claims.append(claim)
            if len(layout) > 1:
                text = message(
                    "工作表“{title}”按表头认作“{table}”",
                    title=page.title,
                    table=claim.sheet.titles[0],
                )
                read.notes.append(Note(page.title, "", text, claim.sheet.name))
    for claim in claims:
        if claim.page.hidden:
            text = message("工作表“{title}”是隐藏的，也读入了", title=claim.page.title)
            read.notes.append(Note(claim.page.title, "", text, claim.sheet.name))
    return claims


def leave(page: Page, text: Message, read: Read) -> None:
    """Leave a page unread, and say so."""
    read.unread.append(page.title)
    read.notes.append(Note(page.title, "", text))


def is_owned(claim: Claim, read: Read) -> bool:
    """Whether a page has a column that says whose its rows are; refuse it if it has none."""
    sheet, found = claim.sheet, claim.heading.indexes
    if not sheet.key or any(name in found for name in sheet.key):
        return True
    headings = tuple(sheet.column(name).printed for name in sheet.key)
    rule = message("看不出各行是哪家企业的：{columns} 这些列都没有", columns=headings)
    refuse_page(claim.page, sheet, rule, message("请补上其中一列；表头可从模板复制"), read)
    return False


def refuse_page(page: Page, sheet: Sheet, rule: Message, remedy: Message, read: Read) -> None:
    """Refuse a page as a whole: the table is then absent, which is not the same as empty."""
    read.unread.append(page.title)
    read.refusals.append(Refusal(page.title, "", "", "", rule, remedy, table=sheet.name))


def refuse_headings(page: Page, sheet: Sheet, read: Read) -> None:
    """Refuse a page that has the title of a table and not its headings."""
    headings = tuple(column.full_name for column in sheet.columns[:6])
    rule = message(
        "工作表“{title}”里认不出“{table}”的表头", title=page.title, table=sheet.titles[0]
    )
    refuse_page(
        page, sheet, rule, message("请用模板的表头，例如：{headings}", headings=headings), read
    )


def is_title(title: str, sheet: Sheet) -> bool:
    """Whether a page bears the name of a table, a number before it or after it aside."""
    known = {squeeze(name) for name in (sheet.name, *sheet.titles)}
    title = squeeze(title)
    bare = title.lstrip("附表件0123456789.-_、: ").rstrip()
    return title in known or bare in known


def claim_by_heading(page: Page, layout: Layout) -> Claim | None:
    """The table whose headings a page has: most of them, and more than say whose rows they are."""
    found: list[tuple[int, Claim]] = []
    for sheet in layout:
        heading = find_heading(page.head, page.merges, sheet)
        if heading is None:
            continue
        own = [place for place in heading.places if place.column.name not in sheet.key]
        known = len(heading.places)
        named = known + len(heading.unknown) + len(heading.again)
        alone = len(layout) == 1
        keyed = len(heading.places) > len(own)
        if known < min(2, len(sheet.columns)) or not (own or alone):
            continue
        mostly = known * 2 >= named or known * 2 >= len(sheet.columns)
        if alone or mostly or (keyed and len(own) >= 2):
            found.append((len(own), Claim(page, sheet, heading, False)))
    found.sort(key=lambda one: -one[0])
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1]


__all__ = [
    "Note",
    "Problem",
    "Read",
    "Refusal",
    "SheetRead",
    "Told",
    "Unreadable",
    "name_key",
    "read_any",
    "read_csv",
    "read_folder",
    "read_pages",
    "read_value",
    "read_workbook",
]
