"""Figures by year: one row an enterprise and year, or one wide row with many years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from peiyu.batch.layouts import column, owner
from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import (
    NOT_YOURS,
    hold,
    owned,
    refuse,
    settle,
    settled_twin,
    twins_of,
)
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options, problem
from peiyu.office.foundation.models import ImportBatch, ImportRow, ImportState, RowOutcome
from peiyu.office.reports.actions.statements import (
    Wanted,
    differing,
    newest,
    not_in_its_stead,
    says_the_same,
    state_all,
    take_back,
    tell_who_fills_in,
)
from peiyu.office.reports.models import (
    FIGURES,
    FIRST_YEAR,
    LAST_YEAR,
    Basis,
    Statement,
    YearReport,
    figure_of,
    stored,
)
from peiyu.office.reports.permissions import may_import, open_to_state
from peiyu.office.reports.queries import handed_in
from peiyu.policy import facts
from peiyu.tables.layout import Layout, Sheet
from peiyu.tables.looking import Looked
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

YEARS_BACK = 8
YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
IDENTITY = ("code", "name")
BASES = (Basis.DECLARED, Basis.AUDITED, Basis.TAX_RETURN, Basis.CHECKED, Basis.VERIFIED)


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """Long (a column says the year), wide (groups say it), or of the one year that was said."""
    year = facts.fact("year", "years")
    long = Sheet(
        name="years",
        titles=("年度", "年度数据", "Fiscal years"),
        columns=(
            *owner("zh", headings),
            column(year, more=headings.get("year", ())),
            *(column(fact, more=headings.get(name, ())) for name, fact in FIGURES.items()),
        ),
        single=True, key=IDENTITY, beside=("year",), all_rows=True,
    )  # fmt: skip
    wide = Sheet(
        name="wide",
        titles=("简表", "多年数据", "Years side by side"),
        columns=(
            *owner("zh", headings),
            *(_of_year(name, at, headings) for at in range(on.year - YEARS_BACK, on.year + 1) for name in FIGURES),
        ),
        single=True, key=IDENTITY, all_rows=True,
    )  # fmt: skip
    if said := _year_said(options):
        columns = (
            *owner("zh", headings),
            *(column(f, more=headings.get(n, ())) for n, f in FIGURES.items()),
        )
        one = Sheet(
            name="one_year", titles=(f"{said}年",), columns=columns, single=True, key=IDENTITY,
            all_rows=True,
        )  # fmt: skip
        return (wide, long, one)
    return (wide, long)


def _of_year(name: str, year: int, headings: Mapping[str, Sequence[str]]) -> Any:
    key = f"{name}@{year}"
    return replace(column(FIGURES[name], year=year, more=headings.get(key, ())), name=key)


def _year_said(options: Options) -> int | None:
    given = str(options.get("year") or "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def fits(page: Looked, options: Options) -> Message | None:
    """A page whose headings name years that it would not be read as being of."""
    sheet = page.sheet
    if sheet is None or sheet.name == "wide":
        return None
    taken = [one for one in page.headings if one.column and one.column not in IDENTITY]
    years = {int(year) for one in taken for year in YEAR.findall(f"{one.group} {one.text}")}
    if any(one.column == "year" for one in taken):
        return None
    if strange := sorted(years - {_year_said(options)}):
        return message(
            "表头写的是{years}年，只能读近{most}年的并列表；请改成每年一行，加“年度”一列",
            years=tuple(map(str, strange)), most=YEARS_BACK,
        )  # fmt: skip
    return None


def split(values: dict[str, Any], options: Options) -> Iterable[dict[str, Any]]:
    """A row for each year that a wide row speaks of."""
    own = {name: value for name, value in values.items() if "@" not in name}
    by_year: dict[int, dict[str, Any]] = {}
    for name, value in values.items():
        figure, sign, year = name.partition("@")
        if sign:
            by_year.setdefault(int(year), {})[figure] = value
    if not by_year:
        if "year" not in own and (said := _year_said(options)):
            own["year"] = said
        return (own,)
    return [{**own, "year": year, **figures} for year, figures in sorted(by_year.items())]


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New, changed or the same, against the newest version on the chosen basis."""
    basis = basis_of(batch)
    held = owned(
        rows,
        actor,
        partial(open_to_state, basis=basis),
        holding=batch.state == ImportState.APPLYING,
    )
    places = [
        (held[row.number].pk, _year(row), basis)
        for row in rows
        if row.number in held and _year(row)
    ]
    known = newest(places)
    closed = handed_in((key, year) for key, year, _ in places) if basis == Basis.DECLARED else set()
    twins = twins_of(batch, rows, _year_of_figures, _stated)
    for row in rows:
        enterprise = held.get(row.number)
        if enterprise is None:
            if row.target:  # a cell of it could not be read
                settled_twin(row, twins.get(row.number))
            continue
        figures = _stated(row)
        if not figures:
            settle(row, {}, new=False)
            continue
        year = _year(row)
        if not year:
            refuse(row, "没有说明是哪一年的数", "请加“年度”一列，或在导入时选定年度")
            continue
        if not in_time(row, year):
            continue
        if settled_twin(row, twins.get(row.number)):
            continue
        before = known.get((enterprise.pk, year, basis))
        changes = {
            name: (stored(old), stored(new))
            for name, (old, new) in differing(before, _figures(figures)).items()
        }
        if changes and (enterprise.pk, year) in closed:
            row.outcome = RowOutcome.REFUSED
            why = not_in_its_stead(year, cast(User, actor))
            row.problems = [*row.problems, problem(why, message("请按那种口径另导一份"))]
            continue
        settle(row, changes, new=before is None or before.withdrawn)


def apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """State what changes; rows of one enterprise's year come one after another."""
    assert batch.source is not None
    held = _enterprises(rows)
    wanted = [
        Wanted(
            held[row.target or 0],
            _year(row),
            basis_of(batch),
            _figures({name: new for name, (_, new) in row.changes.items()}),
            message("导入“{name}”", name=batch.title[:200]).say()
            if row.outcome == "changed"
            else "",
        )
        for row in rows
    ]
    known = newest([(one.enterprise.pk, one.year, one.basis) for one in wanted])
    made = state_all(wanted, source=batch.source, actor=cast(User, actor), batch=batch, known=known)
    for row, one, statement in zip(rows, wanted, made, strict=True):
        before = known.get((one.enterprise.pk, one.year, one.basis))
        row.made = statement.pk if statement else None
        row.over = before.pk if before else None
    if basis_of(batch) == Basis.DECLARED:
        places = [(one.enterprise.pk, one.year) for one in wanted]
        tell_who_fills_in(places, actor=cast(User, actor))


def undo(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Restore what stood before."""
    assert batch.source is not None
    made = list(_made(rows).values())
    take_back(made, source=batch.source, actor=cast(User, actor), batch=batch)


def builds_on(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """A later version of the same year and basis; an enterprise that is no longer one's own."""
    made = _made(rows)
    if batch.state == ImportState.UNDOING:
        hold(one.enterprise_id for one in made.values())
    known = newest([(one.enterprise_id, one.year, one.basis) for one in made.values()])
    firms = [one.enterprise for one in made.values()]
    allowed = open_to_state(cast(User, actor), firms, basis_of(batch))
    reports = YearReport.objects.filter(statement__in=[one.pk for one in made.values()])
    taken_up = set(reports.values_list("statement", flat=True))
    found = {}
    for row in rows:
        one = made.get(row.made or 0)
        if one is None:
            continue
        if one.enterprise_id not in allowed:
            found[row.number] = message(NOT_YOURS)
            continue
        if one.pk in taken_up:
            found[row.number] = message("的{year}年度企业已核对并自己提交", year=one.year)
            continue
        last = known[one.enterprise_id, one.year, one.basis]
        if last.version > one.version and not says_the_same(last, one):
            found[row.number] = message(
                "的{year}年{basis}之后又改过（{day}，第{version}版）",
                year=one.year, basis=message(Basis(one.basis).label),
                day=last.recorded_on.isoformat(), version=last.version,
            )  # fmt: skip
    return found


def in_time(row: ImportRow, year: int, month: int = 1) -> bool:
    """Refuse a row of a time of which nothing can be stated yet, or of none at all."""
    today = office_day()
    if not FIRST_YEAR <= year <= LAST_YEAR:
        text = "年度 {year} 不在 {first}–{last} 之间"
        refuse(row, text, "请核对年度", year=year, first=FIRST_YEAR, last=LAST_YEAR)
    elif year > today.year:
        refuse(row, "{year}年度还没有到，没有数可填", "请核对年度", year=year)
    elif (year, month) > (today.year, today.month):
        text = "{year}年{month}月还没有到，没有数可填"
        refuse(row, text, "请核对年度和月份", year=year, month=month)
    else:
        return True
    return False


def basis_of(batch: ImportBatch) -> Basis:
    """On which basis the figures of this file stand."""
    given = batch.options.get("basis")
    return Basis(given) if given in BASES else Basis.DECLARED


def _stated(row: ImportRow) -> dict[str, Any]:
    """The figures that the row states, as they are kept."""
    return {name: row.values[name] for name in FIGURES if name in row.values}


def _year_of_figures(row: ImportRow) -> int | None:
    """Of which year the row states anything."""
    return (_year(row) or None) if _stated(row) else None


def _year(row: ImportRow) -> int:
    year = row.values.get("year")
    return year if isinstance(year, int) else 0


def _figures(whole: Mapping[str, Any]) -> dict[str, Any]:
    return {name: figure_of(value) for name, value in whole.items()}


def _made(rows: Sequence[ImportRow]) -> dict[int, Statement]:
    keys = [row.made for row in rows if row.made]
    return Statement.objects.select_related("enterprise").in_bulk(keys)


def _enterprises(rows: Sequence[ImportRow]) -> Any:
    return Enterprise.objects.in_bulk([row.target for row in rows if row.target])


STATEMENTS = ImportKind(
    name="reports.statements",
    title=mark("年度数据"),
    layout=layout, fits=fits, split=split, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: may_import(cast(User, person)),
    asks=("basis", "year", "unit"),
    choices={"basis": tuple((str(basis), basis.label) for basis in BASES)},
)  # fmt: skip
