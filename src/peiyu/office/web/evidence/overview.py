"""Enterprises with open flags, what most hangs on first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.search import matching
from peiyu.office.portfolio.models import FlagCount
from peiyu.office.portfolio.permissions import reads_chains, reads_rights
from peiyu.office.portfolio.queries import flagged
from peiyu.office.web.answers import REFUSED, me, or_404
from peiyu.office.web.enterprises.forms import in_charge
from peiyu.office.web.evidence.sections import sections
from peiyu.office.web.pages import pager_of
from peiyu.office.web.tables import Column, Link, Row, Table
from peiyu.office.web.templatetags.say import said
from peiyu.policy.chain import BY_ID, CHECKS
from peiyu.words import Message, mark, message

SIZE, MOST_CHECKS = 24, 3
ORDERS = ("severe", "open", "on")
COLUMNS = (
    Column("enterprise", mark("企业"), kind="link", width="w24", phone="l1", fit="cut"),
    Column("body", mark("责任单位"), fit="line"),
    Column("severe", mark("关系硬指标"), kind="number", sort="severe", named=True),
    Column("open", mark("待核提示"), kind="number", sort="open", named=True),
    Column("checks", mark("没通过的核对项"), phone="wide"),
    Column("on", mark("核对日"), kind="date", sort="on", phone="hidden"),
)


class Filters(forms.Form):
    """By enterprise, by what was checked, by body."""

    q = forms.CharField(label=mark("企业名称、信用代码"), max_length=100, required=False)
    check = forms.ChoiceField(label=mark("核对项"), required=False)

    def __init__(self, data: Any, **more: Any) -> None:
        super().__init__(data, **more)
        check: Any = self.fields["check"]
        check.choices = [
            ("", said(mark("核对项"))),
            *((one.id, said(one.title)) for one in CHECKS),
        ]
        self.fields["body"] = in_charge()


@login_required
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """Where the chain of evidence does not agree; who reads only rights goes on to those."""
    person = me(request)
    if not reads_chains(person):
        or_404(reads_rights(person))
        return redirect("rights")
    filters = Filters(request.GET)
    right = filters.is_valid()
    rows = flagged(person) if right else FlagCount.objects.none()
    if right:
        given = filters.cleaned_data
        if given["q"].strip():
            rows = rows.filter(pk__in=matching(given["q"], Enterprise._meta.label_lower))
        if given["check"]:
            rows = rows.filter(by_check__has_key=given["check"])
        if given["body"]:
            rows = rows.filter(enterprise__body=given["body"])
    order = _order(request.GET.get("sort", ""))
    page = page_of(
        rows, order=order, size=SIZE, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    numbers = rows.aggregate(firms=Count("pk"), flags=Sum("open"))
    number = numbers["firms"]
    context: dict[str, Any] = {
        "filters": filters,
        "table": Table(
            COLUMNS, [_row(one) for one in page.rows], order=order, query=request.GET,
            label=mark("有待核提示的企业"),
        ),
        "pager": pager_of(request, page, number),
        "number": number,
        "open": numbers["flags"] or 0,
        "asked": any(request.GET.get(name) for name in filters.fields),
        "sections": sections(person, "evidence"),
    }  # fmt: skip
    return render(request, "evidence/overview.html", context, status=200 if right else REFUSED)


def _order(text: str) -> str:
    known = text.removeprefix("-") in ORDERS and text.count("-") <= 1
    return text if known else "-severe"


def _row(one: FlagCount) -> Row:
    firm = one.enterprise
    return Row(
        one.pk,
        {
            "enterprise": Link(firm.name, reverse("enterprise_evidence", args=[firm.pk])),
            "body": firm.body.short if firm.body else "",
            "severe": one.severe,
            "open": one.open,
            "checks": said(_checks(one)),
            "on": one.on,
        },
        name=firm.name,
    )


def _checks(one: FlagCount) -> Message | str:
    """The checks with the most flags, and how many others there are."""
    ids = sorted(
        (name for name in one.by_check if name in BY_ID), key=lambda name: -one.by_check[name]
    )
    words = tuple(message(BY_ID[name].title) for name in ids[:MOST_CHECKS])
    if not words:
        return ""
    if len(ids) > MOST_CHECKS:
        return message("{checks}等{number}项", checks=words, number=len(ids))
    return message("{checks}", checks=words)
