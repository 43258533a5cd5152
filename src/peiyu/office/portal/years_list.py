"""The years of an enterprise, and how the report of each stands; reads only."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from peiyu.office.accounts.models import User
from peiyu.office.desk.todo import left_until
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import NoCalendar
from peiyu.office.foundation.models import RecordLine
from peiyu.office.portal.years_units import is_money
from peiyu.office.reports.models import (
    FIGURES,
    FactRequest,
    ReportState,
    Statement,
    Supplier,
    YearReport,
)
from peiyu.office.reports.queries import grid_of, open_figures
from peiyu.office.reports.workflow import FLOWS
from peiyu.policy.facts import Fact
from peiyu.words import Message, mark, message

BACK = 7
"""Fiscal years shown before the present one."""
OPEN = (ReportState.DRAFT, ReportState.RETURNED)
"""States in which a report is filled in."""
SHAPES: dict[str, str] = {
    ReportState.DRAFT: "go", ReportState.SUBMITTED: "go", ReportState.RETURNED: "late",
    ReportState.CHECKED: "go", ReportState.VERIFIED: "met",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the office for figures of a year, with its day and what is still lacking."""

    request: FactRequest
    days: int | None
    facts: tuple[Fact, ...]

    @property
    def terms(self) -> list[str]:
        """What is asked for, in words."""
        return [fact.chinese for fact in self.facts]


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year of the list."""

    year: int
    state: str
    shape: str
    stated: int
    asked: tuple[Asked, ...]
    fills: bool


def years_of(person: User, enterprise: Enterprise, on: date) -> list[YearLine]:
    """The last fiscal years and all others of which something is stated, the latest first."""
    grid = grid_of(enterprise, person, on)
    assert grid is not None
    reports = {one.year: one for one in YearReport.objects.filter(enterprise=enterprise)}
    asked = asked_of(enterprise, on)
    years = {*range(on.year - BACK, on.year), *grid.years, *reports}
    years |= {one.request.year for one in asked}
    found = []
    for year in sorted((year for year in years if year <= on.year), reverse=True):
        report = reports.get(year)
        stated = {
            name for basis in grid.bases(year) for name in grid.statements[year, basis].stated()
        }
        found.append(
            YearLine(
                year,
                report.get_state_display() if report else mark("未填报"),
                SHAPES[report.state] if report else "na",
                len(stated),
                tuple(one for one in asked if one.request.year == year),
                report is None or report.state in OPEN,
            )
        )
    return found


def asked_of(enterprise: Enterprise, on: date, year: int | None = None) -> list[Asked]:
    """What the office still asks of the enterprise, the earliest day first."""
    rows = FactRequest.objects.filter(
        enterprise=enterprise, supplier=Supplier.ENTERPRISE, withdrawn_on=None
    )
    if year is not None:
        rows = rows.filter(year=year)
    return [
        Asked(one, _days(one.due_on, on), tuple(FIGURES[n] for n in names if n in FIGURES))
        for one, names in open_figures(rows, on)
    ]


def _days(due_on: date, on: date) -> int | None:
    """Calendar days ahead, working days overdue; none where the holidays are not known."""
    if due_on >= on:
        return (due_on - on).days
    with suppress(NoCalendar):
        return left_until(due_on, on)
    return None


def who_has_it(report: YearReport) -> Message | None:
    """Whose turn it is, if not the enterprise's."""
    body = report.enterprise.body.name if report.enterprise.body else message("镇（园区）")
    match report.state:
        case ReportState.SUBMITTED:
            return message("已提交，在{body}那里等核对；核对之前可以撤回修改", body=body)
        case ReportState.CHECKED:
            return message("{body}已核对，在科技局那里等核定", body=body)
        case ReportState.VERIFIED:
            return message("科技局已核定；要改请与科技局联系，由科技局退回")
    return None


def may_withdraw(person: User, report: YearReport) -> bool:
    """The button to take it back is there."""
    return any(step.name == "withdraw" for step in FLOWS.of(report).open_to(person, report))


def returned_because(report: YearReport) -> RecordLine | None:
    """The step by which it came back, with its reason, as long as it is not handed in anew."""
    if report.state != ReportState.RETURNED:
        return None
    label = report._meta.label_lower
    lines = RecordLine.objects.filter(
        label=label, key=str(report.pk), action__in=(f"{label}.return", f"{label}.reopen")
    )
    return lines.select_related("actor").order_by("-id").first()


def receipt_number(statement: Statement) -> str:
    """What stands on the receipt: the year and the number of what was handed in."""
    return f"{statement.year}-{statement.pk:06d}"


def handed_in(statement: Statement) -> list[tuple[Fact, Decimal, bool]]:
    """The figures on the receipt: fact, value, whether it is money."""
    return [
        (FIGURES[name], value, is_money(FIGURES[name]))
        for name, value in statement.stated().items()
    ]
