"""What an enterprise's people see at their door; reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from peiyu.office.accounts.models import User
from peiyu.office.assessments.permissions import may_read_assessment
from peiyu.office.desk import records
from peiyu.office.enterprises.classifications import field_name, industry_name
from peiyu.office.enterprises.listing import LACKS
from peiyu.office.enterprises.models import Contact, Enterprise, Mandate, MandateKind, Status
from peiyu.office.enterprises.models.people import BY_ENTERPRISE
from peiyu.office.enterprises.permissions import (
    may_attach,
    may_edit_contacts,
    may_give_mandate,
    may_read_contacts,
    may_read_papers,
    may_suggest,
)
from peiyu.office.portal.certificates_pages import dues_of
from peiyu.office.portfolio.permissions import may_read_evidence
from peiyu.office.reports.models import YearReport
from peiyu.office.reports.permissions import FILLS_IN, fills_in
from peiyu.words import Message, mark

SOON = timedelta(days=30)
MOST = 50
"""Enterprises on the first page; an agency may have more, and pages on."""


@dataclass(frozen=True, slots=True)
class Card:
    """One of my enterprises on the first page."""

    enterprise: Enterprise
    mandates: tuple[Mandate, ...]
    lacks: tuple[str, ...]
    ending: tuple[Mandate, ...]
    dues: tuple[Message, ...]
    """What its certificate asks for now."""

    @property
    def assessed(self) -> bool:
        """The reader may see how it stands: whoever fills in its figures."""
        return any(one.kind in FILLS_IN for one in self.mandates)

    @property
    def alive(self) -> bool:
        """It is there, so something may be asked of it."""
        return self.enterprise.status == Status.ACTIVE


def cards(person: User, enterprises: Sequence[Enterprise], on: date) -> list[Card]:
    """My enterprises, what each lacks and has to do, which mandates end soon; five queries for all."""
    held: dict[int, list[Mandate]] = {}
    for one in (
        Mandate.objects.open_to(person.access)
        .filter(enterprise__in=enterprises)
        .select_related("person", "body")
        .order_by("id")
    ):
        held.setdefault(one.enterprise_id, []).append(one)
    owned = [
        key
        for key, mandates in held.items()
        if any(one.kind == MandateKind.OWNER for one in mandates)
    ]
    ending: dict[int, list[Mandate]] = {}
    for one in (
        Mandate.objects.filter(
            enterprise__in=owned, revoked_on=None, until_on__gte=on, until_on__lte=on + SOON
        )
        .select_related("person", "body")
        .order_by("until_on", "id")
    ):
        ending.setdefault(one.enterprise_id, []).append(one)
    dues = dues_of(person, [row for row in enterprises if row.status == Status.ACTIVE], on)
    return [
        Card(
            row,
            tuple(held.get(row.pk, ())),
            tuple(lacks_of(row)),
            tuple(ending.get(row.pk, ())),
            tuple(dues.get(row.pk, ())),
        )
        for row in enterprises
    ]


def mine(person: User) -> Any:
    """The enterprises open to a person, with whether there is someone to call."""
    contacts = Contact.objects.filter(enterprise=OuterRef("pk"), until_on=None)
    return (
        Enterprise.objects.visible_to(person)
        .living()
        .select_related("body")
        .annotate(has_contact=Exists(contacts))
    )


def lacks_of(row: Enterprise) -> Iterable[str]:
    """What the office still has to be told of it, in words."""
    for key, label in LACKS:
        there = row.has_contact if key == "contact" else getattr(row, key)  # type: ignore[attr-defined]
        if not there:
            yield label


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do on the page of an enterprise."""

    suggest: bool
    read_contacts: bool
    edit_contacts: bool
    give_mandates: bool
    read_papers: bool
    attach: bool
    fill_in: bool
    evidence: bool
    assessment: bool


def rights_of(person: User, enterprise: Enterprise) -> Rights:
    """Asked of the room, never decided in a template."""
    return Rights(
        may_suggest(person, enterprise),
        may_read_contacts(person, enterprise),
        may_edit_contacts(person, enterprise),
        may_give_mandate(person, enterprise, MandateKind.ACCOUNTANT),
        may_read_papers(person, enterprise),
        may_attach(person, enterprise),
        fills_in(person, YearReport(enterprise=enterprise)),
        may_read_evidence(person, enterprise),
        may_read_assessment(person, enterprise),
    )


def identity_of(row: Enterprise) -> list[tuple[str, object]]:
    """The facts of identity as label and value."""
    return [
        (mark("统一社会信用代码"), row.code),
        (mark("状态"), row.get_status_display()),
        (mark("成立日期"), row.established_on.isoformat() if row.established_on else ""),
        (mark("组织形式"), row.get_legal_form_display()),
        (mark("所属行业"), f"{row.industry} {industry_name(row.industry)}".strip()),
        (mark("技术领域"), f"{row.field} {field_name(row.field)}".strip()),
        (mark("镇、街道"), row.town.name if row.town else ""),
        (mark("园区"), row.zone.name if row.zone else ""),
        (mark("责任单位"), row.body.name if row.body else ""),
    ]


def mandates_of(enterprise: Enterprise, person: User, on: date, *, all_of_them: bool) -> list[Any]:
    """Who may see the enterprise, each with whether the reader may end it; else only one's own."""
    rows = enterprise.mandates.filter(revoked_on=None).exclude(until_on__lt=on)
    if not all_of_them:
        rows = rows.filter(person=person)
    found = list(rows.select_related("person", "body").order_by("kind", "id")[:100])
    kinds = {kind for one in found if (kind := MandateKind(one.kind)) in BY_ENTERPRISE}
    given = {kind for kind in kinds if may_give_mandate(person, enterprise, kind)}
    return [
        {
            "mandate": one,
            "may_end": one.kind in given
            or (one.person_id == person.pk and one.kind != MandateKind.OWNER),
        }
        for one in found
    ]


def done_about(enterprise: Enterprise, person: User, most: int) -> list[dict[str, Any]]:
    """The record of one's enterprise, newest first."""
    found = records.as_seen(records.about_enterprise(enterprise, person)[:most], person)
    return [
        {
            "at": one.line.at,
            "said": records.said(one.line.action),
            "by": str(one.line.actor) if one.line.actor else "",
            "reason": one.line.reason,
        }
        for one in found
        if not one.closed
    ]
