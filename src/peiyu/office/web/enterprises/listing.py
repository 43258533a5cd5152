"""The list of enterprises: filters beside the rows, saved views, columns, taking it away."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peiyu.office.accounts.models import Body, User
from peiyu.office.accounts.models.bodies import PLACES
from peiyu.office.assessments.shown.words import outcome_shown
from peiyu.office.desk import enterprise_list, exports
from peiyu.office.desk.figure_exports import may_export_figures
from peiyu.office.desk.models import SavedView
from peiyu.office.desk.permissions import may_change_view, may_export, may_share_view
from peiyu.office.desk.views import counts_of, forget_view, save_view, tidy_query, views_of
from peiyu.office.enterprises import listing
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.enterprises.permissions import is_bureau, may_propose
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.answers import REFUSED, done, form_page, me, not_done, or_404, sent, tried
from peiyu.office.web.enterprises.forms import NewView
from peiyu.office.web.exports.asking import ask_page
from peiyu.office.web.exports.sending import sent_list
from peiyu.office.web.tables import Column, Kind, Link, Pager, Phone, Row, Table
from peiyu.office.web.tables import Status as Shown
from peiyu.office.web.templatetags.say import language, said
from peiyu.words import joined, mark, message

PAGE = "enterprises"
SIZE = 24
FORM = "as"
"""The word of the address for xlsx or csv; `form` is the legal form."""
OF_VISIT = ("after", "before", FORM)
SHAPES = {
    Status.ACTIVE: "met", Status.CLOSED: "na", Status.REVOKED: "bad",
    Status.GONE: "na", Status.MERGED: "na",
}  # fmt: skip
KINDS: dict[str, Kind] = {
    "link": "link", "status": "status", "date": "date", "day": "date", "tag": "tag", "num": "number",
}  # fmt: skip
PHONES: dict[str, Phone] = {"name": "l1", "status": "", "town": "", "industry_name": ""}
WIDTHS = {"name": "w16", "industry_name": "w10", "field_name": "w14", "legal_form": "w7"}
"""Columns of long words: each line of the list keeps to one line of text."""
CHECK, SELECT = SafeString(" checked"), SafeString(" selected")
CHECKED = ("town", "zone", "status", "form", "lacks")
"""Filters of which several values may be ticked."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view as a tab."""

    label: str
    href: str
    number: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    href: str


