"""What must hold of every enterprise under the programmes beside the recognition."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from peiyu.policy import facts, tree
from peiyu.policy.case import Case, State
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.rulebooks import RULEBOOKS
from tests.policy.interpreters import explained, in_columns

ON = date(2026, 3, 1)
NAMES = ("tech_sme", "little_giant", "little_giant_cultivation", "reserve")
FEN = [0, 1, 100_000_000, 200_000_000, 400_000_000, 500_000_000, 10**10, 2 * 10**10, 2 * 10**10 + 1]
NEAR = [ON - timedelta(days) for days in (-1, 0, 1, 59, 365, 1095, 1096, 1825, 1826, 1827)]
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
few = settings(max_examples=5, suppress_health_check=SLOW, deadline=None)


def values(fact: Fact) -> SearchStrategy[Any]:
    """Values at the bounds and beside them."""
    least = max(fact.minimum or 0, -(10**10))
    match fact.unit:
        case Unit.FEN:
            return st.sampled_from([n for n in (*FEN, least) if n >= least]) | st.integers(
                least, 10**11
            )
        case Unit.YES_NO:
            return st.booleans()
        case Unit.DAY:
            return st.sampled_from([*NEAR, date(2010, 1, 1), date(2025, 6, 1)])
        case Unit.CHOICE:
            return st.sampled_from([code for code, _, _ in fact.choices])
        case Unit.TEXT:
            return st.sampled_from(["a", "b"])
        case Unit.NAMES:
            return st.just(("a",))
        case Unit.PERSON_HUNDREDTH:
            return st.sampled_from([0, 1, 1000, 2000, 10000, 49999, 50000, 50001])
        case Unit.YEAR:
            return st.sampled_from([2023, 2024, 2025])
        case Unit.MONTH:
            return st.integers(1, 12)
    return st.integers(fact.minimum or 0, 8)


@cache
def read_by(name: str) -> tuple[Mapping[str, Fact], frozenset[str]]:
    """The scalar facts of a rulebook by key, and all its facts by table and name."""
    book = RULEBOOKS[name]
    nodes = [n for n in tree.walk(*book.roots()) if isinstance(n, tree.FactNode)]
    read = frozenset(book.facts())
    standing = {f.name: f for f in facts.ENTERPRISE if f"enterprise.{f.name}" in read}
    return {node.key: facts.fact(node.name) for node in nodes} | standing, read


@st.composite
def enterprises(draw: DrawFn, name: str, key: str) -> Case:
    """An enterprise with holes, of the facts that the rulebook reads."""
    scalars, read = read_by(name)
    known = st.fixed_dictionaries({}, optional={n: values(f) for n, f in scalars.items()})
    case = Case(key, facts=dict(draw(known)))
    for table in facts.ROW_TABLES:
        columns = {f.name: values(f) for f in table if f"{table.name}.{f.name}" in read}
        if columns and table.name not in ("uses", "products", "rd", "months"):
            required = {f.name: values(f) for f in table if f.required}
            rows = st.lists(st.fixed_dictionaries(required, optional=columns), max_size=3)
            case.states[table.name] = draw(st.sampled_from(list(State)))
            if case.states[table.name] is not State.ABSENT:
                case.tables[table.name] = draw(rows)
    return case


@st.composite
def readings(draw: DrawFn, name: str) -> Mapping[str, str]:
    """A reading of each switch."""
    return {
        s.name: draw(st.sampled_from([r for r, _ in s.readings])) for s in RULEBOOKS[name].switches
    }


@pytest.mark.parametrize("name", NAMES)
@few
@given(data=st.data())
def test_both_interpreters_say_the_same_of_every_firm(name: str, data: st.DataObject) -> None:
    book, switches = RULEBOOKS[name], data.draw(readings(name))
    cases = [data.draw(enterprises(name, f"k{number}")) for number in range(4)]
    columns = in_columns(book, cases, ON, switches)
    for case in cases:
        assert explained(book, case, ON, switches) == columns[case.key]


@cache
def said_twice(name: str) -> frozenset[str]:
    """Figures beside others saying the same: without one, what contradicts it counts."""
    nodes = tree.walk(*RULEBOOKS[name].roots())
    both = [
        n for node in nodes if isinstance(node, tree.Preferred) for n in (node.first, node.second)
    ]
    return frozenset(n.key for n in tree.walk(*both) if isinstance(n, tree.FactNode))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, suppress_health_check=SLOW, deadline=None)
@given(data=st.data())
def test_a_figure_taken_away_overturns_nothing(name: str, data: st.DataObject) -> None:
    book = RULEBOOKS[name]
    case = data.draw(enterprises(name, "k"))
    kept = {"established_on"} | said_twice(name)
    lost = data.draw(st.sets(st.sampled_from(sorted({*case.facts, "code"} - kept)), max_size=3))
    holed = replace(case, facts={n: v for n, v in case.facts.items() if n not in lost})
    whole, partly = (explained(book, one, ON) for one in (case, holed))
    for criterion, outcome in partly.outcomes.items():
        undecided = {"unknown", "expert"}
        assert outcome in {whole.outcomes[criterion], *undecided}, (criterion, lost)
