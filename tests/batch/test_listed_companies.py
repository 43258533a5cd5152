"""Real figures and real mess from end to end: every row is judged, refused or passed over with a word."""

import csv
import json
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from tests.batch.forms import write_lines, write_sheet
from tests.cli.conftest import run_command

DATA = Path(__file__).parent / "data"
MESS = Path(__file__).parents[1] / "tables/data"
ON = "2020-06-30"  # the last fiscal year is 2019
MINUS_ONE = "“-1”常被用作“没有数据”的代号，这里不能是负数"
NOBODYS = "看不出这一行是哪家企业的"


def lines_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def in_columns(source: Path, folder: Path, *columns: str, on: str = ON) -> pl.DataFrame:
    """The result of a file in columns, with `.refused.csv` and `.notes.csv` beside it."""
    words = [word for column in columns for word in ("--column", column)]
    done = run_command("assess", source, "--on", on, "-o", folder / "out.parquet", *words)
    refused = len(lines_of(folder / "out.refused.csv"))
    assert done.exit_code == bool(refused), done.output
    return pl.read_parquet(folder / "out.parquet")


def refusals(folder: Path) -> list[dict[str, str]]:
    return lines_of(folder / "out.refused.csv")


def counted(folder: Path) -> dict[tuple[str, str, str], int]:
    """How often each heading was refused for which reason, and whether the row was lost."""
    reasons = Counter(
        (r["未采用的范围"], r["表头"], r["原因"].partition("：")[0][:22]) for r in refusals(folder)
    )
    return dict(reasons)


def notes(folder: Path) -> list[str]:
    return [note["提示"] for note in lines_of(folder / "out.notes.csv")]


def share_of_staff(rows: list[tuple[str, str]]) -> Counter[str]:
    """What the law says of firms with so many S&T people of so many, worked out apart from it."""
    return Counter("met" if 10 * Fraction(st) >= Fraction(staff) else "unmet" for st, staff in rows)


def test_people_and_finance_under_foreign_headings_are_judged(tmp_path: Path) -> None:
    source = DATA / "listed_2019_people_finance.csv"
    found = in_columns(
        source, tmp_path,
        "revenue_yuan=sales_revenue", "net_assets_yuan=净资产",
        "staff_total=职工总数（全年月平均）", "rd_staff=years.st_staff_average",
    )  # fmt: skip
    lines = lines_of(source)
    assert len(found) == len(lines) == 400
    assert refusals(tmp_path) == []
    known = [(x["rd_staff"], x["staff_total"]) for x in lines if x["rd_staff"] and x["staff_total"]]
    expected = share_of_staff(known)
    assert expected == {"met": 209, "unmet": 101}
    outcomes = Counter(found["st_staff"].to_list())
    assert outcomes == {**expected, "unknown": 400 - len(known)}
    assert set(found["verdict"]) == {"unknown", "unmet"}
    unread = [note for note in notes(tmp_path) if "这一列没有读" in note]
    assert (
        len(unread) == 7
    )  # stock_code, short_name, net profit, technical staff, per cent, degrees


def test_numbers_as_text_and_minus_one_for_missing_are_told_apart(tmp_path: Path) -> None:
    source = MESS / "listed_2019_raw_text_numbers.csv"
    found = in_columns(source, tmp_path, "研发人员数=st_staff_average")
    lines = lines_of(source)
    assert counted(tmp_path) == {
        ("此单元格", "科技人员数（全年月平均）", MINUS_ONE[:22]): 76,
        ("此单元格", "职工总数（全年月平均）", MINUS_ONE[:22]): 26,
        ("整行", "统一社会信用代码 / 企业名称", NOBODYS): 8,
        ("此单元格", "销售收入", "这一列填的不是百分数"): 3,
        ("此单元格", "销售收入", "“我们对收入的确认执行的审计程序主要包括"): 1,
        ("此单元格", "净资产", "单位“年”与这一列不符"): 1,
    }
    assert len(found) + 8 == len(lines) == 415
    written = [
        (x["研发人员数"].replace(",", ""), x["职工总数"].replace(",", ""))
        for x in lines
        if x["企业名称"]
    ]
    known = [pair for pair in written if "-1" not in pair and all(pair)]
    outcomes = Counter(found["st_staff"].to_list())
    assert outcomes == {**share_of_staff(known), "unknown": len(found) - len(known)}


