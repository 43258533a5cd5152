"""What the office holds of some enterprises for the rules, read at once: a fixed number of queries.

Nothing is judged here and nothing guessed: null is unknown, and how far each table goes is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import compress
from typing import Any

from django.db.models import Q

from peiyu.office.assessments.models import StatedFact
from peiyu.office.assessments.stored import Columns, columns
from peiyu.office.enterprises.models import Enterprise, LegalForm
from peiyu.office.portfolio.models import OF_TABLE, Fullness, IpUse
from peiyu.office.qualifications.known import certificates_known
from peiyu.office.qualifications.models import CertificateVersion, TechSmeNumber, Title, TitleKind
from peiyu.office.reports.models import COUNTED, DECIDING, FIGURES, StaffMonth, Statement
from peiyu.policy import evidence, facts, tech_sme_number
from peiyu.policy.case import State
from peiyu.policy.facts import Unit
from peiyu.policy.patents import bare, ends_by
from peiyu.policy.rulebook import Rulebook

LAGS = (1, 2, 3)
FROM = ("ip", "rd", "products", "conversions", "standards", "incidents", "institutions", "awards")
"""Tables of the rules that are kept as evidence under the same name."""
MOST_NUMBERS = 500
"""So many numbers of rights stand in a query; for more all uses are read."""
LEGAL_PERSONS = (LegalForm.LIMITED, LegalForm.STOCK)
"""Registered in the city with legal personality: resident enterprises (EIT law 2)."""
NO_LEGAL_PERSONS = (LegalForm.SOLE, LegalForm.PARTNERSHIP, LegalForm.BRANCH)
"""Without it, whatever else they are."""
TITLES = {
    "title_little_giant": (TitleKind.LITTLE_GIANT, TitleKind.LITTLE_GIANT_CULTIVATED),
}  # fmt: skip
Key = int
"""Of an enterprise."""
Place = tuple[str, int, int, int | None, date | None]
"""What stands behind a fact or a row: label, key, version, source, day on which it was recorded."""
OWN = frozenset({"code", "name", "territory", "established_on", "tech_field"})
"""Facts that the registry itself keeps."""
STATABLE = {fact.name: fact for fact in facts.ENTERPRISE if fact.name not in OWN}
"""Facts of an enterprise that are stated of it, by name."""


@dataclass(frozen=True, slots=True)
class Stated:
    """The newest version of a year on a basis that was known: its figures, and what it rests on."""

    figures: tuple[int | None, ...]
    key: int
    version: int
    source: int
    recorded_on: date
    exceptions: Mapping[str, int]


@dataclass
class Sheet:
    """A table of several enterprises: column by column; `of` says whose each row is."""

    of: list[Key] = field(default_factory=list)
    columns: Columns = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    states: dict[Key, State] = field(default_factory=dict)

    def only(self, keys: Collection[Key]) -> Sheet:
        """The rows of some of them."""
        held = [of in keys for of in self.of]
        return Sheet(
            list(compress(self.of, held)),
            {name: list(compress(column, held)) for name, column in self.columns.items()},
            list(compress(self.places, held)),
            {key: state for key, state in self.states.items() if key in keys},
        )


@dataclass
class Gathered:
    """Everything that was read of these enterprises, seen from `on`, as known by `known`."""

    on: date
    known: date
    standing: dict[Key, dict[str, Any]]
    yearly: dict[tuple[Key, int, str], Stated]
    """By enterprise, year and basis."""
    sheets: dict[str, Sheet]
    stated: dict[tuple[Key, str], Place] = field(default_factory=dict)
    """What stands behind the facts of an enterprise that somebody stated, by their names."""

    def only(self, keys: Collection[Key]) -> Gathered:
        """What was read of some of them, of the same day."""
        return replace(
            self,
            standing={key: row for key, row in self.standing.items() if key in keys},
            sheets={name: sheet.only(keys) for name, sheet in self.sheets.items()},
        )

    def stated_on(self, bases: Collection[str]) -> set[Key]:
        """Of whom a figure of the years read stands on one of these bases."""
        return {
            key
            for (key, _, basis), said in self.yearly.items()
            if basis in bases and any(value is not None for value in said.figures)
        }


def tables_read(rulebooks: Iterable[Rulebook]) -> frozenset[str]:
    """The tables that some rulebooks read."""
    return frozenset(name.partition(".")[0] for book in rulebooks for name in book.facts())


class Uses:
    """The register of uses of rights, as known on a day: of some numbers, or read as a whole once."""

    def __init__(self, known: date) -> None:
        self.rows = IpUse.objects.known_on(known).order_by("id")
        self.all: dict[str, list[IpUse]] | None = None

    def read_all(self) -> Uses:
        """Read the register once, for many enterprises."""
        self.all = self._by_number(self.rows)
        return self

    def of(self, numbers: Collection[str]) -> dict[str, list[IpUse]]:
        """The uses of rights with these numbers; one query at most."""
        if not numbers:
            return {}
        if self.all is None and len(numbers) <= MOST_NUMBERS:
            return self._by_number(self.rows.filter(number__in=list(numbers)))
        held = self.all if self.all is not None else self.read_all().all
        assert held is not None
        return {number: held[number] for number in numbers if number in held}

    @staticmethod
    def _by_number(rows: Iterable[IpUse]) -> dict[str, list[IpUse]]:
        found: dict[str, list[IpUse]] = defaultdict(list)
        for use in rows:
            found[use.number].append(use)
        return found


def gather(
    keys: Sequence[Key],
    rulebooks: Iterable[Rulebook],
    *,
    on: date,
    known: date,
    uses: Uses | None = None,
) -> Gathered:
    """Read what these rulebooks ask of these enterprises; as many queries for many as for one."""
    books = tuple(rulebooks)
    wanted = tables_read(books)
    names = {name for book in books for name in book.facts()}
    found = Gathered(on, known, _standing(keys), {}, {})
    if "years" in wanted:
        found.yearly = _yearly(keys, on, known)
    full = _full(keys, known) if wanted & {*FROM} else {}
    for table in FROM:
        if table in wanted:
            found.sheets[table] = _evidence(table, keys, full, known)
    if "ip" in found.sheets:
        _end_rights(found.sheets["ip"], on)
    if "products" in found.sheets:
        _bring_income(found.sheets["products"], keys, full, on, known)
    if "uses" in wanted and "ip" in found.sheets:
        found.sheets["uses"] = _uses(found, uses or Uses(known))
    if "months" in wanted:
        found.sheets["months"] = _months(keys, found, on, known)
    if "certificates" in wanted:
        found.sheets["certificates"] = _certificates(keys, known)
    if names & {"enterprise.title_tech_sme", *(f"enterprise.{name}" for name in TITLES)}:
        _titles(found, keys)
    if asked := [name.partition(".")[2] for name in names if name.startswith("enterprise.")]:
        _stated(found, keys, [name for name in asked if name in STATABLE])
    return found


# -- the enterprise itself


def _standing(keys: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    """What its own row says: who it is today; its past names stand in its histories."""
    names = ("pk", "code", "name", "established_on", "legal_form", "field")
    held = columns(Enterprise.objects.filter(pk__in=keys), names)
    found = {}
    for key, code, name, since, form, field_code in zip(*held.values(), strict=True):
        found[key] = {
            "code": code, "name": name, "established_on": since, "tech_field": field_code,
            "resident": True if form in LEGAL_PERSONS else None,
            "legal_person": True if form in LEGAL_PERSONS else False if form in NO_LEGAL_PERSONS else None,
        }  # fmt: skip
    return {key: found[key] for key in keys if key in found}


def _titles(found: Gathered, keys: Sequence[Key]) -> None:
    """A number or title in force says yes; that none is kept here does not say no.

    A number whose announcement nobody dated was announced when it was entered, at the latest.
    """
    numbers = TechSmeNumber.objects.known_on(found.known).filter(
        Q(revoked_on=None) | Q(revoked_on__gt=found.on),
        enterprise__in=keys, year__in=(found.on.year - 1, found.on.year),
    )  # fmt: skip
    for key, number, announced_on, recorded_on in numbers.values_list(
        "enterprise", "number", "issued_on", "recorded_on"
    ):
        if tech_sme_number.is_valid(
            tech_sme_number.parse(number), announced_on or recorded_on, found.on
        ):
            found.standing[key]["title_tech_sme"] = True
    rows = Title.objects.known_on(found.known).filter(
        Q(ends_on=None) | Q(ends_on__gte=found.on),
        Q(revoked_on=None) | Q(revoked_on__gt=found.on),
        enterprise__in=keys, awarded_on__lte=found.on,
    )  # fmt: skip
    for key, kind in rows.values_list("enterprise", "kind"):
        for name, kinds in TITLES.items():
            if kind in kinds:
                found.standing[key][name] = True


def _stated(found: Gathered, keys: Sequence[Key], names: Sequence[str]) -> None:
    """What was stated of it, for the year of the day or for all; it goes before what is derived."""
    rows = StatedFact.objects.known_on(found.known).filter(
        Q(year=None) | Q(year=found.on.year), enterprise__in=keys, name__in=names
    )
    newest = {(row.enterprise_id, row.name, row.year): row for row in rows.order_by("version")}
    label = StatedFact._meta.label_lower
    for (key, name, year), row in newest.items():
        if row.value is None or (year is None and (key, name) in found.stated):
            continue
        found.standing[key][name] = stated_value(name, row.value)
        found.stated[key, name] = (label, row.pk, row.version, row.source_id, row.recorded_on)


def stated_value(name: str, value: Any) -> Any:
    """A stated value as the rules read it: days are kept as text."""
    return date.fromisoformat(value) if STATABLE[name].unit is Unit.DAY else value


# -- figures


def _yearly(keys: Sequence[Key], on: date, known: date) -> dict[tuple[Key, int, str], Stated]:
    names = ("enterprise", "year", "basis", "withdrawn", "pk", "version", "source", "recorded_on",
             "exceptions")  # fmt: skip
    rows = Statement.objects.filter(
        enterprise__in=keys,
        year__in=[on.year - lag for lag in LAGS],
        basis__in=DECIDING,
        recorded_on__lte=known,
    ).order_by("version")
    held = columns(rows, (*names, *FIGURES))
    figures = zip(*(held.pop(name) for name in FIGURES), strict=True)
    newest: dict[tuple[Key, int, str], Stated | None] = {}
    for (key, year, basis, withdrawn, *rest), said in zip(
        zip(*held.values(), strict=True), figures, strict=True
    ):
        newest[key, year, basis] = None if withdrawn else Stated(said, *rest)
    return {place: row for place, row in newest.items() if row is not None}


# -- evidence


def _full(keys: Sequence[Key], known: date) -> dict[str, set[Key]]:
    rows = Fullness.objects.filter(
        Q(until_on=None) | Q(until_on__gt=known), enterprise__in=keys, since__lte=known
    )
    found: dict[str, set[Key]] = defaultdict(set)
    for key, table in rows.values_list("enterprise", "table"):
        found[table].add(key)
    return found


def _rows(table: str, keys: Sequence[Key], known: date, names: Iterable[str]) -> Sheet:
    """The rows of a table that stood at the end of a day, in the order of their keys."""
    rows: Any = OF_TABLE[table].objects.known_on(known)
    held = columns(
        rows.filter(enterprise__in=keys).order_by("enterprise", "key"),
        ("enterprise", "pk", "version", "source", "recorded_on", *names),
    )
    of, pk, version, source, day = (
        held.pop(name) for name in ("enterprise", "pk", "version", "source", "recorded_on")
    )
    label = OF_TABLE[table]._meta.label_lower
    places = [(label, *rest) for rest in zip(pk, version, source, day, strict=True)]
    return Sheet(of, held, places)


def _evidence(table: str, keys: Sequence[Key], full: Mapping[str, set[Key]], known: date) -> Sheet:
    kept = evidence.BY_NAME[table].names
    names = [fact.name for fact in facts.BY_NAME[table] if fact.name in kept]
    beside = ["applied_on", "fees_paid_to"] if table == "ip" else []
    found = _rows(table, keys, known, [*names, *beside])
    found.states = _states(found.of, full.get(table, ()), keys)
    return found


def _states(of: Iterable[Key], full: Collection[Key], keys: Iterable[Key]) -> dict[Key, State]:
    """Said to be all there is; else what is there stands, and there may be more."""
    some = set(of)
    return {
        key: State.COMPLETE if key in full else State.PARTIAL if key in some else State.ABSENT
        for key in keys
    }


_ends_by = lru_cache(maxsize=100_000)(ends_by)
_bare = lru_cache(maxsize=100_000)(bare)


def _end_rights(sheet: Sheet, on: date) -> None:
    """The day on which each right ends as one sees it, and its number as numbers are compared."""
    held = sheet.columns
    days = (held.pop("applied_on"), held["ends_on"], held.pop("fees_paid_to"))
    asked = zip(held["kind"], *days, strict=True)
    held["ends_on"] = [_ends_by(kind or "", *own, on) for kind, *own in asked]
    held["grant_number"] = [
        None if number is None else _bare(number) for number in held["grant_number"]
    ]


def _bring_income(
    sheet: Sheet, keys: Sequence[Key], full: Mapping[str, set[Key]], on: date, known: date
) -> None:
    """What each product brought in the last fiscal year; nothing, where the table says it is all."""
    incomes = _rows("incomes", keys, known, ("no", "year", "income"))
    told: dict[tuple[Key, str], int | None] = {}
    for key, no, year, income in zip(incomes.of, *incomes.columns.values(), strict=True):
        if year == on.year - 1:
            told[key, no] = income
    all_told = full.get("incomes", set())
    sheet.columns["income"] = [
        told.get((key, no), 0 if key in all_told else None)
        for key, no in zip(sheet.of, sheet.columns["no"], strict=True)
    ]


def _uses(found: Gathered, uses: Uses) -> Sheet:
    """Uses of the rights of these enterprises by anybody; once for each enterprise that has the right."""
    ip = found.sheets["ip"]
    held: dict[Key, dict[str, None]] = defaultdict(dict)
    for key, number in zip(ip.of, ip.columns["grant_number"], strict=True):
        if number is not None:
            held[key].setdefault(number)
    known = uses.of({number for own in held.values() for number in own})
    codes = {row["code"]: str(key) for key, row in found.standing.items() if row["code"]}
    names = ("grant_number", "used_by", "used_on", "successful", "valid_to")
    sheet = Sheet(columns={name: [] for name in names})
    label = IpUse._meta.label_lower
    for key, numbers in held.items():
        for number in numbers:
            for use in known.get(number, ()):
                who = str(use.enterprise_id) if use.enterprise_id else codes.get(use.used_by, use.used_by)  # fmt: skip
                row = (number, who, use.used_on, use.successful, use.valid_to)
                sheet.of.append(key)
                for column, value in zip(sheet.columns.values(), row, strict=True):
                    column.append(value)
                sheet.places.append((label, use.pk, 1, use.source_id, use.recorded_on))
    some = set(sheet.of)  # of whom it has one number, the register has them all (decision 10)
    sheet.states = {key: State.COMPLETE if key in some else State.ABSENT for key in found.standing}
    return sheet


# -- people


def _months(keys: Sequence[Key], found: Gathered, on: date, known: date) -> Sheet:
    """The months of the last fiscal year where all of them are stated; else the stated average counts."""
    names = ("enterprise", "year", "month", "withdrawn", "pk", "version", "source", "recorded_on")
    rows = StaffMonth.objects.filter(
        enterprise__in=keys, year=on.year - 1, recorded_on__lte=known
    ).order_by("version")
    held = columns(rows, (*names, *COUNTED))
    newest: dict[tuple[Key, int], tuple[Any, ...]] = {}
    for row in zip(*held.values(), strict=True):
        newest[row[0], row[2]] = row
    stated: dict[Key, list[tuple[Any, ...]]] = defaultdict(list)
    for (key, _), row in sorted(newest.items()):
        if not row[3]:
            stated[key].append(row)
    sheet = Sheet(columns={name: [] for name in ("year", "month", *COUNTED)})
    label = StaffMonth._meta.label_lower
    for key, months in stated.items():
        if len(months) < _months_of(found.standing.get(key, {}).get("established_on"), on.year - 1):
            continue
        sheet.states[key] = State.COMPLETE
        for _, year, month, _, pk, version, source, day, *counted in months:
            sheet.of.append(key)
            for column, value in zip(sheet.columns.values(), (year, month, *counted), strict=True):
                column.append(value)
            sheet.places.append((label, pk, version, source, day))
    sheet.states = {key: sheet.states.get(key, State.ABSENT) for key in keys}
    return sheet


def _months_of(since: date | None, year: int) -> int:
    return 13 - since.month if since is not None and since.year == year else 12


# -- certificates


def _certificates(keys: Sequence[Key], known: date) -> Sheet:
    """The register of certificates, which the office keeps for all: what is not in it is not."""
    names = ("number", "issued_on", "valid_to", "revoked", "revoked_on", "in_city")
    sheet = Sheet(columns={name: [] for name in names})
    label = CertificateVersion._meta.label_lower
    held = certificates_known(known, frozenset(keys))
    for one in sorted(held, key=lambda one: (one.enterprise, one.paper.issued_on, one.paper.pk)):
        paper, gone = one.paper, one.revoked_from
        row = (
            paper.number,
            paper.issued_on,
            one.last_on,
            gone is not None,
            gone,
            paper.issued_here,
        )
        sheet.of.append(one.enterprise)
        for column, value in zip(sheet.columns.values(), row, strict=True):
            column.append(value)
        sheet.places.append((label, paper.pk, paper.version, paper.source_id, paper.recorded_on))
    sheet.states = dict.fromkeys(keys, State.COMPLETE)
    return sheet
