"""Enterprises to try the rules on: at every bound, with holes, with tables that say half of it.

`populations` invents enterprises that may contradict themselves, for interpreters to agree on.
`truths` invents one of which all is known and nothing contradicts itself, and `holed` takes
knowledge from it: what is then still decided must be what the whole truth says.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from peiyu.policy import explain, facts, tree
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.facts import Unit
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
MOSTLY = st.sampled_from([True, True, True, False])
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
    """Up to `most` rows, each knowing its place."""
    return st.integers(0, most).flatmap(lambda n: st.tuples(*map(strategy, range(n))).map(list))


# -------------------------------------------------------------- enterprises that may contradict


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


# ------------------------------------------------------------- an enterprise of which all is known


@st.composite
def truths(
    draw: DrawFn,
    switches: Mapping[str, str],
    amounts: SearchStrategy[int] = AMOUNTS,
    spent: SearchStrategy[int] = SMALL,
) -> Case:
    """One enterprise, all tables complete, every declared figure what its rows and parts give."""
    since = draw(ESTABLISHED)
    operated = [lag for lag in LAGS if ON.year - since.year >= lag]
    case = Case("k0", facts={"established_on": since})
    case.facts |= draw(standing())
    case.tables = draw(true_tables(operated, spent))
    bought = sum(row[name] for row in case.tables["rd"] for name in CATEGORIES)  # type: ignore[misc]
    steps = [bought * by // max(1, len(operated)) for by in (20, 25, 33)]
    sales = st.sampled_from(steps) | amounts if amounts is AMOUNTS else amounts
    for lag in operated:
        case.facts |= draw(true_year(lag, sales, spent))
    if operated:
        case.facts |= draw(true_income(case, switches, spent))
    case.states = dict.fromkeys([*LOOSE_TABLES, "uses"], State.COMPLETE)
    _say_whether_used(case, switches)
    _declare(case, switches)
    if draw(YES_NO):
        case.tables["sheets"] = draw(true_sheets(case, switches))
    return case


@st.composite
def standing(draw: DrawFn) -> dict[str, Scalar]:
    """What is said once of an enterprise and of its panel."""
    names = ("resident", "legal_person", "activity_accepted", "field_accepted",
             "core_support_accepted")  # fmt: skip
    found: dict[str, Scalar] = {name: draw(MOSTLY) for name in names}
    found["notice_day"] = draw(st.sampled_from([ON, ON - timedelta(19)]))
    return found


@st.composite
def true_year(
    draw: DrawFn, lag: int, amounts: SearchStrategy[int], spent: SearchStrategy[int]
) -> dict[str, Scalar]:
    """Sales and assets with their parts, and what the guidelines do not speak of."""
    main, other, net = draw(amounts), draw(spent), draw(spent)
    owed = draw(st.sampled_from([0, 0, 7 * WAN]))
    sunk = draw(st.sampled_from([False, False, False, True]))
    assets, liabilities = (owed, net + owed) if sunk else (net + owed, owed)
    return {
        f"main_business_revenue.{lag}": main,
        f"other_business_revenue.{lag}": other,
        f"sales_revenue.{lag}": main + other,
        f"total_assets.{lag}": assets,
        f"total_liabilities.{lag}": liabilities,
        f"net_assets.{lag}": assets - liabilities,
        **{f"{name}.{lag}": draw(st.just(0) | spent) for name in hnte.CONTESTED},
    }


def whole_ip(place: int) -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "no": st.just(IP_NOS[place]),
            "kind": st.sampled_from(("invention", "software", "software", *KINDS)),
            "class_ruled": st.sampled_from(["I", "II", "none"]),
            "grant_number": st.just(NUMBERS[place]),
            "granted_on": DAYS_NEAR,
            "ends_on": st.sampled_from([date(2040, 1, 1), date(2040, 1, 1), ON, ON - timedelta(1)]),
            "mainland": MOSTLY,
            "owner_self": MOSTLY,
            "co_owned": YES_NO,
            "certificate": MOSTLY,
            "grant_notice": YES_NO,
            "fee_receipt": YES_NO,
            "obtained": st.sampled_from(["self", "transfer"]),
        }
    )


WHOLE_USE = st.fixed_dictionaries(
    {
        "grant_number": st.sampled_from(NUMBERS),
        "used_by": st.sampled_from(["k0", "elsewhere"]),
        "used_on": DAYS_NEAR,
        "successful": YES_NO,
        "valid_to": DAYS_NEAR,
    }
)


@st.composite
def true_tables(
    draw: DrawFn, operated: list[int], spent: SearchStrategy[int]
) -> dict[str, list[Row]]:
    """Rows without holes; nothing was spent before the establishment."""
    nos = st.lists(st.sampled_from(IP_NOS[:4]), unique=True, max_size=2).map(tuple)
    rd: list[Row] = []
    for lag in operated:
        columns = dict.fromkeys(CATEGORIES, spent)
        year = st.just(ON.year - lag)
        number = st.just(f"RD{lag}")
        rd += draw(
            st.lists(st.fixed_dictionaries({"no": number, "year": year, **columns}), max_size=2)
        )
    heads, few = st.integers(0, 40), st.integers(0, 5)
    month = st.fixed_dictionaries(
        {"staff_begin": heads, "staff_end": heads, "st_begin": few, "st_end": few}
    )
    months = draw(st.lists(month, max_size=4)) if operated else []
    return {
        "ip": draw(numbered(whole_ip, 4)),
        "uses": draw(st.lists(WHOLE_USE, max_size=4)),
        "rd": rd,
        "products": draw(
            numbered(
                lambda place: st.fixed_dictionaries(
                    {"no": st.just(f"PS{place}"), "income": spent, "is_main": MOSTLY, "ip_nos": nos}
                ),
                3,
            )
        ),
        "conversions": draw(
            st.lists(
                st.fixed_dictionaries(
                    {"result": st.sampled_from(RESULTS), "converted_on": CONVERTED}
                ),
                max_size=18,
            )
        ),
        "months": [{"year": ON.year - 1, "month": n, **m} for n, m in enumerate(months, 1)],
        "incidents": draw(
            st.lists(st.fixed_dictionaries({"happened_on": DAYS_NEAR, "major": YES_NO}), max_size=2)
        ),
        "standards": draw(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "number": st.just("GB"),
                        "level": st.sampled_from(["national", "other"]),
                        "certified": MOSTLY,
                    }
                ),
                max_size=2,
            )
        ),
        "sheets": [],
    }


@st.composite
def true_income(
    draw: DrawFn, case: Case, switches: Mapping[str, str], spent: SearchStrategy[int]
) -> dict[str, Scalar]:
    """Income of last year, its parts adding up as the switch says that products are listed."""
    listed = sum(row["income"] for row in case.tables["products"])  # type: ignore[misc]
    names = ("technical_transfer_income", "technical_service_income", "entrusted_rd_income")
    apart = switches.get("technical_income_in_products") == "no"
    technical = [draw(spent) if apart else listed // 4 for _ in names]
    own = listed if apart else listed - sum(technical)
    income = own + sum(technical)
    total = draw(about(income * 10, Fraction(1, 6)) | spent)
    return {
        **{f"{name}.1": amount for name, amount in zip(names, technical, strict=True)},
        "ht_product_income.1": own,
        "ht_income.1": income,
        "total_income.1": total,
        "income_total.1": total + 5 * WAN,
        "nontaxable_income.1": 5 * WAN,
    }


def _say_whether_used(case: Case, switches: Mapping[str, str]) -> None:
    """Each right's own word about its use is what the table of uses gives."""
    any_application = switches.get("ip_use_consumed_by") == "application"
    own_only = switches.get("ip_use_follows") == "owner"
    notice = switches.get("application_day") == "notice"
    day = case.facts["notice_day"] if notice else ON
    used = {
        use["grant_number"]
        for use in case.tables["uses"]
        if use["used_on"] < day  # type: ignore[operator]
        and (any_application or use["successful"])
        and (not own_only or use["used_by"] == case.key)
    }
    case.tables["ip"] = [
        {**right, "used_before": right["grant_number"] in used} for right in case.tables["ip"]
    ]


