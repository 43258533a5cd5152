"""The rulebooks: one on a day, two days side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peiyu.office.accounts.models import User
from peiyu.office.foundation.days import office_day
from peiyu.office.policies.permissions import reads_articles
from peiyu.office.policies.programme import readings, readings_of, values_on
from peiyu.office.policies.queries import (
    Chosen,
    chosen_on,
    confirmed_texts,
    in_library,
    papers,
    waiting_texts,
)
from peiyu.office.web.answers import REFUSED, me
from peiyu.office.web.policies import forms as fill
from peiyu.office.web.policies.book import Book, NotYet, laid_out
from peiyu.office.web.policies.compare import compared
from peiyu.office.web.templatetags.say import language
from peiyu.policy.months import A_YEAR, moved
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.words import Message, message


@login_required
@require_safe
def rulebooks(request: HttpRequest) -> HttpResponse:
    """The rulebooks there are."""
    return render(request, "policies/rulebooks.html", {"books": RULEBOOKS.values()})


@login_required
@require_safe
def rulebook(request: HttpRequest, name: str) -> HttpResponse:
    """A rulebook on a day, under the readings chosen for that day."""
    book, person, today = _rulebook(name), me(request), office_day()
    form = fill.AskedDay(request.GET)
    on: date = (form.is_valid() and form.cleaned_data["on"]) or today
    context: dict[str, Any] = {
        "form": form, "on": on, "rulebook": book, "today": today,
        "reads_articles": reads_articles(person),
    }  # fmt: skip
    if not form.errors:
        try:
            found = laid_out(name, on, _readings(book, on), language())
            context |= {"book": found, **_beside(found, on, person)}
        except NotYet:
            context["not_yet"] = True
    status = 400 if form.errors else 200
    return render(request, "policies/rulebook.html", context, status=status)


def _beside(book: Book, on: date, person: User) -> dict[str, Any]:
    """What the office has beside the rules: who chose, the documents, the law's own words."""
    library = in_library(papers())
    chosen = _chosen(RULEBOOKS[book.name], on)
    texts = confirmed_texts(one.cite for one in book.articles)
    waiting = {text.cite: text for text in waiting_texts(person)}
    return {
        "words": [(word, chosen.get(word.key)) for word in book.words],
        "figures": [
            (figure, [(value, library.get(value.paper)) for value in figure.values])
            for figure in book.figures
        ],
        "articles": [
            (one, texts.get(one.cite), waiting.get(one.cite), library.get(one.paper))
            for one in book.articles
        ],
    }


@login_required
@require_safe
def rulebook_compare(request: HttpRequest, name: str) -> HttpResponse:
    """The rules of two days side by side; only what differs, unless all is asked for."""
    book, person, today = _rulebook(name), me(request), office_day()
    form = fill.TwoDays(request.GET)
    form.is_valid()
    given = form.cleaned_data
    two: date = given.get("two") or today
    one: date = given.get("one") or max(moved(two, -A_YEAR), min(book.since, two))
    full = bool(given.get("full"))
    context: dict[str, Any] = {
        "form": form, "one": one, "two": two, "full": full, "rulebook": book,
        "reads_articles": reads_articles(person),
    }  # fmt: skip
    if not form.errors:
        context["missing"] = missing = [
            said for day in dict.fromkeys((one, two)) if (said := _not_yet(book, day)) is not None
        ]
        if not missing:
            sides = [(day, _readings(book, day), _chosen(book, day)) for day in (one, two)]
            context["found"] = compared(name, sides[0], sides[1], language(), full=full)
    status = REFUSED if form.errors else 200
    return render(request, "policies/compare.html", context, status=status)


def _not_yet(book: Rulebook, on: date) -> Message | None:
    """Why there are no rules on a day, if there are none."""
    try:
        laid_out(book.name, on, _readings(book, on), language())
    except NotYet:
        if on < book.since:
            return message(
                "{day}还没有这套规则，最早是{since}",
                day=on.isoformat(),
                since=book.since.isoformat(),
            )
        return message("{day}这套规则用到的法定数值没有施行", day=on.isoformat())
    return None


def _rulebook(name: str) -> Rulebook:
    book = RULEBOOKS.get(name)
    if book is None:
        raise Http404
    return book


def _readings(book: Rulebook, on: date) -> tuple[tuple[str, str], ...]:
    """The readings in force on a day of a rulebook's switches, as what is laid out is kept by them."""
    return tuple(readings_of(book, values_on(on)).items())


def _chosen(book: Rulebook, on: date) -> dict[str, Chosen]:
    """By switch, who chose its reading; of switches that nobody can choose there is none."""
    start = f"{book.name}."
    keys = [key for switch in book.switches if (key := start + switch.name) in readings()]
    if not keys:
        return {}
    return {one.reading.key.removeprefix(start): one for one in chosen_on(on, keys)}
