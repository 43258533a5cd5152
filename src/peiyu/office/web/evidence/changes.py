"""Changing evidence: a row entered, corrected, withdrawn; papers; that a table is all there is."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.actions import attach
from peiyu.office.enterprises.models import Enterprise, EnterpriseFile
from peiyu.office.enterprises.permissions import may_attach
from peiyu.office.foundation.files import store
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.refusals import Conflict, Difference, Refused
from peiyu.office.foundation.sources import of_document, of_person
from peiyu.office.portfolio import actions
from peiyu.office.portfolio.models import Entry, Paper
from peiyu.office.portfolio.permissions import may_record, speaks_for_it
from peiyu.office.web.answers import Because, done, form_page, not_done, or_404, sent, tried
from peiyu.office.web.enterprises.detail import found
from peiyu.office.web.evidence.chain import row_url
from peiyu.office.web.evidence.forms import AddPaper, EntryForm
from peiyu.office.web.evidence.rows import row_or_404, table_or_404
from peiyu.office.web.evidence.words import shown
from peiyu.office.web.templatetags.say import said
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import Evidence
from peiyu.words import mark, message

FORM = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@FORM
@never_cache
def evidence_new(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """Enter a row."""
    person, one, kind = _to_record(request, pk, table)
    form = EntryForm(kind, sent(request), before=None, own=speaks_for_it(person, one))
    if request.method == "POST" and form.is_valid():
        act = partial(_recorded, one, kind, form, person)
        if row := tried(form, act):
            _told(request, form, kind)
            return done(request, message("已登记{no}", no=row.key), row_url(one, table, row.key))
    back = reverse("evidence_table", args=[one.pk, table])
    return _form(
        request, form, one, kind, message("登记：{table}", table=message(kind.title)), back
    )


@login_required
@FORM
@never_cache
def evidence_edit(request: HttpRequest, pk: int, table: str, key: str) -> HttpResponse:
    """Correct a row; what another saved meanwhile is shown, and nothing typed is lost."""
    person, one, kind = _to_record(request, pk, table)
    row = row_or_404(one, kind, key)
    own = speaks_for_it(person, one)
    form = EntryForm(kind, sent(request), before=row, own=own)
    if request.method == "POST" and form.is_valid():
        if not form.changed():
            form.add_error(None, said(message("没有改动任何内容")))
        elif tried(form, partial(_recorded, one, kind, form, person, row)):
            _told(request, form, kind)
            return done(request, message("已更正{no}", no=row.key), row_url(one, table, row.key))
        elif conflict := getattr(form, "conflict", None):
            form = _after(conflict, form, kind, row, own)
    title = message("更正：{table}{no}", table=message(kind.title), no=row.key)
    return _form(request, form, one, kind, title, row_url(one, table, row.key))


@login_required
@FORM
@never_cache
def evidence_withdraw(request: HttpRequest, pk: int, table: str, key: str) -> HttpResponse:
    """Say that the row should not be there."""
    person, one, kind = _to_record(request, pk, table)
    row = row_or_404(one, kind, key)
    form = Because(sent(request))
    back = row_url(one, table, row.key)
    if request.method == "POST" and form.is_valid():
        act = partial(_withdrawn, row, form.cleaned_data["reason"], person)
        if tried(form, act):
            return done(request, message("已撤下{no}，各版仍可查", no=row.key), back)
    return form_page(
        request, form, title=message("撤下：{table}{no}", table=message(kind.title), no=row.key),
        send=mark("撤下"), back=back, name=one.name,
        note=mark("撤下后不再计入，也不再核对；以前各版都留着"),
    )  # fmt: skip


@login_required
@require_POST
def evidence_full(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """`full=1`: the table is all there is; `full=0`: it may not be."""
    person, one, _ = _to_record(request, pk, table)
    full = request.POST.get("full") == "1"
    back = reverse("evidence_table", args=[one.pk, table])
    try:
        actions.say_full(one, table=table, full=full, actor=person)
    except Refused as refusal:
        return not_done(request, refusal, back)
    what = (
        message("已记下：这张表已填全，没有登的就是没有")
        if full
        else message("已记下：这张表还可能有没登的")
    )
    return done(request, what, back)


@login_required
@FORM
@never_cache
def paper_add(request: HttpRequest, pk: int, table: str, key: str) -> HttpResponse:
    """Let a file prove the row: one of the enterprise's, or a new one."""
    person, one, kind = _to_record(request, pk, table)
    or_404(may_attach(person, one))
    row = row_or_404(one, kind, key)
    form = AddPaper(sent(request), request.FILES or None, enterprise=one)
    back = row_url(one, table, row.key)
    if request.method == "POST" and form.is_valid():
        act = partial(_attached, one, row, form, person)
        if tried(form, act):
            return done(request, message("证明材料已附上"), back)
    return form_page(
        request, form, title=message("附证明材料：{no}", no=row.key), send=mark("附上"), back=back,
        name=one.name,
    )  # fmt: skip


