"""In which recognitions rights were used, by whichever enterprise."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio import actions
from peiyu.office.portfolio.models import IpUse
from peiyu.office.portfolio.permissions import may_keep_uses, reads_rights
from peiyu.office.web.answers import REFUSED, Because, done, form_page, me, or_404, sent, tried
from peiyu.office.web.evidence.forms import Use
from peiyu.office.web.evidence.sections import sections
from peiyu.office.web.pages import pager_of
from peiyu.office.web.tables import Column, Link, Row, Status, Table
from peiyu.office.web.templatetags.say import language
from peiyu.policy.patents import bare
from peiyu.words import mark, message

SIZE = 24
COLUMNS = (
    Column("number", mark("授权号"), phone="l1", fit="line"),
    Column("used_by", mark("使用企业"), kind="link", phone="wide"),
    Column("used_on", mark("使用日期"), kind="date", sort="used_on", named=True),
    Column("successful", mark("当次获得认定"), kind="status"),
    Column("valid_to", mark("资格有效期至"), kind="date", named=True),
    Column("source", mark("依据"), phone="hidden"),
    Column("withdraw", "", kind="link"),
)
OUTCOMES = {
    True: Status("met", mark("是")), False: Status("na", mark("否")), None: Status("unk", mark("不知道"))
}  # fmt: skip
FORM = require_http_methods(["GET", "HEAD", "POST"])


class Filters(forms.Form):
    """By number or by who used it."""

    q = forms.CharField(label=mark("授权号、使用企业"), max_length=100, required=False)


@login_required
@require_safe
def uses(request: HttpRequest) -> HttpResponse:
    """All that are known, the newest first."""
    person = me(request)
    or_404(reads_rights(person))
    filters = Filters(request.GET)
    right = filters.is_valid()
    rows = IpUse.objects.filter(withdrawn_on=None) if right else IpUse.objects.none()
    words = filters.cleaned_data["q"].strip() if right else ""
    if words:
        rows = rows.filter(
            Q(number__startswith=bare(words))
            | Q(used_by__icontains=words)
            | Q(enterprise__name__icontains=words)
        )
    page = page_of(
        rows.select_related("enterprise", "source"), order="-used_on", size=SIZE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    keeps = may_keep_uses(person)
    seen = set(
        Enterprise.objects.visible_to(person)
        .filter(pk__in=[one.enterprise_id for one in page.rows if one.enterprise_id])
        .values_list("pk", flat=True)
    )
    columns = COLUMNS if keeps else COLUMNS[:-1]
    number = rows.count()
    context = {
        "filters": filters,
        "table": Table(
            columns, [_row(one, seen) for one in page.rows], order="-used_on", query=request.GET,
            label=mark("使用记录"),
        ),
        "pager": pager_of(request, page, number),
        "number": number,
        "asked": bool(words),
        "may_keep": keeps,
        "sections": sections(person, "uses"),
    }  # fmt: skip
    return render(request, "evidence/uses.html", context, status=200 if right else REFUSED)


@login_required
@FORM
def use_new(request: HttpRequest) -> HttpResponse:
    """`?number=`: say that a right was used."""
    person = me(request)
    or_404(may_keep_uses(person))
    form = Use(sent(request), initial={"number": request.GET.get("number", "")[:60]})
    if request.method == "POST" and form.is_valid():
        act = partial(_recorded, form, person)
        if tried(form, act):
            return done(request, message("已登记使用"), reverse("uses"))
    return form_page(
        request, form, title=mark("登记知识产权的使用"), send=mark("登记"), back=reverse("uses"),
        note=mark("同一件Ⅱ类知识产权只能在一次成功的认定中使用；在别处用过的也要登"),
    )  # fmt: skip


@login_required
@FORM
def use_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it was not so."""
    person = me(request)
    or_404(may_keep_uses(person))
    use = get_object_or_404(IpUse.objects.filter(withdrawn_on=None), pk=pk)
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.withdraw_use, use, reason=form.cleaned_data["reason"], actor=person)
        if tried(form, act):
            return done(request, message("已撤下"), reverse("uses"))
    return form_page(
        request, form, title=mark("撤下使用记录"), send=mark("撤下"), back=reverse("uses"),
        name=use.number,
    )  # fmt: skip


def _recorded(form: Use, person: User) -> IpUse:
    given = form.cleaned_data
    who = given["used_by"].strip()
    firm = Enterprise.objects.filter(Q(code=who) | Q(name=who)).first() if who else None
    return actions.record_use(
        given["number"], used_by=who, used_on=given["used_on"],
        successful={"yes": True, "no": False}.get(given["successful"]), valid_to=given["valid_to"],
        enterprise=firm, source=of_document(given["document"].strip(), actor=person), actor=person,
        on=person.access.on,
    )  # fmt: skip


def _row(one: IpUse, seen: set[int]) -> Row:
    who: object = one.enterprise.name if one.enterprise else one.used_by
    if one.enterprise_id in seen:
        who = Link(str(who), f"/enterprises/{one.enterprise_id}/")
    return Row(
        one.pk,
        {
            "number": one.number,
            "used_by": who,
            "used_on": one.used_on,
            "successful": OUTCOMES[one.successful],
            "valid_to": one.valid_to,
            "source": one.source.title,
            "withdraw": Link(
                message("撤下").say(language()), reverse("use_withdraw", args=[one.pk])
            ),
        },
        name=one.number,
    )
