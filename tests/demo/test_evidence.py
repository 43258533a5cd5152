"""The evidence of the demo city: complete, seeded with every contradiction, otherwise without any."""

from collections import Counter, defaultdict

import pytest

from peiyu.demo.city import city
from peiyu.demo.evidence import proofs_of
from peiyu.demo.evidence.spoiled import EACH, SPOILS
from peiyu.policy.chain import CHECKS, Held, findings
from peiyu.policy.evidence import BY_NAME, TABLES
from peiyu.policy.patents import number_trouble

OF_STORY = {
    "renewing": {"used_up", "unsupported", "main_products", "elsewhere"},
    "half_is_not_more": {"main_products"},
    "short_of_rd": {"spending"},
    "short_of_ip": {"unsupported"},
}
"""What contradicts itself because the story says so."""


@pytest.fixture(scope="module")
def drawn():
    return city()


@pytest.fixture(scope="module")
def proofs(drawn):
    return proofs_of(drawn)


def held(proof, on):
    """As the office holds it."""
    facts = proof.firm.facts
    yearly = defaultdict(dict)
    for lag in (1, 2, 3):
        names = {name[:-2]: value for name, value in facts.items() if name.endswith(f".{lag}")}
        yearly[on.year - lag] = {k: v for k, v in names.items() if isinstance(v, int)}
    for row in proof.firm.tables.get("years", ()):
        yearly[row["year"]] |= {name: value for name, value in row.items() if name != "year"}
    tables = {
        table: [{f.name: plain(row.get(f.name)) for f in BY_NAME[table].facts} for row in rows]
        for table, rows in proof.tables.items()
    }
    key = proof.firm.code or proof.firm.name
    return Held(key, on, tables, frozenset(proof.full), proof.uses, yearly, lambda y, m: 168)


def plain(value):
    return tuple(value) if isinstance(value, list) else value


def natural(proof):
    """The checks that find something by the story, or by what the enterprise states of itself."""
    found = set(OF_STORY.get(proof.firm.story.name, ()))
    main, income = proof.fact("main_income"), proof.fact("ht_income.1")
    if main is not None and income is not None and 2 * main <= income:
        found.add("main_products")
    return found


def test_every_enterprise_has_evidence_of_facts_that_the_dictionary_knows(proofs):
    assert len(proofs) == 320
    for proof in proofs:
        assert any(proof.tables.values()), proof.firm.name
        for table, rows in proof.tables.items():
            for row in rows:
                assert set(row) <= set(BY_NAME[table].names), (table, row)
    filled = {table for proof in proofs for table, rows in proof.tables.items() if rows}
    assert filled == {table.name for table in TABLES}


def test_the_same_seed_draws_the_same_evidence(drawn, proofs):
    again = proofs_of(drawn)
    assert [(one.tables, one.uses, one.full) for one in again] == [
        (one.tables, one.uses, one.full) for one in proofs
    ]


def test_every_seeded_contradiction_is_found_and_none_is_reported_elsewhere(drawn, proofs):
    assert set(SPOILS) == {check.id for check in CHECKS}
    missed, strange = [], []
    for proof in proofs:
        found = {one.check for one in findings(held(proof, drawn.on))}
        missed += [(proof.firm.name, check) for check in proof.spoilt - found]
        strange += [(proof.firm.name, check) for check in found - proof.spoilt - natural(proof)]
    assert (missed, strange) == ([], [])
    seeded = Counter(check for proof in proofs for check in proof.spoilt)
    assert min(seeded[check] for check in SPOILS) >= EACH


def test_what_is_clean_is_not_clean_because_nothing_can_be_checked(drawn, proofs):
    clean = [proof for proof in proofs if not proof.spoilt and not natural(proof)]
    assert len(clean) > 200
    assert sum(len(proof.rows("ip")) for proof in clean) > 900
    assert sum(1 for proof in clean if proof.rows("products") and proof.rows("conversions")) > 60


def test_numbers_of_rights_are_such_as_are_given_out(proofs):
    wrong = Counter()
    for proof in proofs:
        for row in proof.rows("ip"):
            if number_trouble(row["kind"], row["grant_number"], row["applied_on"]):
                wrong[bool(proof.spoilt & {"odd_number"})] += 1
    assert wrong == {True: EACH}


def test_who_is_about_to_renew_has_used_up_its_class_two(drawn, proofs):
    found = [
        held(proof, drawn.on).usable_of_class("II")
        for proof in proofs
        if proof.firm.story.name == "renewing"
    ]
    assert len(found) == 10
    assert all(one.number == 0 and one.used_up >= 6 and one.whole for one in found)
