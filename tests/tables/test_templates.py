"""The workbook that goes out comes back: what it prints it reads, examples aside."""

import re
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.reading import read_workbook
from peiyu.tables.writing import dictionary_of, heading_of, write_template

from .conftest import CODE, HUAWEI, IP, NAME, said

CLASS = (("I", ("Ⅰ类", "一类")), ("II", ("Ⅱ类",)))
MANY = tuple((f"c{n}", (f"第{n}种很长的选项名称",)) for n in range(40))
FULL = Sheet(
    "main",
    ("主表",),
    (
        Column("code", ("统一社会信用代码",), Kind.CODE, required=True, note="见营业执照"),
        Column("name", ("企业名称",), Kind.TEXT, required=True),
        Column("founded_on", ("成立日期",), Kind.DATE, minimum=date(1949, 10, 1).toordinal()),
        Column("sales.2018", ("销售收入",), Kind.MONEY, 100, 0, unit="万元", over="2018年"),
        Column("profit.2018", ("净利润",), Kind.MONEY, 100, unit="元", over="2018年"),
        Column("sales.2019", ("销售收入",), Kind.MONEY, 100, 0, unit="万元", over="2019年"),
        Column("staff", ("平均人数",), Kind.DECIMAL, 2, 0, unit="人"),
        Column("share", ("研发占比",), Kind.DECIMAL, 100, 0, 10_000, unit="%"),
        Column("count", ("件数",), Kind.INTEGER, 1, 0, 500, unit="件"),
        Column("year", ("起始年",), Kind.YEAR),
        Column("listed", ("是否上市",), Kind.BOOL),
        Column("class", ("类别",), Kind.CHOICE, choices=CLASS),
        Column("kind", ("种类",), Kind.CHOICE, choices=MANY),
        Column("ips", ("知识产权",), Kind.REFERENCES),
        Column("stock", ("证券代码",), Kind.CODE, digits=6),
    ),
    note="一家企业一行",
    single=True,
    key=("code", "name"),
)
ROW = {
    "code": HUAWEI,
    "name": "甲公司",
    "founded_on": date(2001, 2, 3),
    "sales.2018": 123_456_789,
    "profit.2018": -150,
    "sales.2019": 0,
    "staff": 25,
    "share": 1231,
    "count": 7,
    "year": 2015,
    "listed": False,
    "class": "II",
    "kind": "c39",
    "ips": ["IP01", "IP02"],
    "stock": "000025",
}


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(
        path,
        (FULL, IP),
        title="高企培育库填报表",
        guide=["请在 6 月 30 日前交。", "=1+1 不是公式"],
        examples={"main": [ROW, {**ROW, "name": "示例二"}], "ip": [{"id": "IP01"}]},
    )
    return path


def test_a_template_comes_back_without_its_examples(template):
    read = read_workbook(template, (FULL, IP))
    assert read.refusals == []
    assert read.unread == []
    assert read.sheets["main"].rows == []
    assert read.sheets["ip"].rows == []
    assert read.sheets["main"].known_columns == {column.name for column in FULL.columns}
    assert said(read.notes) == ["A3 示例行，没有读入（共 2 处：A3、A4）", "A2 示例行，没有读入"]


def test_what_is_filled_in_is_read_exactly(template):
    book = openpyxl.load_workbook(template)
    page = book["主表"]
    page["B3"] = "甲公司"
    page.delete_rows(4)
    book.save(template)
    read = read_workbook(template, (FULL, IP))
    assert read.sheets["main"].rows == [ROW]
    assert read.refusals == []


def test_the_sheets_stand_in_order_with_guide_and_dictionary_around_them(template):
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["填表说明", "主表", "知识产权", "数据字典", "_选项"]
    assert book["_选项"].sheet_state == "hidden"
    guide = [row[0] for row in book["填表说明"].iter_rows(values_only=True) if row[0]]
    assert guide[:3] == ["高企培育库填报表", "请在 6 月 30 日前交。", "=1+1 不是公式"]
    assert any("灰色斜体的是示例" in line for line in guide)
    dictionary = list(book["数据字典"].iter_rows(values_only=True))
    assert dictionary[0][:3] == ("工作表", "列", "代码名")
    assert ("主表", "2018年销售收入", "sales.2018", "金额", "万元") in [
        line[:5] for line in dictionary
    ]


