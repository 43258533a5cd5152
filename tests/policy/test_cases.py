"""The written examples of tests/policy/cases, judged by both interpreters."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from peiyu.policy import explain, tree
from peiyu.policy.case import Case
from peiyu.policy.explain import Program
from peiyu.policy.facts import BY_NAME, fact
from peiyu.policy.parameters import Figures
from peiyu.policy.rulebooks import HNTE, hnte
from peiyu.policy.tree import Elapsed, Node, Outcome, Quotient
from tests.policy import interpreters
from tests.policy.cases import (
    OPEN,
    Example,
    amount,
    enterprise,
    examples,
    quantity,
    read,
    scalar,
)
from tests.policy.interpreters import Answer, Interval, over

EXAMPLES = examples("hnte")
CRITERIA = {criterion.id: criterion for criterion in HNTE.criteria}
ITEMS = {item.id: item for item in HNTE.items}
FLAGS = {flag.id: flag for flag in HNTE.flags}
OUTCOMES = {outcome.name.lower() for outcome in Outcome}
LINES = {"hard", "verdict"}
POINTS, ITEM, VALUE, RAISED, SILENT = "points", "items", "values", "flags", "silent"

# Quantities that an example may name, as the page of the law names them.
VALUES: Mapping[str, Node] = {
    "days_registered": Elapsed(hnte.SINCE, "days"),
    "class1": hnte.class1,
    "class2": hnte.class2,
    "self_developed": hnte.self_developed,
    "staff": hnte.staff,
    "st_staff": hnte.st_staff,
    "st_share": Quotient(hnte.st_staff, hnte.staff),
    "sales3": hnte.sales3,
    "rd3": hnte.rd3,
    "rd3_domestic": hnte.rd3_domestic,
    "other_allowed3": hnte.other_allowed3,
    "rd_tier": hnte.rd_tier,
    "rd_share": Quotient(hnte.rd3, hnte.sales3),
    "domestic_share": Quotient(hnte.rd3_domestic, hnte.rd3),
    "total_income": hnte.total_income,
    "ht_income": hnte.ht_income,
    "ht_share": Quotient(hnte.ht_income, hnte.total_income),
    "main_income": hnte.main_income,
    "main_share": Quotient(hnte.main_income, hnte.ht_income),
    "conversions": hnte.conversions,
    "conversions_a_year": hnte.a_year,
    "standards": hnte.standards_count,
    "growth_net": hnte.growth_net.rate,
    "growth_sales": hnte.growth_sales.rate,
    "technical_part": hnte.technical_part,
    "financial_part": hnte.financial_part,
    **{f"{estimate.id}_estimate": estimate.points for estimate in HNTE.estimates},
}
AMOUNTS = ("class1", "class2", "sales3", "rd3", "rd3_domestic", "main_income", "conversions")


def by_name(example: Example) -> str:
    return f"{example.file}: {example.name}"


def wanted(example: Example, what: str) -> Mapping[str, Any]:
    """What an example says of items or values."""
    return example.expect.get(what, {})


def expecting(*what: str) -> list[Example]:
    return [example for example in EXAMPLES if not example.expect.keys().isdisjoint(what)]


def given(text: Any) -> Interval:
    """An expected number or interval."""
    low, high = text if isinstance(text, list) else (text, text)
    return (None if low == OPEN else quantity(low), None if high == OPEN else quantity(high))


def shown(value: Fraction, like: str) -> str:
    """A share as a page shows it: half up, to as many decimals as `like` has."""
    places = Decimal(1).scaleb(-len(like.rstrip("%").partition(".")[2]))
    percent = Decimal(value.numerator * 100) / Decimal(value.denominator)
    return f"{percent.quantize(places, ROUND_HALF_UP)}%"


def outcome_of(answer: Answer, name: str) -> str:
    return str(getattr(answer, name)) if name in LINES else answer.outcomes[name]


@cache
def program(on: date, reading: tuple[tuple[str, str], ...], root: Node) -> Program:
    """The few lines of the plan that lead to one node."""
    return Program(HNTE, on, HNTE.readings(dict(reading)), Figures(on), (root,))


def found(example: Example, node: Node) -> Any:
    """What `explain` makes of a node of the tree, which no criterion need read."""
    laid = program(example.on, example.reading, node)
    return laid.run(example.case).values[laid.at(node)]


def value_of(example: Example, node: Node) -> Interval:
    low, high, scale, _ = explain.interval(found(example, node))
    return over(low, scale), over(high, scale)


@cache
def judged_together(on: date, reading: tuple[tuple[str, str], ...]) -> Mapping[str, Answer]:
    """All examples of a day and a reading in one population."""
    cases = [e.case for e in EXAMPLES if (e.on, e.reading) == (on, reading)]
    return interpreters.in_columns(HNTE, cases, on, dict(reading))


@cache
def counted_together(
    on: date, reading: tuple[tuple[str, str], ...], what: str, name: str
) -> Mapping[str, Interval]:
    """One item or amount of all examples that speak of it, as if it were the total."""
    node = ITEMS[name].points if what == ITEM else VALUES[name]
    assert isinstance(node, tree.Number)
    cases = [
        e.case for e in EXAMPLES if (e.on, e.reading) == (on, reading) and name in wanted(e, what)
    ]
    answers = interpreters.in_columns(replace(HNTE, total=node), cases, on, dict(reading))
    return {key: answer.score for key, answer in answers.items()}


# ------------------------------------------------------------------------------- the examples


@pytest.mark.parametrize("example", EXAMPLES, ids=by_name)
def test_one_enterprise_is_judged_as_written(example: Example) -> None:
    answer = interpreters.explained(HNTE, example.case, example.on, example.switches)
    said = {n: o for n, o in example.expect.items() if n in CRITERIA or n in LINES}
    assert {name: outcome_of(answer, name) for name in said} == said
    if POINTS in example.expect:
        assert answer.score == given(example.expect[POINTS])


@pytest.mark.parametrize("example", EXAMPLES, ids=by_name)
def test_a_population_is_judged_as_written(example: Example) -> None:
    answer = judged_together(example.on, example.reading)[example.case.key]
    said = {n: o for n, o in example.expect.items() if n in CRITERIA or n in LINES}
    assert {name: outcome_of(answer, name) for name in said} == said
    if POINTS in example.expect:
        assert answer.score == given(example.expect[POINTS])


@pytest.mark.parametrize("example", expecting(ITEM), ids=by_name)
def test_items_are_scored_as_written(example: Example) -> None:
    said = {name: given(points) for name, points in wanted(example, ITEM).items()}
    assert {name: value_of(example, ITEMS[name].points) for name in said} == said
    in_columns = {
        name: counted_together(example.on, example.reading, ITEM, name)[example.case.key]
        for name in said
    }
    assert in_columns == said


@pytest.mark.parametrize("example", expecting(VALUE), ids=by_name)
def test_quantities_are_as_written(example: Example) -> None:
    for name, text in wanted(example, VALUE).items():
        value = value_of(example, VALUES[name])
        if isinstance(text, str) and text.startswith("≈"):
            low, high = value
            assert low is not None and low == high, name
            assert shown(low, text[1:]) == text[1:], name
            continue
        assert value == given(text), name
        if name in AMOUNTS and value[1] is not None:
            columns = counted_together(example.on, example.reading, VALUE, name)
            assert columns[example.case.key] == value, name


@pytest.mark.parametrize("example", expecting(RAISED, SILENT), ids=by_name)
def test_flags_are_raised_as_written(example: Example) -> None:
    named = (*example.expect.get(RAISED, ()), *example.expect.get(SILENT, ()))
    raised = [name for name in named if found(example, FLAGS[name].when) == Outcome.MET]
    assert raised == list(example.expect.get(RAISED, ()))


# --------------------------------------------------------------------- what the examples cover


def test_examples_say_nothing_that_the_rules_do_not_know() -> None:
    for example in EXAMPLES:
        names = example.expect.keys() - {POINTS, ITEM, VALUE, RAISED, SILENT} - LINES
        assert names <= CRITERIA.keys(), by_name(example)
        assert {example.expect[name] for name in names} <= OUTCOMES, by_name(example)
        assert wanted(example, ITEM).keys() <= ITEMS.keys(), by_name(example)
        assert wanted(example, VALUE).keys() <= VALUES.keys(), by_name(example)
        HNTE.readings(example.switches)


def test_every_example_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(map(by_name, EXAMPLES)).items() if times > 1] == []


@pytest.mark.parametrize("name", CRITERIA)
def test_every_condition_is_shown_met_and_unmet_and_open(name: str) -> None:
    shown = {example.expect[name] for example in EXAMPLES if name in example.expect}
    assert {"met", "unmet"} <= shown
    assert {"unknown", "expert", "not_applicable"} & shown


@pytest.mark.parametrize("name", ITEMS)
def test_every_item_is_shown(name: str) -> None:
    assert any(name in wanted(example, ITEM) for example in EXAMPLES)


@pytest.mark.parametrize("name", VALUES)
def test_every_named_quantity_is_shown(name: str) -> None:
    assert any(name in wanted(example, VALUE) for example in EXAMPLES)


@pytest.mark.parametrize("name", FLAGS)
def test_every_flag_is_shown_raised_and_silent(name: str) -> None:
    assert any(name in example.expect.get(RAISED, ()) for example in EXAMPLES)
    assert any(name in example.expect.get(SILENT, ()) for example in EXAMPLES)


@pytest.mark.parametrize(
    ("switch", "reading"),
    [(s.name, name) for s in HNTE.switches for name, _ in s.readings if name != s.default],
)
def test_every_reading_of_a_switch_is_shown_where_it_changes_something(
    switch: str, reading: str
) -> None:
    chosen = [example for example in EXAMPLES if example.switches.get(switch) == reading]
    assert any(says(example) != says(without(example, switch)) for example in chosen)


def without(example: Example, switch: str) -> Example:
    """The example with one switch left at its default."""
    left = {name: chosen for name, chosen in example.switches.items() if name != switch}
    return replace(example, switches=left)


def says(example: Example) -> object:
    """Outcomes, points and named quantities of an example."""
    values = [value_of(example, VALUES[name]) for name in wanted(example, VALUE)]
    answer = interpreters.explained(HNTE, example.case, example.on, example.switches)
    return answer, values, [value_of(example, item.points) for item in HNTE.items]


# ------------------------------------------------------------------ a fact taken away, one by one

COMPLETE = enterprise("hnte", "w01_complete")
COMPLETE_ON = date(2026, 7, 20)


def lacking(case: Case, fact: str) -> Case:
    """The enterprise with one fact unknown wherever it stands."""
    table, _, name = fact.partition(".")
    kept = {
        key: value
        for key, value in case.facts.items()
        if not (table in ("enterprise", "years") and key.partition(".")[0] == name)
    }
    rows = {
        other: [{n: v for n, v in row.items() if (other, n) != (table, name)} for row in found]
        for other, found in case.tables.items()
    }
    return replace(case, facts=kept, tables=rows)


def may_lack(name: str) -> bool:
    """May a row or an enterprise be stated without it."""
    table, _, column = name.partition(".")
    return not BY_NAME[table].fact(column).required


@pytest.mark.parametrize("name", [name for name in HNTE.facts() if may_lack(name)])
def test_a_fact_taken_from_a_complete_enterprise_overturns_nothing(name: str) -> None:
    whole = interpreters.explained(HNTE, COMPLETE, COMPLETE_ON)
    holed = interpreters.explained(HNTE, lacking(COMPLETE, name), COMPLETE_ON)
    undecided = {"unknown", "expert"}
    overturned = {
        criterion: (whole.outcomes[criterion], outcome)
        for criterion, outcome in holed.outcomes.items()
        if outcome not in {whole.outcomes[criterion], *undecided}
    }
    assert overturned == {}
    assert holed.verdict in {"met", *undecided}


# ------------------------------------------------------------------------------- the loader


def test_amounts_are_read_exactly() -> None:
    assert amount("5600万") == 5600 * 10**6
    assert amount("1.5亿") == 15 * 10**9
    assert amount("0.01元") == amount("1分") == 1
    assert amount("5000万 + 0.01元") == 5 * 10**9 + 1
    assert amount("250万 - 0.01元") == 249_999_999
    assert amount("-100万") == -(10**8)


@pytest.mark.parametrize("text", ["5600", "0.001元", "5600万元整", "", "万", "1e3元", "5,600万"])
def test_an_amount_without_unit_or_below_a_fen_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|whole number"):
        amount(text)


def test_a_value_is_stored_as_the_dictionary_says() -> None:
    assert scalar(fact("staff_average", "years"), "18.29人") == 1829
    assert scalar(fact("resident", "enterprise"), "no") is False
    assert scalar(fact("ip_nos", "products"), ["IP01", "IP02"]) == ("IP01", "IP02")
    with pytest.raises(ValueError, match="no choice"):
        scalar(fact("kind", "ip"), "patent")
    with pytest.raises(ValueError, match="hundredth"):
        scalar(fact("staff_average", "years"), "18.295人")


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("on: 2026-07-20\non: 2026-07-21\n")
    with pytest.raises(ValueError, match="on stands twice"):
        read(file)


def test_a_figure_outside_the_three_years_is_refused() -> None:
    with pytest.raises(ValueError, match="2022 is not one of the three years"):
        enterprise("hnte", "w01_complete", years={"2022": {"rd_total": "1元"}})
