"""What cannot be true of a certificate or number beside others, and of what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications.holding import event_of
from peiyu.office.qualifications.models import (
    Certificate,
    CertificateEvent,
    EventKind,
    TechSmeNumber,
)
from peiyu.policy.hnte_certificate import Clash, Issued, clash, periods
from peiyu.policy.tech_sme_number import RegistrationNumber
from peiyu.words import Message, message

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Beside:
    """Certificates that stand: those with some numbers, those of some enterprises."""

    by_number: Mapping[str, Certificate]
    of: Mapping[int, Sequence[Certificate]]
    revoked: Mapping[int, date]
    """On which day the qualification was revoked, by certificate."""


def beside(numbers: Iterable[str], enterprises: Iterable[int]) -> Beside:
    """What stands with these numbers and of these enterprises; two queries for any number."""
    wanted, keys = set(numbers), set(enterprises)
    rows = Certificate.objects.standing().filter(Q(number__in=wanted) | Q(enterprise__in=keys))
    found = list(rows.select_related("enterprise").prefetch_related("events"))
    of: dict[int, list[Certificate]] = {}
    revoked = {}
    for one in found:
        of.setdefault(one.enterprise_id, []).append(one)
        for event in one.events.all():
            if event.kind == EventKind.REVOKED and event.withdrawn_on is None:
                revoked[one.pk] = event.happened_on
    return Beside({one.number: one for one in found if one.number in wanted}, of, revoked)


def check_beside_others(
    enterprise: Enterprise,
    paper: Mapping[str, object],
    *,
    other_than: Certificate | None,
    known: Beside | None = None,
) -> None:
    """Refuse a number that is there, and a certificate that another of the enterprise excludes.

    A new certificate may come in the year in which the old one ends, for then a new recognition is
    applied for; earlier it cannot. Nor in the year in which the qualification was revoked, from then
    on (G5.6.3). `known`: what stands, where it was asked for many at once.
    """
    number, issued_on = str(paper["number"]), paper["issued_on"]
    printed = paper["printed_end_on"]
    assert isinstance(issued_on, date) and (printed is None or isinstance(printed, date))
    found = known or beside([number], [enterprise.pk])
    but = other_than.pk if other_than is not None else None
    check_number_free(number, found, but)
    last = Issued(issued_on, here=True, printed_end_on=printed).last_on
    for other in found.of.get(enterprise.pk, ()):
        if other.pk == but:
            continue
        if refused := overlapping(other, issued_on, last, found.revoked.get(other.pk)):
            raise Refused(refused, field="issued_on")


def check_number_free(number: str, known: Beside, but: int | None = None) -> None:
    """Refuse a number that another certificate bears."""
    same = known.by_number.get(number)
    if same is not None and same.pk != but:
        text = (
            "证书编号{no}已经登记在“{name}”名下（{day}发证）。请核对编号；"
            "更名换证编号不变，请在原证书上登记“更名换证”"
        )
        day = same.issued_on.isoformat()
        raise Refused(message(text, no=number, name=same.enterprise.name, day=day), field="number")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of technology SMEs that stand: some of them, and those of some enterprises."""

    by_number: Mapping[str, TechSmeNumber]
    of_year: Mapping[tuple[int, int], TechSmeNumber]
    """By enterprise and year."""

    def check(self, enterprise: int, parsed: RegistrationNumber) -> None:
        """Refuse a number that is there, and a second one of a year."""
        if (same := self.by_number.get(parsed.written)) is not None:
            text = "编号{no}已经登记在“{name}”名下，请核对"
            said = message(text, no=parsed.written, name=same.enterprise.name)
            raise Refused(said, field="number")
        if (other := self.of_year.get((enterprise, parsed.year))) is not None:
            text = "这家企业{year}年已有编号{no}。一年只有一个；原来的有误，先撤回再登记"
            raise Refused(message(text, year=parsed.year, no=other.number), field="number")


def numbers_of(numbers: Iterable[str], enterprises: Iterable[int]) -> Numbers:
    """What stands of these numbers and of these enterprises; one query for any number."""
    wanted, keys = set(numbers), set(enterprises)
    rows = TechSmeNumber.objects.standing().filter(Q(number__in=wanted) | Q(enterprise__in=keys))
    found = list(rows.select_related("enterprise"))
    return Numbers(
        {one.number: one for one in found if one.number in wanted},
        {(one.enterprise_id, one.year): one for one in found},
    )


def overlapping(
    other: Certificate, issued_on: date, last: date, revoked: date | None
) -> Message | None:
    """Why a certificate with these days cannot stand beside the other; None if it can."""
    end = min(other.last_on, other.gone_from - ONE_DAY) if other.gone_from else other.last_on
    found = clash(issued_on, last, other.issued_on, end, revoked)
    if found is Clash.SAME_DAY:
        text = "这家企业同一天已有证书{no}。请核对，同一次认定只有一张"
        return message(text, no=other.number)
    if found is Clash.OTHER_LASTS:
        text = (
            "这家企业的证书{no}到{end}才到期，{day}不会再发一张：期满当年才重新认定。"
            "请核对两张的日期，前一张提前终止的先登记"
        )
        return message(text, no=other.number, end=end.isoformat(), day=issued_on.isoformat())
    if found is Clash.OWN_LASTS:
        text = "这张证书到{end}才到期，而{day}已发了{no}：期满当年才重新认定。请核对两张的日期"
        day = other.issued_on.isoformat()
        return message(text, end=last.isoformat(), day=day, no=other.number)
    if found is Clash.BARRED and revoked is not None:
        text = "证书{no}{day}取消了资格，当年不能再申请（G5.6.3），不会在{issued}发新证。请核对日期"
        day = revoked.isoformat()
        return message(text, no=other.number, day=day, issued=issued_on.isoformat())
    return None


