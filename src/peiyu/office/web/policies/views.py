"""The library of policies, the readings of open words."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk.records import Asked, lines
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.office.policies import actions
from peiyu.office.policies.models import Document
from peiyu.office.policies.permissions import may_enter_document, may_set
from peiyu.office.policies.programme import PROGRAMME, RULES, WORK, readings, values_on
from peiyu.office.policies.queries import (
    Standing,
    chain_of,
    chosen_on,
    documents_found,
    standing_of,
    standing_so,
)
from peiyu.office.web.answers import REFUSED, done, form_page, me, or_404, tried
from peiyu.office.web.pages import pager_of
from peiyu.office.web.policies import forms as fill
from peiyu.office.web.record.views import entries_of
from peiyu.words import mark, message

PAGE = 50
SHAPES = {
    Standing.IN_FORCE: "met",
    Standing.PRESUMED: "unk",
    Standing.NOT_YET: "go",
    Standing.REPEALED: "na",
}
either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The library, the newest first."""
    person, on = me(request), office_day()
    form = fill.FindDocuments(request.GET)
    rows = Document.objects.none()
    if form.is_valid():
        asked = form.cleaned_data
        rows = documents_found(asked["q"].replace("\0", ""), asked["level"])
        if asked["standing"]:
            rows = standing_so(rows, Standing[asked["standing"]], on)
    page = page_of(
        rows,
        order="-issued_on",
        size=PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "form": form,
        "documents": [(one, *_standing(one, on)) for one in page.rows],
        "pager": pager_of(request, page),
        "may_enter": may_enter_document(person),
        "asked": form.is_valid() and any(form.cleaned_data.values()),
    }
    return render(request, "policies/list.html", context, status=400 if form.errors else 200)


def _standing(document: Document, on: date) -> tuple[str, str]:
    found = standing_of(document, on)
    return SHAPES[found], found.value


@login_required
@require_safe
def policy_document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: head, on what it rests and what carries it out, clauses, history."""
    person, on = me(request), office_day()
    document = get_object_or_404(Document, pk=pk)
    rests_on, carried_out_by = chain_of(document)
    history = lines(person, Asked(about_label="policies.document", about_key=str(pk)))[:20]
    context = {
        "document": document,
        "standing": _standing(document, on),
        "rests_on": rests_on,
        "carried_out_by": carried_out_by,
        "clauses": document.clauses.prefetch_related("bodies"),
        "entries": entries_of(history, person),
        "may_enter": may_enter_document(person),
    }
    return render(request, "policies/document.html", context)


def _keeper(request: HttpRequest) -> User:
    person = me(request)
    or_404(may_enter_document(person))
    return person


@login_required
@either
def document_enter(request: HttpRequest) -> HttpResponse:
    """Take a document into the library."""
    person = _keeper(request)
    form = fill.NewDocument(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(actions.enter_document, actor=person, **form.cleaned_data)
        if made := tried(form, act):
            to = reverse("policy_document", args=[made.pk])
            return done(request, message("{number}已入库", number=made.number), to)
    return form_page(
        request,
        form,
        title=mark("录入政策文件"),
        send=mark("录入"),
        back=reverse("policies"),
        draft="document",
    )


@login_required
@either
def document_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or repeal a document."""
    person = _keeper(request)
    document = get_object_or_404(Document, pk=pk)
    back = reverse("policy_document", args=[pk])
    initial = {name: getattr(document, name) for name in fill.DocumentData.base_fields}
    form = fill.ChangedDocument(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        act = partial(actions.change_document, document, actor=person, **form.cleaned_data)
        if tried(form, act):
            return done(request, message("已保存"), back)
    return form_page(
        request,
        form,
        title=mark("更正或废止"),
        send=mark("保存"),
        back=back,
        name=document.number,
    )


@login_required
@either
def clause_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a clause in our own words."""
    person = _keeper(request)
    document = get_object_or_404(Document, pk=pk)
    back = reverse("policy_document", args=[pk])
    form = fill.NewClause(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(actions.add_clause, document, actor=person, **form.cleaned_data)
        if tried(form, act):
            return done(request, message("条款已加"), back)
    return form_page(
        request, form, title=mark("加条款"), send=mark("加上"), back=back, name=document.number
    )


# the readings of open words


@login_required
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """All open words with their readings on this day."""
    on = office_day()
    chosen = chosen_on(on)
    groups = [
        (group, [one for one in chosen if one.reading.group == group])
        for group in (PROGRAMME, WORK, RULES)
    ]
    context = {"groups": groups, "on": on}
    return render(request, "policies/settings.html", context)


@login_required
@either
def setting(request: HttpRequest, key: str) -> HttpResponse:
    """One open word: its readings, its history, and for the one whose it is the choice."""
    person, on = me(request), office_day()
    reading = readings().get(key)
    if reading is None:
        raise Http404
    may = may_set(person, reading)
    if request.method == "POST":
        or_404(may)
    value = values_on(on)[key]
    form = fill.NewReading(
        request.POST or None, reading=reading, initial={"value": value, "from_on": on}
    )
    if request.method == "POST" and form.is_valid():
        act = partial(actions.choose_reading, key=key, actor=person, **form.cleaned_data)
        if tried(form, act):
            return done(request, message("已选定"), reverse("setting", args=[key]))
    (chosen,) = chosen_on(on, [key])
    context = {"chosen": chosen, "form": form, "may_set": may, "on": on}
    status = REFUSED if form.errors else 200
    return render(request, "policies/setting.html", context, status=status)