@login_required
@require_safe
def enterprises(request: HttpRequest) -> HttpResponse:
    """The list; to htmx only the results and what depends on them."""
    person = me(request)
    or_404(not person.access.is_administrator)
    asked = request.GET
    if len(asked.getlist("columns")) > 1:
        return redirect(
            f"{request.path}?{_with(asked, columns=','.join(asked.getlist('columns')))}"
        )
    filters = _filters(asked, person)
    right = filters.is_valid()
    found = filters.qs if right else Enterprise.objects.none()
    order = listing.chosen_order(asked.get("sort", ""))
    columns = enterprise_list.chosen_columns(asked.get("columns", ""), person)
    page = page_of(
        enterprise_list.lines_of(found, columns, person),
        order=order,
        size=SIZE,
        after=asked.get("after", ""),
        before=asked.get("before", ""),
    )
    number = found.count() if right else 0
    every = enterprise_list.columns_for(person)
    query = tidy_query(asked.urlencode())
    views = views_of(person, PAGE)
    context = {
        "filters": filters.form,
        "table": Table(
            [_column(column) for column in columns],
            [_row(enterprise, columns) for enterprise in page.rows],
            order=order,
            query=asked,
            label=mark("企业列表"),
            choose=may_export(person) or is_bureau(person),
        ),
        "number": number,
        "pager": _pager(asked, page, number),
        "chips": _chips(filters, asked) if right else [],
        "tabs": _tabs(views, person, query),
        "query": query,
        "columns": ticks(
            "columns",
            [(column.key, said(column.label)) for column in every],
            [column.key for column in columns],
        ),
        "all_columns": len(every),
        "shown": len(columns),
        "kept": [(key, asked[key]) for key in ("columns", "sort") if asked.get(key)],
        "others": [
            (k, v) for k in asked for v in asked.getlist(k) if k not in (*OF_VISIT, "columns")
        ],
        "own_view": next(
            (v for v in views if v.query == query and query and may_change_view(person, v)), None
        ),
        "may_export": may_export(person),
        "may_export_figures": may_export_figures(person),
        "may_assign": is_bureau(person),
        "may_propose": may_propose(person),
        "finds_duplicates": is_bureau(person),
    }
    part = (
        request.headers.get("HX-Request") == "true"
        and "HX-History-Restore-Request" not in request.headers
    )
    if not part:
        context |= _choices(filters.form, asked)
    answer = render(
        request,
        "enterprises/_results.html" if part else "enterprises/list.html",
        {**context, "part": part},
        status=200 if right else REFUSED,
    )
    answer["Vary"] = "HX-Request"
    if part:
        answer["HX-Push-Url"] = f"{reverse('enterprises')}{'?' if query else ''}{query}"
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def enterprises_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The filtered list as a file; a large one has to be asked for, with its purpose."""
    person = me(request)
    or_404(may_export(person) and not person.access.is_administrator)
    on, form = person.access.on, request.GET.get(FORM, "xlsx")
    or_404(form in exports.FORMS)
    query = tidy_query(_without(request.GET, *OF_VISIT))
    back = f"{reverse('enterprises')}?{query}"
    try:
        _, _, number = exports.rows_asked(query, person)
    except Refused as refusal:
        return not_done(request, refusal, back)
    if exports.needs_approval(number, on):
        return ask_page(request, person, query=query, form=form, number=number, back=back)
    if request.method == "POST":
        return redirect(request.get_full_path())
    write = partial(
        exports.write_list, query=query, form=form, person=person, on=on, lang=language(),
        address=request.build_absolute_uri("/").rstrip("/"),
    )  # fmt: skip
    return sent_list(
        request, person, form, write, label=Enterprise._meta.label_lower,
        name=f"{said(mark('企业'))}{on.isoformat()}", detail=query,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the address under a name."""
    person = me(request)
    or_404(not person.access.is_administrator)
    query = tidy_query(request.GET.urlencode())
    back = f"{reverse('enterprises')}?{query}"
    form = NewView(sent(request), may_share=may_share_view(person))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = partial(
            save_view,
            page=PAGE,
            name=given["name"],
            query=query,
            shared=given.get("shared", False),
            actor=person,
        )
        if tried(form, act):
            return done(request, message("视图“{name}”已存", name=given["name"]), back)
    return form_page(request, form, title=mark("存为视图"), send=mark("存视图"), back=back)


@login_required
@require_POST
def view_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own view."""
    person = me(request)
    view = get_object_or_404(SavedView.objects.visible_to(person).filter(page=PAGE), pk=pk)
    try:
        forget_view(view, actor=person)
    except Refused as refusal:
        return not_done(request, refusal, reverse("enterprises"))
    return done(request, message("视图“{name}”已删", name=view.name), reverse("enterprises"))


def _filters(asked: QueryDict, person: User) -> Any:
    """The filters with the bodies that they offer, read once for choosing, checking and naming."""
    given = asked.copy()
    for key in list(given):
        given.setlist(key, [value for value in given.getlist(key) if value])
    rows = listing.visible(person, merged=bool(given.get("merged")))
    filters: Any = enterprise_list.Filters(given, rows, person=person)
    places = Body.objects.filter(kind__in=PLACES)
    bodies = list(places.order_by("code").values_list("pk", "short", "kind"))
    fields = filters.form.fields
    fields["zone"].choices = [(str(key), short) for key, short, kind in bodies if kind == "zone"]
    fields["town"].choices = [(str(key), short) for key, short, kind in bodies if kind != "zone"]
    for name in ("status", "form", "lacks", *enterprise_list.OF_STANDING):
        if name not in fields:
            continue
        fields[name].choices = [(key, said(text)) for key, text in fields[name].choices]
    return filters


def _choices(form: Any, asked: QueryDict) -> dict[str, object]:
    """The filter bar's boxes and options; drawn here, for a template takes ten times as long."""
    boxes = [
        (
            said(form.fields[name].label),
            ticks(name, form.fields[name].choices, asked.getlist(name)),
        )
        for name in CHECKED
    ]
    selects = []
    for name in ("industry", "field", *enterprise_list.OF_STANDING):
        if name not in form.fields:
            continue
        label = said(form.fields[name].label)
        selects.append((name, label, _options(label, form.fields[name].choices, asked.get(name))))
    return {
        "checked": boxes[:3],
        "selects": selects[:2],
        "more": boxes[3:],
        "standing": selects[2:],
    }


