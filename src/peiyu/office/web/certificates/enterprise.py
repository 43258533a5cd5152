"""What an enterprise was given and owes, as a tab of its page: certificates, reports, numbers, titles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.permissions import is_bureau
from peiyu.office.foundation.sources import of_document, of_person
from peiyu.office.qualifications import actions, listing
from peiyu.office.qualifications.duties import changes_of, reports_of
from peiyu.office.qualifications.models import (
    AnnualReport,
    Certificate,
    CertificateEvent,
    ChangeReport,
    TechSmeNumber,
    Title,
)
from peiyu.office.qualifications.permissions import may_enter, may_file, may_read_reports
from peiyu.office.web.answers import Because, done, form_page, or_404, sent, tried
from peiyu.office.web.certificates.forms import (
    ChangeForm,
    ReportForm,
    Struck,
    TechSmeForm,
    TitleForm,
)
from peiyu.office.web.certificates.words import filed_shown, state_shown
from peiyu.office.web.enterprises.detail import found, tab_page
from peiyu.policy.hnte_certificate import Filed, duties_on, report_due_on
from peiyu.policy.parameters import NotInForce
from peiyu.policy.tech_sme_number import parse, update_due
from peiyu.words import mark, message

TAB = "enterprise_qualifications"
FORM = require_http_methods(["GET", "HEAD", "POST"])
LONG_AGO = timedelta(days=365 * 5)
KINDS: dict[str, type[Any]] = {
    "tech-sme": TechSmeNumber, "titles": Title, "reports": AnnualReport, "changes": ChangeReport,
}  # fmt: skip
"""What can be taken back, by its word in the address."""
STRIKE: dict[str, Callable[..., object]] = {
    "tech-sme": actions.revoke_tech_sme, "titles": actions.revoke_title,
}  # fmt: skip
"""What can be struck off."""
OPEN = (Filed.TO_COME, Filed.UNKNOWN, Filed.NOT_FILED)


@login_required
@never_cache
@require_safe
def enterprise_qualifications(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab."""
    person, one = found(request, pk)
    day = listing.as_of(person.access.on)
    rows = Certificate.objects.standing().filter(enterprise=one).order_by("-issued_on", "-pk")
    lines = listing.lines_of(rows, day)
    events = CertificateEvent.objects.filter(
        certificate__enterprise=one, certificate__withdrawn_on=None, withdrawn_on=None
    ).select_related("certificate", "source")
    reads = may_read_reports(person, one)
    more: dict[str, Any] = {
        "certificates": [
            (line, state_shown(listing.state_of(line, day)), listing.months_left(line, day),
             dict(listing.ORDER_WORDS)[line.order])
            for line in lines
        ],
        "events": list(events.order_by("-happened_on", "-pk")),
        "numbers": [
            (row, update_due(parse(row.number)))
            for row in TechSmeNumber.objects.standing().filter(enterprise=one).select_related("source")
        ],
        "titles": list(Title.objects.standing().filter(enterprise=one).select_related("source")),
        "reads_reports": reads,
        "keeps": may_enter(person, one),
        "files": may_file(person, one),
    }  # fmt: skip
    if reads:
        more |= _duties(one, day.on, files=more["files"])
    return tab_page(request, person, one, TAB, "enterprises/qualifications.html", **more)


def _duties(one: Enterprise, on: date, *, files: bool) -> dict[str, Any]:
    reports = ChangeReport.objects.standing().filter(enterprise=one).select_related("source")
    told = {(row.kind, row.happened_on): row for row in reports}
    changes = changes_of([one], on - LONG_AGO, on)
    asked = {(change.kind.value, change.happened_on) for change in changes}
    return {
        "duties": duties_on(on),
        "validities": [
            (
                validity,
                [
                    (line, filed_shown(line.filed), files and (line.filed in OPEN or line.report))
                    for line in validity.lines
                ],
            )
            for validity in reports_of(one, on)
        ],
        "changes": [
            (change, told.get((change.kind.value, change.happened_on))) for change in changes
        ],
        "told": [row for place, row in told.items() if place not in asked],
    }


