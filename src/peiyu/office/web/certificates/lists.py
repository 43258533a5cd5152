"""Published lists made into certificates and numbers: seen first, then what was chosen is done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.qualifications.lists import (
    KINDS,
    Outcome,
    lines_of,
    lists_to_take,
    take_list,
)
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.reports.models import ListKind, PublishedList
from peiyu.office.web.answers import REFUSED, done, keys_of, me, or_404, sent, tried
from peiyu.office.web.certificates.forms import ListDay
from peiyu.office.web.certificates.words import View, views_of
from peiyu.office.web.pages import part_of
from peiyu.office.web.tables import Column, Link, Row, Status, Table
from peiyu.words import mark, message

SHAPES = {
    Outcome.NEW: "go", Outcome.SAME: "met", Outcome.CONTRADICTS: "bad", Outcome.UNMATCHED: "na",
    Outcome.NO_NUMBER: "unk", Outcome.NO_DAY: "unk",
}  # fmt: skip
SIZE = 200
FIRST = (
    Outcome.NEW, Outcome.NO_DAY, Outcome.CONTRADICTS, Outcome.NO_NUMBER, Outcome.SAME,
    Outcome.UNMATCHED,
)  # fmt: skip
"""What needs somebody stands first."""
COLUMNS = (
    Column("title", mark("名单"), kind="link", phone="l1"),
    Column("kind", mark("种类"), kind="label"),
    Column("number", mark("文号")),
    Column("published_on", mark("公布日期"), kind="date"),
)


@login_required
@require_safe
def certificates_lists(request: HttpRequest) -> HttpResponse:
    """The lists of which something can be made."""
    person = me(request)
    or_404(may_enter(person))
    rows = [
        Row(
            one.pk,
            {
                "title": Link(one.title, reverse("certificates_list", args=[one.pk])),
                "kind": one.get_kind_display(),
                "number": one.number,
                "published_on": one.published_on,
            },
            name=one.title,
        )
        for one in lists_to_take()
    ]
    context = {
        "table": Table(COLUMNS, rows, label=mark("公布的名单")),
        "views": views_of(person, "certificates_lists"),
    }
    return render(request, "certificates/lists.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificates_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What each entry would do; sent, what was chosen is done."""
    person = me(request)
    or_404(may_enter(person))
    rows = PublishedList.objects.filter(kind__in=KINDS, withdrawn_at=None)
    published = get_object_or_404(rows, pk=pk)
    on = person.access.on
    given = sent(request) if request.method == "POST" else request.GET
    form = ListDay(given if given else {"issued_on": published.published_on})
    valid = form.is_valid()
    issued_on = form.cleaned_data.get("issued_on") if valid else None
    chosen = keys_of(request.POST.getlist("chosen"))
    if request.method == "POST" and valid:

        def act() -> int:
            return take_list(published, chosen=chosen, issued_on=issued_on, on=on, actor=person)

        if number := tried(form, act):
            here = reverse("certificates_list", args=[published.pk])
            day = f"?issued_on={issued_on.isoformat()}" if issued_on else ""
            return done(request, message("已登记{number}条", number=number), here + day)
    every = lines_of(published, issued_on, on)
    unmatched = request.GET.get("show") == "unmatched"
    own = [line for line in every if (line.outcome is Outcome.UNMATCHED) == unmatched]
    own.sort(key=lambda line: FIRST.index(line.outcome))
    lines, pager = part_of(request, own, SIZE)
    numbers = {outcome: sum(line.outcome is outcome for line in every) for outcome in Outcome}
    context: dict[str, Any] = {
        "published": published,
        "form": form,
        "asks_day": published.kind == ListKind.HNTE,
        "issued_on": issued_on,
        "lines": [
            (line, Status(SHAPES[line.outcome], line.outcome), line.outcome is Outcome.NEW)
            for line in lines
        ],
        "numbers": [(outcome.value, numbers[outcome]) for outcome in Outcome if numbers[outcome]],
        "may_take": any(line.outcome is Outcome.NEW for line in lines),
        "pager": pager,
        "shows": _shows(numbers, issued_on, unmatched=unmatched),
        "chosen": set(chosen),
        "sent": request.method == "POST",
        "views": views_of(person, "certificates_lists"),
    }  # fmt: skip
    status = REFUSED if form.errors else 200
    return render(request, "certificates/list_taken.html", context, status=status)


def _shows(numbers: dict[Outcome, int], issued_on: date | None, *, unmatched: bool) -> list[View]:
    """Entries of enterprises that are known here, and the others."""
    day = f"&issued_on={issued_on.isoformat()}" if issued_on else ""
    others = numbers[Outcome.UNMATCHED]
    known = sum(numbers.values()) - others
    return [
        View(mark("对上的"), f"?show=matched{day}", not unmatched, known),
        View(mark("没有对上的"), f"?show=unmatched{day}", unmatched, others),
    ]
