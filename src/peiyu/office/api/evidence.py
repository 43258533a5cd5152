"""Operations on evidence: tables and flags of one enterprise, rights across enterprises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja import Query

from peiyu.office.accounts.models import User
from peiyu.office.accounts.permissions import EVIDENCE
from peiyu.office.api import answers
from peiyu.office.api.asked import Id, KnownOn, Rights, check_mark
from peiyu.office.api.keys import caller
from peiyu.office.api.problems import language, missing
from peiyu.office.api.root import read
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.office.policies.programme import value_of
from peiyu.office.portfolio import listing
from peiyu.office.portfolio.flags import Flag, flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import Entry, Fullness, IpRight
from peiyu.office.portfolio.permissions import EVERY, reads_rights, tables_open_to
from peiyu.office.portfolio.queries import rows_of
from peiyu.office.portfolio.standing import standing_of
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import BY_NAME
from peiyu.policy.facts import Fact, Unit
from peiyu.words import message, translate


@read(
    "/enterprises/{enterprise_id}/evidence/{table}", answers.Entries, scope=EVIDENCE,
    name="enterprise_evidence", summary="One table of evidence of an enterprise, as known on a day",
)  # fmt: skip
def enterprise_evidence(
    request: HttpRequest, enterprise_id: Id, table: str, asked: Query[KnownOn]
) -> dict[str, Any]:
    """Only tables that the key's owner may read of this enterprise."""
    person, on = caller(request).person, office_day()
    found, opened = _seen(person, enterprise_id)
    if table not in opened:
        raise missing(
            message("没有表“{table}”。可用的有：{known}", table=table[:40], known=opened),
            field="table", value=table,
        )  # fmt: skip
    known = asked.known or on
    kind = BY_NAME[table]
    rows = rows_of(found, kind, known if known < on else None)
    full = Fullness.objects.filter(enterprise=found, table=table, until_on=None).exists()
    return {
        **_who(found),
        "known": known,
        "table": table,
        "full": full,
        "items": [_entry(row) for row in rows],
    }


@read(
    "/enterprises/{enterprise_id}/flags", answers.Flags, scope=EVIDENCE, name="enterprise_flags",
    summary="What does not agree in the chain of evidence of an enterprise",
)  # fmt: skip
def enterprise_flags(request: HttpRequest, enterprise_id: Id) -> dict[str, Any]:
    """Flags with what was done about each; those who read only rights have none."""
    person, on = caller(request).person, office_day()
    found, opened = _seen(person, enterprise_id)
    if opened != EVERY:
        raise _unknown(enterprise_id)
    held = held_of([found], on=on)[found.pk]
    flags = flags_of(held, remarks_of([found.pk])[found.pk], on)
    return {**_who(found), "on": on, "items": [_flag(flag, language()) for flag in flags]}


@read(
    "/rights", answers.Rights, scope=EVIDENCE, name="rights",
    summary="Rights of all enterprises, with the filters and orders of their page",
)  # fmt: skip
def rights(request: HttpRequest, asked: Query[Rights]) -> dict[str, Any]:
    """Rights that stand, of enterprises whose rights the key's owner may read."""
    person, on = caller(request).person, office_day()
    check_mark(asked.after, IpRight, asked.order)
    days = int(value_of("ip_fee_days", on))
    data: MultiValueDict[str, str] = MultiValueDict()
    for name in ("q", "state", "ip_class", "field"):
        data[name] = getattr(asked, name)
    data.setlist("kind", list(asked.kind))
    rows = listing.visible(person) if reads_rights(person) else IpRight.objects.none()
    filters = listing.Filters(data, rows, on=on, days=days)
    assert filters.is_valid()
    page = page_of(
        listing.lines_of(filters.qs), order=asked.order, size=asked.limit, after=asked.after
    )
    return {
        "on": on,
        "items": [_right(line, on, days) for line in page.rows],
        "next": page.following,
    }


def _seen(person: User, key: int) -> tuple[Enterprise, tuple[str, ...]]:
    found = Enterprise.objects.visible_to(person).filter(pk=key).first()
    opened = tables_open_to(person, found) if found else ()
    if found is None or not opened:
        raise _unknown(key)
    return found, opened


def _unknown(key: int) -> Any:
    return missing(message("没有编号为{key}的企业", key=key), field="enterprise_id", value=key)


def _who(found: Enterprise) -> dict[str, Any]:
    return {"id": found.pk, "code": found.code, "name": found.name}


def _entry(row: Entry) -> dict[str, Any]:
    values = row.values()
    return {
        "key": row.key,
        "version": row.version,
        "recorded_on": row.recorded_on,
        "source": row.source.title,
        "values": {
            fact.name: _value(values[fact.name], fact)
            for fact in row.table.facts
            if values[fact.name] is not None
        },
    }


def _value(value: Scalar, fact: Fact) -> Any:
    """Money as decimal text, so that no program rounds it."""
    if fact.unit is Unit.FEN and isinstance(value, int):
        return _yuan(value)
    return list(value) if isinstance(value, tuple) else value


def _yuan(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):.2f}"


def _flag(flag: Flag, lang: str) -> dict[str, Any]:
    finding = flag.finding
    return {
        "check": flag.check.id,
        "title": translate(flag.check.title, lang),
        "article": flag.check.article,
        "severity": str(flag.check.severity),
        "said": finding.said.say(lang),
        "remedy": translate(flag.check.remedy, lang),
        "amount": _yuan(finding.amount) if finding.amount is not None else None,
        "places": [{"table": table, "no": no} for table, no in finding.places],
        "standing": flag.standing.name.lower(),
    }


def _right(line: Any, on: date, days: int) -> dict[str, Any]:
    stands = standing_of(
        kind=line.kind, class_ruled=line.class_ruled, applied_on=line.applied_on,
        granted_on=line.granted_on, ends_on=line.ends_on, fees_paid_to=line.fees_paid_to, on=on,
        days=days,
    )  # fmt: skip
    return {
        "enterprise": line.enterprise,
        "name": line.enterprise__name,
        "no": line.key,
        "title": line.title,
        "kind": line.kind,
        "ip_class": stands.ip_class if stands.ip_class != "none" else "",
        "grant_number": line.grant_number,
        "applied_on": line.applied_on,
        "granted_on": line.granted_on,
        "ends_on": stands.ends_on,
        "fee_by": stands.fee_by,
        "force": stands.force.name.lower(),
    }
