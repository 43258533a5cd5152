"""The figures of a year, filled in by the enterprise itself; for those who fill in, else not there."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import partial

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation import access_log
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.models import AccessKind
from peiyu.office.foundation.refusals import Conflict, Refused, SeveralRefused
from peiyu.office.portal import years_list as lists
from peiyu.office.portal import years_pages as pages
from peiyu.office.portal.visits import (
    REFUSED,
    done,
    for_enterprises,
    language,
    me,
    not_done,
    or_404,
    own,
)
from peiyu.office.portal.years_typing import (
    CONFLICT,
    MINE,
    Sent,
    answer_of,
    each,
    sent_of,
    told,
)
from peiyu.office.portal.years_units import Unit, unit_of
from peiyu.office.reports import actions, offline
from peiyu.office.reports.actions.reports import LONGEST_TEXT
from peiyu.office.reports.hints import hints_of
from peiyu.office.reports.models import FIGURES, FIRST_YEAR, YearReport
from peiyu.office.reports.months import months_of, years_with_months
from peiyu.office.reports.permissions import fills_in
from peiyu.office.reports.queries import report_on
from peiyu.words import message

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_enterprises
@require_GET
def years(request: HttpRequest, pk: int) -> HttpResponse:
    """The years of the enterprise, and what each still needs."""
    found = _filled_in_by(request, pk)
    lines = lists.years_of(me(request), found, office_day())
    return render(request, "portal/years.html", {"enterprise": found, "lines": lines})


@for_enterprises
@require_GET
def year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The form of a year; looking at it begins nothing."""
    found = _filled_in_by(request, pk, year)
    return _page(request, found, year, unit=unit_of(request.GET.get("unit")))


