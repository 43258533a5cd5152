"""Rows of one enterprise that stand twice in a sheet where each enterprise has one row."""

from __future__ import annotations

from peiyu.tables.layout import Kind, Sheet
from peiyu.tables.results import Findings, SheetRead
from peiyu.tables.rows import PageReader
from peiyu.tables.spelling import name_key
from peiyu.words import message


def refuse_repeats(sheet: Sheet, read: SheetRead, readers: list[PageReader]) -> None:
    """Drop repeated rows: the same again with a remark, a different one with a refusal."""
    columns = [sheet.column(name) for name in (*sheet.key, *sheet.beside)]
    code = next((one.name for one in columns if one.kind is Kind.CODE), "")
    name = next((one.name for one in columns if one.kind is Kind.TEXT), "")
    rest = [one.name for one in columns if one.name not in (code, name)]
    first: dict[object, int] = {}
    dropped: set[int] = set()
    for index, row in enumerate(read.rows):
        others = tuple(str(row.get(one)) for one in rest)
        keys: list[object] = []
        if code in row:
            keys.append(("code", row[code], others))
        if name in row:
            keys.append(("name", name_key(str(row[name])), others))
        known = next((first[key] for key in keys if key in first), None)
        if known is None:
            first.update((key, index) for key in keys)
            continue
        alike = is_alike(index, known, name, read, readers)
        if sheet.all_rows and not alike:
            continue
        dropped.add(index)
        tell_repeat(index, known, (name, code), read, readers, alike=alike)
    if dropped:
        drop(read, dropped)


def is_alike(
    index: int, known: int, named: str, read: SheetRead, readers: list[PageReader]
) -> bool:
    """Whether two rows say the same, also in what could not be read."""
    same = comparable(read.rows[index], named) == comparable(read.rows[known], named)
    return same and refused(index, readers) == refused(known, readers)


def tell_repeat(
    index: int,
    known: int,
    keys: tuple[str, str],
    read: SheetRead,
    readers: list[PageReader],
    *,
    alike: bool,
) -> None:
    """Say that a row repeats another, and whether it says the same."""
    named, coded = keys
    row = read.rows[index]
    name = str(row.get(named) or row.get(coded) or "")
    findings = findings_of(index, read, readers)
    place, earlier = read.places[index], where(known, read, read.title(index))
    address = f"A{place}"
    if alike:
        findings.tell(message("与第 {row} 行完全一样，只算一次", row=earlier), address)
        return
    findings.refuse(
        address,
        "",
        name,
        message("与第 {row} 行是同一家企业，内容却不同", row=earlier),
        message("请核对后只留一行"),
        row=place,
        name=name,
        whole_row=True,
    )
    findings_of(known, read, readers).tell(
        message(
            "第 {row} 行又写了这家企业，内容不同；先按这一行读",
            row=where(index, read, read.title(known)),
        ),
        f"A{read.places[known]}",
    )


def comparable(row: dict[str, object], named: str) -> dict[str, object]:
    """A row for comparing: however its name is spaced and bracketed, it is the same name."""
    return {**row, named: name_key(str(row[named]))} if named in row else row


def where(index: int, read: SheetRead, title: str) -> str:
    """The number of a row, with its page if that is another one."""
    other = read.title(index)
    return f"{read.places[index]}" if other == title else f"{other}!{read.places[index]}"


def findings_of(index: int, read: SheetRead, readers: list[PageReader]) -> Findings:
    """The findings of the page on which a row stands."""
    title = read.title(index)
    return next(one.findings for one in readers if one.page.title == title)


def refused(index: int, readers: list[PageReader]) -> object:
    """The cells of a row that were refused, as written."""
    return next((one.refused[index] for one in readers if index in one.refused), ())


def drop(read: SheetRead, dropped: set[int]) -> None:
    """Take rows out, keeping what is known of the places of the others."""
    kept = [index for index in range(len(read.rows)) if index not in dropped]
    before = sorted(dropped)
    read.spans = [
        type(span)(
            span.first - sum(1 for index in before if index < span.first), span.title, span.letters
        )
        for span in read.spans
    ]
    read.rows = [read.rows[index] for index in kept]
    read.places = [read.places[index] for index in kept]
