"""The list of enterprises as the office works with it: the registry's, and how each stands.

How one stands is read from the kept lines of the assessments (`Readiness`), as far as the person may
read them; to whom they are closed, the columns are empty and the filters are not there.
"""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django_filters import ChoiceFilter

from peiyu.office.accounts.models import User
from peiyu.office.assessments.models import STANDS, span_of
from peiyu.office.assessments.permissions import reads_assessments
from peiyu.office.assessments.queries import ready
from peiyu.office.assessments.shown.words import outcome_shown, points
from peiyu.office.enterprises import listing
from peiyu.office.enterprises.listing import Column
from peiyu.office.enterprises.models import Enterprise
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.words import mark

CRITERIA = [(criterion.id, criterion.title) for criterion in HNTE.criteria]
OF_STANDING = ("stands", "only")
"""Filters by how an enterprise stands."""
KEPT = ("hard", "unmet_count", "unknown_count", "score_low", "score_high", "score_over")


class Filters(listing.Filters):
    """What one may ask of the list, by how enterprises stand too."""

    stands = ChoiceFilter(choices=STANDS, method="by_standing", label=mark("高企认定条件"))
    only = ChoiceFilter(choices=CRITERIA, method="by_only", label=mark("认定条件只差这一项"))

    def __init__(self, data: Any, queryset: QuerySet[Enterprise], *, person: User) -> None:
        super().__init__(data, queryset)
        self.person = person
        if not reads_assessments(person):
            for name in OF_STANDING:
                del self.filters[name]

    def by_standing(
        self, rows: QuerySet[Enterprise], name: str, value: str
    ) -> QuerySet[Enterprise]:
        """By the conditions of recognition, as of the last run."""
        lines = ready(self.person, HNTE.name).standing(value)
        return rows.filter(pk__in=lines.values("enterprise")) if value else rows

    def by_only(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        """One condition is not met, and no other."""
        lines = ready(self.person, HNTE.name).only_unmet(value)
        return rows.filter(pk__in=lines.values("enterprise")) if value else rows


def _hard(line: Any) -> str:
    return "" if line.ready_hard is None else outcome_shown(line.ready_hard)[1]


def _score(line: Any) -> str:
    kept = (line.ready_score_low, line.ready_score_high, line.ready_score_over)
    return points(span_of(*kept))


STANDING = (
    Column("hard", mark("认定条件"), _hard, "tag", first=True),
    Column("unmet_count", mark("不符合的项数"), lambda line: line.ready_unmet_count, "num"),
    Column("unknown_count", mark("资料不足的项数"), lambda line: line.ready_unknown_count, "num"),
    Column("score", mark("认定评分"), _score),
)  # fmt: skip
"""How it stands by the conditions of recognition: what data decide, and the points as an interval."""


def columns_for(person: User) -> tuple[Column, ...]:
    """All columns that the list can have for this person."""
    return (*listing.COLUMNS, *STANDING) if reads_assessments(person) else listing.COLUMNS


def chosen_columns(keys: str, person: User) -> tuple[Column, ...]:
    """Columns by their keys with commas between; the usual ones if none is known."""
    every = columns_for(person)
    by_key = {column.key: column for column in every}
    found = tuple(by_key[key] for key in dict.fromkeys(keys.split(",")) if key in by_key)
    return found or tuple(column for column in every if column.first)


def lines_of(
    rows: QuerySet[Enterprise], columns: tuple[Column, ...], person: User
) -> QuerySet[Enterprise, Any]:
    """The rows as plain lines, with what these columns need; one query."""
    if not any(column in STANDING for column in columns):
        return listing.lines_of(rows)
    kept = ready(person, HNTE.name).filter(enterprise=OuterRef("pk"))
    more = {f"ready_{name}": Subquery(kept.values(name)[:1]) for name in KEPT}
    return listing.lines_of(rows.annotate(**more), *more)
