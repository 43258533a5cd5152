"""Headings as offices write them lead to the columns of the layout, or to a plain remark."""

from datetime import date

import pytest

from peiyu.tables.headings import find_heading, index_of
from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.reading import read_workbook

from .conftest import GOOGLE, HEADINGS, HUAWEI, MAIN, SALES, YEARS, refused, said


def sales_of(read):
    return [row.get("sales") for row in read.sheets["main"].rows]


@pytest.mark.parametrize(
    ("heading", "fen"),
    [
        ("销售收入", 120000),
        ("销售收入（元）", 120000),
        ("销售收入(万元)", 1200000000),
        ("*销售收入 （单位：万元）", 1200000000),
        ("★销售\n收入：【千元】", 120000000),
        ("营业收入/万元", 1200000000),
        ("销售收入万元", 1200000000),
        ("销售收入（万元，保留两位小数）", 1200000000),
        ("销售收入（必填）（百万元）", 120000000000),
        ("销售收入（人民币万元）", 1200000000),
        ("销售收入（RMB）", 120000),
        ("销售收入（亿元）", 12000000000000),
        ("销售收入（million yuan）", 120000000000),
    ],
)
def test_the_unit_is_taken_from_the_heading(heading, fen, read_rows):
    read = read_rows([["信用代码", "企业名称", heading], [HUAWEI, "甲公司", "1,200"]])
    assert sales_of(read) == [fen]
    assert read.refusals == []


def test_where_the_heading_says_nothing_yuan_is_read_and_told(read_rows):
    read = read_rows([["信用代码", "企业名称", "销售收入"], [HUAWEI, "甲公司", 5]])
    assert sales_of(read) == [500]
    assert any("没有写单位，按“元”读" in text for text in said(read.notes))


def test_a_declared_unit_counts_only_where_nothing_else_says_one(read_rows):
    rows = [["信用代码", "企业名称", "销售收入"], [HUAWEI, "甲公司", 5]]
    assert sales_of(read_rows(rows, unit="万元")) == [5_000_000]
    rows[0][2] = "销售收入（千元）"
    assert sales_of(read_rows(rows, unit="万元")) == [500_000]
    with pytest.raises(ValueError, match="no unit of money"):
        read_rows(rows, unit="吨")


@pytest.mark.parametrize(
    "line",
    [["单位：万元"], [None, None, "金额单位: 万元"], ["填报单位：甲局", "单位：万元、人"]]
    + [["编制单位：甲局          单位：万元"], ["（单位：人民币万元）"]],
)
def test_a_line_above_the_table_gives_the_unit_of_its_money(line, read_rows):
    rows = [
        ["济源市企业情况表"],
        line,
        ["信用代码", "企业名称", "销售收入", "职工人数"],
        [HUAWEI, "甲公司", 5, 7],
    ]
    read = read_rows(rows, unit="元")
    assert sales_of(read) == [5_000_000]
    assert read.sheets["main"].rows[0]["staff"] == 7
    assert any("表上方" in text for text in said(read.notes))


@pytest.mark.parametrize(
    "line", ["填报单位：济源万元商贸有限公司", "单位：济源市科技局", "单位：人"]
)
def test_a_line_that_names_an_office_gives_no_unit(line, read_rows):
    rows = [[line], ["信用代码", "企业名称", "销售收入"], [HUAWEI, "甲公司", 5]]
    assert sales_of(read_rows(rows)) == [500]


def test_the_cell_goes_before_the_heading_and_the_heading_before_the_line_above(read_rows):
    rows = [
        ["单位：亿元"],
        ["信用代码", "企业名称", "销售收入（万元）"],
        [HUAWEI, "甲公司", "5"],
        [GOOGLE, "乙公司", "5元"],
    ]
    assert sales_of(read_rows(rows)) == [5_000_000, 500]


def test_a_line_of_units_under_the_heading_is_read_as_such(read_rows):
    rows = [["信用代码", "企业名称", "销售收入"], [None, None, "（万元）"], [HUAWEI, "甲公司", 5]]
    assert sales_of(read_rows(rows)) == [5_000_000]


@pytest.mark.parametrize("unit", ["美元", "万美元", "亩"])
def test_a_column_in_a_unit_of_another_kind_is_refused(unit, read_rows):
    read = read_rows([["信用代码", "企业名称", f"销售收入（{unit}）"], [HUAWEI, "甲公司", 5]])
    assert sales_of(read) == [None]
    assert refused(read) == [f"C1 表头的单位“{unit}”与这一列不符"]
    assert "sales" not in read.sheets["main"].known_columns


def test_persons_in_ten_thousands_are_persons(read_rows):
    read = read_rows([["信用代码", "企业名称", "职工人数（万人）"], [HUAWEI, "甲公司", 1.5]])
    assert read.sheets["main"].rows[0]["staff"] == 15_000


