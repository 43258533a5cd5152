"""Evidence for everybody, and one enterprise with much of it; all chains checked by the job."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

RIGHTS, PROJECTS, PRODUCTS, CONVERSIONS = 10, 4, 3, 8
MUCH = {"ip": 60, "projects": 40, "products": 30, "conversions": 50}
"""Rows of the enterprise whose chain is drawn."""
RECORDED_ON = "2019-01-07"
SIGNS = "甲乙丙丁戊己庚辛壬癸"
PAGES = {
    "chain of 60 IP, 40 RD, 30 PS, 50 conversions": "/enterprises/{much}/evidence/",
    "the same, one product chosen": "/enterprises/{much}/evidence/?at=products/PS07",
    "the same, as known on a past day": "/enterprises/{much}/evidence/?known=2019-01-08",
    "its rights": "/enterprises/{much}/evidence/ip/",
    "enterprises with flags": "/evidence/",
    "enterprises with flags, one check": "/evidence/?check=not_approved",
    "rights": "/evidence/rights/",
    "rights, fees due": "/evidence/rights/?state=due&sort=fees_paid_to",
    "rights, one class of a field": "/evidence/rights/?ip_class=2&field=804",
    "rights by field": "/evidence/fields/",
    "IP contacts, only vacancies": "/evidence/contacts/?vacant=on",
}


def rows_of(
    rights: int, projects: int, products: int, conversions: int
) -> dict[str, list[dict[str, Any]]]:
    """Rows that agree but for one activity without approval."""
    ips = [
        {
            "no": f"IP{n:02d}", "title": f"一种装置{n}", "kind": "software", "grant_number": f"2016SR{1_000_000 + n}",
            "applied_on": date(2016, 1 + n % 12, 3), "granted_on": date(2016 + n % 3, 12, 1 + n % 28),
            "ends_on": date(2066, 12, 31), "fees_paid_to": date(2019, 6 + n % 6, 1) if n % 5 == 0 else None,
            "mainland": True, "owner_self": True, "co_owned": False, "certificate": True, "obtained": "self",
            "field": "80401",
        }
        for n in range(1, rights + 1)
    ]  # fmt: skip
    return {
        "ip": ips,
        "projects": [
            {"no": f"RD{n:02d}", "title": f"研究{n}", "started_on": date(2016, 1, 1), "ended_on": date(2018, 12, 31),
             "approval": n > 1, "ip_nos": tuple(ip["no"] for ip in ips[n - 1 :: projects])}
            for n in range(1, projects + 1)
        ],
        "rd": [{"no": f"RD{n:02d}", "year": year, "rd_labour": 10_000_00}
               for n in range(1, projects + 1) for year in (2016, 2017, 2018)],
        "products": [
            {"no": f"PS{n:02d}", "title": f"产品{n}", "is_main": n == 1, "field": "80401",
             "first_sold_on": date(2019, 1, 5), "ip_nos": tuple(ip["no"] for ip in ips[n - 1 :: products])}
            for n in range(1, products + 1)
        ],
        "incomes": [{"no": f"PS{n:02d}", "year": 2018, "income": 100_000_00} for n in range(1, products + 1)],
        "conversions": [
            {"no": f"CG{n:02d}", "result": SIGNS[n % 10] * 4 + SIGNS[n // 10 % 10] * 4,
             "converted_on": date(2018, 3, 1), "source_nos": (f"RD{1 + n % projects:02d}",),
             "product_nos": (f"PS{1 + n % products:02d}",)}
            for n in range(1, conversions + 1)
        ],
    }  # fmt: skip


def prove_everything() -> tuple[int, int]:
    """Rows for each enterprise, copied in the database; gives their number and the one with much."""
    from django.db import connection, transaction

    from peiyu.office.accounts.models import User
    from peiyu.office.enterprises.models import Enterprise
    from peiyu.office.foundation.search import put_many
    from peiyu.office.foundation.sources import of_document
    from peiyu.office.portfolio.actions.entries import Wanted, record_all
    from peiyu.office.portfolio.checking import key_of
    from peiyu.office.portfolio.findable import LABEL
    from peiyu.office.portfolio.models import OF_TABLE
    from peiyu.policy.evidence import BY_NAME
    from peiyu.policy.patents import bare

    officer = User.objects.get(username="bureau")
    little, plenty, much = Enterprise.objects.filter(status="active").order_by("pk")[:3]
    with transaction.atomic():
        source = of_document("证据汇总", actor=officer)
        for one, rows in (
            (little, rows_of(RIGHTS, PROJECTS, PRODUCTS, CONVERSIONS)),
            (plenty, rows_of(*MUCH.values())),
        ):
            for table, own in rows.items():
                known = BY_NAME[table]
                wanted = [Wanted(one, key_of(known, row), row) for row in own]
                record_all(known, wanted, source=source, actor=officer)
    total = 0
    others = f"<> {much.pk} AND e.id NOT IN ({little.pk}, {plenty.pk})"
    with connection.cursor() as cursor:
        for table in rows_of(1, 1, 1, 1):
            kind: Any = OF_TABLE[table]
            for of, to in ((plenty.pk, f"= {much.pk}"), (little.pk, others)):
                cursor.execute(_copied(kind, of, to))
            total += kind.objects.count()
        rights = OF_TABLE["ip"].objects.values_list("pk", "grant_number", "title")
        terms = ((pk, [("number", bare(number)), ("title", title)]) for pk, number, title in rights)
        put_many(LABEL, terms)
        cursor.execute("ANALYZE")
    return total, much.pk


def _copied(kind: Any, of: int, to: str) -> str:
    """SQL that gives the rows of one enterprise to others, as recorded on a past day."""
    own = {"enterprise_id": "e.id", "recorded_on": f"'{RECORDED_ON}'"}
    if kind.table.name == "ip":
        serial = 'CAST(substr(s."key", 3) AS INTEGER)'
        own["grant_number"] = f"'2016SR' || CAST(1000000 + e.id * 100 + {serial} AS TEXT)"
    columns = [field.column for field in kind._meta.concrete_fields if field.column != "id"]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(own.get(name, f's."{name}"') for name in columns)
    table = kind._meta.db_table
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM enterprises_enterprise e "
        f"CROSS JOIN {table} s WHERE s.enterprise_id = {of} AND e.id {to}"
    )


def check_all() -> tuple[float, int, int]:
    """Seconds of the job over all enterprises, how many there are, how many have open flags."""
    from django_tasks_db.models import DBTaskResult

    from peiyu.office.accounts.models import User
    from peiyu.office.foundation import jobs
    from peiyu.office.portfolio.jobs import CHECK, TITLE
    from peiyu.office.portfolio.models import FlagCount

    job = jobs.start(CHECK, TITLE, {}, User.objects.get(username="bureau"))
    DBTaskResult.objects.all().delete()
    began = time.perf_counter()
    jobs.run.func(job.pk)
    spent = time.perf_counter() - began
    job.refresh_from_db()
    assert job.state == "done", (job.state, job.failure)
    return spent, FlagCount.objects.count(), FlagCount.objects.filter(open__gt=0).count()
