"""The pages about evidence across enterprises, as tabs beside the title."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from peiyu.office.accounts.models import User
from peiyu.office.portfolio.permissions import reads_chains, reads_rights
from peiyu.words import mark

PAGES = (
    ("evidence", mark("证据链提示"), reads_chains),
    ("rights", mark("知识产权"), reads_rights),
    ("rights_by_field", mark("按领域"), reads_rights),
    ("rights_strong", mark("强企候选"), reads_rights),
    ("uses", mark("使用记录"), reads_rights),
    ("ip_contacts", mark("联系人"), reads_rights),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A tab."""

    label: str
    href: str
    current: bool
    number: int | None = None


def sections(person: User, current: str) -> list[Section]:
    """Those that the person may open."""
    return [
        Section(label, reverse(page), page == current)
        for page, label, sees in PAGES
        if sees(person)
    ]