def ticks(name: str, choices: Iterable[tuple[str, str]], chosen: Container[str]) -> SafeString:
    """Check boxes of a filter, as HTML."""
    return format_html_join(
        "",
        '<label><input class="form-check-input" type="checkbox" name="{}" value="{}"{}> {}</label>',
        ((name, key, CHECK if key in chosen else "", text) for key, text in choices),
    )


def _options(label: str, choices: Iterable[tuple[str, str]], chosen: str | None) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (key, SELECT if key and key == chosen else "", text)
            for key, text in [("", label), *choices]
            if key or text == label
        ),
    )


def _chips(filters: Any, asked: QueryDict) -> list[Chip]:
    """What is filtered, in words, each with the address without it."""
    return [
        Chip(words, f"?{_without(asked, name, *OF_VISIT)}")
        for name, words in filter_words(filters, asked)
    ]


def filter_words(filters: Any, asked: Any) -> Iterator[tuple[str, str]]:
    """Each filter that was asked for, in the words of the reader."""
    lang = language()
    for name, value in filters.form.cleaned_data.items():
        if value in (None, "", []) or not asked.get(name):
            continue
        field = filters.form.fields[name]
        choices = dict(getattr(field, "choices", ()))
        if isinstance(value, list):
            text = joined("、", (str(choices.get(one, one)) for one in value), lang)
        elif name == "chosen":
            text = str(len(value.split(",")))
        elif isinstance(value, bool):
            text = said(mark("是")) if value else said(mark("否"))
        else:
            text = str(choices.get(value, value)).strip()
        label = mark("搜索") if name == "q" else field.label
        words = message("{label}：{value}", label=message(label), value=text).say(lang)
        yield name, words


def _tabs(views: list[SavedView], person: User, query: str) -> list[Tab]:
    everything = SavedView(query="")
    counts = counts_of([everything, *views], person)
    first = Tab(mark("全部"), reverse("enterprises"), counts[everything.pk], not query)
    others = [Tab(v.name, f"?{v.query}", counts[v.pk], v.query == query) for v in views]
    return [first, *others]


def _column(column: listing.Column) -> Column:
    kind = "label" if column.key == "legal_form" else KINDS.get(column.kind, "text")
    kind = "status" if column.key == "hard" else kind
    return Column(
        column.key,
        column.label,
        kind=kind,
        sort=column.order,
        width=WIDTHS.get(column.key, ""),
        phone=PHONES.get(column.key, "hidden"),
        fit="cut" if column.key in WIDTHS else "line",
        less=column.key in ("code", "industry", "field", "legal_form", "changed_at", "id"),
    )


def _row(line: Any, columns: tuple[listing.Column, ...]) -> Row:
    values: dict[str, object] = {column.key: column.value(line) for column in columns}
    if "name" in values:
        values["name"] = Link(line.name, f"/enterprises/{line.pk}/")
    if "status" in values:
        status = Status(line.status)
        values["status"] = Shown(SHAPES[status], status.label)
    if values.get("hard"):
        values["hard"] = Shown(*outcome_shown(line.ready_hard))
    return Row(line.pk, values, name=line.name)


def _pager(asked: QueryDict, page: Any, number: int) -> Pager:
    def to(**mark_: str) -> str:
        query = asked.copy()
        for gone in OF_VISIT:
            query.pop(gone, None)
        for key, value in mark_.items():
            query[key] = value
        return f"?{query.urlencode()}"

    return Pager(
        shown=len(page.rows),
        number=number,
        first=to() if page.preceding else "",
        previous=to(before=page.preceding) if page.preceding else "",
        next=to(after=page.following) if page.following else "",
    )


def _with(asked: QueryDict, **values: str) -> str:
    query = asked.copy()
    for key, value in values.items():
        query[key] = value
    return query.urlencode()


def _without(asked: QueryDict, *names: str) -> str:
    query = asked.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
