"""The articles: what they say in our words, and in the law's own where two people confirmed them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.foundation.refusals import Refused
from peiyu.office.policies.actions import confirm_text, enter_text, withdraw_text
from peiyu.office.policies.models import ArticleText
from peiyu.office.policies.permissions import (
    may_confirm_text,
    may_enter_text,
    reads_articles,
)
from peiyu.office.policies.queries import (
    Texted,
    TextState,
    confirmed_texts,
    in_library,
    papers,
    texted,
    versions_of,
)
from peiyu.office.web.answers import Because, done, form_page, me, not_done, or_404, sent, tried
from peiyu.office.web.policies import forms as fill
from peiyu.office.web.templatetags.say import language
from peiyu.policy.articles import Article, UnknownCitationError, article
from peiyu.policy.outline import citations
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.words import mark, message

LONGEST_CITE = 40
either = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """By document: how many articles have text; the articles themselves once one asks for some."""
    person = me(request)
    or_404(reads_articles(person))
    bureau = may_enter_text(person)
    form = fill.FindArticles(request.GET, bureau=bureau)
    every, asked = texted(person), {}
    if form.is_valid():
        asked = {name: value for name, value in form.cleaned_data.items() if value}
    found = list(_matching(every, asked)) if asked else []
    context = {
        "form": form,
        "asked": bool(asked),
        "number": len(found),
        "groups": _by_document(found),
        "counts": [] if asked else [_counted(group) for _, group in _by_document(every)],
        "bureau": bureau,
        "library": in_library(papers()),
        "with_text": sum(one.text is not None for one in every),
        "waiting": sum(one.waiting is not None for one in every),
        "every": len(every),
    }
    return render(request, "policies/articles.html", context, status=400 if form.errors else 200)


def _matching(every: Iterable[Texted], asked: dict[str, str]) -> Iterable[Texted]:
    words, tag = asked.get("q", "").replace("\0", "").casefold(), asked.get("document")
    state = TextState[asked["state"].upper()] if "state" in asked else None
    for one in every:
        said = f"{one.article.cite} {one.article.gloss(language())}".casefold()
        if tag and one.article.document.tag != tag or words not in said:
            continue
        if state is None or one.is_so(state):
            yield one


def _by_document(found: Iterable[Texted]) -> list[tuple[Any, list[Texted]]]:
    """Runs of articles of one paper; they come in the order of their papers."""
    return [
        (next(one for one in papers() if one.tag == tag), list(group))
        for tag, group in groupby(found, lambda one: one.article.document.tag)
    ]


def _counted(group: list[Texted]) -> dict[str, Any]:
    """A paper with how many of its articles have text, wait, have none."""
    return {
        "paper": group[0].article.document,
        "every": len(group),
        "with_text": sum(one.text is not None for one in group),
        "waiting": sum(one.waiting is not None for one in group),
        "without": sum(one.text is None for one in group),
    }


@login_required
@require_safe
def article_page(request: HttpRequest, cite: str) -> HttpResponse:
    """One article: the law's words where confirmed, our gloss, the versions, who cites it."""
    person, found = _reader(request), _article(cite)
    versions = list(versions_of(cite, person))
    text = confirmed_texts([cite]).get(cite)
    waiting = next((one for one in versions if one.is_waiting), None)
    context = {
        "article": found,
        "text": text,
        "waiting": waiting,
        "may_confirm": waiting is not None and may_confirm_text(person, waiting),
        "may_enter": may_enter_text(person),
        "versions": versions,
        "library": in_library([found.document]).get(found.document.tag),
        "cited_by": _cited_by().get(cite, ()),
        "certainty": CERTAIN[found.certainty],
    }
    return render(request, "policies/article.html", context)


CERTAIN = {
    "seen in text": mark("见过原文后写的"),
    "professional guidance": mark("依据专业指引"),
    "well established": mark("通行的理解，未重新核对原文"),
    "uncertain": mark("不确定，待核对"),
}
"""On what a gloss rests, in words."""


@cache
def _cited_by() -> dict[str, tuple[Rulebook, ...]]:
    """The rulebooks that cite an article."""
    found: dict[str, tuple[Rulebook, ...]] = {}
    for book in RULEBOOKS.values():
        for cite in citations(book):
            found[cite] = (*found.get(cite, ()), book)
    return found


def _article(cite: str) -> Article:
    if len(cite) > LONGEST_CITE:
        raise Http404
    try:
        return article(cite)
    except UnknownCitationError:
        raise Http404 from None


def _reader(request: HttpRequest) -> User:
    person = me(request)
    or_404(reads_articles(person))
    return person


def _keeper(request: HttpRequest) -> User:
    person = me(request)
    or_404(may_enter_text(person))
    return person


@login_required
@either
def text_enter(request: HttpRequest, cite: str) -> HttpResponse:
    """Enter the law's own words of an article."""
    person, found = _keeper(request), _article(cite)
    or_404(not found.document.is_ours)
    back = reverse("article", args=[cite])
    stands = confirmed_texts([cite]).get(cite)
    kind = fill.AnotherText if stands else fill.NewText
    initial = {"address": stands.address if stands else found.document.address}
    form = kind(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        act = partial(
            enter_text, cite, on=person.access.on, actor=person, **form.cleaned_data
        )  # fmt: skip
        if tried(form, act):
            return done(request, message("{cite}的原文已录入，等另一人确认", cite=cite), back)
    return form_page(
        request,
        form,
        title=mark("录入法规原文"),
        send=mark("录入"),
        back=back,
        name=f"{found.place(language())} {found.document.numbered(language())}",
        note=mark("录入后由科技局另一人对照文件确认，确认后才作为原文显示"),
        draft=f"text-{cite}",
    )


@login_required
@require_POST
def text_confirm(request: HttpRequest, cite: str, version: int) -> HttpResponse:
    """Confirm that a text is the law's."""
    person = _keeper(request)
    text = _text(cite, version)
    to = reverse("article", args=[cite])
    try:
        confirm_text(text, on=person.access.on, actor=person)
    except Refused as refusal:
        return not_done(request, refusal, to)
    return done(request, message("{cite}的原文已确认", cite=cite), to)


@login_required
@either
def text_withdraw(request: HttpRequest, cite: str, version: int) -> HttpResponse:
    """Take a text back, with a reason."""
    person, found = _keeper(request), _article(cite)
    text = _text(cite, version)
    or_404(text.withdrawn_on is None)
    back = reverse("article", args=[cite])
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(
            withdraw_text, text, on=person.access.on, actor=person, **form.cleaned_data
        )  # fmt: skip
        if tried(form, act):
            return done(
                request, message("{cite}的第{version}版已撤回", cite=cite, version=version), back
            )
    return form_page(
        request,
        form,
        title=mark("撤回法规原文"),
        send=mark("撤回"),
        back=back,
        name=f"{found.place(language())} {found.document.numbered(language())}",
        note=mark("撤回后各页面不再显示这段原文，经过仍然保留") if text.confirmed_on else "",
    )


def _text(cite: str, version: int) -> ArticleText:
    or_404(version <= 2**31 - 1)
    _article(cite)
    return get_object_or_404(ArticleText, cite=cite, version=version)
