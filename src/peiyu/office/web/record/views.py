"""The record as each may read it, and what the auditor watches."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk.fields import field_said, thing_said, value_said
from peiyu.office.desk.jobs import VERIFY
from peiyu.office.desk.permissions import may_audit, may_open_hidden
from peiyu.office.desk.records import Asked, Line, as_seen, lines, said, visible_lines
from peiyu.office.foundation.access_log import access_lines
from peiyu.office.foundation.jobs import start
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import (
    DayHead,
    Job,
    JobState,
    RecordLine,
    RecordLink,
    RecordTail,
)
from peiyu.office.foundation.record import opened
from peiyu.office.web.accounts.adapters import address_of
from peiyu.office.web.answers import REFUSED, done, me, or_404, tried
from peiyu.office.web.pages import pager_of
from peiyu.office.web.record.forms import FindAccess, FindLines, WhyOpen
from peiyu.office.web.templatetags.say import language
from peiyu.words import Message, message

PAGE, HEADS = 50, 31
GOING = (JobState.WAITING, JobState.RUNNING)
PAGES = {
    "enterprises.enterprise": "enterprise",
    "enterprises.registration": "registration",
    "policies.document": "policy_document",
    "accounts.user": "person",
    "accounts.body": "body",
    "foundation.job": "job",
    "desk.exportrequest": "export",
}
"""The page of a thing, by its label."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after, in words; `hidden`: it changed, but how is not shown."""

    field: str
    old: str = ""
    new: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as a row of the page."""

    line: RecordLine
    what: Message
    thing: str
    href: str
    closed: bool
    sealed: bool
    changes: tuple[Change, ...]


def entry_of(seen: Line, *, sealed: bool) -> Entry:
    """A line in words."""
    line = seen.line
    changes = [
        Change(
            field_said(name, line.label),
            value_said(line.label, name, old),
            value_said(line.label, name, new),
        )
        for name, old, new in seen.changes
        if old not in (None, "") or new not in (None, "")
    ]
    changes += [Change(field_said(name, line.label), hidden=True) for name in seen.hidden]
    thing = thing_said(line.label)
    href = "" if seen.closed else _page_of(line)
    return Entry(line, said(line.action), thing, href, seen.closed, sealed, tuple(changes))


def entries_of(rows: Any, person: User) -> list[Entry]:
    """Lines in words, those not yet in the chain marked; one query."""
    rows = list(rows)
    names = {line.transaction for line in rows}
    waiting = set(
        RecordTail.objects.filter(transaction__in=names).values_list("transaction", flat=True)
    )
    return [
        entry_of(seen, sealed=seen.line.transaction not in waiting)
        for seen in as_seen(rows, person)
    ]


def _page_of(line: RecordLine) -> str:
    for label, key in ((line.label, line.key), (line.about_label, line.about_key)):
        if label in PAGES and key.isdigit():
            try:
                return reverse(PAGES[label], args=[key])
            except NoReverseMatch:
                continue
    return ""


def _named(words: str, within: models.QuerySet[User]) -> tuple[list[int], Message | None]:
    """The one person meant by a name or username, or why it is not clear who."""
    found = list(within.filter(Q(name=words) | Q(username__iexact=words))[:3])
    if not found:
        return [], message("没有您能看到的“{name}”，请核对", name=words)
    if len(found) > 1:
        return [], message("有几位“{name}”，请用用户名", name=words)
    return [found[0].pk], None


@login_required
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """What was done, as far as the person may see it."""
    person = me(request)
    form = FindLines(request.GET)
    rows = RecordLine.objects.none()
    if form.is_valid():
        asked = form.cleaned_data
        who = [asked["person"]] if asked["person"] else []
        if asked["who"]:
            who, refusal = _named(asked["who"], User.objects.visible_to(person))
            if refusal:
                form.add_error("who", refusal.say(language()))
        if not form.errors:
            rows = lines(
                person,
                Asked(
                    person=who[0] if who else None,
                    label=asked["label"],
                    key=asked["key"].replace("\0", ""),
                    about_label=asked["about_label"],
                    about_key=asked["about_key"].replace("\0", ""),
                    action=asked["action"],
                    since=asked["since"],
                    until=asked["until"],
                ),
            )
    page = page_of(
        rows,
        order="-id",
        size=PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    thing = form.cleaned_data if form.is_valid() else {}
    context = {
        "form": form,
        "entries": entries_of(page.rows, person),
        "pager": pager_of(request, page),
        "audits": may_audit(person),
        "of_one": bool(thing.get("key") or thing.get("about_key") or thing.get("person")),
        "asked": any(thing.values()),
    }
    return render(request, "record/list.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
@never_cache
def record_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line with its digests and its place in the chain."""
    return _line(request, _found(me(request), pk), WhyOpen(), {})


