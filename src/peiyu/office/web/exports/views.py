"""Large exports: what was asked, who decided, the file when it is there."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk import figure_exports
from peiyu.office.desk.enterprise_list import Filters
from peiyu.office.desk.export_requests import PAGES, approve_export, refuse_export
from peiyu.office.desk.models import ExportRequest, ExportState
from peiyu.office.desk.workflow import FLOWS
from peiyu.office.enterprises.listing import asked_of, visible
from peiyu.office.foundation import access_log, files
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import AccessKind, JobState
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.accounts.adapters import address_of
from peiyu.office.web.answers import (
    Because,
    PerhapsBecause,
    done,
    file_answer,
    form_page,
    me,
    not_done,
    or_404,
    sent,
    tried,
)
from peiyu.office.web.enterprises.listing import filter_words
from peiyu.office.web.tables import Column, Link, Pager, Row, Status, Table
from peiyu.office.web.templatetags.say import language
from peiyu.words import Message, mark, message

SIZE = 50
SHAPES = {
    ExportState.ASKED: "go", ExportState.APPROVED: "met", ExportState.REFUSED: "bad"
}  # fmt: skip
COLUMNS = (
    Column("purpose", mark("用途"), kind="link", phone="l1"),
    Column("state", mark("状态"), kind="status"),
    Column("page", mark("内容"), kind="label"),
    Column("rows", mark("家数"), kind="number"),
    Column("asked_by", mark("申请人"), kind="person"),
    Column("asked_on", mark("申请日期"), kind="date"),
)


ADDRESSES = {
    "enterprises": "enterprises", "figures": "figures_choose", "rights": "rights",
    "certificates": "certificates", "assessments": "assessments",
}  # fmt: skip
"""Where one sees what was asked for."""


@login_required
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """One's own requests; for the head all."""
    person = me(request)
    or_404(not person.access.is_administrator)
    page = page_of(
        ExportRequest.objects.visible_to(person).select_related("asked_by"),
        order="-id",
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    pager = Pager(
        shown=len(page.rows),
        first="?" if page.preceding else "",
        previous=f"?before={page.preceding}" if page.preceding else "",
        next=f"?after={page.following}" if page.following else "",
    )
    table = Table(COLUMNS, [_row(asked) for asked in page.rows], label=mark("导出申请"))
    return render(request, "exports/list.html", {"table": table, "pager": pager})


@login_required
@never_cache
@require_safe
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what for, how many, how far."""
    person, asked = _found(request, pk)
    context = {
        "asked": asked,
        "shape": SHAPES[ExportState(asked.state)],
        "steps": FLOWS.of(asked).open_to(person, asked),
        "title": PAGES[asked.page].title,
        "list": f"{reverse(ADDRESSES[asked.page])}?{asked.query}",
        "filters": _filters(asked),
        **_figures(asked),
        **_state(person, asked),
    }
    return render(request, "exports/detail.html", context)


@login_required
@never_cache
@require_safe
def export_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the file is; asked again until it is there."""
    person, asked = _found(request, pk)
    return render(request, "exports/_progress.html", {"asked": asked, **_state(person, asked)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export_decide(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Approve or refuse."""
    person, asked = _found(request, pk)
    found = next((s for s in FLOWS.of(asked).open_to(person, asked) if s.name == step), None)
    or_404(found is not None)
    assert found is not None
    form: forms.Form = (Because if found.needs_reason else PerhapsBecause)(sent(request))
    if not found.needs_reason:
        del form.fields["reason"]
    if request.method == "POST" and (form.is_valid() or not form.fields):
        if step == "approve":
            act = partial(
                approve_export,
                asked,
                address=request.build_absolute_uri("/").rstrip("/"),
                lang=language(),
                at=timezone.now(),
                actor=person,
            )
        else:
            act = partial(
                refuse_export, asked, at=timezone.now(), actor=person, **form.cleaned_data
            )
        if tried(form, act):
            return done(request, message("已办：{step}", step=message(found.label)), _of(asked))
    return form_page(
        request,
        form,
        title=found.label,
        send=found.label,
        back=_of(asked),
        name=asked.purpose,
        note=_what(asked),
    )


@login_required
@require_safe
def export_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, only for the one who asked; that it was taken is logged."""
    person, asked = _found(request, pk)
    or_404(asked.asked_by_id == person.pk and asked.job is not None)
    assert asked.job is not None
    if asked.job.result is None:
        return not_done(request, Refused(message("文件还没有写好，请稍后再来")), _of(asked))
    try:
        answer = file_answer(files.download(asked.job.result))
    except Refused as refusal:
        return not_done(request, refusal, _of(asked))
    access_log.log(
        AccessKind.EXPORT,
        actor=person,
        address=address_of(request),
        label=asked._meta.label_lower,
        key=str(asked.pk),
        detail=f"{asked.rows} {asked.form} {asked.page} {asked.query}",
    )
    return answer


def _what(asked: ExportRequest) -> Message:
    """What would leave, in one sentence."""
    said = message("{name}申请导出{number}家", name=asked.asked_by.name, number=asked.rows)
    if asked.page != "figures":
        return said
    found = _figures(asked)
    tax = "含纳税申报数" if found["tax"] else "不含纳税申报数"
    return message(
        "{asked}的年度数据：{years}年度，{basis}，{tax}",
        asked=said, years=tuple(map(str, figure_exports.parted(asked.query)[1])),
        basis=found["basis"], tax=message(tax),
    )  # fmt: skip


def _filters(asked: ExportRequest) -> list[str] | None:
    """The filters of the list of enterprises, in words; None where another list is meant."""
    if asked.page in ("rights", "assessments"):
        return None
    query = asked_of(asked.query)
    rows = visible(asked.asked_by, merged=bool(query.get("merged")))
    filters = Filters(query, rows, person=asked.asked_by)
    return [words for _, words in filter_words(filters, query)] if filters.is_valid() else []


def _figures(asked: ExportRequest) -> dict[str, object]:
    """Of yearly figures: which years, on which basis, are those of tax returns among them."""
    if asked.page != "figures":
        return {}
    _, years, basis = figure_exports.parted(asked.query)
    return {
        "years": years,
        "basis": figure_exports.basis_said(basis),
        "tax": figure_exports.holds_tax(basis, asked.asked_by),
    }


def _state(person: User, asked: ExportRequest) -> dict[str, object]:
    job = asked.job
    return {
        "job": job,
        "running": job is not None and job.state in (JobState.WAITING, JobState.RUNNING),
        "ready": job is not None and job.state == JobState.DONE and job.result is not None,
        "own": asked.asked_by_id == person.pk,
    }


def _row(asked: ExportRequest) -> Row:
    state = ExportState(asked.state)
    return Row(
        asked.pk,
        {
            "purpose": Link(asked.purpose, _of(asked)),
            "state": Status(SHAPES[state], state.label),
            "page": PAGES[asked.page].title,
            "rows": asked.rows,
            "asked_by": asked.asked_by.name,
            "asked_on": asked.asked_on,
        },
        name=asked.purpose,
    )


def _found(request: HttpRequest, pk: int) -> tuple[User, ExportRequest]:
    person = me(request)
    rows = ExportRequest.objects.visible_to(person)
    return person, get_object_or_404(
        rows.select_related("asked_by", "decided_by", "job__result"), pk=pk
    )


def _of(asked: ExportRequest) -> str:
    return reverse("export_detail", args=[asked.pk])
