"""Written examples of the law: read from YAML as a jurist writes them, made into cases exactly.

A file gives the day of application (`on`), what its cases share (`base`, `like` another file's
`base`) and the cases. Amounts are written with their unit (`5600万`, `1.5亿`, `0.01元`,
`5000万 + 1分`), days as `2026-07-20`, people as `8人`; `unknown` takes away what is shared. Rows
are numbered IP01, IP02 …, their grants ZL01, ZL02 …, and say what `usual.yaml` says, unless they
say otherwise; `times: 6` writes a row six times. Nothing passes through a binary fraction.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from peiyu.policy import facts
from peiyu.policy.case import Case, Row, Scalar, State
from peiyu.policy.facts import Fact, Unit

FOLDER = Path(__file__).parent / "cases"
IN_FEN = {"亿": 10**10, "万": 10**6, "元": 100, "分": 1}
TERM = re.compile(r"([+-]?) *(\d+(?:\.\d+)?)(亿|万|元|分)")
NUMBERED = {
    "ip": {"no": "IP", "grant_number": "ZL"},
    "rd": {"no": "RD"},
    "products": {"no": "PS"},
    "conversions": {"result": "R"},
    "standards": {"number": "GB"},
    "sheets": {"expert": "E"},
    "certificates": {"number": "GR"},
    "subsidy_projects": {"no": "RD"},
    "patent_fees": {"number": "ZL"},
}
YES_OR_NO = {"yes": True, "no": False}
UNKNOWN = "unknown"
OPEN = "open"


class OnceLoader(yaml.CBaseLoader):
    """Leaves every scalar as it is written and refuses what stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A mapping, each of whose names stands once."""
        names = [self.construct_object(key) for key, _ in node.value]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))} stands twice{node.start_mark}")
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class Example:
    """One written example: an enterprise, the day and reading, and what must come out."""

    name: str
    file: str
    on: date
    switches: Mapping[str, str]
    case: Case
    expect: Mapping[str, Any]
    replaced: Mapping[str, str] = field(default_factory=dict)  # figures, as `set` says

    @property
    def reading(self) -> tuple[tuple[str, str], ...]:
        """The chosen switches, to sort examples by."""
        return tuple(sorted(self.switches.items()))


def read(file: Path) -> dict[str, Any]:
    """A YAML file with all scalars as text."""
    found = yaml.load(file.read_text("utf-8"), OnceLoader)  # it makes nothing but text
    assert isinstance(found, dict)
    return found


def amount(text: str) -> int:
    """An amount with its unit as whole fen, exactly; a sum of amounts may be written out.

    Raises:
        ValueError: no unit, or less than a fen.
    """
    terms = list(TERM.finditer(text))
    if "".join(term[0] for term in terms).replace(" ", "") != text.replace(" ", "") or not terms:
        raise ValueError(f"{text!r} is no amount: write it with 亿, 万, 元 or 分")
    fen = sum(Fraction(sign + number) * IN_FEN[unit] for sign, number, unit in
              (term.groups() for term in terms))  # fmt: skip
    if fen.denominator != 1:
        raise ValueError(f"{text!r} is not a whole number of fen")
    return int(fen)


def quantity(text: str) -> Fraction:
    """An amount in fen, a share, a fraction or a number, exactly."""
    if text[-1] in IN_FEN:
        return Fraction(amount(text))
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def scalar(fact: Fact, text: Any) -> Scalar:
    """A value as the dictionary of facts says that it is stored."""
    match fact.unit:
        case Unit.FEN:
            return amount(text)
        case Unit.PERSON_HUNDREDTH:
            people = Fraction(text.removesuffix("人")) * 100
            if people.denominator != 1:
                raise ValueError(f"{fact.name}: {text!r} is finer than a hundredth of a person")
            return int(people)
        case Unit.DAY:
            return date.fromisoformat(text)
        case Unit.YES_NO:
            return YES_OR_NO[text]
        case Unit.NAMES:
            return tuple(text)
        case Unit.TEXT:
            return str(text)
        case Unit.CHOICE:
            if text not in {code for code, _, _ in fact.choices}:
                raise ValueError(f"{fact.name}: {text!r} is no choice")
            return str(text)
    return int(text)


@cache
def examples(rulebook: str) -> tuple[Example, ...]:
    """All written examples of a rulebook, file by file."""
    folder = FOLDER / rulebook
    return tuple(
        found for file in sorted(folder.glob("*.yaml")) for found in _of_file(folder, file)
    )


def _of_file(folder: Path, file: Path) -> Iterator[Example]:
    written = read(file)
    usual = read(folder / "usual.yaml")
    shared = _joined(_like(folder, written), written.get("base", {}))
    for number, entry in enumerate(written.get("cases", ()), 1):
        key = f"{file.stem}-{number}"
        on = date.fromisoformat(entry.get("on") or written["on"])
        yield Example(
            name=entry["name"],
            file=file.stem,
            on=on,
            switches=entry.get("switches", {}),
            case=_case(key, on, _joined(shared, entry), usual),
            expect=entry["expect"],
            replaced=entry.get("set", {}),
        )


def enterprise(rulebook: str, file: str, **entry: Any) -> Case:
    """The enterprise that the cases of a file share, changed by `entry`."""
    folder = FOLDER / rulebook
    written = read(folder / f"{file}.yaml")
    usual = read(folder / "usual.yaml")
    on = date.fromisoformat(written["on"])
    shared = _joined(_like(folder, written), written["base"])
    return _case(file, on, _joined(shared, entry), usual)


def _like(folder: Path, written: Mapping[str, Any]) -> dict[str, Any]:
    if "like" not in written:
        return {}
    return read(folder / f"{written['like']}.yaml")["base"]


def _joined(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What a case says over what it shares: facts one by one, tables as wholes."""
    parts = ("facts", "tables", "states")
    joined = {part: {**shared.get(part, {}), **own.get(part, {})} for part in parts}
    years = {**shared.get("years", {})}
    for year, known in own.get("years", {}).items():
        years[year] = {**years.get(year, {}), **known}
    return {**joined, "years": years}


