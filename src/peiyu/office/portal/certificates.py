"""Certificates at the door of enterprises: what one holds, what is due, when the report was filed."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.sources import of_person
from peiyu.office.portal import certificates_pages as pages
from peiyu.office.portal.forms import ReportFiled
from peiyu.office.portal.visits import (
    done,
    for_enterprises,
    form_page,
    me,
    or_404,
    own,
    sent,
    tried,
)
from peiyu.office.qualifications.actions import file_annual_report
from peiyu.office.qualifications.models import FIRST_YEAR, AnnualReport
from peiyu.office.qualifications.permissions import may_file
from peiyu.policy.hnte_certificate import report_due_on
from peiyu.words import mark, message


@for_enterprises
@require_GET
def certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """What one holds and what it obliges to."""
    person, found, on = me(request), own(request, pk), office_day()
    context = {"enterprise": found, "page": pages.page_of(person, found, on), "on": on}
    return render(request, "portal/certificates.html", context)


@for_enterprises
@require_http_methods(["GET", "HEAD", "POST"])
def report_file(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Say on which day the annual report of a year was filed."""
    person, found, on = me(request), own(request, pk), office_day()
    or_404(may_file(person, found) and FIRST_YEAR <= year < on.year)
    before = AnnualReport.objects.standing().filter(enterprise=found, year=year).first()
    form = ReportFiled(
        sent(request), corrects=before is not None,
        initial={"filed_on": before.filed_on} if before else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():

        @transaction.atomic
        def act() -> AnnualReport:
            title = message("{year}年度年报填报情况", year=year).say()
            return file_annual_report(
                found, year=year, filed_on=form.cleaned_data["filed_on"], on=on, actor=person,
                source=of_person(person, title, actor=person, dated_on=on),
                reason=form.cleaned_data.get("reason", ""),
            )  # fmt: skip

        if tried(form, act):
            said = message("{year}年度年报的填报日期已登记", year=year)
            return done(request, said, "portal_certificates", pk)
    return form_page(
        request, form, enterprise=found, heading=mark("年报填报日期"), send=mark("登记"),
        note=message(
            "{year}年度年报的期限是{day}。先在高新技术企业认定管理工作网填报，再在这里登记日期",
            year=year, day=report_due_on(year).isoformat(),
        ),
    )  # fmt: skip
