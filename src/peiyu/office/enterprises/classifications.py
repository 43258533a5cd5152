"""Industries (GB/T 4754-2017) and technical fields (国家重点支持的高新技术领域, 2016), by code."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
FIELDS = "fields.csv"
INDUSTRIES = "industries.csv"


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a classification: `parent` is the code above it, empty at the top."""

    code: str
    name: str
    level: int
    parent: str


@cache
def industries() -> dict[str, Entry]:
    """Section, division, group and class; the code of a class has four digits."""
    found = {}
    for row in _rows(INDUSTRIES):
        code = row["class"] or row["group"] or row["division"] or row["section"]
        parent = {1: "", 2: row["section"], 3: row["division"], 4: row["group"]}[int(row["level"])]
        found[code] = Entry(code, row["name"], int(row["level"]), parent)
    return found


@cache
def fields() -> dict[str, Entry]:
    """Technical fields to the third level."""
    return {
        row["code"]: Entry(row["code"], row["name"], int(row["level"]), row["parent_code"])
        for row in _rows(FIELDS)
    }


def field_code(text: str) -> str:
    """A technical field as the classification writes it: 8.4.1 is 80401; what is none stays as it is."""
    given = text.strip()
    if given in fields():
        return given
    parts = given.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        return given
    found = f"{parts[0]}0{''.join(parts[1:2])}{''.join(part.zfill(2) for part in parts[2:3])}"
    return found if found in fields() and len(parts) <= 3 else given


def path_of(code: str, entries: dict[str, Entry]) -> tuple[Entry, ...]:
    """The entry of a code with those above it, the highest first; empty if the code is unknown."""
    path: list[Entry] = []
    while code in entries:
        path.append(entries[code])
        code = entries[code].parent
    return tuple(reversed(path))


def industry_name(code: str) -> str:
    """The name of an industry; the code itself where it is unknown."""
    found = industries().get(code)
    return found.name if found else code


def field_name(code: str) -> str:
    """The names of a field from the first level down: 先进制造与自动化 › … ."""
    return " › ".join(entry.name for entry in path_of(code, fields())) or code


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
