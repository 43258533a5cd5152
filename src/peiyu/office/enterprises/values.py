"""Values of an enterprise as given at any door, checked and tidied; all refusals at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from peiyu.office.accounts.models import Body, BodyKind
from peiyu.office.enterprises.classifications import fields, industries
from peiyu.office.enterprises.identity import checked_code, checked_name, tidy
from peiyu.office.enterprises.models import LegalForm
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.office.policies.programme import value_of
from peiyu.words import message

FIRST_FOUNDING = date(1900, 1, 1)
IDENTITY = ("code", "name", "established_on", "legal_form", "industry", "field")
EDITED = ("established_on", "legal_form", "industry", "field")
"""What `edit` changes; name, code and place have actions of their own, for they have histories."""


def checked(given: Mapping[str, object], *, on: date) -> dict[str, object]:
    """The given values of an enterprise, tidied; raises one refusal with all that is the matter."""
    checks: dict[str, Callable[[object], object]] = {
        "code": lambda value: checked_code(_text(value)),
        "name": lambda value: checked_name(_text(value)),
        "established_on": lambda value: _founding(value, on),
        "legal_form": _legal_form,
        "industry": _industry,
        "field": _field,
    }
    found: dict[str, object] = {}
    refusals: list[Refused] = []
    for name, value in given.items():
        try:
            found[name] = checks[name](value)
        except Refused as refused:
            refusals.append(refused)
    if refusals:
        raise SeveralRefused(tuple(refusals))
    return found


def attributed_to(town: Body | None, zone: Body | None, on: date) -> Body | None:
    """The one body to which an enterprise is attributed on a day, by the programme's reading."""
    alive = (
        zone is not None and zone.opened_on <= on and not (zone.closed_on and zone.closed_on <= on)
    )
    if zone is not None and alive and value_of("attribution", on) == "zone_first":
        return zone
    return town or zone


def checked_place(town: Body | None, zone: Body | None) -> None:
    """Refuse a town that is no town and a zone that is no zone, and no place at all."""
    if town is None and zone is None:
        raise Refused(message("请选企业所在的镇（街道）或园区"), field="town")
    if town is not None and town.kind not in (BodyKind.TOWN, BodyKind.STREET):
        raise Refused(message("{body}不是镇或街道", body=town.name), field="town")
    if zone is not None and zone.kind != BodyKind.ZONE:
        raise Refused(message("{body}不是园区", body=zone.name), field="zone")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _founding(value: object, on: date) -> date | None:
    if value is None:
        return None
    if not isinstance(value, date):
        raise Refused(message("成立日期应写成2018-02-01的样子"), field="established_on")
    if value > on:
        raise Refused(
            message("成立日期{day}在今天{today}之后", day=value.isoformat(), today=on.isoformat()),
            field="established_on",
        )
    if value < FIRST_FOUNDING:
        raise Refused(
            message("成立日期{day}早于1900年", day=value.isoformat()), field="established_on"
        )
    return value


def _legal_form(value: object) -> str:
    text = _text(value)
    if text and text not in LegalForm.values:
        raise Refused(message("“{value}”不是可选的组织形式", value=text[:20]), field="legal_form")
    return text


def _industry(value: object) -> str:
    code = tidy(_text(value)).upper()
    if code and code not in industries():
        raise Refused(
            message("“{code}”不是GB/T 4754-2017的行业代码。小类是四位数字，如3599", code=code[:10]),
            field="industry",
        )
    return code


def _field(value: object) -> str:
    code = tidy(_text(value))
    if code and code not in fields():
        raise Refused(
            message("“{code}”不是国家重点支持的高新技术领域的代码", code=code[:10]), field="field"
        )
    return code
