"""The seal of a version of evidence; versions against their seals in the record."""

from __future__ import annotations

from collections.abc import Iterator

from peiyu.office.foundation.record import plain
from peiyu.office.foundation.sealing import hash_of
from peiyu.office.foundation.verification import Altered, sealed_rows
from peiyu.office.portfolio.models import KINDS, Entry
from peiyu.words import message


def seal_of(row: Entry) -> str:
    """The hash of all that a version says."""
    said = {
        "enterprise": row.enterprise_id,
        "key": row.key,
        "version": row.version,
        "withdrawn": row.withdrawn,
        "source": row.source_id,
        "reason": row.reason,
        "salt": row.salt,
        "values": {name: plain(value) for name, value in row.values().items() if value is not None},
    }
    return hash_of(said)


def faults() -> Iterator[Altered]:
    """What differs, table by table."""
    for kind in KINDS:
        yield from sealed_rows(kind, seal_of, message(kind.table.title))
