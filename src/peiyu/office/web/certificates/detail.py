"""The page of a certificate: what it says, on which days it counts, what happened, what was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk.fields import field_said
from peiyu.office.qualifications import listing
from peiyu.office.qualifications.models import (
    PAPER,
    Certificate,
    CertificateEvent,
    CertificateVersion,
    EventKind,
)
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.web.answers import me
from peiyu.office.web.certificates.words import EVENT_ICONS, state_shown
from peiyu.office.web.templatetags.look import NOTHING
from peiyu.policy.hnte_certificate import parse
from peiyu.words import mark

LABEL = Certificate._meta.label_lower


@dataclass(frozen=True, slots=True)
class Changed:
    """One value that a version says differently."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version with what it changed of the one before."""

    row: CertificateVersion
    changes: tuple[Changed, ...]
    moved_from: str


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as the page tells it; `withdraw`: where it is taken back, if one may."""

    row: CertificateEvent
    withdraw: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something that may have happened to the certificate."""

    label: str
    href: str
    icon: str


def found(request: HttpRequest, pk: int) -> tuple[User, Certificate]:
    """Who asks, and the certificate if they may see its enterprise; else it is not there."""
    person = me(request)
    rows = Certificate.objects.visible_to(person).select_related("enterprise__body")
    return person, get_object_or_404(rows, pk=pk)


@login_required
@never_cache
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is known of one certificate."""
    person, one = found(request, pk)
    day = listing.as_of(person.access.on)
    line = listing.lines_of(Certificate.objects.filter(pk=one.pk), day).get()
    keeps = one.withdrawn_on is None and may_enter(person, one.enterprise)
    events = list(one.events.select_related("source", "recorded_by", "withdrawn_by"))
    renamed = [e.name for e in events if e.kind == EventKind.RENAMED and e.withdrawn_on is None]
    context: dict[str, Any] = {
        "certificate": one,
        "on": day.on,
        "state": state_shown(listing.state_of(line, day)),
        "left": listing.months_left(line, day),
        "order": dict(listing.ORDER_WORDS)[line.order],
        "present_name": renamed[-1] if renamed else one.name,
        "warnings": parse(one.number).warnings(one.issued_on),
        "holdings": list(one.holdings.filter(gone_on=None)),
        "events": [_happened(event, keeps) for event in events],
        "versions": versions_of(one) if person.access.is_official else [],
        "official": person.access.is_official,
        "others": list(
            Certificate.objects.standing().filter(enterprise=one.enterprise_id).exclude(pk=one.pk)
        ),
        "keeps": keeps,
        "buttons": _buttons(one) if keeps else [],
    }
    return render(request, "certificates/detail.html", context)


def versions_of(one: Certificate) -> list[Version]:
    """Versions, the newest first, each with what it changed."""
    rows = list(one.versions.select_related("source", "recorded_by", "enterprise"))
    pairs: Sequence[tuple[CertificateVersion, CertificateVersion | None]] = [
        *zip(rows, [*rows[1:], None], strict=True)
    ]
    return [
        Version(
            row,
            tuple(
                Changed(
                    field_said(name, LABEL), worded(getattr(old, name)), worded(getattr(row, name))
                )
                for name in PAPER
                if old is not None and getattr(old, name) != getattr(row, name)
            ),
            old.enterprise.name if old and old.enterprise_id != row.enterprise_id else "",
        )
        for row, old in pairs
    ]


def worded(value: object) -> str:
    """A value of a certificate in words; Chinese, said later."""
    if isinstance(value, bool):
        return mark("本市") if value else mark("外地")
    if value in (None, ""):
        return NOTHING
    return value.isoformat() if isinstance(value, date) else str(value)


def _happened(row: CertificateEvent, keeps: bool) -> Happened:
    href = reverse("certificate_event_withdraw", args=[row.certificate_id, row.pk])
    return Happened(row, href if keeps and row.withdrawn_on is None else "")


def _buttons(one: Certificate) -> list[Button]:
    return [
        Button(
            kind.label, reverse("certificate_event", args=[one.pk, kind.value]), EVENT_ICONS[kind]
        )
        for kind in EventKind
    ]
