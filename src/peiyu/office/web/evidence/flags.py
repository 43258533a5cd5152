"""One flag: its rows side by side; asking the enterprise about it, saying that it is in order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.portfolio import actions
from peiyu.office.portfolio.flags import Flag, flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import Remark
from peiyu.office.portfolio.permissions import EVERY, may_rule, may_take_back, tables_open_to
from peiyu.office.web.answers import REFUSED, done, not_done, or_404, tried
from peiyu.office.web.enterprises.detail import found
from peiyu.office.web.evidence.chain import TAB, place_url
from peiyu.office.web.evidence.forms import Ask, Clear
from peiyu.office.web.evidence.words import SEVERITIES, STANDING_SHAPES, shown
from peiyu.office.web.templatetags.say import language, said
from peiyu.policy.articles import article
from peiyu.policy.chain import Held
from peiyu.policy.evidence import BY_NAME, Row, text_of
from peiyu.policy.facts import Fact
from peiyu.policy.wording import money
from peiyu.words import message


@dataclass(frozen=True, slots=True)
class Side:
    """One of the rows of a flag: its number, where it is, what it says."""

    title: str
    no: str
    href: str
    row: Row
    facts: tuple[Fact, ...]


@login_required
@never_cache
@require_safe
def evidence_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """`?flag=&digest=`: a flag as it stands; one that is no more leads to the chain."""
    person, one = _reads(request, pk)
    held, flag = _flag_of(one, person, request.GET)
    if flag is None:
        messages.info(request, said(message("这条提示已经没有了，或者所依据的内容变了")))
        return redirect(reverse(TAB, args=[one.pk]))
    return _flag_page(request, person, one, held, flag)


@login_required
@never_cache
@require_POST
def flag_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the enterprise to explain it by a day."""
    person, one = _reads(request, pk)
    or_404(may_rule(person, one))
    form = Ask(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        act = partial(
            actions.ask_about, one, flag=request.POST.get("flag", ""),
            digest=request.POST.get("digest", ""), words=given["words"], due_on=given["due_on"],
            at=timezone.now(), actor=person,
        )  # fmt: skip
        if tried(form, act):
            text = message("已请企业在{day}前说明", day=given["due_on"].isoformat())
            return done(request, text, _address(one, request.POST))
    return _refused(request, person, one, ask_form=form)


@login_required
@never_cache
@require_POST
def flag_clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is in order, and why."""
    person, one = _reads(request, pk)
    or_404(may_rule(person, one))
    form = Clear(request.POST)
    if form.is_valid():
        act = partial(
            actions.clear_flag, one, flag=request.POST.get("flag", ""),
            digest=request.POST.get("digest", ""), reason=form.cleaned_data["reason"],
            actor=person,
        )  # fmt: skip
        if tried(form, act):
            return done(
                request,
                message("不再提示；所依据的内容一变，会再出现"),
                _address(one, request.POST),
            )
    return _refused(request, person, one, clear_form=form)


@login_required
@require_POST
def remark_take_back(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """It was said in error."""
    person, one = _reads(request, pk)
    rows = Remark.objects.filter(enterprise=one, withdrawn_on=None).select_related("enterprise")
    held = get_object_or_404(rows, pk=remark)
    or_404(may_take_back(person, held))
    back = _address(one, {"flag": held.flag, "digest": held.digest})
    try:
        actions.take_back_remark(held, actor=person)
    except Refused as refusal:
        return not_done(request, refusal, back)
    return done(request, message("已收回"), back)


def _reads(request: HttpRequest, pk: int) -> tuple[User, Enterprise]:
    person, one = found(request, pk)
    or_404(tables_open_to(person, one) == EVERY)
    return person, one


def _flag_of(one: Enterprise, person: User, asked: QueryDict) -> tuple[Held, Flag | None]:
    on = person.access.on
    held = held_of([one], on=on)[one.pk]
    wanted = (asked.get("flag", ""), asked.get("digest", ""))
    for flag in flags_of(held, remarks_of([one.pk])[one.pk], on):
        if (flag.finding.key, flag.finding.digest) == wanted:
            return held, flag
    return held, None


def _refused(
    request: HttpRequest,
    person: User,
    one: Enterprise,
    *,
    ask_form: forms.Form | None = None,
    clear_form: forms.Form | None = None,
) -> HttpResponse:
    """The page again with what was typed; a flag that went meanwhile is said on the chain."""
    held, flag = _flag_of(one, person, request.POST)
    if flag is None:
        text = "这条提示已经没有了，或者所依据的内容变了；请刷新后再办"
        return not_done(request, Refused(message(text)), reverse(TAB, args=[one.pk]))
    return _flag_page(
        request, person, one, held, flag, ask_form=ask_form, clear_form=clear_form, status=REFUSED
    )


def _flag_page(
    request: HttpRequest,
    person: User,
    one: Enterprise,
    held: Held,
    flag: Flag,
    *,
    ask_form: forms.Form | None = None,
    clear_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    rules = may_rule(person, one) and flag.is_open
    hidden = {"flag": flag.finding.key, "digest": flag.finding.digest}
    sides = _sides(one, held, flag)
    cited, lang = article(flag.check.article), language()
    context: dict[str, Any] = {
        "enterprise": one,
        "flag": flag,
        "severity": SEVERITIES[flag.check.severity],
        "standing_shape": STANDING_SHAPES[flag.standing],
        "document": cited.document.title(lang),
        "place": cited.place(lang),
        "gloss": cited.gloss(lang),
        "amount": money(flag.finding.amount) if flag.finding.amount else None,
        "rows": sides,
        "facts": _side_by_side(sides),
        "remarks": [(remark, may_take_back(person, remark)) for remark in flag.remarks],
        "back": reverse(TAB, args=[one.pk]),
        "ask_form": (ask_form or Ask(initial=hidden, auto_id="ask_%s")) if rules else None,
        "ask_to": reverse("flag_ask", args=[one.pk]),
        "clear_form": (clear_form or Clear(initial=hidden, auto_id="clear_%s")) if rules else None,
        "clear_to": reverse("flag_clear", args=[one.pk]),
    }
    return render(request, "evidence/flag.html", context, status=status)


def _sides(one: Enterprise, held: Held, flag: Flag) -> list[Side]:
    sides = []
    for table, no in flag.finding.places:
        kind = BY_NAME[table]
        row = next((row for row in held.rows(table) if text_of(row, kind.key[0]) == no), {})
        sides.append(Side(kind.title, no, place_url(one, (table, no)), row, kind.facts))
    return sides


def _side_by_side(sides: list[Side]) -> list[tuple[str, list[str]]]:
    """Facts known of any of the rows, by their words; a fact that a row has not is a blank."""
    terms = dict.fromkeys(
        fact.chinese for side in sides for fact in side.facts if side.row.get(fact.name) is not None
    )
    return [
        (
            term,
            [
                next((shown(side.row.get(f.name), f) for f in side.facts if f.chinese == term), "")
                for side in sides
            ],
        )
        for term in terms
    ]


def _address(one: Enterprise, asked: Any) -> str:
    query = urlencode({"flag": asked.get("flag", ""), "digest": asked.get("digest", "")})
    return f"{reverse('evidence_flag', args=[one.pk])}?{query}"
