"""Bars as inline SVG, drawn by attributes alone so that the strict content policy holds; beside a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100
"""The widest bar; the picture is stretched to its place."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a table with its bar: `width` of `WIDTH`, and where a mark stands, if there is one."""

    label: str
    number: int
    width: int
    mark: int | None = None


def bars_of(rows: Sequence[tuple[str, int]], *, aim: int | None = None) -> list[Bar]:
    """Bars on one scale; `aim` gets a mark on each."""
    most = max([number for _, number in rows] + [aim or 0, 1])
    place = WIDTH * aim // most if aim else None
    return [Bar(label, number, WIDTH * number // most, place) for label, number in rows]
