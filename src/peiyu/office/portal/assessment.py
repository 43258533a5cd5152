"""How an enterprise stands, for its own people: in plain words, with what to do next; no decision."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.assessments.guessing import Guessing, as_held, keep_all, waiting
from peiyu.office.assessments.models import Estimator
from peiyu.office.assessments.permissions import may_estimate, may_read_assessment
from peiyu.office.assessments.queries import assess_for, estimated, estimates_of
from peiyu.office.assessments.shown.detail import detail_of
from peiyu.office.assessments.shown.words import judging
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.portal.assessment_places import filled_in, where
from peiyu.office.portal.standing import standing_of
from peiyu.office.portal.visits import REFUSED, done, for_enterprises, language, me, or_404, own
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.wording import exactly
from peiyu.words import message


@for_enterprises
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: HttpRequest, pk: int, name: str = HNTE.name) -> HttpResponse:
    """One's own assessment under a programme today; a POST says what one thinks experts will give."""
    person, one, book = _asked(request, pk, name)
    on, lang = office_day(), language()
    context: dict[str, Any] = {
        "enterprise": one, "rulebook": book, "on": on, "books": _books(one, book),
    }  # fmt: skip
    try:
        found = assess_for(person, one, book, on=on, lang=lang)
    except NotInForce:
        context["not_yet"] = book.since
        return render(request, "portal/assessment.html", context)
    assert found is not None
    held = estimates_of(one, book.name)
    items = waiting(found)
    guesses = as_held(items, held, Estimator.OWN)
    estimates = bool(items) and may_estimate(person, one, Estimator.OWN)
    if request.method == "POST":
        or_404(estimates)
        of = Guessing(one, book.name, Estimator.OWN, person)
        guesses = keep_all(of, items, held, lambda name: request.POST.get(name, ""))
        if not any(guess.problem for guess in guesses):
            said = message("已记下您的估计，上面的结果不变")
            return done(request, said, "portal_assessment_of", pk, book.name)
    sum_of_own = estimated(found, held, Estimator.OWN)
    context |= {
        "standing": standing_of(found, lang, where=where, fill=filled_in(pk, book, on.year)),
        "guesses": guesses if estimates else (),
        "wrong": sum(guess.problem is not None for guess in guesses),
        "own": tuple(exactly(end, 2) for end in sum_of_own) if sum_of_own else None,
    }
    status = REFUSED if context["wrong"] else 200
    return render(request, "portal/assessment.html", context, status=status)


@for_enterprises
@require_safe
def criterion(request: HttpRequest, pk: int, name: str, key: str) -> HttpResponse:
    """One condition in full: how it came out, of which facts and rows, by which article."""
    person, one, book = _asked(request, pk, name)
    or_404(any(found.id == key for found in book.criteria))
    on, lang = office_day(), language()
    context: dict[str, Any] = {"enterprise": one, "rulebook": book, "on": on}
    try:
        found = assess_for(person, one, book, on=on, lang=lang)
    except NotInForce:
        raise Http404 from None
    assert found is not None
    context |= {"found": found, **detail_of(found, key, lang, where)}
    return render(request, "portal/assessment_criterion.html", context)


def _asked(request: HttpRequest, pk: int, name: str) -> tuple[User, Enterprise, Rulebook]:
    person, one = me(request), own(request, pk)
    or_404(may_read_assessment(person, one))
    book = next((each for each in judging() if each.name == name), None)
    if book is None:
        raise Http404
    return person, one, book


def _books(one: Enterprise, book: Rulebook) -> list[dict[str, Any]]:
    return [
        {
            "label": other.title,
            "href": reverse("portal_assessment_of", args=[one.pk, other.name]),
            "number": None,
            "current": other is book,
        }
        for other in judging()
    ]
