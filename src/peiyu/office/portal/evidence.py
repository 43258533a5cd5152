"""The evidence of an enterprise at its own door: what does not agree, its tables, rows and papers."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.actions import attach
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.permissions import may_attach
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.files import store
from peiyu.office.foundation.refusals import Conflict, Refused
from peiyu.office.foundation.sources import of_person
from peiyu.office.portal import evidence_forms as fill
from peiyu.office.portal import evidence_pages as pages
from peiyu.office.portal.visits import (
    REFUSED,
    done,
    for_enterprises,
    language,
    me,
    not_done,
    or_404,
    own,
    sent,
    tried,
)
from peiyu.office.portfolio import actions
from peiyu.office.portfolio.models import Entry, Paper
from peiyu.office.portfolio.permissions import may_explain, may_record, tables_open_to
from peiyu.office.portfolio.queries import rows_of
from peiyu.policy.evidence import BY_NAME, Evidence
from peiyu.words import Message, mark, message

MOST_ROWS = 300
asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_enterprises
@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """What the office asks about, what else does not agree, and the tables."""
    person, found = _reads(request, pk)
    asked, others = pages.flags_to_see(found, office_day())
    context = {
        "enterprise": found,
        "asked": asked,
        "others": others,
        "tables": pages.tables_of(person, found),
        "explains": may_explain(person, found),
    }
    return render(request, "portal/evidence.html", context)


@for_enterprises
@asked_or_sent
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """`?flag=&digest=`: say how it really is."""
    person, found = _reads(request, pk)
    or_404(may_explain(person, found))
    asked = request.POST or request.GET
    key, digest = asked.get("flag", ""), asked.get("digest", "")
    flag = pages.flag_of(found, key, digest, office_day())
    if flag is None:
        text = "这条提示已经没有了，或者所依据的内容变了"
        messages.info(request, message(text).say(language()))
        return redirect("portal_evidence", pk)
    form = fill.Explanation(sent(request), initial={"flag": key, "digest": digest})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        act = partial(
            actions.explain_flag, found, flag=key, digest=digest, words=words, actor=person
        )
        if tried(form, act):
            return done(request, message("已说明，等科技局核对"), "portal_evidence", pk)
    context = {
        "enterprise": found,
        "flag": flag,
        "form": form,
        "rows": [
            (no, reverse("portal_evidence_row", args=[pk, table, no]))
            for table, no in flag.finding.places
            if len(BY_NAME[table].key) == 1
        ],
    }
    return render(request, "portal/evidence_flag.html", context, status=_status(form))


@for_enterprises
@require_GET
def table(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """The rows of one table."""
    person, found = _reads(request, pk)
    kind = _table(person, found, table)
    rows = list(rows_of(found, kind)[: MOST_ROWS + 1])
    line = next(one for one in pages.tables_of(person, found) if one.table is kind)
    context = {
        "enterprise": found,
        "line": line,
        "rows": [
            (row, row.key.replace("/", "~"), pages.cells_of(kind, row)[1:5])
            for row in rows[:MOST_ROWS]
        ],
        "more": line.number - MOST_ROWS if len(rows) > MOST_ROWS else 0,
    }
    return render(request, "portal/evidence_table.html", context)


@for_enterprises
@require_GET
def row(request: HttpRequest, pk: int, table: str, key: str) -> HttpResponse:
    """One row with its papers and versions."""
    person, found = _reads(request, pk)
    kind = _table(person, found, table)
    page = pages.row_page(found, kind, key.replace("~", "/"))
    or_404(page is not None)
    records = may_record(person, found, table)
    context = {
        "enterprise": found,
        "table": kind,
        "key": key,
        "records": records,
        "attaches": records and may_attach(person, found),
        **(page or {}),
    }
    return render(request, "portal/evidence_row.html", context)


@for_enterprises
@asked_or_sent
def row_new(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """Enter a row."""
    person, found, kind = _records(request, pk, table)
    form = fill.RowData(kind, sent(request), before=None)
    if request.method == "POST" and form.is_valid():
        made = tried(form, partial(_recorded, found, kind, form, person))
        if isinstance(made, Entry):
            text = message("已登记{no}", no=made.key)
            return done(request, text, "portal_evidence_table", pk, table)
    return _form(request, form, found, kind, message("登记：{table}", table=message(kind.title)))


@for_enterprises
@asked_or_sent
def row_change(request: HttpRequest, pk: int, table: str, key: str) -> HttpResponse:
    """Correct a row; what another saved meanwhile is shown, and nothing typed is lost."""
    person, found, kind = _records(request, pk, table)
    stands = _standing(found, kind, key)
    form = fill.RowData(kind, sent(request), before=stands)
    conflict: Conflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if form.wanted():
                _recorded(found, kind, form, person, stands)
            return done(
                request, message("已保存{no}", no=stands.key), "portal_evidence_row", pk, table, key
            )
        except Conflict as refusal:
            conflict = refusal
            data = {**request.POST.dict(), "seen": str(stands.version)}
            form = fill.RowData(kind, data, before=stands)
            form.add_error(None, refusal.say(language()))
        except Refused as refusal:
            tried(form, partial(_raise, refusal))
    title = message("更正：{table}{no}", table=message(kind.title), no=stands.key)
    return _form(request, form, found, kind, title, conflict=conflict)


@for_enterprises
@asked_or_sent
def row_withdraw(request: HttpRequest, pk: int, table: str, key: str) -> HttpResponse:
    """Say that the row should not be there."""
    person, found, kind = _records(request, pk, table)
    stands = _standing(found, kind, key)
    form = fill.Why(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(_withdrawn, stands, form.cleaned_data["reason"], person)
        if tried(form, act):
            text = message("已撤下{no}，各版仍可查", no=stands.key)
            return done(request, text, "portal_evidence_table", pk, table)
    title = message("撤下：{table}{no}", table=message(kind.title), no=stands.key)
    return _form(request, form, found, kind, title, send=mark("撤下"))


@for_enterprises
@require_POST
def full(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """`full=1`: the table is all there is; `full=0`: it may not be."""
    person, found, kind = _records(request, pk, table)
    said = request.POST.get("full") == "1"
    try:
        actions.say_full(found, table=kind.name, full=said, actor=person)
    except Refused as refusal:
        return not_done(request, refusal, "portal_evidence_table", pk, table)
    words = "已记下：这张表已填全，没有登的就是没有" if said else "已记下：这张表还可能有没登的"
    return done(request, message(words), "portal_evidence_table", pk, table)


@for_enterprises
@asked_or_sent
def proof_add(request: HttpRequest, pk: int, table: str, key: str) -> HttpResponse:
    """Let a file prove the row."""
    person, found, kind = _records(request, pk, table)
    or_404(may_attach(person, found))
    stands = _standing(found, kind, key)
    form = fill.Proof(sent(request), request.FILES or None, enterprise=found)
    if request.method == "POST" and form.is_valid():
        act = partial(_attached, found, stands, form, person)
        if tried(form, act):
            return done(request, message("证明材料已附上"), "portal_evidence_row", pk, table, key)
    title = message("附证明材料：{no}", no=stands.key)
    return _form(request, form, found, kind, title, send=mark("附上"))


@for_enterprises
@require_POST
def proof_remove(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """The file no longer proves the row; the file itself stays."""
    person, found = _reads(request, pk)
    held = get_object_or_404(Paper.objects.filter(enterprise=found, removed_on=None), pk=paper)
    or_404(may_record(person, found, held.table))
    actions.remove_paper(held, actor=person)
    words = message("不再作为证明；文件本身还在")
    return done(request, words, "portal_evidence_row", pk, held.table, held.key.replace("/", "~"))


def _reads(request: HttpRequest, pk: int) -> tuple[User, Enterprise]:
    person, found = me(request), own(request, pk)
    or_404(bool(tables_open_to(person, found)))
    return person, found


def _table(person: User, found: Enterprise, name: str) -> Evidence:
    or_404(name in BY_NAME and name in tables_open_to(person, found))
    return BY_NAME[name]


def _records(request: HttpRequest, pk: int, table: str) -> tuple[User, Enterprise, Evidence]:
    person, found = _reads(request, pk)
    kind = _table(person, found, table)
    or_404(may_record(person, found, table))
    return person, found, kind


def _standing(found: Enterprise, kind: Evidence, key: str) -> Entry:
    row = rows_of(found, kind).filter(key=key.replace("~", "/")).first()
    or_404(row is not None)
    assert row is not None
    row.enterprise = found
    return row


@transaction.atomic
def _recorded(
    found: Enterprise, kind: Evidence, form: fill.RowData, person: User, stands: Entry | None = None
) -> Entry:
    source = of_person(
        person, message("填写{table}", table=message(kind.title)).say(), actor=person
    )
    values = {name: value for name, value in form.wanted().items() if stands or value is not None}
    return actions.record_entry(
        found, kind, values, source=source, actor=person, key=stands.key if stands else "",
        seen=form.cleaned_data["seen"] if stands else None,
    )  # fmt: skip


@transaction.atomic
def _withdrawn(stands: Entry, reason: str, person: User) -> Entry:
    source = of_person(person, message("撤下{no}", no=stands.key).say(), actor=person)
    return actions.withdraw_entry(stands, reason=reason, source=source, actor=person)


@transaction.atomic
def _attached(found: Enterprise, stands: Entry, form: fill.Proof, person: User) -> Paper:
    file = form.cleaned_data["held"]
    if file is None:
        given = form.cleaned_data["file"]
        kept = store(given.file, given.name, by=person)
        title = form.cleaned_data["title"].strip() or kept.name
        file = attach(found, file=kept, title=title, actor=person)
    return actions.add_paper(
        found, table=stands.table.name, key=stands.key, file=file, actor=person
    )


def _raise(refusal: Refused) -> None:
    raise refusal


def _status(form: Any) -> int:
    return REFUSED if form.errors else 200


def _form(
    request: HttpRequest,
    form: Any,
    found: Enterprise,
    kind: Evidence,
    title: Message,
    *,
    send: str = mark("保存"),
    conflict: Conflict | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "enterprise": found,
        "heading": title,
        "words": message(send),
        "upload": form.is_multipart(),
        "conflict": conflict,
        "back": reverse("portal_evidence_table", args=[found.pk, kind.name]),
    }
    return render(request, "portal/evidence_form.html", context, status=_status(form))
