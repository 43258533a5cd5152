"""Enterprises to try the rules on: at every bound, with holes, with tables that say half of it.

They may contradict themselves and share IP with one another: the interpreters must agree on them.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from peiyu.policy import facts
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.rulebooks import HNTE, hnte

ON = date(2026, 7, 20)
LAGS = (1, 2, 3)
WAN = 10**6  # fen
CATEGORIES = tuple(name for name, _, _ in facts.RD_CATEGORIES)
ITEMS = {name: most for name, _, _, most in facts.SHEET_ITEMS}
KINDS = tuple(code for code, _, _ in facts.IP_KINDS)
NUMBERS = tuple(f"ZL{n}" for n in range(4))
IP_NOS = tuple(f"IP{n:02}" for n in range(1, 6))
KEYS = tuple(f"k{n}" for n in range(5))
RESULTS = tuple(f"R{n:02}" for n in range(24))

AMOUNTS = st.sampled_from(
    [0, 1, 2, 3, 100, 5000 * WAN - 1, 5000 * WAN, 5000 * WAN + 1, 20000 * WAN, 20000 * WAN + 1]
) | st.integers(0, 10**12) | st.just(facts.LARGEST_AMOUNT)  # fmt: skip
SMALL = st.sampled_from([0, 1, 2, 3, 4, 5]) | st.integers(0, 10**9)
NETS = st.sampled_from([-200, -100, 0, 100, 105, 135]) | st.integers(-(10**12), 10**12)
COUNTS = st.sampled_from([0, 1, 2, 3, 4, 5, 9, 12, 14, 15])
DAYS_NEAR = st.sampled_from([ON - timedelta(n) for n in (-1, 0, 1, 364, 365, 366, 900)])
ESTABLISHED = st.sampled_from(
    [
        date(2010, 1, 1), date(2022, 12, 31), date(2023, 1, 1), date(2023, 3, 2), date(2024, 1, 1),
        date(2024, 9, 1), date(2025, 1, 1), date(2025, 7, 19), date(2025, 7, 20),
        date(2025, 7, 21), date(2026, 5, 1),
    ]
)  # fmt: skip
CONVERTED = st.sampled_from(
    [date(2022, 12, 31), date(2023, 1, 1), date(2024, 6, 1), date(2025, 12, 31), date(2026, 1, 1)]
)
YES_NO = st.booleans()
MOSTLY = st.sampled_from([True] * 7 + [False])
TABLE_STATES = st.sampled_from([State.COMPLETE, State.PARTIAL, State.ABSENT])


def readings(*, all_of_them: bool = False) -> SearchStrategy[dict[str, str]]:
    """Readings of the switches that are not the defaults; of some, or a reading for each."""
    names = {s.name: st.sampled_from([name for name, _ in s.readings]) for s in HNTE.switches}
    return (
        st.fixed_dictionaries(names) if all_of_them else st.fixed_dictionaries({}, optional=names)
    )


def about(base: int, rate: Fraction) -> SearchStrategy[int]:
    """A share of `base`, a fen to either side of it, or anything."""
    exact = base * rate
    near = [int(exact) + more for more in (-1, 0, 1)]
    return st.sampled_from([n for n in near if n >= 0]) | SMALL


def row(required: Mapping[str, Any], **columns: SearchStrategy[Any]) -> SearchStrategy[Row]:
    """A row whose columns may each be unknown."""
    fixed = {name: st.just(value) for name, value in required.items()}
    return st.fixed_dictionaries(fixed, optional=columns)


def numbered(
    strategy: Callable[[int], SearchStrategy[Row]], most: int
) -> SearchStrategy[list[Row]]:
    """None to `most` rows, each knowing its place."""
    sizes = st.sampled_from([0, 1, most - 1, most, most])
    return sizes.flatmap(lambda n: st.tuples(*map(strategy, range(n))).map(list))


@st.composite
def loose_facts(draw: DrawFn) -> dict[str, Scalar]:
    """Facts at and beside the bounds, declared beside figures that say otherwise."""
    found: dict[str, Scalar] = {
        "established_on": draw(ESTABLISHED),
        "notice_day": draw(st.sampled_from([ON, ON - timedelta(19), ON + timedelta(12)])),
    }
    for name in ("resident", "legal_person"):
        found[name] = draw(MOSTLY)
    for name in ("activity_accepted", "field_accepted", "core_support_accepted"):
        found[name] = draw(YES_NO)
    for lag in LAGS:
        sales = draw(AMOUNTS)
        found[f"sales_revenue.{lag}"] = sales
        found[f"main_business_revenue.{lag}"] = sales // 2
        found[f"other_business_revenue.{lag}"] = sales - sales // 2
        rate = draw(st.sampled_from([Fraction(n, 100) for n in (3, 4, 5)]))
        spent = draw(about(sales, rate))
        found[f"rd_total.{lag}"] = spent
        found[f"rd_domestic.{lag}"] = draw(about(spent, Fraction(60, 100)))
        if draw(YES_NO):
            amounts = draw(st.tuples(*(SMALL for _ in CATEGORIES)))
            found |= {
                f"{name}.{lag}": amount for name, amount in zip(CATEGORIES, amounts, strict=True)
            }
        for name in hnte.CONTESTED:
            found[f"{name}.{lag}"] = draw(st.sampled_from([0, 0, 5]) | SMALL)
    grown = draw(growing())
    for lag, net in zip(LAGS, grown, strict=True):
        found[f"net_assets.{lag}"] = net
        found[f"total_assets.{lag}"] = abs(net) + 7
        found[f"total_liabilities.{lag}"] = draw(st.sampled_from([7, 7, 8]))
    staff = draw(st.sampled_from([0, 100, 8000, 12345]))
    found["staff_average.1"] = staff
    found["st_staff_average.1"] = draw(about(staff, Fraction(1, 10)))
    total = draw(AMOUNTS)
    income = draw(about(total, Fraction(60, 100)))
    found["total_income.1"] = total
    found["nontaxable_income.1"] = 5
    found["income_total.1"] = total + draw(st.sampled_from([5, 5, 6]))
    found["ht_income.1"] = income
    found["ht_product_income.1"] = income // 2
    for name in ("technical_transfer_income", "technical_service_income", "entrusted_rd_income"):
        found[f"{name}.1"] = draw(SMALL)
    found["main_income"] = draw(about(income, Fraction(1, 2)))
    for name in ("ip_class1", "ip_class2", "ip_self_developed", "ip_main", "conversions",
                 "incidents", "standards"):  # fmt: skip
        found[name] = draw(COUNTS)
    found["panel_rd_total"] = draw(AMOUNTS)
    found["panel_rd_domestic"] = draw(SMALL)
    found["panel_ht_income"] = draw(about(total, Fraction(60, 100)))
    unknown = draw(st.sets(st.sampled_from(sorted(found)), max_size=8))
    return {name: value for name, value in found.items() if name not in unknown}


@st.composite
def growing(draw: DrawFn) -> tuple[int, int, int]:
    """Three years, newest first: growing at a bound, or anything at all."""
    if draw(YES_NO):
        return draw(st.tuples(NETS, NETS, NETS))
    rates = st.sampled_from([Fraction(n, 100) for n in (35, 25, 15, 5, 0, -10)])
    oldest = draw(st.sampled_from([100, 10000, WAN]))
    middle = oldest * (1 + draw(rates))
    newest = middle * (1 + draw(rates)) + draw(st.sampled_from([0, 0, 1, -1]))
    return int(newest), int(middle), oldest


def ip_row(place: int) -> SearchStrategy[Row]:
    return row(
        {"no": IP_NOS[place]},
        kind=st.sampled_from(("invention", "software", "software", *KINDS)),
        class_ruled=st.sampled_from(["I", "II", "none"]),
        grant_number=st.sampled_from(NUMBERS),
        granted_on=DAYS_NEAR,
        ends_on=st.sampled_from([date(2040, 1, 1), ON, ON - timedelta(1)]),
        mainland=MOSTLY,
        owner_self=MOSTLY,
        co_owned=YES_NO,
        certificate=MOSTLY,
        grant_notice=YES_NO,
        fee_receipt=YES_NO,
        obtained=st.sampled_from(["self", "transfer"]),
        used_before=YES_NO,
    )


USES = st.integers(0, len(NUMBERS) - 1).flatmap(
    lambda n: row(
        {"grant_number": NUMBERS[n]},
        used_by=st.sampled_from((*KEYS, "elsewhere")),
        used_on=DAYS_NEAR,
        successful=YES_NO,
        valid_to=DAYS_NEAR,
    )
)


def rd_row(place: int) -> SearchStrategy[Row]:
    years = st.integers(ON.year - 4, ON.year)
    cells = dict.fromkeys(CATEGORIES, SMALL)
    return years.flatmap(lambda year: row({"no": f"RD{place}", "year": year}, **cells))


def product_row(place: int) -> SearchStrategy[Row]:
    nos = st.lists(st.sampled_from(IP_NOS), unique=True, max_size=2).map(tuple)
    return row({"no": f"PS{place}"}, income=SMALL, is_main=MOSTLY, ip_nos=nos)


def month_row(place: int) -> SearchStrategy[Row]:
    heads, few = st.integers(0, 40), st.integers(0, 5)
    return st.sampled_from([ON.year - 1, ON.year - 1, ON.year - 2]).flatmap(
        lambda year: row(
            {"year": year, "month": place + 1},
            staff_begin=heads,
            staff_end=heads,
            st_begin=few,
            st_end=few,
        )
    )


def sheet_row(place: int) -> SearchStrategy[Row]:
    points = {name: st.integers(0, most) for name, most in ITEMS.items()}
    return row(
        {"expert": str(place)},
        kind=st.sampled_from(["technical", "financial"]),
        author=st.sampled_from(["panel", "panel", "panel", "self", "coach"]),
        **points,
    )


CONVERSIONS = st.lists(
    row({}, result=st.sampled_from(RESULTS), converted_on=CONVERTED), max_size=18
)
INCIDENTS = st.lists(row({}, happened_on=DAYS_NEAR, major=YES_NO), max_size=3)
STANDARDS = st.lists(
    row(
        {"number": "GB"}, level=st.sampled_from(["national", "industry", "other"]), certified=MOSTLY
    ),
    max_size=2,
)
LOOSE_TABLES: Mapping[str, SearchStrategy[list[Row]]] = {
    "ip": numbered(ip_row, 5),
    "rd": numbered(rd_row, 5),
    "products": numbered(product_row, 3),
    "conversions": CONVERSIONS,
    "months": numbered(month_row, 4),
    "incidents": INCIDENTS,
    "standards": STANDARDS,
    "sheets": numbered(sheet_row, 5),
}


@st.composite
def loose_cases(draw: DrawFn, key: str, uses: list[Row]) -> Case:
    """One enterprise that may contradict itself; all that use the table of uses hold all of it."""
    tables = draw(st.fixed_dictionaries({}, optional=LOOSE_TABLES))
    if draw(YES_NO):
        tables["uses"] = uses
    states = {name: draw(TABLE_STATES | st.just(State.COMPLETE)) for name in tables}
    return Case(key, facts=draw(loose_facts()), tables=tables, states=states)


@st.composite
def populations(draw: DrawFn, least: int = 1, most: int = 5) -> list[Case]:
    """Several enterprises, whose IP may bear the same numbers and be used by one another."""
    uses = draw(st.lists(USES, max_size=4))
    count = draw(st.integers(least, most))
    return [draw(loose_cases(key, uses)) for key in KEYS[:count]]
