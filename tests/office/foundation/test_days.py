"""Working days: as published, and never guessed."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.foundation.actions import publish_calendar_year, set_office_day
from peiyu.office.foundation.days import (
    NoCalendar,
    add_working_days,
    is_working_day,
    last_day_of,
    office_day,
    working_days_between,
)
from peiyu.office.foundation.models import CalendarYear, OfficeDay, RecordLine
from peiyu.office.foundation.refusals import Refused
from tests.office.factories import person

pytestmark = pytest.mark.django_db
HOLIDAYS = Path(__file__).parent / "data/cn_holidays_2015_2026.csv"
OFF_2027 = ["2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03", "2027-02-08"]
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
SAME_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
days = st.dates(date(2005, 1, 1), date(2025, 12, 31))


def published():
    with HOLIDAYS.open(encoding="utf-8") as file:
        return {
            date.fromisoformat(row["date"]): row["is_off_day"] == "1"
            for row in csv.DictReader(file)
        }


def test_every_day_of_twelve_years_is_as_published():
    special = published()
    day, wrong = date(2015, 1, 1), []
    while day.year <= 2026:
        if is_working_day(day) is not (not special.get(day, day.weekday() >= 5)):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_the_day_of_asking_does_not_count():
    assert last_day_of(date(2019, 6, 17), 5) == date(2019, 6, 24)


def test_a_limit_runs_over_the_spring_festival():
    assert last_day_of(date(2019, 2, 1), 5) == date(2019, 2, 13)  # 4–10 off, 2 and 3 worked


def test_a_limit_of_no_day_is_an_error():
    with pytest.raises(ValueError, match="0"):
        last_day_of(date(2019, 6, 17), 0)


@SAME_DATABASE
@given(days, st.integers(-60, 60))
def test_adding_counts_as_one_counts_by_hand(day, number):
    found, step, left = day, 1 if number > 0 else -1, abs(number)
    while left:
        found += timedelta(days=step)
        left -= is_working_day(found)
    if number:
        assert add_working_days(day, number) == found
    else:
        assert is_working_day(add_working_days(day, 0))


@SAME_DATABASE
@given(days, st.integers(0, 400))
def test_between_counts_both_ends(first, length):
    last = first + timedelta(days=length)
    by_hand = sum(is_working_day(first + timedelta(days=n)) for n in range(length + 1))
    assert working_days_between(first, last) == by_hand


def test_a_year_without_calendar_is_refused_by_its_number():
    with pytest.raises(NoCalendar) as refused:
        add_working_days(date(2026, 12, 20), 20)
    assert refused.value.year == 2027
    assert "2027" in refused.value.say("zh")
    assert add_working_days(date(2026, 12, 20), 5) == date(2026, 12, 25)


@pytest.mark.parametrize("question", [is_working_day, lambda day: working_days_between(day, day)])
def test_no_question_about_such_a_year_is_answered(question):
    with pytest.raises(NoCalendar):
        question(date(2027, 3, 1))


def test_a_published_year_counts_from_then_on():
    actor = person()
    publish_calendar_year(2027, SOURCE, OFF_2027, ["2027-02-06"], actor=actor)
    assert not is_working_day(date(2027, 2, 8))
    assert is_working_day(date(2027, 2, 6))
    assert is_working_day(date(2027, 3, 1))
    assert add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    line = RecordLine.objects.get()
    assert (line.action, line.actor_id) == ("foundation.calendar.publish", actor.pk)
    assert line.values["days_on"] == [[], ["2027-02-06"]]


def test_a_correction_replaces_the_year_and_is_recorded():
    publish_calendar_year(2027, SOURCE, OFF_2027, [], actor=person())
    publish_calendar_year(2027, SOURCE, [*OFF_2027, "2027-02-09"], [], actor=person())
    assert not is_working_day(date(2027, 2, 9))
    assert CalendarYear.objects.count() == 1
    assert RecordLine.objects.count() == 2


def test_the_office_may_correct_a_built_in_year():
    of_2020 = {day: off for day, off in published().items() if day.year == 2020}
    off = [day for day, off in of_2020.items() if off]
    on = [day for day, off in of_2020.items() if not off and day.weekday() >= 5]
    assert is_working_day(date(2020, 2, 10))
    publish_calendar_year(2020, "延长春节假期的通知", [*off, date(2020, 2, 10)], on, actor=person())
    assert not is_working_day(date(2020, 2, 10))


@pytest.mark.parametrize(
    ("field", "year", "source", "off", "on"),
    [
        ("year", 1990, SOURCE, OFF_2027, []),
        ("source", 2027, " ", OFF_2027, []),
        ("days_off", 2027, SOURCE, OFF_2027[1:], []),
        ("days_off", 2027, SOURCE, [*OFF_2027, "2028-01-01"], []),
        ("days_off", 2027, SOURCE, [*OFF_2027, "2027-02-30"], []),
        ("days_off", 2027, SOURCE, [*OFF_2027, "2027-02-08"], []),
        ("days_on", 2027, SOURCE, OFF_2027, ["2027-02-09"]),
        ("days_on", 2027, SOURCE, OFF_2027, ["2027-10-02"]),
    ],
)
def test_a_wrong_calendar_is_refused_at_its_field(field, year, source, off, on):
    with pytest.raises(Refused) as refused:
        publish_calendar_year(year, source, off, on, actor=person())
    assert refused.value.field == field
    assert not CalendarYear.objects.exists()


def test_counting_asks_the_database_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        for n in range(200):
            add_working_days(date(2019, 1, 1) + timedelta(days=n), 10)


def test_only_the_demo_moves_its_day(settings):
    actor = person()
    with pytest.raises(Refused):
        set_office_day(date(2019, 7, 1), actor=actor)
    settings.DEMO = True
    set_office_day(date(2019, 7, 1), actor=actor)
    set_office_day(date(2019, 7, 2), actor=actor)
    assert office_day() == date(2019, 7, 2) == OfficeDay.objects.get().day
    assert RecordLine.objects.latest("pk").values == {"day": ["2019-07-01", "2019-07-02"]}
