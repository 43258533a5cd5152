"""Which certificates lapse when: by alarm and month, each with what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peiyu.office.foundation.keyset import page_of
from peiyu.office.policies.programme import values_on
from peiyu.office.portfolio.standing import Left, usable_rights_of
from peiyu.office.qualifications.models import Certificate
from peiyu.office.qualifications.permissions import reads_certificates
from peiyu.office.qualifications.queries import (
    FRESH,
    alarms,
    band_of,
    ends_within,
    expiring_rows,
)
from peiyu.office.web.answers import REFUSED, me, or_404
from peiyu.office.web.bars import Bar, bars_of
from peiyu.office.web.certificates.words import views_of
from peiyu.office.web.documents import AsOfDay
from peiyu.office.web.pages import pager_of
from peiyu.office.web.tables import Column, Link, Row, Status, Table
from peiyu.office.web.templatetags.say import language
from peiyu.policy.chain import Usable
from peiyu.policy.months import months_between, moved
from peiyu.words import Message, mark, message

SIZE = 50
COLUMNS = (
    Column("last_on", mark("有效期至"), kind="date", phone="", named=True),
    Column("left", mark("还剩（月）"), kind="number", phone="", named=True),
    Column("band", mark("提醒"), kind="status"),
    Column("enterprise", mark("企业"), kind="link", width="w30", phone="l1", fit="cut"),
    Column("body", mark("责任单位"), fit="line"),
    Column("number", mark("证书编号"), kind="link", phone="hidden", fit="line"),
    Column("issued_on", mark("发证日期"), kind="date", phone="hidden"),
)
RIGHTS = (
    Column("class_one", mark("可用Ⅰ类"), kind="link", phone="", named=True, fit="line"),
    Column("class_two", mark("可用Ⅱ类"), kind="link", phone="", named=True, fit="line"),
)
"""With what the enterprise could apply once more, in place of the day of issue, where anything is known."""


@dataclass(frozen=True, slots=True)
class Band:
    """One alarm: until when what it means ends, how many; chosen or not."""

    months: int
    label: Message
    number: int
    href: str
    current: bool


@login_required
@require_safe
def certificates_expiry(request: HttpRequest) -> HttpResponse:
    """What counts and ends within the first alarm, the soonest first."""
    person = me(request)
    or_404(reads_certificates(person))
    asked = request.GET
    looked = AsOfDay({"on": asked.get("on")})
    valid = looked.is_valid()
    on = (looked.cleaned_data.get("on") if valid else None) or person.access.on
    steps = alarms(values_on(on))
    chosen = next((step for step in steps if str(step) == asked.get("within")), steps[0])
    rows = expiring_rows(on, steps[0], person=person)
    months = _by_month(rows)
    fresh = asked.get("fresh") == "1"
    page = page_of(
        rows.filter(ends_within(chosen, on, fresh=fresh)).select_related("enterprise__body"),
        order="last_on", size=SIZE, after=asked.get("after", ""), before=asked.get("before", ""),
    )  # fmt: skip
    rights = usable_rights_of([one.enterprise for one in page.rows], on, person=person)
    bands = [_band(step, on, rows, chosen, asked.get("on", "")) for step in steps]
    number = next(band.number for band in bands if band.months == chosen)
    if fresh:
        number = rows.filter(ends_within(chosen, on, fresh=True)).count()
    context: dict[str, Any] = {
        "looked": looked,
        "on": on,
        "past": on != person.access.on,
        "bands": bands,
        "table": Table(
            [*COLUMNS[:-1], *RIGHTS] if rights else COLUMNS,
            [_row(one, on, steps, rights.get(one.enterprise_id)) for one in page.rows],
            label=mark("将到期的证书"),
        ),
        "rights": bool(rights),
        "number": number,
        "chosen": chosen,
        "fresh": fresh,
        "fresh_days": FRESH.days,
        "pager": pager_of(request, page, number),
        "bars": _bars(months, on, steps[0]),
        "views": views_of(person, "certificates_expiry"),
    }
    status = 200 if valid else REFUSED
    return render(request, "certificates/expiry.html", context, status=status)


def _by_month(rows: Any) -> dict[date, int]:
    found = rows.order_by().annotate(month=TruncMonth("last_on")).values_list("month")
    return dict(found.annotate(number=Count("pk")))


def _band(step: int, on: date, rows: Any, chosen: int, asked_on: str) -> Band:
    day = f"&on={on.isoformat()}" if asked_on else ""
    return Band(
        step,
        message("{months}个月内", months=step),
        rows.filter(last_on__lte=moved(on, step)).count(),
        f"?within={step}{day}",
        step == chosen,
    )


def _bars(months: dict[date, int], on: date, most: int) -> list[Bar]:
    first = on.replace(day=1)
    every = [moved(first, at) for at in range(most + 1)]
    numbers = {(day.year, day.month): number for day, number in months.items()}
    return bars_of(
        [(f"{day:%Y-%m}", numbers.get((day.year, day.month), 0)) for day in every]
    )  # fmt: skip


def _row(one: Certificate, on: date, steps: tuple[int, ...], rights: Left | None) -> Row:
    band = band_of(one.last_on, on, steps)
    body = one.enterprise.body
    return Row(
        one.pk,
        {
            "last_on": one.last_on,
            "left": months_between(on, one.last_on),
            "band": _alarm(band, last=band == steps[-1]) if band else "",
            "enterprise": Link(
                one.enterprise.name, f"/enterprises/{one.enterprise_id}/qualifications/"
            ),
            "body": body.short if body else "",
            "number": Link(one.number, f"/certificates/{one.pk}/"),
            "issued_on": one.issued_on,
            "class_one": _usable(one, rights.class_one) if rights else None,
            "class_two": _usable(one, rights.class_two) if rights else None,
        },
        name=one.enterprise.name,
    )


def _usable(one: Certificate, found: Usable) -> Link:
    """Their number; a span where some are open, at least so many where there may be more."""
    text = str(found.number)
    if not found.whole:
        text = f"≥{text}"
    elif found.open:
        text = f"{text}～{found.number + found.open}"
    if found.used_up:
        said = message("{number}，已用{used}", number=text, used=found.used_up)
        text = said.say(language())
    return Link(text, reverse("evidence_table", args=[one.enterprise_id, "ip"]))


def _alarm(months: int, *, last: bool) -> Status:
    """The alarm in force, in the language of the reader."""
    label = message("{months}个月提醒", months=months).say(language())
    return Status("late" if last else "unk", label)
