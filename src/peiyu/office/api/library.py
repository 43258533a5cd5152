"""Operations on bodies, policies, and on the caller."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query

from peiyu.office.accounts.models import Body
from peiyu.office.accounts.permissions import REGISTRY
from peiyu.office.api import answers
from peiyu.office.api.asked import OnDay, Page, check_mark
from peiyu.office.api.keys import caller
from peiyu.office.api.problems import language
from peiyu.office.api.root import read
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.office.policies.models import Document, Setting
from peiyu.office.policies.programme import readings, values_on
from peiyu.words import translate


@read("/bodies", answers.Bodies, scope=REGISTRY, name="bodies", summary="Bodies of the city")
def bodies(request: HttpRequest, asked: Query[OnDay]) -> dict[str, Any]:
    """Those that exist on a day; for officials, as in the office itself."""
    on = asked.on or office_day()
    rows = Body.objects.visible_to(caller(request).person).alive(on).order_by("code")
    return {"on": on, "items": [_body(row) for row in rows]}


@read(
    "/policies/documents", answers.Documents, scope=REGISTRY, name="documents",
    summary="Policy documents with their clauses, the latest first",
)  # fmt: skip
def documents(request: HttpRequest, asked: Query[Page]) -> dict[str, Any]:
    """Number, issuer, dates, what they rest on, our own summary of each clause."""
    order = "-issued_on"
    check_mark(asked.after, Document, order)
    rows = Document.objects.prefetch_related("clauses", "basis")
    page = page_of(rows, order=order, size=asked.limit, after=asked.after)
    return {
        "items": [
            {
                "number": row.number,
                "title": row.title,
                "issuer": row.issuer,
                "level": row.level,
                "issued_on": row.issued_on,
                "effective_on": row.effective_on,
                "repealed_on": row.repealed_on,
                "address": row.address,
                "basis": [one.number for one in row.basis.all()],
                "clauses": list(row.clauses.all()),
            }
            for row in page.rows
        ],
        "next": page.following,
    }


@read(
    "/policies/settings", answers.Settings, scope=REGISTRY, name="settings",
    summary="How the open words of the programme are read on a day",
)  # fmt: skip
def settings(request: HttpRequest, asked: Query[OnDay]) -> dict[str, Any]:
    """Each with its value, in words too; ours where nobody chose."""
    on, lang = asked.on or office_day(), language()
    chosen = set(Setting.objects.filter(from_on__lte=on).values_list("key", flat=True))
    values = values_on(on)
    return {
        "on": on,
        "items": [
            {
                "key": key,
                "title": translate(reading.title, lang),
                "place": reading.place,
                "value": values[key],
                "said": translate(reading.words(values[key]), lang),
                "default": key not in chosen,
            }
            for key, reading in readings().items()
        ],
    }


@read("/me", answers.Me, name="me", summary="Whose key this is and what it opens")
def me(request: HttpRequest) -> dict[str, Any]:
    """For a program to see whether its key still works."""
    who = caller(request)
    return {
        "on": who.person.access.on,
        "name": who.person.name,
        "duty": who.person.duty,
        "posts": [
            {"role": held.role, "body": held.body.name if held.body else ""}
            for held in who.person.access.appointments
        ],
        "scopes": sorted(who.scopes),
    }


def _body(row: Body) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "code": row.code,
        "name": row.name,
        "short": row.short,
        "parent": row.parent_id,
        "unit": row.unit,
        "opened_on": row.opened_on,
        "closed_on": row.closed_on,
    }
