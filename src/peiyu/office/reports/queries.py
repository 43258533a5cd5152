"""What pages ask about figures; reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Difference
from peiyu.office.reports.models import (
    DECIDING,
    FIGURES,
    Basis,
    FactRequest,
    Statement,
    YearReport,
    stored,
)
from peiyu.office.reports.permissions import bases_open_to, may_read_figures
from peiyu.office.reports.reading import typed
from peiyu.policy.facts import Fact

YEARS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a year on one basis."""

    value: Decimal | None
    statement: Statement
    source: int
    """Key of the figure's own source, which may be another than the row's."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of a year on every basis that states it; `differs`: two bases disagree."""

    fact: Fact
    cells: dict[Basis, Cell]
    differs: bool
    decides: Basis | None


@dataclass(frozen=True)
class Grid:
    """The figures of an enterprise, as known on a day: years, bases, and a line for each figure."""

    enterprise: Enterprise
    known_on: date
    years: tuple[int, ...]
    statements: dict[tuple[int, Basis], Statement]
    closed: tuple[Basis, ...]
    """Bases that the reader may not see."""

    def bases(self, year: int) -> tuple[Basis, ...]:
        """Bases on which something is stated of a year, in their order."""
        return tuple(basis for basis in Basis if (year, basis) in self.statements)

    def of_year(self, year: int, names: Iterable[str] = FIGURES) -> list[Compared]:
        """All figures of a year side by side."""
        return [self.compared(year, name) for name in names]

    def compared(self, year: int, name: str) -> Compared:
        """One figure of a year on every basis."""
        cells = {}
        for basis in self.bases(year):
            row = self.statements[year, basis]
            value = row.figure(name)
            if value is not None:
                cells[basis] = Cell(value, row, row.exceptions.get(name, row.source_id))
        decides = next((basis for basis in DECIDING if basis in cells), None)
        differs = len({cell.value for cell in cells.values()}) > 1
        return Compared(FIGURES[name], cells, differs, decides)

    def deciding(self, year: int, name: str) -> Cell | None:
        """The figure that decides: verified, else audited, else of the tax return, else declared."""
        for basis in DECIDING:
            row = self.statements.get((year, basis))
            if row is not None and (value := row.figure(name)) is not None:
                return Cell(value, row, row.exceptions.get(name, row.source_id))
        return None


