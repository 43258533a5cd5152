"""An enterprise of which all is known and nothing contradicts itself, and ways to know less of it.

What is still decided when knowledge is taken away must be what the whole truth says.
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
from tests.policy.strategies import (
    AMOUNTS,
    CATEGORIES,
    CONVERTED,
    DAYS_NEAR,
    ESTABLISHED,
    IP_NOS,
    KINDS,
    LAGS,
    MOSTLY,
    NUMBERS,
    ON,
    RESULTS,
    SMALL,
    TABLE_STATES,
    WAN,
    YES_NO,
    about,
    growing,
    numbered,
)

TECHNICAL_INCOME = ("technical_transfer_income", "technical_service_income", "entrusted_rd_income")
TABLES = (
    "ip",
    "uses",
    "rd",
    "products",
    "conversions",
    "months",
    "incidents",
    "standards",
    "sheets",
)

# What the panel accepted makes its tests apply: without it they do not, which is no lack.
KEPT = ("panel_rd_total", "panel_rd_domestic", "panel_ht_income")


def whole(**columns: Any) -> SearchStrategy[Row]:
    """A row without holes; what is no strategy is the same in each."""
    return st.fixed_dictionaries(
        {n: c if isinstance(c, SearchStrategy) else st.just(c) for n, c in columns.items()}
    )


@st.composite
def truths(
    draw: DrawFn,
    switches: Mapping[str, str],
    amounts: SearchStrategy[int] | None = None,
    spent: SearchStrategy[int] = SMALL,
) -> Case:
    """One enterprise, all tables complete, every declared figure what its rows and parts give.

    Without given `amounts` its sales lie about where its R&D reaches a step of the law.
    """
    since = draw(ESTABLISHED)
    operated = [lag for lag in LAGS if ON.year - since.year >= lag]
    case = Case("k0", facts={"established_on": since, **draw(standing()), **draw(accepted(spent))})
    case.tables = draw(true_tables(operated, spent))
    bought = sum(entry[name] for entry in case.tables["rd"] for name in CATEGORIES)  # type: ignore[misc]
    near = [bought * by // max(1, len(operated)) for by in (20, 25, 33)]
    sales = st.sampled_from(near) | AMOUNTS if amounts is None else amounts
    nets = draw(growing()) if amounts is None else draw(st.tuples(spent, spent, spent))
    for lag, net in zip(LAGS, nets, strict=True):
        if lag in operated:
            case.facts |= draw(true_year(lag, net, sales, spent))
    if operated:
        case.facts |= draw(true_income(case, switches, spent))
    case.states = dict.fromkeys(TABLES, State.COMPLETE)
    _say_whether_used(case, switches)
    _declare(case, switches)
    if draw(YES_NO):
        case.tables["sheets"] = draw(true_sheets(case, switches))
    return case


def standing() -> SearchStrategy[dict[str, Scalar]]:
    """What is said once of an enterprise and of its panel."""
    return st.fixed_dictionaries(
        {
            "resident": MOSTLY,
            "legal_person": MOSTLY,
            "activity_accepted": MOSTLY,
            "field_accepted": MOSTLY,
            "core_support_accepted": MOSTLY,
            "notice_day": st.sampled_from([ON, ON - timedelta(19)]),
        }
    )


def accepted(spent: SearchStrategy[int]) -> SearchStrategy[dict[str, Scalar]]:
    """What the panel accepted, once it has sat."""
    return st.just({}) | st.fixed_dictionaries(dict.fromkeys(KEPT, spent))


@st.composite
def true_year(
    draw: DrawFn, lag: int, net: int, sales: SearchStrategy[int], spent: SearchStrategy[int]
) -> dict[str, Scalar]:
    """Sales and assets with their parts, and what the guidelines do not speak of."""
    main, other = draw(sales), draw(spent)
    owed = draw(st.sampled_from([0, 7 * WAN])) + max(0, -net)
    contested = {f"{name}.{lag}": draw(st.just(0) | spent) for name in hnte.CONTESTED}
    return {
        f"main_business_revenue.{lag}": main,
        f"other_business_revenue.{lag}": other,
        f"sales_revenue.{lag}": main + other,
        f"total_assets.{lag}": net + owed,
        f"total_liabilities.{lag}": owed,
        f"net_assets.{lag}": net,
        **contested,
    }


def whole_right(place: int) -> SearchStrategy[Row]:
    return whole(
        no=IP_NOS[place],
        kind=st.sampled_from(("invention", "software", "software", *KINDS)),
        class_ruled=st.sampled_from(["I", "II", "none"]),
        grant_number=NUMBERS[place],
        granted_on=DAYS_NEAR | st.just(date(2024, 5, 1)),
        ends_on=st.sampled_from([date(2040, 1, 1)] * 6 + [ON, ON - timedelta(1)]),
        mainland=MOSTLY,
        owner_self=MOSTLY,
        co_owned=YES_NO,
        certificate=MOSTLY,
        grant_notice=YES_NO,
        fee_receipt=YES_NO,
        obtained=st.sampled_from(["self", "transfer"]),
    )


def whole_product(spent: SearchStrategy[int]) -> Callable[[int], SearchStrategy[Row]]:
    nos = st.lists(st.sampled_from(IP_NOS[:4]), unique=True, max_size=2).map(tuple)
    return lambda place: whole(no=f"PS{place}", income=spent, is_main=MOSTLY, ip_nos=nos)


@st.composite
def whole_activity(draw: DrawFn, lag: int, spent: SearchStrategy[int]) -> Row:
    """R&D of a year, what went abroad perhaps about where 60 % stays at home in either calibre."""
    costs = {name: draw(spent) for name in CATEGORIES}
    if draw(YES_NO):
        at_home = sum(costs[name] for name in CATEGORIES[:6])
        share = draw(st.sampled_from([Fraction(2, 3), Fraction(3, 4), Fraction(5, 6)]))
        abroad = draw(about(at_home, share))
        costs |= {"rd_other": 0, "rd_entrusted_domestic": 0, "rd_entrusted_foreign": abroad}
    return {"no": f"RD{lag}", "year": ON.year - lag, **costs}


WHOLE_USE = whole(
    grant_number=st.sampled_from(NUMBERS),
    used_by=st.sampled_from(["k0", "elsewhere"]),
    used_on=DAYS_NEAR,
    successful=YES_NO,
    valid_to=DAYS_NEAR,
)
HEADS, FEW = st.integers(0, 40), st.integers(0, 5)
WHOLE_MONTH = whole(staff_begin=HEADS, staff_end=HEADS, st_begin=FEW, st_end=FEW)
WHOLE_CONVERSION = whole(result=st.sampled_from(RESULTS), converted_on=CONVERTED)
WHOLE_INCIDENT = whole(happened_on=DAYS_NEAR, major=YES_NO)
WHOLE_STANDARD = whole(
    number="GB", level=st.sampled_from(["national", "industry", "other"]), certified=MOSTLY
)


@st.composite
def true_tables(
    draw: DrawFn, operated: list[int], spent: SearchStrategy[int]
) -> dict[str, list[Row]]:
    """Rows without holes; nothing was spent, earned or staffed before the establishment."""
    rd = [a for lag in operated for a in draw(st.lists(whole_activity(lag, spent), max_size=2))]
    months = draw(st.lists(WHOLE_MONTH, min_size=1, max_size=4)) if operated else []
    return {
        "ip": draw(numbered(whole_right, 4)),
        "uses": draw(st.lists(WHOLE_USE, max_size=2)),
        "rd": rd,
        "products": draw(numbered(whole_product(spent), 3)) if operated else [],
        "conversions": draw(
            st.sampled_from([0, 0, 15]).flatmap(
                lambda least: st.lists(WHOLE_CONVERSION, min_size=least, max_size=least + 6)
            )
        ),
        "months": [{"year": ON.year - 1, "month": n, **m} for n, m in enumerate(months, 1)],
        "incidents": draw(st.lists(WHOLE_INCIDENT, max_size=2)),
        "standards": draw(st.lists(WHOLE_STANDARD, max_size=2)),
        "sheets": [],
    }


@st.composite
def true_income(
    draw: DrawFn, case: Case, switches: Mapping[str, str], spent: SearchStrategy[int]
) -> dict[str, Scalar]:
    """Income of last year, its parts adding up as the switch says that products are listed."""
    listed = sum(product["income"] for product in case.tables["products"])  # type: ignore[misc]
    apart = switches.get("technical_income_in_products") == "no"
    technical = [draw(spent) if apart else listed // 4 for _ in TECHNICAL_INCOME]
    income = listed + sum(technical) if apart else listed
    total = draw(about(income * 10, Fraction(1, 6)) | spent)
    return {
        **{f"{n}.1": amount for n, amount in zip(TECHNICAL_INCOME, technical, strict=True)},
        "ht_product_income.1": income - sum(technical),
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
        name: st.sampled_from([high, high, low]) | st.integers(low, high)
        for name, (low, high, _, _) in bands.items()
    }
    panels = [("technical",) * 3 + ("financial",) * 2, ("technical", "financial")]
    return [
        draw(whole(expert=str(n), kind=kind, author="panel", **points))
        for n, kind in enumerate(draw(st.sampled_from(panels)))
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
