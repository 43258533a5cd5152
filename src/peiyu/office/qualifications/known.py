"""Certificates as they were known on a past day: from versions and events, not from their present copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from peiyu.office.qualifications.holding import event_of
from peiyu.office.qualifications.models import CertificateEvent, CertificateVersion, EventKind
from peiyu.policy.hnte_certificate import Earlier, Event, Issued, Period, periods


@dataclass(frozen=True, slots=True)
class KnownCertificate:
    """One certificate as known: what was stated of it, what had happened, on which days it counted."""

    key: int
    enterprise: int
    paper: CertificateVersion
    revoked_from: date | None
    periods: tuple[Period, ...]

    @property
    def as_earlier(self) -> Earlier:
        """As another certificate of the enterprise sees it."""
        paper = self.paper
        last = Issued(paper.issued_on, paper.issued_here, paper.printed_end_on).last_on
        return Earlier(paper.issued_on, last, paper.issued_here, self.revoked_from)


def certificates_known(known: date) -> list[KnownCertificate]:
    """All certificates that stood on a day, as far as was known then; two queries."""
    papers: dict[int, CertificateVersion] = {}
    versions = CertificateVersion.objects.filter(recorded_on__lte=known)
    events = CertificateEvent.objects.filter(
        Q(withdrawn_on=None) | Q(withdrawn_on__gt=known), recorded_on__lte=known
    )
    for row in versions.order_by("version").iterator(2000):
        papers[row.certificate_id] = row
    happened: dict[int, list[Event]] = {}
    revoked: dict[int, date] = {}
    for event in events.iterator(2000):
        happened.setdefault(event.certificate_id, []).append(event_of(event, known))
        if event.kind == EventKind.REVOKED:
            before = revoked.get(event.certificate_id, date.max)
            revoked[event.certificate_id] = min(before, event.counts_from)
    return [
        KnownCertificate(
            key, row.enterprise_id, row, revoked.get(key),
            periods(
                Issued(row.issued_on, row.issued_here, row.printed_end_on), happened.get(key, ())
            ),
        )
        for key, row in papers.items()
        if not row.withdrawn
    ]  # fmt: skip
