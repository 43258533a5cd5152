"""The people of an enterprise month by month, as known on a day, and their averages over the year; reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.reports.models import COUNTED, StaffMonth
from peiyu.office.reports.permissions import may_read_figures
from peiyu.policy import explain, reasons
from peiyu.policy.case import Case, Scalar, State
from peiyu.policy.rulebooks.hnte import HNTE, st_staff, staff
from peiyu.policy.tree import Measure


@dataclass(frozen=True, slots=True)
class Average:
    """People on average over the months stated (G3.5): the exact fraction; None: it cannot be said."""

    title: str
    article: str
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class MonthsOfYear:
    """The months of a year, each with what is known of it, and the averages."""

    year: int
    months: tuple[tuple[int, StaffMonth | None], ...]
    averages: tuple[Average, Average]

    @property
    def stated(self) -> int:
        """How many months are stated."""
        return sum(row is not None for _, row in self.months)


def months_of(
    enterprise: Enterprise, person: User, year: int, known_on: date
) -> MonthsOfYear | None:
    """The months of a year as known on a day, if the person may read them; one query beside that."""
    if not may_read_figures(person, enterprise):
        return None
    rows = StaffMonth.objects.filter(enterprise=enterprise, year=year, recorded_on__lte=known_on)
    newest: dict[int, StaffMonth] = {}
    for row in rows.select_related("source", "recorded_by").order_by("version"):
        newest[row.month] = row
    standing = {month: row for month, row in newest.items() if not row.withdrawn}
    return MonthsOfYear(
        year, tuple((month, standing.get(month)) for month in range(1, 13)), averages_of(standing)
    )


def years_with_months(enterprise: Enterprise) -> list[int]:
    """The years of which months are stated, the newest first."""
    rows = StaffMonth.objects.filter(enterprise=enterprise).order_by("-year")
    return list(dict.fromkeys(rows.values_list("year", flat=True)))


def month_history(enterprise: Enterprise, person: User, year: int, month: int) -> list[StaffMonth]:
    """All versions of a month, the newest first."""
    if not may_read_figures(person, enterprise):
        return []
    rows = StaffMonth.objects.filter(enterprise=enterprise, year=year, month=month)
    return list(rows.select_related("source", "recorded_by").order_by("-version"))


def averages_of(months: dict[int, StaffMonth]) -> tuple[Average, Average]:
    """What the rule of averages makes of the months that are stated: all people, S&T people."""
    on = date(HNTE.since.year, 12, 31)  # any year: the rule takes the months of the year before
    rows: list[dict[str, Scalar]] = [
        {"year": on.year - 1, "month": month, **{name: getattr(row, name) for name in COUNTED}}
        for month, row in sorted(months.items())
    ]
    case = Case("", tables={"months": list(rows)}, states={"months": State.COMPLETE})
    judged = explain.assess(HNTE, case, on)
    return _average(judged, staff, bool(rows)), _average(judged, st_staff, bool(rows))


def _average(judged: explain.Assessment, measure: Measure, stated: bool) -> Average:
    shown = reasons.shown(judged.value(measure), "")
    return Average(measure.title, measure.article, shown.low if shown.known and stated else None)
