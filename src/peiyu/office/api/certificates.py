"""Operations on certificates: the list as of a day, one with its events, how many count, the goals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import Query

from peiyu.office.accounts.models import Body, User
from peiyu.office.accounts.permissions import REGISTRY
from peiyu.office.api import answers
from peiyu.office.api.asked import Certificates, Id, OnAndKnown, OnDay, check_mark, day_of
from peiyu.office.api.keys import caller
from peiyu.office.api.problems import language, missing
from peiyu.office.api.root import read
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.office.goals.permissions import reads_goals
from peiyu.office.goals.queries import NEW, SHARE, STOCK, Progress, progress
from peiyu.office.qualifications import listing
from peiyu.office.qualifications.listing import AsOf, as_of
from peiyu.office.qualifications.models import Certificate
from peiyu.office.qualifications.permissions import reads_certificates
from peiyu.office.qualifications.queries import stock_on
from peiyu.policy.parameters import NotInForce
from peiyu.policy.plan import POINT
from peiyu.words import message

FILTERS = {
    "q": "q", "body": "body", "state": "state", "order": "recognition", "year": "year", "left": "left",
}  # fmt: skip
"""The filters of the page, and how they are called here, where `order` is the order of the rows."""


@read(
    "/certificates", answers.Certificates, scope=REGISTRY, name="certificates",
    summary="Certificates as of a day, with the filters and orders of their page",
)  # fmt: skip
def certificates(request: HttpRequest, asked: Query[Certificates]) -> dict[str, Any]:
    """Of enterprises that the key's owner may see."""
    person, day = caller(request).person, as_of(day_of(asked.on))
    check_mark(asked.after, Certificate, asked.order)
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, key in FILTERS.items():
        value = getattr(asked, key)
        values = value if isinstance(value, list) else [value]
        data.setlist(name, [str(one) for one in values if one not in (None, "")])
    places = {int(key) for key, _ in listing.places()}
    for body in asked.body:
        if body not in places:
            text = "没有编号为{key}的镇、街道或园区"
            raise missing(message(text, key=body), field="body", value=body)
    filters = listing.Filters(data, listing.visible(person, day), day=day)
    assert filters.is_valid()
    page = page_of(
        listing.lines_of(filters.qs, day), order=asked.order, size=asked.limit, after=asked.after
    )
    return {
        "on": day.on,
        "items": [_line(line, day) for line in page.rows],
        "next": page.following,
        "total": filters.qs.count() if asked.count else None,
    }


@read(
    "/certificates/{certificate_id}", answers.OneCertificate, scope=REGISTRY, name="certificate",
    summary="One certificate with what happened to it and the days it counts",
)  # fmt: skip
def certificate(request: HttpRequest, certificate_id: Id, asked: Query[OnDay]) -> dict[str, Any]:
    """One whose entry was taken back is not there."""
    person, day = caller(request).person, as_of(day_of(asked.on))
    rows = Certificate.objects.visible_to(person).standing().filter(pk=certificate_id)
    one, line = rows.first(), listing.lines_of(rows, day).first()
    if one is None or line is None:
        text = "没有编号为{key}的证书"
        raise missing(
            message(text, key=certificate_id), field="certificate_id", value=certificate_id
        )
    return {
        **_line(line, day),
        "printed_name": one.name,
        "issuer": one.issuer,
        "printed_end_on": one.printed_end_on,
        "publicity_on": one.publicity_on,
        "approved_on": one.approved_on,
        "version": one.version,
        "events": list(one.events.filter(withdrawn_on=None)),
        "counts": list(one.holdings.filter(gone_on=None).order_by("from_on")),
    }


@read(
    "/stock", answers.Stock, scope=REGISTRY, name="stock",
    summary="How many enterprises hold a certificate that counts on a day, by body",
)  # fmt: skip
def stock(request: HttpRequest, asked: Query[OnAndKnown]) -> dict[str, Any]:
    """An enterprise belongs to the body of that day; an official counts what they see."""
    person = caller(request).person
    if not reads_certificates(person):
        raise Http404
    on, today = day_of(asked.on), office_day()
    known = asked.known if asked.known is not None and asked.known < today else None
    found = stock_on(on, known=known, person=person)
    bodies = Body.objects.in_bulk([key for key in found if key is not None])
    items = [{"body": bodies.get(key or 0), "number": number} for key, number in found.items()]
    items.sort(key=lambda one: (one["body"] is None, getattr(one["body"], "code", "")))
    return {
        "on": on, "known": known or today, "number": sum(found.values()), "items": items,
    }  # fmt: skip


@read(
    "/goals", answers.Goals, scope=REGISTRY, name="goals",
    summary="How far the goals of the plan are on a day",
)  # fmt: skip
def goals(request: HttpRequest, asked: Query[OnDay]) -> dict[str, Any]:
    """For the city and its departments, and for towns with their own numbers."""
    person = caller(request).person
    if not reads_goals(person):
        raise Http404
    on = day_of(asked.on)
    found = _progress(on, person)
    return {
        "on": on,
        "city": found.whole_city,
        "first_year": found.plan.first_year,
        "last_year": found.plan.last_year,
        "items": _goals(found),
    }


def _line(line: Any, day: AsOf) -> dict[str, Any]:
    return {
        "id": line.pk,
        "number": line.number,
        "enterprise": line.enterprise,
        "name": line.enterprise__name,
        "code": line.enterprise__code,
        "body": line.lay or "",
        "state": listing.state_of(line, day).value,
        "recognition": line.order,
        "issued_on": line.issued_on,
        "last_on": line.last_on,
        "months_left": listing.months_left(line, day),
        "gone_from": line.gone_from,
        "issued_here": line.issued_here,
    }


def _progress(on: date, person: User) -> Progress:
    try:
        return progress(on, person)
    except NotInForce:
        said = message("{day}还没有行动计划", day=on.isoformat())
        raise missing(said, field="on", value=on.isoformat()) from None


def _goals(found: Progress) -> list[dict[str, Any]]:
    said = {key: words.say(language()) for key, words in found.distances().items()}
    own, plan, share = found.whole_city, found.plan, found.share
    least = (plan.share - found.share_points * POINT) * 100
    period = f"{share.figure.year}-{share.figure.month:02d}" if share else ""
    rows = (
        (NEW, str(found.new), str(plan.new), str(plan.new), found.new_reached if own else None, ""),
        (STOCK, str(found.stock), f">{plan.stock_exceeds}", str(found.stock_aim),
         found.stock_reached if own else None, ""),
        (SHARE, f"{share.percent:f}" if share else None, str(plan.share * 100), str(least),
         found.share_reached, period),
    )  # fmt: skip
    names = ("key", "value", "target", "least", "reached", "period")
    return [
        {
            **dict(zip(names, row, strict=True)),
            "said": said[row[0]] if own or row[0] == SHARE else "",
        }
        for row in rows
    ]
