"""The ladder: the highest rung met, what the next one asks, what is not known."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from peiyu.policy.ladder import NO_RUNG, RUNGS, all_rungs, rungs
from tests.batch.forms import table_of, write_json, write_lines
from tests.cli.conftest import Run

ON = "2019-06-17"
SMALL = {
    "resident": True, "established_on": "2010-05-01", "prohibited_class": False, "sme_incidents": 0,
    "research_misconduct": False, "abnormal_list": False, "violation_list": False, "hnte_certificates": 1,
}  # fmt: skip
YEAR = {"sme_staff_average": 100, "sales_revenue": 50000000, "total_assets": 60000000,
        "staff_average": 100, "st_staff_average": 9}  # fmt: skip
READY = {"ip_class1": 1, "ip_class2": 0, "incidents": 0}
SPENT = {"sales_revenue": 40000000, "rd_total": 3000000}


def firms() -> list[dict[str, Any]]:
    """One of whom nothing is known, one on the first rung, one on the second."""
    two = {"2016": SPENT, "2017": SPENT, "2018": {**YEAR, "rd_total": 3000000}}
    three = {**two, "2018": {**two["2018"], "st_staff_average": 12}}
    return [
        {"name": "虚构甲有限公司", "territory": "克井镇"},
        {"name": "虚构乙有限公司", "territory": "玉泉街道", "facts": SMALL | READY, "years": two},
        {"name": "虚构丙有限公司", "facts": SMALL | READY, "years": three},
    ]


@pytest.fixture
def source(here: Path) -> Path:
    return write_json(here / "a.json", firms())


def document(path: str = "out.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return found


def by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {firm["name"]: firm for firm in found["enterprises"]}


def test_the_rungs_stand_in_order_and_are_rulebooks() -> None:
    assert [book.name for book in rungs()] == [*RUNGS]
    assert RUNGS == ("tech_sme", "reserve", "hnte", "little_giant_cultivation", "little_giant")


def test_an_input_is_read_with_the_facts_of_every_rung() -> None:
    read = set(all_rungs().facts())
    assert all(set(book.facts()) <= read for book in rungs())


def test_each_stands_on_the_highest_rung_it_meets(run: Run, source: Path) -> None:
    assert run("ladder", source, "--on", ON, "-o", "out.json").exit_code == 0
    found = by_name(document())
    stands = {name: (firm["rung"], firm["next"]) for name, firm in found.items()}
    assert stands == {
        "虚构甲有限公司": (NO_RUNG, "tech_sme"),
        "虚构乙有限公司": ("tech_sme", "reserve"),
        "虚构丙有限公司": ("reserve", "hnte"),
    }
    assert found["虚构丙有限公司"]["verdicts"]["reserve"] == "met"
    counts = document()["counts"]
    assert sum(counts.values()) == 3 and list(counts) == [NO_RUNG, *RUNGS]


def test_the_next_rung_tells_what_is_open_and_how_near(run: Run, source: Path) -> None:
    run("ladder", source, "--on", ON, "-o", "out.json")
    (open_,) = by_name(document())["虚构乙有限公司"]["open"]
    assert (open_["id"], open_["outcome"]) == ("st_staff", "unmet")
    assert "9.00% ≥ 10.00%" in open_["said"]
    near = {one["name"]: one["change"] for one in open_["near"]}
    assert near["st_staff_average"] == [1, 1]
    assert by_name(document())["虚构乙有限公司"]["missing"] == []


def test_what_is_not_known_and_would_decide_is_named(run: Run, source: Path) -> None:
    run("ladder", source, "--on", ON, "-o", "out.json")
    firm = by_name(document())["虚构甲有限公司"]
    assert {open_["outcome"] for open_ in firm["open"]} == {"unknown"}
    missing = {one["name"]: one for one in firm["missing"]}
    assert {"resident", "total_assets", "research_misconduct"} <= set(missing)
    assert missing["total_assets"]["year"] == 2018
    assert missing["total_assets"]["criteria"] == ["assets"]
    assert missing["total_assets"]["holder"]


def test_rungs_not_yet_in_force_are_left_out_and_named(run: Run, source: Path) -> None:
    run("ladder", source, "--on", "2017-04-01", "-o", "out.json")
    names = [rung["name"] for rung in document()["method"]["rungs"]]
    assert names == ["reserve", "hnte"]
    assert {one["name"] for one in document()["method"]["left_out"]} == set(RUNGS) - set(names)
    done = run("ladder", source, "--on", "2015-06-17")
    assert done.exit_code == 2 and "各级的规则都还没有施行" in done.stderr


def test_every_form_says_the_same(run: Run, source: Path) -> None:
    for ending in (".json", ".csv", ".xlsx"):
        assert run("ladder", source, "--on", ON, "-o", f"out{ending}").exit_code == 0
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as file:
        flat = {row["name"]: (row["rung"], row["next"]) for row in csv.DictReader(file)}
    assert flat == {name: (f["rung"], f["next"]) for name, f in by_name(document()).items()}
    book = openpyxl.load_workbook("out.xlsx")
    rows = {row["企业名称"]: row for row in table_of(book["总览"], "企业名称")}
    assert rows["虚构甲有限公司"]["所在一级"] == "尚未登级"
    assert rows["虚构乙有限公司"]["尚未符合的条件"].endswith("（不符合）")
    assert len(table_of(book["尚未符合的条件"], "企业名称")) == sum(
        len(firm["open"]) for firm in document()["enterprises"]
    )
    assert len(table_of(book["缺少的资料"], "企业名称")) == sum(
        len(firm["missing"]) for firm in document()["enterprises"]
    )
    beside = sorted(file.name for file in Path().glob("out.*.csv"))
    assert beside == ["out.counts.csv", "out.method.csv", "out.notes.csv", "out.refused.csv"]


@pytest.mark.parametrize("ending", [".json", ".csv", ".xlsx"])
def test_the_same_ladder_twice_gives_the_same_bytes(ending: str, run: Run, source: Path) -> None:
    for name in ("a", "b"):
        run("ladder", source, "--on", ON, "-o", f"{name}-out{ending}")
    assert Path(f"a-out{ending}").read_bytes() == Path(f"b-out{ending}").read_bytes()


def test_the_screen_shows_counts_and_enterprises_plainly(run: Run, source: Path) -> None:
    chinese, english = (
        run("ladder", source, "--on", ON),
        run("ladder", source, "--on", ON, "--lang", "en"),
    )
    assert chinese.exit_code == 0 and "\x1b" not in chinese.stdout
    for part in (
        "培育阶梯",
        "尚未登级",
        "合计",
        "虚构乙有限公司",
        "  不符合: 科技人员占职工总数的比例",
    ):
        assert part in chinese.stdout
    for part in ("Ladder", "no rung yet", "Total", "  unmet: ", " in all"):
        assert part in english.stdout


def test_a_sheet_is_read_as_every_command_reads_it(run: Run, here: Path) -> None:
    heads = ["企业名称", "2018年职工总数", "2018年科技人员数", "2018年资产总额（万元）"]
    write_lines(here / "a.csv", [heads, ["虚构丁有限公司", 100, "九", 6000]])
    done = run("ladder", "a.csv", "--on", ON, "-o", "out.json")
    assert done.exit_code == 1 and "a!C2" in done.stderr
    assert document()["refused"][0]["address"] == "C2"
    missing = {one["name"] for one in by_name(document())["虚构丁有限公司"]["missing"]}
    assert "total_assets" not in missing and "resident" in missing


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "out.parquet"), ".xlsx、.json、.csv"),
        (("-o", "a.csv"), "不能与来源文件相同"),
        (("--on", "yesterday"), "yesterday"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    words: tuple[str, ...], said: str, run: Run, here: Path
) -> None:
    write_lines(here / "a.csv", [["企业名称", "成立日期"], ["虚构丁有限公司", "2010-01-01"]])
    done = run("ladder", "a.csv", *words)
    assert done.exit_code == 2 and said in done.stderr
    assert [file.name for file in here.iterdir()] == ["a.csv"]


def test_nothing_judged_is_2(run: Run, here: Path) -> None:
    write_lines(here / "a.csv", [["企业名称", "成立日期"], ["", "2010-01-01"]])
    done = run("ladder", "a.csv", "--on", ON)
    assert done.exit_code == 2 and "没有核对任何企业" in done.stderr