@login_required
@require_POST
def paper_remove(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """The file no longer proves the row."""
    person, one = found(request, pk)
    held = get_object_or_404(
        Paper.objects.filter(enterprise=one, removed_on=None).select_related("enterprise"), pk=paper
    )
    or_404(may_record(person, one, held.table))
    actions.remove_paper(held, actor=person)
    return done(request, message("不再作为证明；文件本身还在"), row_url(one, held.table, held.key))


def _to_record(request: HttpRequest, pk: int, table: str) -> tuple[User, Enterprise, Evidence]:
    person, one = found(request, pk)
    kind = table_or_404(person, one, table)
    or_404(may_record(person, one, table))
    return person, one, kind


@transaction.atomic
def _recorded(
    one: Enterprise, kind: Evidence, form: EntryForm, person: User, row: Entry | None = None
) -> Entry:
    given = form.cleaned_data
    values: dict[str, Scalar] = form.changed() if row else {
        name: value for name, value in form.typed.values.items() if value is not None
    }  # fmt: skip
    return actions.record_entry(
        one, kind, values, source=_source(given.get("document", ""), kind, person), actor=person,
        key=row.key if row else "", reason=given.get("reason", ""), seen=given["seen"] if row else None,
    )  # fmt: skip


def _source(document: str, kind: Evidence, person: User) -> Source:
    if document.strip():
        return of_document(document.strip(), actor=person)
    return of_person(person, message("填写{table}", table=message(kind.title)).say(), actor=person)


@transaction.atomic
def _withdrawn(row: Entry, reason: str, person: User) -> Entry:
    source = of_person(person, message("撤下{no}", no=row.key).say(), actor=person)
    return actions.withdraw_entry(row, reason=reason, source=source, actor=person)


@transaction.atomic
def _attached(one: Enterprise, row: Entry, form: AddPaper, person: User) -> Paper:
    file: EnterpriseFile | None = form.cleaned_data["held"]
    if file is None:
        upload = form.cleaned_data["file"]
        stored = store(upload.file, upload.name or "", by=person)
        title = form.cleaned_data["title"].strip() or stored.name
        file = attach(one, file=stored, title=title, actor=person)
    return actions.add_paper(one, table=row.table.name, key=row.key, file=file, actor=person)


def _after(conflict: Conflict, form: EntryForm, kind: Evidence, row: Entry, own: bool) -> EntryForm:
    """The form anew: what was typed stays; what stands now counts as seen."""
    data = {**dict(form.data.items()), "seen": str(row.version)}
    anew = EntryForm(kind, data, before=row, own=own)
    anew.is_valid()
    anew.add_error(None, said(conflict.message))
    anew.conflict = Conflict(  # type: ignore[attr-defined]
        conflict.message,
        tuple(
            Difference(
                kind.fact(one.field).chinese,
                shown(form.typed.values.get(one.field), kind.fact(one.field)),
                shown(row.values().get(one.field), kind.fact(one.field)),
            )
            for one in conflict.differences
        ),
    )
    return anew


def _told(request: HttpRequest, form: EntryForm, kind: Evidence) -> None:
    """How something was read that could be read in several ways."""
    for name, remark in form.typed.remarks.items():
        text = message("{label}：{value}", label=message(kind.fact(name).chinese), value=remark)
        messages.warning(request, said(text))


def _form(
    request: HttpRequest, form: EntryForm, one: Enterprise, kind: Evidence, title: Any, back: str
) -> HttpResponse:
    form.units = {ask.fact.name: ask.unit for ask in form.asked if ask.unit}  # type: ignore[attr-defined]
    return form_page(request, form, title=said(title), send=mark("保存"), back=back, name=one.name)
