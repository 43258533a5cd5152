"""A registration number at the terminal: what it says, until when, for which tax."""

import pytest

REAL = "2024341181A8020396"


def test_a_number_is_taken_apart(run):
    done = run("number", "201841900108000123", "--on", "2019-03-31", "--lang", "en")
    assert done.exit_code == 0
    for said in ("2018", "419001", "2019-03-31", "T45-2"):
        assert said in done.output
    assert "expired" not in done.output


def test_it_ends_after_the_last_day_of_march(run):
    assert "已过期" in run("number", "201841900108000123", "--on", "2019-04-01").output


@pytest.mark.parametrize(("obtained", "open_"), [("2018-05-31", True), ("2018-06-01", False)])
def test_the_deduction_of_the_year_before_is_open_to_the_end_of_the_settlement(
    run, obtained, open_
):
    done = run("number", "201841900108000123", "--on", "2018-07-01", "--obtained", obtained)
    assert ("75%" in done.output) == open_
    assert "2017年度" in done.output


def test_a_flag_of_a_young_enterprise_is_told(run):
    assert "成立不足一个完整会计年度" in run("number", REAL, "--on", "2024-09-01").output


@pytest.mark.parametrize(
    "written", ["", "2024", REAL + "1", "２０２４341181A8020396", "'; DROP", "\x00"]
)
def test_what_is_no_number_is_told(run, written):
    done = run("number", written)
    assert done.exit_code == 2
    assert "18位" in done.output
