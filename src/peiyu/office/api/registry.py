"""Operations on the registry: the list, one enterprise, its record, whom to call, the search."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import Query

from peiyu.office.accounts.models import Body, BodyKind
from peiyu.office.accounts.permissions import RECORD, REGISTRY
from peiyu.office.api import answers
from peiyu.office.api.asked import Id, Listed, OnDay, Page, Words, check_mark
from peiyu.office.api.keys import address_of, caller
from peiyu.office.api.problems import language, missing
from peiyu.office.api.root import read
from peiyu.office.desk import records
from peiyu.office.desk.search import search
from peiyu.office.enterprises import listing
from peiyu.office.enterprises.classifications import field_name, industry_name
from peiyu.office.enterprises.identity import tidy, tidy_code
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.permissions import may_read_contacts
from peiyu.office.enterprises.queries import borne_by
from peiyu.office.foundation import access_log
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import AccessKind, RecordLine
from peiyu.office.foundation.refusals import Refused
from peiyu.words import Message, message

FILTERS = [name for name in listing.Filters.base_filters if name in Listed.model_fields]
PLACES = {"town": (BodyKind.TOWN, BodyKind.STREET), "zone": (BodyKind.ZONE,)}


@read(
    "/enterprises", answers.Lines, scope=REGISTRY, name="enterprises",
    summary="The list, with the filters and orders of its page",
)  # fmt: skip
def enterprises(request: HttpRequest, asked: Query[Listed]) -> dict[str, Any]:
    """Those that the key's owner may see; entries merged into others only when asked for."""
    person = caller(request).person
    data: MultiValueDict[str, str] = MultiValueDict()
    for name in FILTERS:
        value = getattr(asked, name)
        values = value if isinstance(value, list) else [value]
        data.setlist(name, [_filter_value(one) for one in values if one not in (None, "", False)])
    for place in PLACES:
        _known_places(place, getattr(asked, place))
    filters = listing.Filters(data, listing.visible(person, merged=asked.merged))
    if not filters.is_valid():
        field, errors = next(iter(filters.form.errors.items()))
        raise Refused(Message(str(errors[0])), field=field)
    check_mark(asked.after, Enterprise, asked.order)
    page = page_of(
        listing.with_cells(filters.qs),
        order=asked.order,
        size=asked.limit,
        after=asked.after,
    )
    return {
        "on": office_day(),
        "items": [_line(row) for row in page.rows],
        "next": page.following,
        "total": filters.qs.count() if asked.count else None,
    }


@read(
    "/enterprises/by-code/{code}", answers.Enterprise, scope=REGISTRY, name="enterprise_by_code",
    summary="One enterprise by its code, present or old",
)  # fmt: skip
def enterprise_by_code(request: HttpRequest, code: str, asked: Query[OnDay]) -> dict[str, Any]:
    """An entry merged into another answers with the one that is kept."""
    found = borne_by(tidy_code(code)[:40], caller(request).person)
    if found is None:
        raise missing(message("没有代码为{code}的企业", code=code[:40]), field="code", value=code)
    return _file(_seen(request, found.pk), asked.on or office_day(), request)


@read(
    "/enterprises/{enterprise_id}", answers.Enterprise, scope=REGISTRY, name="enterprise",
    summary="One enterprise with its history",
)  # fmt: skip
def enterprise(request: HttpRequest, enterprise_id: Id, asked: Query[OnDay]) -> dict[str, Any]:
    """Names, codes and residences with their days, and where it lay on a day."""
    return _file(_seen(request, enterprise_id), asked.on or office_day(), request)


@read(
    "/enterprises/{enterprise_id}/record", answers.Record, scope=RECORD, name="enterprise_record",
    summary="What was done about one enterprise",
)  # fmt: skip
def enterprise_record(
    request: HttpRequest, enterprise_id: Id, asked: Query[Page]
) -> dict[str, Any]:
    """As much of each line as its page shows to the key's owner."""
    person = caller(request).person
    check_mark(asked.after, RecordLine, "-id")
    page = page_of(
        records.about_enterprise(_seen(request, enterprise_id), person),
        order="-id",
        size=asked.limit,
        after=asked.after,
    )
    return {
        "items": [_recorded(one) for one in records.as_seen(page.rows, person)],
        "next": page.following,
    }


