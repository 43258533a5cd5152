"""Enterprises of the rules' own tests, put into the tables of the office as it holds them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from peiyu.office.assessments.gathered import FROM, STATABLE
from peiyu.office.assessments.models import StatedFact
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.models import Source
from peiyu.office.portfolio.models import OF_TABLE, Fullness, IpUse, written
from peiyu.office.qualifications.models import Certificate, CertificateVersion
from peiyu.office.reports.models import COUNTED, FIGURES, Basis, StaffMonth, Statement
from peiyu.policy import evidence, facts
from peiyu.policy.case import Case, State
from peiyu.policy.patents import bare
from tests.office.factories import enterprise

MOMENT = datetime(2019, 6, 17, tzinfo=UTC)
BEGUN = date(2015, 1, 5)
"""When all this was recorded."""
numbers = count(1)


def paper() -> Source:
    """A document."""
    return Source.objects.create(kind="document", title="材料", recorded_at=MOMENT)


def of(source: Source, on: date = BEGUN, **more: Any) -> dict[str, Any]:
    """What every row says of itself."""
    return {"source": source, "recorded_at": MOMENT, "recorded_on": on, **more}


def state(
    one: Enterprise,
    year: int,
    figures: dict[str, int],
    source: Source,
    basis: str = Basis.VERIFIED,
    version: int = 1,
    on: date = BEGUN,
    **more: Any,
) -> Statement:
    """Figures of a year, in fen and hundredths."""
    values = {name: Decimal(value) / 100 for name, value in figures.items()}
    return Statement.objects.create(
        enterprise=one, year=year, basis=basis, version=version, **of(source, on), **values, **more
    )


def row(one: Enterprise, table: str, values: dict[str, Any], source: Source, **more: Any) -> Any:
    """One row of evidence."""
    known = evidence.BY_NAME[table]
    said = {n: written(values.get(n), known.fact(n)) for n in known.names if n in values}
    more.setdefault("key", str(values.get("no") or values.get("number") or next(numbers)))
    more.setdefault("version", 1)
    on = more.pop("on", BEGUN)
    return OF_TABLE[table].objects.create(enterprise=one, **of(source, on), **said, **more)


def full(one: Enterprise, table: str, since: date = BEGUN, **more: Any) -> Fullness:
    """A table is said to be all there is."""
    return Fullness.objects.create(enterprise=one, table=table, since=since, **more)


def fact(one: Enterprise, name: str, value: Any, source: Source, **more: Any) -> StatedFact:
    """A fact stated of the enterprise."""
    more.setdefault("version", 1)
    kept = value.isoformat() if isinstance(value, date) else value
    on = more.pop("on", BEGUN)
    return StatedFact.objects.create(
        enterprise=one, name=name, value=kept, **of(source, on), **more
    )


def certificate(one: Enterprise, values: dict[str, Any], source: Source) -> None:
    """A certificate as the register has it."""
    issued = values["issued_on"]
    ends = values.get("valid_to")
    told = {
        "number": f"GR2016{next(numbers):08d}", "name": one.name, "issued_on": issued,
        "printed_end_on": ends if ends and ends >= issued else None,
        "issued_here": bool(values.get("in_city")),
    }  # fmt: skip
    found = Certificate.objects.create(
        enterprise=one, last_on=ends or issued, recorded_on=BEGUN, **told
    )
    CertificateVersion.objects.create(
        certificate=found, enterprise=one, version=1, **of(source), **told
    )


def keepable(case: Case) -> Case:
    """The case with no amount larger than can be kept."""
    most = facts.LARGEST_AMOUNT
    small = {n: min(v, most) if type(v) is int else v for n, v in case.facts.items()}
    return replace(case, facts=small)


def other(value: int, by: int) -> int:
    """Another amount that can be kept."""
    return value + by if value < facts.LARGEST_COUNT else value - by


def hold(case: Case, on: date, bases: tuple[str, ...] = (Basis.VERIFIED,)) -> Enterprise:
    """The enterprise of a case as an office holds it, as far as an office can; with decoys beside it.

    Each figure stands on one of the bases, by turns; on those after it, and in versions of the day
    after `on`, stands something else, which must not count.
    """
    source, tomorrow = paper(), on + timedelta(1)
    one = enterprise(
        case.name, code=f"9141{next(numbers):014d}", established_on=case.facts.get("established_on")
    )
    years: dict[tuple[int, str], dict[str, int]] = {}
    for at, (key, value) in enumerate(sorted(case.facts.items())):
        name, _, lag = key.partition(".")
        if name in FIGURES:
            for place in range(at % len(bases), len(bases)):
                decoy = value if place == at % len(bases) else other(value, 100)
                years.setdefault((on.year - int(lag), bases[place]), {})[name] = decoy
        elif name in STATABLE and value is not None:
            fact(one, name, value, source, year=on.year)
    for (year, basis), figures in years.items():
        state(one, year, figures, source, basis)
        later = {name: other(value, 7) for name, value in figures.items()}
        state(one, year, later, source, basis, version=2, on=tomorrow)
    for table in case.tables:
        _table(case, table, one, source, on)
    return one


def _table(case: Case, table: str, one: Enterprise, source: Source, on: date) -> None:
    rows = case.tables[table] if case.state(table) is not State.ABSENT else []
    if table in FROM:
        for at, values in enumerate(rows):
            values = {"no": f"N{at:02d}", **values} if table != "standards" else values
            row(one, table, values, source, key=f"{values.get('no', '')}/{at:02d}")
            if table == "products" and values.get("income") is not None:
                told = {"no": values["no"], "year": on.year - 1, "income": values["income"]}
                row(one, "incomes", told, source, key=f"{values['no']}/{on.year - 1}")
        if case.state(table) is State.COMPLETE:
            full(one, table)
    elif table == "months":
        for values in rows:
            counted = {name: values.get(name) for name in COUNTED}
            StaffMonth.objects.get_or_create(
                enterprise=one, year=values["year"], month=values["month"], version=1,
                defaults=of(source, **counted),
            )  # fmt: skip
    elif table == "certificates":
        for values in rows:
            if values.get("issued_on"):
                certificate(one, values, source)


def use(number: str, used_on: date, source: Source, **more: Any) -> IpUse:
    """That a right was used in a recognition."""
    one = more.get("enterprise")
    more.setdefault("used_by", one.code if one else "外地某公司")
    on = more.pop("on", BEGUN)
    return IpUse.objects.create(number=bare(number), used_on=used_on, **of(source, on), **more)


WAN = 10**6  # fen


def ready(**changes: Any) -> Case:
    """A case that meets every hard condition of recognition on the factories' day; facts changed."""
    found: dict[str, Any] = {
        "established_on": date(2012, 3, 1), "resident": True, "legal_person": True, "incidents": 0,
        "staff_average.1": 10_000, "st_staff_average.1": 1_000, "total_income.1": 2_000 * WAN,
        "ht_income.1": 1_200 * WAN,
    }  # fmt: skip
    for lag, sales, net in ((1, 2_000, 1_350), (2, 1_600, 1_100), (3, 1_400, 1_000)):
        found |= {
            f"sales_revenue.{lag}": sales * WAN, f"net_assets.{lag}": net * WAN,
            f"rd_total.{lag}": 100 * WAN, f"rd_domestic.{lag}": 100 * WAN,
        }  # fmt: skip
    found |= changes
    rights = [
        {
            "no": f"IP{n:02d}", "kind": "software", "grant_number": f"2016SR{n:07d}", "mainland": True,
            "granted_on": date(2017, 5, n), "ends_on": date(2067, 12, 31), "owner_self": True,
            "co_owned": False, "certificate": True, "obtained": "self", "used_before": False,
        }
        for n in range(1, 6)
    ]  # fmt: skip
    products = [
        {"no": "PS01", "income": 700 * WAN, "is_main": True, "ip_nos": ("IP01", "IP02")},
        {"no": "PS02", "income": 500 * WAN, "is_main": False, "ip_nos": ()},
    ]
    conversions = [
        {"no": f"CG{n:02d}", "result": f"成果{n}", "converted_on": date(2018, 1, n)}
        for n in range(1, 16)
    ]
    tables = {"ip": rights, "products": products, "conversions": conversions, "standards": []}
    case = Case("ready", "济源市合格有限公司", {n: v for n, v in found.items() if v is not None})
    case.tables |= tables
    case.states |= dict.fromkeys(tables, State.COMPLETE)
    return case
