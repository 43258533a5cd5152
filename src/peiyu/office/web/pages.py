"""Pages of a long list, by key or of what is at hand, as links in the foot of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.http import HttpRequest

from peiyu.office.foundation.keyset import Page
from peiyu.office.web.answers import key_of
from peiyu.office.web.tables import Pager

Row = TypeVar("Row")


def part_of(request: HttpRequest, rows: Sequence[Row], size: int) -> tuple[Sequence[Row], Pager]:
    """The page that is asked for of rows that were counted anyway, and the ways to the others."""
    last = max((len(rows) - 1) // size + 1, 1)
    at = min(max(key_of(request.GET.get("page")) or 1, 1), last)

    def leads(page: int) -> str:
        query = request.GET.copy()
        query["page"] = str(page)
        return f"?{query.urlencode()}"

    shown = rows[(at - 1) * size : at * size]
    pager = Pager(
        len(shown), len(rows), first=leads(1) if at > 1 else "",
        previous=leads(at - 1) if at > 1 else "", next=leads(at + 1) if at < last else "",
    )  # fmt: skip
    return shown, pager


def pager_of(request: HttpRequest, page: Page[Any], number: int | None = None) -> Pager:
    """Where one comes from and where one goes, all other words of the address kept."""

    def leads(**mark: str) -> str:
        query = request.GET.copy()
        for gone in ("after", "before"):
            query.pop(gone, None)
        for name, value in mark.items():
            query[name] = value
        return f"?{query.urlencode()}"

    return Pager(
        len(page.rows),
        number,
        first=leads() if page.preceding else "",
        previous=leads(before=page.preceding) if page.preceding else "",
        next=leads(after=page.following) if page.following else "",
    )
