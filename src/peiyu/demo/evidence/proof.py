"""The evidence of one enterprise while it is being drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from peiyu.demo.city import Firm
from peiyu.demo.draft import Draft, Row


@dataclass
class Proof:
    """Rows by table of the dictionary of evidence, uses of its rights, which tables are full.

    `draft` holds what the workbook says; `spoilt` names the checks that something was seeded for.
    """

    firm: Firm
    on: date
    draft: Draft
    tables: dict[str, list[Row]] = field(default_factory=dict)
    uses: list[Row] = field(default_factory=list)
    full: set[str] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)

    @property
    def random(self) -> Random:
        """Its own stream."""
        return self.draft.random

    @property
    def last_year(self) -> int:
        """The fiscal year before the day."""
        return self.on.year - 1

    def fact(self, name: str) -> int | None:
        """A number that it states; None where it states none."""
        found = self.firm.facts.get(name)
        return found if isinstance(found, int) else None

    def rows(self, table: str) -> list[Row]:
        """The rows of a table."""
        return self.tables.get(table, [])

    def row(self, table: str, no: object) -> Row:
        """The row of that number."""
        return next(row for row in self.rows(table) if row["no"] == no)


def day(row: Row, name: str) -> date | None:
    """A day of a row."""
    found = row.get(name)
    return found if isinstance(found, date) else None


def names(row: Row, name: str) -> list[str]:
    """The numbers that a row names."""
    found = row.get(name)
    return [str(one) for one in found] if isinstance(found, list) else []


def within(first: date, last: date, random: Random) -> date:
    """Some day of a span."""
    return first + timedelta(days=random.randrange(max(1, (last - first).days + 1)))
