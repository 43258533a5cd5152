"""Numbers, terms and fees of rights: real numbers, each bound of a term, the last day of grace."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peiyu.policy.patents import (
    bare,
    ends_by,
    fee_due_on,
    has_lapsed,
    lapses_on,
    number_trouble,
    patent_number,
    term_ends_on,
)

REAL = list(
    csv.DictReader(
        (Path(__file__).parent / "data/patent_number_cases.csv").open(encoding="utf-8-sig")
    )
)
WORDS = {"发明": "invention", "实用新型": "utility_model"}


@pytest.mark.parametrize("case", REAL, ids=lambda case: case["number_as_written"])
def test_real_numbers_say_their_year_and_kind(case):
    found = patent_number(case["number_as_written"])
    kind = WORDS[case["type_from_digit5"]]
    assert (found.year, found.kind, found.check_digit_fits) == (
        int(case["filing_year"]),
        kind,
        True,
    )
    assert number_trouble(kind, case["number_as_written"], None) is None


@given(
    st.sampled_from([case["number_as_written"] for case in REAL]),
    st.integers(0, 12),
    st.integers(1, 9),
)
def test_any_digit_changed_is_noticed(written, at, more):
    text = bare(written)
    at = min(at, len(text) - 1)
    if text[at].isdigit():
        text = text[:at] + str((int(text[at]) + more) % 10) + text[at + 1 :]
        found = patent_number(text)
        assert found is None or not found.check_digit_fits or bare(text) == bare(written)


@pytest.mark.parametrize(
    ("kind", "number", "applied", "words"),
    [
        ("utility_model", "ZL201621128023.1", date(2016, 10, 13), ""),
        ("utility_model", "zl 2016 2112 8023 . 1", None, ""),
        ("utility_model", "ZL201621128023.2", None, "校验位"),
        ("invention", "ZL201621128023.1", None, "类别位是实用新型专利"),
        ("utility_model", "ZL201621128023.1", date(2017, 1, 1), "2016年申请"),
        ("utility_model", "2016SR123456", None, "不像专利号"),
        ("software", "2016SR123456", None, ""),
        ("software", "软著登字第2016SR123456号", None, ""),
        ("software", "ZL201621128023.1", None, "不像软件著作权"),
        ("plant_variety", "CNA20160001.2", None, ""),
        ("utility_model", "", None, ""),
        ("invention", "ZL99123456.2", None, "校验位"),
    ],
)
def test_what_is_odd_about_a_number_is_said(kind, number, applied, words):
    said = number_trouble(kind, number, applied)
    assert (said is None) == (words == "")
    assert said is None or (words in said.say() and said.say("en"))


@pytest.mark.parametrize(
    ("kind", "applied", "last"),
    [
        ("invention", date(1999, 9, 6), date(2019, 9, 5)),
        ("utility_model", date(2010, 2, 28), date(2020, 2, 27)),
        ("utility_model", date(2008, 2, 29), date(2018, 2, 27)),
        ("design", date(2021, 5, 31), date(2031, 5, 30)),
        ("design", date(2021, 6, 1), date(2036, 5, 31)),
        ("invention", date(1992, 12, 31), None),
        ("software", date(2015, 1, 1), None),
        ("invention", None, None),
    ],
)
def test_a_patent_ends_with_its_term(kind, applied, last):
    assert term_ends_on(kind, applied) == last


def test_a_fee_is_due_with_the_year_and_can_be_paid_for_six_months_more():
    paid = date(2002, 6, 2)
    assert (fee_due_on(paid), lapses_on(paid)) == (date(2002, 6, 3), date(2002, 12, 3))
    assert not has_lapsed(paid, date(2002, 12, 3)) and has_lapsed(paid, date(2002, 12, 4))
    assert lapses_on(date(2019, 8, 30)) == date(2020, 2, 29)  # of 31 February the last
    assert not has_lapsed(None, date(2030, 1, 1))


def test_a_day_beyond_all_calendars_is_the_last_there_is():
    assert term_ends_on("invention", date(9990, 1, 1)) == date.max
    for paid in (date.max, date(9999, 8, 1)):
        assert lapses_on(paid) == date.max and not has_lapsed(paid, date(2019, 6, 17))
    assert fee_due_on(date.max) == date.max
    assert ends_by("invention", None, None, date.max, date(2019, 6, 17)) is None