def test_a_list_with_every_third_row_twice_counts_each_firm_once(tmp_path: Path) -> None:
    source = DATA / "listed_2019_statement_growth.csv"
    found = in_columns(
        source, tmp_path, "short_name=企业名称",
        "revenue_2019_yuan=sales_revenue.2019", "revenue_2018_derived_yuan=2018年销售收入",
        "equity_2019_yuan=net_assets.2019", "equity_2018_derived_yuan=net_assets.2018",
        "assets_2019_yuan=total_assets.2019", "liabilities_2019_yuan=total_liabilities.2019",
    )  # fmt: skip
    lines = lines_of(source)
    again = [note for note in notes(tmp_path) if "完全一样，只算一次" in note]
    assert len(found) == 468
    assert len(found) + len(again) == len(lines) == 527
    assert [(r["企业"], r["表头"], r["未采用的范围"]) for r in refusals(tmp_path)] == [
        ("建设银行", "2019年资产总额", "此单元格"),
        ("建设银行", "2019年负债总额", "此单元格"),
    ]


def test_the_figures_of_two_years_arrive_to_the_fen(tmp_path: Path) -> None:
    lines = lines_of(DATA / "listed_2019_statement_growth.csv")[:40]
    heads = ["short_name", "revenue_2019_yuan", "revenue_2018_derived_yuan", "equity_2019_yuan"]
    source = write_lines(tmp_path / "some.csv", [heads, *([x[h] for h in heads] for x in lines)])
    output = tmp_path / "out.json"
    run_command(
        "assess", source, "--on", ON, "-o", output, "--no-readings", "--column", "short_name=name",
        "--column", "revenue_2019_yuan=sales_revenue.2019",
        "--column", "revenue_2018_derived_yuan=sales_revenue.2018",
        "--column", "equity_2019_yuan=net_assets.2019",
    )  # fmt: skip
    expected = {
        (x["short_name"], name, year): Fraction(x[head]) * 100
        for x in lines
        for head, name, year in zip(
            heads[1:], ("sales_revenue", "sales_revenue", "net_assets"), (2019, 2018, 2019),
            strict=True,
        )
    }  # fmt: skip
    read = {
        (firm["name"], fact["name"], fact["year"]): fact["value"]
        for firm in json.loads(output.read_text("utf-8"))["enterprises"]
        for criterion in firm["criteria"]
        for fact in criterion["facts"]
    }
    assert read == expected and len(read) > 70


def test_a_broken_export_is_read_under_each_of_its_headings(tmp_path: Path) -> None:
    source = MESS / "mess_eastmoney_shifted_columns.csv"
    found = in_columns(
        source, tmp_path, "sname=name", "reportdate=年度",
        "sumasset=total_assets", "sumliab=total_liabilities", "sumshequity=net_assets",
    )  # fmt: skip
    lines = source.read_text("utf-8").splitlines()
    assert counted(tmp_path) == {("整行", "统一社会信用代码 / 企业名称", NOBODYS): 5}
    headings = [note for note in notes(tmp_path) if "表头换了列序" in note]
    assert len(headings) == 1
    assert len(found) + 5 + len(headings) == len(lines) - 1 == 83
    assert "空港股份" in found["name"].to_list()


