"""One enterprise as the rules read it: facts by name and year, rows by table, and how full each table is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

Scalar = int | str | date | bool | tuple[str, ...] | None
Row = Mapping[str, Scalar]


class State(IntEnum):
    """How far a table of an enterprise speaks."""

    ABSENT = 0  # not given: a declared figure counts, else nothing is known
    PARTIAL = 1  # some rows: what is there stands, there may be more
    COMPLETE = 2  # all rows: what is not there is not


@dataclass(slots=True)
class Case:
    """What is known of one enterprise, seen from one governing day.

    `facts` has standing facts by name and yearly ones as `name.lag`, lag 1 being the fiscal year
    before the governing day's; money is whole fen, average staff hundredths of a person.
    """

    key: str
    name: str = ""
    facts: dict[str, Scalar] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def state(self, table: str) -> State:
        """How far the table speaks; rows without a word about it are taken as all there are."""
        found = self.states.get(table)
        if found is None:
            return State.COMPLETE if self.tables.get(table) else State.ABSENT
        return found