def _declare(case: Case, switches: Mapping[str, str]) -> None:
    """Declared figures are what the rows give, totals what the parts give."""
    found = explain.assess(HNTE, case, ON, switches)

    def given(node: tree.Node, scale: int = 1) -> int | None:
        low, high, over, _ = interval_of(found, node)
        if low is None or low != high or low * scale % over:
            return None
        return low * scale // over

    declared = {
        "ip_class1": hnte.class1,
        "ip_class2": hnte.class2,
        "ip_self_developed": hnte.self_developed,
        "ip_main": hnte.ip_main,
        "main_income": hnte.main_income,
        "conversions": hnte.conversions,
        "incidents": hnte.incidents,
        "standards": hnte.standards_count,
    }
    for name, node in declared.items():
        case.facts[name] = given(node)
    case.facts["staff_average.1"] = given(hnte.staff, 100)
    case.facts["st_staff_average.1"] = given(hnte.st_staff, 100)
    for lag in LAGS:
        if f"sales_revenue.{lag}" in case.facts:
            case.facts |= spent_in(case, lag)
    _state_totals(case, switches)
    case.facts = {name: value for name, value in case.facts.items() if value is not None}


def interval_of(found: explain.Assessment, node: tree.Node) -> tuple[Any, Any, int, int]:
    """A number of the plan as an interval."""
    value = found.value(node)
    return (value, value, 1, 0) if isinstance(value, int) else value


