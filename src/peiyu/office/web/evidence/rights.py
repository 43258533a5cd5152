"""Rights across enterprises: the list, by technical field, who may be a strong-IP enterprise."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk import evidence_exports
from peiyu.office.desk.exports import needs_approval
from peiyu.office.desk.views import kept, newest_line
from peiyu.office.enterprises.classifications import fields, path_of
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.refusals import Refused
from peiyu.office.policies.programme import value_of
from peiyu.office.portfolio import listing
from peiyu.office.portfolio.models import IpRight
from peiyu.office.portfolio.permissions import reads_rights
from peiyu.office.portfolio.queries import (
    FieldCount,
    by_field,
    products_of_rights,
    strong_candidates,
)
from peiyu.office.web.answers import REFUSED, me, not_done, or_404
from peiyu.office.web.enterprises.listing import ticks
from peiyu.office.web.evidence import of_right
from peiyu.office.web.evidence.chain import row_url_of
from peiyu.office.web.evidence.sections import sections
from peiyu.office.web.exports.asking import ask_page
from peiyu.office.web.exports.sending import sent_list
from peiyu.office.web.pages import pager_of
from peiyu.office.web.tables import Column, Link, Row, Table
from peiyu.office.web.templatetags.say import language, said
from peiyu.policy.evidence import IP
from peiyu.words import mark, translate

SIZE, YEARS = 24, 5
OF_VISIT = ("after", "before")
COLUMNS = (
    Column("title", mark("名称"), kind="link", width="w16", phone="l1", fit="cut"),
    Column("enterprise", mark("企业"), kind="link", width="w14", phone="wide", fit="cut"),
    *of_right.COLUMNS,
)


@login_required
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Rights with class, age, fees and the products that they carry."""
    person = me(request)
    or_404(reads_rights(person))
    on = person.access.on
    days = int(value_of("ip_fee_days", on))
    filters = filters_of(request.GET, person, on, days)
    right = filters.is_valid()
    found: Any = filters.qs if right else IpRight.objects.none()
    order = listing.chosen_order(request.GET.get("sort", ""))
    page = page_of(
        listing.lines_of(found), order=order, size=SIZE, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    products = products_of_rights(person, [(line.enterprise, line.key) for line in page.rows])
    asked = f"rights {_kept(request.GET)}"
    number = kept(asked, person, newest_line(), found.count) if right else 0
    context: dict[str, Any] = {
        "filters": filters.form,
        **_boxes(filters.form, request.GET),
        "table": Table(
            COLUMNS, [_row(line, products, on, days) for line in page.rows], order=order,
            query=request.GET, label=mark("知识产权"),
        ),
        "pager": pager_of(request, page, number),
        "number": number,
        "days": days,
        "asked": any(request.GET.get(name) for name in filters.form.fields),
        "sections": sections(person, "rights"),
        "export": f"{reverse('rights_export')}?{_kept(request.GET)}",
    }  # fmt: skip
    return render(request, "evidence/rights.html", context, status=200 if right else REFUSED)


@login_required
@require_http_methods(["GET", "POST"])
def rights_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The filtered rights in the layout of the import; many have to be asked for."""
    person = me(request)
    or_404(evidence_exports.may_export_rights(person))
    query = _kept(request.GET)
    back = f"{reverse('rights')}?{query}"
    try:
        number = evidence_exports.enterprises_of_rights(query, person)
    except Refused as refusal:
        return not_done(request, refusal, back)
    if needs_approval(number, person.access.on):
        return ask_page(
            request, person, query=query, form="xlsx", number=number, back=back, page="rights"
        )
    if request.method == "POST":
        return redirect(request.get_full_path())
    write = partial(evidence_exports.write_rights, query=query, person=person)
    return sheet_answer(request, person, write, IP.title, query)


def sheet_answer(
    request: HttpRequest, person: User, write: Any, title: str, detail: str
) -> FileResponse:
    """A workbook written for this person, sent and noted in the log; nothing stays on the disk."""
    on = person.access.on
    return sent_list(
        request, person, "xlsx", partial(write, on=on, lang=language()), detail=detail,
        label=IpRight._meta.label_lower, name=f"{translate(title, language())}{on.isoformat()}",
    )  # fmt: skip


@login_required
@require_safe
def rights_by_field(request: HttpRequest) -> HttpResponse:
    """How many rights of each class each technical field has, how old they are, what is due."""
    person = me(request)
    or_404(reads_rights(person))
    on = person.access.on
    days = int(value_of("ip_fee_days", on))
    lines = kept("rights by field", person, newest_line(), lambda: by_field(person, on, days))
    context = {
        "lines": [_line_of(one, on) for one in lines],
        "years": [on.year - back for back in range(YEARS)],
        "days": days,
        "sections": sections(person, "rights_by_field"),
    }
    return render(request, "evidence/fields.html", context)


@login_required
@require_safe
def rights_strong(request: HttpRequest) -> HttpResponse:
    """Who has rights enough for a strong-IP enterprise, by conditions that are shown."""
    person = me(request)
    or_404(reads_rights(person))
    on = person.access.on
    least, every = int(value_of("strong_ip_class1", on)), int(value_of("strong_ip_all", on))
    found = strong_candidates(person, on, class_one=least, every=every)
    context = {
        "least": least,
        "every": every,
        "found": found,
        "sections": sections(person, "rights_strong"),
        "on": on,
    }
    return render(request, "evidence/strong.html", context)


def filters_of(asked: QueryDict, person: User, on: date, days: int) -> listing.Filters:
    """The filters with their words in the reader's language."""
    given = asked.copy()
    for key in list(given):
        given.setlist(key, [value for value in given.getlist(key) if value])
    filters = listing.Filters(given, listing.visible(person), on=on, days=days)
    for name in ("kind", "state", "ip_class", "field"):
        field: Any = filters.form.fields[name]
        field.choices = [(key, said(text)) for key, text in field.choices if key]
        if name != "kind":
            field.empty_label = said(field.label)
    return filters


def _boxes(form: Any, asked: QueryDict) -> dict[str, object]:
    """Filters of which several values may be ticked."""
    return {
        f"{name}s": ticks(name, form.fields[name].choices, asked.getlist(name))
        for name in ("kind", "town", "zone")
    }


def _row(line: Any, products: dict[tuple[int, str], list[str]], on: date, days: int) -> Row:
    title = line.title or line.key
    return Row(
        line.pk,
        {
            "title": Link(title, row_url_of(line.enterprise, "ip", line.key)),
            "enterprise": Link(line.enterprise__name, f"/enterprises/{line.enterprise}/"),
            **of_right.cells_of(line, products.get((line.enterprise, line.key)), on, days),
        },
        name=title,
    )


def _line_of(one: FieldCount, on: date) -> dict[str, Any]:
    names = [entry.name for entry in path_of(one.code, fields())]
    return {
        "count": one,
        "name": " › ".join(names) or said(mark("未填技术领域")),
        "href": f"{reverse('rights')}?field={one.code}" if one.code else "",
        "firms": len(one.firms),
        "years": [one.granted[on.year - back] for back in range(YEARS)],
    }


def _kept(asked: QueryDict) -> str:
    query = asked.copy()
    for name in OF_VISIT:
        query.pop(name, None)
    return query.urlencode()