@pytest.mark.parametrize(
    "heading", ["企业名称", " 企 业 名 称 ", "* 企业名称：", "单位名称（全称）", "Company Name"]
)
def test_a_heading_is_known_by_any_of_its_names(heading, read_rows):
    read = read_rows([["信用代码", heading, "职工人数"], [HUAWEI, "甲公司", 5]])
    assert read.sheets["main"].rows == [{"code": HUAWEI, "name": "甲公司", "staff": 5}]


def test_words_in_brackets_that_are_no_unit_are_told_when_passed_over(read_rows):
    read = read_rows([["信用代码", "企业名称", "销售收入（不含税）"], [HUAWEI, "甲公司", 5]])
    assert sales_of(read) == [500]
    assert any("没有理会括号里的话" in text for text in said(read.notes))


def test_an_exact_heading_goes_before_one_with_words_in_brackets(read_rows):
    rows = [["信用代码", "企业名称", "销售收入（其中出口）", "销售收入"], [HUAWEI, "甲公司", 1, 5]]
    read = read_rows(rows)
    assert sales_of(read) == [500]
    assert any("C1 不认识表头“销售收入（其中出口）”" in text for text in said(read.notes))
    assert read.refusals == []


def test_brackets_that_tell_two_columns_apart_are_kept():
    sheet = Sheet(
        "ledger",
        ("序时账",),
        (
            Column("debit_in_currency", ("借方(原币)",), Kind.MONEY, scale=100),
            Column("debit", ("借方(本位币)",), Kind.MONEY, scale=100),
        ),
    )
    index = index_of(sheet)
    assert index.find("借方（原币）")[0].name == "debit_in_currency"
    assert index.find("借方（本位币）")[0].name == "debit"
    assert index.find("借方") is None


def test_a_heading_that_stands_twice_is_refused_the_second_time(read_rows):
    rows = [["信用代码", "企业名称", "销售收入", "营业收入"], [HUAWEI, "甲公司", 5, 6]]
    read = read_rows(rows)
    assert sales_of(read) == [500]
    assert refused(read) == ["D1 表头“营业收入”重复，C 列已经是它"]


def test_an_unknown_heading_is_told_with_the_nearest_known_one(read_rows):
    rows = [["序号", "信用代码", "企业名称", "职工人员数", "电话"], [1, HUAWEI, "甲公司", 5, "1"]]
    read = read_rows(rows)
    notes = said(read.notes)
    assert any("D1" in text and "是不是“职工人数”" in text for text in notes)
    assert any("E1 不认识表头“电话”，这一列没有读" in text for text in notes)
    assert not any("序号" in text for text in notes)


def test_a_column_with_content_and_no_heading_is_told_once(read_rows):
    rows = [
        ["信用代码", "企业名称", None, "职工人数"],
        [HUAWEI, "甲公司", None, 5],
        [GOOGLE, "乙公司", "备用", 6],
    ]
    read = read_rows(rows)
    assert [text for text in said(read.notes) if "没有表头" in text] == [
        "C3 C 列有内容却没有表头，没有读"
    ]


def test_titles_and_blank_lines_above_the_heading_do_not_matter(read_rows):
    rows = [["2018年度企业情况表"], [], ["填报日期：2019年3月"], [], HEADINGS]
    read = read_rows([*rows, [HUAWEI, "甲公司", 5, 7, date(2001, 2, 3)]], merges=[(0, 0, 0, 4)])
    sheet = read.sheets["main"]
    assert sheet.rows[0]["founded_on"] == date(2001, 2, 3)
    assert sheet.places == [6]
    assert sheet.address(0, "sales") == "C6"


TWO_LINES = [
    ["信用代码", "企业名称", "2018年", None, "2019年度", None],
    [None, None, "销售收入（万元）", "净利润（元）", "销售收入（万元）", "净利润（元）"],
    [HUAWEI, "甲公司", 1, 2, 3, 4],
]
EXPECTED = {
    "code": HUAWEI,
    "name": "甲公司",
    "sales.2018": 1_000_000,
    "profit.2018": 200,
    "sales.2019": 3_000_000,
    "profit.2019": 400,
}


@pytest.mark.parametrize(
    "merges",
    [[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5)], []],
    ids=["merged", "typed once"],
)
def test_a_heading_may_have_two_lines(merges, read_rows):
    read = read_rows(TWO_LINES, (YEARS,), merges=merges)
    assert read.sheets["years"].rows == [EXPECTED]
    assert read.sheets["years"].letters["profit.2019"] == "F"
    assert read.refusals == []


def test_a_heading_may_have_three_lines(read_rows):
    top = [None, None, "财务情况", None, None, None]
    read = read_rows([["企业情况表"], top, *TWO_LINES], (YEARS,), merges=[(1, 2, 1, 5)])
    assert read.sheets["years"].rows == [EXPECTED]


