"""Rows of accidents and offences: inside the year before the application, and just outside it."""

from __future__ import annotations

from datetime import timedelta

from peiyu.demo.draft import Draft, Row

KINDS = ("safety", "environment", "quality")


def write_inside(draft: Draft, index: int) -> None:
    """A major incident in the year before: on its first day, on its last, or between."""
    year = draft.bounds.incident_days
    write(draft, index, (year, year - 1, 200, 30, 0)[index % 5], major=True)


def write_outside(draft: Draft, index: int) -> None:
    """A major incident before that year, or one within it that nobody found major."""
    year = draft.bounds.incident_days
    days = (year + 1, year + 2, year + 300, 90, 12)[index % 5]
    write(draft, index, days, major=days > year)


def write(draft: Draft, index: int, days: int, *, major: bool) -> None:
    """One incident that many days before the application."""
    row: Row = {
        "happened_on": draft.on - timedelta(days=days),
        "kind": KINDS[index % len(KINDS)],
        "major": major,
        "opinion": f"（虚构）意见{draft.on.year}-{900 + 10 * int(major) + index}号",
    }
    draft.tables["incidents"] = [row]
