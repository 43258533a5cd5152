"""Kinds of papers: each stands in the `PAPERS` of the room whose business it is (`papers.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

if TYPE_CHECKING:
    from peiyu.office.accounts.models import Body, User


DOORS = frozenset({"web", "portal", "api"})
"""Rooms that show papers and have none of their own."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper before it is issued: of which kind, by which body, to whom."""

    kind: str
    body: Body
    addressee: tuple[str, int]
    """Label and key."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper: what it is called, who issues it, which of it a person may read."""

    title: str
    may_issue: Callable[[User, Draft], bool]
    """Asked beside what holds for every kind: one issues for a body in which one works."""
    open_to: Callable[[User], Q]
    """Which papers of this kind a person may read: a condition on the rows of `IssuedPaper`."""


@cache
def kinds() -> Mapping[str, PaperKind]:
    """All kinds, by room and name: "reports.lacking" is `PAPERS["lacking"]` of `reports.papers`."""
    found: dict[str, PaperKind] = {}
    for room in settings.ROOMS:
        if room in DOORS:
            continue
        name = f"peiyu.office.{room}.papers"
        if find_spec(name) is not None:
            papers: Mapping[str, PaperKind] = import_module(name).PAPERS
            found |= {f"{room}.{key}": kind for key, kind in papers.items()}
    return found
