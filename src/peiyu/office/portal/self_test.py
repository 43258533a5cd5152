"""A self-test for everyone, by the same rules as the office: judged at once, nothing of it is kept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from peiyu.office.assessments.assessing import Assessed, Seen, assessed
from peiyu.office.assessments.facts import Facts
from peiyu.office.assessments.shown.sources import nowhere
from peiyu.office.foundation.counting import counted
from peiyu.office.foundation.days import office_day
from peiyu.office.policies.programme import readings_of, values_on
from peiyu.office.portal.self_test_form import SelfTest, self_test
from peiyu.office.portal.standing import Place, standing_of, told_by
from peiyu.office.portal.visits import REFUSED, language
from peiyu.policy.parameters import NotInForce
from peiyu.policy.reasons import Missing
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.rulebooks.tech_sme import TECH_SME
from peiyu.words import message

PROGRAMMES = {book.name: book for book in (HNTE, TECH_SME)}
MOST_TESTS, COOL_OFF = 60, 15 * 60
"""So many tests from one address within so many seconds."""
TOO_MANY = 429


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def self_test_page(request: HttpRequest, name: str = HNTE.name) -> HttpResponse:
    """The form; a POST judges what was typed and shows it above the form."""
    book = PROGRAMMES.get(name)
    if book is None:
        raise Http404
    on, lang = office_day(), language()
    context: dict[str, Any] = {"rulebook": book, "on": on, "books": _books(book)}
    if on < book.since:
        return render(request, "portal/public/self_test.html", context | {"not_yet": book.since})
    typed = {key: request.POST[key] for key in request.POST} if request.method == "POST" else {}
    form = self_test(book, on, lang, typed)
    context |= {"form": form, "parts": form.parts()}
    if request.method != "POST":
        return render(request, "portal/public/self_test.html", context)
    if _too_many(request):
        context |= {"locked": True, "tests": MOST_TESTS, "minutes": COOL_OFF // 60}
        return render(request, "portal/public/self_test.html", context, status=TOO_MANY)
    if form.wrong:
        return render(request, "portal/public/self_test.html", context, status=REFUSED)
    try:
        found = judged(form, lang)
    except NotInForce:
        return render(request, "portal/public/self_test.html", context | {"not_yet": book.since})
    context |= {
        "standing": standing_of(found, lang, where=nowhere, fill=_fill(form)),
        "told": form.told(lang),
    }
    return render(request, "portal/public/self_test.html", context)


def judged(form: SelfTest, lang: str) -> Assessed:
    """What the rules of the day say of what was typed, with the readings that the office has chosen."""
    book, on, case = form.rulebook, form.on, form.case()
    readings = readings_of(book, values_on(on))
    seen = Seen(book, on, on, "", (), readings, case)
    return assessed(0, seen, Facts(case, on, on, (), {}), lang=lang)


def _fill(form: SelfTest) -> Any:
    """What is missing is filled in below."""
    boxes = {(box.fact.name, box.year if box.lag else None): box for box in form.boxes}

    def place(lack: Missing) -> Place:
        year = lack.year if lack.fact.table == "years" else None
        box = boxes.get((lack.fact.name, year))
        if box is None:
            return Place(told_by(lack), "", "")
        title = message("{year}年的数", year=year) if year else message("企业的情况")
        return Place(title, "#figures", f"#{box.anchor}")

    return place


def _too_many(request: HttpRequest) -> bool:
    """Count the tests of an address: the number alone, nothing that was typed."""
    return counted(f"self-test:{get_adapter().get_client_ip(request)}", COOL_OFF) > MOST_TESTS


def _books(book: Rulebook) -> list[dict[str, Any]]:
    return [
        {
            "label": other.title,
            "href": reverse("portal_self_test_of", args=[other.name]),
            "number": None,
            "current": other is book,
        }
        for other in PROGRAMMES.values()
    ]
