"""Pages by key of a long list, as links in the foot of a table."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from peiyu.office.foundation.keyset import Page
from peiyu.office.web.tables import Pager


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
