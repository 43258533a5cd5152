"""All reasons of one enterprise: found by name or code, told in lines or as json."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from peiyu.policy.explain import assess
from peiyu.policy.reasons import near
from peiyu.policy.rulebooks import HNTE
from tests.batch import forms
from tests.batch.forms import ON, Firm, firms, made_up_code, write_lines, write_sheet
from tests.cli.conftest import Run, run_command

Json = dict[str, Any]
W01 = next(firm for firm in firms() if "w01" in firm.name)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The enterprises in the template."""
    folder = tmp_path_factory.mktemp("filled")
    run_command("template", "hnte", "-o", folder / "blank.xlsx", "--on", ON)
    return forms.fill_template(folder / "blank.xlsx", folder / "filled.xlsx", firms())


def explained(source: Path, who: str, *more: str, status: int = 0) -> Json:
    done = run_command("explain", source, "--enterprise", who, "--on", ON, "--json", *more)
    assert done.exit_code == status, done.stderr
    return json.loads(done.stdout)


def criterion(said: Json, name: str) -> Json:
    return next(found for found in said["enterprise"]["criteria"] if found["id"] == name)


# ------------------------------------------------------------------------------------- who is meant


def test_an_enterprise_is_found_by_name_part_of_a_name_and_code(tmp_path: Path) -> None:
    code = made_up_code(3)
    heads = ["统一社会信用代码", "企业名称", "成立日期"]
    rows = [[code, "甲（济源）有限公司", "2010-01-01"], ["", "乙（济源）有限公司", "2010-01-01"]]
    source = write_lines(tmp_path / "a.csv", [heads, *rows])
    for who in (code, code.lower(), " 甲（济源）有限公司 ", "甲(济源)有限公司", "甲", "甲 （济"):
        assert explained(source, who)["enterprise"]["key"] == code
    assert explained(source, "乙")["enterprise"]["name"] == "乙（济源）有限公司"


def test_a_whole_name_goes_before_longer_ones_that_hold_it(run: Run, tmp_path: Path) -> None:
    names = ["济水轴承有限公司", "济水轴承有限公司沁园分公司"]
    source = write_lines(
        tmp_path / "a.csv", [["企业名称", "成立日期"], *([n, "2010-01-01"] for n in names)]
    )
    assert explained(source, names[0])["enterprise"]["name"] == names[0]


def test_a_name_that_several_have_is_refused_with_their_names(run: Run, filled: Path) -> None:
    done = run("explain", filled, "--enterprise", "有限公司", "--on", ON)
    assert done.exit_code == 2 and done.stdout == ""
    assert f"有 {len(firms())} 家" in done.stderr and firms()[0].name in done.stderr


@pytest.mark.parametrize("who", ["没有这家公司", "", "（）", "91000000MADE99999A", "*", "."])
def test_an_unknown_name_is_refused(who: str, run: Run, filled: Path) -> None:
    done = run("explain", filled, "--enterprise", who, "--on", ON)
    assert done.exit_code == 2 and f"没有找到“{who}”" in done.stderr
    assert f"共读入 {len(firms())} 家" in done.stderr


def test_an_enterprise_whose_row_was_refused_is_told_why(run: Run, tmp_path: Path) -> None:
    lines = [["企业名称", "年度", "销售收入"], ["甲有限公司", 2025, 5], ["乙有限公司", "上一年", 5]]
    source = write_lines(tmp_path / "a.csv", lines)
    done = run("explain", source, "--enterprise", "乙有限公司", "--on", ON)
    assert done.exit_code == 2 and "没有年度" in done.stderr and "没有找到" in done.stderr


# -------------------------------------------------------------------------------------------- json


def test_json_holds_values_as_pairs_with_their_sources(filled: Path) -> None:
    said = explained(filled, W01.name)
    share = criterion(said, "rd_share")
    (test,) = share["tests"]
    assert test["part"]["low"] == [700_000_000, 1] and test["base"]["low"] == [14_600_000_000, 1]
    assert test["value"]["low"] == test["value"]["high"] == [7, 146]
    assert (test["operator"], test["limit"]["low"], share["article"]) == (">=", [1, 25], "M11(5)")
    places = {(fact["name"], fact["year"]): fact["source"] for fact in share["facts"]}
    assert re.fullmatch("企业![A-Z]+[0-9]+", places["sales_revenue", 2025])
    assert all(fact["value"] is not None and fact["unit"] for fact in share["facts"])
    assert (
        said["enterprise"]["verdict"] == "met" and said["enterprise"]["score"]["points_needed"] == 0
    )
    assert [found["id"] for found in said["enterprise"]["criteria"]] == [
        c.id for c in HNTE.criteria
    ]
    assert said["method"]["on"] == ON.isoformat() and said["method"]["version"] == HNTE.version()


