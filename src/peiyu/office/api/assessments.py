"""Operations on assessments: one enterprise judged on a day, its benefits, the kept lines of many, the runs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query

from peiyu.batch import machine, phrases
from peiyu.office.accounts.models import Body
from peiyu.office.accounts.permissions import ASSESSMENTS
from peiyu.office.api import answers_of_assessments as answers
from peiyu.office.api.asked import (
    Id,
    Judged,
    KeptLines,
    Page,
    Programme,
    check_mark,
    day_of,
)
from peiyu.office.api.keys import caller
from peiyu.office.api.problems import language, missing
from peiyu.office.api.root import read
from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.listing import Asked, filtered
from peiyu.office.assessments.models import Readiness, Run, Scored
from peiyu.office.assessments.permissions import may_read_assessment, reads_assessments
from peiyu.office.assessments.queries import assess_for, ready
from peiyu.office.assessments.shown.benefits import assumptions_of, supports_on
from peiyu.office.enterprises.identity import tidy
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.policy.explain import Score
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.rulebooks.benefits import HNTE_BENEFITS
from peiyu.policy.tree import Outcome
from peiyu.words import message, translate

CRITERIA = ("only", "fails", "lacks")
"""The filters that name a criterion."""
NEWEST = "-id"


@read(
    "/enterprises/{enterprise_id}/assessments/{programme}", answers.Assessment, scope=ASSESSMENTS,
    name="enterprise_assessment", summary="How an enterprise stands under a programme, and why",
)  # fmt: skip
def enterprise_assessment(
    request: HttpRequest, enterprise_id: Id, programme: Programme, asked: Query[Judged]
) -> dict[str, Any]:
    """Judged when asked, from what was known by a day; bases closed to the key's owner are not read."""
    found, judged = _judged(request, enterprise_id, RULEBOOKS[programme], asked)
    lang, whole = language(), judged.whole
    return {
        **_judgement(found, judged),
        "hard": _name(judged.hard),
        "score": _score(judged),
        "verdict": _name(judged.verdict),
        "said": phrases.verdict(judged.verdict, judged.rulebook, lang),
        "criteria": [
            _with_origins(
                machine.explanation(whole, one, lang, judged.near(one.criterion.id)), judged
            )
            for one in judged.explanations
        ],
        "items": [
            {
                "id": one.item.id,
                "title": translate(one.item.title, lang),
                "article": one.item.article,
                "most": one.item.most,
                "low": one.low,
                "high": one.high,
                "over": one.over,
            }
            for one in judged.items
        ],
        "other_bases": [
            {
                "basis": one.basis,
                "hard": _name(one.hard),
                "verdict": _name(one.verdict),
                "score": _points(one.score),
                "changed": {name: _name(there) for name, there in one.changed},
            }
            for one in judged.other_bases
        ],
    }


@read(
    "/enterprises/{enterprise_id}/benefits", answers.Benefits, scope=ASSESSMENTS,
    name="enterprise_benefits", summary="What recognition would bring an enterprise; no promise",
)  # fmt: skip
def enterprise_benefits(
    request: HttpRequest, enterprise_id: Id, asked: Query[Judged]
) -> dict[str, Any]:
    """`on`: the day on which the certificate is supposed to be issued."""
    found, judged = _judged(request, enterprise_id, HNTE_BENEFITS, asked)
    lang, whole = language(), judged.whole
    return {
        **_judgement(found, judged),
        "grants": [
            _with_origins(machine.grant(whole, one, lang), judged) for one in judged.judged.grants
        ],
        "assumptions": [one.say(lang) for one in assumptions_of(judged)],
        "supports": [
            {"article": one.cite, "gloss": one.gloss} for one in supports_on(judged.seen.on, lang)
        ],
    }


@read(
    "/assessments", answers.KeptLines, scope=ASSESSMENTS, name="assessments",
    summary="How all stand under a programme, with the filters and orders of their page",
)  # fmt: skip
def assessments(request: HttpRequest, asked: Query[KeptLines]) -> dict[str, Any]:
    """The lines of the last run, judged by what is open to the key's owner."""
    person = caller(request).person
    if not reads_assessments(person):
        raise Http404
    check_mark(asked.after, Readiness, asked.order)
    book = RULEBOOKS[asked.programme]
    known = tuple(one.id for one in book.criteria)
    for name in CRITERIA:
        value = getattr(asked, name)
        if value and value not in known:
            text = "没有条件“{name}”。可用的有：{known}"
            raise missing(message(text, name=value, known=known), field=name, value=value)
    if asked.body and not Body.objects.places().filter(pk=asked.body).exists():
        text = "没有编号为{key}的镇、街道或园区"
        raise missing(message(text, key=asked.body), field="body", value=asked.body)
    wanted = Asked(
        tidy(asked.q), asked.stands, asked.only, asked.fails, asked.lacks, body=asked.body
    )
    rows = filtered(ready(person, book.name), wanted)
    page = page_of(
        rows.select_related("enterprise__body"),
        order=asked.order,
        size=asked.limit,
        after=asked.after,
    )
    return {
        "programme": book.name,
        "items": [_line(row) for row in page.rows],
        "next": page.following,
        "total": rows.count() if asked.count else None,
    }