def spent_in(case: Case, lag: int) -> dict[str, Scalar]:
    """R&D of a year by category, over all activities."""
    rows = [entry for entry in case.tables["rd"] if entry["year"] == ON.year - lag]
    return {f"{name}.{lag}": sum(entry[name] for entry in rows) for name in CATEGORIES}  # type: ignore[misc]


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _state_totals(case: Case, switches: Mapping[str, str]) -> None:
    """R&D as stated: what its categories make under these readings (G3.6.2, worked out by hand)."""
    lags = [lag for lag in LAGS if f"rd_labour.{lag}" in case.facts]
    six = {lag: sum(case.facts[f"{name}.{lag}"] for name in CATEGORIES[:6]) for lag in lags}  # type: ignore[misc]
    other: dict[int, int] = {lag: case.facts[f"rd_other.{lag}"] for lag in lags}  # type: ignore[misc]
    home: dict[int, int] = {lag: case.facts[f"rd_entrusted_domestic.{lag}"] for lag in lags}  # type: ignore[misc]
    away: dict[int, int] = {lag: case.facts[f"rd_entrusted_foreign.{lag}"] for lag in lags}  # type: ignore[misc]
    rate = Fraction(80, 100)
    counted = {lag: half_up((home[lag] + away[lag]) * rate) for lag in lags}
    at_home = {lag: half_up(home[lag] * rate) for lag in lags}
    widened = switches.get("other_cost_cap") != "internal"
    base = {lag: six[lag] + (counted[lag] if widened else 0) for lag in lags}
    allowed = {lag: min(other[lag], half_up(Fraction(base[lag], 4))) for lag in lags}
    if switches.get("other_cost_period") == "three_years" and lags:
        together = min(sum(other.values()), half_up(Fraction(sum(base.values()), 4)))
        allowed = dict.fromkeys(lags, 0) | {lags[0]: together}
    for lag in lags:
        case.facts[f"rd_total.{lag}"] = six[lag] + counted[lag] + allowed[lag]
        case.facts[f"rd_domestic.{lag}"] = six[lag] + at_home[lag] + allowed[lag]


@st.composite
def true_sheets(draw: DrawFn, case: Case, switches: Mapping[str, str]) -> list[Row]:
    """The sheets of a panel that keeps to the bands that the facts leave."""
    found = explain.assess(HNTE, case, ON, switches)
    bands = {item.id: interval_of(found, item.points) for item in HNTE.items}
    points = {
        name: st.integers(low, high) for name, (low, high, scale, _) in bands.items() if scale == 1
    }
    kinds = draw(
        st.sampled_from([("technical",) * 3 + ("financial",) * 2, ("technical", "financial")])
    )
    return [
        {"expert": str(n), "kind": kind, "author": "panel", **draw(st.fixed_dictionaries(points))}
        for n, kind in enumerate(kinds)
    ]


# --------------------------------------------------------------------------------- taking away

# What may be stated instead of a table: without it the table's absence leaves nothing.
DECLARED = {
    "ip": ("ip_class1", "ip_class2", "ip_self_developed", "ip_main"),
    "products": ("main_income",),
    "conversions": ("conversions",),
    "incidents": ("incidents",),
    "standards": ("standards",),
    "months": ("staff_average.1", "st_staff_average.1"),
    "rd": tuple(f"{name}.{lag}" for name in CATEGORIES for lag in LAGS),
    "uses": (),
    "sheets": (),
}
REQUIRED = {
    table.name: frozenset(fact.name for fact in table if fact.required) for table in facts.TABLES
}
# What the panel accepted makes its tests apply: without it they do not, which is no lack.
KEPT = ("panel_rd_total", "panel_rd_domestic", "panel_ht_income")