def check_events_after_issue(certificate: Certificate, paper: Mapping[str, object]) -> None:
    """Refuse a new day of issue or end that what is known to have happened contradicts."""
    issued_on, printed = paper["issued_on"], paper["printed_end_on"]
    assert isinstance(issued_on, date) and (printed is None or isinstance(printed, date))
    happened = [one for one in certificate.events.all() if one.withdrawn_on is None]
    first = min(happened, key=lambda one: one.happened_on, default=None)
    if first is not None and first.happened_on < issued_on:
        text = "{day}已登记“{kind}”，发证日期不能改成更晚的{issued}。请先撤回那一条"
        kind = message(first.get_kind_display())
        said = message(
            text, day=first.happened_on.isoformat(), kind=kind, issued=issued_on.isoformat()
        )
        raise Refused(said, field="issued_on")


def check_event(certificate: Certificate, event: CertificateEvent) -> None:
    """Refuse what cannot have happened to this certificate on that day."""
    day = event.happened_on
    if day < certificate.issued_on:
        text = "日期{day}早于发证日期{issued}，请核对"
        said = message(text, day=day.isoformat(), issued=certificate.issued_on.isoformat())
        raise Refused(said, field="happened_on")
    known = list(certificate.events.filter(withdrawn_on=None))
    if any((one.kind, one.happened_on) == (event.kind, day) for one in known):
        text = "{day}已登记过“{kind}”，不必再记"
        kind = message(event.get_kind_display())
        raise Refused(message(text, day=day.isoformat(), kind=kind), field="happened_on")
    if event.kind == EventKind.REVOKED:
        _check_revocation(certificate, event, known)
        return
    gone = certificate.gone_from
    if gone is not None and day >= gone:
        text = "这张证书自{gone}起已不再有效，{day}不会再有变动。请核对日期，或先撤回原来的登记"
        said = message(text, gone=gone.isoformat(), day=day.isoformat())
        raise Refused(said, field="happened_on")
    if day > certificate.last_on:
        text = "日期{day}晚于证书的最后一天{last}，请核对"
        said = message(text, day=day.isoformat(), last=certificate.last_on.isoformat())
        raise Refused(said, field="happened_on")
    if event.kind == EventKind.RENAMED:
        _check_rename(certificate, event, known)
    if event.kind in (EventKind.MOVED_IN, EventKind.MOVED_OUT):
        _check_move(certificate, event, known)


def _check_revocation(
    certificate: Certificate, event: CertificateEvent, known: list[CertificateEvent]
) -> None:
    before = next((one for one in known if one.kind == EventKind.REVOKED), None)
    if before is not None:
        text = "这张证书已于{day}取消资格，不能再取消一次。日期有误的，先撤回原来的登记"
        said = message(text, day=before.happened_on.isoformat())
        raise Refused(said, field="kind")
    first = event.counts_from
    if first > event.happened_on:
        text = "取消起始日{first}晚于取消决定日{day}，请核对"
        said = message(text, first=first.isoformat(), day=event.happened_on.isoformat())
        raise Refused(said, field="from_on")
    if first.year < certificate.issued_on.year:
        text = "取消起始日{first}早于发证当年：最早自行为发生的年度起，请核对"
        raise Refused(message(text, first=first.isoformat()), field="from_on")
    if first > certificate.last_on:
        text = "取消起始日{first}晚于证书的最后一天{last}，到期的证书不用取消"
        said = message(text, first=first.isoformat(), last=certificate.last_on.isoformat())
        raise Refused(said, field="from_on")


def _check_rename(
    certificate: Certificate, event: CertificateEvent, known: list[CertificateEvent]
) -> None:
    renames = [one for one in known if one.kind == EventKind.RENAMED]
    before = [one for one in renames if one.happened_on < event.happened_on]
    present = before[-1].name if before else certificate.name
    if event.name == present:
        said = message("新名称与证书上的名称相同：{name}", name=event.name)
        raise Refused(said, field="name")


def _check_move(
    certificate: Certificate, event: CertificateEvent, known: list[CertificateEvent]
) -> None:
    """One moves in from without, and out from within."""
    issued = Issued(certificate.issued_on, certificate.issued_here, certificate.printed_end_on)
    within = any(
        one.holds(event.happened_on) for one in periods(issued, [event_of(row) for row in known])
    )
    day = event.happened_on.isoformat()
    if event.kind == EventKind.MOVED_IN and within:
        text = "{day}这张证书已在本市计入，不能再迁入。请核对“发证时在本市”和原来的登记"
        raise Refused(message(text, day=day), field="happened_on")
    if event.kind == EventKind.MOVED_OUT and not within:
        text = "{day}这张证书不在本市，不能迁出。请核对“发证时在本市”和原来的登记"
        raise Refused(message(text, day=day), field="happened_on")