@read(
    "/assessments/runs", answers.AssessmentRuns, scope=ASSESSMENTS, name="assessment_runs",
    summary="Runs of the rules over many, the newest first",
)  # fmt: skip
def assessment_runs(request: HttpRequest, asked: Query[Page]) -> dict[str, Any]:
    """When, as of which day, over how many, and of how many it changed the lines."""
    if not reads_assessments(caller(request).person):
        raise Http404
    check_mark(asked.after, Run, NEWEST)
    rows = Run.objects.select_related("started_by")
    page = page_of(rows, order=NEWEST, size=asked.limit, after=asked.after)
    return {
        "items": [
            {
                "id": row.pk,
                "scope": row.scope,
                "programmes": row.rulebooks,
                "on": row.on,
                "known": row.known,
                "enterprises": row.enterprises,
                "changed": row.changed,
                "started_at": row.started_at,
                "ended_at": row.ended_at,
                "started_by": row.started_by.name if row.started_by else "",
            }
            for row in page.rows
        ],
        "next": page.following,
    }


def _judged(
    request: HttpRequest, key: int, book: Rulebook, asked: Judged
) -> tuple[Enterprise, Assessed]:
    """The enterprise and how it stands, as the key's owner may see it."""
    person, today = caller(request).person, office_day()
    found = Enterprise.objects.visible_to(person).filter(pk=key).first()
    if found is None or not may_read_assessment(person, found):
        raise missing(message("没有编号为{key}的企业", key=key), field="enterprise_id", value=key)
    on = day_of(asked.on, "on")
    known = min(day_of(asked.known, "known"), on, today)
    try:
        judged = assess_for(
            person, found, book, on=on, known=known, basis=asked.basis, lang=language()
        )
    except NotInForce:
        text = "{day}还没有这套规则，最早是{since}。请换一天"
        said = message(text, day=on.isoformat(), since=book.since.isoformat())
        raise missing(said, field="on", value=on.isoformat()) from None
    assert judged is not None  # who may not read it was told so above
    return found, judged


def _judgement(found: Enterprise, judged: Assessed) -> dict[str, Any]:
    book, seen, lang = judged.rulebook, judged.seen, language()
    return {
        "id": found.pk,
        "code": found.code,
        "name": found.name,
        "programme": book.name,
        "title": translate(book.title, lang),
        "version": book.version(),
        "on": seen.on,
        "known": seen.known,
        "basis": seen.basis,
        "left_out": [basis.value for basis in judged.left_out],
        "missing": [
            {
                "name": one.fact.name,
                "table": one.fact.table,
                "year": one.year,
                "row": one.row,
                "said": phrases.lacking(one, lang),
                "document": translate(one.fact.document, lang),
                "holder": translate(one.fact.holder, lang),
                "criteria": names,
            }
            for one, names in judged.missing()
        ],
        "flags": [
            {"id": flag.id, "text": translate(flag.text, lang), "article": flag.article}
            for flag in judged.flags
        ],
        "caution": translate(book.voice.caution, lang),
    }


def _with_origins(said: dict[str, Any], judged: Assessed) -> dict[str, Any]:
    """Beside each fact whose word it is and since when it was known."""
    for fact in said["facts"]:
        name, year = fact["name"], fact["year"]
        of = judged.facts.origins.get(
            name if year is None else f"{name}.{judged.seen.on.year - year}"
        )
        fact |= {"basis": of.basis if of else "", "recorded_on": of.recorded_on if of else None}
    return said


def _score(judged: Assessed) -> dict[str, Any] | None:
    found = judged.score
    if found is None:
        return None
    return {
        "low": found.low,
        "high": found.high,
        "over": found.scale,
        "needs_data": found.data_missing,
        "points_needed": judged.points_needed,
    }


def _points(found: Score | None) -> dict[str, int] | None:
    if found is None:
        return None
    return {"low": found.low, "high": found.high, "over": found.scale}


def _kept_points(row: Scored) -> dict[str, int] | None:
    if row.score_low is None or row.score_high is None:
        return None
    return {"low": row.score_low, "high": row.score_high, "over": row.score_over}


def _line(row: Readiness) -> dict[str, Any]:
    return {
        "enterprise": row.enterprise_id,
        "code": row.enterprise.code,
        "name": row.enterprise.name,
        "body": row.enterprise.body,
        "hard": _name(Outcome(row.hard)),
        "verdict": _name(Outcome(row.verdict)),
        "score": _kept_points(row),
        "points_needed": row.points_needed,
        "reachable": row.reachable,
        "unmet": row.unmet_criteria,
        "unknown": row.unknown_criteria,
        "on": row.on,
        "known": row.known,
        "basis": row.basis,
        "version": row.version,
        "computed_at": row.computed_at,
    }


def _name(outcome: Outcome) -> str:
    return outcome.name.lower()
