"""How an enterprise stands, for its own people: in plain words, with what to do next; no decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.assessments.actions import estimate
from peiyu.office.assessments.assessing import Assessed, Points
from peiyu.office.assessments.models import Estimate, Estimator
from peiyu.office.assessments.permissions import may_estimate, may_read_assessment
from peiyu.office.assessments.queries import assess_for, estimated, estimates_of
from peiyu.office.assessments.shown.detail import detail_of
from peiyu.office.assessments.shown.words import judging
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.refusals import Refused
from peiyu.office.portal.assessment_places import filled_in, where
from peiyu.office.portal.standing import standing_of
from peiyu.office.portal.visits import REFUSED, done, for_enterprises, language, me, or_404, own
from peiyu.policy.intervals import BY_EXPERT, interval
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.wording import exactly
from peiyu.words import Message, message

MOST_DIGITS = 3
Held = Mapping[str, Mapping[Estimator, Estimate]]


@dataclass(frozen=True, slots=True)
class Guess:
    """What one thinks experts will give an item, as typed."""

    points: Points
    low: str
    high: str
    problem: Message | None

    @property
    def name(self) -> str:
        """The item's name, for the inputs."""
        return self.points.item.id

    @property
    def band(self) -> tuple[str, str]:
        """From where to where the facts leave it open."""
        low, high, over = self.points.low, self.points.high, self.points.over
        return exactly(Fraction(low, over), 2), exactly(Fraction(high, over), 2)


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
    waiting = _waiting(found)
    guesses = _as_held(waiting, held)
    estimates = bool(waiting) and may_estimate(person, one, Estimator.OWN)
    if request.method == "POST":
        or_404(estimates)
        guesses = _tried(request, person, one, book, waiting, held)
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


# -- what one thinks experts will give


def _waiting(found: Assessed) -> tuple[Points, ...]:
    """The items that wait for experts."""
    return tuple(
        one
        for one in found.items
        if interval(found.assessment.value(one.item.points))[3] & BY_EXPERT
    )


def _as_held(waiting: tuple[Points, ...], held: Held) -> list[Guess]:
    guesses = []
    for one in waiting:
        row = held.get(one.item.id, {}).get(Estimator.OWN)
        low, high = (row.low, row.high) if row else ("", "")
        guesses.append(Guess(one, str(low), "" if high == low else str(high), None))
    return guesses


def _tried(
    request: HttpRequest, person: User, one: Enterprise, book: Rulebook,
    waiting: tuple[Points, ...], held: Held,
) -> list[Guess]:  # fmt: skip
    """Keep all that was typed, or nothing where something of it is wrong."""
    guesses = []
    with transaction.atomic():
        for points in waiting:
            item = points.item.id
            low, high = (
                request.POST.get(f"{end}-{item}", "").replace("\x00", "").strip()
                for end in ("low", "high")
            )
            row = held.get(item, {}).get(Estimator.OWN)
            guesses.append(Guess(points, low, high, _said(low, high, row, one, book, item, person)))
        if any(guess.problem for guess in guesses):
            transaction.set_rollback(True)
    return guesses


def _said(
    low: str, high: str, row: Estimate | None, one: Enterprise, book: Rulebook, item: str,
    person: User,
) -> Message | None:  # fmt: skip
    """Say what one thinks of an item; what is wrong with it, if anything."""
    if not all(text == "" or _is_whole(text) for text in (low, high)):
        return message("请填整数分，不估就留空")
    if row is None and not low and not high:
        return None
    try:
        estimate(
            one, rulebook=book.name, item=item, who=Estimator.OWN, low=int(low) if low else None,
            high=int(high) if high else None, remark=row.remark if row else "", actor=person,
        )  # fmt: skip
    except Refused as refusal:
        return refusal.message
    return None


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
