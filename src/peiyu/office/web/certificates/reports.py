"""Annual reports of a year: who owes one, who filed, who did not, of whom nothing is known."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peiyu.office.foundation.keyset import page_of
from peiyu.office.qualifications.duties import (
    filed_of,
    missing_twice,
    numbers_of,
    owing,
    standing_so,
)
from peiyu.office.qualifications.models import FIRST_YEAR, Certificate
from peiyu.office.qualifications.permissions import open_to_file, reads_certificates
from peiyu.office.web.answers import key_of, me, or_404
from peiyu.office.web.certificates.words import FILED, filed_shown, views_of
from peiyu.office.web.pages import pager_of
from peiyu.office.web.tables import Column, Link, Row, Table
from peiyu.office.web.templatetags.say import said
from peiyu.policy.hnte_certificate import Filed, duties_on, report_due_on
from peiyu.words import mark

SIZE = 50
COLUMNS = (
    Column("enterprise", mark("企业"), kind="link", width="w30", phone="l1", fit="cut"),
    Column("body", mark("责任单位"), fit="line"),
    Column("state", mark("状态"), kind="status"),
    Column("filed_on", mark("填报日期"), kind="date", named=True),
    Column("number", mark("证书编号"), kind="link", phone="hidden", fit="line"),
    Column("last_on", mark("有效期至"), kind="date", phone="hidden"),
    Column("act", mark("办理"), kind="link", phone=""),
)
ORDER = ("unknown", "not_filed", "late", "to_come", "in_time")
"""What needs somebody first."""


@login_required
@require_safe
def certificates_reports(request: HttpRequest) -> HttpResponse:
    """The list of one year, the last whose day has come first."""
    person = me(request)
    or_404(reads_certificates(person))
    on = person.access.on
    year = key_of(request.GET["year"]) if request.GET.get("year") else on.year - 1
    or_404(year is not None and FIRST_YEAR <= year < on.year)
    assert year is not None
    every = owing(year, on, person)
    numbers = numbers_of(every, year, on)
    states = [Filed(state) for state in ORDER]
    chosen = next((state for state in states if state == request.GET.get("state")), None)
    rows = every if chosen is None else standing_so(every, chosen, year, on)
    page = page_of(
        rows.select_related("enterprise__body"), order="last_on", size=SIZE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    files = open_to_file(person, [row.enterprise for row in page.rows])
    total = sum(numbers.values())
    number = total if chosen is None else numbers[chosen]
    context: dict[str, Any] = {
        "year": year,
        "due_on": report_due_on(year),
        "duties": duties_on(on),
        "on": on,
        "years": range(on.year - 1, FIRST_YEAR - 1, -1),
        "states": [
            _view(None, year, total, chosen),
            *(_view(s, year, numbers[s], chosen) for s in states),
        ],
        "table": Table(
            COLUMNS, [_row(row, year, on, files) for row in page.rows], label=mark("年报")
        ),
        "number": number,
        "pager": pager_of(request, page, number),
        "missing": missing_twice(on, person),
        "views": views_of(person, "certificates_reports"),
    }
    return render(request, "certificates/reports.html", context)


def _view(state: Filed | None, year: int, number: int, chosen: Filed | None) -> dict[str, object]:
    label = mark("全部") if state is None else FILED[state][1]
    query = f"?year={year}" + (f"&state={state}" if state else "")
    return {"label": label, "href": query, "number": number, "current": state == chosen}


def _row(row: Certificate, year: int, on: date, files: frozenset[int]) -> Row:
    own = f"/enterprises/{row.enterprise_id}/qualifications/"
    body = row.enterprise.body
    act: object = ""
    if row.enterprise_id in files:
        address = reverse("report_file", args=[row.enterprise_id, year])
        known = row.told  # type: ignore[attr-defined]
        act = Link(said(mark("更正") if known else mark("登记")), address)
    return Row(
        row.pk,
        {
            "enterprise": Link(row.enterprise.name, own),
            "body": body.short if body else "",
            "state": filed_shown(filed_of(row, year, on)),
            "filed_on": row.filed_on,  # type: ignore[attr-defined]
            "number": Link(row.number, f"/certificates/{row.pk}/"),
            "last_on": row.last_on,
            "act": act,
        },
        name=row.enterprise.name,
    )
