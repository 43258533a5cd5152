"""Rows between which all sorts of things stand: nothing is dropped in silence."""

import pytest

from peiyu.tables.layout import Column, Kind, Sheet
from peiyu.tables.reading import read_csv, read_workbook

from .conftest import BAIDU, GOOGLE, HEADINGS, HUAWEI, IP, LAYOUT, MAIN, YEARS, refused, said

A, B, C = (
    [HUAWEI, "甲公司", 1, 2, None],
    [GOOGLE, "乙公司", 3, 4, None],
    [BAIDU, "丙公司", 5, 6, None],
)


def names(read, table="main"):
    return [row.get("name") for row in read.sheets[table].rows]


def test_a_refused_cell_is_unknown_and_its_row_stays(read_rows):
    read = read_rows([HEADINGS, [HUAWEI, "甲公司", "约五百", 2, "2018-03"]])
    assert read.sheets["main"].rows == [{"code": HUAWEI, "name": "甲公司", "staff": 2}]
    assert refused(read) == ["C2 “约五百”不是一个数字", "E2 “2018-03”只有年月，缺少日"]
    first = read.refusals[0]
    assert (first.sheet, first.table, first.heading) == ("主表", "main", "销售收入")
    assert (first.value, first.row, first.name, first.whole_row) == ("约五百", 2, "甲公司", False)
    assert first.remedy.say() == "请只填一个数字；不知道就留空"


def test_blank_rows_are_nothing_and_rows_of_dashes_are_told(read_rows):
    read = read_rows([HEADINGS, A, [], [None] * 5, ["-", "—", "/", "", None], B])
    assert names(read) == ["甲公司", "乙公司"]
    assert read.sheets["main"].places == [2, 6]
    assert any("没有内容的行" in text for text in said(read.notes))


@pytest.mark.parametrize(
    "name",
    ["合计", "总 计", "小计：", "合计（12家）", "本页小计", "全市合计", "共计3家", "Total", "平均"],
)
def test_a_total_is_no_enterprise(name, read_rows):
    read = read_rows([HEADINGS, A, [None, name, 9, 9, None], B])
    assert names(read) == ["甲公司", "乙公司"]
    assert any("没有当作数据" in text for text in said(read.notes))
    assert read.refusals == []


def test_a_total_may_stand_in_the_first_column_or_within_an_enterprise(read_rows):
    read = read_rows([["序号", *HEADINGS], [1, *A], ["合计", None, None, 9, 9]])
    assert names(read) == ["甲公司"]
    rows = [
        ["企业名称", "编号", "知识产权名称"],
        ["甲公司", "IP01", "锅炉"],
        ["甲公司", "小计", None],
    ]
    read = read_rows(rows, (IP,), title="知识产权")
    assert len(read.sheets["ip"].rows) == 1
    assert read.refusals == []


def test_an_enterprise_whose_name_begins_like_a_total_is_one(read_rows):
    assert names(read_rows([HEADINGS, [HUAWEI, "合计科技有限公司", 1, 2, None]])) == [
        "合计科技有限公司"
    ]


@pytest.mark.parametrize(
    "line",
    [
        ["注：以上数据为快报数"],
        [None, "填表人：某某    审核人：某某"],
        ["备注1：含税"],
        ["以下空白"],
    ],
)
def test_what_is_written_under_a_table_is_no_data(line, read_rows):
    read = read_rows([HEADINGS, A, line])
    assert names(read) == ["甲公司"]
    assert read.refusals == []
    assert len(read.notes) == 1


def test_the_numbers_of_the_columns_are_no_data(read_rows):
    read = read_rows([HEADINGS, ["甲", "乙", 1, 2, 3], A])
    assert names(read) == ["甲公司"]
    assert any("栏次" in text for text in said(read.notes))


def test_an_example_left_in_the_template_is_skipped_and_told(read_rows):
    read = read_rows([HEADINGS, [HUAWEI, "示例：某公司", 1, 2, None], ["", "（样例）公司", 1], B])
    assert names(read) == ["乙公司"]
    assert said(read.notes) == ["A2 示例行，没有读入（共 2 处：A2、A3）"]


