"""The programmes beside the recognition at the terminal: document, template, schema, judging, reasons."""

import json
from pathlib import Path

import openpyxl
import pytest

from peiyu.policy.rulebooks import RULEBOOKS
from tests.batch.forms import table_of, write_json
from tests.cli.conftest import Run, run_command

ON = "2026-03-01"
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
NAMES = ("tech_sme", "little_giant", "little_giant_cultivation", "reserve")
SME = {
    "name": "沁园数控有限公司",
    "facts": {
        "established_on": "2015-01-01", "resident": True, "prohibited_class": False,
        "research_misconduct": False, "abnormal_list": False, "violation_list": False,
        "sme_incidents": 0, "hnte_certificates": 0, "national_awards": 0, "institutions": 0,
        "standards_led": 0, "sme_ip_class1": 0, "sme_ip_class2": 3,
    },
    "years": {"2025": {
        "sales_revenue": 30000000, "total_assets": 80000000, "sme_staff_average": 48,
        "sme_rd_staff_average": 12, "rd_sme_total": 1000000, "cost_expense_total": 4900000,
    }},
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_document_has_every_condition_figure_and_reading(name: str, run: Run) -> None:
    book = RULEBOOKS[name]
    text = run("rulebook", name, "--on", ON).stdout
    for criterion in book.criteria:
        assert f"- 标识: `{criterion.id}`" in text and criterion.article in text
    assert all(f"| `{figure}` |" in text for figure in book.parameters())
    assert all(f"| `{switch.name}` |" in text for switch in book.switches)
    heads = [line[3:].partition("、")[0] for line in text.splitlines() if line.startswith("## ")]
    assert heads == list(NUMERALS[: len(heads)])
    assert book.voice.legend in text and book.version() in text
    english = run("rulebook", name, "--on", ON, "--lang", "en").stdout
    assert english.count("## ") == text.count("## ")


@pytest.mark.parametrize("name", NAMES)
def test_the_template_asks_for_what_the_rules_read_and_no_more(
    name: str, run: Run, here: Path
) -> None:
    assert run("template", name, "-o", "t.xlsx", "--on", ON).exit_code == 0
    book = openpyxl.load_workbook("t.xlsx")
    lines = list(book["数据字典"].iter_rows(values_only=True))
    asked = {str(line[9]) for line in lines[1:]}
    read = set(RULEBOOKS[name].facts())
    assert read <= asked
    identity = {"enterprise.code", "enterprise.name", "enterprise.territory", "years.year"}
    assert {one for one in asked - read - identity if not one.endswith((".no", ".number", ".title"))} <= {
        "months.month", "rd.year", "uses.grant_number", "conversions.result", "sheets.expert",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_knows_every_fact_that_is_read(name: str, run: Run) -> None:
    text = run("schema", name).stdout
    assert all(f'"{fact.partition(".")[2]}"' in text for fact in RULEBOOKS[name].facts())


def test_a_list_of_technology_smes_is_judged(run: Run, here: Path) -> None:
    source = write_json(here / "a.json", [SME])
    done = run("assess", source, "--rulebook", "tech_sme", "--on", ON, "-o", "out.json")
    assert done.exit_code == 0, done.output
    (firm,) = json.loads((here / "out.json").read_text("utf-8"))["enterprises"]
    assert firm["verdict"] == "met" and firm["said"] == "符合科技型中小企业条件"
    assert (firm["score"]["low"], firm["score"]["high"], firm["score"]["points_needed"]) == (
        64,
        64,
        0,
    )
    taken = {
        quantity["title"]
        for criterion in firm["criteria"]
        for quantity in criterion["quantities"]
        if quantity["title"].startswith("采用的指标")
    }
    assert taken == {"采用的指标：研发费用占成本费用支出总额"}
    assert (
        run("assess", source, "--rulebook", "tech_sme", "--on", ON, "-o", "out.xlsx").exit_code == 0
    )
    (row,) = table_of(openpyxl.load_workbook("out.xlsx")["总览"], "企业名称")
    assert (row["得分下限"], row["距及格分"]) == (64, "已达到及格分")


def test_the_indicator_that_was_chosen_is_told(run: Run, here: Path) -> None:
    source = write_json(here / "a.json", [SME])
    words = ("explain", source, "--enterprise", "沁园", "--rulebook", "tech_sme", "--on", ON)
    assert "两个研发投入指标的得分不同" in run(*words).stdout
    by_sales = run(*words, "--switch", "rd_indicator=sales")
    assert "采用口径: 研发投入用哪个指标评分: 占销售收入的比例" in by_sales.stdout
    assert "已不可能达到及格分" in by_sales.stdout


@pytest.mark.parametrize("ending", [".json", ".csv", ".xlsx"])
def test_a_programme_without_a_score_shows_none(ending: str, run: Run, here: Path) -> None:
    source = write_json(
        here / "a.json", [{"name": "济水轴承有限公司", "facts": {"sme_database": True}}]
    )
    output = here / f"out{ending}"
    done = run("assess", source, "--rulebook", "little_giant", "--on", "2018-10-01", "-o", output)
    assert done.exit_code == 0, done.output
    if ending == ".json":
        (firm,) = json.loads(output.read_text("utf-8"))["enterprises"]
        assert firm["score"] is None and firm["items"] == []
    elif ending == ".csv":
        assert "score" not in output.read_text("utf-8-sig").splitlines()[0]
    else:
        book = openpyxl.load_workbook(output)
        assert "得分明细" not in book.sheetnames
        (row,) = table_of(book["总览"], "企业名称")
        assert "得分下限" not in row
    words = ("explain", source, "--enterprise", "济水", "--rulebook", "little_giant")
    told = run(*words, "--on", "2018-10-01").stdout
    assert "得分" not in told and "硬指标: 资料不足" in told


def test_other_readings_are_told_under_the_grant(run: Run, here: Path) -> None:
    days = (("2013-10-23", "2016-10-23"), ("2019-10-31", "2022-10-31"))
    certificates = [
        {"number": f"GR{begun[:4]}", "issued_on": begun, "valid_to": ended, "in_city": True}
        for begun, ended in days
    ]
    record = {
        "name": "甲有限公司",
        "tables": {"certificates": certificates},
        "states": {"certificates": "complete"},
    }
    source = write_json(here / "a.json", [record])
    words = (source, "--rulebook", "jiyuan_awards", "--on", "2019-10-31")
    assert run("assess", *words, "-o", "out.json").exit_code == 0
    (firm,) = json.loads(Path("out.json").read_text("utf-8"))["enterprises"]
    others = {grant["id"]: grant["other_readings"] for grant in firm["grants"]}
    (first,) = [other for other in others["first_award"] if other["switch"] == "first_time"]
    (again,) = [other for other in others["again_award"] if other["switch"] == "first_time"]
    assert (first["reading"], first["outcome"]) == ("after_gap", "met")
    assert (first["amount_low"], first["amount_high"]) == (30_000_000, 30_000_000)
    assert (again["outcome"], again["amount_low"], again["amount_high"]) == ("unmet", 0, 0)
    assert "资格中断后再取得的也算首次" in first["said"] and "30万元" in first["said"]
    told = run("explain", words[0], "--enterprise", "甲", *words[1:]).stdout
    assert first["said"] in told and again["said"] in told
    run("assess", *words, "-o", "out.xlsx")
    rows = table_of(openpyxl.load_workbook("out.xlsx")["奖补明细"], "企业名称")
    cells = {row["奖补项目"]: row["换一种口径的结果"] for row in rows}
    assert first["said"] in cells["首次认定奖补"] and again["said"] in cells["重新认定奖补"]
    run("assess", *words, "--no-readings", "-o", "out.json")
    (firm,) = json.loads(Path("out.json").read_text("utf-8"))["enterprises"]
    assert all(grant["other_readings"] == [] for grant in firm["grants"])


def test_where_nothing_is_demanded_no_verdict_is_said(tmp_path: Path) -> None:
    """The benefits have grants and no conditions: amounts are told, and no outcome of all together."""
    source = tmp_path / "a.csv"
    source.write_text(
        "企业名称,2018年资产总额（万元）,2018年职工总数（全年月平均）,2018年应纳税所得额（万元）\n甲公司,6000,120,400\n",
        "utf-8",
    )
    asked = (source, "--rulebook", "hnte_benefits", "--on", "2019-06-17")
    told = run_command("explain", *asked, "--enterprise", "甲公司")
    assert told.exit_code == 0, told.stderr
    assert "符合，40万元" in told.stdout and "结论" not in told.stdout
    done = run_command("assess", *asked, "-o", tmp_path / "out.xlsx")
    assert done.exit_code == 0, done.stderr
    assert "已核对 1 家" in done.stdout and "结论" not in done.stdout
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert sheet["A2"].value == "共核对1家；未能核对0家。"
