"""Enterprises as json: one record or a list, amounts in yuan, days as YYYY-MM-DD."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from peiyu.batch.cases import Input
from peiyu.batch.layouts import column, tables_of
from peiyu.batch.recorded import NOT_KNOWN, has_recorded_json, records_known
from peiyu.policy import facts
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.facts import Fact, FactTable, Unit
from peiyu.policy.rulebook import Rulebook
from peiyu.tables.answers import Problem, Told
from peiyu.tables.cells import read_value
from peiyu.tables.codes import compact
from peiyu.tables.files import Unreadable
from peiyu.tables.results import Note, Refusal
from peiyu.tables.spelling import name_key, shorten
from peiyu.words import Message, message

STATES = {"complete": State.COMPLETE, "partial": State.PARTIAL, "absent": State.ABSENT}
YEAR = re.compile("(19|20)[0-9]{2}")
PARTS = ("code", "name", "territory", "facts", "years", "tables", "states")
IDENTITY = ("code", "name", "territory")  # beside the facts, not among them
LONGEST_EXPONENT = 40  # a number written out further than this is not written out

NO_SUCH = message("没有这一项")
SEE_SCHEMA = message("见 peiyu schema")
NO_OBJECT = message("应为对象")


def records_of(
    text: str, rulebook: Rulebook, on: date, lang: str = "zh", known: date | None = None
) -> Input:
    """The enterprises of a json text as cases; a value that does not fit is refused by its path.

    `known` leaves out what was recorded after that day; without it all that was recorded counts.

    Raises:
        Unreadable: the text is not json, or holds what cannot be written again.
    """
    parsed = _parsed(text)
    if isinstance(parsed, dict) and isinstance(parsed.get("enterprises"), list):
        parsed = parsed["enterprises"]
    records = parsed if isinstance(parsed, list) else [parsed]
    reader = _Records(rulebook, on, lang)
    for index, record in records_known(records, known):
        reader.read(record, f"[{index}]" if isinstance(parsed, list) else "")
    reader.link_uses()
    return reader.found


def says_when(text: str) -> bool:
    """Does anything in a json text say when it was recorded."""
    return has_recorded_json(_parsed(text))


def _parsed(text: str) -> Any:
    try:
        parsed = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
        json.dumps(parsed, ensure_ascii=False, default=str).encode()  # half a character is none
    except json.JSONDecodeError as fault:
        where = f"{fault.lineno}:{fault.colno}"
        raise Unreadable(message("这不是有效的 json（{where}）", where=where)) from fault
    except RecursionError as fault:
        raise Unreadable(message("json 嵌套太深，不能读")) from fault
    except UnicodeEncodeError as fault:
        raise Unreadable(message("json 里有不成字的字符，不能读")) from fault
    except (ValueError, InvalidOperation) as fault:
        raise Unreadable(message("json 里有太长的数字，不能读")) from fault
    return parsed


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        text = message("json 里“{name}”在同一个对象中写了两次，不知以哪个为准", name=shorten(twice))
        raise Unreadable(text)
    return found


class _Records:
    def __init__(self, rulebook: Rulebook, on: date, lang: str) -> None:
        self.found = Input()
        self.on, self.lang = on, lang
        self.tables = {table.name: table for table in tables_of(rulebook)}
        self.by_key: dict[str, Case] = {}
        self.by_name: dict[str, Case] = {}

    def refuse(
        self,
        path: str,
        value: object,
        rule: Message,
        remedy: Message = SEE_SCHEMA,
        *,
        name: str,
        whole: bool = False,
    ) -> None:
        self.found.refusals.append(Refusal(
            "json", path.lstrip("."), path.rpartition(".")[2], shorten(str(value)), rule, remedy,
            whole, 0, name, "enterprise",
        ))  # fmt: skip

    def drop(self, path: str, value: object, rule: Message, remedy: Message) -> None:
        """An enterprise that cannot be judged at all."""
        self.refuse(path, value, rule, remedy, name=str(value) if value else "", whole=True)
        self.found.dropped += 1

    def remark(self, path: str, text: Message) -> None:
        self.found.notes.append(Note("json", path.lstrip("."), text, "enterprise"))

    # -- an enterprise

    def read(self, record: object, path: str) -> None:
        if not isinstance(record, dict):
            rule, remedy = message("不是一家企业的记录"), message("请写成对象，见 peiyu schema")
            self.drop(path, record, rule, remedy)
            return
        said = {n: v for n in IDENTITY if isinstance(v := record.get(n), str) and v.strip()}
        who = str(said.get("name", said.get("code", ""))).strip()
        identity = {
            name: self.value(record[name], facts.fact(name), f"{path}.{name}", who)
            for name in IDENTITY
            if name in record
        }
        code, name = identity.get("code"), identity.get("name")
        if code is None and name is None:
            rule = message("既没有统一社会信用代码，也没有企业名称")
            self.drop(path, who, rule, message("请至少填写其中一项"))
            return
        key = str(code) if code is not None else name_key(str(name))
        if key in self.by_key:
            rule, remedy = message("与前面的一家企业重复"), message("每家企业只写一条记录")
            self.refuse(path, who, rule, remedy, name=who, whole=True)  # the first is judged
            return
        case = Case(key, str(name if name is not None else code))
        case.facts.update({n: v for n, v in identity.items() if v is not None})
        self.by_key[key] = case
        self.by_name.setdefault(name_key(case.name), case)
        if (territory := identity.get("territory")) is not None:
            self.found.territories[key] = str(territory)
        self.facts(case, record.get("facts", {}), f"{path}.facts", facts.ENTERPRISE, 0)
        self.years(case, record.get("years", {}), f"{path}.years")
        self.states(case, record.get("states", {}), f"{path}.states")
        self.rows(case, record.get("tables", {}), f"{path}.tables")
        for unknown in record:
            if unknown not in PARTS:
                self.refuse(f"{path}.{unknown}", record[unknown], NO_SUCH, name=case.name)
        self.found.cases.append(case)

    def years(self, case: Case, years: object, path: str) -> None:
        if not isinstance(years, dict):
            self.refuse(path, years, message("应为以年份为名的对象，例如 2018"), name=case.name)
            return
        for year, values in years.items():
            if not YEAR.fullmatch(year):
                rule = message("“{value}”不是一个年份", value=shorten(year))
                self.refuse(f"{path}.{year}", year, rule, name=case.name)
            elif (lag := self.on.year - int(year)) in (1, 2, 3):
                self.facts(case, values, f"{path}.{year}", facts.YEARS, lag)
            else:
                text = message("{year} 年度不在 {first}–{last} 年之内，没有用", year=year,
                               first=self.on.year - 3, last=self.on.year - 1)  # fmt: skip
                self.remark(f"{path}.{year}", text)

    def facts(self, case: Case, values: object, path: str, table: FactTable, lag: int) -> None:
        if not isinstance(values, dict):
            self.refuse(path, values, NO_OBJECT, name=case.name)
            return
        known = {fact.name: fact for fact in table if fact.name not in ("year", *IDENTITY)}
        for name, value in values.items():
            here = f"{path}.{name}"
            if name not in known:
                self.refuse(here, value, NO_SUCH, name=case.name)
            elif (read := self.value(value, known[name], here, case.name)) is not None:
                key = f"{name}.{lag}" if lag else name
                case.facts[key], case.sources[key] = read, here.lstrip(".")

    # -- a value

    def value(self, value: object, fact: Fact, path: str, name: str) -> Scalar:
        """A value by the rules by which a cell of a sheet is read; `{"value": …}` is allowed."""
        if isinstance(value, dict) and set(value) == {"value"}:
            value = value["value"]
        if value is None or (fact.unit is Unit.YES_NO and isinstance(value, bool)):
            return value
        listed = value if isinstance(value, list) and fact.unit is Unit.NAMES else [None]
        if all(isinstance(part, str) and part.strip() for part in listed):
            return tuple(dict.fromkeys(map(compact, listed)))
        cell = _written(value)
        if cell is None:
            self.refuse(path, value, message("值的类型不对"), name=name)
            return None
        read = read_value(cell, column(fact, lang=self.lang), 1)
        if isinstance(read, Told):
            self.remark(path, read.text)
            read = read.value
        if isinstance(read, Problem):
            self.refuse(path, value, read.rule, read.remedy, name=name)
            return None
        return tuple(read) if isinstance(read, list) else read  # type: ignore[return-value]

    # -- tables

    def states(self, case: Case, states: object, path: str) -> None:
        if not isinstance(states, dict):
            self.refuse(path, states, NO_OBJECT, name=case.name)
            return
        for table, state in states.items():
            if table in self.tables and isinstance(state, str) and state in STATES:
                case.states[table] = STATES[state]
            else:
                remedy = message("complete、partial 或 absent")
                rule = message("没有这张表或这种状态")
                self.refuse(f"{path}.{table}", state, rule, remedy, name=case.name)

    def rows(self, case: Case, tables: object, path: str) -> None:
        if not isinstance(tables, dict):
            self.refuse(path, tables, NO_OBJECT, name=case.name)
            return
        for name, rows in tables.items():
            here = f"{path}.{name}"
            if name not in self.tables or not isinstance(rows, list):
                self.refuse(here, rows, message("没有这张表，或不是列表"), name=case.name)
                continue
            refused = len(self.found.refusals)
            read = [self.row(case, row, f"{here}[{at}]", name) for at, row in enumerate(rows)]
            case.tables[name] = self.without_repeats(case, read, here, self.tables[name].key)
            case.states.setdefault(name, State.COMPLETE)  # an empty list says that there are none
            lost = any(one.whole_row for one in self.found.refusals[refused:])
            if lost and case.states[name] is State.COMPLETE:
                case.states[name] = State.PARTIAL  # a row that was refused may be one more

    def row(self, case: Case, row: object, path: str, table: str) -> Row | None:
        if row is NOT_KNOWN:
            return None
        if not isinstance(row, dict):
            self.refuse(path, row, NO_OBJECT, name=case.name, whole=True)
            return None
        known = {fact.name: fact for fact in self.tables[table]}
        made: dict[str, Scalar] = {"_source": path.lstrip(".")}
        for name, value in row.items():
            if name in known:
                made[name] = self.value(value, known[name], f"{path}.{name}", case.name)
            else:
                self.refuse(f"{path}.{name}", value, NO_SUCH, name=case.name)
        return made

    def without_repeats(self, case: Case, rows: list[Row | None], path: str, key: str) -> list[Row]:
        """The rows, each number of an enterprise once; R&D has a row a year under one number."""
        first: dict[Scalar, Row] = {}
        kept: list[Row] = []
        for at, row in enumerate(rows):
            if row is None:
                continue
            no = row.get(key) if key and not path.endswith(".rd") else None
            known = first.setdefault(no, row) if no is not None else row
            if known is row:
                kept.append(row)
            elif {**known, "_source": ""} == {**row, "_source": ""}:
                text = message("与 {place} 完全一样，只算一次", place=str(known["_source"]))
                self.remark(f"{path}[{at}]", text)
            else:
                rule, remedy = (
                    message("编号“{no}”在这家企业重复", no=str(no)),
                    message("每个编号只填一行"),
                )
                self.refuse(f"{path}[{at}]", no, rule, remedy, name=case.name, whole=True)
        return kept

    def link_uses(self) -> None:
        """Uses of IP are a register of all: they go to every enterprise that has that IP."""
        by_number: dict[Scalar, list[Row]] = {}
        for case in self.found.cases:
            for row in case.tables.get("uses", ()):
                assert isinstance(row, dict)
                user = row.get("used_by")
                if isinstance(user, str):
                    code = self.by_key.get(user.strip().upper())
                    known = code or self.by_name.get(name_key(user))
                    row["used_by"] = known.key if known is not None else user
                by_number.setdefault(row.get("grant_number"), []).append(row)
        for case in self.found.cases:
            mine = list(case.tables.get("uses", ()))
            for number in dict.fromkeys(ip.get("grant_number") for ip in case.tables.get("ip", ())):
                for row in by_number.get(number, ()) if number is not None else ():
                    if not any(row is known for known in mine):
                        mine.append(row)
            if mine:
                case.tables["uses"] = mine


def _written(value: object) -> str | None:
    """A value as a person would write it into a cell."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        far = abs(value.adjusted()) > LONGEST_EXPONENT or abs(int(exponent)) > LONGEST_EXPONENT
        return str(value) if far else f"{value:f}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
