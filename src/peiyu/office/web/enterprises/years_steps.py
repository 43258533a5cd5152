"""Giving a yearly report back, and asking for figures that are missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from peiyu.office.foundation.days import NoCalendar, add_working_days, office_now
from peiyu.office.reports import actions
from peiyu.office.reports.models import FactRequest, Supplier, YearReport
from peiyu.office.reports.permissions import may_ask_facts, may_withdraw_request
from peiyu.office.web.answers import Because, done, form_page, or_404, sent, tried
from peiyu.office.web.enterprises import years_forms as fill
from peiyu.office.web.enterprises.detail import found
from peiyu.office.web.enterprises.years import (
    grid_or_404,
    report_or_404,
    year_or_404,
    years_url,
)
from peiyu.office.web.templatetags.say import said
from peiyu.words import Message, mark, message

FORM = require_http_methods(["GET", "HEAD", "POST"])
DAYS_TO_ANSWER = 10


@login_required
@FORM
def report_return(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Give the report back with what is the matter."""
    return _because(
        request, pk, year, "return", actions.return_report, mark("退回"), message("已退回企业")
    )


@login_required
@FORM
def report_reopen(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Let the enterprise fill in anew."""
    return _because(
        request, pk, year, "reopen", actions.reopen, mark("重新填报"), message("已请企业重新填报")
    )


@login_required
@FORM
@never_cache
def facts_ask(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Ask for figures that are unknown on every basis."""
    person, one = found(request, pk)
    year, on = year_or_404(year), person.access.on
    or_404(may_ask_facts(person, one))
    missing = [row.fact.name for row in grid_or_404(one, person).of_year(year) if not row.cells]
    form = fill.Asked(missing, sent(request), due_on=_limit(on))
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "supplier": Supplier(form.cleaned_data["supplier"])}
        act = partial(
            actions.ask_facts, one, year=year, on=on, at=office_now(), actor=person, **given
        )
        if tried(form, act):
            return done(request, message("已请对方补数"), years_url(one, year))
    return form_page(
        request,
        form,
        title=said(message("请补{year}年度的数", year=year)),
        send=mark("发出"),
        back=years_url(one, year),
        name=one.name,
        note="" if missing else message("这一年没有未知的数"),
    )


@login_required
@require_POST
def request_withdraw(request: HttpRequest, pk: int, asked: int) -> HttpResponse:
    """No longer ask."""
    person, one = found(request, pk)
    rows = FactRequest.objects.visible_to(person).filter(enterprise=one)
    held = get_object_or_404(rows.select_related("enterprise"), pk=asked)
    or_404(may_withdraw_request(person, held))
    actions.withdraw_request(held, on=person.access.on, actor=person)
    return done(request, message("已不再要求补数"), years_url(one, held.year))


def _because(
    request: HttpRequest,
    pk: int,
    year: int,
    step: str,
    act: Callable[..., YearReport],
    title: str,
    what: Message,
) -> HttpResponse:
    person, one = found(request, pk)
    report = report_or_404(person, one, year_or_404(year), step)
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "at": office_now(), "actor": person}
        if tried(form, partial(act, report, **given)):
            return done(request, what, years_url(one, year))
    return form_page(
        request,
        form,
        title=title,
        send=title,
        back=years_url(one, year),
        name=one.name,
        note=message("企业会收到这段话，请写明要改什么"),
    )


def _limit(on: date) -> date | None:
    """The usual day for an answer; none where the calendar is not known."""
    try:
        return add_working_days(on, DAYS_TO_ANSWER)
    except NoCalendar:
        return None
