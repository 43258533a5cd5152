"""Sheets that go out: the template of a layout, with its guide and dictionary, and result lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from peiyu.tables.between import EXAMPLE_MARK, is_example
from peiyu.tables.days import FIRST_YEAR, LAST_YEAR
from peiyu.tables.figures import MOST, exact
from peiyu.tables.layout import KIND_WORDS, Column, Kind, Layout, Sheet
from peiyu.tables.spelling import letter
from peiyu.tables.units import default_factor
from peiyu.tables.workbooks import DAY_FORMAT, MONEY_FORMAT, NO, YES, Book, Target, breadth
from peiyu.words import aside, joined, mark, message, translate

GUIDE, DICTIONARY, CHOICES = mark("填表说明"), mark("数据字典"), "_选项"
ROWS_CHECKED = 5000
"""Rows of a template that have drop-downs and checks."""
LONGEST_LIST = 255
"""Longer lists of words Excel takes only from cells."""
LAST_ROW = 1_048_575
"""The last row of a sheet, from zero; a longer list goes on in the next sheet."""

HEAD = {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "align": "center"}
REQUIRED = {**HEAD, "font_color": "#B00020"}
EXAMPLE = {"italic": True, "font_color": "#808080"}

Row = Mapping[str, object]


def write_template(
    target: Target,
    layout: Layout,
    *,
    title: str,
    guide: Sequence[str] = (),
    examples: Mapping[str, Sequence[Row]] | None = None,
    rows: Mapping[str, Sequence[Row]] | None = None,
    dictionary: Sequence[Sequence[str]] | None = None,
    lang: str = "zh",
) -> None:
    """The workbook that enterprises fill in: guide, a sheet for each table, dictionary.

    `examples` holds rows as they are read (money in fen), by the name of the sheet; they are
    printed in grey, marked, and skipped when the sheet comes back; `rows` holds rows that are
    printed below them as data. Without `dictionary` one is made of the layout; given, its first
    line is the header.
    """
    book = Book(target, lang, row_by_row=False)
    write_guide(book, title, guide, layout)
    choices = ChoiceLists()
    for sheet in layout:
        shown, filled = ((found or {}).get(sheet.name, ()) for found in (examples, rows))
        write_table(book, sheet, shown, choices, filled)
    lines = dictionary if dictionary is not None else dictionary_of(layout, lang)
    write_dictionary(book, lines)
    choices.write(book)
    book.close()


def write_guide(book: Book, title: str, guide: Sequence[str], layout: Layout) -> None:
    """The first sheet: what the workbook is for and how to fill it in."""
    page = book.sheet(translate(GUIDE, book.lang))
    page.hide_gridlines(2)
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 90)
    book.put(page, 0, 0, title, bold=True, font_size=16)
    at = 2
    usual = (
        mark("带 * 的列必须填写；不知道的留空，不要写 0，0 表示确实是零。"),
        mark("灰色斜体的是示例，名称以“示例”开头；读入时会跳过，可以删去。"),
        mark("金额按表头括号里的单位填写，不要改表头；换了单位可直接写在格子里，例如 1,200万元。"),
    )
    for line in (*guide, *(translate(text, book.lang) for text in usual)):
        page.merge_range(at, 0, at, 1, "", book.format(text_wrap=True))
        book.put(page, at, 0, line, text_wrap=True)
        page.set_row(at, 18 * (1 + breadth(line) // 115))
        at += 1
    at += 1
    for sheet in layout:
        book.put(page, at, 0, sheet.titles[0], bold=True)
        book.put(page, at, 1, sheet.note, text_wrap=True)
        at += 1


def write_table(
    book: Book,
    sheet: Sheet,
    examples: Sequence[Row],
    choices: ChoiceLists,
    rows: Sequence[Row] = (),
) -> None:
    """One table of the template: headings, formats, checks, examples, and rows already filled in."""
    page = book.sheet(sheet.titles[0])
    grouped = any(column.over for column in sheet.columns)
    first = 2 if grouped else 1
    write_headings(book, page, sheet, grouped)
    for at, column in enumerate(sheet.columns):
        width = max(10, min(40, breadth(heading_of(column, book.lang)) + 3))
        page.set_column(at, at, max(width, least_width(column)), cell_format(book, column))
        check = validation(column, letter(at), first, choices, book)
        if check:
            page.data_validation(first, at, first + ROWS_CHECKED - 1, at, check)
    marked = mark_column(sheet)
    for offset, row in enumerate(examples):
        for at, column in enumerate(sheet.columns):
            value = row.get(column.name)
            if column is marked:
                value = marked_example(value)
            style = {**EXAMPLE, "num_format": number_format(column)}
            book.put(page, first + offset, at, as_filled(value, column, book.lang), **style)
    formats = [(column, number_format(column)) for column in sheet.columns]
    for offset, row in enumerate(rows, len(examples)):
        for at, (column, num_format) in enumerate(formats):
            if (value := row.get(column.name)) is not None:
                shown = as_filled(value, column, book.lang)
                book.put(page, first + offset, at, shown, num_format=num_format)
    leading = 0
    while leading < len(sheet.columns) and sheet.columns[leading].name in sheet.key:
        leading += 1
    page.freeze_panes(first, leading)


def write_headings(book: Book, page: Any, sheet: Sheet, grouped: bool) -> None:
    """The headings, in two lines where columns belong to groups; notes hang on them."""
    lowest = 1 if grouped else 0
    at = 0
    while grouped and at < len(sheet.columns):
        over = sheet.columns[at].over
        end = at
        while over and end + 1 < len(sheet.columns) and sheet.columns[end + 1].over == over:
            end += 1
        if over and end > at:
            page.merge_range(0, at, 0, end, "", book.format(**HEAD))
        if over:
            book.put(page, 0, at, over, **HEAD)
        at = end + 1
    for at, column in enumerate(sheet.columns):
        style = REQUIRED if column.required else HEAD
        row = lowest
        if grouped and not column.over:
            page.merge_range(0, at, 1, at, "", book.format(**style))
            row = 0
        book.put(page, row, at, heading_of(column, book.lang), **style)
        text = comment(column, book.lang)
        if text:
            page.write_comment(row, at, text, {"x_scale": 2.2, "y_scale": 1.4, "author": ""})
    page.set_row(lowest, 32)


def heading_of(column: Column, lang: str = "zh") -> str:
    """The heading as printed: a star where it must be filled, the unit in brackets."""
    unit = aside(column.unit, lang) if column.unit else ""
    return f"{'* ' if column.required else ''}{column.printed}{unit}"


def comment(column: Column, lang: str) -> str:
    """What hangs on a heading: the note, and the words to choose from."""
    lines = [column.note] if column.note else []
    if column.kind is Kind.CHOICE:
        printed = tuple(words[0] for _, words in column.choices[:30])
        lines.append(message("可选：{words}", words=printed).say(lang))
    if column.kind is Kind.REFERENCES:
        said = mark("可写多个，用顿号隔开，例如 IP01、IP03；连号可写 IP01-IP03；没有写“无”")
        lines.append(translate(said, lang))
    return "\n".join(lines)


def mark_column(sheet: Sheet) -> Column:
    """The column in which an example row is marked: the one whose words say whose row it is."""
    keys = [column for column in sheet.columns if column.name in sheet.key]
    for columns in (keys, list(sheet.columns)):
        for column in columns:
            if column.kind is Kind.TEXT:
                return column
        if columns and columns is keys:
            return columns[0]
    return sheet.columns[0]


def marked_example(value: object) -> str:
    """The words of an example row by which reading knows it."""
    text = "" if value is None else str(value)
    return text if is_example(text) else f"{EXAMPLE_MARK}{text}"


def as_filled(value: object, column: Column, lang: str) -> object:
    """A stored value as a person would fill it in, in the printed unit."""
    if value is None or isinstance(value, str):
        for code, words in column.choices:
            if value == code:
                return words[0]
        return value
    if isinstance(value, bool):
        said = {code: words[0] for code, words in column.choices}
        return said.get(str(value).lower(), translate(YES if value else NO, lang))
    if isinstance(value, int) and column.kind in (Kind.MONEY, Kind.DECIMAL, Kind.INTEGER):
        return exact(value, column, default_factor(column))
    if isinstance(value, list | tuple):
        return joined("、", map(str, value), lang) or translate("无", lang)
    return value


def number_format(column: Column) -> str:
    """The number format of a column; codes and words are text, so that Excel leaves them alone."""
    if column.kind is Kind.MONEY:
        return MONEY_FORMAT if default_factor(column) == 1 else "#,##0.00####"
    if column.kind is Kind.DECIMAL:
        places = len(str(column.scale)) - 1
        return f"0.{'#' * places}" if places else "0"
    if column.kind is Kind.DATE:
        return DAY_FORMAT
    if column.kind in (Kind.INTEGER, Kind.YEAR):
        return "0"
    return "@"


def cell_format(book: Book, column: Column) -> Any:
    """The format of the empty cells of a column."""
    return book.format(num_format=number_format(column))


def least_width(column: Column) -> int:
    """How broad the cells of a column must be at least."""
    if column.is_credit_code:
        return 22
    return {Kind.MONEY: 16, Kind.DATE: 12, Kind.TEXT: 16, Kind.REFERENCES: 20}.get(column.kind, 8)


class ChoiceLists:
    """Lists of words too long for a cell rule: they stand on a hidden sheet."""

    def __init__(self) -> None:
        """No list is long yet."""
        self.lists: list[tuple[str, ...]] = []

    def source(self, words: tuple[str, ...]) -> list[str] | str:
        """Where Excel finds the words of a drop-down."""
        joined = ",".join(words)
        if len(joined) <= LONGEST_LIST and joined.count(",") == len(words) - 1:
            return list(words)
        if words not in self.lists:
            self.lists.append(words)
        name = letter(self.lists.index(words))
        return f"='{CHOICES}'!${name}$1:${name}${len(words)}"

    def write(self, book: Book) -> None:
        """Write the hidden sheet, if any list needs it."""
        if not self.lists:
            return
        page = book.sheet(CHOICES)
        for at, words in enumerate(self.lists):
            for row, word in enumerate(words):
                book.put(page, row, at, word)
        page.hide()


def validation(
    column: Column, at: str, first: int, choices: ChoiceLists, book: Book
) -> dict[str, Any] | None:
    """The check that Excel itself makes while a cell is filled in, with a plain sentence."""
    lang = book.lang
    if column.kind in (Kind.CHOICE, Kind.BOOL):
        words = tuple(words[0] for _, words in column.choices)
        if column.kind is Kind.BOOL and not words:
            words = (translate(YES, lang), translate(NO, lang))
        if not words:
            return None
        text = message("请从下拉列表里选；不知道就留空").say(lang)
        return {"validate": "list", "source": choices.source(words), **sentence(column, text)}
    if column.is_credit_code or (column.kind is Kind.CODE and column.digits):
        digits = 18 if column.is_credit_code else column.digits
        text = message("应为 {digits} 位，请核对", digits=digits).say(lang)
        check = {"validate": "length", "criteria": "==", "value": digits}
        return {**check, **sentence(column, text), "error_type": "warning"}
    if column.kind is Kind.DATE:
        low = date.fromordinal(column.minimum) if column.minimum else date(FIRST_YEAR, 1, 1)
        high = date.fromordinal(column.maximum) if column.maximum else date(9999, 12, 31)
        text = message("请写成年-月-日，例如 2018-03-15；不知道就留空").say(lang)
        check = {"validate": "date", "criteria": "between", "minimum": low, "maximum": high}
        return {**check, **sentence(column, text), "error_type": "warning"}
    return number_validation(column, lang)


def number_validation(column: Column, lang: str) -> dict[str, Any] | None:
    """The check on a number: its bounds, in the printed unit."""
    low: int | Decimal
    high: int | Decimal
    if column.kind is Kind.YEAR:
        low = column.minimum if column.minimum is not None else FIRST_YEAR
        high = column.maximum if column.maximum is not None else LAST_YEAR
    elif column.kind in (Kind.MONEY, Kind.DECIMAL, Kind.INTEGER):
        most = MOST * column.scale
        factor = default_factor(column)
        low = exact(column.minimum if column.minimum is not None else -most, column, factor)
        high = exact(column.maximum if column.maximum is not None else most, column, factor)
    else:
        return None
    whole = column.kind in (Kind.YEAR, Kind.INTEGER)
    text = message(
        "请填 {low} 到 {high} 之间的{kind}，不要带文字；不知道就留空",
        low=f"{low:f}",
        high=f"{high:f}",
        kind=message(KIND_WORDS[column.kind]),
    ).say(lang)
    return {
        "validate": "integer" if whole else "decimal",
        "criteria": "between",
        "minimum": f"{low:f}",
        "maximum": f"{high:f}",
        **sentence(column, text),
        "error_type": "warning",
    }


def sentence(column: Column, text: str) -> dict[str, str]:
    """What Excel says when a check fails, within its bounds of length."""
    return {"error_title": column.printed[:32], "error_message": text[:255]}


def dictionary_of(layout: Layout, lang: str = "zh") -> list[tuple[str, ...]]:
    """The dictionary of a layout: each column, what it means and what may stand in it."""
    words = (mark("工作表"), mark("列"), mark("代码名"), mark("类型"), mark("单位"))
    more = (mark("必填"), mark("可填"), mark("说明"))
    lines = [tuple(translate(word, lang) for word in (*words, *more))]
    for sheet in layout:
        for column in sheet.columns:
            must = translate(YES, lang) if column.required else ""
            lines.append(
                (
                    sheet.titles[0],
                    column.full_name,
                    column.name,
                    translate(KIND_WORDS[column.kind], lang),
                    column.unit,
                    must,
                    joined("、", (words[0] for _, words in column.choices), lang),
                    column.note,
                )
            )
    return lines


def write_dictionary(book: Book, lines: Sequence[Sequence[str]]) -> None:
    """The last sheet: what every column means."""
    page = book.sheet(translate(DICTIONARY, book.lang))
    for row, line in enumerate(lines):
        for at, text in enumerate(line):
            style = HEAD if row == 0 else {"text_wrap": True, "valign": "top"}
            book.put(page, row, at, text, **style)
    width = max((len(line) for line in lines), default=0)
    for at in range(width):
        broadest = max(breadth(line[at]) for line in lines if at < len(line))
        page.set_column(at, at, max(8, min(60, broadest + 2)))
    page.freeze_panes(1, 0)


@dataclass(frozen=True)
class ResultSheet:
    """A list that goes out: lines above it, a header, rows of plain values.

    `colours` gives cells that hold exactly a word a background; `widths` may be left out.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]
    above: Sequence[str] = ()
    widths: Sequence[int] = ()
    colours: Mapping[str, str] = field(default_factory=dict)
    frozen: int = 1
    """Columns that stay when one scrolls to the right."""


