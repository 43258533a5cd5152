"""The day of the office, and the counting of working days."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache

from chinese_calendar import constants
from django.conf import settings
from django.utils import timezone

from peiyu.office.foundation.models import CalendarYear, OfficeDay
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message

SATURDAY = 5
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)
"""Between these a day may be asked for, so that terms can be counted from it."""
KEPT_SECONDS = 60
"""So long a worker may go on with the calendar that it has read."""


class NoCalendar(Refused):
    """The holidays of a year are not known here; nothing is guessed."""

    def __init__(self, year: int) -> None:
        super().__init__(
            message(
                "{year} 年的放假安排还没有录入，不能计算工作日。"
                "请系统管理员按国务院办公厅公布的安排，在“日历”中录入这一年后再办",
                year=year,
            )
        )
        self.year = year


def office_day() -> date:
    """Today; in the demo the day on which the demo city lives. For doors and rights only."""
    if settings.DEMO:
        found = OfficeDay.objects.filter(pk=1).values_list("day", flat=True).first()
        if found is not None:
            return found
    return timezone.localdate()


def office_now() -> datetime:
    """The present moment; in the demo the time of the clock on the day of the demo city."""
    return moment_on(office_day()) if settings.DEMO else timezone.now()


def moment_on(day: date) -> datetime:
    """The moment at which something is done whose day is known; outside the demo simply now."""
    now = timezone.now()
    if not settings.DEMO:
        return now
    return timezone.localtime(now).replace(year=day.year, month=day.month, day=day.day)


def is_working_day(day: date) -> bool:
    """Offices work on this day."""
    days = _working_days(day.year)
    place = bisect_left(days, day)
    return place < len(days) and days[place] == day


def add_working_days(day: date, number: int) -> date:
    """The working day that is `number` after `day`, which itself does not count (民法典 201).

    A negative number looks back; with zero it is `day`, or the next working day after a day off.
    """
    if number < 0:
        return _back(day, -number)
    year, days = day.year, _working_days(day.year)
    place = bisect_right(days, day) + number - 1 if number else bisect_left(days, day)
    while place >= len(days):
        place -= len(days)
        year += 1
        days = _working_days(year)
    return days[place]


def working_days_between(first: date, last: date) -> int:
    """How many working days there are from `first` to `last`, both included; none if it is past."""
    if last < first:
        return 0
    total = 0
    for year in range(first.year, last.year + 1):
        days = _working_days(year)
        total += bisect_right(days, last) - bisect_left(days, first)
    return total


def last_day_of(asked_on: date, limit: int) -> date:
    """The last day of a limit of so many working days; the day of asking does not count."""
    if limit < 1:
        raise ValueError(f"a limit is one working day at least, not {limit}")
    return add_working_days(asked_on, limit)


def built_in_years() -> range:
    """The years whose calendar comes with the program."""
    known = {day.year for day in constants.holidays}
    return range(min(known), max(known) + 1)


def forget_calendars() -> None:
    """Read what the office has entered anew at the next question."""
    global _entered  # noqa: PLW0603  one reading for all of the process
    _entered = None


_entered: tuple[float, dict[int, tuple[date, ...]]] | None = None
"""When the years entered by the office were read, and their working days."""


def _working_days(year: int) -> tuple[date, ...]:
    """The working days of a year; what the office entered itself goes before the built-in."""
    global _entered  # noqa: PLW0603  one reading for all of the process
    held = _entered
    if held is None or time.monotonic() - held[0] > KEPT_SECONDS:
        rows = CalendarYear.objects.all()
        entered = {
            row.year: _work(row.year, _dates(row.days_off), _dates(row.days_on)) for row in rows
        }
        _entered = held = (time.monotonic(), entered)
    return held[1].get(year) or _built_in(year)


@cache
def _built_in(year: int) -> tuple[date, ...]:
    if year not in built_in_years():
        raise NoCalendar(year)
    return _work(year, frozenset(constants.holidays), frozenset(constants.workdays))


def _work(year: int, days_off: frozenset[date], days_on: frozenset[date]) -> tuple[date, ...]:
    first = date(year, 1, 1)
    every = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return tuple(
        day for day in every if day in days_on or (day.weekday() < SATURDAY and day not in days_off)
    )


def _dates(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def _back(day: date, number: int) -> date:
    year, days = day.year, _working_days(day.year)
    place = bisect_left(days, day) - number
    while place < 0:
        year -= 1
        days = _working_days(year)
        place += len(days)
    return days[place]
