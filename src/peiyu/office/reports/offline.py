"""The figures of a year as a workbook: taken away, filled in without the network, brought back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from peiyu.batch.layouts import column, owner
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.reports.models import FIGURES, figure_of, stored
from peiyu.policy import facts
from peiyu.tables.files import Unreadable
from peiyu.tables.layout import Column, Sheet
from peiyu.tables.reading import read_csv, read_workbook
from peiyu.tables.results import Note, Read, Refusal, SheetRead
from peiyu.tables.spelling import name_key, shorten
from peiyu.tables.writing import write_template
from peiyu.words import Message, mark, message, translate

LARGEST = 5 << 20
"""Bytes of a workbook; one of a single enterprise has some twenty thousand."""
UNPACKED = 50 << 20
"""Bytes to which it may unpack."""
MOST_REFUSALS = 200
NAMES = (".xlsx", ".xls", ".csv")
TITLE = mark("年度数据")
GUIDE = (
    mark("本表只有一行，是一家企业一个年度的数；信用代码、企业名称和年度请不要改。"),
    mark("填好后在原来的页面上传：读得出的数进入草稿，还要在页面上核对后提交。"),
    mark("空白的格子不改动草稿里已有的数。"),
)


@dataclass
class Brought:
    """What a workbook brings: figures for the draft, and all that could not be read, by its cell."""

    figures: dict[str, Decimal] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def texts(self) -> dict[str, str]:
        """The figures as a draft holds them, in yuan or people."""
        return {name: f"{value:f}" for name, value in self.figures.items()}


def sheet_of_year(lang: str = "zh") -> Sheet:
    """The one sheet: whose row it is, of which year, and a column for each figure."""
    year = facts.YEARS.fact("year")
    return Sheet(
        name="years",
        titles=tuple(dict.fromkeys((translate(TITLE, lang), TITLE, *_en_titles(), "年度"))),
        columns=(
            *owner(lang),
            column(year, lang=lang),
            *(column(fact, lang=lang) for fact in FIGURES.values()),
        ),
        note=translate(mark("一家企业一个年度一行。"), lang),
        key=("code", "name"),
    )


def workbook(
    enterprise: Enterprise, year: int, figures: Mapping[str, Decimal | None], lang: str = "zh"
) -> bytes:
    """The workbook of an enterprise's year, with what is known already filled in."""
    row: dict[str, object] = {
        "code": enterprise.code or None, "name": enterprise.name, "year": year,
        **{name: stored(value) for name, value in figures.items() if value is not None},
    }  # fmt: skip
    target = BytesIO()
    sheet = sheet_of_year(lang)
    title = message("{name}{year}年度数据", name=enterprise.name, year=year).say(lang)
    write_template(
        target,
        (sheet,),
        title=title,
        guide=[translate(line, lang) for line in GUIDE],
        rows={sheet.name: [row]},
        lang=lang,
    )
    return target.getvalue()


def brought(content: bytes, name: str, enterprise: Enterprise, year: int) -> Brought:
    """Read a workbook that came back; of other enterprises and years nothing is taken.

    Raises:
        Refused: the file is too large, is no table, or cannot be opened.
    """
    read = _read(content, name)
    found = Brought(refusals=list(read.refusals[:MOST_REFUSALS]), notes=list(read.notes))
    sheet = read.sheets.get("years")
    if read.unitless:
        text = "有的金额列没有写单位（如“{heading}”）；请在表头写明，如“{heading}（万元）”"
        raise Refused(message(text, heading=_heading(read.unitless[0])), field="file")
    if sheet is None:
        if not found.refusals:
            text = "文件里没有“{title}”这张表；请用本页下载的表格填写后再传"
            raise Refused(message(text, title=message(TITLE)), field="file")
        return found
    ours = []
    for index, row in enumerate(sheet.rows):
        refusal = _not_ours(row, enterprise, year)
        if refusal is None:
            ours.append((index, row))
        elif len(found.refusals) < MOST_REFUSALS:
            found.refusals.append(_refused(sheet, index, row, *refusal))
    if len({tuple(row.get(name) for name in FIGURES) for _, row in ours}) > 1:
        room = max(MOST_REFUSALS - len(found.refusals), 0)
        found.refusals += [_refused(sheet, index, row, *_AGAIN) for index, row in ours[:room]]
    elif ours:
        _take(found, ours[0][1])
    return found


def _read(content: bytes, name: str) -> Read:
    ending = PurePath(name).suffix.lower()
    if ending not in NAMES:
        text = "“{name}”不是表格文件；请传 .xlsx、.xls 或 .csv"
        raise Refused(message(text, name=shorten(name)), field="file")
    if len(content) > LARGEST:
        text = "文件有 {size} MB，最多 {most} MB；请用本页下载的表格，只填这一年"
        size = -(-len(content) // (1 << 20))
        raise Refused(message(text, size=size, most=LARGEST >> 20), field="file")
    _refuse_bombs(content)
    source = BytesIO(content)
    source.name = name
    try:
        if ending == ".csv":
            return read_csv(source, sheet_of_year(), title=TITLE)
        return read_workbook(source, (sheet_of_year(),))
    except Unreadable as trouble:
        raise Refused(trouble.text, field="file") from None
    except ValueError:  # a number of thousands of digits
        text = "文件里有读不出的数字；请用本页下载的表格重新填写后再传"
        raise Refused(message(text), field="file") from None


def _refuse_bombs(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        size = sum(member.file_size for member in ZipFile(BytesIO(content)).infolist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return  # reading says what is the matter
    if size > UNPACKED:
        text = "文件解压后有 {size} MB，一张年度表不会这么大；请用本页下载的表格填写"
        raise Refused(message(text, size=size >> 20), field="file")


Reason = tuple[str, Message, Message]
"""The column, the rule and the remedy of a refusal."""
_AGAIN: Reason = (
    "name",
    message("这一年度写了不止一行，数不一样，都没有读"),
    message("请只留一行"),
)


def _not_ours(row: Mapping[str, object], enterprise: Enterprise, year: int) -> Reason | None:
    code, name = row.get("code"), row.get("name")
    theirs = (
        code != enterprise.code
        if code and enterprise.code
        else not name or name_key(str(name)) != name_key(enterprise.name)
    )
    if theirs:
        rule = message("这一行不是本企业（{name}）的", name=enterprise.name)
        return ("code" if code else "name", rule, message("请在本企业的页面上传，或改正代码和名称"))
    if row.get("year") != year:
        rule = message("这一行不是{year}年度的", year=year)
        return ("year", rule, message("请在那一年的页面上传，或把年度改为{year}", year=year))
    return None


def _take(found: Brought, row: Mapping[str, object]) -> None:
    for name in FIGURES:
        value = row.get(name)
        if value is not None:
            assert isinstance(value, int)
            figure = figure_of(value)
            assert figure is not None
            found.figures[name] = figure


def _refused(
    sheet: SheetRead,
    index: int,
    row: Mapping[str, object],
    name: str,
    rule: Message,
    remedy: Message,
) -> Refusal:
    value = row.get(name)
    return Refusal(
        sheet.title(index), sheet.address(index, name), _heading(name), shorten(str(value or "")),
        rule, remedy, whole_row=True, row=sheet.places[index], table="years",
    )  # fmt: skip


def _heading(name: str) -> str:
    columns: Iterable[Column] = sheet_of_year().columns
    return next((one.printed for one in columns if one.name == name), "")


def _en_titles() -> tuple[str, ...]:
    return (facts.YEARS.chinese, facts.YEARS.english, translate(TITLE, "en"))
