"""Certificates for tests, entered as an officer enters them."""

from __future__ import annotations

from datetime import date
from itertools import count

from peiyu.office.foundation.models import Source
from peiyu.office.foundation.sources import of_document
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.models import Certificate, CertificateEvent, EventKind
from tests.office.factories import DAY, person

ISSUED = date(2016, 12, 1)
numbers = count(900_001)


def number(year: int = 2016) -> str:
    """A number that nobody has."""
    return f"GR{year}41{next(numbers):06d}"


def paper(title="高企认定文件") -> Source:
    """A document."""
    return of_document(title, actor=None)


def certificate(of, issued_on: date = ISSUED, *, by=None, on: date = DAY, **more) -> Certificate:
    """A certificate of an enterprise."""
    values = {"number": number(issued_on.year), "issued_on": issued_on, **more}
    by = by or person("bureau_officer")
    return actions.enter_certificate(of, values, source=paper(), on=on, actor=by)


def event(
    of: Certificate, kind: str, happened_on: date, *, by=None, on: date = DAY, **more
) -> CertificateEvent:
    """Something that happened to a certificate."""
    if kind == EventKind.RENAMED:
        more.setdefault("name", "济源市改名有限公司")
    by = by or person("bureau_officer")
    return actions.add_event(
        of, kind=kind, happened_on=happened_on, source=paper(), on=on, actor=by, **more
    )
