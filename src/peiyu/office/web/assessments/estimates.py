"""What the coach thinks experts will give, beside what the enterprise thinks; neither decides anything."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from peiyu.office.assessments.guessing import Guessing, as_held, keep_all, waiting
from peiyu.office.assessments.models import Estimator
from peiyu.office.assessments.permissions import may_estimate
from peiyu.office.assessments.queries import assess_for, estimates_of
from peiyu.office.assessments.shown.words import judging
from peiyu.office.web.answers import REFUSED, done, or_404
from peiyu.office.web.assessments.page import asked_for
from peiyu.office.web.templatetags.say import language
from peiyu.policy.parameters import NotInForce
from peiyu.words import message


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_estimates(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A POST keeps all of the coach's estimates, or none where something of it is wrong."""
    person, one, book = asked_for(request, pk, name)
    or_404(book in judging() and bool(book.items) and may_estimate(person, one, Estimator.COACH))
    try:
        found = assess_for(person, one, book, on=person.access.on, lang=language())
    except NotInForce:
        found = None
    or_404(found is not None)
    assert found is not None
    items, held = waiting(found), estimates_of(one, book.name)
    guesses = as_held(items, held, Estimator.COACH)
    if request.method == "POST":
        of = Guessing(one, book.name, Estimator.COACH, person)
        guesses = keep_all(of, items, held, lambda name: request.POST.get(name, ""))
        if not any(guess.problem for guess in guesses):
            back = reverse("assessment_of", args=[one.pk, book.name])
            return done(request, message("已记下估计，结论不变"), back)
    wrong = sum(guess.problem is not None for guess in guesses)
    context = {"enterprise": one, "rulebook": book, "guesses": guesses, "wrong": wrong}
    answer = render(request, "assessments/estimates.html", context)
    answer.status_code = REFUSED if wrong else 200
    return answer
