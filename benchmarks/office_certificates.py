"""Certificates for the benchmark of the office: a chain for each enterprise, with what happened to some."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

PAGES = {
    "certificates": "/certificates/",
    "certificates of a past day": "/certificates/?on=2017-12-31&state=in_force",
    "certificates of a past day, page 3": "/certificates/?on=2016-06-30&page=3",
    "stock of the day, by place": "/certificates/stock/",
    "stock of a past day": "/certificates/stock/?on=2016-06-30",
    "certificates that end": "/certificates/expiry/",
    "goals": "/goals/",
}


def certify_everybody(number: int) -> int:
    """Give the enterprises there are at most so many certificates, from 2010 to mid-2019; how many."""
    from django.db import connection
    from django.utils import timezone

    from peiyu.office.enterprises.models import Enterprise
    from peiyu.office.foundation.search import put_many
    from peiyu.office.foundation.sources import of_document
    from peiyu.office.qualifications.findable import terms_of
    from peiyu.office.qualifications.holding import settle
    from peiyu.office.qualifications.models import (
        Certificate,
        CertificateEvent,
        CertificateVersion,
        EventKind,
    )

    random = Random("certificates")
    source, at = of_document("名单", actor=None), timezone.now()
    day, end = date(2018, 3, 1), date(2019, 6, 17)
    firms = list(Enterprise.objects.order_by("pk"))
    rows: list[Certificate] = []
    for firm in firms:
        issued = date(2010, 1, 1) + timedelta(days=random.randrange(2600))
        for _ in range(3):
            if issued >= end or len(rows) >= number:
                break
            rows.append(
                Certificate(
                    enterprise=firm, number=f"GR{issued.year}41{len(rows):06d}", name=firm.name,
                    issued_on=issued, issued_here=random.randrange(40) > 0, recorded_on=day,
                    last_on=issued,
                )
            )  # fmt: skip
            issued += timedelta(days=1060 + random.randrange(200))
    Certificate.objects.bulk_create(rows, batch_size=1000)
    CertificateVersion.objects.bulk_create(
        (
            CertificateVersion(
                certificate=row, enterprise_id=row.enterprise_id, version=1, number=row.number,
                name=row.name, issued_on=row.issued_on, issued_here=row.issued_here, source=source,
                recorded_on=day, recorded_at=at,
            )
            for row in rows
        ),
        batch_size=1000,
    )  # fmt: skip
    CertificateEvent.objects.bulk_create(
        (
            CertificateEvent(
                certificate=row, kind=EventKind.MOVED_IN if not row.issued_here else EventKind.MOVED_OUT,
                happened_on=min(row.issued_on + timedelta(days=200), end), source=source,
                recorded_on=day, recorded_at=at,
            )
            for row in rows
            if not row.issued_here or random.randrange(50) == 0
        ),
        batch_size=1000,
    )  # fmt: skip
    for first in range(0, len(rows), 500):
        settle(rows[first : first + 500], day)
    Certificate.objects.bulk_update(rows, ["last_on", "gone_from"], batch_size=300)
    put_many(Certificate._meta.label_lower, ((row.pk, terms_of(row)) for row in rows))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return len(rows)
