"""What the fast reader leaves out: errors, formulas never computed, numbers shown otherwise."""

import re
import zipfile

import openpyxl
import pytest

from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.margins import telling_style
from peiyu.tables.reading import read_workbook

from .conftest import CODE, GOOGLE, HEADINGS, HUAWEI, MAIN, NAME, SALES, refused

SHARE = Column("share", ("占比",), Kind.DECIMAL, scale=10_000)
PERCENT = Column("percent", ("比例",), Kind.DECIMAL, scale=100, unit="%")
SHEET = Sheet("main", ("主表",), (CODE, NAME, SALES, SHARE, PERCENT), key=("code", "name"))
HEAD = ["信用代码", "企业名称", "销售收入", "占比", "比例（%）"]


def test_cells_with_an_error_of_excel_are_refused_in_their_places(read_rows):
    rows = [
        HEADINGS,
        [HUAWEI, "甲公司", "=ERROR #REF!", 2, None],
        [GOOGLE, "=ERROR #N/A", 1, "=ERROR #DIV/0!"],
    ]
    read = read_rows(rows)
    assert refused(read) == ["C2 单元格是 Excel 错误“#REF!”", "D3 单元格是 Excel 错误“#DIV/0!”"]
    assert read.sheets["main"].rows == [
        {"code": HUAWEI, "name": "甲公司", "staff": 2},
        {"code": GOOGLE, "sales": 100},
    ]


def test_an_error_below_and_beside_everything_else_is_seen(read_rows):
    rows = [HEADINGS, [HUAWEI, "甲公司", 1, 2, None], [None, "乙公司", None, None, "=ERROR #REF!"]]
    read = read_rows([*rows, [None] * 4, ["=ERROR #REF!"]])
    assert [(one.address, one.whole_row) for one in read.refusals] == [("E3", False), ("A5", True)]


def test_a_formula_that_was_never_computed_is_refused_and_one_that_was_is_read(tmp_path):
    path = tmp_path / "file.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "主表"
    book.active.append(HEADINGS)
    book.active.append([HUAWEI, "甲公司", "=1+1", "=A1&B1", None])
    book.save(path)
    read = read_workbook(path, (MAIN,))
    assert refused(read) == ["C2 公式没有保存计算结果", "D2 公式没有保存计算结果"]
    assert read.refusals[0].value == "=1+1"


def test_the_cached_value_of_a_formula_is_read(workbook):
    path = workbook({"主表": [HEADINGS, [HUAWEI, "甲公司", 7, 8, None]]})
    rewrite(
        path,
        lambda text: text.replace(b"<v>7</v>", b"<f>0.1+0.2</f><v>0.30000000000000004</v>").replace(
            b'"D2"><v>8</v>', b'"D2" t="str"><f>IF(1,"")</f><v></v>'
        ),
    )
    read = read_workbook(path, (MAIN,))
    assert read.sheets["main"].rows == [{"code": HUAWEI, "name": "甲公司", "sales": 30}]
    assert read.refusals == []


def test_a_percentage_is_read_as_it_is_shown(read_rows):
    formats = {(1, 3): "0.00%", (1, 4): "0%"}
    read = read_rows([HEAD, [HUAWEI, "甲公司", 1, 0.1231, 0.12]], (SHEET,), formats=formats)
    assert read.sheets["main"].rows[0]["share"] == 1231
    assert read.sheets["main"].rows[0]["percent"] == 1200


@pytest.mark.parametrize(
    ("heading", "code", "number", "fen"),
    [
        ("销售收入", '0.00"万元"', 12.5, 12_500_000),
        ("销售收入（元）", '#,##0.00"元"', 12.5, 1250),
        ("销售收入（万元）", '0!.0,"万元"', 123456.78, 12_345_678),
        ("销售收入（万元）", "0!.0000", 123456.78, 12_345_678),
        ("销售收入（万元）", '0"."0,', 123456.78, 12_345_678),
        ("销售收入（元）", "#,##0,", 123456, 12_345_600),
        ("销售收入（千元）", "#,##0,", 123456, 12_345_600),
        ("销售收入（万元）", "#,##0.00_ ", 12.5, 12_500_000),
        ("销售收入（万元）", "[$¥-804]#,##0.00", 12.5, 12_500_000),
        ("销售收入", "#,##0.00;[Red]-#,##0.00", 12.5, 1250),
    ],
)
def test_an_amount_is_read_in_the_unit_in_which_it_is_shown(heading, code, number, fen, read_rows):
    rows = [["信用代码", "企业名称", heading], [HUAWEI, "甲公司", number]]
    read = read_rows(rows, (SHEET,), formats={(1, 2): code})
    assert read.sheets["main"].rows[0]["sales"] == fen


def test_a_display_shrunken_by_another_factor_than_the_heading_is_refused(read_rows):
    rows = [["信用代码", "企业名称", "销售收入（万元）"], [HUAWEI, "甲公司", 123456]]
    assert "单位说不清" in refused(read_rows(rows, (SHEET,), formats={(1, 2): "#,##0,"}))[0]


@pytest.mark.parametrize(
    "code", ["General", "0.00", "yyyy-mm-dd", '0"家"次', "@", "", "0_ ", "#,##0"]
)
def test_usual_formats_say_nothing_more_than_the_number(code):
    assert telling_style(code) is None or telling_style(code)(1.0).suffix == "家次"


def test_prefixed_names_and_single_quotes_of_other_writers_are_understood(workbook):
    def prefixed(text):
        for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f"):
            text = re.sub(rb"<(/?)%s(?=[ >])" % tag, rb"<\1x:%s" % tag, text)
        return text.replace(b"xmlns=", b"xmlns:x=").replace(b't="e"', b"t='e'")

    path = workbook({"主表": [HEADINGS, [HUAWEI, "甲公司", "=ERROR #REF!", 2, None]]})
    rewrite(path, prefixed)
    assert "C2 单元格是 Excel 错误“#REF!”" in refused(read_workbook(path, (MAIN,)))


def test_a_sheet_without_addresses_is_read_and_what_it_hides_is_said(workbook):
    path = workbook({"主表": [HEADINGS, [HUAWEI, "甲公司", 1, 2, None]]})
    rewrite(path, lambda text: re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", text))
    read = read_workbook(path, (MAIN,))
    assert read.sheets["main"].rows[0]["staff"] == 2
    assert any("看不出错误单元格" in note.text.say() for note in read.notes)


def rewrite(path, change):
    """Change the XML of the first sheet of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def test_many_cells_are_found_across_the_pieces_in_which_a_sheet_is_searched(
    read_rows, monkeypatch
):
    monkeypatch.setattr("peiyu.tables.margins.PIECE", 100)
    rows = [[None, f"{n}公司", "=ERROR #REF!" if n % 7 == 0 else n, n, None] for n in range(200)]
    read = read_rows([HEADINGS, *rows])
    assert [one.row for one in read.refusals] == [n + 2 for n in range(0, 200, 7)]
