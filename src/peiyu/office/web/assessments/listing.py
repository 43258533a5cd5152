"""Who stands where under a programme, from the kept lines: filters, funnel, near misses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peiyu.office.assessments import actions, listing
from peiyu.office.assessments.models import STANDS, Found, Readiness, Readinesses
from peiyu.office.assessments.permissions import may_reassess, reads_assessments
from peiyu.office.assessments.queries import criteria_unmet, last_run, overview, ready
from peiyu.office.assessments.readiness import CACHED
from peiyu.office.assessments.shown.words import outcome_shown, points, programme_titles
from peiyu.office.desk import assessment_exports, exports
from peiyu.office.desk.views import tidy_query
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.answers import REFUSED, done, me, not_done, or_404
from peiyu.office.web.assessments.sections import sections
from peiyu.office.web.enterprises.forms import in_charge
from peiyu.office.web.exports.asking import ask_page
from peiyu.office.web.exports.sending import sent_list
from peiyu.office.web.pages import pager_of
from peiyu.office.web.tables import Column, Link, Row, Status, Table
from peiyu.office.web.templatetags.say import language, said
from peiyu.policy.rulebook import Rulebook
from peiyu.words import joined, mark, message

SIZE, MOST_NAMED = 24, 2
STALE = timedelta(days=2)
"""Older than this the nightly run has failed."""
FORM = "as"
"""The word of the address for xlsx or csv."""
COLUMNS = (
    Column("enterprise", mark("企业"), kind="link", width="w24", phone="l1", fit="cut"),
    Column("body", mark("责任单位"), fit="line"),
    Column("hard", mark("数据条件"), kind="status"),
    Column("unmet", mark("不符合的"), phone="wide"),
    Column("unmet_count", mark("不符合"), kind="number", sort="unmet_count", phone="hidden"),
    Column("unknown_count", mark("资料不足"), kind="number", sort="unknown_count", named=True),
    Column("score", mark("评分"), sort="score_high", named=True, fit="line"),
    Column("needed", mark("还要几分"), kind="number", sort="points_needed", phone="hidden"),
)


class Filters(forms.Form):
    """By programme, words, body, how it stands, a criterion that is not met or not known."""

    book = forms.ChoiceField(label=mark("项目"), required=False)
    q = forms.CharField(label=mark("企业名称、信用代码"), max_length=100, required=False)
    stands = forms.ChoiceField(label=mark("怎样"), required=False)
    only = forms.ChoiceField(label=mark("只差这一项"), required=False)
    fails = forms.ChoiceField(label=mark("这一项不符合"), required=False)
    lacks = forms.ChoiceField(label=mark("这一项资料不足"), required=False)

    def __init__(self, data: Any, book: Rulebook, **more: Any) -> None:
        super().__init__(data, **more)
        criteria = [(one.id, said(one.title)) for one in book.criteria]
        self._choose("book", list(programme_titles(CACHED, said)), "")
        self._choose("stands", [(key, said(words)) for key, words in STANDS], mark("怎样"))
        self._choose("only", criteria, mark("只差这一项"))
        self._choose("fails", criteria, mark("这一项不符合"))
        self._choose("lacks", criteria, mark("这一项资料不足"))
        self.fields["body"] = in_charge()

    def asked(self) -> listing.Asked:
        """As the list takes it."""
        given = dict(self.cleaned_data)
        del given["book"]
        body = given.pop("body")
        return listing.Asked(**given, body=body.pk if body else None)

    def _choose(self, name: str, choices: list[tuple[str, str]], empty: str) -> None:
        field: Any = self.fields[name]
        field.choices = [*([("", said(empty))] if empty else []), *choices]


@login_required
@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    """The list, the funnel above it, the criteria beside it."""
    person = me(request)
    or_404(reads_assessments(person))
    book = listing.book_named(request.GET.get("book", ""))
    filters = Filters(request.GET, book)
    valid = filters.is_valid()
    every = ready(person, book.name)
    rows = listing.filtered(every, filters.asked()) if valid else every.none()
    order = listing.chosen_order(request.GET.get("sort", ""))
    page = page_of(
        rows.select_related("enterprise__body"), order=order, size=SIZE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    number = rows.count()
    run = last_run()
    titles = {one.id: said(one.title) for one in book.criteria}
    context: dict[str, Any] = {
        "filters": filters,
        "book": book,
        "table": Table(
            COLUMNS, [_row(one, book, titles) for one in page.rows], order=order, query=request.GET,
            label=mark("测评"),
        ),
        "pager": pager_of(request, page, number),
        "number": number,
        "asked": any(request.GET.get(name) for name in filters.fields if name != "book"),
        "run": run,
        "stale": run is not None and run.ended_at is not None
        and office_now() - run.ended_at > STALE,
        "steps": _steps(every, book),
        "criteria": _criteria(every, book),
        "sections": sections("assessments"),
        "may_reassess": may_reassess(person) and not actions.jobs_under_way(),
        "may_export": assessment_exports.may_export_assessments(person),
        "query": tidy_query(request.GET.urlencode()),
    }  # fmt: skip
    return render(request, "assessments/list.html", context, status=200 if valid else REFUSED)


@login_required
@require_http_methods(["GET", "POST"])
def assessments_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The filtered list as a file; a large one has to be asked for, with its purpose."""
    person = me(request)
    or_404(assessment_exports.may_export_assessments(person))
    form = request.GET.get(FORM, "xlsx")
    or_404(form in exports.FORMS)
    query = _asked(request)
    back = f"{reverse('assessments')}?{query}"
    try:
        number = assessment_exports.number_asked(query, person)
    except Refused as refusal:
        return not_done(request, refusal, back)
    on = person.access.on
    if exports.needs_approval(number, on):
        return ask_page(
            request, person, query=query, form=form, number=number, back=back, page="assessments"
        )
    if request.method == "POST":
        return redirect(request.get_full_path())
    write = partial(
        assessment_exports.write_assessments, query=query, form=form, person=person, on=on,
        address=request.build_absolute_uri("/").rstrip("/"), lang=language(),
    )  # fmt: skip
    return sent_list(
        request, person, form, write, label=Readiness._meta.label_lower,
        name=f"{said(mark('测评'))}{on.isoformat()}", detail=query,
    )  # fmt: skip


