"""Files as offices send them, opened as pages of cells: workbooks, csv in whatever coding."""

from __future__ import annotations

import codecs
import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from itertools import chain, islice
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

import python_calamine as calamine

from peiyu.tables.answers import CellError
from peiyu.tables.headings import SEARCHED, Merge
from peiyu.tables.margins import Margins, Style, read_margins, sheet_parts, telling_styles
from peiyu.words import Message, message

Source = str | os.PathLike[str] | IO[bytes]

Special = dict[int, dict[int, CellError | Style]]

MOST_BYTES = 1 << 30
"""A workbook that unpacks to more than this is not opened (a zip bomb, or a mistake)."""
MOST_CELLS = 30_000_000
"""Nor a sheet whose filled corner lies further out than so many cells."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGEST_FIELD = 1 << 20
DELIMITERS = (",", "\t", ";", "|")


class Unreadable(Exception):
    """A file that cannot be opened at all; `text` says why and what to do."""

    def __init__(self, text: Message) -> None:
        """Keep the sentence, for the door to say in its user's language."""
        self.text = text
        super().__init__(text.say())


@dataclass
class Page:
    """One sheet of a workbook, or one csv file: its rows can be walked through once."""

    title: str
    cells: Iterator[list[object]]
    height: int
    merges: Sequence[Merge] = ()
    hidden: bool = False
    separated: bool = False
    """Whether it is a text of separated values, where a stray comma shifts a row."""
    remarks: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look at the first rows, for the heading."""
        self.head = list(islice(self.cells, SEARCHED + 1))

    def rows(self) -> Iterator[list[object]]:
        """All rows, from the first."""
        return chain(self.head, self.cells)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on the page."""
        return self.height <= len(self.head) and not any(
            cell != "" for row in self.head for cell in row
        )


def workbook_pages(source: Source, called: str = "") -> list[Page]:
    """The sheets of a workbook, in its order; chart sheets have no cells and are left out.

    `called` is the name in sentences, where that of the source does not say it.
    """
    data, name = opened(source)
    name = called or name
    with data:
        kind = kind_of(data)
        archive = checked_archive(data) if kind == "zip" else None
        data.seek(0)
        if kind == "ole" and ENCRYPTED in data.read():
            raise locked(name)
        data.seek(0)
        with sound(name), calamine.load_workbook(data) as book:
            return list(book_pages(book, archive))


@contextmanager
def sound(name: str) -> Iterator[None]:
    """Whatever the reader of workbooks stumbles over, said as one sentence."""
    try:
        yield
    except Unreadable:
        raise
    except calamine.PasswordError:
        raise locked(name) from None
    except Exception:
        raise broken(name) from None
    except BaseException as trouble:
        if type(trouble).__name__ == "PanicException":
            raise broken(name) from None
        raise


def book_pages(book: calamine.CalamineWorkbook, archive: ZipFile | None) -> Iterator[Page]:
    """The pages of an opened workbook."""
    parts = sheet_parts(archive) if archive else {}
    styles = telling_styles(archive) if archive and parts else {}
    for about in book.sheets_metadata:
        if about.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        margins = None
        if archive and about.name in parts and parts[about.name] in archive.namelist():
            margins = read_margins(archive, parts[about.name], styles)
            if margins.width * margins.height > MOST_CELLS:
                raise Unreadable(
                    message(
                        "工作表“{title}”铺到了第 {height} 行、第 {width} 列，绝大部分是空的；"
                        "请删除多余的单元格后再传",
                        title=about.name,
                        height=margins.height,
                        width=margins.width,
                    )
                )
        page = sheet_page(book.get_sheet_by_name(about.name), margins)
        page.hidden = about.visible is not calamine.SheetVisibleEnum.Visible
        if margins is None or margins.blind:
            page.remarks.append(
                message(
                    "这种格式的文件看不出错误单元格和百分比显示，它们会被读作空白或原数；"
                    "请另存为 .xlsx 再传，更稳妥"
                )
            )
        yield page


def sheet_page(sheet: calamine.CalamineSheet, margins: Margins | None) -> Page:
    """One sheet as a page: its cells from the first row and column, errors in their places."""
    merges = [
        (first, left, last, right)
        for (first, left), (last, right) in sheet.merged_cell_ranges or ()
    ]
    special: Special = margins.cells if margins else {}
    height = max(sheet.end[0] if sheet.end else -1, max(special, default=-1)) + 1
    return Page(sheet.name, sheet_rows(sheet, special, height), height, merges)


def sheet_rows(
    sheet: calamine.CalamineSheet, special: Special, height: int
) -> Iterator[list[object]]:
    """The rows of a sheet, with what the fast reader leaves out put back."""
    padding: list[object] = [""] * (sheet.start[1] if sheet.start else 0)
    at = -1
    for at, cells in enumerate(sheet.iter_rows()):
        row = [*padding, *cells]
        if at in special:
            put_back(row, special[at])
        yield row
    for below in range(at + 1, height):
        row = []
        put_back(row, special.get(below, {}))
        yield row