@read(
    "/enterprises/{enterprise_id}/contacts", answers.Contacts, scope=REGISTRY,
    name="enterprise_contacts", summary="Whom to call; each reading is logged",
)  # fmt: skip
def enterprise_contacts(request: HttpRequest, enterprise_id: Id) -> dict[str, Any]:
    """Only for those who must reach the enterprise."""
    person = caller(request).person
    found = _seen(request, enterprise_id)
    if not may_read_contacts(person, found):
        raise Http404
    access_log.log(
        AccessKind.SECRET,
        actor=person,
        address=address_of(request),
        label=Enterprise._meta.label_lower,
        key=str(found.pk),
        detail="API: contacts",
    )
    return {"items": list(found.contacts.filter(until_on=None))}


@read("/search", answers.Hits, scope=REGISTRY, name="search", summary="The one search")
def search_all(request: HttpRequest, asked: Query[Words]) -> dict[str, Any]:
    """Enterprises by names, pinyin and codes; rights and documents by number and title."""
    hits = search(tidy(asked.q), caller(request).person, limit=asked.limit)
    return {
        "enterprises": [
            {
                "id": hit.enterprise.pk,
                "name": hit.enterprise.name,
                "code": hit.enterprise.code,
                "status": hit.enterprise.status,
                "body": hit.enterprise.body.short if hit.enterprise.body else "",
                "found": hit.found.text,
                "kind": hit.found.kind,
            }
            for hit in hits.enterprises
        ],
        "rights": [
            {
                "enterprise": right.enterprise.pk,
                "name": right.enterprise.name,
                "no": right.no,
                "title": right.title,
                "grant_number": right.number,
            }
            for right in hits.rights
        ],
        "documents": list(hits.documents),
        "more": hits.more,
    }


def _seen(request: HttpRequest, key: int) -> Enterprise:
    """The enterprise, if the caller may see it."""
    rows = Enterprise.objects.visible_to(caller(request).person)
    found = listing.with_cells(rows).filter(pk=key).first()
    if found is None:
        raise missing(message("没有编号为{key}的企业", key=key), field="enterprise_id", value=key)
    return found


def _file(row: Enterprise, on: date, request: HttpRequest) -> dict[str, Any]:
    """One enterprise with its history."""
    residences = list(row.residences.select_related("town", "zone", "body"))
    there = next(
        (
            one
            for one in residences
            if (one.from_on is None or one.from_on <= on)
            and (one.until_on is None or on <= one.until_on)
        ),
        None,
    )
    kept = row.merged_into_id
    if kept and not Enterprise.objects.visible_to(caller(request).person).filter(pk=kept).exists():
        kept = None
    return {
        **_line(row),
        "registered_at": row.registered_at,
        "version": row.version,
        "merged_into": kept,
        "names": list(row.names.all()),
        "old_codes": list(row.old_codes.order_by("-until_on")),
        "residences": residences,
        "attribution": {
            "on": on,
            "town": there and there.town,
            "zone": there and there.zone,
            "body": there and there.body,
        },
    }


def _line(row: Enterprise) -> dict[str, Any]:
    """One enterprise as the list has it."""
    return {
        "id": row.pk,
        "name": row.name,
        "code": row.code,
        "status": row.status,
        "town": row.town,
        "zone": row.zone,
        "body": row.body,
        "industry": row.industry,
        "industry_name": industry_name(row.industry),
        "field": row.field,
        "field_name": field_name(row.field),
        "legal_form": row.legal_form,
        "established_on": row.established_on,
        "contact": bool(row.present_contacts),  # type: ignore[attr-defined]
        "changed_at": row.changed_at,
        "closed_on": row.closed_on,
    }


def _recorded(seen: records.Line) -> dict[str, Any]:
    """One line of the record, closed as on the page."""
    line = seen.line
    return {
        "id": line.pk,
        "at": line.at,
        "day": line.day,
        "actor": str(line.actor) if line.actor else "",
        "for_whom": str(line.for_whom) if line.for_whom else "",
        "action": line.action,
        "said": records.said(line.action).say(language()),
        "title": "" if seen.closed else line.title,
        "reason": "" if seen.closed else line.reason,
        "closed": seen.closed,
        "changes": [{"field": field, "old": old, "new": new} for field, old, new in seen.changes],
        "hidden": list(seen.hidden),
    }


def _filter_value(value: object) -> str:
    """A value as a form of the page would send it, without signs that nobody can type."""
    return tidy("true" if value is True else str(value))


def _known_places(kind: str, keys: list[int]) -> None:
    """A town that is none would otherwise be passed over in silence, or be a form's error."""
    if not keys:
        return
    known = set(Body.objects.filter(kind__in=PLACES[kind]).values_list("pk", flat=True))
    for key in keys:
        if key not in known:
            raise missing(
                message("没有编号为{key}的镇、街道或园区", key=key), field=kind, value=key
            )
