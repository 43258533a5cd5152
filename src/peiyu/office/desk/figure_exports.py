"""Taking yearly figures away: the filtered list as a table that can be edited and brought back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from django.db.models import QuerySet

from peiyu.office.accounts.models import Role, User
from peiyu.office.desk import exports
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.reports.imports.statements import layout
from peiyu.office.reports.models import (
    DECIDING,
    FIRST_YEAR,
    LAST_YEAR,
    Basis,
    Statement,
    stored,
)
from peiyu.office.reports.permissions import (
    CITY,
    OF_TAX_OFFICE,
    bases_open_somewhere,
    figures_open_to,
)
from peiyu.tables.workbooks import Book
from peiyu.tables.writing import ChoiceLists, Row, write_table
from peiyu.words import Message, message

MOST_YEARS = 7
MOST_ROWS = 7000
"""Rows of a file; so many take some ten seconds to write."""
NOTE_AFTER = 2
"""How many rows below the last one the note stands: the heading is one."""
YEARS_ASKED, BASIS_ASKED = "years", "basis"
DECIDES = "deciding"
"""In place of a basis: of each figure what decides."""
WORKERS = (*CITY, Role.OWNER, Role.ACCOUNTANT, Role.AGENCY, Role.COACH)
BETWEEN = re.compile(r"[\s,，、;；]+")
YEARS = re.compile(r"([0-9]{4})(?:[-–—~至]([0-9]{4}))?年?")
Place = tuple[int, int]
"""Enterprise and year."""


def may_export_figures(person: User, thing: object = None) -> bool:
    """Takes figures away: whose role opens figures at all; which, each row asks."""
    return person.access.has(*WORKERS) or bool(person.access.places)


def bases_to_export(person: User) -> tuple[str, ...]:
    """What a person may choose: what decides, and the bases open to them."""
    opened = bases_open_somewhere(person)
    return (DECIDES, *(basis for basis in Basis if basis in opened))


def basis_said(basis: str) -> Message:
    """A basis in words, or what decides."""
    return message("采用数") if basis == DECIDES else message(Basis(basis).label)


def called(years: Sequence[int], basis: str) -> Message:
    """What a file with these figures is called: its years and the basis stand in its name."""
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return message("年度数据{years}（{basis}）", years=span, basis=basis_said(basis))


def holds_tax(basis: str, person: User) -> bool:
    """Are there figures of tax returns in what this person takes away."""
    if basis == DECIDES:
        return Basis.TAX_RETURN in bases_open_somewhere(person)
    return basis in OF_TAX_OFFICE


def years_of(text: str) -> tuple[int, ...]:
    """The years of a text such as “2016、2018” or “2012-2018”, in their order.

    Raises:
        Refused: it names no year, one out of bounds, or too many.
    """
    found: set[int] = set()
    for part in BETWEEN.split(text.strip()):
        read = YEARS.fullmatch(part)
        if read is None:
            raise _no_years(message("“{part}”不是年度", part=part[:20]))
        first = int(read[1])
        last = int(read[2] or first)
        if last < first:
            raise _no_years(message("“{part}”前后颠倒了", part=part[:20]))
        if not FIRST_YEAR <= first <= last <= LAST_YEAR:
            raise _no_years(
                message("年度“{part}”不在{first}–{last}之间", part=part[:20], first=FIRST_YEAR,
                        last=LAST_YEAR)
            )  # fmt: skip
        found.update(range(first, last + 1))
    if len(found) > MOST_YEARS:
        raise _no_years(
            message("选了{number}个年度，最多{most}个", number=len(found), most=MOST_YEARS)
        )
    return tuple(sorted(found))


def enterprises_asked(query: str, person: User) -> QuerySet[Enterprise]:
    """Those of the filtered list whose figures the person may read."""
    return exports.found_by(query, person).filter(pk__in=figures_open_to(person).values("pk"))


def joined_with(query: str, years: Sequence[int], basis: str) -> str:
    """The filters of a list with the years and the basis, as a request for an export keeps them."""
    own = [(YEARS_ASKED, ",".join(map(str, years))), (BASIS_ASKED, basis)]
    return urlencode([*parse_qsl(query), *own])


def parted(query: str) -> tuple[str, tuple[int, ...], str]:
    """Filters, years and basis of a query that `joined_with` made."""
    *filters, (_, years), (_, basis) = parse_qsl(query)
    return urlencode(filters), years_of(years), basis


def asked_with(query: str, person: User) -> QuerySet[Enterprise]:
    """The enterprises of a query that `joined_with` made."""
    return enterprises_asked(parted(query)[0], person)


def number_to_export(query: str, years: Sequence[int], person: User, on: date) -> int:
    """How many enterprises would leave.

    Raises:
        Refused: none, or more rows than are written while one waits.
    """
    number = enterprises_asked(query, person).count()
    if not number:
        raise Refused(message("这些企业的年度数据您都看不到，没有可导出的；请回列表改条件"))
    rows = number * len(years)
    most = exports.MOST_ROWS if exports.needs_approval(number, on) else MOST_ROWS
    if rows > most:
        text = (
            "{number}家的这些年度共{rows}行，一个文件最多{most}行；请少选几个年度，或回列表缩小范围"
        )
        raise Refused(message(text, number=number, rows=rows, most=most), field="years")
    return number


def write_figures(
    target: Path, *, query: str, years: Sequence[int], basis: str, person: User, on: date, lang: str
) -> int:
    """Write the figures in the layout of the import, a row an enterprise and year; how many firms.

    A year of which nothing is known has its row too, empty: it can be filled in and brought back.
    """
    firms = list(enterprises_asked(query, person).values_list("pk", "code", "name"))
    figures = _figures([key for key, _, _ in firms], years, basis, person)
    sheet = next(sheet for sheet in layout({}, {}, on) if sheet.name == "years")
    book, choices = Book(target, lang, row_by_row=True), ChoiceLists()
    rows = list(_rows(firms, years, figures))
    write_table(book, sheet, (), choices, rows=rows)
    page = book.book.worksheets()[0]
    foot = message(
        "{basis}，{years}年度；{foot}", basis=basis_said(basis), years=tuple(map(str, years)),
        foot=exports.foot_said(on, len(firms), person),
    ).say(lang)  # fmt: skip
    book.put(page, len(rows) + NOTE_AFTER, 0, exports.note_of(foot, lang))
    choices.write(book)
    exports.set_up_print(page, foot)
    book.close()
    return len(firms)


def _rows(
    firms: Iterable[tuple[int, str, str]],
    years: Sequence[int],
    figures: dict[Place, dict[str, Decimal]],
) -> Iterator[Row]:
    """A row for each enterprise and year, figures as they are read: whole fen, hundredths."""
    for key, code, name in firms:
        for year in years:
            known = figures.get((key, year), {})
            whole = {figure: stored(value) for figure, value in known.items()}
            yield {"code": code or None, "name": name, "year": year, **whole}


def _figures(
    keys: Sequence[int], years: Sequence[int], basis: str, person: User
) -> dict[Place, dict[str, Decimal]]:
    """What stands of each enterprise and year, on a basis or of what decides; one query."""
    wanted = DECIDING if basis == DECIDES else (Basis(basis),)
    rows = Statement.objects.visible_to(person).filter(
        enterprise__in=keys, year__in=years, basis__in=wanted
    )
    newest: dict[tuple[int, int, str], Statement] = {}
    for row in rows.order_by("version").iterator(exports.AT_ONCE):
        newest[row.enterprise_id, row.year, row.basis] = row
    found: dict[Place, dict[str, Decimal]] = {}
    for one in reversed(wanted):  # what decides overwrites what does not
        for (key, year, on_basis), row in newest.items():
            if on_basis == one and not row.withdrawn:
                found.setdefault((key, year), {}).update(row.stated())
    return found


def _no_years(what: object) -> Refused:
    remedy = message(
        "{what}；请写一到{most}个年度，如 2017、2018 或 2012-2018", what=what, most=MOST_YEARS
    )
    return Refused(remedy, field="years")


__all__ = [
    "DECIDES",
    "MOST_YEARS",
    "bases_to_export",
    "basis_said",
    "called",
    "enterprises_asked",
    "holds_tax",
    "may_export_figures",
    "number_to_export",
    "parted",
    "write_figures",
    "years_of",
]  # fmt: skip
