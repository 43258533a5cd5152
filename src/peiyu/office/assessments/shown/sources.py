"""Where a fact comes from: its word, and the page that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.facts import Origin
from peiyu.office.assessments.models import StatedFact
from peiyu.office.portfolio.models import KINDS
from peiyu.office.reports.models import Basis, StaffMonth, Statement
from peiyu.policy import tree
from peiyu.policy.rulebook import Rulebook
from peiyu.words import mark

TABLES = {kind._meta.label_lower: kind.table for kind in KINDS}
STATEMENT, MONTH = Statement._meta.label_lower, StaffMonth._meta.label_lower
STATED = StatedFact._meta.label_lower
Where = Callable[[Assessed, str, Origin], str]
"""The page of a fact (`sales_revenue.1`, `ip/IP01`, `ip/` for the table) at a door; empty: none."""


@dataclass(frozen=True, slots=True)
class Source:
    """The word for a source and its page, empty where there is none."""

    words: str
    href: str


def source_of(found: Assessed, name: str, origin: Origin, where: Where) -> Source:
    """The source of a fact."""
    return Source(words_of(origin), where(found, name, origin))


def words_of(origin: Origin) -> str:
    """What kind of source it is."""
    if origin.label == STATEMENT:
        return Basis(origin.basis).label
    if (table := TABLES.get(origin.label)) is not None:
        return table.title
    if origin.label == MONTH:
        return mark("人员月度")
    if origin.label.startswith("qualifications."):
        return mark("证书与资格")
    if origin.label.startswith("enterprises."):
        return mark("登记信息")
    return mark("单项核实")


def few(sources: Iterable[Source], most: int = 3) -> list[Source]:
    """Each word once, the first of its pages."""
    found: dict[str, Source] = {}
    for one in sources:
        found.setdefault(one.words, one)
    return list(found.values())[:most]


def nowhere(found: Assessed, name: str, origin: Origin) -> str:
    """For a door that shows no sources."""
    return ""


@cache
def tables_counted(book: Rulebook) -> dict[str, str]:
    """By figure of the enterprise the table whose rows are counted in its stead."""
    return {
        fact.name: node.table
        for node in tree.walk(*book.roots())
        if isinstance(node, tree.Measure) and node.declared is not None
        for fact in tree.walk(node.declared)
        if isinstance(fact, tree.FactNode) and not fact.lag
    }
