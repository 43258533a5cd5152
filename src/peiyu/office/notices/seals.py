"""The seals of issued papers, of their ends and their scans; all against the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peiyu.office.foundation.record import plain
from peiyu.office.foundation.sealing import hash_of
from peiyu.office.foundation.verification import Altered, sealed_rows
from peiyu.office.notices.models import IssuedPaper, PaperEnd, PaperScan
from peiyu.words import message

Sealed = IssuedPaper | PaperEnd | PaperScan
OWN = frozenset({"id", "seal"})


def seal_of(row: Sealed) -> str:
    """The hash of all that a row says: every field but its key is in it."""
    said: dict[str, Any] = {
        field.attname: plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in OWN
    }
    return hash_of(said)


def faults() -> Iterator[Altered]:
    """What differs, table by table."""
    yield from sealed_rows(IssuedPaper, seal_of, message("文书"))
    yield from sealed_rows(PaperEnd, seal_of, message("文书的撤回"))
    yield from sealed_rows(PaperScan, seal_of, message("签章扫描件"))