def put_back(row: list[object], special: dict[int, CellError | Style]) -> None:
    """Errors and shown numbers put into a row."""
    for column, what in special.items():
        if column >= len(row):
            row.extend([""] * (column + 1 - len(row)))
        cell = row[column]
        if isinstance(what, CellError):
            row[column] = what
        elif isinstance(cell, float):
            row[column] = what(cell)


def opened(source: Source) -> tuple[IO[bytes], str]:
    """A file opened for reading, and its name for sentences."""
    if not isinstance(source, str | os.PathLike):
        name = Path(str(getattr(source, "name", ""))).name
        return BytesIO(source.read()), name
    path = Path(source)
    try:
        return path.open("rb"), path.name
    except OSError:
        raise Unreadable(message("打不开文件“{name}”", name=path.name)) from None


def kind_of(data: IO[bytes]) -> str:
    """zip or ole, from the first bytes; anything else is no workbook, whatever its name says."""
    start = data.read(512)
    if not start.strip(b"\x00"):
        raise Unreadable(message("文件是空的"))
    if start.startswith(ZIP):
        return "zip"
    if start.startswith(OLE):
        return "ole"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"mime-version")):
        raise Unreadable(
            message("文件其实是网页，不是 Excel 文件；请用 Excel 或 WPS 打开后另存为 .xlsx 再传")
        )
    if text.startswith(b"%pdf"):
        raise Unreadable(message("文件其实是 PDF，不是 Excel 文件；请传原来的表格"))
    if b"\x00" not in start or start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(
            message(
                "文件其实是文本（csv），不是 Excel 文件；请把扩展名改为 .csv，或另存为 .xlsx 再传"
            )
        )
    raise Unreadable(
        message("文件不是 Excel 文件，或已经损坏；请用 Excel 或 WPS 打开后另存为 .xlsx 再传")
    )


def checked_archive(data: IO[bytes]) -> ZipFile | None:
    """The archive that a new workbook is, if it does not unpack to something monstrous."""
    try:
        archive = ZipFile(data)
        names = set(archive.namelist())
        size = sum(member.file_size for member in archive.infolist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        raise broken("") from None
    if size > MOST_BYTES:
        raise Unreadable(
            message(
                "文件解压后有 {size} MB，超过 {most} MB，没有打开；请拆成几个文件再传",
                size=size >> 20,
                most=MOST_BYTES >> 20,
            )
        )
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Unreadable(message("文件其实是 Word 或 PPT 文件，不是 Excel 文件；请传原来的表格"))
    return archive if "xl/workbook.xml" in names else None


def locked(name: str) -> Unreadable:
    """A workbook that asks for a password."""
    return Unreadable(message("文件“{name}”有密码，打不开；请去掉密码后再传", name=name))


def broken(name: str) -> Unreadable:
    """A workbook that is damaged."""
    return Unreadable(
        message(
            "文件“{name}”已经损坏或不是 Excel 文件；请用 Excel 或 WPS 打开后另存为 .xlsx 再传",
            name=name,
        )
    )


def csv_page(source: Source, title: str = "", encoding: str | None = None) -> Page:
    """A csv file as a page; coding and separator are found out."""
    data, name = opened(source)
    with data:
        content = data.read()
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Unreadable(message("文件是空的"))
    if content.startswith((ZIP, OLE)):
        raise Unreadable(message("文件其实是 Excel 文件，不是 csv；请把扩展名改为 .xlsx 再传"))
    text = decoded(content, encoding)
    if "\x00" in text:
        raise Unreadable(message("文件不是文本，或已经损坏；请重新导出 csv 再传"))
    lines = list(StringIO(text, newline=""))
    delimiter = delimiter_of(lines[:SEARCHED])
    return Page(
        title or Path(name).stem,
        csv_rows(lines, delimiter),
        len(lines),
        separated=True,
    )


def csv_rows(lines: list[str], delimiter: str) -> Iterator[list[object]]:
    """The rows of a csv; ="00123" is Excel's way of keeping a code as text."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.startswith('="') for cell in row):
                row = [cell[2:-1] if cell[:2] == '="' and cell[-1] == '"' else cell for cell in row]
            yield list(row)
    except csv.Error:
        raise Unreadable(
            message(
                "csv 第 {line} 行读不下去，可能少了一个引号；请检查后再传", line=reader.line_num
            )
        ) from None


def decoded(content: bytes, encoding: str | None) -> str:
    """The text of a file: in the coding asked for, else UTF-16 or UTF-8 or GB 18030."""
    if encoding is None and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    for coding in (encoding,) if encoding else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(coding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise Unreadable(message("认不出文件的文字编码；请用 Excel 或 WPS 另存为“CSV UTF-8”再传"))


def delimiter_of(lines: Sequence[str]) -> str:
    """The sign that separates the cells: the one that gives most lines the most cells."""
    return max(DELIMITERS, key=lambda delimiter: usual_width(lines, delimiter))


def usual_width(lines: Sequence[str], delimiter: str) -> int:
    """How many cells most lines have if they are separated by this sign."""
    csv.field_size_limit(LONGEST_FIELD)
    try:
        widths = sorted(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0
    return widths[len(widths) // 2] if widths else 0
