"""What must hold of every enterprise, whatever is known of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from peiyu.policy import explain
from peiyu.policy.case import Case, State
from peiyu.policy.explain import Program
from peiyu.policy.parameters import Figures
from peiyu.policy.rulebooks import HNTE
from peiyu.policy.tree import Outcome
from tests.policy.interpreters import Answer, explained, in_columns
from tests.policy.strategies import ON, WAN, populations, readings
from tests.policy.truths import absent, holed, interval_of, one_less, times, truths

READINGS = [(s.name, name) for s in HNTE.switches for name, _ in s.readings if name != s.default]
UNDECIDED = {"unknown", "expert"}
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
quick = settings(max_examples=80, suppress_health_check=SLOW)
in_frames = settings(max_examples=40, suppress_health_check=SLOW)
few_frames = settings(max_examples=12, suppress_health_check=SLOW)
each_reading = settings(max_examples=4, suppress_health_check=SLOW)


def judged(case: Case, switches: Mapping[str, str]) -> Answer:
    return explained(HNTE, case, ON, switches)


def shuffled(case: Case, order: Random) -> Case:
    """The same enterprise with the rows of its tables in another order."""
    tables = {name: order.sample(rows, len(rows)) for name, rows in case.tables.items()}
    return replace(case, tables=tables)


def decided(answer: Answer) -> dict[str, str]:
    lines = {**answer.outcomes, "hard": answer.hard, "verdict": answer.verdict}
    return {name: outcome for name, outcome in lines.items() if outcome not in UNDECIDED}


def contains(outer: Answer, inner: Answer) -> bool:
    """Does one interval of points hold the other."""
    (low, high), (least, most) = outer.score, inner.score
    return (low is None or (least is not None and low <= least)) and (
        high is None or (most is not None and most <= high)
    )


# -------------------------------------------------------------------- two interpreters, one law


@in_frames
@given(populations())
def test_both_interpreters_say_the_same_of_every_firm(cases: list[Case]) -> None:
    columns = in_columns(HNTE, cases, ON)
    for case in cases:
        assert explained(HNTE, case, ON) == columns[case.key]


@pytest.mark.parametrize(("switch", "reading"), READINGS)
@each_reading
@given(cases=populations())
def test_both_interpreters_say_the_same_under_each_reading(
    switch: str, reading: str, cases: list[Case]
) -> None:
    columns = in_columns(HNTE, cases, ON, {switch: reading})
    for case in cases:
        assert judged(case, {switch: reading}) == columns[case.key]


@in_frames
@given(populations(), readings(all_of_them=True))
def test_both_interpreters_say_the_same_under_readings_together(
    cases: list[Case], switches: dict[str, str]
) -> None:
    columns = in_columns(HNTE, cases, ON, switches)
    for case in cases:
        assert judged(case, switches) == columns[case.key]


@few_frames
@given(populations(least=2), readings())
def test_a_firm_alone_gets_what_it_gets_among_many(
    cases: list[Case], switches: dict[str, str]
) -> None:
    together = in_columns(HNTE, cases, ON, switches)
    first = cases[0]
    assert in_columns(HNTE, [first], ON, switches)[first.key] == together[first.key]


@few_frames
@given(populations(least=2), st.randoms(use_true_random=False))
def test_the_order_of_firms_and_rows_changes_nothing_in_columns(
    cases: list[Case], order: Random
) -> None:
    other = [shuffled(case, order) for case in order.sample(cases, len(cases))]
    assert in_columns(HNTE, other, ON) == in_columns(HNTE, cases, ON)


@quick
@given(populations(most=1), readings(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_for_one(
    cases: list[Case], switches: dict[str, str], order: Random
) -> None:
    assert judged(shuffled(cases[0], order), switches) == judged(cases[0], switches)


@settings(max_examples=40, suppress_health_check=SLOW)
@given(populations(most=1), readings())
def test_an_enterprise_seen_often_is_judged_as_at_first_sight(
    cases: list[Case], switches: dict[str, str]
) -> None:
    program = Program(HNTE, ON, HNTE.readings(switches), Figures(ON), tuple(HNTE.roots()))
    seen = [explain.Assessment(program, cases[0]) for _ in range(5)]
    first = (seen[0].outcomes, seen[0].score)
    assert all((again.outcomes, again.score) == first for again in seen[1:])


# ------------------------------------------------------------------------- knowing more or less


def overturned(whole: Answer, partly: Answer) -> dict[str, tuple[str, str]]:
    """What was decided with holes and is not what the whole truth says."""
    known = {**whole.outcomes, "hard": whole.hard, "verdict": whole.verdict}
    return {n: (known[n], said) for n, said in decided(partly).items() if known[n] != said}


@quick
@given(st.data(), readings())
def test_what_is_decided_with_holes_is_what_the_whole_truth_says(
    data: st.DataObject, switches: dict[str, str]
) -> None:
    truth = data.draw(truths(switches))
    partly = data.draw(holed(truth))
    assert overturned(judged(truth, switches), judged(partly, switches)) == {}


def no_single_unknown_overturns(truth: Case, switches: Mapping[str, str]) -> None:
    """Neither from rows nor, where there are no tables, from what was declared."""
    whole = judged(truth, switches)
    declared = truth
    for table in truth.states:
        declared = absent(declared, table)
    for case in (truth, declared):
        assert overturned(whole, judged(case, switches)) == {}
        for lost, poorer in one_less(case):
            partly = judged(poorer, switches)
            assert overturned(whole, partly) == {}, lost
            assert contains(partly, whole), lost


@settings(max_examples=25, suppress_health_check=SLOW)
@given(truths({}))
def test_no_single_unknown_overturns_what_was_decided(truth: Case) -> None:
    no_single_unknown_overturns(truth, {})


@pytest.mark.parametrize(("switch", "reading"), READINGS)
@settings(max_examples=4, suppress_health_check=SLOW)
@given(data=st.data())
def test_no_single_unknown_overturns_what_was_decided_under_a_reading(
    switch: str, reading: str, data: st.DataObject
) -> None:
    no_single_unknown_overturns(data.draw(truths({switch: reading})), {switch: reading})


@quick
@given(st.data(), readings())
def test_another_unknown_decides_nothing_and_only_widens_the_points(
    data: st.DataObject, switches: dict[str, str]
) -> None:
    some = data.draw(holed(data.draw(truths(switches))))
    fewer = data.draw(holed(some, whole=False))
    before, after = judged(some, switches), judged(fewer, switches)
    assert decided(after).items() <= decided(before).items()
    assert contains(after, before)
    more, less = (explain.assess(HNTE, case, ON, switches) for case in (some, fewer))
    for item in HNTE.items:
        low, high, scale, _ = interval_of(more, item.points)
        least, most, over, _ = interval_of(less, item.points)
        assert Fraction(least, over) <= Fraction(low, scale), item.id
        assert Fraction(high, scale) <= Fraction(most, over), item.id


@quick
@given(truths({}))
def test_a_whole_truth_leaves_nothing_unknown(truth: Case) -> None:
    assume(truth.tables["months"])
    answer = judged(truth, {})
    assert "unknown" not in answer.outcomes.values()
    assert not answer.needs_data


# ------------------------------------------------------------------------------ more of the good


def outcome(case: Case, name: str, switches: Mapping[str, str]) -> Outcome:
    return explain.assess(HNTE, case, ON, switches).outcome(name)


def with_row(case: Case, table: str, row: Mapping[str, object]) -> Case:
    rows = [*case.tables.get(table, []), row]
    return replace(case, tables={**case.tables, table: rows})  # type: ignore[dict-item]


def more_money(case: Case, names: tuple[str, ...], more: int) -> Case:
    """Stated figures raised, where they are stated."""
    raised = {name: case.facts[name] + more for name in names if name in case.facts}  # type: ignore[operator]
    return replace(case, facts={**case.facts, **raised})


def more_rd(case: Case, more: int) -> Case:
    raised = more_money(case, ("rd_total.1", "rd_labour.1"), more)
    if case.states["rd"] is State.ABSENT:
        return raised
    labour = {f"rd_{name}": 0 for name in ("direct_input", "depreciation", "amortisation", "design",
              "testing", "other", "entrusted_domestic", "entrusted_foreign")}  # fmt: skip
    return with_row(raised, "rd", {"no": "RD9", "year": ON.year - 1, "rd_labour": more, **labour})


def more_st_staff(case: Case, more: int) -> Case:
    raised = more_money(case, ("st_staff_average.1",), more)
    months = [
        {**m, "st_end": m["st_end"] + more} if m.get("st_end") is not None else m  # type: ignore[operator]
        for m in case.tables.get("months", [])
    ]
    return replace(raised, tables={**raised.tables, "months": months}) if months else raised


def more_ht_income(case: Case, more: int) -> Case:
    raised = more_money(case, ("ht_income.1", "ht_product_income.1"), more)
    if case.states["products"] is State.ABSENT:
        return raised
    return with_row(
        raised, "products", {"no": "PS9", "income": more, "is_main": False, "ip_nos": ()}
    )


def more_main_income(case: Case, more: int) -> Case:
    """The income of main products rises within a high-tech income that stays stated as it is."""
    raised = more_money(case, ("main_income",), more)
    products = [
        {**p, "income": p["income"] + more}
        if p.get("income") is not None and p.get("is_main")
        else p  # type: ignore[operator]
        for p in case.tables.get("products", [])
    ]
    return replace(raised, tables={**raised.tables, "products": products}) if products else raised


def another_right(case: Case, more: int) -> Case:
    right = {
        "no": "IP90", "kind": "invention" if more % 2 else "software", "grant_number": "ZL90",
        "granted_on": date(2020, 1, 1), "ends_on": date(2040, 1, 1), "mainland": True,
        "owner_self": True, "co_owned": False, "certificate": True, "obtained": "self",
        "used_before": False,
    }  # fmt: skip
    return with_row(case, "ip", right) if case.states["ip"] is not State.ABSENT else case


def another_conversion(case: Case, more: int) -> Case:
    raised = more_money(case, ("conversions",), 1)
    if case.states["conversions"] is State.ABSENT:
        return raised
    day = date(ON.year - 1 - more % 3, 1, 1)
    return with_row(raised, "conversions", {"result": "another", "converted_on": day})


def another_standard(case: Case, more: int) -> Case:
    raised = more_money(case, ("standards",), 1)
    if case.states["standards"] is State.ABSENT:
        return raised
    return with_row(raised, "standards", {"number": "GB9", "level": "national", "certified": True})


def better_sheets(case: Case, more: int) -> Case:
    sheets = [
        {name: points + more if isinstance(points, int) else points for name, points in s.items()}
        for s in case.tables.get("sheets", [])
    ]
    return replace(case, tables={**case.tables, "sheets": sheets}) if sheets else case


def older(case: Case, more: int) -> Case:
    since = case.facts.get("established_on")
    if not isinstance(since, date):
        return case
    days = min(more, (since - date(since.year, 1, 1)).days)  # its fiscal years stay the same
    return replace(case, facts={**case.facts, "established_on": since - timedelta(days)})


def fewer_incidents(case: Case, more: int) -> Case:
    stated = case.facts.get("incidents")
    milder = [{**incident, "major": False} for incident in case.tables.get("incidents", [])]
    facts = {**case.facts, "incidents": max(0, stated - more)} if isinstance(stated, int) else case.facts  # fmt: skip
    return replace(case, facts=facts, tables={**case.tables, "incidents": milder})


GOOD: Mapping[str, tuple[str, Callable[[Case, int], Case]]] = {
    "R&D with the same sales": ("rd_share", more_rd),
    "S&T personnel with the same staff": ("st_staff", more_st_staff),
    "high-tech income with the same total": ("ht_income", more_ht_income),
    "usable IP": ("ip", another_right),
    "days since the registration": ("registered", older),
    "points on the sheets": ("score", better_sheets),
    "peace": ("incidents", fewer_incidents),
}


@pytest.mark.parametrize("good", GOOD)
@settings(max_examples=30, suppress_health_check=SLOW)
@given(data=st.data(), switches=readings(), more=st.integers(1, 10**9))
def test_more_of_a_good_thing_never_lowers_an_outcome(
    good: str, data: st.DataObject, switches: dict[str, str], more: int
) -> None:
    criterion, raise_by = GOOD[good]
    case = data.draw(holed(data.draw(truths(switches))))
    assert outcome(raise_by(case, more), criterion, switches) >= outcome(case, criterion, switches)


@quick
@given(st.data(), st.integers(1, 10**9))
def test_more_main_income_never_lowers_the_main_products(data: st.DataObject, more: int) -> None:
    case = data.draw(holed(data.draw(truths({}))))
    assume("ht_income.1" in case.facts)
    before, after = case, more_main_income(case, more)
    assert outcome(after, "main_products", {}) >= outcome(before, "main_products", {})


@pytest.mark.parametrize(
    ("good", "item"),
    [
        (another_right, "quantity"),
        (another_right, "obtaining"),
        (another_right, "advancement"),
        (another_conversion, "conversion"),
        (another_standard, "standards"),
    ],
    ids=["quantity", "obtaining", "advancement", "conversion", "standards"],
)
@settings(max_examples=30, suppress_health_check=SLOW)
@given(data=st.data(), switches=readings(), more=st.integers(1, 9))
def test_more_of_a_good_thing_never_lowers_the_points_for_it(
    good: Callable[[Case, int], Case],
    item: str,
    data: st.DataObject,
    switches: dict[str, str],
    more: int,
) -> None:
    case = data.draw(holed(data.draw(truths(switches))))
    points = next(found.points for found in HNTE.items if found.id == item)
    before, after = (
        interval_of(explain.assess(HNTE, found, ON, switches), points)
        for found in (case, good(case, more))
    )
    assert Fraction(after[0], after[2]) >= Fraction(before[0], before[2])
    assert Fraction(after[1], after[2]) >= Fraction(before[1], before[2])


@pytest.mark.parametrize(
    ("sales", "spent"),
    [
        (st.integers(0, 50).map(WAN.__mul__), st.integers(0, 50).map(WAN.__mul__)),
        (
            st.integers(300, 999).map((100 * WAN).__mul__),
            st.integers(0, 99).map((100 * WAN).__mul__),
        ),
    ],
    ids=["below the first step", "above the last step"],
)
@settings(max_examples=30, suppress_health_check=SLOW)
@given(data=st.data(), switches=readings(), factor=st.integers(2, 4))
def test_money_counts_in_any_unit_while_no_step_is_crossed(
    sales: st.SearchStrategy[int],
    spent: st.SearchStrategy[int],
    data: st.DataObject,
    switches: dict[str, str],
    factor: int,
) -> None:
    case = data.draw(holed(data.draw(truths(switches, amounts=sales, spent=spent))))
    assert judged(times(case, factor), switches) == judged(case, switches)
