"""The dictionary of facts: each can be named, counted, bounded, kept secret and asked for."""

import re

import pytest

from peiyu.policy import facts
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.rulebooks import HNTE

ALL = [fact for table in facts.TABLES for fact in table]
NUMERIC = {
    Unit.FEN, Unit.PERSON_HUNDREDTH, Unit.PERSON, Unit.COUNT, Unit.POINT, Unit.YEAR, Unit.MONTH,
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HEADS = [
    fact
    for fact in ALL
    if fact.unit in (Unit.PERSON, Unit.PERSON_HUNDREDTH)
    and f"{fact.table}.{fact.name}" in HNTE.facts()
]


def by_place(fact: Fact) -> str:
    return f"{fact.table}.{fact.name}"


@pytest.mark.parametrize("fact", ALL, ids=by_place)
def test_every_fact_has_a_term_in_both_languages(fact: Fact) -> None:
    assert CHINESE.search(fact.term("zh"))
    assert fact.term("en")
    assert not CHINESE.search(fact.term("en"))


@pytest.mark.parametrize("fact", ALL, ids=by_place)
def test_every_fact_has_unit_period_and_secrecy(fact: Fact) -> None:
    assert isinstance(fact.unit, Unit)
    assert isinstance(fact.period, facts.Period)
    assert isinstance(fact.secrecy, facts.Secrecy)


@pytest.mark.parametrize("fact", ALL, ids=by_place)
def test_every_fact_names_its_document_and_who_has_it(fact: Fact) -> None:
    assert CHINESE.search(fact.document)
    assert CHINESE.search(fact.holder)


@pytest.mark.parametrize("fact", [fact for fact in ALL if fact.unit in NUMERIC], ids=by_place)
def test_every_number_has_bounds(fact: Fact) -> None:
    assert fact.minimum is not None and fact.maximum is not None
    assert fact.minimum < fact.maximum
    assert fact.bound == max(abs(fact.minimum), abs(fact.maximum))


@pytest.mark.parametrize("fact", [fact for fact in ALL if fact.unit is Unit.FEN], ids=by_place)
def test_no_amount_is_so_large_that_a_product_leaves_128_bits(fact: Fact) -> None:
    assert fact.bound <= facts.LARGEST_AMOUNT
    assert facts.LARGEST_AMOUNT**2 * 10**6 < 2**126


def test_only_net_assets_profit_and_finance_expense_may_be_below_zero() -> None:
    below = [by_place(fact) for fact in ALL if fact.minimum is not None and fact.minimum < 0]
    assert below == ["years.net_assets", "years.finance_expense", "years.net_profit"]


@pytest.mark.parametrize("fact", ALL, ids=by_place)
def test_choices_are_listed_where_there_is_a_choice_and_nowhere_else(fact: Fact) -> None:
    assert bool(fact.choices) == (fact.unit is Unit.CHOICE)
    codes = [code for code, _, _ in fact.choices]
    assert len(set(codes)) == len(codes)
    for code, chinese, english in fact.choices:
        assert re.fullmatch(r"[A-Za-z_]+", code)
        assert CHINESE.search(chinese)
        assert english and not CHINESE.search(english)


@pytest.mark.parametrize("table", facts.TABLES, ids=lambda table: table.name)
def test_a_fact_stands_once_in_its_table(table: facts.FactTable) -> None:
    for name in ("name", "chinese", "english"):
        said = [getattr(fact, name) for fact in table]
        assert len(set(said)) == len(said), name
    assert all(fact.table == table.name for fact in table)
    assert not table.key or table.fact(table.key).required


@pytest.mark.parametrize("table", facts.TABLES, ids=lambda table: table.name)
def test_no_other_name_of_a_fact_leads_to_two(table: facts.FactTable) -> None:
    names = [name for fact in table for name in {fact.chinese, *fact.synonyms}]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("fact", HEADS, ids=by_place)
def test_who_is_counted_is_said_with_the_183_days(fact: Fact) -> None:
    assert "183天" in fact.note


@pytest.mark.parametrize("fact", [f for f in ALL if f.table == "years"], ids=by_place)
def test_what_a_tax_return_says_is_a_tax_secret(fact: Fact) -> None:
    if fact.document == facts.RETURN:
        assert fact.secrecy is facts.Secrecy.TAX


def test_the_names_of_persons_are_no_facts_of_the_rules() -> None:
    assert facts.fact("expert", "sheets").note
    assert not [fact for fact in ALL if fact.secrecy is facts.Secrecy.PERSONAL]


def test_written_amounts_are_stored_a_hundredfold() -> None:
    assert facts.fact("sales_revenue").scale == 100
    assert facts.fact("staff_average").scale == 100
    assert facts.fact("conversions").scale == 1


def test_a_fact_is_found_by_name_and_table() -> None:
    assert facts.fact("standards").unit is Unit.COUNT
    assert facts.fact("standards", "sheets").unit is Unit.POINT
    with pytest.raises(KeyError, match="no fact 'luck'"):
        facts.fact("luck")
    with pytest.raises(KeyError):
        facts.fact("luck", "ip")