@pytest.fixture(scope="module")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """The reasons of all enterprises, as `assess` writes them."""
    folder = tmp_path_factory.mktemp("everyone")
    source = forms.write_json(folder / "all.json", [forms.record(firm) for firm in firms()])
    run_command("assess", source, "--on", ON, "-o", folder / "out.json", "--no-readings")
    found: list[Json] = json.loads((folder / "out.json").read_text("utf-8"))["enterprises"]
    return found


def test_json_names_the_rows_that_count_and_why_others_do_not(
    filled: Path, everyone: list[Json]
) -> None:
    used = next(firm for firm in firms() if "ip_use" in firm.name and firm.case.tables.get("uses"))
    said = explained(filled, used.name)
    rows = [row for row in criterion(said, "ip")["rows"] if row["table"] == "ip"]
    assert rows and all(row["source"].startswith("知识产权!") for row in rows)
    every = [
        row
        for firm in everyone
        for found in firm["criteria"]
        for row in found["rows"]
        if found["id"] == "ip"
    ]
    assert {row["counts"] for row in every} == {True, False, None}
    assert all(bool(row["why"]) is not row["counts"] for row in every if row["counts"] is not None)
    articles = {why["article"] for row in every for why in row["why"] if row["counts"] is False}
    assert articles & {"G3.2.1", "G3.2.3", "G3.2.4", "G3.2.5", "G3.2.6"}


def test_json_says_what_is_missing_and_who_usually_has_it(everyone: list[Json]) -> None:
    without = set()
    named = 0
    for firm in everyone:
        for found in firm["criteria"]:
            if found["outcome"] == "unknown" and not found["missing"]:
                without.add(found["id"])
            for lacking in found["missing"]:
                assert lacking["document"] and lacking["holder"] and lacking["said"]
                named += 1
    assert named > 100
    # what a linked row lacks, and the panel's total, are not named yet
    assert without <= {"ip", "main_products", "panel_rd_domestic"}


def staff(tmp_path: Path, everyone: Any, st: Any) -> Path:
    heads = ["企业名称", "2025年职工总数", "2025年科技人员数"]
    return write_lines(tmp_path / "a.csv", [heads, ["甲有限公司", everyone, st]])


@pytest.mark.parametrize(
    ("everyone", "st", "outcome", "changes"),
    [
        (80, 9, "met", {"st_staff_average": -2, "staff_average": 11}),
        (80, 8, "met", {"st_staff_average": -1, "staff_average": 1}),
        (80, 7, "unmet", {"st_staff_average": 1, "staff_average": -10}),
        (80, 0, "unmet", {"st_staff_average": 8}),
        (1, 1, "met", {"st_staff_average": -1}),
    ],
)
def test_json_says_how_few_people_turn_the_outcome(
    everyone: int, st: int, outcome: str, changes: dict[str, int], tmp_path: Path
) -> None:
    found = criterion(explained(staff(tmp_path, everyone, st), "甲"), "st_staff")
    assert found["outcome"] == outcome
    said = {n["name"]: (n["change"], n["becomes"]) for n in found["near"]}
    other = "unmet" if outcome == "met" else "met"
    shown = {name: ([change, 1], other) for name, change in changes.items()}
    assert {name: value for name, value in said.items() if name in shown} == shown
    for name in changes:  # as many people more or fewer give it, one less does not
        for steps, expected in (
            (changes[name], other),
            (changes[name] - (1 if changes[name] > 0 else -1), outcome),
        ):
            numbers = {"staff_average": everyone, "st_staff_average": st}
            numbers[name] += steps
            again = staff(tmp_path, numbers["staff_average"], numbers["st_staff_average"])
            assert criterion(explained(again, "甲"), "st_staff")["outcome"] == expected


