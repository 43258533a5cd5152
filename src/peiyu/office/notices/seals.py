"""The seals of issued papers, of their ends and their scans; all against the record."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, TypeVar

from peiyu.office.foundation.record import canonical, plain
from peiyu.office.foundation.verification import Altered, sealed_rows
from peiyu.office.notices.models import IssuedPaper, PaperEnd, PaperScan
from peiyu.words import message

Sealed = IssuedPaper | PaperEnd | PaperScan
R = TypeVar("R", IssuedPaper, PaperEnd, PaperScan)
OWN = frozenset({"id", "seal"})


def sealed(row: R) -> R:
    """The row with its hash; every field but its key is in it."""
    row.salt = row.salt or secrets.token_hex(16)
    row.seal = seal_of(row)
    return row


def seal_of(row: Sealed) -> str:
    """The hash of all that a row says."""
    said: dict[str, Any] = {
        field.attname: plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in OWN
    }
    return sha256(canonical(said).encode()).hexdigest()


def faults() -> Iterator[Altered]:
    """What differs, table by table."""
    yield from sealed_rows(IssuedPaper, seal_of, message("文书"))
    yield from sealed_rows(PaperEnd, seal_of, message("文书的撤回"))
    yield from sealed_rows(PaperScan, seal_of, message("签章扫描件"))