@for_enterprises
@require_POST
def save(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Keep what was typed, right or wrong: by the button, or by the page itself while one types."""
    found, sent = _filled_in_by(request, pk, year), sent_of(request)
    by_itself = request.headers.get("X-Requested-With") == "fetch"
    try:
        report, clashing = _kept(me(request), found, year, sent)
    except Refused as refusal:
        if by_itself:
            return told(refusal)
        return _page(request, found, year, sent=sent, refusal=refusal)
    if by_itself:
        typed_in = {name: sent.texts[name] for name in clashing}
        page = pages.year_page(
            me(request), found, year, office_day(), unit=sent.unit, typed_in=typed_in,
            clashing=clashing,
        )  # fmt: skip
        status = CONFLICT if page.clashes.keys() - sent.open_ones else 200
        return JsonResponse(answer_of(request, page, report, sent), status=status)
    if clashing:
        return _page(
            request, found, year, sent=sent, clashing=clashing, refusal=_undecided(clashing)
        )
    unit = unit_of(request.POST.get("switch")) or sent.unit
    answer = done(request, message("已保存"), "portal_year", pk, year)
    answer["Location"] += f"?unit={unit}"
    return answer


@for_enterprises
@require_POST
def submit(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Hand in the year: first everything is kept, then it is read as a whole."""
    found, sent = _filled_in_by(request, pk, year), sent_of(request)
    try:
        report, clashing = _kept(me(request), found, year, sent)
        if clashing:
            return _page(
                request, found, year, sent=sent, clashing=clashing, refusal=_undecided(clashing)
            )
        actions.submit(report, on=office_day(), actor=me(request))
    except Refused as refusal:
        return _page(request, found, year, sent=sent, refusal=refusal)
    return done(request, message("{year}年度的数已提交", year=year), "portal_receipt", pk, year)


@for_enterprises
@require_POST
def withdraw(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Take it back, to change it."""
    found = _filled_in_by(request, pk, year)
    report = _begun(found, year)
    try:
        actions.withdraw_report(report, actor=me(request))
    except Refused as refusal:
        return not_done(request, refusal, "portal_year", pk, year)
    return done(request, message("已撤回，可以修改后再提交"), "portal_year", pk, year)


@for_enterprises
@require_GET
def receipt(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """What was handed in last, by whom, on which day, with its seal; to be printed."""
    found = _filled_in_by(request, pk, year)
    report = _begun(found, year)
    if report.statement is None:
        raise Http404
    context = {
        "enterprise": found,
        "year": year,
        "report": report,
        "statement": report.statement,
        "number": lists.receipt_number(report.statement),
        "figures": lists.handed_in(report.statement),
        "hints": hints_of(report.statement.stated(), year),
        "has_it": lists.who_has_it(report),
    }
    return render(request, "portal/year_receipt.html", context)


@for_enterprises
@require_GET
def months(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The people of the year month by month, as they are known."""
    found, on = _filled_in_by(request, pk, year), office_day()
    context = {
        "enterprise": found,
        "year": year,
        "months": months_of(found, me(request), year, on),
        "years": sorted({*years_with_months(found), year}, reverse=True),
    }
    return render(request, "portal/months.html", context)


@for_enterprises
@asked_or_sent
def workbook(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Take the year away as a workbook; brought back, what can be read of it goes into the draft."""
    found = _filled_in_by(request, pk, year)
    if request.method == "POST":
        return _brought(request, found, year)
    page = pages.year_page(me(request), found, year, office_day())
    content = offline.workbook(found, year, page.read.figures, language())
    name = f"{found.name}{year}.xlsx"
    access_log.log(
        AccessKind.DOWNLOAD,
        actor=me(request),
        address=str(get_adapter().get_client_ip(request)).strip(),
        label=found._meta.label_lower,
        key=str(found.pk),
        detail=name,
    )
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _brought(request: HttpRequest, found: Enterprise, year: int) -> HttpResponse:
    person, file = me(request), request.FILES.get("file")
    try:
        if file is None:
            raise Refused(message("请选择填好的表格"), field="file")
        if (file.size or 0) > offline.LARGEST:
            text = "文件有 {size} MB，最多 {most} MB；请用本页下载的表格，只填这一年"
            size, most = -(-(file.size or 0) // (1 << 20)), offline.LARGEST >> 20
            raise Refused(message(text, size=size, most=most), field="file")
        brought = offline.brought(file.read(), str(file.name or ""), found, year)
        before = pages.year_page(person, found, year, office_day(), unit=Unit.YUAN)
        texts = {
            name: text
            for name, text in brought.texts().items()
            if before.read.figures.get(name) != brought.figures[name]
        }
        if texts:
            report = actions.open_report(found, year=year, actor=person)
            actions.save_draft(report, texts=texts, saved=report.saved, actor=person)
    except Refused as refusal:
        return _page(request, found, year, file_refusal=refusal)
    if not brought.refusals:
        words = message(
            "表格里读出{number}项，其中{changed}项与原来不同，已进入草稿；请核对后提交",
            number=len(brought.figures), changed=len(texts),
        )  # fmt: skip
        return done(request, words, "portal_year", found.pk, year)
    context = {
        "enterprise": found,
        "year": year,
        "brought": brought,
        "changed": [FIGURES[name].term(language()) for name in texts],
    }
    return render(request, "portal/year_brought.html", context, status=REFUSED)


def _filled_in_by(request: HttpRequest, pk: int, year: int | None = None) -> Enterprise:
    found = own(request, pk)
    or_404(fills_in(me(request), YearReport(enterprise=found)))
    or_404(year is None or FIRST_YEAR <= year <= office_day().year)
    return found


def _begun(found: Enterprise, year: int) -> YearReport:
    report = report_on(found, year)
    if report is None:
        raise Http404
    report.enterprise = found
    return report


def _kept(
    person: User, found: Enterprise, year: int, sent: Sent
) -> tuple[YearReport, frozenset[str]]:
    """Keep what was typed, and what was chosen of two values; the figures that are not decided."""
    texts = sent.to_keep()
    too_long = [name for name, text in texts.items() if len(text) > LONGEST_TEXT]
    if too_long:
        raise SeveralRefused(tuple(Refused(pages.TOO_LONG, field=name) for name in too_long))
    report = actions.open_report(found, year=year, actor=person)
    beside: dict[str, int] = {}
    if sent.picked:
        page = pages.year_page(person, found, year, office_day(), unit=sent.unit)
        of_two = sent.picked.keys() & page.clashes.keys()
        beside = {name: sent.declared for name in of_two if sent.picked[name] == MINE}
        texts |= pages.declared_texts(page, of_two - beside.keys())
    act = partial(actions.save_draft, report, saved=sent.saved, actor=person)
    try:
        return act(texts=texts, beside=beside), sent.undecided
    except Conflict as conflict:
        clashing = {one.field for one in conflict.differences}
    rest = {name: text for name, text in texts.items() if name not in clashing}
    return act(texts=rest, beside=beside), sent.undecided | clashing


def _undecided(clashing: Collection[str]) -> Conflict:
    text = message("有{number}处两边的值不同，请逐项选定用哪个；其余的已保存", number=len(clashing))
    return Conflict(text, ())


def _page(
    request: HttpRequest,
    found: Enterprise,
    year: int,
    *,
    unit: Unit | None = None,
    sent: Sent | None = None,
    clashing: Collection[str] = (),
    refusal: Refused | None = None,
    file_refusal: Refused | None = None,
) -> HttpResponse:
    """The form, with what was typed and what is the matter with it."""
    page = pages.year_page(
        me(request),
        found,
        year,
        office_day(),
        unit=sent.unit if sent else unit,
        typed_in=sent.changed() if sent else None,
        clashing=clashing,
    )
    refusals = each(refusal)
    page.read.problems |= {one.field: one.message for one in refusals if one.field in FIGURES}
    report = page.report
    context = {
        "enterprise": found,
        "year": year,
        "page": page,
        "was": json.dumps(page.was, ensure_ascii=False),
        "fills": page.fills or sent is not None,
        "refusals": [one for one in refusals if one.field not in FIGURES],
        "file_refusal": file_refusal,
        "has_it": lists.who_has_it(report) if report else None,
        "may_withdraw": report is not None and lists.may_withdraw(me(request), report),
        "returned": lists.returned_because(report) if report else None,
    }
    status = (
        CONFLICT if isinstance(refusal, Conflict) else REFUSED if refusal or file_refusal else 200
    )
    return render(request, "portal/year.html", context, status=status)
