"""The figures of an enterprise as tables: one year on all bases, or the years side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from peiyu.office.reports.models import FIGURES, Basis, Statement
from peiyu.office.reports.queries import YEARS_SHOWN, Cell, Compared, Grid
from peiyu.office.web.enterprises.years_forms import PEOPLE, grouped, is_money
from peiyu.office.web.templatetags.look import money, wan
from peiyu.words import Message, message


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell as drawn; `text` is empty for what is unknown, `href` leads to its history."""

    href: str
    text: str = ""
    title: Message | str = ""
    decides: bool = False
    elsewhere: bool = False
    """Its source is another than that of its column."""
    basis: str = ""
    """Named where the column does not say it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its cells."""

    label: str
    unit: str
    differs: bool
    cells: list[Figure]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines beneath a heading."""

    label: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading: a basis with its row, or a year."""

    label: str
    row: Statement | None = None


def of_year(grid: Grid, year: int, only: str) -> tuple[list[Column], list[Group]]:
    """One year, a column for each basis; `only`: all, differs or missing."""
    bases = grid.bases(year)
    columns = [Column(basis.label, grid.statements[year, basis]) for basis in bases]
    at = f"{reverse('enterprise_years', args=[grid.enterprise.pk])}{year}/"
    groups = []
    for label, names in grouped(FIGURES):
        rows = [row for row in grid.of_year(year, names) if _is_shown(row, only)]
        lines = [
            _line(
                row.fact.name,
                [
                    _figure(
                        f"{at}{basis}/{row.fact.name}/",
                        row.fact.name,
                        row.cells.get(basis),
                        decides=row.decides == basis,
                    )
                    for basis in bases
                ],
                differs=row.differs,
            )
            for row in rows
        ]
        if lines:
            groups.append(Group(label, lines))
    return columns, groups


def by_figure(grid: Grid) -> tuple[list[Column], list[Group]]:
    """The deciding figures of the last years, a column for each, the newest first."""
    years = grid.years[: -YEARS_SHOWN - 1 : -1]
    at = reverse("enterprise_years", args=[grid.enterprise.pk])
    groups = []
    for label, names in grouped(FIGURES):
        lines = []
        for name in names:
            cells = []
            for year in years:
                cell = grid.deciding(year, name)
                basis = Basis(cell.statement.basis) if cell else Basis.DECLARED
                href = f"{at}{year}/{basis}/{name}/" if cell else f"{at}?year={year}"
                cells.append(_figure(href, name, cell, basis=basis.label if cell else ""))
            lines.append(_line(name, cells))
        groups.append(Group(label, lines))
    return [Column(str(year)) for year in years], groups


def _is_shown(row: Compared, only: str) -> bool:
    return row.differs if only == "differs" else not row.cells if only == "missing" else True


def _line(name: str, cells: list[Figure], *, differs: bool = False) -> Line:
    return Line(FIGURES[name].chinese, "" if is_money(name) else PEOPLE, differs, cells)


def _figure(
    href: str, name: str, cell: Cell | None, *, decides: bool = False, basis: str = ""
) -> Figure:
    if cell is None or cell.value is None:
        return Figure(href)
    title = message("{amount}万元", amount=wan(cell.value)) if is_money(name) else ""
    elsewhere = not basis and cell.source != cell.statement.source_id
    return Figure(href, money(cell.value), title, decides, elsewhere, basis)
