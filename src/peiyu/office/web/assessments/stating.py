"""Facts of an enterprise that no other room keeps: what was found of it, by which document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.assessments.actions import state_fact
from peiyu.office.assessments.gathered import STATABLE
from peiyu.office.assessments.models import StatedFact
from peiyu.office.assessments.permissions import may_read_assessment, may_state_fact
from peiyu.office.assessments.queries import stated_facts_of
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.answers import done, form_page, or_404, sent, tried
from peiyu.office.web.documents import Documented
from peiyu.office.web.enterprises.detail import found as enterprise_found
from peiyu.office.web.enterprises.forms import reason
from peiyu.office.web.templatetags.say import language
from peiyu.policy.facts import Fact, Period, Unit
from peiyu.policy.wording import stored
from peiyu.words import mark, message

WAN = 10_000
YES_OR_NO = (("", mark("不详")), ("yes", mark("是")), ("no", mark("否")))


class Stating(Documented):
    """One fact: its value by its unit, the year in which one is judged, the document."""

    reason = reason(required=False)

    def __init__(self, *args: Any, fact: Fact, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fact = fact
        self.fields["value"] = _field(fact)
        if fact.period is not Period.STANDING:
            self.fields["year"] = forms.IntegerField(
                label=mark("用于哪一年的核对"), min_value=2008, max_value=2100
            )
        self.order_fields(["value", "year", "title", "document", "dated_on", "reason"])

    def values(self) -> dict[str, Any]:
        """As the action takes them; nothing filled in takes back what was stated."""
        given = self.cleaned_data
        value = given["value"]
        match self.fact.unit:
            case Unit.YES_NO:
                value = None if value == "" else value == "yes"
            case Unit.FEN:
                value = None if value is None else int(value * WAN * 100)
        return {"value": value, "year": given.get("year"), "reason": given["reason"]}


def _field(fact: Fact) -> forms.Field:
    more: dict[str, Any] = {"label": mark(fact.chinese), "required": False}
    match fact.unit:
        case Unit.YES_NO:
            return forms.ChoiceField(choices=labels(lambda: YES_OR_NO), **more)
        case Unit.DAY:
            return Day(**more)
        case Unit.FEN:
            return forms.DecimalField(
                max_digits=20, decimal_places=6, min_value=Decimal(0), help_text=mark("万元"),
                widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more,
            )  # fmt: skip
    return forms.IntegerField(min_value=fact.minimum, max_value=fact.maximum, **more)


@login_required
@never_cache
@require_safe
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """What was stated of an enterprise, each with its document; the others, to be stated."""
    person, one = enterprise_found(request, pk)
    or_404(may_read_assessment(person, one))
    lang = language()
    rows = stated_facts_of(person, one)
    lines = [
        (row, STATABLE[row.name].term(lang), stored(row.value, STATABLE[row.name], lang))
        for row in rows
    ]
    stated = {row.name for row in rows}
    context = {
        "enterprise": one,
        "lines": lines,
        "others": [
            (name, fact.term(lang), fact.holder) for name, fact in STATABLE.items() if name not in stated
        ],
        "may_state": may_state_fact(person, one),
    }  # fmt: skip
    return render(request, "assessments/facts.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fact_state(request: HttpRequest, pk: int, fact: str) -> HttpResponse:
    """State one fact, or take it back by leaving it empty."""
    person, one = enterprise_found(request, pk)
    or_404(may_state_fact(person, one))
    known = STATABLE.get(fact)
    if known is None:
        raise Http404
    form = Stating(sent(request), fact=known, initial=_held(person, one, known))
    if request.method == "POST" and form.is_valid():
        values = form.values()

        def act() -> StatedFact:
            with transaction.atomic():  # a refusal leaves no document behind
                source = form.source(person)
                return state_fact(one, name=known.name, source=source, actor=person, **values)

        if tried(form, act) is not None:
            said = message("已登记“{term}”，下次测评用到", term=message(known.chinese))
            return done(request, said, reverse("facts", args=[one.pk]))
    return form_page(
        request, form, title=message("登记“{term}”", term=message(known.chinese)), send=mark("登记"),
        back=reverse("facts", args=[one.pk]), name=one.name, note=known.note or "",
    )  # fmt: skip


def _held(person: Any, one: Enterprise, fact: Fact) -> dict[str, Any]:
    """What stands, for the form; the year of the office's day."""
    year = None if fact.period is Period.STANDING else person.access.on.year
    rows = [
        row for row in stated_facts_of(person, one) if row.name == fact.name and row.year == year
    ]
    found: dict[str, Any] = {"year": year}
    if rows:
        value: Any = rows[0].value
        if fact.unit is Unit.YES_NO:
            value = "yes" if value else "no"
        elif fact.unit is Unit.FEN:
            value = Decimal(value) / 100 / WAN
        found["value"] = value
    return found
