"""Frozen assessments: freezing one, reading it, judging it again, issuing papers from it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.assessments import actions
from peiyu.office.assessments.freezing import replay
from peiyu.office.assessments.models import FrozenAssessment
from peiyu.office.assessments.papers import PAPERS, content_for, kinds_of
from peiyu.office.assessments.permissions import may_freeze
from peiyu.office.assessments.queries import frozen_for, frozen_grants, since_frozen
from peiyu.office.assessments.shown.benefits import WORDS, amount_of
from peiyu.office.assessments.shown.words import BASES, outcome_shown, points
from peiyu.office.foundation.refusals import Refused
from peiyu.office.notices.queries import papers_about
from peiyu.office.web.answers import done, form_page, me, or_404, sent, tried
from peiyu.office.web.assessments.asking import Asked
from peiyu.office.web.assessments.differing import difference_of
from peiyu.office.web.assessments.page import asked_for, page_of
from peiyu.office.web.papers.pages import bodies_for, issuing
from peiyu.office.web.templatetags.say import language
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.words import mark, message

FORM = require_http_methods(["GET", "HEAD", "POST"])


class Freezing(forms.Form):
    """What it is frozen for."""

    purpose = forms.CharField(
        label=mark("用途"), max_length=200, strip=True,
        help_text=mark("例如：推荐前核对、发一次性告知书"),
    )  # fmt: skip


@login_required
@never_cache
@FORM
def assessment_freeze(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Freeze what the page shows: the day, what was known, the order of bases stand in the address."""
    person, one, book = asked_for(request, pk, name)
    or_404(may_freeze(person, one))
    asked = Asked(request.GET)
    or_404(asked.is_valid())
    on, known, basis = asked.seen(person.access.on)
    form = Freezing(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(
            actions.freeze, one, name, on=on, known=known, basis=basis, actor=person,
            **form.cleaned_data,
        )  # fmt: skip
        if (made := tried(form, act)) is not None:
            return done(request, message("已留存，以后可以核对、制发文书"), _at(made))
    return form_page(
        request, form, title=mark("留存测评"), send=mark("留存"),
        back=page_of(one, book), name=one.name,
        note=message(
            "留存{day}的测评：所用的数据、规则版本和结论一并封存，以后谁也改不了", day=on.isoformat()
        ),
    )  # fmt: skip


@login_required
@never_cache
@require_safe
def frozen(request: HttpRequest, pk: int) -> HttpResponse:
    """What was frozen, whether its bytes come out again, what is otherwise today, its papers."""
    person, row = _row(request, pk)
    on = person.access.on
    again = replay(row)
    try:
        since = since_frozen(person, row, on=on)
    except (NotInForce, Refused):
        since = None
    book = RULEBOOKS[row.rulebook]
    book_grants = {one.id: one.title for one in book.grants}
    context: dict[str, Any] = {
        "row": row,
        "book": book,
        "enterprise": row.enterprise,
        "hard": outcome_shown(row.hard),
        "verdict": outcome_shown(row.verdict),
        "grants": [
            (book_grants[name], *WORDS[one.outcome], amount_of(one, language()))
            for name, one in frozen_grants(row).items()
        ],
        "span": points(row.score_span),
        "basis": BASES[row.basis],
        "today": page_of(row.enterprise, book),
        "again": again,
        "difference": difference_of(since, book, language()) if since is not None else None,
        "on": on,
        "papers": list(papers_about(person, row)),
        "kinds": [
            (key, kind.title)
            for key, kind in PAPERS.items()
            if key in kinds_of(row) and bodies_for(person, _named(key), row.enterprise)
        ],
    }
    return render(request, "assessments/frozen.html", context)


@login_required
@never_cache
@FORM
def frozen_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Issue a paper from it."""
    person, row = _row(request, pk)
    or_404(kind in kinds_of(row))
    form = issuing(request, person, _named(kind), row.enterprise)
    if request.method == "POST" and form.is_valid():
        content = partial(content_for, _named(kind), row)
        act = partial(form.act, person, _named(kind), row.enterprise, row, content)
        if tried(form, act):
            return done(request, message("正在编号、制作，做好会通知您"), _at(row))
    return form_page(
        request, form, title=message("制发{kind}", kind=message(PAPERS[kind].title)),
        send=mark("编号并制发"), back=_at(row), name=row.enterprise.name,
        note=mark("按留存的测评写成。制发即编号，号码不能收回；有错只能撤回或换新版"),
    )  # fmt: skip


def _row(request: HttpRequest, pk: int) -> tuple[User, FrozenAssessment]:
    person = me(request)
    rows = frozen_for(person).select_related("enterprise", "frozen_by")
    row: FrozenAssessment = get_object_or_404(rows, pk=pk)
    return person, row


def _named(kind: str) -> str:
    return f"assessments.{kind}"


def _at(row: FrozenAssessment) -> str:
    return reverse("frozen_assessment", args=[row.pk])
