"""Every figure of the law, with its dates and the source of each value.

A parameter is one YAML file. Its shape says what a value is:

- `number`: a whole number (of `unit`; yuan becomes fen) or a share such as `5%`;
- `steps`: an ordered table, the first step that holds gives a share or a band of points;
- `points`: bands of points by name;
- `words`: a list of codes.

A value counts from its date; `value: null` is a repeal. Reading one before its first date, or after
its repeal, raises: a rule must never run on a figure that was not the law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Literal

import yaml

Shape = Literal["number", "steps", "points", "words"]
COMPARISONS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}


class NotInForce(LookupError):
    """The law gave no such figure on that day."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: holds where the number compares so with the limit; gives from `low` to `high`."""

    operator: str
    limit: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class StepTable:
    """Steps in order; the first that holds counts, else the last entry."""

    steps: tuple[Step, ...]
    low: Fraction
    high: Fraction

    def at(self, value: Fraction | None, *, unknown_is: int) -> tuple[Fraction, Fraction]:
        """The step on which `value` stands; an open end (`None`) lies infinitely far to one side."""
        for step in self.steps:
            if holds(step.operator, value, step.limit, unknown_is):
                return step.low, step.high
        return self.low, self.high


def holds(operator: str, value: Fraction | None, limit: Fraction, unknown_is: int) -> bool:
    """Does the comparison hold; `unknown_is` is -1 or 1 for a value infinitely low or high."""
    if value is None:
        return operator in ((">=", ">") if unknown_is > 0 else ("<=", "<"))
    if operator == ">=":
        return value >= limit
    if operator == ">":
        return value > limit
    return value <= limit if operator == "<=" else value < limit


Value = Fraction | StepTable | Mapping[str, tuple[int, int]] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A value from its date on; null from a repeal on."""

    since: date
    value: Value | None
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the law through time."""

    name: str
    title: str
    english: str
    unit: str
    shape: Shape
    values: tuple[Dated, ...]

    def dated(self, on: date) -> Dated:
        """The entry in force on that day.

        Raises:
            NotInForce: before the first date, or after a repeal.
        """
        found = None
        for entry in self.values:
            if entry.since <= on:
                found = entry
        if found is None:
            first = self.values[0].since
            raise NotInForce(f"{self.name} has no value on {on}: its first is of {first}")
        if found.value is None:
            raise NotInForce(f"{self.name} was repealed from {found.since} ({found.source})")
        return found


def number(text: object, unit: str) -> Fraction:
    """A number as written in a parameter file, in stored units; a float is refused."""
    if isinstance(text, bool | float):
        raise TypeError(f"write {text!r} as a whole number or as a share such as 5%")
    if isinstance(text, int):
        return Fraction(text * 100 if unit == "yuan" else text)
    written = str(text).strip()
    if written.endswith("%"):
        return Fraction(written[:-1].strip()) / 100
    return Fraction(written) * (100 if unit == "yuan" else 1)


def _band(value: object) -> tuple[Fraction, Fraction]:
    if isinstance(value, list):
        low, high = value
        return Fraction(low), Fraction(high)
    single = number(value, "")
    return single, single


def _value(shape: Shape, raw: object, unit: str) -> Value:
    if shape == "number":
        return number(raw, unit)
    if shape == "words":
        assert isinstance(raw, list)
        return tuple(str(word) for word in raw)
    assert isinstance(raw, dict)
    if shape == "points":
        return {str(name): (int(low), int(high)) for name, (low, high) in raw.items()}
    steps = []
    for entry in raw["steps"]:
        word = next(name for name in COMPARISONS if name in entry)
        low, high = _band(entry["gives"])
        steps.append(Step(COMPARISONS[word], number(entry[word], unit), low, high))
    low, high = _band(raw["else"])
    return StepTable(tuple(steps), low, high)


def _read(name: str, raw: dict[str, object]) -> Parameter:
    shape: Shape = raw.get("shape", "number")  # type: ignore[assignment]
    unit = str(raw["unit"])
    entries = raw["values"]
    assert isinstance(entries, dict)
    dated = [
        Dated(
            since,
            None if entry["value"] is None else _value(shape, entry["value"], unit),
            str(entry["source"]),
            str(entry.get("note", "")),
        )
        for since, entry in sorted(entries.items())
    ]
    return Parameter(name, str(raw["title"]), str(raw["english"]), unit, shape, tuple(dated))


@cache
def parameters() -> Mapping[str, Parameter]:
    """All figures of the law, by name."""
    found = {}
    for entry in sorted(resources.files(__name__).iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            raw = yaml.load(entry.read_text("utf-8"), yaml.CSafeLoader)
            name = entry.name.removesuffix(".yaml")
            found[name] = _read(name, raw)
    return found


@dataclass(frozen=True)
class Figures:
    """The figures of the law on one day, some perhaps replaced to ask what would be if."""

    on: date
    replaced: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name, text in self.replaced:
            parameter = parameters()[name]
            if parameter.shape != "number":
                raise TypeError(f"{name} is not a single number: {text!r} cannot stand for it")
            number(text, parameter.unit)

    def value(self, name: str) -> Value:
        """The figure in force on the day.

        Raises:
            NotInForce: the law gave no such figure on that day.
            KeyError: there is no such parameter.
        """
        for replaced, text in self.replaced:
            if replaced == name:
                return number(text, parameters()[name].unit)
        found = parameters()[name].dated(self.on).value
        assert found is not None
        return found

    def number(self, name: str) -> Fraction:
        """A single figure, in stored units."""
        found = self.value(name)
        assert isinstance(found, Fraction), f"{name} is not a single number"
        return found

    def steps(self, name: str) -> StepTable:
        """A table of steps."""
        found = self.value(name)
        assert isinstance(found, StepTable), f"{name} is not a table of steps"
        return found

    def points(self, name: str, key: str) -> tuple[int, int]:
        """A band of points."""
        found = self.value(name)
        assert isinstance(found, Mapping), f"{name} is not a table of points"
        return found[key]

    def words(self, name: str) -> tuple[str, ...]:
        """A list of codes."""
        found = self.value(name)
        assert isinstance(found, tuple), f"{name} is not a list of codes"
        return found