@login_required
@never_cache
@FORM
def report_file(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """On which day the annual report of a year was filed."""
    person, one = found(request, pk)
    or_404(may_file(person, one))
    try:
        due_on = report_due_on(year) if year < 9999 else None
    except NotInForce:
        due_on = None
    or_404(due_on is not None)
    assert due_on is not None
    before = AnnualReport.objects.standing().filter(enterprise=one, year=year).first()
    form = ReportForm(
        sent(request), may_say_not=is_bureau(person), corrects=before is not None,
        initial={"filed_on": before.filed_on} if before else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():

        @transaction.atomic
        def act() -> AnnualReport:
            title = message("{year}年度年报填报情况", year=year).say()
            told = of_document if is_bureau(person) else partial(of_person, person)
            return actions.file_annual_report(
                one, year=year, filed_on=form.filed(), on=person.access.on, actor=person,
                source=told(title, actor=person, dated_on=person.access.on),
                reason=form.cleaned_data.get("reason", ""),
            )  # fmt: skip

        if tried(form, act):
            return done(request, message("{year}年度年报已登记", year=year), _of(one))
    return form_page(
        request, form, title=message("{year}年度年报", year=year), send=mark("登记"), back=_of(one),
        name=one.name,
        note=message("期限{day}；逾期补报按指引G5.2也算一次缺报", day=due_on.isoformat()),
    )  # fmt: skip


@login_required
@never_cache
@FORM
def tech_sme_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A number of a technology SME."""
    return _entering(
        request, pk, TechSmeForm, actions.enter_tech_sme, mark("登记科技型中小企业编号")
    )


@login_required
@never_cache
@FORM
def title_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A title."""
    return _entering(request, pk, TitleForm, actions.enter_title, mark("登记称号"))


@login_required
@never_cache
@FORM
def change_new(request: HttpRequest, pk: int) -> HttpResponse:
    """That a change was reported."""
    initial = {name: request.GET.get(name, "")[:20] for name in ("kind", "happened_on")}
    return _entering(
        request, pk, ChangeForm, actions.report_change, mark("登记变化的报告"), initial
    )


def _entering(
    request: HttpRequest, pk: int, kind: type[Any], act: Callable[..., Any], title: str,
    initial: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    person, one = found(request, pk)
    or_404(may_enter(person, one))
    form = kind(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():

        @transaction.atomic
        def enter() -> Any:
            on = person.access.on
            return act(one, source=form.source(person), on=on, actor=person, **form.rest())

        if tried(form, enter):
            return done(request, message("已登记"), _of(one))
    return form_page(request, form, title=title, send=mark("登记"), back=_of(one), name=one.name)


@login_required
@never_cache
@FORM
def given_revoke(request: HttpRequest, pk: int, what: str, given: int) -> HttpResponse:
    """A number or a title no longer holds."""
    or_404(what in STRIKE)
    person, one, row = _row(request, pk, what, given)
    or_404(row.revoked_on is None)
    form = Struck(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(STRIKE[what], row, on=person.access.on, actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            return done(request, message("已撤销"), _of(one))
    return form_page(
        request, form, title=mark("撤销"), send=mark("撤销"), back=_of(one), name=str(row)
    )


@login_required
@never_cache
@FORM
def given_withdraw(request: HttpRequest, pk: int, what: str, given: int) -> HttpResponse:
    """It was entered by mistake."""
    or_404(what in KINDS)
    person, one, row = _row(request, pk, what, given)
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.take_back, row, on=person.access.on, actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            return done(request, message("已撤回"), _of(one))
    return form_page(
        request, form, title=mark("撤回登记"), send=mark("撤回"), back=_of(one), name=one.name,
        note=mark("登错了才撤回；不再有效的请用“撤销”"),
    )  # fmt: skip


def _row(request: HttpRequest, pk: int, what: str, given: int) -> tuple[User, Enterprise, Any]:
    person, one = found(request, pk)
    or_404(may_enter(person, one))
    rows = KINDS[what].objects.standing().filter(enterprise=one).select_related("enterprise")
    return person, one, get_object_or_404(rows, pk=given)


def _of(one: Enterprise) -> str:
    return reverse(TAB, args=[one.pk])