def test_headings_are_printed_with_group_unit_star_and_note(template):
    page = openpyxl.load_workbook(template)["主表"]
    assert page["A1"].value == "* 统一社会信用代码"
    assert page["A1"].comment.text == "见营业执照"
    assert (page["D1"].value, page["D2"].value) == ("2018年", "销售收入（万元）")
    assert {str(merged) for merged in page.merged_cells.ranges} >= {"D1:E1", "A1:A2", "B1:B2"}
    assert page.freeze_panes == "C3"
    assert "可选：Ⅰ类、Ⅱ类" in page["L1"].comment.text
    assert "顿号" in page["N1"].comment.text


def test_cells_have_formats_and_examples_are_grey_and_marked(template):
    page = openpyxl.load_workbook(template)["主表"]
    assert page["A3"].number_format == "@"
    assert page["C3"].number_format == "yyyy-mm-dd"
    assert page["O3"].value == "000025"
    assert page["B3"].value == "示例甲公司"
    assert page["B4"].value == "示例二"
    assert page["D3"].value == 123.456789
    assert page["A3"].font.italic
    assert page["A3"].font.color.rgb == "FF808080"
    assert (page["K3"].value, page["L3"].value, page["N3"].value) == ("否", "Ⅱ类", "IP01、IP02")


def test_cells_are_checked_with_a_plain_sentence(template):
    page = openpyxl.load_workbook(template)["主表"]
    checks = {str(one.sqref).split(":")[0]: one for one in page.data_validations.dataValidation}
    assert checks["K3"].formula1 == '"是,否"'
    assert checks["L3"].formula1 == '"Ⅰ类,Ⅱ类"'
    assert checks["M3"].formula1 == "'_选项'!$A$1:$A$40"
    assert (checks["A3"].type, checks["A3"].formula1) == ("textLength", "18")
    assert (checks["O3"].type, checks["O3"].formula1) == ("textLength", "6")
    assert (checks["I3"].type, checks["I3"].formula1, checks["I3"].formula2) == (
        "whole",
        "0",
        "500",
    )
    assert (checks["H3"].type, checks["H3"].formula2) == ("decimal", "100")
    assert checks["D3"].formula2 == "1000000000"
    assert checks["C3"].type == "date"
    assert checks["E3"].errorStyle == "warning"
    assert checks["L3"].errorStyle is None or checks["L3"].errorStyle == "stop"
    assert "请填 0 到 500 之间的整数" in checks["I3"].error
    assert all(len(one.error) <= 255 and len(one.errorTitle) <= 32 for one in checks.values())


def test_no_text_becomes_a_formula_or_a_link(template):
    with zipfile.ZipFile(template) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                assert not re.search(rb"<f>|<hyperlink", archive.read(name))


def test_a_template_is_the_same_bytes_each_time(tmp_path):
    paths = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for path in paths:
        write_template(path, (IP,), title="表")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_sheet_without_a_name_column_marks_its_examples_too(tmp_path):
    path = tmp_path / "one.xlsx"
    sheets = (
        Sheet("codes", ("代码",), (CODE, Column("n", ("件数",), Kind.INTEGER)), key=("code",)),
        Sheet(
            "free",
            ("自由",),
            (Column("id", ("编号",), Kind.CODE), Column("n", ("件数",), Kind.INTEGER)),
        ),
    )
    row = {"code": HUAWEI, "id": "X1", "n": 3}
    write_template(path, sheets, title="表", examples={"codes": [row], "free": [row]})
    read = read_workbook(path, sheets)
    assert [one.rows for one in read.sheets.values()] == [[], []]
    assert read.refusals == []


def test_an_english_template_speaks_english_where_the_catalogue_does(tmp_path, monkeypatch):
    monkeypatch.setattr("peiyu.words.translate", lambda text, lang: f"{lang}:{text}")
    monkeypatch.setattr("peiyu.tables.writing.translate", lambda text, lang: f"{lang}:{text}")
    path = tmp_path / "one.xlsx"
    write_template(path, (IP,), title="Form", lang="en")
    assert openpyxl.load_workbook(path).sheetnames[0] == "en 填表说明"


def test_a_dictionary_may_be_given(tmp_path):
    path = tmp_path / "one.xlsx"
    write_template(path, (IP,), title="表", dictionary=[("列", "说明"), ("编号", "=不是公式")])
    lines = list(openpyxl.load_workbook(path)["数据字典"].iter_rows(values_only=True))
    assert lines == [("列", "说明"), ("编号", "=不是公式")]
    assert len(dictionary_of((IP,))) == 7


def test_the_printed_heading_is_the_one_that_is_read():
    assert heading_of(FULL.columns[0]) == "* 统一社会信用代码"
    assert heading_of(FULL.columns[3]) == "销售收入（万元）"
    assert heading_of(NAME) == "企业名称"
    assert isinstance(Decimal(1), Decimal)
