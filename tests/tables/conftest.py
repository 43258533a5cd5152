"""Real workbooks for the tests of tables: made by XlsxWriter, read back from disk."""

from pathlib import Path

import pytest
import xlsxwriter

from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.reading import read_workbook

DATA = Path(__file__).parent / "data"
HUAWEI, GOOGLE, BAIDU = "914403001922038216", "91110108795101314G", "9135010557098120XJ"

CODE = Column("code", ("统一社会信用代码", "信用代码"), Kind.CODE)
NAME = Column("name", ("企业名称", "单位名称", "company name"), Kind.TEXT)
SALES = Column("sales", ("销售收入", "营业收入"), Kind.MONEY, scale=100, minimum=0, unit="元")
STAFF = Column("staff", ("职工人数",), Kind.INTEGER, minimum=0, unit="人")
FOUNDED = Column("founded_on", ("成立日期",), Kind.DATE)

MAIN = Sheet(
    "main",
    ("主表", "企业情况"),
    (CODE, NAME, SALES, STAFF, FOUNDED),
    single=True,
    key=("code", "name"),
)


def year_column(name, heading, year, kind=Kind.MONEY, **more):
    return Column(f"{name}.{year}", (heading,), kind, over=f"{year}年", **more)


YEARS = Sheet(
    "years",
    ("分年情况",),
    (
        CODE,
        NAME,
        *(
            column
            for year in (2018, 2019)
            for column in (
                year_column("sales", "销售收入", year, scale=100, unit="元"),
                year_column("profit", "净利润", year, scale=100, unit="元"),
            )
        ),
    ),
    single=True,
    key=("code", "name"),
)
IP = Sheet(
    "ip",
    ("知识产权",),
    (
        CODE,
        NAME,
        Column("id", ("编号",), Kind.CODE),
        Column("title", ("知识产权名称",), Kind.TEXT),
        Column("granted_on", ("授权日期",), Kind.DATE),
        Column("used_by", ("用于",), Kind.REFERENCES),
    ),
    key=("code", "name"),
)
LAYOUT = (MAIN, IP)
HEADINGS = ["统一社会信用代码", "企业名称", "销售收入（元）", "职工人数", "成立日期"]


@pytest.fixture
def workbook(tmp_path):
    """Make an .xlsx of sheets; `formats` styles single cells, `merges` merges ranges."""

    def make(sheets, merges=(), formats=None, name="file.xlsx"):
        path = tmp_path / name
        book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    code = (formats or {}).get((at, column))
                    style = book.add_format({"num_format": code}) if code else None
                    put(page, at, column, value, style, book)
            for first, left, last, right in merges:
                page.merge_range(first, left, last, right, rows[first][left])
        book.close()
        return path

    return make


def put(page, row, column, value, style, book):
    if value is None:
        return
    if isinstance(value, str) and value.startswith("=ERROR "):
        page.write_formula(row, column, "=1/0", style, value.removeprefix("=ERROR "))
    elif isinstance(value, str):
        page.write_string(row, column, value, style)
    elif hasattr(value, "year"):
        page.write_datetime(
            row, column, value, style or book.add_format({"num_format": "yyyy-mm-dd"})
        )
    else:
        page.write(row, column, value, style)


@pytest.fixture
def read_rows(workbook):
    """Read rows as the main sheet."""

    def read(rows, layout=(MAIN,), title="主表", unit=None, **more):
        return read_workbook(workbook({title: rows}, **more), layout, unit=unit)

    return read


def said(notes):
    """The sentences of notes, with their addresses."""
    return [f"{note.address} {note.text.say()}".strip() for note in notes]


def refused(read):
    """Refusals in short: address and reason."""
    return [f"{one.address} {one.rule.say()}".strip() for one in read.refusals]
