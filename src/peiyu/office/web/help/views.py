"""The help: guides by role, questions, glossary."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peiyu.office.web.answers import me
from peiyu.office.web.help import content
from peiyu.office.web.help.content import Chapter, Guide, Task, Term
from peiyu.office.web.navigation import address
from peiyu.office.web.templatetags.say import language

LONGEST = 60


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task in the language of the reader, with its address if it is theirs."""

    what: str
    how: list[str]
    href: str


@login_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What can I do here: one's own guides open, the others as links."""
    access, lang = me(request).access, language()
    own = [one for one in content.guides() if one.is_for(access)]
    others = [one for one in content.guides() if one not in own]
    context = {
        "own": [_shown(one, lang, mine=True) for one in own],
        "others": [(one.key, one.title.say(lang), one.intro.say(lang)) for one in others],
    }
    return render(request, "help/index.html", context)


@login_required
@require_safe
def guide(request: HttpRequest, guide: str) -> HttpResponse:
    """The guide of one role."""
    access, lang = me(request).access, language()
    for one in content.guides():
        if one.key == guide:
            title, intro, tasks = _shown(one, lang, mine=one.is_for(access))
            return render(
                request, "help/guide.html", {"title": title, "intro": intro, "tasks": tasks}
            )
    raise Http404


def _shown(guide: Guide, lang: str, *, mine: bool) -> tuple[str, str, list[TaskShown]]:
    tasks = [_task(task, lang, mine=mine) for task in guide.tasks]
    return guide.title.say(lang), guide.intro.say(lang), tasks


def _task(task: Task, lang: str, *, mine: bool) -> TaskShown:
    href = address(task.page) if mine and task.page else ""
    return TaskShown(task.what.say(lang), [one.say(lang) for one in task.how], href)


@login_required
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What is often asked."""
    lang = language()
    rows = [(one.ask.say(lang), one.answer.say(lang)) for one in content.questions()]
    return render(request, "help/questions.html", {"rows": rows})


@login_required
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of the law: English, name in code, label on pages."""
    lang, words = language(), request.GET.get("q", "").strip()[:LONGEST]
    chapters = [
        (chapter.title.say(lang), found)
        for chapter in content.glossary()
        if (found := _answering(chapter, words.casefold()))
    ]
    number = sum(len(found) for _, found in chapters)
    context = {"chapters": chapters, "words": words, "number": number}
    return render(request, "help/glossary.html", context)


def _answering(chapter: Chapter, words: str) -> list[Term]:
    return [
        term
        for term in chapter.terms
        if words in f"{term.word} {term.english} {term.code} {term.label}".casefold()
    ]
