"""The statement says what columns say, of every firm, exactly; and it never divides."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlglot import exp, parse_one

from peiyu.policy import facts, sql
from peiyu.policy.case import Case
from peiyu.policy.columns.population import fact_columns
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.rulebooks.hnte import HNTE
from tests.policy.cases import examples
from tests.policy.interpreters import in_columns, in_duckdb
from tests.policy.strategies import ON, populations, readings

BOOKS = sorted(RULEBOOKS)
TABLES = tuple(table.name for table in facts.ROW_TABLES)


def written_cases(name: str) -> list[Case]:
    """The enterprises of all written examples, each under a key of its own."""
    found = examples(name)
    return [replace(one.case, key=f"{place}") for place, one in enumerate(found)]


def usual_day(name: str) -> date:
    """The day of most examples."""
    days = [one.on for one in examples(name)]
    return max(set(days), key=days.count)


def whole(name: str, dialect: str, **more: Any) -> str:
    """The statement of a rulebook over everything that could be given."""
    given = [sql.Relation(sql.ENTERPRISES, tuple(fact_columns()))]
    given += [sql.Relation(table, sql.row_columns(table)) for table in TABLES]
    return sql.statement(RULEBOOKS[name], usual_day(name), given, dialect, **more)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(populations(least=3), readings(all_of_them=True))
def test_duckdb_says_the_same_of_every_firm_under_every_reading(cases, switches):
    assert in_duckdb(HNTE, cases, ON, switches) == in_columns(HNTE, cases, ON, switches)


@pytest.mark.parametrize("name", BOOKS)
def test_duckdb_says_the_same_of_every_written_example(name):
    cases, day = written_cases(name), usual_day(name)
    assert in_duckdb(RULEBOOKS[name], cases, day) == in_columns(RULEBOOKS[name], cases, day)


@pytest.mark.parametrize("dialect", sql.DIALECTS)
@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_divided_and_nothing_is_a_binary_fraction(name, dialect):
    text = whole(name, dialect)
    assert not re.search(r"[^/]/[^/]|\b(DOUBLE|FLOAT|REAL)\b", text)
    tree = parse_one(text, dialect=dialect)
    assert not list(tree.find_all(exp.Div))


def test_user_text_is_no_part_of_a_statement():
    given = [sql.Relation(sql.ENTERPRISES, ("key", 'a" FROM x; --'))]
    text = sql.statement(HNTE, ON, given, "duckdb", keep=('a" FROM x; --',))
    (name,) = {c.name for c in parse_one(text, dialect="duckdb").find_all(exp.Column)} - {"key"} & {
        'a" FROM x; --'
    }
    assert name == 'a" FROM x; --'


def test_an_empty_population_gets_an_empty_answer():
    assert in_duckdb(HNTE, [], ON) == {}
