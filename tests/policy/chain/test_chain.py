"""Every contradiction is found and named, the clean enterprise has none, the unknown is none."""

# ruff: noqa: E501  tables: a row a line

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peiyu.policy.articles import article
from peiyu.policy.chain import BY_ID, CHECKS, Bounds, Held, Severity, checked, findings, graph
from peiyu.policy.chain.order import alike
from tests.policy.chain.clean import KEY, MODEL, ON, WAN, clean, spoilt, used, with_row

STRANGER = "91419001MAX1LX27Q8"


def lower(year: int, **figures: int) -> Held:
    held = clean()
    held.yearly[year].update(figures)  # type: ignore[attr-defined]
    return held


def only(held: Held, **rows: list) -> Held:
    held.tables.update(rows)  # type: ignore[attr-defined]
    return held


FAULTS: dict[str, tuple[str, Callable[[], Held], set[tuple[str, str]], str]] = {
    "a product without rights": (
        "unsupported", lambda: spoilt("products", "PS02", ip_nos=()), {("products", "PS02")}, "PS02没有知识产权支撑"),
    "a product whose only right is another's": (
        "not_owner", lambda: spoilt("ip", "IP03", owner_self=False), {("ip", "IP03"), ("products", "PS02")}, "权利人不是本企业"),
    "a fee left unpaid for half a year": (
        "ended", lambda: spoilt("ip", "IP02", fees_paid_to=date(2018, 10, 12)), {("ip", "IP02")}, "补缴期2019-04-13已过"),
    "a right that ended": (
        "ended", lambda: spoilt("ip", "IP01", ends_on=date(2019, 6, 16), fees_paid_to=None), {("ip", "IP01"), ("products", "PS01")}, "权利已终止"),
    "class II used in a recognition": (
        "used_up", lambda: used(MODEL, KEY), {("ip", "IP02"), ("products", "PS01")}, "已在以往认定中用过"),
    "class II used by a former owner": (
        "used_up", lambda: used(MODEL, STRANGER), {("ip", "IP02"), ("products", "PS01")}, "再次申请不能计"),
    "owned together and in use elsewhere": (
        "elsewhere", lambda: used("ZL201610000123.4", STRANGER, co_owned=True), {("ip", "IP01"), ("products", "PS01")}, "另一家有效高新技术企业"),
    "bought lately": (
        "lately_obtained", lambda: spoilt("ip", "IP02", obtained="transfer", obtained_on=date(2019, 3, 1)), {("ip", "IP02")}, "不足365天"),
    "a check digit wrong": (
        "odd_number", lambda: spoilt("ip", "IP02", grant_number="ZL201621128023.2"), {("ip", "IP02")}, "校验位不对"),
    "a design with the number of a model": (
        "odd_number", lambda: spoilt("ip", "IP02", kind="design"), {("ip", "IP02")}, "类别位是实用新型专利"),
    "a field of another kind": (
        "other_field", lambda: spoilt("products", "PS02", field="1.1.1"), {("products", "PS02"), ("ip", "IP03")}, "第1大领域"),
    "main products exactly half": (
        "main_products", lambda: only(clean(), incomes=[{"no": "PS01", "year": 2018, "income": 500 * WAN}, {"no": "PS02", "year": 2018, "income": 500 * WAN}]),
        {("products", "PS01")}, "没有超过"),
    "income of products a fen above what is stated": (
        "high_tech_income", lambda: lower(2018, ht_income=1000 * WAN - 1), {("products", "PS01"), ("products", "PS02")}, "合计1,000万元"),
    "labour of the activities above the year's": (
        "spending", lambda: lower(2017, rd_labour=60 * WAN - 1), {("projects", "RD02")}, "人员人工费用60万元"),
    "a total that its activities do not make": (
        "spending", lambda: replace(lower(2016), yearly={2016: {"rd_total": 61 * WAN}}), {("projects", "RD01")}, "归集的研发费用60万元"),
    "hours before joining": (
        "not_there", lambda: spoilt("people", "P001", joined_on=date(2016, 6, 1)), {("people", "P001")}, "2016-05"),
    "hours after leaving": (
        "not_there", lambda: spoilt("people", "P001", left_on=date(2018, 4, 30)), {("people", "P001")}, "2018-05"),
    "more hours than a month has": (
        "above_full", lambda: with_row("hours", no="RD02", person="P001", year=2018, month=5, hours=17), {("people", "P001")}, "共177小时"),
    "hours after the activity ended": (
        "worked_outside", lambda: with_row("hours", no="RD01", person="P001", year=2017, month=1, hours=8), {("projects", "RD01")}, "2017-01"),
    "a cooperation that nobody paid for": (
        "no_weight", lambda: spoilt("cooperations", "HZ01", paid=0), {("cooperations", "HZ01")}, "没有付款"),
    "no paper of approval": (
        "not_approved", lambda: spoilt("projects", "RD01", approval=False), {("projects", "RD01")}, "没有立项文件"),
    "applied for before the R&D": (
        "ip_before_rd", lambda: spoilt("projects", "RD01", started_on=date(2016, 4, 9)), {("projects", "RD01"), ("ip", "IP01")}, "早于RD01开始"),
    "applied for after the R&D": (
        "ip_after_rd", lambda: spoilt("projects", "RD01", ended_on=date(2016, 10, 12)), {("projects", "RD01"), ("ip", "IP02")}, "晚于RD01结束"),
    "converted before the right": (
        "converted_early", lambda: spoilt("conversions", "CG01", converted_on=date(2016, 4, 7)), {("conversions", "CG01"), ("ip", "IP01")}, "早于成果IP01申请"),
    "sold before conversion": (
        "sold_early", lambda: spoilt("products", "PS01", first_sold_on=date(2017, 5, 31)), {("products", "PS01"), ("conversions", "CG01")}, "早于最早的转化CG01"),
    "one right, two results": (
        "counted_twice", lambda: spoilt("conversions", "CG02", source_nos=("IP01",)), {("conversions", "CG01"), ("conversions", "CG02")}, "出自同一成果IP01"),
    "two results almost of one name": (
        "counted_twice", lambda: spoilt("conversions", "CG02", result="上料机械手二"), {("conversions", "CG01"), ("conversions", "CG02")}, "名称相近"),
    "a number that is nowhere": (
        "missing", lambda: spoilt("products", "PS01", ip_nos=("IP01", "IP09")), {("products", "PS01")}, "IP09"),
    "expense in a year without the activity": (
        "spent_outside", lambda: spoilt("projects", "RD02", started_on=date(2018, 1, 2)), {("projects", "RD02")}, "在2017年有费用"),
}  # fmt: skip


