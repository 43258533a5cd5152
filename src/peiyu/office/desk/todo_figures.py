"""What waits for a person about yearly figures: reports to check and verify, requests to answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from peiyu.office.accounts.models import Role, User
from peiyu.office.desk.waiting import Waiting
from peiyu.office.enterprises.permissions import is_bureau
from peiyu.office.reports.models import FactRequest, ReportState, Supplier, YearReport
from peiyu.office.reports.queries import open_requests
from peiyu.words import mark, message

MOST = 50


def waiting_figures(person: User, on: date) -> Iterator[Waiting]:
    """All of it for one person; four queries at the most."""
    if person.access.places:
        yield from _to_check(person)
    if is_bureau(person):
        yield from _to_verify()
    yield from _to_supply(person, on)


def _to_check(person: User) -> Iterator[Waiting]:
    rows = YearReport.objects.filter(
        state=ReportState.SUBMITTED, enterprise__body__in=person.access.places
    )
    for row in rows.select_related("enterprise").order_by("submitted_on", "id")[:MOST]:
        yield Waiting(
            None,
            message("核对{year}年度数据", year=row.year),
            row.enterprise.name,
            message("企业{day}提交", day=_day(row.submitted_on)),
            f"/enterprises/{row.enterprise_id}/years/{row.year}/check/",
            mark("核对"),
        )


def _to_verify() -> Iterator[Waiting]:
    rows = YearReport.objects.filter(state=ReportState.CHECKED)
    for row in rows.select_related("enterprise__body").order_by("submitted_on", "id")[:MOST]:
        body = row.enterprise.body
        yield Waiting(
            None,
            message("核定{year}年度数据", year=row.year),
            row.enterprise.name,
            message("{body}已核对", body=body.short if body else ""),
            f"/enterprises/{row.enterprise_id}/years/{row.year}/verify/",
            mark("核定"),
        )


def _to_supply(person: User, on: date) -> Iterator[Waiting]:
    access = person.access
    asked = Q(pk=None)
    if access.places:
        asked |= Q(supplier=Supplier.BODY, enterprise__body__in=access.places)
    if access.has(Role.TAX):
        asked |= Q(supplier=Supplier.TAX)
    if access.has(Role.STATISTICS):
        asked |= Q(supplier=Supplier.STATISTICS)
    if asked == Q(pk=None):
        return
    rows = FactRequest.objects.filter(asked, withdrawn_on=None, answered_on=None)
    first = rows.select_related("enterprise", "asked_by").order_by("due_on", "id")[:MOST]
    for row in open_requests(first, on):
        yield Waiting(
            row.due_on,
            message("补报{year}年度{number}项数", year=row.year, number=len(row.figures)),
            row.enterprise.name,
            message("{who}请您单位提供", who=row.asked_by.name),
            f"/enterprises/{row.enterprise_id}/years/?year={row.year}",
            mark("补报"),
        )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
