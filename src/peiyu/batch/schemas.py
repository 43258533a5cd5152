"""The JSON Schema of the json input: what it accepts is read without a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peiyu.batch.layouts import IDENTIFIERS, IDENTITY, asks, tables_of
from peiyu.batch.recorded import KNOWN_ON, TERM
from peiyu.batch.records import STATES
from peiyu.policy import facts
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.rulebook import Rulebook
from peiyu.tables.codes import CREDIT_CODE
from peiyu.words import translate

CODE = f"^{CREDIT_CODE.pattern}$"
WORD = r"\S"
DAY = "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
BROKEN = r"^\s*[0-9](\.[0-9]+)?[eE]\+?[0-9]+\s*$"  # what spreadsheets make of long numbers


def schema(rulebook: Rulebook, lang: str = "zh") -> dict[str, Any]:
    """JSON Schema (2020-12) of the json input of a rulebook."""
    standing = {
        fact.name: _typed(fact, lang)
        for fact in facts.ENTERPRISE
        if fact.name not in IDENTITY and asks(rulebook, fact)
    }
    yearly = {
        fact.name: _typed(fact, lang)
        for fact in facts.YEARS
        if fact.name != "year" and asks(rulebook, fact)
    }
    tables = {
        table.name: {
            "title": table.chinese if lang == "zh" else table.english,
            "type": "array",
            "items": _recorded({f.name: _typed(f, lang) for f in table if asks(rulebook, f)}, lang),
        }
        for table in tables_of(rulebook)
    }
    record = _recorded({
        "code": {"type": "string", "title": facts.fact("code").term(lang), "pattern": CODE},
        "name": {"type": "string", "title": facts.fact("name").term(lang), "pattern": WORD},
        "territory": {"type": "string", "title": facts.fact("territory").term(lang)},
        "facts": _object(standing),
        "years": {"type": "object", "patternProperties": {"^(19|20)[0-9]{2}$": _recorded(yearly, lang)},
                  "additionalProperties": False},
        "tables": _object(tables),
        "states": _object({name: {"enum": list(STATES)} for name in tables}),
    }, lang)  # fmt: skip
    record["anyOf"] = [{"required": ["code"]}, {"required": ["name"]}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": translate(rulebook.title, lang),
        "description": translate(
            "一家企业，或企业的列表。金额以元为单位，至多两位小数；未知的不写或写 null。", lang
        ),
        "oneOf": [
            {"$ref": "#/$defs/enterprise"},
            {"type": "array", "items": {"$ref": "#/$defs/enterprise"}},
        ],
        "$defs": {"enterprise": record},
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _recorded(properties: dict[str, Any], lang: str) -> dict[str, Any]:
    """An object that may say when it was recorded."""
    day = {"type": "string", "title": translate(TERM, lang), "format": "date", "pattern": DAY}
    return _object({**properties, KNOWN_ON: day})


def _typed(fact: Fact, lang: str) -> dict[str, Any]:
    said: dict[str, Any] = {"title": fact.term(lang)}
    if fact.note:
        said["description"] = translate(fact.note, lang)
    said |= next(_kinds(fact))
    return said


def _kinds(fact: Fact) -> Iterator[dict[str, Any]]:
    if fact.unit is Unit.DAY:
        yield {"type": ["string", "null"], "format": "date", "pattern": DAY}
    elif fact.unit is Unit.YES_NO:
        yield {"type": ["boolean", "null"]}
    elif fact.unit is Unit.CHOICE:
        yield {"enum": [*(code for code, _, _ in fact.choices), None]}
    elif fact.unit is Unit.NAMES:
        yield {"type": ["array", "null"], "items": {"type": "string", "pattern": WORD}}
    elif fact.name in IDENTIFIERS:
        yield {"type": ["string", "null"], "not": {"type": "string", "pattern": BROKEN}}
    elif fact.unit is Unit.TEXT:
        yield {"type": ["string", "null"]}
    else:
        bounds: dict[str, Any] = {}
        if fact.minimum is not None:
            bounds["minimum"] = fact.minimum // fact.scale
        if fact.maximum is not None:
            bounds["maximum"] = fact.maximum // fact.scale
        # no multipleOf 0.01: checkers that divide floats would find 0.07 to be no multiple of it
        yield {"type": ["integer" if fact.scale == 1 else "number", "null"], **bounds}
