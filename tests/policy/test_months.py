"""Months as terms are counted: the same day, else the last of the month; beyond the calendar is no day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peiyu.policy.months import months_between, moved
from peiyu.policy.renewal import Window


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2019, 1, 31), 1, date(2019, 2, 28)),
        (date(2019, 3, 31), -1, date(2019, 2, 28)),
        (date(2020, 2, 29), -12, date(2019, 2, 28)),
        (date(2019, 6, 17), -12, date(2018, 6, 17)),
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
        (date(1, 2, 28), -1, date(1, 1, 28)),
    ],
)
def test_the_same_day_or_the_last_of_the_month(day, months, found):
    assert moved(day, months) == found


@pytest.mark.parametrize(("day", "months"), [(date.max, 1), (date(9999, 1, 1), 12), (date.min, -1)])
def test_beyond_the_calendar_there_is_no_day(day, months):
    with pytest.raises(OverflowError, match="no calendar"):
        moved(day, months)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-1200, 1200))
def test_a_month_is_left_out_or_counted_twice_by_no_number(day, months):
    found = moved(day, months)
    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day == day.day or (found.day < day.day and moved(found, 1).month != found.month)
    assert months < 0 or months_between(day, found) in (months, months - 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_one_applies_anew_by_the_end_of_a_month_while_the_certificate_counts(last_on, month):
    found = Window(month, 6).apply_by(last_on)
    assert found <= last_on
    assert found == last_on if month >= last_on.month else found.month == month
