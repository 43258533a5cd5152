"""The full mark of a programme that scores is read off its rules."""

from datetime import date

import pytest

from peiyu.policy.explain import program
from peiyu.policy.rulebooks import HNTE, RULEBOOKS, TECH_SME

ON = date(2019, 6, 17)


@pytest.mark.parametrize("book", [HNTE, TECH_SME], ids=lambda book: book.name)
def test_who_has_everything_has_a_hundred_points(book):
    laid = program(book, ON)
    assert laid.full_mark == 100 >= laid.figures.number(book.pass_mark)


@pytest.mark.parametrize("name", sorted(RULEBOOKS))
def test_a_programme_without_a_score_has_no_full_mark(name):
    book = RULEBOOKS[name]
    laid = program(book, max(book.since, ON))
    assert (laid.full_mark is None) is (book.total is None)
