"""The JSON Schema: what it accepts is read without a refusal, what it refuses is refused."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from peiyu.batch.records import records_of
from peiyu.policy.rulebooks import HNTE
from tests.batch.forms import ON, firms, made_up_code, record, write_json
from tests.cli.conftest import Run, run_command

Json = dict[str, Any]
SCHEMA = json.loads(run_command("schema", "hnte").stdout)
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
ENTERPRISE = SCHEMA["$defs"]["enterprise"]


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(ENTERPRISE["properties"]) == {
        "code", "name", "territory", "facts", "years", "tables", "states", "known_on",
    }  # fmt: skip


def test_what_the_tests_hand_in_as_json_is_valid() -> None:
    records = [record(firm) for firm in firms()]
    for one in (*records, records):
        assert list(VALIDATOR.iter_errors(json.loads(json.dumps(one)))) == []


WRONG: list[Any] = [
    7, "甲", None, {}, {"facts": {}}, {"name": ""}, {"name": 5}, {"code": "123"}, [{"name": "甲"}, 5],
    {"name": "甲", "turnover": 1}, {"name": "甲", "facts": {"sales_revenue": 1}},
    {"name": "甲", "facts": {"name": "乙"}}, {"name": "甲", "facts": {"established_on": "2010-13-01"}},
    {"name": "甲", "facts": {"resident": "是"}}, {"name": "甲", "facts": {"standards": 1.5}},
    {"name": "甲", "facts": {"standards": -1}}, {"name": "甲", "years": {"18": {}}},
    {"name": "甲", "years": {"2018": {"sales_revenue": -1}}},
    {"name": "甲", "years": {"2018": {"sales_revenue": 10**13 + 1}}},
    {"name": "甲", "tables": {"ip": [{"kind": "发明"}]}}, {"name": "甲", "tables": {"ip": {}}},
    {"name": "甲", "tables": {"months": [{"month": 13}]}}, {"name": "甲", "states": {"ip": "full"}},
    {"name": "甲", "tables": {"products": [{"ip_nos": "IP01"}]}},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_it_refuses_what_does_not_fit(wrong: Any) -> None:
    assert list(VALIDATOR.iter_errors(wrong))


@pytest.mark.parametrize(
    "amount", ["0.07", "19.99", "50000000.01", "9999999999999.99", "0.1", "1e3"]
)
def test_an_amount_to_the_fen_is_valid_however_the_checker_counts(amount: str) -> None:
    text = f'{{"name": "甲", "years": {{"2025": {{"sales_revenue": {amount}}}}}}}'
    for read in (float, Decimal):
        assert list(VALIDATOR.iter_errors(json.loads(text, parse_float=read))) == []
    found = records_of(text, HNTE, ON)
    assert found.refusals == [] and found.cases[0].facts["sales_revenue.1"] == Decimal(amount) * 100


def text_values() -> st.SearchStrategy[str]:
    """Words as people write them; the words for nothing are read as nothing."""
    return st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


def values(schema: Json) -> st.SearchStrategy[Any]:
    """Anything that a part of the schema accepts."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    made = {
        "null": st.none,
        "boolean": st.booleans,
        "integer": lambda: st.integers(schema["minimum"], schema["maximum"]),
        "number": lambda: amounts(schema["minimum"], schema["maximum"]),
        "string": lambda: strings(schema),
        "array": lambda: st.lists(values(schema["items"]), max_size=3),
        "object": lambda: objects(schema),
    }
    return st.one_of(*(made[kind]() for kind in kinds))


def amounts(low: int, high: int) -> st.SearchStrategy[Any]:
    """Yuan to the fen, whole or not."""
    fen = st.integers(low * 100, high * 100).map(lambda number: Decimal(number) / 100)
    return st.one_of(st.integers(low, high), fen.map(float))


def strings(schema: Json) -> st.SearchStrategy[str]:
    if schema.get("format") == "date":
        days = st.dates(min_value=ON.replace(year=1900), max_value=ON.replace(year=2099))
        return days.map(lambda day: day.isoformat())
    if schema.get("pattern", "").startswith("^[0-9A-HJ"):
        return st.integers(0, 99999).map(made_up_code)
    found = text_values()
    return found.filter(lambda text: not list(Draft202012Validator(schema).iter_errors(text)))


def objects(schema: Json) -> st.SearchStrategy[Json]:
    named = schema.get("properties", {})
    if "patternProperties" in schema:
        (part,) = schema["patternProperties"].values()
        named = {str(year): part for year in (2023, 2024, 2025)}
    return st.fixed_dictionaries({}, optional={name: values(part) for name, part in named.items()})


def records() -> st.SearchStrategy[Json]:
    """Records of which something says whose they are."""
    parts = {
        n: values(p) for n, p in ENTERPRISE["properties"].items() if n not in ("tables", "name")
    }
    tables = {
        name: rows(part["items"])
        for name, part in ENTERPRISE["properties"]["tables"]["properties"].items()
    }
    return st.fixed_dictionaries(
        {"name": st.integers(1, 10**6).map(lambda number: f"甲{number}有限公司")},
        optional={**parts, "tables": st.fixed_dictionaries({}, optional=tables)},
    )


def rows(schema: Json) -> st.SearchStrategy[list[Json]]:
    """Rows of a table, each with a number of its own."""
    return st.lists(objects(schema), max_size=2).map(
        lambda found: [
            {**row, "no": f"N{at}"} if "no" in schema["properties"] else row
            for at, row in enumerate(found)
        ]
    )


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(records())
def test_what_it_accepts_is_read_without_a_refusal(made: Json) -> None:
    assert list(VALIDATOR.iter_errors(made)) == []
    found = records_of(json.dumps(made, ensure_ascii=False), HNTE, ON)
    assert [(r.address, r.value, r.rule.say()) for r in found.refusals] == []
    (case,) = found.cases
    said = {
        f"{name}.{ON.year - int(year)}"
        for year, known in made.get("years", {}).items()
        for name, value in known.items()
        if value is not None and name != "known_on"
    }
    assert said <= set(case.facts)
    for name, lines in made.get("tables", {}).items():
        if name not in ("uses", "standards", "conversions", "sheets"):
            assert len(case.tables[name]) == len(lines)


def test_the_english_schema_accepts_the_same(run: Run) -> None:
    english = json.loads(run("schema", "hnte", "--lang", "en").stdout)
    Draft202012Validator.check_schema(english)

    def bare(part: Any) -> Any:
        if isinstance(part, dict):
            words = ("title", "description")
            return {n: bare(v) for n, v in part.items() if n not in words or isinstance(v, dict)}
        return [bare(one) for one in part] if isinstance(part, list) else part

    assert bare(english) == bare(SCHEMA)
    assert english["title"] != SCHEMA["title"]


def test_a_record_made_by_the_words_of_the_schema_is_judged(run: Run, here: Path) -> None:
    write_json(here / "a.json", [record(firm) for firm in firms()[:3]])
    assert run("assess", "a.json", "--on", ON, "-o", "out.json").exit_code == 0