@login_required
@require_POST
def list_reassess(request: HttpRequest) -> HttpResponse:
    """Have those of the filtered list judged anew in the worker."""
    person = me(request)
    or_404(may_reassess(person))
    query = _asked(request)
    back = f"{reverse('assessments')}?{query}"
    try:
        _, rows = assessment_exports.found_by(query, person)
        actions.reassess(keys=list(rows.values_list("enterprise", flat=True)), actor=person)
    except Refused as refusal:
        return not_done(request, refusal, back)
    return done(request, message("已开始测评这份清单，完成后结果就在这里"), back)


def _asked(request: HttpRequest) -> str:
    """What is asked of the list, without the page of it and the form of the file."""
    given = request.GET.copy()
    for name in ("after", "before", FORM):
        given.pop(name, None)
    return tidy_query(given.urlencode())


def _row(one: Readiness, book: Rulebook, titles: Mapping[str, str]) -> Row:
    firm, lang = one.enterprise, language()
    names = [titles[name] for name in one.unmet_criteria if name in titles]
    unmet = joined("、", names[:MOST_NAMED], lang)
    if len(names) > MOST_NAMED:
        unmet = message("{names}等{number}项", names=unmet, number=len(names)).say(lang)
    return Row(
        one.pk,
        {
            "enterprise": Link(firm.name, reverse("assessment_of", args=[firm.pk, book.name])),
            "body": firm.body.short if firm.body else "",
            "hard": Status(*outcome_shown(one.hard)),
            "unmet": unmet,
            "unmet_count": one.unmet_count,
            "unknown_count": one.unknown_count,
            "score": points(one.score_span),
            "needed": one.points_needed,
        },
        name=firm.name,
    )


def _steps(every: Readinesses, book: Rulebook) -> list[tuple[str, int, str, str]]:
    """How many stand where: words, number, shape, address."""
    found = overview(every)
    at = reverse("assessments")
    asked = {"book": book.name}
    steps = [
        (mark("测评了"), found.total, "", f"{at}?{urlencode(asked)}"),
        (mark("数据条件全部符合"), found.hard[Found.MET], "met", _at(at, asked, "hard_met")),
        (mark("资料不足"), found.hard[Found.UNKNOWN], "unk", _at(at, asked, "unknown")),
        (mark("有不符合的"), found.hard[Found.UNMET], "bad", _at(at, asked, "unmet")),
    ]
    if book.total is not None:
        steps.append((mark("评分已达不到"), found.out_of_reach, "bad", _at(at, asked, "out")))
    return steps


def _at(at: str, asked: dict[str, str], stands: str) -> str:
    return f"{at}?{urlencode({**asked, 'stands': stands})}"


def _criteria(every: Readinesses, book: Rulebook) -> list[tuple[str, int, int, str, str]]:
    """Each criterion with how many fail it and of how many it is not known, with their addresses."""
    counts = criteria_unmet(every)
    at = reverse("assessments")
    lines = []
    for one in book.criteria:
        unmet, unknown = counts.get(one.id, (0, 0))
        if unmet or unknown:
            fails = f"{at}?{urlencode({'book': book.name, 'fails': one.id})}"
            lacks = f"{at}?{urlencode({'book': book.name, 'lacks': one.id})}"
            lines.append((one.title, unmet, unknown, fails, lacks))
    return sorted(lines, key=lambda line: -line[1])
