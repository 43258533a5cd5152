"""Enterprises as json: one record or a list, amounts in yuan, days as YYYY-MM-DD; and their schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from peiyu.batch.cases import Input
from peiyu.batch.layouts import column, tables_of
from peiyu.policy import facts
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.facts import Fact, FactTable, Unit
from peiyu.policy.rulebook import Rulebook
from peiyu.tables.answers import Problem, Told
from peiyu.tables.cells import read_value
from peiyu.tables.files import Unreadable
from peiyu.tables.results import Refusal
from peiyu.tables.spelling import name_key
from peiyu.words import Message, message, translate

STATES = {"complete": State.COMPLETE, "partial": State.PARTIAL, "absent": State.ABSENT}


def records_of(text: str, rulebook: Rulebook, on: date, lang: str = "zh") -> Input:
    """The enterprises of a json text as cases; a value that does not fit is refused by its path.

    Raises:
        Unreadable: the text is not json, or neither an enterprise nor a list of them.
    """
    try:
        parsed = json.loads(text, parse_float=Decimal)
    except (json.JSONDecodeError, RecursionError) as fault:
        where = f"{fault.lineno}:{fault.colno}" if isinstance(fault, json.JSONDecodeError) else ""
        raise Unreadable(message("这不是有效的 json（{where}）", where=where)) from fault
    if isinstance(parsed, dict) and isinstance(parsed.get("enterprises"), list):
        parsed = parsed["enterprises"]
    records = parsed if isinstance(parsed, list) else [parsed]
    reader = _Records(rulebook, on, lang)
    for index, record in enumerate(records):
        reader.read(record, f"[{index}]" if isinstance(parsed, list) else "")
    return reader.found


class _Records:
    def __init__(self, rulebook: Rulebook, on: date, lang: str) -> None:
        self.found = Input()
        self.on, self.lang = on, lang
        self.tables = {table.name: table for table in tables_of(rulebook)}
        self.keys: set[str] = set()

    def refuse(
        self,
        path: str,
        value: object,
        rule: Message,
        remedy: Message,
        *,
        name: str,
        whole: bool = False,
    ) -> None:
        self.found.refusals.append(Refusal(
            "json", path, path.rpartition(".")[2], str(value)[:60], rule, remedy, whole, 0, name, "enterprise",
        ))  # fmt: skip
        self.found.dropped += whole

    def read(self, record: object, path: str) -> None:
        if not isinstance(record, dict):
            self.refuse(
                path,
                record,
                message("不是一家企业的记录"),
                message("请写成对象，见 peiyu schema"),
                name="",
                whole=True,
            )
            return
        code, name = record.get("code"), record.get("name")
        if not (isinstance(code, str) and code.strip()) and not (
            isinstance(name, str) and name.strip()
        ):
            self.refuse(
                path,
                "",
                message("既没有统一社会信用代码，也没有企业名称"),
                message("请至少填写其中一项"),
                name="",
                whole=True,
            )
            return
        who = str(name or code)
        key = (
            code.strip().upper() if isinstance(code, str) and code.strip() else name_key(str(name))
        )
        if key in self.keys:
            self.refuse(
                path,
                who,
                message("与前面的一家企业重复"),
                message("每家企业只写一条记录"),
                name=who,
                whole=True,
            )
            return
        self.keys.add(key)
        case = Case(key, who)
        self.facts(case, record.get("facts", {}), f"{path}.facts", facts.ENTERPRISE, 0)
        if isinstance(code, str):
            case.facts["code"] = key
        years = record.get("years", {})
        if not isinstance(years, dict):
            self.refuse(
                f"{path}.years",
                years,
                message("应为按年度写的对象"),
                message('例如 {{"2018": {{...}}}}'),
                name=who,
            )
            years = {}
        for year, values in years.items():
            lag = self.on.year - int(year) if str(year).isdigit() else 0
            if lag not in (1, 2, 3):
                self.refuse(f"{path}.years.{year}", year, message("不在近三个会计年度之内"),
                            message("申请日为 {on}，只用前三个年度", on=self.on.isoformat()), name=who)  # fmt: skip
                continue
            self.facts(case, values, f"{path}.years.{year}", facts.YEARS, lag)
        self.rows(case, record, path)
        if isinstance(territory := record.get("territory"), str):
            self.found.territories[key] = territory
        for unknown in set(record) - {
            "code",
            "name",
            "facts",
            "years",
            "tables",
            "states",
            "territory",
            "sources",
        }:
            self.refuse(
                f"{path}.{unknown}", "", message("没有这一项"), message("见 peiyu schema"), name=who
            )
        self.found.cases.append(case)

    def facts(self, case: Case, values: object, path: str, table: FactTable, lag: int) -> None:
        if not isinstance(values, dict):
            self.refuse(
                path, values, message("应为对象"), message("见 peiyu schema"), name=case.name
            )
            return
        known = {fact.name: fact for fact in table if fact.name != "year"}
        for name, value in values.items():
            if name not in known:
                self.refuse(
                    f"{path}.{name}",
                    value,
                    message("没有这一项"),
                    message("见 peiyu schema"),
                    name=case.name,
                )
                continue
            key = f"{name}.{lag}" if lag else name
            case.facts[key] = self.value(value, known[name], f"{path}.{name}", case.name)
            case.sources[key] = f"{path}.{name}".lstrip(".")

    def value(self, value: object, fact: Fact, path: str, name: str) -> Scalar:
        """A value by the rules by which a cell of a sheet is read; `{{"value": …}}` is allowed."""
        if isinstance(value, dict) and "value" in value:
            value = value["value"]
        if value is None:
            return None
        if fact.unit is Unit.YES_NO and isinstance(value, bool):
            return value
        cell: object = "、".join(map(str, value)) if isinstance(value, list) else value
        if isinstance(value, list) and not value:
            return ()
        if isinstance(cell, Decimal | int) and not isinstance(cell, bool):
            cell = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
        if not isinstance(cell, str):
            self.refuse(path, value, message("值的类型不对"), message("见 peiyu schema"), name=name)
            return None
        read = read_value(cell, column(fact, lang=self.lang), 1)
        if isinstance(read, Told):
            read = read.value
        if isinstance(read, Problem):
            self.refuse(path, value, read.rule, read.remedy, name=name)
            return None
        return tuple(read) if isinstance(read, list) else read  # type: ignore[return-value]

    def rows(self, case: Case, record: dict[str, Any], path: str) -> None:
        tables, states = record.get("tables", {}), record.get("states", {})
        if not isinstance(tables, dict) or not isinstance(states, dict):
            self.refuse(
                f"{path}.tables",
                "",
                message("应为对象"),
                message("见 peiyu schema"),
                name=case.name,
            )
            return
        for table_name, state in states.items():
            if table_name not in self.tables or state not in STATES:
                self.refuse(f"{path}.states.{table_name}", state, message("没有这张表或这种状态"),
                            message("complete、partial 或 absent"), name=case.name)  # fmt: skip
                continue
            case.states[table_name] = STATES[state]
        for table_name, rows in tables.items():
            if table_name not in self.tables or not isinstance(rows, list):
                self.refuse(
                    f"{path}.tables.{table_name}",
                    "",
                    message("没有这张表，或不是列表"),
                    message("见 peiyu schema"),
                    name=case.name,
                )
                continue
            known = {fact.name: fact for fact in self.tables[table_name]}
            kept: list[Row] = []
            for index, row in enumerate(rows):
                here = f"{path}.tables.{table_name}[{index}]"
                if not isinstance(row, dict):
                    self.refuse(
                        here, row, message("应为对象"), message("见 peiyu schema"), name=case.name
                    )
                    continue
                made: dict[str, Scalar] = {"_source": here.lstrip(".")}
                for name, value in row.items():
                    if name in known:
                        made[name] = self.value(value, known[name], f"{here}.{name}", case.name)
                    else:
                        self.refuse(
                            f"{here}.{name}",
                            value,
                            message("没有这一项"),
                            message("见 peiyu schema"),
                            name=case.name,
                        )
                kept.append(made)
            case.tables[table_name] = kept
            if table_name not in case.states and not kept:
                case.states[table_name] = State.COMPLETE  # an empty list says that there are none


# -------------------------------------------------------------------------------------- schema


def schema(rulebook: Rulebook, lang: str = "zh") -> dict[str, Any]:
    """JSON Schema (2020-12) of the json input of a rulebook."""
    standing = {
        fact.name: _typed(fact, lang)
        for fact in facts.ENTERPRISE
        if fact.name not in ("code", "name", "territory")
    }
    yearly = {fact.name: _typed(fact, lang) for fact in facts.YEARS if fact.name != "year"}
    tables = {
        table.name: {
            "title": table.chinese if lang == "zh" else table.english,
            "type": "array",
            "items": _object({fact.name: _typed(fact, lang) for fact in table}),
        }
        for table in tables_of(rulebook)
    }
    record = _object({
        "code": {"type": "string", "title": facts.fact("code").term(lang)},
        "name": {"type": "string", "title": facts.fact("name").term(lang)},
        "territory": {"type": "string", "title": facts.fact("territory").term(lang)},
        "facts": _object(standing),
        "years": {"type": "object", "patternProperties": {"^(19|20)[0-9]{2}$": _object(yearly)},
                  "additionalProperties": False},
        "tables": _object(tables),
        "states": _object({name: {"enum": list(STATES)} for name in tables}),
    })  # fmt: skip
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


def _typed(fact: Fact, lang: str) -> dict[str, Any]:
    said: dict[str, Any] = {"title": fact.term(lang)}
    if fact.note:
        said["description"] = translate(fact.note, lang)
    said |= next(_kinds(fact))
    return said


def _kinds(fact: Fact) -> Iterator[dict[str, Any]]:
    if fact.unit is Unit.DAY:
        yield {"type": ["string", "null"], "format": "date"}
    elif fact.unit is Unit.YES_NO:
        yield {"type": ["boolean", "null"]}
    elif fact.unit is Unit.CHOICE:
        yield {"enum": [*(code for code, _, _ in fact.choices), None]}
    elif fact.unit is Unit.NAMES:
        yield {"type": ["array", "null"], "items": {"type": "string"}}
    elif fact.unit is Unit.TEXT:
        yield {"type": ["string", "null"]}
    else:
        bounds: dict[str, Any] = {}
        if fact.minimum is not None:
            bounds["minimum"] = fact.minimum // fact.scale
        if fact.maximum is not None:
            bounds["maximum"] = fact.maximum // fact.scale
        if fact.scale == 1:
            yield {"type": ["integer", "null"], **bounds}
        else:
            yield {"type": ["number", "null"], "multipleOf": _step(fact.scale), **bounds}


def _step(scale: int) -> Any:
    """The smallest part that can be stored, for a schema: a number of json, not of ours."""
    return json.loads("0." + "0" * (len(str(scale)) - 2) + "1")


__all__ = ["records_of", "schema"]
