"""How an enterprise stands under a programme on a day, and why."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peiyu.batch import phrases
from peiyu.office.accounts.models import User
from peiyu.office.assessments.assessing import Assessed, assess
from peiyu.office.assessments.basis import FIRST
from peiyu.office.assessments.permissions import (
    deciding_bases_open_to,
    may_freeze,
    may_read_assessment,
)
from peiyu.office.assessments.queries import frozen_of
from peiyu.office.assessments.shown.criteria import lines_of
from peiyu.office.assessments.shown.detail import detail_of
from peiyu.office.assessments.shown.scores import score_of
from peiyu.office.assessments.shown.words import SHAPES, judging, sentence, verdict_word
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.reports.models import DECIDING
from peiyu.office.web.answers import REFUSED, me, or_404
from peiyu.office.web.assessments.asking import Asked
from peiyu.office.web.assessments.sources import where
from peiyu.office.web.enterprises.detail import found as enterprise_found
from peiyu.office.web.templatetags.say import language, said
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.tree import Outcome
from peiyu.words import message

MOST_FROZEN = 5
COUNTED = (Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN, Outcome.EXPERT)


@login_required
@never_cache
@require_safe
def assessment(request: HttpRequest, pk: int, name: str = "hnte") -> HttpResponse:
    """`?on=` the day judged, `?known=` what was known by then, `?basis=` whose word counts first."""
    person, one, book = _asked(request, pk, name)
    asked = Asked(request.GET)
    valid = asked.is_valid()
    on, known, basis = asked.seen(person.access.on)
    context = _frame(one, book, asked, on, known, person.access.on)
    lang = language()
    try:
        judged = _judged(person, one, book, on, known, basis)
    except NotInForce:
        context["not_yet"] = book.since
        return render(request, "assessments/page.html", context, status=200 if valid else REFUSED)
    lines = lines_of(judged, lang, where)
    context |= {
        "found": judged,
        "lines": lines,
        "counted": _counted(judged),
        "shape": SHAPES[judged.verdict],
        "word": verdict_word(judged),
        "sentence": sentence(judged, lang),
        "hard": (SHAPES[judged.hard], judged.hard.chinese),
        "score": score_of(judged, lang),
        "missing": _missing(judged, lang),
        "flags": [
            (flag.text, flag.article) for flag in book.flags if flag.id in judged.judged.flags
        ],
        "left_out": [basis.label for basis in judged.left_out],
        "others": len(judged.other_bases),
        "version": book.version(),
        "may_freeze": may_freeze(person, one),
        "frozen": [
            (row, *_said_of(row.verdict)) for row in frozen_of(person, one, book.name)[:MOST_FROZEN]
        ],
    }
    return render(request, "assessments/page.html", context, status=200 if valid else REFUSED)


@login_required
@never_cache
@require_safe
def criterion(request: HttpRequest, pk: int, name: str, key: str) -> HttpResponse:
    """All that stands behind one condition: facts with their sources, rows, readings, nearness."""
    person, one, book = _asked(request, pk, name)
    or_404(any(found.id == key for found in book.criteria))
    asked = Asked(request.GET)
    valid = asked.is_valid()
    on, known, basis = asked.seen(person.access.on)
    context = _frame(one, book, asked, on, known, person.access.on)
    try:
        judged = _judged(person, one, book, on, known, basis)
    except NotInForce:
        context["not_yet"] = book.since
        return render(request, "assessments/criterion.html", context)
    context |= {"found": judged, **detail_of(judged, key, language(), where)}
    status = 200 if valid else REFUSED
    return render(request, "assessments/criterion.html", context, status=status)


def _asked(request: HttpRequest, pk: int, name: str) -> tuple[User, Enterprise, Rulebook]:
    person, one = enterprise_found(request, pk)
    or_404(may_read_assessment(person, one))
    book = RULEBOOKS.get(name)
    if book is None or book not in judging():
        raise Http404
    return person, one, book


def _judged(
    person: User, one: Enterprise, book: Rulebook, on: date, known: date, basis: str
) -> Assessed:
    closed = frozenset(DECIDING) - deciding_bases_open_to(person, one)
    judged = assess(one.pk, book, on=on, known=known, basis=basis, without=closed, lang=language())
    if judged is None:
        raise Http404
    return judged


def _frame(
    one: Enterprise, book: Rulebook, asked: Asked, on: date, known: date, today: date
) -> dict[str, Any]:
    query = f"?{urlencode(kept)}" if (kept := asked.kept()) else ""
    return {
        "enterprise": one,
        "rulebook": book,
        "asked": asked,
        "on": on,
        "known": known,
        "past": on < today,
        "ahead": on > today,
        "query": query,
        "back": reverse("assessment_of", args=[one.pk, book.name]) + query,
        "now": reverse("assessment_of", args=[one.pk, book.name]),
        "books": [
            {
                "label": other.title,
                "href": reverse("assessment_of", args=[one.pk, other.name]) + query,
                "number": None,
                "current": other is book,
            }
            for other in judging()
        ],
        "bases": list(FIRST),
    }


def _said_of(value: int) -> tuple[str, str]:
    outcome = Outcome(value)
    return SHAPES[outcome], outcome.chinese


def _counted(found: Assessed) -> list[tuple[str, str, int]]:
    """How many conditions came out how; none that is nothing."""
    outcomes = list(found.outcomes.values())
    return [
        (SHAPES[one], said(one.chinese), outcomes.count(one)) for one in COUNTED if one in outcomes
    ]


def _missing(found: Assessed, lang: str) -> list[dict[str, Any]]:
    """What is not known, who has it, for which conditions it is asked."""
    titles = {one.id: one.title for one in found.rulebook.criteria}
    return [
        {
            "words": phrases.lacking(lack, lang),
            "holder": message(lack.fact.holder),
            "document": message(lack.fact.document),
            "year": lack.year if lack.fact.table == "years" else None,
            "criteria": tuple(message(titles[name]) for name in names if name in titles),
        }
        for lack, names in found.missing()
    ]


__all__ = ["assessment", "criterion", "me"]