def write_rows(target: Target, sheets: Sequence[ResultSheet], *, lang: str = "zh") -> None:
    """A workbook of results, written row by row, so that long lists take no memory.

    Values are texts, whole numbers, decimals, days, yes or no, messages, or None. A list longer
    than a sheet goes on in the next one.
    """
    book = Book(target, lang, row_by_row=True)
    for sheet in sheets:
        page, at = start_result(book, sheet)
        for values in sheet.rows:
            if at > LAST_ROW:
                page, at = start_result(book, sheet)
            for column, value in enumerate(values):
                colour = sheet.colours.get(value) if isinstance(value, str) else None
                style: dict[str, object] = {"bg_color": colour} if colour else {}
                book.put(page, at, column, value, **style)
            at += 1
    book.close()


def start_result(book: Book, sheet: ResultSheet) -> tuple[Any, int]:
    """A new page of results with its header; where its first row stands."""
    page = book.sheet(sheet.title)
    for at, text in enumerate(sheet.header):
        width = sheet.widths[at] if at < len(sheet.widths) else max(10, breadth(text) + 4)
        page.set_column(at, at, min(width, 120))
    for row, line in enumerate(sheet.above):
        style: dict[str, object] = {"bold": True, "font_size": 14} if row == 0 else {}
        book.put(page, row, 0, line, **style)
    head = len(sheet.above)
    for at, text in enumerate(sheet.header):
        book.put(page, head, at, text, **HEAD)
    page.freeze_panes(head + 1, sheet.frozen)
    if sheet.header:
        page.autofilter(head, 0, LAST_ROW, len(sheet.header) - 1)
    return page, head + 1