def test_a_heading_printed_again_on_each_page_is_skipped(read_rows):
    read = read_rows([HEADINGS, A, HEADINGS, B, HEADINGS, C])
    assert names(read) == ["甲公司", "乙公司", "丙公司"]
    assert said(read.notes) == ["A3 重复的表头，没有当作数据（共 2 处：A3、A5）"]
    assert read.refusals == []


def test_under_a_heading_in_another_order_columns_are_remapped(read_rows):
    other = ["职工人数", "企业名称", "销售收入（万元）", "信用代码"]
    read = read_rows([HEADINGS, A, other, [4, "乙公司", 3, GOOGLE]])
    sheet = read.sheets["main"]
    assert sheet.rows[1] == {"code": GOOGLE, "name": "乙公司", "sales": 3_000_000, "staff": 4}
    assert (sheet.address(0, "code"), sheet.address(1, "code")) == ("A2", "D4")
    assert sheet.address(1, "founded_on") == "4"
    notes = said(read.notes)
    assert any("从第 3 行起表头换了列序" in text and "成立日期" in text for text in notes)


TWO = [
    ["信用代码", "企业名称", "2018年", "", "2019年", ""],
    ["", "", "销售收入（元）", "净利润（元）", "销售收入（元）", "净利润（元）"],
]


def test_a_heading_of_two_lines_may_come_again_or_in_another_order(read_rows):
    other = [["信用代码", "企业名称", "2019年", "", "2018年", ""], TWO[1]]
    rows = [*TWO, [HUAWEI, "甲公司", 1, 2, 3, 4], *TWO, [GOOGLE, "乙公司", 1, 2, 3, 4], *other]
    read = read_rows([*rows, [BAIDU, "丙公司", 3, 4, 1, 2]], (YEARS,))
    figures = [
        [row[name] for name in ("sales.2018", "profit.2019")] for row in read.sheets["years"].rows
    ]
    assert figures == [[100, 400]] * 3
    assert read.refusals == []
    assert any("换了列序" in text for text in said(read.notes))


def test_a_name_merged_over_rows_counts_for_each_of_them(workbook):
    rows = [
        ["信用代码", "企业名称", "编号", "知识产权名称"],
        [HUAWEI, "甲公司", "IP01", "锅炉"],
        [None, None, "IP02", "阀门"],
        [None, None, "IP03", None],
        [GOOGLE, "乙公司", "IP01", "泵"],
    ]
    merges = [(1, 0, 3, 0), (1, 1, 3, 1), (2, 3, 3, 3)]
    read = read_workbook(workbook({"知识产权": rows}, merges), (IP,))
    found = [
        (row["name"], row["code"], row["id"], row.get("title")) for row in read.sheets["ip"].rows
    ]
    assert found == [
        ("甲公司", HUAWEI, "IP01", "锅炉"),
        ("甲公司", HUAWEI, "IP02", "阀门"),
        ("甲公司", HUAWEI, "IP03", None),
        ("乙公司", GOOGLE, "IP01", "泵"),
    ]
    assert any("合并单元格的内容只算在第一行" in text for text in said(read.notes))


def test_a_row_without_code_and_name_is_refused_whole(read_rows):
    read = read_rows([HEADINGS, [None, None, 5, 6, None], A])
    assert names(read) == ["甲公司"]
    refusal = read.refusals[0]
    assert refusal.whole_row
    assert read.sheets["main"].lost_rows == 1
    assert "看不出这一行是哪家企业的" in refusal.rule.say()


def test_a_row_with_a_wrong_code_stays_if_it_has_a_name(read_rows):
    read = read_rows([HEADINGS, ["123", "甲公司", 5, 6, None], ["456", None, 5, 6, None]])
    assert read.sheets["main"].rows == [{"name": "甲公司", "sales": 500, "staff": 6}]
    assert [(one.address, one.whole_row) for one in read.refusals] == [("A2", False), ("A3", True)]