@pytest.mark.parametrize(
    "headings",
    [
        ["2018年销售收入", "2018年净利润", "2019年销售收入", "2019年净利润"],
        ["2018年度销售收入（元）", "2018净利润", "销售收入2019", "净利润(2019年)"],
        ["销售收入（2018）", "净利润（2018年，元）", "销售收入_2019年", "净利润（2019年度）"],
    ],
)
def test_the_year_may_stand_before_or_after_in_one_line(headings, read_rows):
    headings = [heading.replace("_", "") for heading in headings]
    rows = [["信用代码", "企业名称", *headings], [HUAWEI, "甲公司", 1, 2, 3, 4]]
    row = read_rows(rows, (YEARS,)).sheets["years"].rows[0]
    assert [row[name] for name in list(EXPECTED)[2:]] == [100, 200, 300, 400]


def test_a_unit_in_the_group_line_counts_for_its_columns(read_rows):
    rows = [
        ["信用代码", "企业名称", "2018年（万元）", None],
        [None, None, "销售收入", "净利润"],
        [HUAWEI, "甲公司", 1, 2],
    ]
    row = read_rows(rows, (YEARS,), merges=[(0, 2, 0, 3)]).sheets["years"].rows[0]
    assert (row["sales.2018"], row["profit.2018"]) == (1_000_000, 2_000_000)


def test_a_figure_without_its_year_is_not_put_into_one(read_rows):
    rows = [["信用代码", "企业名称", "销售收入", "2018年净利润"], [HUAWEI, "甲公司", 1, 2]]
    read = read_rows(rows, (YEARS,))
    assert "sales.2018" not in read.sheets["years"].rows[0]
    assert any("不认识表头“销售收入”" in text for text in said(read.notes))


def test_another_year_than_those_of_the_layout_is_left_out_and_told(read_rows):
    rows = [["信用代码", "企业名称", "2017年销售收入", "2018年销售收入"], [HUAWEI, "甲公司", 1, 2]]
    read = read_rows(rows, (YEARS,))
    assert read.sheets["years"].rows[0]["sales.2018"] == 200
    assert any("不认识表头“2017年销售收入”" in text for text in said(read.notes))


def test_a_group_that_is_no_year_may_be_left_out():
    sheet = Sheet(
        "s",
        ("s",),
        (
            Column("name", ("企业名称",), Kind.TEXT, over="基本情况"),
            Column("town", ("所在乡镇",), Kind.TEXT, over="基本情况"),
        ),
    )
    heading = find_heading([["企业名称", "所在乡镇"]], (), sheet)
    assert list(heading.indexes) == ["name", "town"]


def test_a_missing_column_that_must_be_there_is_refused_for_the_sheet(read_rows):
    required = Column("tax", ("纳税额",), Kind.MONEY, scale=100, required=True)
    sheet = Sheet("main", ("主表",), (*MAIN.columns, required), key=MAIN.key)
    read = read_rows([HEADINGS, [HUAWEI, "甲公司", 5, 7, None]], (sheet,))
    assert refused(read) == ["缺少必需的列“纳税额”"]
    assert read.refusals[0].address == ""
    assert len(read.sheets["main"].rows) == 1


def test_a_cell_that_must_be_filled_and_is_not_is_refused(read_rows):
    required = Column("tax", ("纳税额",), Kind.MONEY, scale=100, required=True)
    sheet = Sheet("main", ("主表",), (*MAIN.columns, required), key=MAIN.key)
    rows = [
        [*HEADINGS, "纳税额"],
        [HUAWEI, "甲公司", 5, 7, None, "不详"],
        [GOOGLE, "乙", 1, 1, None, "x"],
    ]
    read = read_rows(rows, (sheet,))
    assert refused(read) == ["F2 必填的一格没有填", "F3 “x”不是一个数字"]


def test_a_page_with_fewer_than_two_known_columns_is_not_this_table(workbook):
    path = workbook(
        {"主表": [["企业名称", "联系人"], ["甲公司", "某"]], "其他": [["甲", "乙"], [1, 2]]}
    )
    read = read_workbook(path, (MAIN,))
    assert read.sheets == {}
    assert read.unread == ["主表", "其他"]
    assert refused(read) == ["工作表“主表”里认不出“主表”的表头"]
    assert any("认不出工作表“其他”是哪张表" in text for text in said(read.notes))


def test_the_layout_speaks_for_itself():
    assert MAIN.column("sales") is SALES
    assert SALES.full_name == "销售收入"
    assert YEARS.column("sales.2018").full_name == "2018年销售收入"
    with pytest.raises(KeyError, match="no column"):
        MAIN.column("nothing")
