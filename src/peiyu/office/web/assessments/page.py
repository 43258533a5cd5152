"""How an enterprise stands under a programme on a day, and why."""

from __future__ import annotations

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
from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.gathered import STATABLE
from peiyu.office.assessments.models import Estimator
from peiyu.office.assessments.permissions import (
    may_estimate,
    may_freeze,
    may_state_fact,
)
from peiyu.office.assessments.queries import assess_for, estimated, estimates_of, frozen_of
from peiyu.office.assessments.shown.criteria import lines_of
from peiyu.office.assessments.shown.detail import detail_of
from peiyu.office.assessments.shown.scores import score_of
from peiyu.office.assessments.shown.sources import tables_counted
from peiyu.office.assessments.shown.words import (
    SHAPES,
    judging,
    outcome_shown,
    sentence,
    span,
    verdict_word,
)
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.reports.models import FIGURES
from peiyu.office.reports.permissions import may_ask_facts
from peiyu.office.web.answers import REFUSED, or_404
from peiyu.office.web.assessments.asking import Asked
from peiyu.office.web.assessments.sources import where
from peiyu.office.web.enterprises.detail import found as enterprise_found
from peiyu.office.web.templatetags.say import language, said
from peiyu.policy.evidence import BY_NAME
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.benefits import HNTE_BENEFITS
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.tree import Outcome
from peiyu.words import message

MOST_FROZEN = 5
COUNTED = (Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN, Outcome.EXPERT)


@login_required
@never_cache
@require_safe
def assessment(request: HttpRequest, pk: int, name: str = HNTE.name) -> HttpResponse:
    """`?on=` the day judged, `?known=` what was known by then, `?basis=` whose word counts first."""
    person, one, book = asked_for(request, pk, name)
    or_404(book in judging())
    judged, context, status = judged_by(request, person, one, book)
    if judged is not None:
        lang = language()
        context |= {
            "lines": lines_of(judged, lang, where),
            "counted": _counted(judged),
            "verdict": (SHAPES[judged.verdict], verdict_word(judged)),
            "sentence": sentence(judged, lang),
            "hard": (SHAPES[judged.hard], judged.hard.chinese),
            "score": score_of(judged, lang),
            "missing": missing_of(judged, person, one, lang),
            "flags": [(flag.text, flag.article) for flag in judged.flags],
            "left_out": [basis.label for basis in judged.left_out],
            "version": book.version(),
            "estimates": _estimates(judged, one),
            "may_estimate": bool(book.items) and may_estimate(person, one, Estimator.COACH),
            "may_freeze": may_freeze(person, one),
            "frozen": [
                (row, *outcome_shown(row.verdict))
                for row in frozen_of(person, one, book.name)[:MOST_FROZEN]
            ],
        }
    return render(request, "assessments/page.html", context, status=status)


@login_required
@never_cache
@require_safe
def criterion(request: HttpRequest, pk: int, name: str, key: str) -> HttpResponse:
    """All that stands behind one condition: facts with their sources, rows, readings, nearness."""
    person, one, book = asked_for(request, pk, name)
    or_404(any(found.id == key for found in book.criteria))
    judged, context, status = judged_by(request, person, one, book)
    if judged is not None:
        context |= detail_of(judged, key, language(), where)
    return render(request, "assessments/criterion.html", context, status=status)


def asked_for(request: HttpRequest, pk: int, name: str) -> tuple[User, Enterprise, Rulebook]:
    """Who asks, of whom, by which programme; what they may do with it is still to be asked."""
    person, one = enterprise_found(request, pk)
    book = next((each for each in (*judging(), HNTE_BENEFITS) if each.name == name), None)
    if book is None:
        raise Http404
    return person, one, book


def page_of(one: Enterprise, book: Rulebook) -> str:
    """The address of the page of a programme."""
    if book is HNTE_BENEFITS:
        return reverse("benefits", args=[one.pk])
    return reverse("assessment_of", args=[one.pk, book.name])


def judged_by(
    request: HttpRequest, person: User, one: Enterprise, book: Rulebook
) -> tuple[Assessed | None, dict[str, Any], int]:
    """What was asked for, judged; None where there are no rules yet. With the frame of the page."""
    asked = Asked(request.GET)
    status = 200 if asked.is_valid() else REFUSED
    on, known, basis = asked.seen(person.access.on)
    query = f"?{urlencode(kept)}" if (kept := asked.kept()) else ""
    context: dict[str, Any] = {
        "enterprise": one,
        "rulebook": book,
        "asked": asked,
        "on": on,
        "known": known,
        "query": query,
        "books": [
            {
                "label": other.title,
                "href": page_of(one, other) + query,
                "number": None,
                "current": other is book,
            }
            for other in judging()
        ],
    }
    try:
        judged = assess_for(person, one, book, on=on, known=known, basis=basis, lang=language())
    except NotInForce:
        return None, {**context, "not_yet": book.since}, status
    or_404(judged is not None)  # whoever may not read it finds nothing there
    assert judged is not None
    return judged, {**context, "found": judged}, status


def _estimates(found: Assessed, one: Enterprise) -> list[tuple[str, str]]:
    """What the enterprise and its coach think it comes to, known by the day that is looked at."""
    if not found.items:
        return []
    held = estimates_of(one, found.rulebook.name, found.seen.known)
    sums = [(who.label, estimated(found, held, who)) for who in Estimator]
    return [(label, span(*ends)) for label, ends in sums if ends is not None]


def _counted(found: Assessed) -> list[tuple[str, str, int]]:
    """How many conditions came out how; none that is nothing."""
    outcomes = list(found.outcomes.values())
    return [
        (SHAPES[one], said(one.chinese), outcomes.count(one)) for one in COUNTED if one in outcomes
    ]


def missing_of(found: Assessed, person: User, one: Enterprise, lang: str) -> list[dict[str, Any]]:
    """What is not known, who has it, for what it is needed; where one may ask for it, the way there."""
    book, asks, states = found.rulebook, may_ask_facts(person, one), may_state_fact(person, one)
    counted = tables_counted(book)
    titles = {one.id: one.title for one in book.criteria}
    titles |= {one.id: one.title for one in book.grants}
    return [
        {
            "words": phrases.lacking(lack, lang),
            "holder": message(lack.fact.holder),
            "document": message(lack.fact.document),
            "criteria": tuple(message(titles[name]) for name in names if name in titles),
            "ask": reverse("facts_ask", args=[found.enterprise, lack.year])
            if asks and lack.fact.table == "years" and lack.fact.name in FIGURES
            else "",
            "state": reverse("fact_state", args=[found.enterprise, lack.fact.name])
            if states and lack.fact.name in STATABLE and lack.fact.name not in counted
            else "",
            "table": reverse("evidence_table", args=[found.enterprise, table])
            if (table := counted.get(lack.fact.name, lack.fact.table)) in BY_NAME
            else "",  # whoever reads figures reads evidence
        }
        for lack, names in found.missing()
    ]
