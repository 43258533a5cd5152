"""Papers as data, their codes, their dates; and that describing one loads nothing heavy."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peiyu.papers.codes import LENGTH, SIGNS, fresh_code, spaced, tidied
from peiyu.papers.dates import official_date, official_number
from peiyu.papers.paper import (
    Column,
    Heading,
    Misshapen,
    Table,
    as_data,
    from_data,
    text_of,
)
from tests.papers import sample


def test_a_paper_comes_back_from_its_data_as_it_was():
    said = sample.content()
    assert from_data(as_data(said)) == said


def test_the_words_of_a_paper_are_all_found():
    words = list(text_of(sample.content()))
    for one in (
        "自评",
        "一、企业基本情况",
        "济源市克井镇",
        "办法十一（六）",
        "第十一条",
        "知识产权明细表",
    ):
        assert any(one in word for word in words), one


@pytest.mark.parametrize(
    "data",
    [
        {"title": "x"},
        {"title": "x", "blocks": [{"kind": "script", "text": "x"}]},
        {"title": "x", "blocks": ["x"]},
        {"title": "x", "blocks": [], "sources": "one text, not a list"},
        {"title": "x", "blocks": [{"kind": "heading", "text": "x", "size": 40}]},
    ],
)
def test_what_is_no_paper_is_misshapen(data):
    with pytest.raises(Misshapen):
        from_data(data)


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(Misshapen, match="row 2: 1 cells, 2 columns"):
        Table((Column("a"), Column("b")), (("1", "2"), ("3",)))


def test_a_column_has_a_width_and_a_heading_a_level():
    with pytest.raises(Misshapen):
        Column("a", 0)
    with pytest.raises(Misshapen):
        Heading("a", 3)


def test_days_and_numbers_are_written_as_the_standard_says():
    assert official_date(date(2019, 6, 7)) == "2019年6月7日"
    assert official_number("济高企办", 2019, 12) == "济高企办〔2019〕12号"


def test_a_code_is_read_however_it_is_typed():
    code = fresh_code()
    typed = f" {code[:4].lower()} {code[4:8]}－{code[8:]} "
    assert tidied(typed) == tidied(spaced(code)) == code
    assert len(code) == LENGTH and not set(code) & set("01ILO")


@given(st.integers(0, LENGTH - 1), st.sampled_from(SIGNS), st.integers(0, LENGTH - 2))
def test_one_wrong_sign_and_two_swapped_ones_are_noticed(place, sign, swap):
    code = sample.CODE
    wrong = code[:place] + sign + code[place + 1 :]
    assert tidied(wrong) == ("" if wrong != code else code)
    other = code[:swap] + code[swap + 1] + code[swap] + code[swap + 2 :]
    assert tidied(other) == ("" if other != code else code)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_nothing(typed):
    code = tidied(typed)
    assert code == "" or len(code) == LENGTH and set(code) <= set(SIGNS)


def test_codes_are_not_alike():
    assert len({fresh_code() for _ in range(2000)}) == 2000


def test_describing_a_paper_loads_nothing_that_sets_type():
    script = (
        "import sys, peiyu.papers.paper, peiyu.papers.codes, peiyu.papers.dates;"
        "print(*{'typst', 'docx', 'lxml', 'segno', 'django'} & sys.modules.keys())"
    )
    home = str(Path(__file__).parents[2] / "src")
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": home},
    )  # fmt: skip
    assert loaded.stdout.split() == []