def test_figures_below_a_second_heading_come_from_its_columns(tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    run_command(
        "assess", MESS / "mess_eastmoney_shifted_columns.csv", "--on", ON, "-o", output,
        "--no-readings", "--column", "sname=name", "--column", "sumshequity=net_assets.2019",
        "--column", "sumasset=total_assets.2019",
    )  # fmt: skip
    equity = {
        x["short_name"]: Fraction(x["equity_2019_yuan"]) * 100
        for x in lines_of(DATA / "listed_2019_statement_growth.csv")
    }
    read = {
        firm["name"]: (fact["value"], fact["source"].rpartition("!")[2])
        for firm in json.loads(output.read_text("utf-8"))["enterprises"]
        for criterion in firm["criteria"]
        for fact in criterion["facts"]
        if fact["name"] == "net_assets"
    }
    both = set(read) & set(equity)
    columns = {read[name][1].rstrip("0123456789") for name in both}
    assert len(both) == 6 and len(columns) == 2
    assert {name: read[name][0] for name in both} == {name: equity[name] for name in both}


def test_single_facts_become_a_row_for_each_firm_and_year(tmp_path: Path) -> None:
    items = {
        "营业收入": "营业收入（元）", "研发费用": "研发费用（元）", "总资产": "总资产（元）",
        "总负债": "总负债（元）", "职工总数": "职工总数", "研发人员数": "科技人员数",
    }  # fmt: skip
    firms: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for line in lines_of(DATA / "listed_facts_2018_2021_long.csv"):
        firms[line["name"], line["year"]][line["item"]] = line["value"]
    rows = [[*who, *(facts.get(item, "") for item in items)] for who, facts in firms.items()]
    source = write_lines(tmp_path / "facts.csv", [["企业名称", "年度", *items.values()], *rows])
    found = in_columns(source, tmp_path, on="2022-06-30")
    assert len(rows) == 1309
    assert len(found) == len({name for name, _ in firms}) == 967
    lost = Counter((r["表头"], r["未采用的范围"]) for r in refusals(tmp_path))
    assert lost == {}
    last = [
        (facts["研发人员数"], facts["职工总数"])
        for (_, year), facts in firms.items()
        if year == "2021" and "研发人员数" in facts and "职工总数" in facts
    ]
    outcomes = Counter(found["st_staff"].to_list())
    assert outcomes == {**share_of_staff(last), "unknown": 967 - len(last)}


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_a_revenue_that_two_sheets_state_differently_is_not_used(unit: str, tmp_path: Path) -> None:
    lines = lines_of(DATA / "revenue_conflicts_2019.csv")
    power = 10000 if unit == "万元" else 1
    a = [[x["name"], x["revenue_2019_source_a"]] for x in lines]
    b = [[x["name"], 2019, int(Fraction(x["revenue_2019_source_b_yuan"]) / power)] for x in lines]
    same = ["南京好事成双股份有限公司", "1200000.00"]
    source = write_sheet(
        tmp_path / "two.xlsx",
        [["企业名称", "2019年营业收入（元）"], *a, same],
        [["企业名称", "年度", f"营业收入（{unit}）"], *b, [same[0], 2019, 1200000 // power]],
        titles=["企业", "年度数据"],
    )
    output = tmp_path / "out.json"
    done = run_command("assess", source, "--on", ON, "-o", output, "--no-readings")
    document = json.loads(output.read_text("utf-8"))
    assert done.exit_code == 1
    assert document["method"]["judged"] == len(lines) + 1 == 20
    refused = [r for r in document["refused"] if "不一致" in r["rule"]]
    assert [r["enterprise"] for r in refused] == [x["name"] for x in lines]
    assert {(r["sheet"], r["address"][0], r["whole_row"]) for r in refused} == {
        ("年度数据", "C", False)
    }
    assert refused[1]["rule"] == "与 企业!B3 的 469,097.242139万元 不一致"
    used = [
        (firm["name"], fact["value"])
        for firm in document["enterprises"]
        for criterion in firm["criteria"]
        for fact in criterion["facts"]
        if fact["name"] == "sales_revenue"
    ]
    assert set(used) == {(same[0], 120000000)}