def grid_of(enterprise: Enterprise, person: User, known_on: date) -> Grid | None:
    """The figures of an enterprise as known on a day, if the person may read them; four queries."""
    if not may_read_figures(person, enterprise):
        return None
    opened = bases_open_to(person, enterprise)
    found: dict[tuple[int, Basis], Statement] = {}
    rows = (
        Statement.objects.filter(enterprise=enterprise, basis__in=opened, recorded_on__lte=known_on)
        .select_related("source", "recorded_by")
        .order_by("version")
    )
    for row in rows:
        found[row.year, Basis(row.basis)] = row
    found = {place: row for place, row in found.items() if not row.withdrawn}
    years = tuple(sorted({year for year, _ in found}))
    closed = tuple(basis for basis in Basis if basis not in opened)
    return Grid(enterprise, known_on, years, found, closed)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a cell: the figure as it then stood."""

    statement: Statement
    value: Decimal | None
    changed: bool
    """The figure is another than in the version before; unknown after known too."""


def history_of(
    enterprise: Enterprise, person: User, *, year: int, basis: Basis, name: str
) -> list[Version]:
    """All versions of a cell, the newest first."""
    if not may_read_figures(person, enterprise) or basis not in bases_open_to(person, enterprise):
        return []
    rows = Statement.objects.filter(enterprise=enterprise, year=year, basis=basis)
    found: list[Version] = []
    before: Decimal | None = None
    for row in rows.select_related("source", "recorded_by").order_by("version"):
        value = None if row.withdrawn else row.figure(name)
        found.append(Version(row, value, value != before))
        before = value
    return found[::-1]


def deciding_figures(
    enterprises: Collection[int], years: Collection[int], known: date | None = None
) -> dict[tuple[int, int], dict[str, int]]:
    """What decides of each enterprise and year, by figure, in whole fen and hundredths; one query.

    For rules and checks, which read it for no person: what of it may be shown, the page asks.
    """
    rows = Statement.objects.filter(
        enterprise__in=enterprises, year__in=years, basis__in=DECIDING
    ).order_by("version")
    if known is not None:
        rows = rows.filter(recorded_on__lte=known)
    newest: dict[tuple[int, int, str], Statement] = {}
    for row in rows.iterator(1000):
        newest[row.enterprise_id, row.year, row.basis] = row
    found: dict[tuple[int, int], dict[str, int]] = {}
    for basis in reversed(DECIDING):  # what decides overwrites what does not
        for (key, year, own), row in newest.items():
            if own == basis and not row.withdrawn:
                known_ones = ((name, stored(value)) for name, value in row.stated().items())
                found.setdefault((key, year), {}).update(
                    (name, whole) for name, whole in known_ones if whole is not None
                )
    return found


def still_asked(request: FactRequest, statements: Sequence[Statement]) -> tuple[str, ...]:
    """The figures that were asked for and are not stated yet, on a basis open to who asked."""
    stated = {
        name
        for row in statements
        if row.year == request.year and not row.withdrawn and row.basis not in request.closed
        for name in row.stated()
    }
    return tuple(name for name in request.figures if name not in stated)


def open_requests(requests: Iterable[FactRequest], on: date) -> list[FactRequest]:
    """Requests that are neither withdrawn nor answered by what is known on a day; two queries."""
    return [one for one, _ in open_figures(requests, on)]


def open_figures(
    requests: Iterable[FactRequest], on: date
) -> list[tuple[FactRequest, tuple[str, ...]]]:
    """The same, each with those of its figures that are still lacking."""
    rows = [one for one in requests if one.withdrawn_on is None]
    if not rows:
        return []
    held: dict[int, list[Statement]] = {}
    newest: dict[tuple[int, int, str], Statement] = {}
    for row in Statement.objects.filter(
        enterprise__in={one.enterprise_id for one in rows},
        year__in={one.year for one in rows},
        recorded_on__lte=on,
    ).order_by("version"):
        newest[row.enterprise_id, row.year, row.basis] = row
    for row in newest.values():
        held.setdefault(row.enterprise_id, []).append(row)
    left = [(one, still_asked(one, held.get(one.enterprise_id, []))) for one in rows]
    return [(one, names) for one, names in left if names]


def handed_in(places: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Of these enterprises and years those whose figures the enterprise itself handed in; one query."""
    wanted = set(places)
    rows = YearReport.objects.filter(
        enterprise__in={key for key, _ in wanted},
        year__in={year for _, year in wanted},
        submitted_on__isnull=False,
    )
    return frozenset(wanted & set(rows.values_list("enterprise", "year")))


def contested(report: YearReport) -> tuple[Difference, ...]:
    """What somebody declared since the draft was begun, otherwise than it was then and than is typed.

    Two queries at most; none of it where nothing was declared since.
    """
    rows = Statement.objects.filter(
        enterprise=report.enterprise_id, year=report.year, basis=Basis.DECLARED
    )
    newest = rows.select_related("recorded_by").order_by("-version").first()
    if newest is None or newest.version <= report.begun_from or not report.draft:
        return ()
    held = {row.version: row for row in rows}
    found = []
    for name, mine in typed(report.draft).figures.items():
        stands = None if newest.withdrawn else newest.figure(name)
        seen = held.get(max([report.begun_from, *report.marks.get(name, ())[2:]]))
        was = None if seen is None or seen.withdrawn else seen.figure(name)
        if stands not in (was, mine):
            found.append(Difference(name, mine, stands))
    return tuple(found)


def report_on(enterprise: Enterprise, year: int) -> YearReport | None:
    """The report of a year, if one was begun."""
    rows = YearReport.objects.select_related("enterprise", "saved_by", "submitted_by", "statement")
    return rows.filter(enterprise=enterprise, year=year).first()