def test_nearness_is_said_in_words(run: Run, tmp_path: Path) -> None:
    done = run("explain", staff(tmp_path, 80, 9), "--enterprise", "甲", "--on", ON)
    assert "2025年科技人员数（全年月平均）少2人即为不符合" in done.stdout
    done = run("explain", staff(tmp_path, 80, 8), "--enterprise", "甲", "--on", ON)
    assert "2025年科技人员数（全年月平均）少1人即为不符合" in done.stdout


def test_json_says_under_which_other_reading_the_outcome_changes(run: Run, tmp_path: Path) -> None:
    lines = [
        ["企业名称", "成立日期", "通知规定的申请日"],
        ["甲有限公司", "2025-07-25", "2026-07-30"],
    ]
    source = write_lines(tmp_path / "a.csv", lines)
    found = criterion(explained(source, "甲"), "registered")
    assert found["outcome"] == "unmet" and found["switches"] == {"application_day": "form"}
    (other,) = found["other_readings"]
    assert (other["switch"], other["reading"], other["outcome"]) == (
        "application_day",
        "notice",
        "met",
    )
    found = criterion(explained(source, "甲", "--switch", "application_day=notice"), "registered")
    assert found["outcome"] == "met"
    done = run("explain", source, "--enterprise", "甲", "--on", ON)
    assert other["said"] in done.stdout


def test_what_was_refused_of_the_enterprise_is_told_and_ends_with_1(
    run: Run, tmp_path: Path
) -> None:
    lines = [["企业名称", "2025年职工总数"], ["甲有限公司", "若干"], ["乙有限公司", "很多"]]
    source = write_lines(tmp_path / "a.csv", lines)
    said = explained(source, "甲", status=1)
    assert [(r["address"], r["value"]) for r in said["refused"]] == [("B2", "若干")]
    done = run("explain", source, "--enterprise", "甲", "--on", ON)
    assert done.exit_code == 1 and "a!B2" in done.stdout and "很多" not in done.stdout


# ------------------------------------------------------------------------------------------- lines


def test_the_lines_have_every_criterion_that_applies_with_its_article(
    run: Run, filled: Path
) -> None:
    done = run("explain", filled, "--enterprise", W01.name, "--on", ON)
    said = explained(filled, W01.name)["enterprise"]["criteria"]
    marks = {"met": "✓", "unmet": "✗", "unknown": "?", "expert": "◇"}
    for found in said:
        head = f"{marks.get(found['outcome'], '–')} {found['title']}（{found['article']}）"
        assert (head in done.stdout) is (found["outcome"] != "not_applicable")
    assert sum(line.startswith(tuple(marks.values())) for line in done.stdout.splitlines()) == 14
    assert done.stdout.count("释义") == 14
    for item in HNTE.items:
        assert (
            f"{item.title}: " in done.stdout and f"/ {item.most}（{item.article}）" in done.stdout
        )
    assert "700万元 ÷ 14,600万元 = 4.79% ≥ 4.00%" in done.stdout


def test_the_lines_end_with_the_version_of_the_rules(run: Run, filled: Path) -> None:
    done = run("explain", filled, "--enterprise", W01.name, "--on", ON)
    assert HNTE.version() in " ".join(done.stdout.splitlines()[-2:])


def test_every_form_of_input_is_explained_alike(tmp_path: Path, filled: Path) -> None:
    found: list[Firm] = [firm for firm in firms() if firm.case.tables][:2]
    listed = forms.write_json(tmp_path / "a.json", [forms.record(firm) for firm in found])
    columns = forms.write_parquet(tmp_path / "columns", tuple(found))
    for firm in found:
        told = [
            [
                (c["id"], c["outcome"], c["tests"], c["near"], [r["counts"] for r in c["rows"]])
                for c in explained(source, firm.name)["enterprise"]["criteria"]
            ]
            for source in (filled, listed, columns)
        ]
        assert told[0] == told[1] == told[2]


def test_a_code_alone_is_a_name(tmp_path: Path) -> None:
    code = made_up_code(7)
    source = write_sheet(
        tmp_path / "a.xlsx", [["统一社会信用代码", "成立日期"], [code, "2010-01-01"]]
    )
    said = explained(source, code)["enterprise"]
    assert said["name"] == said["key"] == code


def test_nothing_is_near_where_nothing_is_decided() -> None:
    found = assess(HNTE, next(f for f in firms() if "unknown" in f.name).case, ON)
    undecided = [n for n, o in found.outcomes.items() if o.name in ("UNKNOWN", "EXPERT")]
    assert undecided and all(near(found, name) == () for name in undecided)
