"""Operations on yearly figures: those of one enterprise, and what changed since a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Query

from peiyu.office.accounts.permissions import FIGURES
from peiyu.office.api import answers
from peiyu.office.api.asked import Changed, Id, Known, check_mark
from peiyu.office.api.keys import caller
from peiyu.office.api.problems import missing
from peiyu.office.api.root import read
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import Source
from peiyu.office.reports.models import Basis, Statement
from peiyu.office.reports.permissions import figures_open_to
from peiyu.words import message

ORDER = "id"


@read(
    "/enterprises/{enterprise_id}/figures", answers.Years, scope=FIGURES,
    name="enterprise_figures", summary="Yearly figures of one enterprise, as known on a day",
)  # fmt: skip
def enterprise_figures(
    request: HttpRequest, enterprise_id: Id, asked: Query[Known]
) -> dict[str, Any]:
    """What each basis states of each year, of the bases open to the key's owner."""
    person, known = caller(request).person, asked.known or office_day()
    firms = Enterprise.objects.visible_to(person).filter(
        pk__in=figures_open_to(person).values("pk")
    )
    found = firms.filter(pk=enterprise_id).first()
    if found is None:
        raise missing(
            message("没有编号为{key}的企业", key=enterprise_id),
            field="enterprise_id",
            value=enterprise_id,
        )
    rows = Statement.objects.visible_to(person).filter(enterprise=found).known_on(known)
    rows = rows.filter(withdrawn=False).select_related("source")
    if asked.year is not None:
        rows = rows.filter(year=asked.year)
    bases = list(Basis)
    stated = sorted(rows, key=lambda row: (row.year, bases.index(Basis(row.basis))))
    titles = _titles(stated)
    return {
        "id": found.pk,
        "code": found.code,
        "name": found.name,
        "known": known,
        "items": [_stated(row, titles) for row in stated],
    }


@read(
    "/figures", answers.Changes, scope=FIGURES, name="figures",
    summary="Newest versions of figures, in the order in which they were recorded",
)  # fmt: skip
def figures(request: HttpRequest, asked: Query[Changed]) -> dict[str, Any]:
    """Every enterprise, year and basis once; with `changed_since` only what was recorded since."""
    person, on = caller(request).person, office_day()
    check_mark(asked.after, Statement, ORDER)
    rows = Statement.objects.visible_to(person).known_on(on).select_related("source", "enterprise")
    if asked.year is not None:
        rows = rows.filter(year=asked.year)
    if asked.basis:
        rows = rows.filter(basis=asked.basis)
    if asked.changed_since is not None:
        rows = rows.filter(recorded_on__gte=asked.changed_since)
    page = page_of(rows, order=ORDER, size=asked.limit, after=asked.after)
    titles = _titles(page.rows)
    return {
        "on": on,
        "items": [
            {
                **_stated(row, titles),
                "enterprise": row.enterprise_id,
                "code": row.enterprise.code,
                "name": row.enterprise.name,
                "withdrawn": row.withdrawn,
            }
            for row in page.rows
        ],
        "next": page.following,
    }


def _titles(rows: Iterable[Statement]) -> dict[int, str]:
    """Titles of the sources that figures have apart from their rows; one query."""
    keys = {key for row in rows for key in row.exceptions.values()}
    return dict(Source.objects.filter(pk__in=keys).values_list("pk", "title"))


def _stated(row: Statement, titles: Mapping[int, str]) -> dict[str, Any]:
    """One version, its figures as decimal text, so that no program rounds them."""
    figures = {} if row.withdrawn else row.stated()
    return {
        "year": row.year,
        "basis": row.basis,
        "version": row.version,
        "recorded_on": row.recorded_on,
        "source": row.source.title,
        "exceptions": {
            name: titles.get(key, "") for name, key in row.exceptions.items() if name in figures
        },
        "figures": {name: f"{value:.2f}" for name, value in figures.items()},
    }
