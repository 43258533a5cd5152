"""The list of certificates as of a day: filters above the rows, taking it away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk import certificate_exports, exports
from peiyu.office.desk.views import tidy_query
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications import listing
from peiyu.office.qualifications.listing import AsOf, as_of
from peiyu.office.qualifications.models import Certificate
from peiyu.office.qualifications.permissions import may_enter, reads_certificates
from peiyu.office.qualifications.queries import alarms
from peiyu.office.web.answers import REFUSED, me, not_done, or_404
from peiyu.office.web.certificates.words import state_shown, views_of
from peiyu.office.web.documents import AsOfDay
from peiyu.office.web.exports.asking import ask_page
from peiyu.office.web.exports.sending import sent_list
from peiyu.office.web.pages import pager_of
from peiyu.office.web.tables import Column, Kind, Link, Phone, Row, Table
from peiyu.office.web.templatetags.say import language, said
from peiyu.words import joined, mark, message

SIZE = 24
FORM, DAY = "as", certificate_exports.ON
"""The words of the address for xlsx or csv, and for the day."""
OF_VISIT = ("after", "before", FORM)
KINDS: dict[str, Kind] = {
    "link": "link", "status": "status", "date": "date", "tag": "tag", "num": "number",
}  # fmt: skip
PHONES: dict[str, Phone] = {"number": "l1", "enterprise": "wide", "state": "", "last_on": ""}
NAMED = ("last_on",)
LESS = ("gone_from", "issued_here", "order")
CHECK = SafeString(" checked")
CHECKED = ("body", "state", "order")
"""Filters of which several values may be ticked."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    href: str


@login_required
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """The list; to htmx only the results."""
    person = me(request)
    or_404(reads_certificates(person))
    asked = request.GET
    looked = AsOfDay({"on": asked.get(DAY)})
    dated = looked.is_valid()
    day = as_of((looked.cleaned_data.get("on") if dated else None) or person.access.on)
    filters = _filters(asked, person, day)
    right = filters.is_valid() and dated
    found = filters.qs if right else Certificate.objects.none()
    order = listing.chosen_order(asked.get("sort", ""))
    page = page_of(
        listing.lines_of(found, day), order=order, size=SIZE, after=asked.get("after", ""),
        before=asked.get("before", ""),
    )  # fmt: skip
    number = found.count() if right else 0
    context = {
        "filters": filters.form,
        "looked": looked,
        "day": day.on,
        "past": day.on != person.access.on,
        "table": Table(
            [_column(column) for column in listing.COLUMNS if column.first],
            [_row(line, day) for line in page.rows],
            order=order,
            query=asked,
            label=mark("证书名单"),
        ),
        "number": number,
        "pager": pager_of(request, page, number),
        "chips": _chips(filters, asked) if right else [],
        "views": views_of(person, "certificates"),
        "query": tidy_query(asked.urlencode()),
        "may_enter": may_enter(person),
    }
    part = (
        request.headers.get("HX-Request") == "true"
        and "HX-History-Restore-Request" not in request.headers
    )
    if not part:
        form = filters.form
        context["checked"] = [
            (said(form.fields[name].label), _ticks(name, form.fields[name].choices, asked))
            for name in CHECKED
        ]
        years = range(person.access.on.year, listing.FIRST_YEAR - 1, -1)
        context["years"] = [str(year) for year in years]
        context["lefts"] = [str(months) for months in reversed(alarms(day.readings))]
    answer = render(
        request,
        "certificates/_results.html" if part else "certificates/list.html",
        {**context, "part": part},
        status=200 if right else REFUSED,
    )
    answer["Vary"] = "HX-Request"
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def certificates_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The filtered list as a file; a large one has to be asked for, with its purpose."""
    person = me(request)
    or_404(certificate_exports.may_export_certificates(person))
    form = request.GET.get(FORM, "xlsx")
    or_404(form in exports.FORMS)
    query = tidy_query(_without(request.GET, *OF_VISIT))
    back = f"{reverse('certificates')}?{query}"
    try:
        number = certificate_exports.enterprises_asked(query, person)
    except Refused as refusal:
        return not_done(request, refusal, back)
    if exports.needs_approval(number, person.access.on):
        return ask_page(
            request, person, query=query, form=form, number=number, back=back, page="certificates",
        )  # fmt: skip
    if request.method == "POST":
        return redirect(request.get_full_path())
    on = person.access.on
    write = partial(
        certificate_exports.write_certificates, query=query, form=form, person=person, on=on,
        lang=language(), address=request.build_absolute_uri("/").rstrip("/"),
    )  # fmt: skip
    return sent_list(
        request, person, form, write, label=Certificate._meta.label_lower,
        name=f"{said(mark('证书'))}{on.isoformat()}", detail=query,
    )  # fmt: skip


def _filters(asked: QueryDict, person: User, day: AsOf) -> Any:
    given = asked.copy()
    for key in list(given):
        given.setlist(key, [value for value in given.getlist(key) if value])
    filters: Any = listing.Filters(given, listing.visible(person, day), day=day)
    form = filters.form
    form.fields["body"].choices = listing.places()
    for name in ("state", "order"):
        form.fields[name].choices = [(key, said(text)) for key, text in form.fields[name].choices]
    return filters


def _ticks(name: str, choices: Iterable[tuple[str, str]], asked: QueryDict) -> SafeString:
    chosen = asked.getlist(name)
    return format_html_join(
        "",
        '<label><input class="form-check-input" type="checkbox" name="{}" value="{}"{}> {}</label>',
        ((name, key, CHECK if key in chosen else "", text) for key, text in choices),
    )


def _chips(filters: Any, asked: QueryDict) -> list[Chip]:
    chips = []
    lang = language()
    for name, value in filters.form.cleaned_data.items():
        if value in (None, "", []) or not asked.get(name):
            continue
        field = filters.form.fields[name]
        choices = dict(getattr(field, "choices", ()))
        if isinstance(value, list):
            text = joined("、", (str(choices.get(one, one)) for one in value), lang)
        else:
            text = str(value)
        label = mark("搜索") if name == "q" else field.label
        words = message("{label}：{value}", label=message(label), value=text).say(lang)
        chips.append(Chip(words, f"?{_without(asked, name, *OF_VISIT)}"))
    return chips


def _column(column: listing.Column) -> Column:
    return Column(
        column.key,
        column.label,
        kind="link" if column.key == "enterprise" else KINDS.get(column.kind, "text"),
        sort=column.order,
        width="w24" if column.key == "enterprise" else "",
        phone=PHONES.get(column.key, "hidden"),
        named=column.key in NAMED,
        less=column.key in LESS,
        fit="cut" if column.key == "enterprise" else "line",
    )


def _row(line: Any, day: AsOf) -> Row:
    values: dict[str, object] = {
        column.key: column.value(line, day) for column in listing.COLUMNS if column.first
    }
    values["number"] = Link(line.number, f"/certificates/{line.pk}/")
    values["enterprise"] = Link(
        line.enterprise__name, f"/enterprises/{line.enterprise}/qualifications/"
    )
    values["state"] = state_shown(listing.state_of(line, day))
    return Row(line.pk, values, name=line.number)


def _without(asked: QueryDict, *names: str) -> str:
    query = asked.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
