"""Entering certificates, correcting them, saying what happened to them; nothing of it is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.identity import checked_name
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.models import ImportBatch, Source
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import Conflict, Difference, Refused
from peiyu.office.foundation.search import remove
from peiyu.office.qualifications.checks import (
    check_beside_others,
    check_event,
    check_events_after_issue,
)
from peiyu.office.qualifications.findable import index
from peiyu.office.qualifications.holding import settle
from peiyu.office.qualifications.models import (
    PAPER,
    Certificate,
    CertificateEvent,
    CertificateVersion,
    EventKind,
)
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.qualifications.values import (
    checked_paper,
    needed_past,
    perhaps,
    reason_of,
    text,
)
from peiyu.words import message

CACHES = ("last_on", "gone_from")


@transaction.atomic
def enter_certificate(
    enterprise: Enterprise,
    values: Mapping[str, object],
    *,
    source: Source,
    on: date,
    actor: User,
    batch: ImportBatch | None = None,
) -> Certificate:
    """Enter a certificate of an enterprise; from the same moment it counts.

    Raises:
        Refused: a value that cannot be, a number that is there, one that another stands beside.
    """
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    for_whom = allow(may_enter, actor, held)
    paper = checked_paper(values, held, on)
    check_beside_others(held, paper, other_than=None)
    certificate = Certificate(enterprise=held, recorded_on=on, **paper)
    _save_new(certificate, on)
    _version(certificate, source=source, on=on, actor=actor, batch=batch)
    index(certificate)
    write(
        actor=actor,
        action="qualifications.certificate.enter",
        thing=certificate,
        changes={name: (None, paper[name]) for name in PAPER if paper[name] not in (None, "")},
        about=held,
        for_whom=for_whom,
    )
    return certificate


@transaction.atomic
def correct_certificate(
    certificate: Certificate,
    values: Mapping[str, object],
    *,
    seen: int,
    reason: str,
    source: Source,
    on: date,
    actor: User,
) -> Certificate:
    """Correct what was entered, as a new version with a reason; the old one stays.

    `seen` is the version before the one who corrects. What another corrected meanwhile raises
    Conflict with both values.
    """
    locked, for_whom = _held(certificate, actor)
    why = reason_of(reason)
    paper = checked_paper({**{name: getattr(locked, name) for name in PAPER}, **values},
                          locked.enterprise, on)  # fmt: skip
    if locked.version != seen:
        _no_conflict(locked, seen, {name: paper[name] for name in PAPER if name in values})
    check_beside_others(locked.enterprise, paper, other_than=locked)
    check_events_after_issue(locked, paper)
    changes = changed(locked, **{name: paper[name] for name in PAPER})
    if not changes:
        raise Refused(message("没有改动任何一项"))
    _keep(locked, on, *changes)
    _version(locked, source=source, on=on, actor=actor, reason=why)
    if "number" in changes:
        index(locked)
    write(
        actor=actor,
        action="qualifications.certificate.correct",
        thing=locked,
        changes=changes,
        reason=why,
        about=locked.enterprise,
        for_whom=for_whom,
    )
    return locked


@transaction.atomic
def withdraw_certificate(
    certificate: Certificate, *, reason: str, on: date, actor: User
) -> Certificate:
    """Take back a certificate entered by mistake: it never was; who looks back sees that it stood here."""
    locked, for_whom = _held(certificate, actor)
    why = reason_of(reason)
    newest = locked.versions.order_by("-version").first()
    assert newest is not None
    changes = changed(locked, withdrawn_on=on)
    _keep(locked, on, *changes)
    _version(locked, source=newest.source, on=on, actor=actor, reason=why, withdrawn=True)
    remove(locked._meta.label_lower, [locked.pk])
    write(
        actor=actor,
        action="qualifications.certificate.withdraw",
        thing=locked,
        changes=changes,
        reason=why,
        about=locked.enterprise,
        for_whom=for_whom,
    )
    return locked


@transaction.atomic
def add_event(
    certificate: Certificate,
    *,
    kind: str,
    happened_on: date,
    source: Source,
    on: date,
    actor: User,
    from_on: date | None = None,
    name: str = "",
    ends: bool = False,
    words: str = "",
) -> CertificateEvent:
    """Say what happened to a certificate: from that day it counts, or no longer does.

    `from_on`: from when it is revoked, else the day itself; `name`: after a change of name; `ends`:
    a split or merger with which the qualification ends.
    """
    locked, for_whom = _held(certificate, actor)
    if kind not in EventKind.values:
        raise Refused(message("请选发生了什么"), field="kind")
    event = CertificateEvent(
        certificate=locked,
        kind=EventKind(kind),
        happened_on=needed_past(happened_on, on, "happened_on"),
        from_on=perhaps(from_on, "from_on") if kind == EventKind.REVOKED else None,
        name=checked_name(name) if kind == EventKind.RENAMED else "",
        ends=bool(ends) and kind in (EventKind.SPLIT, EventKind.MERGED),
        words=text(words, "words"),
        source=source, recorded_on=on, recorded_at=office_now(), recorded_by=actor,
    )  # fmt: skip
    if event.kind == EventKind.REVOKED and event.from_on is None:
        event.from_on = event.happened_on
    check_event(locked, event)
    event.save()
    _keep(locked, on)
    said = {
        name: getattr(event, name) for name in ("kind", "happened_on", "from_on", "name", "ends")
    }
    write(
        actor=actor,
        action="qualifications.certificateevent.add",
        thing=event,
        changes={name: (None, value) for name, value in said.items() if value},
        reason=event.words,
        about=locked.enterprise,
        for_whom=for_whom,
    )
    return event


@transaction.atomic
def withdraw_event(
    event: CertificateEvent, *, reason: str, on: date, actor: User
) -> CertificateEvent:
    """Take back what was said by mistake; what it changed is as before."""
    certificate, for_whom = _held(event.certificate, actor)
    why = reason_of(reason)
    locked = CertificateEvent.objects.select_for_update().get(pk=event.pk)
    if locked.withdrawn_on is not None:
        raise Refused(message("这一条已于{day}撤回", day=locked.withdrawn_on.isoformat()))
    locked.withdrawn_on, locked.withdrawn_by, locked.withdrawn_reason = on, actor, why
    locked.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_reason"])
    _keep(certificate, on)
    write(
        actor=actor,
        action="qualifications.certificateevent.withdraw",
        thing=locked,
        changes={"withdrawn_on": (None, on)},
        reason=why,
        about=certificate.enterprise,
        for_whom=for_whom,
    )
    return locked


def _held(certificate: Certificate, actor: User) -> tuple[Certificate, User | None]:
    """The certificate as it now stands, its enterprise locked, if the actor may enter something."""
    key = Certificate.objects.values_list("enterprise", flat=True).get(pk=certificate.pk)
    enterprise = Enterprise.objects.select_for_update().get(pk=key)
    for_whom = allow(may_enter, actor, enterprise)
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    locked.enterprise = enterprise
    if locked.withdrawn_on is not None:
        text_ = "证书{no}的登记已于{day}撤回，不能再改；需要的话重新登记"
        day = locked.withdrawn_on.isoformat()
        raise Refused(message(text_, no=locked.number, day=day))
    return locked, for_whom


def _save_new(certificate: Certificate, on: date) -> None:
    """Make the row; that another made one of the same number at the same moment is refused too."""
    certificate.last_on = certificate.issued_on  # put right by `settle`
    try:
        with transaction.atomic():
            certificate.save(force_insert=True)
    except IntegrityError:
        number = certificate.number
        said = message("证书编号{no}刚刚由别人登记了，请刷新后核对", no=number)
        raise Refused(said, field="number") from None
    settle([certificate], on)
    certificate.save(update_fields=[*CACHES])


def _keep(certificate: Certificate, on: date, *fields: str) -> None:
    """Keep a certificate that was changed, with its caches and holdings."""
    settle([certificate], on)
    try:
        with transaction.atomic():
            certificate.save(update_fields=[*fields, *CACHES])
    except IntegrityError:
        said = message("证书编号{no}刚刚由别人登记了，请刷新后核对", no=certificate.number)
        raise Refused(said, field="number") from None


def _version(
    certificate: Certificate,
    *,
    source: Source,
    on: date,
    actor: User | None,
    reason: str = "",
    withdrawn: bool = False,
    batch: ImportBatch | None = None,
) -> CertificateVersion:
    """The next version, saying what the certificate now says."""
    newest = certificate.versions.order_by("-version").values_list("version", flat=True).first()
    row = version_of(certificate, (newest or 0) + 1, source, on, actor, batch)
    row.reason, row.withdrawn = reason, withdrawn
    row.save(force_insert=True)
    if certificate.version != row.version:
        certificate.version = row.version
        certificate.save(update_fields=["version"])
    return row


def version_of(
    certificate: Certificate,
    version: int,
    source: Source,
    on: date,
    actor: User | None,
    batch: ImportBatch | None = None,
) -> CertificateVersion:
    """A version that says what the certificate now says, not yet written."""
    return CertificateVersion(
        certificate=certificate, enterprise_id=certificate.enterprise_id, version=version,
        source=source, recorded_on=on, recorded_at=office_now(), recorded_by=actor, batch=batch,
        **{name: getattr(certificate, name) for name in PAPER},
    )  # fmt: skip


def _no_conflict(certificate: Certificate, seen: int, wanted: Mapping[str, object]) -> None:
    """Refuse what another corrected differently since the version that was seen."""
    old = certificate.versions.filter(version=seen).first()
    differences = tuple(
        Difference(name, value, getattr(certificate, name))
        for name, value in wanted.items()
        if getattr(certificate, name) not in (value, getattr(old, name) if old else None)
    )
    if differences:
        said = message("在您打开之后，别人改了同一处。两个值都在下面，请选定后再存")
        raise Conflict(said, differences)
