"""On which days certificates count: worked out from what is stated of them, and kept beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from peiyu.office.qualifications.models import Certificate, CertificateEvent, Holding
from peiyu.policy.hnte_certificate import Event, Issued, Period, What, gone_from, periods

AT_ONCE = 200
ONE_DAY = timedelta(days=1)


def event_of(row: CertificateEvent, known: date | None = None) -> Event:
    """A row as the rule reads it; `known`: as of which day it may be taken back."""
    withdrawn = row.withdrawn_on is not None and (known is None or row.withdrawn_on <= known)
    return Event(What(row.kind), row.counts_from, row.ends, withdrawn)


def periods_of(certificate: Certificate, events: Iterable[CertificateEvent]) -> tuple[Period, ...]:
    """The days on which a certificate counts; none if it was entered by mistake."""
    if certificate.withdrawn_on is not None:
        return ()
    issued = Issued(certificate.issued_on, certificate.issued_here, certificate.printed_end_on)
    return periods(issued, [event_of(one) for one in events])


def settle(certificates: Sequence[Certificate], on: date) -> None:
    """Bring caches and holdings up to date for certificates that were just written; a few queries.

    A holding that is no longer believed keeps its row with the day, unless it was made on that same
    day: then it was never known on a day that is over.
    """
    keys = [one.pk for one in certificates]
    events: dict[int, list[CertificateEvent]] = {}
    for row in CertificateEvent.objects.filter(certificate__in=keys, withdrawn_on=None):
        events.setdefault(row.certificate_id, []).append(row)
    held: dict[int, list[Holding]] = {}
    for holding in Holding.objects.filter(certificate__in=keys, gone_on=None):
        held.setdefault(holding.certificate_id, []).append(holding)
    fresh, gone, never = [], [], []
    for one in certificates:
        own = events.get(one.pk, [])
        wanted = {(one.enterprise_id, p.from_on, p.to_on) for p in periods_of(one, own)}
        for holding in held.get(one.pk, ()):
            place = (holding.enterprise_id, holding.from_on, holding.to_on)
            if place in wanted:
                wanted.remove(place)
            elif holding.known_on >= on:
                never.append(holding.pk)
            else:
                holding.gone_on = on
                gone.append(holding)
        fresh += [
            Holding(certificate=one, enterprise_id=key, from_on=first, to_on=last, known_on=on)
            for key, first, last in sorted(wanted)
        ]
        one.last_on = last_day_of(one)
        one.gone_from = gone_from(map(event_of, own))
    Holding.objects.filter(pk__in=never).delete()
    Holding.objects.bulk_update(gone, ["gone_on"], batch_size=AT_ONCE)
    Holding.objects.bulk_create(fresh, batch_size=AT_ONCE)
    if fresh or gone or never:
        firms = {one.enterprise_id for one in certificates}
        firms |= {one.enterprise_id for rows in held.values() for one in rows}
        add_up(Holding.objects.filter(enterprise__in=firms, gone_on=None))


def add_up(present: Any) -> None:
    """Say of each of these holdings from when it adds its enterprise to the stock.

    They are all that enterprises have at present; a later one adds only what none before it covers.
    """
    changed = []
    firm, end = 0, date.min
    for row in present.order_by("enterprise", "from_on", "pk"):
        if row.enterprise_id != firm:
            firm, end = row.enterprise_id, date.min
        adds_from = max(row.from_on, end + ONE_DAY) if row.to_on > end else None
        end = max(end, row.to_on)
        if row.adds_from != adds_from:
            row.adds_from = adds_from
            changed.append(row)
    present.model.objects.bulk_update(changed, ["adds_from"], batch_size=AT_ONCE)


def last_day_of(certificate: Certificate) -> date:
    """The certificate's own last day: printed, else by law (M9)."""
    return Issued(
        certificate.issued_on, certificate.issued_here, certificate.printed_end_on
    ).last_on
