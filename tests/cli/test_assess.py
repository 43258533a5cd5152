"""Judging a list: exit statuses, readings, days, what is refused and where that is said."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from peiyu.policy.rulebooks import HNTE
from tests.batch.forms import results, table_of, write_json, write_lines, write_sheet
from tests.cli.conftest import Run

ON = "2019-06-17"
HEADS = ["企业名称", "成立日期", "中国境内（不含港澳台）注册的居民企业", "2018年销售收入（元）",
         "2018年研究开发费用总额（元）", "2018年职工总数", "2018年科技人员数"]  # fmt: skip
GOOD = ["沁园数控有限公司", "2010-05-01", "是", 56000000, 2600000, 80, 9]
OTHER = ["济水轴承有限公司", "2012-05-01", "是", 30000000, 1600000, 40, 3]


def flat(target: Path, *rows: list[Any], heads: list[str] = HEADS) -> Path:
    return write_lines(target, [heads, *rows])


def document(path: str = "out.json") -> dict[str, Any]:
    return json.loads(Path(path).read_text("utf-8"))


def refused(path: str = "out.json") -> list[tuple[str, str, str, bool]]:
    """Where what was refused: sheet!cell, enterprise, value, whole row."""
    return [
        (f"{r['sheet']}!{r['address']}", r["enterprise"], r["value"], r["whole_row"])
        for r in document(path)["refused"]
    ]


def outcome(name: str, criterion: str, path: str = "out.json") -> str:
    firm = next(firm for firm in document(path)["enterprises"] if firm["name"] == name)
    return next(found["outcome"] for found in firm["criteria"] if found["id"] == criterion)


# ------------------------------------------------------------------------------------- statuses


def test_a_clean_list_ends_with_0(run: Run, here: Path) -> None:
    done = run("assess", flat(here / "a.csv", GOOD, OTHER), "--on", ON, "-o", "out.json")
    assert done.exit_code == 0 and "未采用" not in done.output
    assert "已核对 2 家（2019-06-17）" in done.stdout


def test_a_list_with_a_refused_cell_ends_with_1(run: Run, here: Path) -> None:
    bad = [*OTHER[:5], "四十来个", 3]
    done = run("assess", flat(here / "a.csv", GOOD, bad), "--on", ON, "-o", "out.json")
    assert done.exit_code == 1
    assert "未采用 1 处，其中整行 0 处，未能核对 0 家" in done.stderr
    assert "a!F3 济水轴承有限公司" in done.stderr and "四十来个" in done.stderr


def test_a_list_of_which_nothing_can_be_judged_ends_with_2(run: Run, here: Path) -> None:
    source = flat(here / "a.csv", ["", "2010-05-01", "是", 1, 1, 1, 1])
    done = run("assess", source, "--on", ON, "-o", "out.json")
    assert done.exit_code == 2
    assert "没有核对任何企业" in done.stderr and "看不出这一行是哪家企业的" in done.stderr
    assert not (here / "out.json").exists()


@pytest.mark.parametrize("ending", [".xlsx", ".json", ".csv", ".parquet"])
def test_statuses_do_not_depend_on_the_form_of_the_result(
    ending: str, run: Run, here: Path
) -> None:
    for number, rows in enumerate(([GOOD], [GOOD, [*OTHER[:5], "?!", 3]], [["", "x"]])):
        source = flat(here / f"{number}.csv", *rows)
        output = here / f"out{number}{ending}"
        assert run("assess", source, "--on", ON, "-o", output).exit_code == number
        assert output.exists() == (number < 2)


# ------------------------------------------------------------------------- readings, days, units


def test_another_reading_is_used_and_said(run: Run, here: Path) -> None:
    source = flat(here / "a.csv", GOOD)
    run("assess", source, "--on", ON, "-o", "out.xlsx", "--switch", "other_cost_cap=internal")
    method = {
        row["事项"]: row["内容"]
        for row in table_of(openpyxl.load_workbook("out.xlsx")["方法"], "事项")
    }
    title = "其他费用20%限额的基数 (other_cost_cap)"
    assert method[title].startswith("仅内部研究开发费用") and "默认" in method[title]
    run("assess", source, "--on", ON, "-o", "out.json", "--switch", "other_cost_cap = internal")
    assert document()["method"]["switches"]["other_cost_cap"] == "internal"
    assert set(document()["method"]["switches"]) == {switch.name for switch in HNTE.switches}


def test_a_reading_decides_where_the_law_is_silent(run: Run, here: Path) -> None:
    heads = [*HEADS[:4], "2017年销售收入（元）", "2016年销售收入（元）", "2018年研发费用（元）",
             "2017年研发费用（元）", "2016年研发费用（元）"]  # fmt: skip
    source = flat(here / "a.csv", [*GOOD[:3], 0, 0, 0, 1, 1, 1], heads=heads)
    for reading, expected in (("expert", "expert"), ("unmet", "unmet")):
        switch = f"rd_share_without_sales={reading}"
        run("assess", source, "--on", ON, "-o", "out.json", "--switch", switch)
        assert outcome(GOOD[0], "rd_share") == expected


@pytest.mark.parametrize(
    ("switch", "said"),
    [
        ("other_cost_cap=inner", "可选 total、internal"),
        ("other_cost=internal", "可选 application_day、"),
        ("other_cost_cap", "名称=取值"),
        ("other_cost_cap=", "可选 total、internal"),
    ],
)
def test_a_misspelt_reading_is_refused_with_those_there_are(
    switch: str, said: str, run: Run, here: Path
) -> None:
    source = flat(here / "a.csv", GOOD)
    done = run("assess", source, "--on", ON, "-o", "out.json", "--switch", switch)
    assert done.exit_code == 2 and said in done.stderr
    assert not (here / "out.json").exists()


@pytest.mark.parametrize("on", ["2015-12-31", "2008-01-01"])
def test_a_day_before_the_measures_is_refused_in_words(on: str, run: Run, here: Path) -> None:
    source = flat(here / "a.csv", GOOD)
    for words in (
        ("assess", source, "-o", "out.json"), ("explain", source, "--enterprise", "沁园"),
        ("template", "hnte", "-o", "t.xlsx"), ("rulebook", "hnte"),
    ):  # fmt: skip
        done = run(*words, "--on", on)
        assert done.exit_code == 2
        assert "自 2016-01-01 起施行" in done.stderr and on in done.stderr
    assert sorted(file.name for file in here.iterdir()) == ["a.csv"]


@pytest.mark.parametrize("on", ["2019-02-29", "17.6.2019", "yesterday", "9999-01-01", "0001-01-01"])
def test_what_is_no_day_is_shown_as_written(on: str, run: Run, here: Path) -> None:
    done = run("assess", flat(here / "a.csv", GOOD), "-o", "out.json", "--on", on)
    assert done.exit_code == 2 and on in done.stderr


def test_the_first_day_of_the_measures_is_accepted(run: Run, here: Path) -> None:
    source = flat(here / "a.csv", GOOD)
    assert run("assess", source, "--on", "2016-01-01", "-o", "out.json").exit_code == 0
    notes = [note["text"] for note in document()["notes"]]
    assert any("2018年销售收入" in note for note in notes)  # no fiscal year of that day


def test_a_unit_said_in_the_heading_goes_before_the_chosen_one(run: Run, here: Path) -> None:
    heads = ["企业名称", "2018年销售收入（元）", "2017年销售收入", "2016年销售收入（千元）"]
    source = flat(here / "a.csv", ["沁园数控有限公司", 56000000, 4800, 42000], heads=heads)
    run("assess", source, "--on", ON, "-o", "out.json", "--unit", "万元")
    (firm,) = document()["enterprises"]
    read = {
        fact["year"]: fact["value"]
        for criterion in firm["criteria"]
        for fact in criterion["facts"]
        if fact["name"] == "sales_revenue"
    }
    assert read == {2018: 5600000000, 2017: 4800000000, 2016: 4200000000}


def test_a_foreign_heading_is_read_as_the_fact_that_is_named(run: Run, here: Path) -> None:
    heads = ["Firma", "Beschäftigte 2018", "davon Forscher"]
    source = flat(here / "a.csv", ["沁园数控有限公司", 80, 8], heads=heads)
    assert run("assess", source, "--on", ON, "-o", "out.json").exit_code == 2
    words = (
        "Firma=name",
        "Beschäftigte 2018=staff_average.2018",
        "davon Forscher=2018年科技人员数（全年月平均）",
    )
    columns = [part for word in words for part in ("--column", word)]
    assert run("assess", source, "--on", ON, "-o", "out.json", *columns).exit_code == 0
    assert outcome("沁园数控有限公司", "st_staff") == "met"


def test_headings_of_every_sheet_can_be_named(run: Run, here: Path) -> None:
    source = write_sheet(
        here / "a.xlsx", [HEADS, GOOD],
        [["Wer", "Nr", "Erteilt"], ["沁园数控有限公司", "IP01", "2018-01-02"]], titles=["企业", "知识产权"],
    )  # fmt: skip
    words = ("Wer=name", "Nr=ip.no", "Erteilt=ip.granted_on")
    columns = [part for word in words for part in ("--column", word)]
    assert run("assess", source, "--on", ON, "-o", "out.json", *columns).exit_code == 0
    firm = document()["enterprises"][0]
    rows = [row for found in firm["criteria"] for row in found["rows"] if row["table"] == "ip"]
    assert {(row["row"], row["source"]) for row in rows} == {("IP01", "知识产权!2")}


@pytest.mark.parametrize(
    "word", ["Umsatz", "Umsatz=", "=sales_revenue", "Umsatz=turnover", "Umsatz=sales_revenue.2012"]
)
def test_a_heading_named_for_no_fact_is_refused(word: str, run: Run, here: Path) -> None:
    source = flat(here / "a.csv", GOOD)
    done = run("assess", source, "--on", ON, "-o", "out.json", "--column", word)
    assert done.exit_code == 2 and word in done.stderr and "数据字典" in done.stderr


@pytest.mark.parametrize("option", [("--unit", "万元"), ("--column", "a=name")])
def test_json_and_parquet_have_units_and_names_of_their_own(
    option: tuple[str, str], run: Run, here: Path
) -> None:
    write_json(here / "a.json", {"name": "沁园数控有限公司"})
    pl.DataFrame({"key": ["甲"]}).write_parquet(here / "a.parquet")
    for source in ("a.json", "a.parquet"):
        for output in ("out.json", "out.parquet"):
            done = run("assess", source, "--on", ON, "-o", output, *option)
            assert done.exit_code == 2 and option[0] in done.stderr


# ------------------------------------------------------------------------------- what is refused


def test_a_refused_cell_is_told_with_its_place_value_reason_and_remedy(
    run: Run, here: Path
) -> None:
    bad = [*OTHER[:5], "四十来个", 3]
    source = write_sheet(here / "a.xlsx", [HEADS, GOOD, bad], titles=["企业"])
    for output in ("out.xlsx", "out.json", "out.csv", "out.parquet"):
        assert run("assess", source, "--on", ON, "-o", output).exit_code == 1
    place = {"工作表": "企业", "位置": "F3", "企业": "济水轴承有限公司", "表头": "2018年职工总数（全年月平均）",
             "原值": "四十来个", "未采用的范围": "此单元格"}  # fmt: skip
    (row,) = table_of(openpyxl.load_workbook("out.xlsx")["未采用的内容"], "工作表")
    assert place.items() <= row.items()
    assert "四十来个" in row["原因"] and "请" in row["怎样改"]
    assert refused() == [("企业!F3", "济水轴承有限公司", "四十来个", False)]
    (told,) = document()["refused"]
    assert (told["heading"], told["rule"], told["remedy"]) == (
        row["表头"],
        row["原因"],
        row["怎样改"],
    )
    with Path("out.refused.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [*csv.DictReader(file)] == [row]


def test_the_rest_of_a_row_with_a_refused_cell_is_judged(run: Run, here: Path) -> None:
    bad = [OTHER[0], "昨天", *OTHER[2:]]
    run("assess", flat(here / "a.csv", GOOD, bad), "--on", ON, "-o", "out.json")
    assert refused() == [("a!B3", "济水轴承有限公司", "昨天", False)]
    assert outcome(OTHER[0], "registered") == "unknown"
    assert outcome(OTHER[0], "resident") == "met"
    assert outcome(OTHER[0], "st_staff") == "unmet"


def test_rows_in_are_rows_judged_refused_or_passed_over_with_a_word(run: Run, here: Path) -> None:
    rows = [
        GOOD,
        ["示例企业有限公司", *GOOD[1:]],
        ["", "", "", "", "", "", ""],
        GOOD,
        [*GOOD[:5], 81, 9],
        OTHER,
        HEADS,
        ["", "2010-05-01", "是", 1, 1, 1, 1],
        ["合计", "", "", 86000000, 4200000, 120, 12],
        ["注：以上数据未经审计", "", "", "", "", "", ""],
    ]
    done = run("assess", flat(here / "a.csv", *rows), "--on", ON, "-o", "out.json")
    assert done.exit_code == 1
    found = document()
    judged = [firm["name"] for firm in found["enterprises"]]
    lost = [r["address"] for r in found["refused"] if r["whole_row"]]
    passed = [
        note["address"]
        for note in found["notes"]
        if note["address"][:1] == "A" and len(note["address"]) > 1
    ]
    assert judged == [GOOD[0], OTHER[0]]
    assert sorted(lost) == ["A6", "A9"]
    assert {"A3", "A5", "A8", "A10", "A11"} <= set(passed)
    assert len(judged) + len(lost) + len({"A3", "A5", "A8", "A10", "A11"}) + 1 == len(
        rows
    )  # one blank
    assert found["method"]["not_judged"] == 1  # the row of nobody: the other firm is judged


def test_a_figure_stated_in_three_places_is_refused_wherever_it_differs(
    run: Run, here: Path
) -> None:
    heads = ["企业名称", "年度", "销售收入（万元）"]
    years = [heads, *([GOOD[0], 2018, amount] for amount in (5600, 5601, 5600))]
    source = write_sheet(here / "a.xlsx", [HEADS, GOOD], years, titles=["企业", "年度数据"])
    run("assess", source, "--on", ON, "-o", "out.json")
    assert [(place, value) for place, _, value, _ in refused()] == [
        ("年度数据!C3", "5,601万元"), ("年度数据!C4", "5,600万元"),
    ]  # fmt: skip
    assert [r["rule"] for r in document()["refused"]] == [
        "与 企业!D2 的 5,600万元 不一致", "企业!D2, 年度数据!C3 已经写得不一致",
    ]  # fmt: skip
    assert outcome(GOOD[0], "rd_share") == "unknown"


IP_HEADS = ["企业名称", "知识产权编号", "类别", "授权号", "授权日期", "权利终止日期", "在中国境内授权或审批",
            "权利人为本企业", "多个权利人共有", "有授权证书", "获得方式", "是否使用过"]  # fmt: skip
IP_ROW = [GOOD[0], "IP01", "软件著作权", "2017SR000001", "2017-05-10", "2067-12-31", "是", "是",
          "否", "是", "自主研发", "否"]  # fmt: skip


def with_ip(target: Path, *rows: list[Any]) -> Path:
    return write_sheet(target, [HEADS, GOOD, OTHER], [IP_HEADS, *rows], titles=["企业", "知识产权"])


def count_of(title: str, criterion: str = "ip") -> tuple[list[int], list[int] | None]:
    firm = document()["enterprises"][0]
    found = next(found for found in firm["criteria"] if found["id"] == criterion)
    value = next(q["value"] for q in found["quantities"] if q["title"] == title)
    return value["low"], value["high"]


def test_a_table_that_lost_a_row_of_an_enterprise_is_open_upwards(run: Run, here: Path) -> None:
    again = [*IP_ROW[:3], "2018SR000009", *IP_ROW[4:]]
    run("assess", with_ip(here / "a.xlsx", IP_ROW, again), "--on", ON, "-o", "out.json")
    assert refused() == [("知识产权!3", GOOD[0], GOOD[0], True)]
    assert count_of("可用Ⅱ类知识产权") == ([1, 1], None)


def test_the_same_row_twice_is_remarked_and_counts_once(run: Run, here: Path) -> None:
    done = run("assess", with_ip(here / "a.xlsx", IP_ROW, IP_ROW), "--on", ON, "-o", "out.json")
    assert done.exit_code == 0
    assert [n["text"] for n in document()["notes"] if n["sheet"] == "知识产权"] == [
        "与第 2 行完全一样，只算一次"
    ]
    assert count_of("可用Ⅱ类知识产权") == ([1, 1], [1, 1])


def test_a_row_of_nobody_leaves_the_table_of_everybody_open(run: Run, here: Path) -> None:
    run("assess", with_ip(here / "a.xlsx", IP_ROW, ["", *IP_ROW[1:]]), "--on", ON, "-o", "out.json")
    assert [place for place, *_ in refused()] == ["知识产权!A3"]
    assert count_of("可用Ⅱ类知识产权") == ([1, 1], None)


def test_a_row_of_an_enterprise_not_in_the_list_is_refused_and_concerns_no_other(
    run: Run, here: Path
) -> None:
    stranger = ["轵城铸造有限公司", *IP_ROW[1:]]
    run("assess", with_ip(here / "a.xlsx", IP_ROW, stranger), "--on", ON, "-o", "out.json")
    assert refused() == [("知识产权!3", "轵城铸造有限公司", "轵城铸造有限公司", True)]
    assert document()["refused"][0]["rule"] == "主表里没有这家企业"
    assert count_of("可用Ⅱ类知识产权") == ([1, 1], [1, 1])


def test_two_rows_without_a_number_are_two_rows(run: Run, here: Path) -> None:
    rows = [[GOOD[0], "", *IP_ROW[2:]], [GOOD[0], "", *IP_ROW[2:4], "2018-02-02", *IP_ROW[5:]]]
    run("assess", with_ip(here / "a.xlsx", *rows), "--on", ON, "-o", "out.json")
    assert [(place, whole) for place, _, _, whole in refused()] == [
        ("知识产权!B2", False), ("知识产权!B3", False),
    ]  # fmt: skip
    assert count_of("可用Ⅱ类知识产权") == ([2, 1], [2, 1])


def test_a_row_with_the_code_of_one_and_the_name_of_another_is_refused(
    run: Run, here: Path
) -> None:
    codes = ["91000000MADE00001A", "91000000MADE00002B"]
    main = [["统一社会信用代码", "企业名称"], [codes[0], GOOD[0]], [codes[1], OTHER[0]]]
    months = [["统一社会信用代码", "企业名称", "年度", "月份", "月初职工人数", "月末职工人数"],
              [codes[0], GOOD[0], 2018, 1, 10, 10], [codes[0], OTHER[0], 2018, 2, 10, 10]]  # fmt: skip
    source = write_sheet(here / "a.xlsx", main, months, titles=["企业", "人员月度"])
    run("assess", source, "--on", ON, "-o", "out.json")
    (lost,) = [r for r in document()["refused"] if r["whole_row"]]
    assert (lost["address"], lost["rule"]) == (
        "3",
        "代码是这家企业的，名称却是“济水轴承有限公司”的",
    )


def test_a_table_without_whose_is_refused_as_a_whole_and_the_declared_count_stands(
    run: Run, here: Path
) -> None:
    heads, rows = IP_HEADS[1:], [IP_ROW[1:], IP_ROW[1:]]
    main = [[*HEADS, "可用Ⅱ类知识产权数"], [*GOOD, 3]]
    source = write_sheet(here / "a.xlsx", main, [heads, *rows], titles=["企业", "知识产权"])
    assert run("assess", source, "--on", ON, "-o", "out.json").exit_code == 1
    assert refused() == [("知识产权!", "", "", False)]
    assert count_of("可用Ⅱ类知识产权") == ([3, 1], [3, 1])


def test_two_rows_of_one_name_and_two_codes_are_never_lost_in_silence(run: Run, here: Path) -> None:
    codes = ["91000000MADE00001A", "91000000MADE00002B"]
    heads = ["统一社会信用代码", *HEADS]
    source = flat(here / "a.csv", [codes[0], *GOOD], [codes[1], *GOOD], heads=heads)
    run("assess", source, "--on", ON, "-o", "out.json")
    found = document()
    lost = [r for r in found["refused"] if r["whole_row"]]
    assert len(found["enterprises"]) + len(lost) == 2
    assert all(r["value"] == GOOD[0] and r["address"] == "A3" for r in lost)


# -------------------------------------------------------------------------------------- results


def test_a_result_beside_columns_says_what_was_refused_remarked_and_by_which_rules(
    run: Run, here: Path
) -> None:
    source = flat(here / "a.csv", GOOD, [*OTHER[:5], "x", 3])
    for output in ("one.csv", "two.parquet"):
        run("assess", source, "--on", ON, "-o", output)
        stem = Path(output).stem
        told = {
            kind: Path(f"{stem}.{kind}.csv").read_text("utf-8-sig")
            for kind in ("refused", "notes", "method")
        }
        assert "a,F3,济水轴承有限公司" in told["refused"]
        assert "金额" in told["notes"] or "按表头认作" in told["notes"]
        assert HNTE.version() in told["method"] and ON in told["method"]
    assert Path("one.method.csv").read_bytes() == Path("two.method.csv").read_bytes()


def test_the_place_of_an_enterprise_goes_into_every_result(run: Run, here: Path) -> None:
    source = flat(here / "a.csv", [*GOOD, "玉泉街道"], heads=[*HEADS, "所属镇办"])
    for output in ("out.xlsx", "out.json", "out.csv", "out.parquet"):
        assert run("assess", source, "--on", ON, "-o", output).exit_code == 0
    assert document()["enterprises"][0]["territory"] == "玉泉街道"
    assert pl.read_parquet("out.parquet")["territory"].to_list() == ["玉泉街道"]
    assert "玉泉街道" in Path("out.csv").read_text("utf-8-sig")
    (row,) = table_of(openpyxl.load_workbook("out.xlsx")["总览"], "企业名称")
    assert row["所在镇（街道、园区）"] == "玉泉街道"


def test_the_workbook_has_its_sheets_and_says_that_it_decides_nothing(run: Run, here: Path) -> None:
    run("assess", flat(here / "a.csv", GOOD), "--on", ON, "-o", "out.xlsx")
    book = openpyxl.load_workbook("out.xlsx")
    assert book.sheetnames == [
        "总览",
        "条件明细",
        "得分明细",
        "缺少的资料",
        "未采用的内容",
        "提示",
        "方法",
    ]
    above = [str(row[0]) for row in book["总览"].iter_rows(max_row=3, values_only=True)]
    assert "2019-06-17" in above[0] and "不是认定结论" in above[2]
    criteria = table_of(book["条件明细"], "企业名称")
    assert [row["条款"] for row in criteria] == [criterion.article for criterion in HNTE.criteria]
    staff = next(row for row in criteria if row["条件"] == "科技人员占职工总数的比例")
    assert (
        staff["数值与限值"] == "9人 ÷ 80人 = 11.25% ≥ 10.00%"
        and "[a!F2]" in staff["依据的数据与来源"]
    )
    missing = table_of(book["缺少的资料"], "企业名称")
    assert all(row["通常由谁提供"] and row["影响的条件"] for row in missing) and len(missing) > 5


def test_a_share_goes_out_as_its_pair_and_never_divided(run: Run, here: Path) -> None:
    run("assess", flat(here / "a.csv", GOOD), "--on", ON, "-o", "out.csv")
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["st_staff.part"], row["st_staff.base"]) == ("9", "80")
    run("assess", flat(here / "b.csv", GOOD), "--on", ON, "-o", "out.json")
    test = document()["enterprises"][0]["criteria"][5]["tests"][0]
    assert (test["part"]["low"], test["base"]["low"]) == ([9, 1], [80, 1])
    assert test["value"]["low"] == [9, 80]


def test_other_readings_are_tried_unless_one_asks_not_to(run: Run, here: Path) -> None:
    heads = ["企业名称", "通知规定的申请日", "成立日期"]
    source = flat(here / "a.csv", ["甲", "2019-07-30", "2018-07-01"], heads=heads)
    run("assess", source, "--on", ON, "-o", "out.json")
    registered = document()["enterprises"][0]["criteria"][2]
    assert registered["outcome"] == "unmet"
    assert [(o["switch"], o["outcome"]) for o in registered["other_readings"]] == [
        ("application_day", "met")
    ]
    run("assess", source, "--on", ON, "-o", "out.json", "--no-readings")
    assert document()["enterprises"][0]["criteria"][2]["other_readings"] == []


def test_results_are_the_same_with_and_without_other_readings(run: Run, here: Path) -> None:
    source = flat(here / "a.csv", GOOD, OTHER)
    run("assess", source, "--on", ON, "-o", "with.json")
    run("assess", source, "--on", ON, "-o", "without.json", "--no-readings")
    assert results(here / "with.json") == results(here / "without.json")
