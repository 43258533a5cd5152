"""Frozen assessments against their seals in the record: none changed, none missing, none added beside."""

from __future__ import annotations

from collections.abc import Iterator

from peiyu.office.assessments.freezing import digest, seal_of
from peiyu.office.assessments.models import FrozenAssessment
from peiyu.office.foundation.verification import Altered, sealed_rows
from peiyu.words import message


def _seal(row: FrozenAssessment) -> str:
    """The seal that the row should bear; none where its own bytes do not fit their digest."""
    return seal_of(row) if digest(row.content) == row.digest else ""


def faults() -> Iterator[Altered]:
    """What differs, in the order of the record."""
    yield from sealed_rows(FrozenAssessment, _seal, message("冻结的核对结果"))
