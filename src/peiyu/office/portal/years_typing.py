"""What is typed into the form of a year on its way in, and what the page is told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.office.portal.visits import REFUSED, language
from peiyu.office.portal.years_pages import YearPage
from peiyu.office.portal.years_units import Unit, kept, unit_of
from peiyu.office.reports.actions.reports import LONGEST_TEXT
from peiyu.office.reports.models import FIGURES, YearReport
from peiyu.words import message

CONFLICT = 409
MINE, THEIRS = "mine", "theirs"
MOST_SAVED = 10**9


@dataclass(frozen=True, slots=True)
class Sent:
    """What came from the form: the texts, those with which it was opened, its unit, its savings.

    `open_ones` are figures of which two values stand on the page, `picked` which of the two was chosen
    (MINE, THEIRS), `declared` the version of the declared statement that the page showed.
    """

    texts: dict[str, str]
    was: dict[str, str]
    unit: Unit
    saved: int
    open_ones: frozenset[str] = frozenset()
    picked: Mapping[str, str] = field(default_factory=dict)
    declared: int = 0

    def changed(self) -> dict[str, str]:
        """What was typed since the form was opened or last saved, as it stands on the page."""
        return {
            name: text
            for name, text in self.texts.items()
            if self.picked.get(name) != THEIRS
            and (text != self.was.get(name, "") or name in self.open_ones)
        }

    @property
    def undecided(self) -> frozenset[str]:
        """Figures of which nobody said yet which of the two values is meant."""
        return self.open_ones - self.picked.keys()

    def to_keep(self) -> dict[str, str]:
        """The same as the draft keeps it, without what is not decided."""
        return {
            name: kept(text, self.unit, FIGURES[name]) if len(text) <= LONGEST_TEXT else text
            for name, text in self.changed().items()
            if name not in self.undecided
        }


def sent_of(request: HttpRequest) -> Sent:
    """Read the form; whatever else comes with it is left aside."""
    texts = {
        name: request.POST[name].replace("\x00", "").strip()
        for name in FIGURES
        if name in request.POST
    }
    unit = unit_of(request.POST.get("unit")) or Unit.YUAN
    open_ones = frozenset(request.POST.getlist("open")) & texts.keys()
    picks = {name: request.POST.get(f"pick-{name}") for name in open_ones}
    return Sent(
        texts, _was(request.POST.get("was", "")), unit, _whole(request.POST.get("saved", "")),
        open_ones, {name: pick for name, pick in picks.items() if pick in (MINE, THEIRS)},
        _whole(request.POST.get("declared", "")),
    )  # fmt: skip


def _whole(counter: str) -> int:
    is_whole = counter.isascii() and counter.isdigit() and len(counter) < len(str(MOST_SAVED))
    return int(counter) if is_whole else 0


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
    said = message("{time}已自动保存", time=at)
    if page.clashes:
        said = message("{saved}；有{number}处请选定用哪个值", saved=said, number=len(page.clashes))
    return {
        "saved": report.saved,
        "declared": page.declared,
        "said": said.say(lang),
        "clashes": {
            one.name: render_to_string("portal/_year_clash.html", {"one": one}, request)
            for one in page.fields
            if one.clash
        },
        "problems": {name: text.say(lang) for name, text in page.read.problems.items()},
        "remarks": {name: text.say(lang) for name, text in page.read.remarks.items()},
        "texts": _otherwise(page.texts, sent),
        "lacks": render_to_string(
            "portal/_year_lacks.html", {"page": page, "fills": True}, request
        ),
        "hints": render_to_string("portal/_year_hinted.html", {"page": page}, request),
    }


def told(refusal: Refused) -> JsonResponse:
    """Why nothing was saved."""
    lang = language()
    said: dict[str, object] = {
        "message": refusal.say(lang),
        "problems": {one.field: one.say(lang) for one in each(refusal) if one.field in FIGURES},
    }
    return JsonResponse(said, status=REFUSED)


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
