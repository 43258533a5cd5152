"""Statements against their seals in the record: none changed, none missing, none added beside it."""

from __future__ import annotations

from collections.abc import Iterator

from peiyu.office.foundation.verification import Altered, sealed_rows
from peiyu.office.reports.actions.statements import seal_of
from peiyu.office.reports.models import Statement
from peiyu.words import message


def faults() -> Iterator[Altered]:
    """What differs, in the order of the record."""
    yield from sealed_rows(Statement, seal_of, message("年度数据"))
