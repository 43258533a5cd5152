"""Certificates as they were known on a past day: from versions and events, not from their present copy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from peiyu.office.qualifications.holding import event_of
from peiyu.office.qualifications.models import (
    MAY_END,
    CertificateEvent,
    CertificateVersion,
    EventKind,
)
from peiyu.policy.hnte_certificate import ONE_DAY, Earlier, Event, Issued, Period, periods


@dataclass(frozen=True, slots=True)
class KnownCertificate:
    """One certificate as known: what was stated of it, what had happened, on which days it counted."""

    key: int
    enterprise: int
    paper: CertificateVersion
    revoked_from: date | None
    ended_from: date | None
    """From when a split or merger ended it."""
    periods: tuple[Period, ...]

    @property
    def last_on(self) -> date:
        """Its last day: its own, or the one before that on which a split or merger ended it."""
        paper = self.paper
        last = Issued(paper.issued_on, paper.issued_here, paper.printed_end_on).last_on
        return last if self.ended_from is None else min(last, self.ended_from - ONE_DAY)

    @property
    def as_earlier(self) -> Earlier:
        """As another certificate of the enterprise sees it."""
        paper = self.paper
        last = Issued(paper.issued_on, paper.issued_here, paper.printed_end_on).last_on
        return Earlier(paper.issued_on, last, paper.issued_here, self.revoked_from)


def certificates_known(
    known: date, enterprises: Collection[int] | None = None
) -> list[KnownCertificate]:
    """The certificates that stood on a day, as far as was known then: all, or of some; two queries."""
    papers: dict[int, CertificateVersion] = {}
    versions = CertificateVersion.objects.filter(recorded_on__lte=known)
    events = CertificateEvent.objects.filter(
        Q(withdrawn_on=None) | Q(withdrawn_on__gt=known), recorded_on__lte=known
    )
    if enterprises is not None:
        own = CertificateVersion.objects.filter(enterprise__in=enterprises).values("certificate")
        versions, events = versions.filter(certificate__in=own), events.filter(certificate__in=own)
    for row in versions.order_by("version").iterator(2000):
        papers[row.certificate_id] = row
    happened: dict[int, list[Event]] = {}
    revoked: dict[int, date] = {}
    ended: dict[int, date] = {}
    for event in events.iterator(2000):
        happened.setdefault(event.certificate_id, []).append(event_of(event, known))
        if event.kind == EventKind.REVOKED or (event.kind in MAY_END and event.ends):
            days = revoked if event.kind == EventKind.REVOKED else ended
            before = days.get(event.certificate_id, date.max)
            days[event.certificate_id] = min(before, event.counts_from)
    return [
        KnownCertificate(
            key, row.enterprise_id, row, revoked.get(key), ended.get(key),
            periods(
                Issued(row.issued_on, row.issued_here, row.printed_end_on), happened.get(key, ())
            ),
        )
        for key, row in papers.items()
        if not row.withdrawn and (enterprises is None or row.enterprise_id in enterprises)
    ]  # fmt: skip
