"""An enterprise whose evidence agrees in every way, to be spoilt in one."""

# ruff: noqa: E501  tables: a row a line

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

from peiyu.policy.chain import Held

ON = date(2019, 6, 17)
WAN = 10**6  # fen
KEY = "91419001MAX1LX27Q9"
INVENTION, MODEL, MODEL_2 = "ZL201610000123.4", "ZL201621128023.1", "ZL201720321712.2"


def right(no: str, kind: str, number: str, applied: date, granted: date, **more: Any) -> dict:
    return {
        "no": no, "title": f"一种装置{no}", "kind": kind, "grant_number": number, "applied_on": applied,
        "granted_on": granted, "ends_on": date(applied.year + 10, 1, 1), "fees_paid_to": date(2020, 3, 1),
        "mainland": True, "owner_self": True, "co_owned": False, "certificate": True,
        "obtained": "self", "field": "8.4.1", "used_before": False, **more,
    }  # fmt: skip


def project(no: str, start: date, end: date, *ip: str) -> dict:
    return {
        "no": no, "title": f"项目{no}", "started_on": start, "ended_on": end, "approval": True,
        "approved_on": start, "ip_nos": ip, "field": "8.4.1",
    }  # fmt: skip


def spent(no: str, year: int, labour: int) -> dict:
    return {
        "no": no, "year": year, "rd_labour": labour * WAN, "rd_direct_input": 10 * WAN, "rd_depreciation": 0,
        "rd_amortisation": 0, "rd_design": 0, "rd_testing": 0, "rd_other": 0,
        "rd_entrusted_domestic": 0, "rd_entrusted_foreign": 0,
    }  # fmt: skip


def yearly(labour: int, direct: int) -> dict[str, int]:
    return {
        "rd_labour": labour * WAN, "rd_direct_input": direct * WAN, "rd_depreciation": 0,
        "rd_amortisation": 0, "rd_design": 0, "rd_testing": 0, "rd_other": 0,
        "rd_entrusted_domestic": 0, "rd_entrusted_foreign": 0, "rd_total": (labour + direct) * WAN,
    }  # fmt: skip


TABLES: dict[str, list[dict[str, Any]]] = {
    "ip": [
        right("IP01", "invention", INVENTION, date(2016, 4, 8), date(2018, 5, 4)),
        right("IP02", "utility_model", MODEL, date(2016, 10, 13), date(2017, 5, 3)),
        right("IP03", "utility_model", MODEL_2, date(2017, 3, 29), date(2017, 12, 1), inventors=("P001",)),
    ],
    "projects": [
        project("RD01", date(2016, 1, 4), date(2016, 12, 30), "IP01", "IP02"),
        project("RD02", date(2017, 1, 3), date(2018, 12, 28), "IP03"),
    ],
    "rd": [spent("RD01", 2016, 50), spent("RD02", 2017, 60), spent("RD02", 2018, 70)],
    "products": [
        {"no": "PS01", "title": "分拣线", "is_main": True, "ip_nos": ("IP01", "IP02"), "field": "8.4.1",
         "first_sold_on": date(2017, 9, 1)},
        {"no": "PS02", "title": "夹爪", "is_main": False, "ip_nos": ("IP03",), "field": "8.4.2",
         "first_sold_on": date(2018, 9, 1)},
    ],
    "incomes": [
        {"no": "PS01", "year": 2018, "income": 700 * WAN}, {"no": "PS02", "year": 2018, "income": 300 * WAN},
    ],
    "conversions": [
        {"no": "CG01", "result": "上料机械手", "converted_on": date(2017, 6, 1), "source_nos": ("IP01",), "product_nos": ("PS01",)},
        {"no": "CG02", "result": "去毛刺工艺", "converted_on": date(2017, 6, 8), "source_nos": ("IP02",), "product_nos": ("PS01",)},
        {"no": "CG03", "result": "快换夹爪", "converted_on": date(2018, 6, 1), "source_nos": ("IP03", "RD02"), "product_nos": ("PS02",)},
    ],
    "cooperations": [{"no": "HZ01", "partner": "某大学", "paid": 5 * WAN, "output": True, "rd_nos": ("RD02",)}],
    "people": [{"no": "P001", "joined_on": date(2016, 1, 1), "left_on": None}],
    "hours": [
        {"no": "RD01", "person": "P001", "year": 2016, "month": 5, "hours": 100},
        {"no": "RD02", "person": "P001", "year": 2018, "month": 5, "hours": 160},
    ],
}  # fmt: skip
COMPLETE = frozenset(TABLES)
YEARLY = {
    2018: {**yearly(70, 10), "ht_income": 1000 * WAN},
    2017: yearly(60, 10),
    2016: yearly(50, 10),
}


def clean() -> Held:
    """Nothing contradicts anything."""
    return Held(
        KEY,
        ON,
        deepcopy(TABLES),
        COMPLETE,
        yearly=deepcopy(YEARLY),
        full_hours=lambda year, month: 176,
    )


def spoilt(table: str, no: str, **changes: Any) -> Held:
    """The same with one row changed; the first of its number."""
    held = clean()
    rows: list[dict[str, Any]] = held.tables[table]  # type: ignore[assignment]
    next(row for row in rows if row["no"] == no).update(changes)
    return held


def with_row(table: str, **row: Any) -> Held:
    """The same with one row more."""
    held = clean()
    held.tables[table].append(row)  # type: ignore[attr-defined]
    return held


def used(
    number: str,
    by: str,
    *,
    valid_to: date = date(2021, 12, 31),
    on: date = date(2018, 12, 1),
    co_owned: bool = False,
) -> Held:
    """The same with a use of a right."""
    held = clean()
    for row in held.tables["ip"]:
        if co_owned and row["grant_number"] == number:
            row["co_owned"] = True  # type: ignore[index]
    use = {
        "grant_number": number,
        "used_by": by,
        "used_on": on,
        "successful": True,
        "valid_to": valid_to,
    }
    return replace(held, uses=[use])
