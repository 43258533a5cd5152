"""Rows as if they had been read from a workbook, for judging them without writing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peiyu.demo.draft import Row
from peiyu.tables.results import Read, SheetRead, Span

FIRST = 2
"""The number of the first row under a heading."""


def as_read(rows: Mapping[str, Sequence[Row]]) -> Read:
    """The rows of each sheet as reading would give them back."""
    return Read({
        name: SheetRead(
            name,
            [dict(row) for row in found],
            list(range(FIRST, FIRST + len(found))),
            spans=[Span(0, name, {})],
        )
        for name, found in rows.items()
    })  # fmt: skip