def _case(key: str, on: date, entry: Mapping[str, Any], usual: Mapping[str, Any]) -> Case:
    case = Case(key)
    for name, text in entry["facts"].items():
        if text != UNKNOWN:
            case.facts[name] = scalar(facts.fact(name, "enterprise"), text)
    for year, known in entry["years"].items():
        lag = on.year - int(year)
        if lag not in (1, 2, 3):
            raise ValueError(f"{key}: {year} is not one of the three years before {on}")
        for name, text in known.items():
            if text != UNKNOWN:
                case.facts[f"{name}.{lag}"] = scalar(facts.fact(name, "years"), text)
    for table, rows in entry["tables"].items():
        if rows != UNKNOWN:
            case.tables[table] = list(_rows(key, table, rows, usual.get(table, {})))
            case.states[table] = State.COMPLETE
    for table, state in entry["states"].items():
        assert table in facts.BY_NAME, table
        case.states[table] = State[state.upper()]
    return case


def _rows(key: str, table: str, rows: Any, usual: Mapping[str, Any]) -> Iterator[Row]:
    number = 0
    for written in rows:
        row = dict(written)
        for _ in range(int(row.pop("times", 1))):
            number += 1
            numbers = {name: f"{mark}{number:02}" for name, mark in NUMBERED.get(table, {}).items()}
            yield _row(key, table, {**usual, **numbers, **row})


def _row(key: str, table: str, written: Mapping[str, Any]) -> Row:
    row: dict[str, Scalar] = {}
    for name, text in written.items():
        fact = facts.fact(name, table)
        if text != UNKNOWN:
            row[name] = scalar(fact, text)
        elif fact.required:
            raise ValueError(f"{key}: a row of {table} cannot do without {name}")
    if "grant_number" in row:  # no two examples speak of the same right
        row["grant_number"] = f"{key} {row['grant_number']}"
    if row.get("used_by") == "itself":
        row["used_by"] = key
    return row