def test_a_row_whose_cells_stand_in_wrong_columns_is_refused_whole(read_rows):
    rows = [
        ["序号", *HEADINGS],
        [1, *A],
        [GOOGLE, "乙公司", 3, 4, None, None],
        [3, "丙公司", BAIDU, 5],
    ]
    read = read_rows(rows)
    assert names(read) == ["甲公司"]
    assert [one.whole_row for one in read.refusals] == [True, True]
    assert refused(read) == [
        "A3 这一行的格子错了位：“统一社会信用代码”像是在 A 列，应在 B 列",
        "C4 这一行的格子错了位：“统一社会信用代码”像是在 C 列，应在 B 列",
    ]


def test_the_code_of_another_enterprise_in_its_own_column_is_no_shift(read_rows):
    parent = Column("parent", ("上级法人信用代码",), Kind.CODE)
    sheet = Sheet("main", ("主表",), (*MAIN.columns, parent), key=MAIN.key)
    read = read_rows(
        [[*HEADINGS, "上级法人信用代码"], [None, "甲公司", "x", 2, None, GOOGLE]], (sheet,)
    )
    assert names(read) == ["甲公司"]
    assert len(read.refusals) == 1


def test_an_unquoted_comma_in_a_csv_refuses_the_row(tmp_path):
    path = tmp_path / "主表.csv"
    path.write_text(
        f"信用代码,企业名称,销售收入\n{HUAWEI},甲公司,1,200\n{GOOGLE},乙公司,3\n", "utf-8"
    )
    read = read_csv(path, MAIN)
    assert names(read) == ["乙公司"]
    assert "这一行有 4 格，表头只有 3 格" in refused(read)[0]


def test_words_for_the_unknown_are_told_together(read_rows):
    rows = [[HUAWEI, "甲公司", "不详", None, None], [GOOGLE, "乙公司", "不详", "无", None]]
    read = read_rows([HEADINGS, *rows])
    assert said(read.notes) == [
        "C2 “不详”读作未知（共 2 处：C2、C3）",
        "D3 “无”读作未知；如果确实是零，请写 0",
    ]
    assert read.notes[0].count == 2
    assert read.refusals == []


def test_enterprises_of_a_detail_sheet_need_not_be_in_the_main_sheet(workbook):
    rows = [["企业名称", "编号", "用于"], ["无名公司", "IP01", "无"]]
    read = read_workbook(workbook({"主表": [HEADINGS, A], "知识产权": rows}), LAYOUT)
    assert read.sheets["ip"].rows == [{"name": "无名公司", "id": "IP01", "used_by": []}]


def test_a_table_without_rows_is_there_and_a_table_that_is_not_there_is_not(workbook):
    read = read_workbook(workbook({"主表": [HEADINGS]}), LAYOUT)
    assert read.sheets["main"].rows == []
    assert "ip" not in read.sheets


def test_progress_is_reported_to_the_end(workbook):
    steps = []
    rows = [[None, f"{n}公司", 1, 2, None] for n in range(2500)]
    read_workbook(
        workbook({"主表": [HEADINGS, *rows]}), (MAIN,), progress=lambda *step: steps.append(step)
    )
    assert steps == [(1000, 2501), (2000, 2501), (2501, 2501)]


def test_rows_in_any_order_give_the_same_rows(read_rows):
    def found(read):
        return sorted(map(str, read.sheets["main"].rows))

    assert found(read_rows([HEADINGS, A, B, C])) == found(read_rows([HEADINGS, C, A, B]))


def test_a_page_that_does_not_say_whose_rows_it_holds_is_refused_once(read_rows):
    rows = [["编号", "知识产权名称"], ["IP01", "锅炉"], ["IP02", "阀门"]]
    read = read_rows(rows, (IP,), title="知识产权")
    assert "ip" not in read.sheets
    assert read.unread == ["知识产权"]
    assert refused(read) == ["看不出各行是哪家企业的：统一社会信用代码、企业名称 这些列都没有"]


def test_a_heading_row_is_only_taken_for_one_if_it_names_columns(read_rows):
    read = read_rows([HEADINGS, [HUAWEI, "企业名称", "待核", "x", None]])
    assert names(read) == ["企业名称"]
