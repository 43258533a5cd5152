"""What the figures of a year are for: read off the rulebook, so that no page says it a second time."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from peiyu.batch.layouts import FLAT_LAST_YEAR, FLAT_THREE_YEARS
from peiyu.office.reports.models import FIGURES
from peiyu.policy import tree
from peiyu.policy.rulebook import fact_names
from peiyu.policy.rulebooks import RULEBOOKS, readers
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.tree import Node

YEARS = "years."
PANEL = "panel"
"""What the panel fills in repeats the conditions; nobody is told twice."""
USUAL = (*FLAT_THREE_YEARS, *FLAT_LAST_YEAR)
"""What is asked of everyone, in the order of the flat sheet."""


def _read_by(*roots: Node) -> frozenset[str]:
    return frozenset(
        name.removeprefix(YEARS)
        for node in tree.walk(*roots)
        for name in fact_names(node)
        if name.startswith(YEARS)
    )


@cache
def criteria_of() -> dict[str, tuple[str, ...]]:
    """By figure the titles of the conditions that read it."""
    found: dict[str, list[str]] = {}
    for criterion in HNTE.criteria:
        if criterion.group == PANEL:
            continue
        for name in _read_by(criterion.root):
            found.setdefault(name, []).append(criterion.title)
    return {name: tuple(titles) for name, titles in found.items()}


@cache
def programmes_of(name: str) -> tuple[str, ...]:
    """The other programmes whose rules read a figure, by title."""
    return tuple(RULEBOOKS[one].title for one in readers("years", name) if one != HNTE.name)


@cache
def alternatives() -> dict[str, tuple[frozenset[str], ...]]:
    """By figure what may be known in its stead, where the rules take the one or the other."""
    found: dict[str, set[frozenset[str]]] = {}
    for node in tree.walk(*HNTE.roots()):
        if not isinstance(node, tree.Preferred):
            continue
        first, second = (_needed(_read_by(part)) for part in (node.first, node.second))
        for alone, others in ((first, second), (second, first)):
            if len(alone) == 1 and others and others != alone:
                found.setdefault(next(iter(alone)), set()).add(others)
    return {name: tuple(sorted(sets, key=len)) for name, sets in found.items()}


def _needed(names: Collection[str]) -> frozenset[str]:
    return frozenset(name for name in names if not FIGURES[name].optional)


def missing(known: Collection[str]) -> list[str]:
    """The usual figures that are neither known nor made of others that are."""
    there = frozenset(known)
    return [
        name
        for name in USUAL
        if name not in there and not any(others <= there for others in alternatives().get(name, ()))
    ]