def test_the_clean_enterprise_is_looked_at_by_every_check_and_has_no_flag():
    seen = checked(clean())
    assert [one.check.id for one in seen] == [check.id for check in CHECKS]
    assert {one.check.id: (one.findings, one.open) for one in seen} == {
        c.id: ((), 0) for c in CHECKS
    }
    looked = {one.check.id for one in seen if one.fine}
    assert looked == {check.id for check in CHECKS} - {"lately_obtained"}  # nothing was obtained


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_contradiction_is_found_with_its_rows_and_words(fault):
    check, make, places, words = fault
    found = [flag for flag in findings(make()) if flag.check == check]
    assert found, [(flag.check, flag.said.say()) for flag in findings(make())]
    assert places <= {place for flag in found for place in flag.places}
    said = " ".join(flag.said.say() for flag in found)
    assert words in said
    assert all("{" not in flag.said.say("en") for flag in found)


def test_there_is_a_fault_for_every_check():
    assert {check for check, _, _, _ in FAULTS.values()} == BY_ID.keys()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_flag_is_raised_by_what_was_not_touched(fault):
    """A fault may have consequences of its own kind, but the rest of the enterprise stays clean."""
    check, make, places, _ = fault
    touched = (
        places
        | {("products", ps) for _, ps in places}
        | {("conversions", "CG01"), ("conversions", "CG02")}
    )
    for flag in findings(make()):
        if flag.check != check:
            assert touched & set(flag.places), (flag.check, flag.said.say())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_has_its_article_severity_and_remedy(check):
    assert article(check.article).cite == check.article
    assert isinstance(check.severity, Severity) and check.remedy and check.title


