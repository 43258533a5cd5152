"""Judging an input twice: who changes and why, what is refused, the same bytes every time.

`data/replay` holds a frozen input and what came of it. Where the law as code has changed on purpose,
write what comes now with `python -m tests.cli.test_replay` and read the difference.
"""

import csv
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from peiyu.policy.rulebooks import HNTE
from tests.batch.forms import table_of, write_json, write_lines, write_sheet
from tests.cli.conftest import Run, run_command

DATA = Path(__file__).parent / "data/replay"
FROZEN = DATA / "frozen.json"
ON = "2019-06-17"
KNOWN = ("--on", ON, "--known", "2019-03-31", "--and-known", ON)
DAYS = ("--on", ON, "--and", "2019-10-17")
SET = ("--on", ON, "--set", "hnte_st_staff_share=8%", "--set", "hnte_registered_days=200")
HELD = {"known": KNOWN, "days": DAYS, "set": SET}
HEADS = ["企业名称", "所在镇（街道、园区）", "成立日期", "2018年职工总数", "2018年科技人员数"]
ROWS = [
    ["沁园数控有限公司", "玉泉街道", "2010-05-01", 100, 8],
    ["济水轴承有限公司", "", "2018-08-01", 100, 12],
    ["天坛电子有限公司", "天坛街道", "2012-05-01", 100, 7],
]


def flat(target: Path, *rows: list[Any], heads: list[str] = HEADS) -> Path:
    return write_lines(target, [heads, *(rows or ROWS)])


