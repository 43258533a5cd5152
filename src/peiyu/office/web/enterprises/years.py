"""The yearly figures of an enterprise: side by side on all bases, by year, and cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.models import Source
from peiyu.office.reports.hints import Hint, hints_of
from peiyu.office.reports.models import (
    FIGURES,
    FIRST_YEAR,
    LAST_YEAR,
    Basis,
    FactRequest,
    ReportState,
    YearReport,
)
from peiyu.office.reports.permissions import (
    OF_TAX_OFFICE,
    bases_open_to,
    bases_to_state,
    may_ask_facts,
    may_read_figures,
    may_verify_items,
    may_withdraw_request,
    speaks_for,
)
from peiyu.office.reports.queries import (
    Grid,
    grid_of,
    handed_in,
    history_of,
    open_requests,
    report_on,
)
from peiyu.office.reports.workflow import FLOWS
from peiyu.office.web.answers import REFUSED, key_of, or_404
from peiyu.office.web.enterprises.detail import found, tab_page
from peiyu.office.web.enterprises.years_forms import PEOPLE, Looked, is_money
from peiyu.office.web.enterprises.years_table import by_figure, of_year
from peiyu.words import mark

ONLY = {"all": mark("全部项目"), "differs": mark("只看不一致的"), "missing": mark("只看未知的")}
PAGES = {
    "check": "report_check",
    "verify": "report_verify",
    "return": "report_return",
    "reopen": "report_reopen",
}
SHAPES = {
    ReportState.DRAFT: "unk",
    ReportState.SUBMITTED: "go",
    ReportState.RETURNED: "bad",
    ReportState.CHECKED: "go",
    ReportState.VERIFIED: "met",
}


@login_required
@never_cache
@require_safe
def enterprise_years(request: HttpRequest, pk: int) -> HttpResponse:
    """All bases of one year, or with `?by=figure` what decides in the last years."""
    person, one = found(request, pk)
    on = person.access.on
    looked = Looked(request.GET)
    valid = looked.is_valid()
    known = min((looked.cleaned_data.get("known") or on) if valid else on, on)
    grid = grid_of(one, person, known)
    or_404(grid is not None)
    assert grid is not None
    reports = _reports(one)
    year = year_or_404(request.GET["year"]) if request.GET.get("year") else _latest(grid, reports)
    only = request.GET.get("only", "")
    only = only if only in ONLY else "all"
    compares = request.GET.get("by") == "figure"
    query = {"year": str(year), "only": only}
    if known < on:
        query["known"] = known.isoformat()
    columns, groups = by_figure(grid) if compares else of_year(grid, year, only)
    past = known < on or not valid
    more: dict[str, Any] = {
        "looked": looked,
        "year": year,
        "years": sorted({*grid.years, *reports, on.year, on.year - 1, year}, reverse=True),
        "only": only,
        "onlys": ONLY.items(),
        "known": known,
        "past": known < on,
        "now": f"?{urlencode({**query, 'known': '', 'by': 'figure' if compares else ''})}",
        "compares": compares,
        "views": _views(query, compares=compares),
        "columns": columns if valid else [],
        "groups": groups if valid else [],
        "hints": [] if compares or not valid else hinted(grid, year),
        "tax_closed": not OF_TAX_OFFICE.isdisjoint(grid.closed),
    }
    if not past and not compares:
        more |= _doable(person, one, year) | _report(person, one, reports.get(year))
        more["requests"] = _requests(person, one, on)
    status = 200 if valid else REFUSED
    return tab_page(
        request, person, one, "enterprise_years", "enterprises/years.html", status=status, **more
    )


@login_required
@never_cache
@require_safe
def figure_history(
    request: HttpRequest, pk: int, year: int, basis: str, figure: str
) -> HttpResponse:
    """Every version of one cell, the newest first."""
    person, one = found(request, pk)
    year, kind = year_or_404(year), basis_or_404(basis)
    or_404(
        figure in FIGURES and may_read_figures(person, one) and kind in bases_open_to(person, one)
    )
    versions = history_of(one, person, year=year, basis=kind, name=figure)
    keys = {v.statement.exceptions.get(figure, v.statement.source_id) for v in versions}
    sources = Source.objects.in_bulk(keys)
    context = {
        "enterprise": one,
        "year": year,
        "basis": kind.label,
        "figure": FIGURES[figure].chinese,
        "unit": mark("元") if is_money(figure) else PEOPLE,
        "versions": [
            (v, sources[v.statement.exceptions.get(figure, v.statement.source_id)])
            for v in versions
        ],
        "back": years_url(one, year),
    }
    return render(request, "enterprises/years_history.html", context)


def hinted(grid: Grid, year: int) -> list[tuple[Hint, list[str]]]:
    """What contradicts itself in a year, and on which bases."""
    found: dict[Hint, list[str]] = {}
    for basis in grid.bases(year):
        for hint in hints_of(grid.statements[year, basis].stated(), year):
            found.setdefault(hint, []).append(basis.label)
    return list(found.items())


def year_or_404(given: object) -> int:
    """A year of which something can be stated."""
    year = key_of(given)
    or_404(year is not None and FIRST_YEAR <= year <= LAST_YEAR)
    assert year is not None
    return year


def basis_or_404(given: str) -> Basis:
    """A basis by its name in the address."""
    or_404(given in Basis.values)
    return Basis(given)


def years_url(one: Enterprise, year: int) -> str:
    """The page of the figures of a year."""
    return f"{reverse('enterprise_years', args=[one.pk])}?year={year}"


def grid_or_404(one: Enterprise, person: User) -> Grid:
    """The figures as known today, if the person may read them."""
    grid = grid_of(one, person, person.access.on)
    or_404(grid is not None)
    assert grid is not None
    return grid


def report_or_404(person: User, one: Enterprise, year: int, step: str) -> YearReport:
    """The report of the year, if this step stands open to the person."""
    report = report_on(one, year)
    or_404(report is not None)
    assert report is not None
    or_404(any(open_.name == step for open_ in FLOWS.of(report).open_to(person, report)))
    return report


def _reports(one: Enterprise) -> dict[int, YearReport]:
    rows = YearReport.objects.select_related("submitted_by", "statement").filter(enterprise=one)
    return {row.year: row for row in rows}


def _latest(grid: Grid, reports: Iterable[int]) -> int:
    """The newest year of which there is anything; else the last full year."""
    return max((*grid.years, *reports), default=grid.known_on.year - 1)


def _views(query: dict[str, str], *, compares: bool) -> list[dict[str, Any]]:
    return [
        {
            "label": mark("一年各口径"),
            "href": f"?{urlencode(query)}",
            "number": None,
            "current": not compares,
        },
        {
            "label": mark("各年对比"),
            "href": f"?{urlencode({**query, 'by': 'figure'})}",
            "number": None,
            "current": compares,
        },
    ]


def _doable(person: User, one: Enterprise, year: int) -> dict[str, Any]:
    """What this person may do to the figures of the year."""
    bases = bases_to_state(person, one)
    if not speaks_for(person, one) and handed_in([(one.pk, year)]):
        bases = [basis for basis in bases if basis != Basis.DECLARED]
    return {
        "to_state": [
            (basis.label, reverse("figures_state", args=[one.pk, year, basis])) for basis in bases
        ],
        "may_verify": Basis.VERIFIED not in bases and may_verify_items(person, one),
        "may_ask": may_ask_facts(person, one),
    }


def _report(person: User, one: Enterprise, report: YearReport | None) -> dict[str, Any]:
    """The yearly report with the steps that stand open to the person here."""
    if report is None:
        return {"report": None}
    report.enterprise = one
    return {
        "report": report,
        "report_shape": SHAPES[ReportState(report.state)],
        "steps": [
            (step.label, reverse(PAGES[step.name], args=[one.pk, report.year]))
            for step in FLOWS.of(report).open_to(person, report)
            if step.name in PAGES
        ],
    }


def _requests(person: User, one: Enterprise, on: date) -> list[tuple[FactRequest, list[str], bool]]:
    """Requests that wait for an answer, with the words of what they ask."""
    rows = FactRequest.objects.filter(enterprise=one, withdrawn_on=None).select_related("asked_by")
    return [
        (
            row,
            [FIGURES[name].chinese for name in row.figures if name in FIGURES],
            may_withdraw_request(person, row),
        )
        for row in open_requests(rows, on)
    ]
