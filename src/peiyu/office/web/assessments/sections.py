"""The pages of assessments across enterprises, as tabs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from peiyu.words import mark

PAGES = (
    ("assessments", mark("清单")),
    ("assessments_warnings", mark("预警")),
    ("assessments_runs", mark("批量测评")),
)


def sections(current: str) -> list[dict[str, Any]]:
    """The tabs, with a mark at the present one."""
    return [
        {"label": label, "href": reverse(page), "number": None, "current": page == current}
        for page, label in PAGES
    ]
