"""The goals of the plan, the rows behind them, the series of value added."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import Body, User
from peiyu.office.desk.views import kept, newest_line
from peiyu.office.goals.actions import state_share, withdraw_share
from peiyu.office.goals.permissions import reads_goals, states_share
from peiyu.office.goals.queries import (
    Progress,
    Share,
    progress,
    recognitions,
    standing_shares,
    versions_of,
)
from peiyu.office.policies.queries import chosen_on
from peiyu.office.qualifications.listing import ORDER_WORDS
from peiyu.office.qualifications.models import Certificate
from peiyu.office.qualifications.queries import MOVED_IN, newly
from peiyu.office.statistics.counts import by_body, by_year
from peiyu.office.web.answers import REFUSED, Because, done, form_page, me, or_404, sent, tried
from peiyu.office.web.bars import bars_of
from peiyu.office.web.documents import AsOfDay
from peiyu.office.web.goals.forms import ShareForm, after_conflict
from peiyu.office.web.goals.tiles import period, tiles_of
from peiyu.office.web.pages import part_of
from peiyu.office.web.tables import Column, Link, Pager, Row, Table
from peiyu.policy.parameters import NotInForce
from peiyu.policy.plan import plan_on
from peiyu.words import mark, message

FORM = require_http_methods(["GET", "HEAD", "POST"])
SIZE = 100
HUNDREDTHS = 100 * 100
"""Of a per cent, in the whole."""
READINGS = [
    "newly_recognised", "counted_day", "first_recognition", "after_gap", "gap_begins", "stock_goal",
    "value_added_share", "attribution",
]  # fmt: skip
"""The open words on which these numbers depend."""
COLUMNS = (
    Column("on", mark("计入日"), kind="date"),
    Column("enterprise", mark("企业"), kind="link", width="w30", phone="l1", fit="cut"),
    Column("body", mark("当时的责任单位"), fit="line"),
    Column("order", mark("第几次"), kind="tag"),
    Column("new", mark("算新认定"), kind="label", named=True),
    Column("number", mark("证书编号"), kind="link", phone="hidden", fit="line"),
)
WORDS = {**dict(ORDER_WORDS), MOVED_IN: mark("整体迁入")}


@login_required
@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """The three goals as of a day, by body and by year, with the readings they hang on."""
    person = me(request)
    or_404(reads_goals(person))
    looked, on = _day(request, person)
    found = _progress(on, person)
    context: dict[str, Any] = {"looked": looked, "on": on, "past": on != person.access.on}
    if found is not None:
        years = by_year(found.plan.years(on), on, found.counts, person=person)
        bodies = by_body(on, found.counts, person=person)
        stocks = bars_of([(str(line.year), line.stock) for line in years], aim=found.stock_aim)
        news = bars_of(
            [(line.body.short if line.body else "", line.new) for line in bodies.lines]
        )  # fmt: skip
        context |= {
            "found": found,
            "tiles": tiles_of(found),
            "years": list(zip(years, stocks, strict=True)),
            "bodies": list(zip(bodies.lines, news, strict=True)),
            "sums": bodies,
            "readings": chosen_on(on, READINGS),
            "list": f"{reverse('certificates')}?on={on.isoformat()}&state=in_force&state=expiring",
            "states_share": states_share(person),
        }
    status = 200 if looked.is_valid() else REFUSED
    return render(request, "goals/goals.html", context, status=status)


@login_required
@require_safe
def goals_new(request: HttpRequest) -> HttpResponse:
    """The rows behind the first goal: every recognition of the plan, and whether it counts as new."""
    person = me(request)
    or_404(reads_goals(person))
    looked, on = _day(request, person)
    rows: list[Row] = []
    pager: Pager | None = None
    try:
        every = recognitions(on, person)
    except NotInForce:
        every = None
    new = {one.certificate for one in newly(every or ())}
    if every is not None:
        every.sort(key=lambda one: (one.on, one.certificate), reverse=True)
        shown, pager = part_of(request, every, SIZE)
        named = Certificate.objects.select_related("enterprise").in_bulk(
            [one.certificate for one in shown]
        )
        bodies = dict(Body.objects.places().values_list("pk", "short"))
        rows = [
            Row(
                one.certificate,
                {
                    "on": one.on,
                    "enterprise": Link(
                        named[one.certificate].enterprise.name,
                        f"/enterprises/{one.enterprise}/qualifications/",
                    ),
                    "body": bodies.get(one.body or 0, ""),
                    "order": WORDS[one.order],
                    "new": mark("算") if one.certificate in new else mark("不算"),
                    "number": Link(
                        named[one.certificate].number, f"/certificates/{one.certificate}/"
                    ),
                },
                name=named[one.certificate].number,
            )
            for one in shown
        ]
    context = {
        "looked": looked, "on": on, "plan": plan_on(on) if every is not None else None,
        "number": len(new), "past": on != person.access.on,
        "table": Table(COLUMNS, rows, label=mark("认定明细")), "pager": pager,
    }  # fmt: skip
    status = 200 if looked.is_valid() else REFUSED
    return render(request, "goals/new.html", context, status=status)


@login_required
@require_safe
def goals_share(request: HttpRequest) -> HttpResponse:
    """The series of value added: each period with its share, source and versions."""
    person = me(request)
    or_404(reads_goals(person))
    shares = [Share(row) for row in standing_shares()]
    try:
        aim = int(plan_on(person.access.on).share * HUNDREDTHS)
    except NotInForce:
        aim = None
    context = {
        "shares": [
            (share, period(share.figure.year, share.figure.month), bar)
            for share, bar in zip(
                shares, bars_of([("", int(share.percent * 100)) for share in shares], aim=aim),
                strict=True,
            )
        ],
        "may_state": states_share(person),
    }  # fmt: skip
    return render(request, "goals/share.html", context)


@login_required
@require_safe
def goals_share_versions(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """All versions of a period, the newest first."""
    person = me(request)
    or_404(reads_goals(person))
    versions = versions_of(year, month) if year < 10_000 and month < 13 else []
    or_404(bool(versions))
    context = {
        "period": period(year, month), "year": year, "month": month,
        "versions": [Share(row) for row in versions],
        "may_state": states_share(person) and not versions[0].withdrawn,
    }  # fmt: skip
    return render(request, "goals/share_versions.html", context)


@login_required
@never_cache
@FORM
def goals_share_state(request: HttpRequest) -> HttpResponse:
    """State both sums of a period, or correct them."""
    person = me(request)
    or_404(states_share(person))
    form = ShareForm(sent(request), initial=_initial(request))
    if request.method == "POST" and form.is_valid():

        @transaction.atomic
        def act() -> object:
            return state_share(
                **form.values(), source=form.source(person), on=person.access.on, actor=person
            )

        if not tried(form, act):
            form = after_conflict(form)
        else:
            given = form.cleaned_data
            said = message("{period}的增加值已登记", period=period(given["year"], given["month"]))
            return done(request, said, reverse("goals_share"))
    return form_page(
        request, form, title=mark("登记增加值"), send=mark("登记"), back=reverse("goals_share")
    )


@login_required
@never_cache
@FORM
def goals_share_withdraw(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Take back what was stated of a period."""
    person = me(request)
    or_404(states_share(person) and year < 10_000 and month < 13)
    rows = versions_of(year, month)
    or_404(bool(rows) and not rows[0].withdrawn)
    form = Because(sent(request))
    back = reverse("goals_share")
    if request.method == "POST" and form.is_valid():
        act = partial(withdraw_share, year=year, month=month, on=person.access.on, actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            said = message("{period}的增加值已撤回", period=period(year, month))
            return done(request, said, back)
    return form_page(
        request, form, title=mark("撤回增加值"), send=mark("撤回"), back=back,
        note=period(year, month),
    )  # fmt: skip


def _day(request: HttpRequest, person: User) -> tuple[AsOfDay, date]:
    looked = AsOfDay({"on": request.GET.get("on")})
    on = looked.cleaned_data.get("on") if looked.is_valid() else None
    return looked, on or person.access.on


def _progress(on: date, person: User) -> Progress | None:
    try:
        return kept(f"goals {on}", person, newest_line(), lambda: progress(on, person))
    except NotInForce:
        return None


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What stands of the period that is named in the address, to be corrected."""
    for row in standing_shares():
        if (request.GET.get("year"), request.GET.get("month")) == (str(row.year), str(row.month)):
            return {
                "year": row.year, "month": row.month, "part": row.part, "whole": row.whole,
                "unit": "yuan", "seen": row.version,
            }  # fmt: skip
    return {}
