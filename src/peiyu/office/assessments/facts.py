"""From what the office holds to what the rules read: the only bridge, for one enterprise or many.

`told` gives of what was gathered a case for each enterprise, with where each fact comes from. Columns for
the batch are made in `frames` from the very same rows; a test holds the two to the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from peiyu.office.assessments.basis import Order
from peiyu.office.assessments.gathered import LAGS, Gathered, Key, Sheet, Stated
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.reports.models import FIGURES, Basis, Statement
from peiyu.policy.case import Case, Scalar, State

NAMES = tuple(FIGURES)
NONE = (None,) * len(NAMES)
STATEMENT, ENTERPRISE = Statement._meta.label_lower, Enterprise._meta.label_lower
Figures = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact or a row comes from: the row of the office, its source, since when it was known."""

    label: str
    """Of the model: reports.statement, portfolio.ipright …"""
    key: int
    version: int = 1
    source: int | None = None
    """Key of the document or batch."""
    recorded_on: date | None = None
    basis: str = ""
    """Of a statement."""

    @property
    def reference(self) -> str:
        """How a case names it."""
        return f"{self.label}:{self.key}"


@dataclass(frozen=True)
class Facts:
    """What the rules read of one enterprise, on a day, as known by another, in an order of bases.

    `origins` by the name of the fact (`sales_revenue.1`, `established_on`) or of the row (`ip/IP01`).
    """

    case: Case
    on: date
    known: date
    order: Order
    origins: dict[str, Origin]

    @cached_property
    def _firsts(self) -> dict[str, Origin]:
        found: dict[str, Origin] = {}
        for name, origin in self.origins.items():
            table, slash, _ = name.partition("/")
            if slash:
                found.setdefault(table, origin)
        return found

    def first_of(self, table: str) -> Origin | None:
        """Where the first row of a table comes from; None where it has none."""
        return self._firsts.get(table)


def merged(found: Gathered, key: Key, year: int, order: Order) -> Figures:
    """The figures of a year: each from the first basis in the order that states it."""
    said: Figures = NONE
    for basis in order:
        row = found.yearly.get((key, year, basis.value))
        if row is not None:
            both = zip(said, row.figures, strict=True)
            said = row.figures if said is NONE else tuple([b if a is None else a for a, b in both])
    return said


def cases_of(found: Gathered, order: Order) -> dict[Key, Case]:
    """A case for each enterprise, without where its facts come from; for comparing and counting."""
    made = {}
    for key, standing in found.standing.items():
        case = made[key] = Case(str(key), str(standing["name"] or ""))
        case.facts.update((name, value) for name, value in standing.items() if value is not None)
        for lag in LAGS:
            said = merged(found, key, found.on.year - lag, order)
            case.facts.update(
                (f"{name}.{lag}", value)
                for name, value in zip(NAMES, said, strict=True)
                if value is not None
            )
    for table, sheet in found.sheets.items():
        for key, row, place in rows_of(sheet):
            row["_source"] = f"{place[0]}:{place[1]}"
            made[key].tables.setdefault(table, []).append(row)
        for key, state in sheet.states.items():
            if key in made:
                made[key].states[table] = state
                if state is not State.ABSENT:
                    made[key].tables.setdefault(table, [])
    return made


def rows_of(sheet: Sheet) -> Iterator[tuple[Key, dict[str, Scalar], tuple[Any, ...]]]:
    """The rows of a table with whose each is, and what stands behind it."""
    names = tuple(sheet.columns)
    for of, place, *values in zip(sheet.of, sheet.places, *sheet.columns.values(), strict=True):
        yield of, dict(zip(names, values, strict=True)), place


def told(found: Gathered, order: Order) -> dict[Key, Facts]:
    """The cases of what was gathered, each with where its facts come from."""
    cases = cases_of(found, order)
    made = {}
    for key, case in cases.items():
        origins = dict(_origins(found, key, order))
        for name in case.facts:
            origins.setdefault(name, Origin(ENTERPRISE, key))
            case.sources[name] = origins[name].reference
        made[key] = Facts(case, found.on, found.known, order, origins)
    for table, sheet in found.sheets.items():
        for at, (key, row, place) in enumerate(rows_of(sheet)):
            known_as = row.get("no") or row.get("number") or at
            made[key].origins.setdefault(f"{table}/{known_as}", Origin(*place))
    return made


def _origins(found: Gathered, key: Key, order: Order) -> Iterator[tuple[str, Origin]]:
    for name in found.standing[key]:
        if (key, name) in found.stated:
            yield name, Origin(*found.stated[key, name])
    for lag in LAGS:
        held = [
            (basis, found.yearly.get((key, found.on.year - lag, basis.value))) for basis in order
        ]
        for at, name in enumerate(NAMES):
            for basis, row in held:
                if row is not None and row.figures[at] is not None:
                    yield f"{name}.{lag}", _origin(basis, row, name)
                    break


def _origin(basis: Basis, row: Stated, name: str) -> Origin:
    source = row.exceptions.get(name, row.source)
    return Origin(STATEMENT, row.key, row.version, source, row.recorded_on, basis.value)


# -- as text


def plain(value: Scalar) -> object:
    """A value as JSON has it; what is no number, word or list is told from it by its key alone."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def as_plain(case: Case) -> dict[str, Any]:
    """All that the rules read, in one order, for keeping and comparing."""
    return {
        "key": case.key,
        "facts": {name: plain(case.facts[name]) for name in sorted(case.facts)},
        "states": {name: int(case.states[name]) for name in sorted(case.states)},
        "tables": {
            name: [
                {of: plain(value) for of, value in sorted(row.items()) if value is not None}
                for row in case.tables[name]
            ]
            for name in sorted(case.tables)
        },
    }  # fmt: skip
