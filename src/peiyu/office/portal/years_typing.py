"""What is typed into the form of a year on its way in, and what the page is told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from peiyu.office.foundation.refusals import Conflict, Refused, SeveralRefused
from peiyu.office.portal.visits import REFUSED, language
from peiyu.office.portal.years_pages import YearPage
from peiyu.office.portal.years_units import Unit, kept, unit_of
from peiyu.office.reports.actions.reports import LONGEST_TEXT
from peiyu.office.reports.models import FIGURES, YearReport
from peiyu.words import message

CONFLICT = 409
MOST_SAVED = 10**9


@dataclass(frozen=True, slots=True)
class Sent:
    """What came from the form: the texts, those with which it was opened, its unit, its savings."""

    texts: dict[str, str]
    was: dict[str, str]
    unit: Unit
    saved: int

    def changed(self) -> dict[str, str]:
        """What was typed since the form was opened or last saved, as it stands on the page."""
        return {name: text for name, text in self.texts.items() if text != self.was.get(name, "")}

    def to_keep(self) -> dict[str, str]:
        """The same as the draft keeps it."""
        return {
            name: kept(text, self.unit, FIGURES[name]) if len(text) <= LONGEST_TEXT else text
            for name, text in self.changed().items()
        }


def sent_of(request: HttpRequest) -> Sent:
    """Read the form; whatever else comes with it is left aside."""
    texts = {
        name: request.POST[name].replace("\x00", "").strip()
        for name in FIGURES
        if name in request.POST
    }
    counter = request.POST.get("saved", "")
    whole = counter.isascii() and counter.isdigit() and len(counter) < len(str(MOST_SAVED))
    unit = unit_of(request.POST.get("unit")) or Unit.YUAN
    return Sent(texts, _was(request.POST.get("was", "")), unit, int(counter) if whole else 0)


def _was(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def answer_of(
    request: HttpRequest, page: YearPage, report: YearReport, sent: Sent
) -> dict[str, object]:
    """What the page is told while one types; `texts`: what stands otherwise than it was sent."""
    lang = language()
    at = f"{timezone.localtime(report.saved_at):%H:%M}" if report.saved_at else ""
    return {
        "saved": report.saved,
        "said": message("{time}已自动保存", time=at).say(lang),
        "problems": {name: text.say(lang) for name, text in page.read.problems.items()},
        "remarks": {name: text.say(lang) for name, text in page.read.remarks.items()},
        "texts": _otherwise(page.texts, sent),
        "lacks": render_to_string("portal/_year_lacks.html", {"page": page}, request),
    }


def told(refusal: Refused, page: YearPage) -> JsonResponse:
    """Why nothing was saved; where another was quicker, with what stands there."""
    lang = language()
    said: dict[str, object] = {
        "message": refusal.say(lang),
        "problems": {one.field: one.say(lang) for one in each(refusal) if one.field in FIGURES},
    }
    if not isinstance(refusal, Conflict):
        return JsonResponse(said, status=REFUSED)
    stands = {
        name: {"value": text, "said": message("对方填的：{value}", value=text).say(lang)}
        for name, text in page.stands.items()
    }
    return JsonResponse({**said, "saved": page.saved, "stands": stands}, status=CONFLICT)


def each(refusal: Refused | None) -> tuple[Refused, ...]:
    """The refusals in one."""
    if isinstance(refusal, SeveralRefused):
        return refusal.refusals
    return (refusal,) if refusal else ()


def _otherwise(texts: Mapping[str, str], sent: Sent) -> dict[str, str]:
    return {
        name: texts.get(name, "")
        for name, text in sent.texts.items()
        if texts.get(name, "") != text
    }
