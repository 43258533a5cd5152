"""Days so many months or years later, as terms are counted: the same day, else the last there is."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date

A_YEAR = 12


def moved(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is none.

    Raises:
        OverflowError: no calendar has that year, as when days are added to a date.
    """
    year, month = divmod(day.year * A_YEAR + day.month - 1 + months, A_YEAR)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"{day} and {months} months: no calendar has the year {year}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """How many whole months lie from one day to another; the day itself is none."""
    found = (last.year - first.year) * A_YEAR + last.month - first.month
    return found if moved(first, found) <= last else found - 1
