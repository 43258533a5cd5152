"""The written examples of the programmes beside the recognition, judged by both interpreters."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from peiyu.policy import explain
from peiyu.policy.explain import Program
from peiyu.policy.parameters import Figures
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS, tech_sme
from peiyu.policy.tree import Node, Outcome
from tests.policy import interpreters
from tests.policy.cases import FOLDER, OPEN, Example, examples, quantity
from tests.policy.interpreters import Answer, Interval, over

NAMES = ("tech_sme", "little_giant", "little_giant_cultivation", "reserve")
EXAMPLES = [(name, example) for name in NAMES for example in examples(name)]
LINES = ("hard", "verdict")
VALUES: Mapping[str, Node] = {
    "rd": tech_sme.rd,
    "cost": tech_sme.cost,
    "r1": tech_sme.r1,
    "r2": tech_sme.r2,
    "class1": tech_sme.class1,
    "class2": tech_sme.class2,
}
# Readings and flags of the recognition, shown by its own examples.
SHOWN_ELSEWHERE = frozenset({"reserve"})


def title(value: Any) -> str:
    return value if isinstance(value, str) else f"{value.file}: {value.name}"


def given(text: Any) -> Interval:
    low, high = text if isinstance(text, list) else (text, text)
    return (None if low == OPEN else quantity(low), None if high == OPEN else quantity(high))


@cache
def laid(name: str, on: date, reading: tuple[tuple[str, str], ...], root: Node) -> Program:
    book = RULEBOOKS[name]
    return Program(book, on, book.readings(dict(reading)), Figures(on), (root,))


def found(name: str, example: Example, node: Node) -> Any:
    program = laid(name, example.on, example.reading, node)
    return program.run(example.case).values[program.at(node)]


def value_of(name: str, example: Example, node: Node) -> Interval:
    low, high, scale, _ = explain.interval(found(name, example, node))
    return over(low, scale), over(high, scale)


@cache
def together(name: str, on: date, reading: tuple[tuple[str, str], ...]) -> Mapping[str, Answer]:
    cases = [e.case for n, e in EXAMPLES if (n, e.on, e.reading) == (name, on, reading)]
    return interpreters.in_columns(RULEBOOKS[name], cases, on, dict(reading))


def says(book: Rulebook, answer: Answer) -> dict[str, str]:
    return {**answer.outcomes, "hard": answer.hard, "verdict": answer.verdict}


def as_written(book: Rulebook, example: Example, answer: Answer) -> None:
    known = {*answer.outcomes, *LINES}
    said = {name: outcome for name, outcome in example.expect.items() if name in known}
    assert {name: says(book, answer)[name] for name in said} == said
    if "points" in example.expect:
        assert answer.score == given(example.expect["points"])


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=title)
def test_one_enterprise_is_judged_as_written(name: str, example: Example) -> None:
    book = RULEBOOKS[name]
    as_written(
        book, example, interpreters.explained(book, example.case, example.on, example.switches)
    )
    items = {item.id: item.points for item in book.items}
    for what, nodes in (("items", items), ("values", VALUES)):
        for node, text in example.expect.get(what, {}).items():
            assert value_of(name, example, nodes[node]) == given(text), node
    flags = {flag.id: flag.when for flag in book.flags}
    raised, silent = (example.expect.get(what, ()) for what in ("flags", "silent"))
    for flag in (*raised, *silent):
        is_up = found(name, example, flags[flag]) == Outcome.MET
        assert is_up == (flag in raised), flag


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=title)
def test_a_population_is_judged_as_one_enterprise(name: str, example: Example) -> None:
    book = RULEBOOKS[name]
    answer = together(name, example.on, example.reading)[example.case.key]
    assert answer == interpreters.explained(book, example.case, example.on, example.switches)


def test_examples_say_nothing_that_the_rules_do_not_know() -> None:
    for name, example in EXAMPLES:
        book = RULEBOOKS[name]
        known = {criterion.id for criterion in book.criteria} | {*LINES, "points"}
        assert example.expect.keys() - {"items", "values", "flags", "silent"} <= known, title(
            example
        )
        book.readings(example.switches)


@pytest.mark.parametrize("name", NAMES)
def test_every_condition_is_shown_met_and_unmet_and_open(name: str) -> None:
    assert (FOLDER / name).is_dir()
    for criterion in RULEBOOKS[name].criteria:
        shown = {
            e.expect[criterion.id] for n, e in EXAMPLES if n == name and criterion.id in e.expect
        }
        assert {"met", "unmet"} <= shown, criterion.id
        assert {"unknown", "expert"} & shown, criterion.id


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SHOWN_ELSEWHERE])
def test_every_reading_and_every_flag_is_shown(name: str) -> None:
    book = RULEBOOKS[name]
    mine = [example for n, example in EXAMPLES if n == name]
    for switch in book.switches:
        chosen = {example.switches.get(switch.name) for example in mine}
        assert {reading for reading, _ in switch.readings} - chosen <= {switch.default}, switch.name
    for what in ("flags", "silent"):
        shown = {flag for example in mine for flag in example.expect.get(what, ())}
        assert shown == {flag.id for flag in book.flags}, what


@pytest.mark.parametrize(
    ("first", "second", "sales"),
    [("little_giant_cultivation", "little_giant", 10_000_000_000)],
)
def test_the_two_tiers_share_one_bound_of_sales(first: str, second: str, sales: int) -> None:
    on = date(2018, 10, 1)
    below = Figures(on).number("lgc_sales_below")
    assert below == Figures(on).number("lg_least_sales") == sales
    for amount, expected in ((sales - 1, ("met", "unmet")), (sales, ("unmet", "met"))):
        case = explain.Case("a", facts={"sales_revenue.1": amount})
        answers = [interpreters.explained(RULEBOOKS[name], case, on) for name in (first, second)]
        assert tuple(answer.outcomes["sales_band"] for answer in answers) == expected


@pytest.mark.parametrize("reading", ["yearly", "compound"])
@pytest.mark.parametrize(("growth", "expected"), [("10%", "met"), ("11%", "unmet")])
def test_another_growth_counts_under_both_readings(
    reading: str, growth: str, expected: str
) -> None:
    on, book = date(2018, 10, 1), RULEBOOKS["little_giant"]
    sales = {"sales_revenue.1": 12_100, "sales_revenue.2": 11_000, "sales_revenue.3": 10_000}
    profits = {f"net_profit.{lag}": 100 for lag in (1, 2, 3)}
    root = book.criterion("growth").root
    figures = Figures(on, (("lg_growth", growth),))
    laid_out = Program(book, on, book.readings({"growth_mean": reading}), figures, (root,))
    run = laid_out.run(explain.Case("a", facts={**sales, **profits}))
    assert Outcome(run.values[laid_out.at(root)]).name.lower() == expected


def test_the_pool_has_no_other_day_than_that_of_screening() -> None:
    pool = RULEBOOKS["reserve"]
    assert "application_day" not in {switch.name for switch in pool.switches}
    assert "notice_day" not in pool.facts()
    assert {"application_day"} & {switch.name for switch in RULEBOOKS["hnte"].switches}


def test_the_default_of_the_pool_is_said_to_be_ours() -> None:
    assert "建议" in RULEBOOKS["reserve"].title
    assert "不是法规" in RULEBOOKS["reserve"].voice.legend
