"""Result lists go out as they are: words as words, figures exact, nothing cut in silence."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from peiyu.tables import writing
from peiyu.tables.workbooks import LONGEST_TEXT, breadth
from peiyu.tables.writing import ResultSheet, write_rows
from peiyu.words import message


def written(sheets, **more):
    content = io.BytesIO()
    write_rows(content, sheets, **more)
    content.seek(0)
    return openpyxl.load_workbook(content)


def test_plain_values_are_written_as_what_they_are():
    values = [
        "甲公司",
        7,
        Decimal("1234.56"),
        date(2019, 6, 17),
        True,
        None,
        message("共 {n} 家", n=3),
    ]
    page = written([ResultSheet("结果", ["a"] * 7, [values])])["结果"]
    row = [cell.value for cell in page[2]]
    assert row == [
        "甲公司",
        7,
        1234.56,
        datetime.fromisoformat("2019-06-17"),
        "是",
        None,
        "共 3 家",
    ]
    assert page["D2"].number_format == "yyyy-mm-dd"
    assert page["C2"].number_format == "#,##0.00"


def test_words_are_never_a_formula_a_link_or_a_number():
    values = ["=1+1", "+1", "@SUM(A1)", "https://example.org", "000025", "-"]
    page = written([ResultSheet("结果", ["a"] * 6, [values])])["结果"]
    assert [(cell.value, cell.data_type) for cell in page[2]] == [(one, "s") for one in values]
    assert not any(cell.hyperlink for cell in page[2])


def test_more_digits_than_excel_keeps_are_written_as_words():
    values = [10**15 - 1, 10**15, Decimal("1234567890123.45"), Decimal("12345678901234.56")]
    page = written([ResultSheet("结果", ["a"] * 4, [values])])["结果"]
    assert [cell.value for cell in page[2]] == [
        10**15 - 1,
        "1000000000000000",
        1234567890123.45,
        "12345678901234.56",
    ]


def test_titles_widths_colours_and_frozen_panes():
    sheet = ResultSheet(
        "结果",
        ["企业名称", "结论"],
        [["甲公司", "达标"], ["乙公司", "未达标"]],
        above=["高企评审结果", "数据日期：2019-06-17"],
        widths=[30, 12],
        colours={"达标": "#C6EFCE"},
    )
    page = written([sheet])["结果"]
    assert [page["A1"].value, page["A2"].value, page["A3"].value] == [*sheet.above, "企业名称"]
    assert page["B4"].fill.fgColor.rgb == "FFC6EFCE"
    assert page["B5"].fill.fgColor.rgb == "00000000"
    assert page.freeze_panes == "B4"
    assert 30 <= page.column_dimensions["A"].width < 31


def test_sheet_names_are_made_acceptable_and_distinct():
    sheets = [ResultSheet(title, ["a"], []) for title in ("a/b", "A b", "x" * 40, "x" * 40, "'")]
    names = written(sheets).sheetnames
    assert names == ["a b", "A b (2)", "x" * 31, "x" * 27 + " (2)", "Sheet"]


def test_a_list_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(writing, "LAST_ROW", 2)
    book = written([ResultSheet("结果", ["n"], [[n] for n in range(5)])])
    assert book.sheetnames == ["结果", "结果 (2)", "结果 (3)"]
    found = [cell.value for page in book for cell in page["A"]]
    assert found == ["n", 0, 1, "n", 2, 3, "n", 4]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    page = written([ResultSheet("结果", ["a"], [["长" * 40_000]])])["结果"]
    assert len(page["A2"].value) <= LONGEST_TEXT
    assert page["A2"].value.endswith("字从略）")


def test_breadth_counts_chinese_signs_twice():
    assert breadth("甲a") == 3
    assert breadth("a\n甲乙") == 4
    assert breadth("") == 0
