"""People month by month, for some enterprises of the demo city."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from peiyu.demo.bounds import Bounds
from peiyu.demo.city import City
from peiyu.demo.draft import PERSON, Draft, Row
from peiyu.demo.office.days import live_on
from peiyu.demo.office.pasts import Told
from peiyu.demo.office.people import People
from peiyu.demo.people import write_months
from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import Status
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.record import Said, write_all
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports.models import StaffMonth

ENTERPRISES = 60
RECORDED_ON = date(2019, 5, 28)


def fill(drawn: City, told: Sequence[Told], people: People) -> None:
    """The months of the last year: those of the workbook, and of others so that they average right."""
    live_on(RECORDED_ON)
    officer = people.first(Role.BUREAU_OFFICER)
    source = of_document("2018年职工花名册汇总", dated_on=RECORDED_ON, actor=officer)
    at = office_now()
    made = [
        StaffMonth(
            enterprise=one.enterprise, version=1, source=source, recorded_at=at,
            recorded_on=RECORDED_ON, recorded_by=officer, **row,
        )
        for one, rows in _chosen(drawn, told)
        for row in rows
    ]  # fmt: skip
    StaffMonth.objects.bulk_create(made, batch_size=200)
    lines = (Said(one, {"version": (None, 1)}, about=one.enterprise) for one in made)
    write_all(lines, actor=officer, action="reports.staffmonth.state")


def _chosen(drawn: City, told: Sequence[Told]) -> Iterator[tuple[Told, list[Row]]]:
    """Those whose months the workbook has, then others until there are enough."""
    active = [one for one in told if one.enterprise.status == Status.ACTIVE]
    has = [one for one in active if one.firm.tables.get("months")]
    yield from ((one, one.firm.tables["months"]) for one in has)
    names = ("staff_average.1", "st_staff_average.1", "established_on")
    others = [
        one
        for one in active
        if one not in has and all(name in one.firm.facts for name in names)
        and isinstance(since := one.firm.facts["established_on"], date)
        and since.year < drawn.on.year - 1 and _whole(one)
    ]  # fmt: skip
    bounds = Bounds.on(drawn.on)
    for one in others[:: max(1, len(others) // (ENTERPRISES - len(has)))][: ENTERPRISES - len(has)]:
        firm = one.firm
        own = Random(f"{drawn.seed} months {firm.code}")
        draft = Draft(
            drawn.on, own, bounds, firm.code, firm.name, "", firm.town, firm.zone, firm.trade, "",
            dict(firm.facts),
        )  # fmt: skip
        write_months(draft)
        yield one, draft.tables["months"]


def _whole(one: Told) -> bool:
    """Do its averages come out of whole heads at the turns of twelve months."""
    averages = (one.firm.facts[name] for name in ("staff_average.1", "st_staff_average.1"))
    return all(isinstance(value, int) and 24 * value % PERSON == 0 for value in averages)
