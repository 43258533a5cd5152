"""The clean enterprise of the rules' tests as an office holds it."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.sources import of_document
from peiyu.office.portfolio.actions.entries import Wanted, record_all
from peiyu.office.portfolio.checking import key_of, settled
from peiyu.office.portfolio.flags import recount
from peiyu.office.portfolio.models import Fullness
from peiyu.office.reports.actions.statements import Wanted as Year
from peiyu.office.reports.actions.statements import state_all
from peiyu.office.reports.models import Basis
from peiyu.policy.evidence import BY_NAME
from tests.policy.chain.clean import TABLES, YEARLY


def fill(one: Enterprise, by, **changes: dict[str, dict]) -> Enterprise:
    """Its rows and years; `changes`: {table: {number of a row: {fact: value}}}."""
    source = of_document("材料", actor=by)
    for table, rows in deepcopy(TABLES).items():
        known = BY_NAME[table]
        for row in rows:
            row.update(changes.get(table, {}).get(row.get("no"), {}))
        wanted = [Wanted(one, key_of(known, row), settled(row)) for row in rows]
        record_all(known, wanted, source=source, actor=by)
        Fullness.objects.create(enterprise=one, table=table, since=office_day(), said_by=by)
    years = [
        Year(one, year, Basis.DECLARED, {name: Decimal(fen) / 100 for name, fen in figures.items()})
        for year, figures in YEARLY.items()
    ]
    state_all(years, source=source, actor=by)
    recount([one], office_day())
    return one