def test_the_same_contradiction_has_the_same_mark_until_its_facts_change():
    one, again = (
        spoilt("projects", "RD01", approval=False),
        spoilt("projects", "RD01", approval=False),
    )
    (flag,), (same,) = findings(one), findings(again)
    assert (flag.key, flag.digest) == (same.key, same.digest)
    early = spoilt("projects", "RD01", started_on=date(2016, 4, 9))
    later = spoilt("projects", "RD01", started_on=date(2016, 4, 10))
    (first,), (second,) = findings(early), findings(later)
    assert first.key == second.key and first.digest != second.digest


def test_what_most_hangs_on_stands_first():
    held = spoilt("products", "PS02", ip_nos=())
    held.tables["projects"][0]["approval"] = False
    held.tables["cooperations"][0]["paid"] = 0
    severities = [BY_ID[flag.check].severity for flag in findings(held)]
    assert severities == sorted(severities, key=list(Severity).index) and len(set(severities)) == 3


def test_the_bounds_of_the_office_are_kept():
    held = spoilt("projects", "RD01", ended_on=date(2016, 10, 12))
    held.bounds = Bounds(after_days=1)
    assert findings(held) == []
    held = spoilt("cooperations", "HZ01", paid=0)
    held.bounds = Bounds(both=False)
    assert findings(held) == []


@settings(max_examples=150)
@given(st.data())
def test_what_is_not_known_is_never_a_contradiction(data):
    """Facts and rows taken away from the clean enterprise leave it clean."""
    held = clean()
    tables = {}
    for table, rows in held.tables.items():
        left = (
            data.draw(st.lists(st.sampled_from(rows), unique_by=id))
            if data.draw(st.booleans())
            else rows
        )
        for row in left:
            for name in list(row):
                if (
                    name not in ("no", "year", "month", "person")
                    and data.draw(st.integers(0, 6)) == 0
                ):
                    row[name] = None
        tables[table] = left
    sparse = replace(
        held, tables=tables, complete=frozenset(),
        yearly={year: {n: v for n, v in figures.items() if data.draw(st.booleans())} for year, figures in held.yearly.items()},
    )  # fmt: skip
    # a row taken away may leave a number that names nothing, in a table that was filled in
    assert [flag.said.say() for flag in findings(sparse) if flag.check != "missing"] == []


def marks(held: Held) -> set[tuple[str, frozenset]]:
    return {(flag.check, frozenset(flag.places)) for flag in findings(held)}


@settings(max_examples=40)
@given(st.randoms(use_true_random=False), st.sampled_from(sorted(FAULTS)))
def test_the_order_of_rows_changes_nothing(random: Random, name: str):
    held = FAULTS[name][1]()
    other = replace(
        held, tables={t: random.sample(rows, len(rows)) for t, rows in held.tables.items()}
    )
    assert marks(held) == marks(other)


def test_the_graph_has_what_the_rows_say_and_its_ways():
    made = graph(clean())
    assert [len(nodes) for nodes in made.layers.values()] == [2, 3, 3, 2]
    ways = made.ways_to(("products", "PS01"))
    assert [[no for _, no in way] for way in ways] == [
        ["RD01", "IP01", "CG01", "PS01"],
        ["RD01", "IP02", "CG02", "PS01"],
    ]
    assert ("products", "PS02") not in made.of([("ip", "IP01")])
    assert made.of([("ip", "IP01")]) == {
        ("ip", "IP01"),
        ("projects", "RD01"),
        ("conversions", "CG01"),
        ("products", "PS01"),
    }
    assert all(node.counts for node in made.layers["ip"])


def test_a_number_that_is_nowhere_is_no_node():
    held = spoilt("products", "PS01", ip_nos=("IP09",))
    made = graph(held)
    assert all(node.no != "IP09" for nodes in made.layers.values() for node in nodes)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("上料机械手", "上料机械手二", True), ("上料机械手", "去毛刺工艺", False), ("夹爪", "夹爪二", False),
     ("快换夹爪装置V1.0", "快换夹爪装置V2.0", True), ("", "", False)],
)  # fmt: skip
def test_names_alike(one, other, same):
    assert alike(one, other) is same


def test_checking_changes_nothing_of_what_is_held():
    held = clean()
    before = deepcopy(held.tables)
    findings(held), graph(held)
    assert held.tables == before and held.on == ON