@st.composite
def holed(draw: DrawFn, case: Case, *, whole: bool = True) -> Case:
    """The same enterprise, with no more known of it and perhaps less.

    Of the `whole` truth a table may be replaced by what was declared instead; of an enterprise that
    has holes already the declared figures might say more than the rows, and go with the table.
    """
    lost = draw(st.sets(st.sampled_from(sorted(set(case.facts) - set(KEPT))), max_size=6))
    poorer = without(case, lost)
    for table in draw(st.sets(st.sampled_from(sorted(case.states)), max_size=4)):
        poorer = draw(of_table(poorer, table, whole=whole))
    return poorer


@st.composite
def of_table(draw: DrawFn, case: Case, table: str, *, whole: bool) -> Case:
    """The same enterprise with no more of one table, and perhaps less."""
    state = min(case.states[table], draw(TABLE_STATES))
    if state is State.ABSENT:
        return absent(case, table, forgotten=not whole)
    rows = draw(fewer(table, case.tables[table], state))
    return replace(case, tables={**case.tables, table: rows}, states={**case.states, table: state})


def without(case: Case, lost: Collection[str]) -> Case:
    """The same enterprise with some facts unknown."""
    return replace(case, facts={n: value for n, value in case.facts.items() if n not in lost})


def absent(case: Case, table: str, *, forgotten: bool = False) -> Case:
    """The same enterprise without a table, perhaps also without what was declared instead."""
    tables = {name: rows for name, rows in case.tables.items() if name != table}
    poorer = replace(case, tables=tables, states={**case.states, table: State.ABSENT})
    if not forgotten:
        return poorer
    if table == "uses" and "ip" in tables:
        tables["ip"] = [
            {name: value for name, value in right.items() if name != "used_before"}
            for right in tables["ip"]
        ]
    return without(poorer, DECLARED[table])


def one_less(case: Case) -> Iterator[tuple[str, Case]]:
    """The same enterprise with one thing unknown: each fact, each cell, each end of a table."""
    for name in sorted(set(case.facts) - set(KEPT)):
        yield name, without(case, {name})
    for table, state in case.states.items():
        if state is State.ABSENT:
            continue
        yield f"{table} absent", absent(case, table)
        yield f"{table} partial", replace(case, states={**case.states, table: State.PARTIAL})
        rows = case.tables[table]
        for place, entry in enumerate(rows):
            left = [other for other in rows if other is not entry]
            yield (
                f"{table}[{place}]",
                replace(
                    case,
                    tables={**case.tables, table: left},
                    states={**case.states, table: State.PARTIAL},
                ),
            )
            for name in entry.keys() - REQUIRED[table]:
                holey = {column: value for column, value in entry.items() if column != name}
                others = [holey if other is entry else other for other in rows]
                yield (
                    f"{table}[{place}].{name}",
                    replace(case, tables={**case.tables, table: others}),
                )


@st.composite
def fewer(draw: DrawFn, table: str, rows: list[Row], state: State) -> list[Row]:
    """The rows, some of them with holes; of a partial table some may be gone."""
    if state is State.PARTIAL and rows:
        gone = draw(st.sets(st.integers(0, len(rows) - 1)))
        rows = [entry for place, entry in enumerate(rows) if place not in gone]
    names = sorted({name for entry in rows for name in entry} - REQUIRED[table])
    if not rows or not names:
        return rows
    places = st.tuples(st.integers(0, len(rows) - 1), st.sampled_from(names))
    lost = draw(st.sets(places, max_size=4))
    return [
        {name: value for name, value in entry.items() if (place, name) not in lost}
        for place, entry in enumerate(rows)
    ]


def times(case: Case, factor: int) -> Case:
    """The same enterprise with all its money `factor` times as much."""

    def grown(table: str, name: str, value: Scalar) -> Scalar:
        if isinstance(value, int) and facts.fact(name, table).unit is Unit.FEN:
            return value * factor
        return value

    return replace(
        case,
        facts={
            name: grown("years" if "." in name else "enterprise", name.partition(".")[0], value)
            for name, value in case.facts.items()
        },
        tables={
            table: [
                {name: grown(table, name, value) for name, value in row.items()} for row in rows
            ]
            for table, rows in case.tables.items()
        },
    )