def document(path: str | Path = "out.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return found


def changes(found: Mapping[str, Any]) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Enterprise and line, with the outcomes before and after."""
    return {
        (firm["name"], line["id"]): (line["before"], line["after"])
        for firm in found["changes"]
        for line in firm["lines"]
    }


# --------------------------------------------------------------------------------- a frozen input


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("ending", [".json", ".csv"])
def test_a_frozen_input_replays_to_the_bytes_that_were_kept(
    held: str, ending: str, run: Run, here: Path
) -> None:
    output = here / f"{held}{ending}"
    assert run("replay", FROZEN, *HELD[held], "-o", output).exit_code == 0
    made = sorted(file.name for file in here.iterdir())
    for name in made:
        assert (here / name).read_bytes() == (DATA / name).read_bytes(), name
    assert len(made) == (1 if ending == ".json" else 6)


@pytest.mark.parametrize("ending", [".xlsx", ".json", ".csv", ".parquet"])
def test_the_same_replay_twice_gives_the_same_bytes(ending: str, run: Run, here: Path) -> None:
    made = []
    for name in ("a", "b"):
        (here / name).mkdir()
        run("replay", FROZEN, *KNOWN, "-o", here / name / f"out{ending}")
        made.append({file.name: file.read_bytes() for file in (here / name).iterdir()})
    assert made[0] == made[1] and f"out{ending}" in made[0]


# ------------------------------------------------------------------------------ what is compared


def test_two_days_of_record_tell_what_was_known_later(run: Run, here: Path) -> None:
    run("replay", FROZEN, *KNOWN, "-o", "out.json")
    found = changes(document())
    assert found["虚构甲机械有限公司", "incidents"] == ("met", "unmet")
    assert found["虚构乙化工有限公司", "st_staff"] == ("unmet", "met")
    assert found["虚构戊材料有限公司", "registered"] == (None, "met")
    assert document()["causes"] == {"facts": 3}
    assert document()["total"]["before"] == 4 and document()["total"]["after"] == 5
    run("replay", FROZEN, "--on", ON, "--known", ON, "--and-known", "2019-03-31", "-o", "back.json")
    back = {key: (after, before) for key, (before, after) in changes(document("back.json")).items()}
    assert back == found


def test_two_days_tell_time_from_rule(run: Run, here: Path) -> None:
    run("replay", FROZEN, *DAYS, "-o", "out.json")
    assert document()["method"]["steps"] == ["time"]
    assert changes(document())["虚构乙化工有限公司", "registered"] == ("unmet", "met")
    words = ("--set", "hnte_st_staff_share=8%")
    run("replay", FROZEN, *DAYS, *words, "-o", "out.json")
    causes = {
        (firm["name"], line["id"]): line["causes"]
        for firm in document()["changes"]
        for line in firm["lines"]
    }
    assert causes["虚构乙化工有限公司", "registered"] == ["time"]
    assert causes["虚构甲机械有限公司", "st_staff"] == ["rule"]


def test_a_figure_replaced_changes_what_rests_on_it(run: Run, here: Path) -> None:
    done = run("replay", flat(here / "a.csv"), "--on", ON, "--set", "hnte_st_staff_share=8%",
               "-o", "out.json")  # fmt: skip
    assert done.exit_code == 0 and "有变化的 1 家" in done.output
    assert changes(document()) == {
        (ROWS[0][0], "hard"): ("unmet", "unknown"),
        (ROWS[0][0], "verdict"): ("unmet", "unknown"),
        (ROWS[0][0], "st_staff"): ("unmet", "met"),
    }
    *_, line = document()["changes"][0]["lines"]
    assert "8.00% ≥ 10.00%" in line["said_before"] and "8.00% ≥ 8.00%" in line["said_after"]
    (figure,) = document()["method"]["figures"]
    assert figure == {"name": "hnte_st_staff_share", "before": "10%", "after": "8%"}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_money_is_told_by_place_in_fen_and_adds_up(form: str, run: Run, here: Path) -> None:
    source = flat(here / "a.csv", *(row[:2] for row in ROWS), heads=HEADS[:2])
    if form == "parquet":
        rows = [{"key": row[0], "name": row[0], "territory": row[1] or None} for row in ROWS]
        source = here / "a.parquet"
        pl.DataFrame(rows).write_parquet(source)
    words = ("--rulebook", "jiyuan_rd_subsidy", "--set", "jiyuan_rd_subsidy_year_cap=500000")
    assert run("replay", source, "--on", ON, *words, "-o", "out.json").exit_code == 0
    found = document()
    assert found["total"]["money_before"] == {"low": 0, "high": 300_000_000, "open": 0}
    assert found["total"]["money"] == {"low": 0, "high": -150_000_000, "open": 0}
    for part in ("money_before", "money_after", "money"):
        for end in ("low", "high", "open"):
            places = sum(place[part][end] for place in found["territories"])
            assert places == found["total"][part][end]
    (line,) = found["changes"][0]["lines"]
    assert line["kind"] == "grant" and line["causes"] == ["rule"]
    assert (line["money_before"], line["money_after"]) == ([0, 100_000_000], [0, 50_000_000])


def test_another_reading_is_a_cause_of_its_own(run: Run, here: Path) -> None:
    heads = [*HEADS, *(f"{year}年{what}（元）" for year in (2016, 2017, 2018)
                       for what in ("销售收入", "研究开发费用总额"))]  # fmt: skip
    source = flat(here / "a.csv", [*ROWS[0], *[0, 1] * 3], heads=heads)
    switch = ("--switch", "rd_share_without_sales=unmet")
    run("replay", source, "--on", ON, *switch, "-o", "out.json")
    assert changes(document())[ROWS[0][0], "rd_share"] == ("expert", "unmet")
    assert document()["method"]["steps"] == ["reading"]
    run("replay", source, "--on", ON, "--under", switch[1], "--and", "2019-06-18", "-o", "out.json")
    assert ("reading" in document()["causes"], document()["changed"]) == (False, 0)


def test_nothing_changed_is_said_and_has_no_rows(run: Run, here: Path) -> None:
    source = flat(here / "a.csv")
    for ending in (".json", ".xlsx", ".csv", ".parquet"):
        done = run("replay", source, "--on", ON, "--and", "2019-06-18", "-o", f"out{ending}")
        assert done.exit_code == 0 and "没有一家有变化" in done.output
    found = document()
    assert (found["changed"], found["moves"], found["changes"]) == (0, [], [])
    assert all(place["changed"] == 0 for place in found["territories"])
    assert pl.read_parquet("out.parquet").height == 0
    assert table_of(openpyxl.load_workbook("out.xlsx")["变化"], "企业名称") == []


def test_a_row_for_those_without_a_territory_and_one_for_all(run: Run, here: Path) -> None:
    run(
        "replay",
        flat(here / "a.csv"),
        "--on",
        ON,
        "--set",
        "hnte_st_staff_share=7%",
        "-o",
        "o.xlsx",
    )
    rows = table_of(openpyxl.load_workbook("o.xlsx")["总览"], "所在镇（街道、园区）")
    counts = {row["所在镇（街道、园区）"]: (row["家数"], row["有变化的家数"]) for row in rows}
    assert counts == {
        "天坛街道": (1, 1), "玉泉街道": (1, 1), "未填所在地": (1, 0), "合计": (3, 2),
    }  # fmt: skip


def test_columns_and_cases_replay_alike(run: Run, here: Path) -> None:
    rows = [
        {"key": name, "name": name, "territory": place or None,
         "established_on": date.fromisoformat(since),
         "staff_average.2018": staff * 100, "st_staff_average.2018": st * 100}
        for name, place, since, staff, st in ROWS
    ]  # fmt: skip
    pl.DataFrame(rows).write_parquet("a.parquet")
    for words in (("--and", "2019-10-17"), ("--set", "hnte_st_staff_share=8%")):
        run("replay", "a.parquet", "--on", ON, *words, "-o", "columns.json")
        run("replay", flat(here / "a.csv"), "--on", ON, *words, "-o", "cases.json")
        columns, cases = document("columns.json"), document("cases.json")
        assert changes(columns) == changes(cases) and changes(cases)
        for part in ("total", "territories", "moves", "causes"):
            assert columns[part] == cases[part]


def test_years_are_read_anew_for_the_other_day(run: Run, here: Path) -> None:
    heads = [*HEADS, "2019年职工总数", "2019年科技人员数"]
    run("replay", flat(here / "a.csv", [*ROWS[0], 100, 11], heads=heads), "--on", ON,
        "--and", "2020-06-17", "-o", "out.json")  # fmt: skip
    assert changes(document())[ROWS[0][0], "st_staff"] == ("unmet", "met")


# ------------------------------------------------------------------------------- days of record


def recorded_sheets(target: Path) -> Path:
    return write_sheet(
        target,
        [[*HEADS, "记录日期"], [*ROWS[0], "2019-01-10"], [*ROWS[0][:4], 11, "2019-05-10"], [*ROWS[1], None]],
        [["企业名称", "编号", "类别", "记录日期"], [ROWS[0][0], "IP01", "软件著作权", "2019-05-10"]],
        titles=["企业", "知识产权"],
    )  # fmt: skip


def test_a_workbook_says_in_a_column_when_rows_were_recorded(run: Run, here: Path) -> None:
    source = recorded_sheets(here / "a.xlsx")
    words = ("--on", ON, "--known", "2019-03-31", "--and-known", ON)
    assert run("replay", source, *words, "-o", "out.json").exit_code == 0
    assert changes(document())[ROWS[0][0], "st_staff"] == ("unmet", "met")
    assert not [firm for firm in document()["changes"] if firm["name"] == ROWS[1][0]]
    run("replay", source, "--on", ON, "--and", "2019-06-18", "-o", "out.json")
    assert document()["refused"] == [] and document()["enterprises"] == 2


def test_a_folder_of_parquet_says_when_rows_were_recorded(run: Run, here: Path) -> None:
    folder = here / "nation"
    folder.mkdir()
    days = (date(2019, 1, 10), date(2019, 5, 10), None)
    pl.DataFrame({
        "key": ["a", "a", "b"], "staff_average.2018": [10000] * 3, "st_staff_average.2018": [800, 1100, 1200],
        "known_on": days,
    }).write_parquet(folder / "enterprise.parquet")  # fmt: skip
    pl.DataFrame({
        "key": ["a", "b"], "happened_on": [date(2019, 2, 1)] * 2, "kind": ["safety"] * 2, "major": [True] * 2,
        "known_on": days[1:],
    }).write_parquet(folder / "incidents.parquet")  # fmt: skip
    assert run("replay", folder, *KNOWN, "-o", "out.json").exit_code == 0
    found = changes(document())
    assert found["a", "st_staff"] == ("unmet", "met")
    assert found["a", "incidents"] == ("unknown", "unmet")
    assert "b" not in {name for name, _ in found}


def test_a_complete_table_stays_complete_without_its_later_rows(run: Run, here: Path) -> None:
    row = {"happened_on": "2019-02-01", "kind": "safety", "major": True, "known_on": "2019-05-01"}
    record = {"name": "甲有限公司", "tables": {"incidents": [row]}}
    for states, before in (({"incidents": "complete"}, "met"), ({}, "unknown")):
        write_json(here / "a.json", {**record, "states": states})
        run("replay", here / "a.json", *KNOWN, "-o", "out.json")
        assert changes(document())["甲有限公司", "incidents"] == (before, "unmet")


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_without_days_of_record_two_of_them_cannot_be_told_apart(
    form: str, run: Run, here: Path
) -> None:
    source = here / f"a.{form}"
    if form == "csv":
        flat(source)
    elif form == "json":
        write_json(source, {"name": "甲有限公司"})
    else:
        pl.DataFrame({"key": ["a"]}).write_parquet(source)
    done = run("replay", source, *KNOWN, "-o", "out.json")
    assert done.exit_code == 2 and "分不出两个记录日" in done.stderr
    assert not (here / "out.json").exists()


# ---------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "请写明比较什么"),
        (("--known", ON), "两个记录日请都写"),
        (("--set", "hnte_st_staff"), "没有这个数值：hnte_st_staff；可以替换的有 hnte_registered_days、"),
        (("--set", "hnte_rd_tiers=3%"), "不是单个的数，不能替换"),
        (("--set", "hnte_st_staff_share=a tenth"), "百分比，例如 5%"),
        (("--set", "hnte_st_staff_share="), "百分比，例如 5%"),
        (("--set", "hnte_st_staff_share=1/0"), "百分比，例如 5%"),
        (("--set", "hnte_registered_days=5%"), "不带单位的数"),
        (("--set", "hnte_registered_days=0.5"), "不带单位的数"),
        (("--set", "hnte_registered_days=-1"), "是负数，hnte_registered_days 不能为负"),
        (("--set", "hnte_st_staff_share=-5%"), "是负数，hnte_st_staff_share 不能为负"),
        (("--set", "hnte_registered_days=999999999"), "太大，最多 36500"),
        (("--set", "hnte_st_staff_share=101%"), "太大，最多 100%"),
        (("--set", "hnte_other_cost_share=100%"), "太大，应小于 100%"),
        (("--switch", "other_cost_cap=inner"), "可选 total、internal"),
        (("--and", "2015-12-31"), "自 2016-01-01 起施行"),
        (("--set", "hnte_st_staff_share=8%", "-o", "out.txt"), ".xlsx、.json、.csv、.parquet"),
        (("--set", "hnte_st_staff_share=8%", "-o", "a.csv"), "不能与来源文件相同"),
    ],
)  # fmt: skip
def test_what_cannot_be_replayed_is_said_in_words(
    words: tuple[str, ...], said: str, run: Run, here: Path
) -> None:
    flat(here / "a.csv")
    before = (here / "a.csv").read_bytes()
    done = run("replay", "a.csv", "--on", ON, *words)
    assert done.exit_code == 2 and said in done.stderr
    assert [file.name for file in here.iterdir()] == ["a.csv"]
    assert (here / "a.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "figure", "said"),
    [
        ("tech_sme", "ts_window_years=3000", "太大，最多 100"),
        ("tech_sme", "ts_window_years=101", "太大，最多 100"),
        ("tech_sme", "ts_window_years=-1", "不能为负"),
        ("tech_sme", "ts_other_cost_share=100%", "太大，应小于 100%"),
        ("tech_sme", "ts_other_cost_share=1", "太大，应小于 100%"),
        ("tech_sme", "ts_other_cost_share=150%", "太大，应小于 100%"),
        ("tech_sme", "ts_entrusted_rate=100.01%", "太大，最多 100%"),
        ("little_giant", "lg_ip_years=9999", "太大，最多 100"),
        ("little_giant", "lg_rd_sales=500%", "太大，最多 100%"),
        ("little_giant", "lg_growth=1001%", "太大，最多 1000%"),
        ("little_giant", "lg_growth=-20%", "不能为负"),
    ],
)
def test_a_figure_out_of_reason_is_refused_in_words(
    name: str, figure: str, said: str, run: Run, here: Path
) -> None:
    source = flat(here / "a.csv")
    done = run("replay", source, "--rulebook", name, "--on", ON, "--set", figure)
    assert done.exit_code == 2 and said in done.stderr and figure.partition("=")[0] in done.stderr


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("tech_sme", "ts_window_years=100"),
        ("tech_sme", "ts_other_cost_share=99.99%"),
        ("tech_sme", "ts_entrusted_rate=100%"),
        ("little_giant", "lg_ip_years=100"),
        ("little_giant", "lg_growth=150%"),
    ],
)
def test_a_figure_just_within_reason_is_judged_by(
    name: str, figure: str, run: Run, here: Path
) -> None:
    source = write_json(here / "a.json", {"name": "甲有限公司"})
    done = run("replay", source, "--rulebook", name, "--on", ON, "--set", figure)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("words", [KNOWN, DAYS])
def test_json_that_is_not_utf_8_is_told_with_and_without_days_of_record(
    words: tuple[str, ...], run: Run, here: Path
) -> None:
    (here / "a.json").write_bytes('{"name": "甲有限公司"}'.encode("gb18030"))
    done = run("replay", here / "a.json", *words)
    assert done.exit_code == 2 and "“a.json”不是 UTF-8 文本" in done.stderr


def test_a_day_of_record_that_is_no_date_is_told_by_its_type(run: Run, here: Path) -> None:
    pl.DataFrame({"key": ["a"], "known_on": ["2019-03-01"]}).write_parquet("a.parquet")
    done = run("replay", "a.parquet", *KNOWN)
    assert done.exit_code == 2
    assert "“a.parquet”的 known_on 列应为日期列，而不是String" in done.stderr
    (here / "nation").mkdir()
    dated = pl.DataFrame({"key": ["a"], "known_on": [date(2019, 3, 1)]})
    dated.write_parquet(here / "nation/enterprise.parquet")
    pl.DataFrame({"key": ["a"], "known_on": [1]}).write_parquet(here / "nation/incidents.parquet")
    done = run("replay", here / "nation", *KNOWN)
    assert done.exit_code == 2 and "“incidents.parquet”的 known_on 列" in done.stderr


def test_a_list_beside_never_writes_over_the_source(run: Run, here: Path) -> None:
    source = flat(here / "out.criteria.csv")
    done = run("replay", source, "--on", ON, "--and", "2019-06-18", "-o", "out.csv")
    assert done.exit_code == 2 and "不能与来源文件相同" in done.stderr
    assert len(list(here.iterdir())) == 1


def test_years_told_by_distance_cannot_be_read_for_two_years(run: Run, here: Path) -> None:
    pl.DataFrame({"key": ["a"], "staff_average.1": [100]}).write_parquet("a.parquet")
    done = run("replay", "a.parquet", "--on", ON, "--and", "2020-06-17", "-o", "out.json")
    assert done.exit_code == 2 and "staff_average.1" in done.stderr
    assert run("replay", "a.parquet", "--on", ON, "--and", "2019-07-17").exit_code == 0


def test_refused_cells_end_with_1_and_nothing_judged_with_2(run: Run, here: Path) -> None:
    bad = [*ROWS[0][:3], "约一百", 8]
    done = run("replay", flat(here / "a.csv", bad), "--on", ON, "--and", "2020-06-17")
    assert done.exit_code == 1 and "a!D2" in done.stderr
    done = run(
        "replay", flat(here / "b.csv", ["", "x", "", 1, 1]), "--on", ON, "--and", "2019-07-01"
    )
    assert done.exit_code == 2 and "没有核对任何企业" in done.stderr
    (here / "c.json").write_text("{", "utf-8")
    assert run("replay", here / "c.json", *KNOWN).exit_code == 2


# -------------------------------------------------------------------------------------- languages


def test_the_screen_tells_it_in_either_language(run: Run, here: Path) -> None:
    words = ("replay", flat(here / "a.csv"), "--on", ON, "--set", "hnte_st_staff_share=8%")
    chinese, english = run(*words), run(*words, "--lang", "en")
    for part in ("按条件", "按所在地", "变化", "未填所在地", "合计", "规则变化 1"):
        assert part in chinese.stdout
    for part in ("By condition", "By place", "Changes", "no place stated", "Total", "rule 1"):
        assert part in english.stdout
    assert "\x1b" not in chinese.stdout


def test_text_of_others_becomes_no_formula(run: Run, here: Path) -> None:
    source = flat(here / "a.csv", ["=1+1有限公司", "", "2018-08-01", 100, 9])
    run("replay", source, "--on", ON, "--and", "2019-10-17", "-o", "out.csv")
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["name"] for row in csv.DictReader(file)} == {"'=1+1有限公司"}


def test_every_single_number_of_the_law_can_be_set(run: Run, here: Path) -> None:
    flat(here / "a.csv")
    done = run("replay", "a.csv", "--on", ON, "--set", "nothing=1")
    for name in HNTE.parameters():
        value = "5%" if "share" in name or "rate" in name else "5"
        settable = name in done.stderr
        there = run("replay", "a.csv", "--on", ON, "--set", f"{name}={value}", "-o", "o.json")
        assert (there.exit_code == 0) is settable, name


if __name__ == "__main__":
    for name, words in HELD.items():
        for ending in (".json", ".csv"):
            run_command("replay", FROZEN, *words, "-o", DATA / f"{name}{ending}")
