"""The evidence of one enterprise, laid out so that its parts can be held against each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from peiyu.policy.case import Case, State
from peiyu.policy.evidence import Row, day_of, names_of, text_of, whole_of
from peiyu.policy.explain import Assessment, program
from peiyu.policy.patents import ends_by
from peiyu.policy.rulebook import Criterion, Rulebook
from peiyu.policy.rulebooks import hnte
from peiyu.policy.tree import Cell
from peiyu.words import Message, mark

Place = tuple[str, str]
"""Table and the number of a row in it."""
LAGS = (1, 2, 3)


class Severity(StrEnum):
    """What hangs on a flag: a hard condition, whether something counts, or its order."""

    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


class Verdict(StrEnum):
    """Of one thing that a check looked at: nothing odd, or not enough is known."""

    FINE = "fine"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at: never a finding of fault, it changes no outcome.

    `facts` are what it rests on: where these change, what was said of it no longer holds.
    """

    check: str
    places: tuple[Place, ...]
    said: Message
    facts: tuple[object, ...] = ()
    amount: int | None = None
    """What is at stake, in fen."""

    @property
    def key(self) -> str:
        """The check and the rows: the same as long as it is the same contradiction."""
        rows = ",".join(f"{table}/{no}" for table, no in self.places)
        return f"{self.check}:{rows}"

    @property
    def digest(self) -> str:
        """A hash of all it rests on."""
        said = json.dumps([self.check, self.places, self.facts], default=str, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


Seen = Finding | Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must agree: what it looks at, the article, how much hangs on it, what to do."""

    id: str
    title: str
    article: str
    severity: Severity
    remedy: str
    find: Callable[[Held], Iterator[Seen]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The office's own measures of what is late, much or odd; see its settings."""

    transfer_days: int = 365
    """A right obtained from another within so many days is told."""
    after_days: int = 0
    """A right may be applied for so many days after its R&D ended."""
    day_hours: int = 8
    """Hours of a working day."""
    both: bool = True
    """A cooperation needs payment and output to have weight; else one of them."""


ROWS_OF_RULES = ("ip", "rd", "conversions")
PARTED = (
    "rd_labour", "rd_direct_input", "rd_depreciation", "rd_amortisation", "rd_design",
    "rd_testing", "rd_other", "rd_entrusted_domestic", "rd_entrusted_foreign",
)  # fmt: skip
"""The categories of R&D expense (G3.6.2)."""


def _same(name: str, left: Any, right: Any) -> Criterion:
    return Criterion(name, name, "G3.6", left.equals(right), "hard")


RD_TOTALS = {lag: hnte.six(lag) + hnte.entrusted(lag) + hnte.other_allowed(lag) for lag in LAGS}
"""R&D of a year in the calibre of recognition, from the rows of the activities."""
BOOK = Rulebook(
    name="chain",
    title=mark("证据链核对"),
    governing=mark("核对之日"),
    criteria=(
        hnte.HNTE.criterion("main_products"),
        _same("ht_income", hnte.ht_stated, hnte.product_income),
        *(_same(f"rd_total.{lag}", hnte.stated("rd_total", lag), RD_TOTALS[lag]) for lag in LAGS),
    ),
    switches=hnte.SWITCHES,
    flags=(),
    since=hnte.HNTE.since,
    row_flags=(hnte.usable,),
)
"""The rules of recognition that the checks lean on: what is usable, what must add up."""
CLASSES = {"I": hnte.class_one, "II": hnte.class_two}
"""Whether a right is of class I or II (G3.2.3)."""


@dataclass(frozen=True, slots=True)
class Usable:
    """How many rights of a class could carry an application on a day."""

    number: int
    open: int = 0
    """Of so many more it is not known."""
    used_up: int = 0
    """So many others were used in an earlier recognition (G3.2.4)."""
    whole: bool = True
    """The rights listed are said to be all there are; else there may be more."""


@dataclass
class Held:
    """All that is held of one enterprise on a day.

    `key` is how uses of IP name it; `tables` the rows by table of `evidence`; `complete` the tables
    that are said to be all there is; `uses` the uses of its rights by anybody (table `uses` of the
    facts); `yearly` the deciding figures by fiscal year; `full_hours` the working hours of a month,
    None where no calendar says.
    """

    key: str
    on: date
    tables: Mapping[str, Sequence[Row]]
    complete: frozenset[str] = frozenset()
    uses: Sequence[Row] = ()
    yearly: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    full_hours: Callable[[int, int], int | None] = lambda year, month: None
    bounds: Bounds = field(default=Bounds())
    readings: Mapping[str, str] = field(default_factory=dict)
    established_on: date | None = None

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table, in the order of their numbers."""
        return self.tables.get(table, ())

    @cached_property
    def ip(self) -> dict[str, Row]:
        """Rights by number."""
        return {text_of(row, "no"): row for row in self.rows("ip")}

    @cached_property
    def projects(self) -> dict[str, Row]:
        """R&D activities by number."""
        return {text_of(row, "no"): row for row in self.rows("projects")}

    @cached_property
    def products(self) -> dict[str, Row]:
        """Products by number."""
        return {text_of(row, "no"): row for row in self.rows("products")}

    @cached_property
    def people(self) -> dict[str, Row]:
        """People of R&D by number."""
        return {text_of(row, "no"): row for row in self.rows("people")}

    @cached_property
    def income(self) -> dict[tuple[str, int], int]:
        """Income by product and fiscal year, in fen; what is not known is not there."""
        return {
            (text_of(row, "no"), year): amount
            for row in self.rows("incomes")
            if (year := whole_of(row, "year")) and (amount := whole_of(row, "income")) is not None
        }

    @cached_property
    def spent(self) -> dict[str, int]:
        """All that an R&D activity cost, as far as its rows say, in fen."""
        found: dict[str, int] = {}
        for row in self.rows("rd"):
            known = [amount for name in PARTED if (amount := whole_of(row, name)) is not None]
            if known:
                found[text_of(row, "no")] = found.get(text_of(row, "no"), 0) + sum(known)
        return found

    @cached_property
    def months(self) -> dict[str, dict[tuple[int, int], int]]:
        """Hours of each person by month, over all activities."""
        found: dict[str, dict[tuple[int, int], int]] = {}
        for row in self.rows("hours"):
            year, month = whole_of(row, "year"), whole_of(row, "month")
            if year and month and (hours := whole_of(row, "hours")):
                own = found.setdefault(text_of(row, "person"), {})
                own[year, month] = own.get((year, month), 0) + hours
        return found

    @property
    def last_year(self) -> int:
        """The fiscal year before the day."""
        return self.on.year - 1

    @cached_property
    def assessment(self) -> Assessment:
        """The rules that the checks lean on, for this enterprise and day."""
        return Assessment(program(BOOK, self.on, self.readings), self.case)

    @cached_property
    def case(self) -> Case:
        """The enterprise as those rules read it."""
        made = Case(self.key)
        if self.established_on is not None:
            made.facts["established_on"] = self.established_on
        for lag in LAGS:
            for name, amount in self.yearly.get(self.on.year - lag, {}).items():
                made.facts[f"{name}.{lag}"] = amount
        made.tables["ip"] = [self._with_end(row) for row in self.rows("ip")]
        made.tables["uses"] = list(self.uses)
        made.tables["rd"] = list(self.rows("rd"))
        made.tables["products"] = [
            {**row, "income": self.income.get((text_of(row, "no"), self.last_year))}
            for row in self.rows("products")
        ]
        for table in made.tables:
            if table != "uses" and made.tables[table]:
                made.states[table] = State.COMPLETE if table in self.complete else State.PARTIAL
        made.states["uses"] = State.COMPLETE
        named = {no for row in self.rows("products") for no in names_of(row, "ip_nos")}
        if made.tables["ip"] and named <= self.ip.keys():
            made.states["ip"] = State.COMPLETE  # there may be more, but none that a product names
        return made

    def _with_end(self, row: Row) -> Row:
        """A right with the day on which it ends: as stated, by its term, or where fees stopped."""
        applied, stated = day_of(row, "applied_on"), day_of(row, "ends_on")
        ends = ends_by(text_of(row, "kind"), applied, stated, day_of(row, "fees_paid_to"), self.on)
        return {**row, "ends_on": ends}

    def holds(self, no: str, rule: Cell) -> bool | None:
        """Does a rule about a right hold; None where that is not known, or there is no such right."""
        found = self._places.get(no)
        if found is None:
            return None
        row = self.case.tables["ip"][found]
        answer: bool | None = self.assessment.program.cell(rule)(row, found, self.assessment.run)
        return answer

    @cached_property
    def _places(self) -> dict[str, int]:
        return {text_of(row, "no"): at for at, row in enumerate(self.case.tables["ip"])}

    @cached_property
    def usable(self) -> dict[str, bool | None]:
        """Which rights could carry an application on the day."""
        return {no: self.holds(no, hnte.usable) for no in self.ip}

    def usable_of_class(self, ip_class: str) -> Usable | None:
        """How many rights of class I or II; None where nobody has listed any, nor said there are none."""
        whole = "ip" in self.complete
        if not self.ip and not whole:
            return None
        nos = [no for no in self.ip if self.holds(no, CLASSES[ip_class]) is not False]
        used_up = [no for no in nos if self.holds(no, hnte.NOT_USED_UP) is False]
        kept = [no for no in nos if self.usable[no] is not False]
        sure = [no for no in kept if self.usable[no] and self.holds(no, CLASSES[ip_class])]
        return Usable(len(sure), len(kept) - len(sure), len(used_up), whole)

    def carried_by(self, no: str) -> list[str]:
        """The products that a right supports."""
        return self._carried.get(no, [])

    @cached_property
    def _carried(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for ps, row in self.products.items():
            for no in dict.fromkeys(names_of(row, "ip_nos")):
                found.setdefault(no, []).append(ps)
        return found
