"""An enterprise has one row in the main sheet: what stands twice is told or refused."""

from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.reading import name_key, read_workbook

from .conftest import GOOGLE, HEADINGS, HUAWEI, MAIN, NAME, refused, said


def test_the_same_row_again_is_skipped_and_told(read_rows):
    row = [HUAWEI, "甲公司", 1, 2, None]
    read = read_rows([HEADINGS, row, [GOOGLE, "乙公司", 1, 2, None], row])
    assert [one["name"] for one in read.sheets["main"].rows] == ["甲公司", "乙公司"]
    assert said(read.notes) == ["A4 与第 2 行完全一样，只算一次"]
    assert read.refusals == []


def test_another_row_of_the_same_enterprise_is_refused_and_both_are_told(read_rows):
    rows = [[HUAWEI, "甲公司", 1, 2, None], [HUAWEI, "甲公司", 3, 2, None]]
    read = read_rows([HEADINGS, *rows])
    assert len(read.sheets["main"].rows) == 1
    assert refused(read) == ["A3 与第 2 行是同一家企业，内容却不同"]
    assert read.refusals[0].whole_row
    assert said(read.notes) == ["A2 第 3 行又写了这家企业，内容不同；先按这一行读"]


def test_a_name_is_the_same_whatever_its_brackets_width_and_spaces(read_rows):
    rows = [[HUAWEI, "甲（集团）公司", 1, 2, None], [HUAWEI, "甲(集团) 公司", 1, 2, None]]
    read = read_rows([HEADINGS, *rows])
    assert said(read.notes) == ["A3 与第 2 行完全一样，只算一次"]
    rows[1][0] = None
    read = read_rows([HEADINGS, *rows])
    assert refused(read) == ["A3 与第 2 行是同一家企业，内容却不同"]
    assert read.sheets["main"].rows[0]["name"] == "甲（集团）公司"


def test_a_refused_cell_makes_a_difference(read_rows):
    rows = [[HUAWEI, "甲公司", None, 2, None], [HUAWEI, "甲公司", "约五", 2, None]]
    assert "内容却不同" in refused(read_rows([HEADINGS, *rows]))[1]


def test_addresses_hold_after_a_row_was_dropped(read_rows):
    first = [HUAWEI, "甲公司", 1, 2, None]
    other = ["职工人数", "企业名称", "信用代码"]
    read = read_rows([HEADINGS, first, first, other, [4, "乙公司", GOOGLE]])
    sheet = read.sheets["main"]
    assert [sheet.address(index, "code") for index in (0, 1)] == ["A2", "C5"]


def test_one_row_a_year_is_no_repetition(read_rows):
    sheet = Sheet(
        "y",
        ("y",),
        (NAME, Column("year", ("年份",), Kind.YEAR), MAIN.column("sales")),
        single=True,
        key=("name", "year"),
    )
    rows = [["企业名称", "年份", "销售收入"], ["甲", 2018, 1], ["甲", "2019年", 2], ["甲", 2019, 3]]
    read = read_rows(rows, (sheet,), title="y")
    assert [row["year"] for row in read.sheets["y"].rows] == [2018, 2019]
    assert len(read.refusals) == 1


def test_one_table_may_lie_on_several_pages_and_repeat_across_them(workbook):
    pages = {
        "轵城镇": [HEADINGS, [HUAWEI, "甲公司", 1, 2, None]],
        "承留镇": [HEADINGS, [GOOGLE, "乙公司", 1, 2, None], [HUAWEI, "甲公司", 9, 2, None]],
    }
    read = read_workbook(workbook(pages), (MAIN,))
    sheet = read.sheets["main"]
    assert [sheet.title(index) for index in (0, 1)] == ["轵城镇", "承留镇"]
    assert refused(read) == ["A3 与第 轵城镇!2 行是同一家企业，内容却不同"]
    assert read.refusals[0].sheet == "承留镇"


def test_a_name_key_is_for_comparing_only():
    assert name_key("甲（集团） 有限公司。") == name_key("甲(集团)有限公司")
    assert name_key("TCL科技") == name_key("ＴＣＬ科技")
    assert name_key("甲〔一〕") == name_key("甲(一)")
    assert name_key("甲公司") != name_key("乙公司")