@login_required
@require_POST
@never_cache
def record_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the hidden values of a line once, to those who may; it is logged."""
    person = me(request)
    line = _found(person, pk)
    or_404(may_open_hidden(person, line))
    form = WhyOpen(request.POST)
    shown = None
    if form.is_valid():
        why, address = form.cleaned_data["why"], address_of(request)
        shown = tried(form, lambda: opened(line, by=person, why=why, address=address))
    return _line(request, line, form, shown or {})


def _found(person: User, pk: int) -> RecordLine:
    rows = visible_lines(person).select_related("actor", "for_whom")
    return get_object_or_404(rows, pk=pk)


def _line(
    request: HttpRequest, line: RecordLine, form: WhyOpen, shown: dict[str, Any]
) -> HttpResponse:
    person = me(request)
    link = RecordLink.objects.filter(transaction=line.transaction).first()
    (seen,) = as_seen([line], person)
    context = {
        "entry": entry_of(seen, sealed=link is not None),
        "line": line,
        "link": link,
        "digests": ()
        if seen.closed
        else [(field_said(f, line.label), *d) for f, d in line.fields.items()],
        "may_open": not seen.closed and may_open_hidden(person, line),
        "form": form,
        "shown": [
            Change(
                field_said(f, line.label),
                value_said(line.label, f, old),
                value_said(line.label, f, new),
            )
            for f, (old, new) in shown.items()
        ],
        "others": lines(person, Asked(label=line.label, key=line.key)).exclude(pk=line.pk)[:10]
        if not seen.closed
        else (),
    }
    context["others"] = entries_of(context["others"], person)
    return render(request, "record/detail.html", context, status=REFUSED if form.errors else 200)


# what the auditor watches


@login_required
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The state of the chain, the heads of the days, the last verification."""
    person = me(request)
    or_404(may_audit(person))
    last = RecordLink.objects.order_by("-number").first()
    heads = list(_heads(request.GET.get("before", "")))
    verified = Job.objects.filter(kind=VERIFY).order_by("-id").first()
    context = {
        "last": last,
        "lines": RecordLine.objects.count(),
        "waiting": RecordTail.objects.count(),
        "heads": heads[:HEADS],
        "more": heads[HEADS - 1].day if len(heads) > HEADS else None,
        "verified": verified,
        "running": verified is not None and verified.state in GOING,
    }
    return render(request, "record/audit.html", context)


def _heads(before: str) -> models.QuerySet[DayHead]:
    heads = DayHead.objects.order_by("-day")
    with suppress(ValueError):  # no day, so from the newest
        heads = heads.filter(day__lt=date.fromisoformat(before))
    return heads[: HEADS + 1]


@login_required
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole record in the worker."""
    person = me(request)
    or_404(may_audit(person))
    waiting = Job.objects.filter(kind=VERIFY, state__in=GOING)
    if waiting.exists():
        return done(request, message("已在核验，请等结果"), "audit")
    start(VERIFY, message("核验记录"), {}, person)
    return done(request, message("已开始核验"), "audit")


@login_required
@require_safe
def audit_access(request: HttpRequest) -> HttpResponse:
    """Log-ins, exports, downloads, reads of hidden values."""
    person = me(request)
    or_404(may_audit(person))
    form = FindAccess(request.GET)
    rows = access_lines().none()
    if form.is_valid():
        asked = form.cleaned_data
        rows = access_lines(
            since=asked["since"], until=asked["until"], kind=asked["kind"], text=asked["q"]
        )
        if words := asked["who"]:
            rows = rows.filter(
                Q(actor__name=words) | Q(actor__username__iexact=words) | Q(name__iexact=words)
            )
    page = page_of(
        rows,
        order="-id",
        size=PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"form": form, "page": page, "pager": pager_of(request, page)}
    return render(request, "record/access.html", context, status=400 if form.errors else 200)
