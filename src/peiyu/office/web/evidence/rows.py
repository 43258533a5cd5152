"""The tables of evidence of an enterprise, and one row with its versions, papers, uses and flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk.evidence_exports import may_export_evidence
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.permissions import may_attach, may_read_files
from peiyu.office.policies.programme import value_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import Entry, Fullness
from peiyu.office.portfolio.permissions import (
    EVERY,
    RIGHTS,
    may_keep_uses,
    may_record,
    may_rule,
    tables_open_to,
)
from peiyu.office.portfolio.queries import (
    papers_of,
    products_of_rights,
    rows_of,
    uses_of,
    versions_of,
)
from peiyu.office.web.answers import REFUSED, or_404
from peiyu.office.web.enterprises.detail import found, tab_page
from peiyu.office.web.evidence import of_right
from peiyu.office.web.evidence.chain import TAB, flags_shown, row_url, table_views
from peiyu.office.web.evidence.forms import Known
from peiyu.office.web.evidence.words import shown
from peiyu.office.web.imports.kinds import kinds_open_to
from peiyu.office.web.tables import Column, Link, Row, Table
from peiyu.policy.evidence import BY_NAME, Evidence, names_of, text_of
from peiyu.policy.facts import Fact, Unit
from peiyu.words import mark

LISTED = {
    "projects": ("no", "title", "way", "started_on", "ended_on", "state", "budget", "approval", "acceptance", "ip_nos"),
    "products": ("no", "title", "is_main", "field", "first_sold_on", "ip_nos"),
    "conversions": ("no", "result", "form", "converted_on", "source_nos", "product_nos"),
    "cooperations": ("no", "partner", "kind", "signed_on", "amount", "paid", "output", "rd_nos"),
}  # fmt: skip
"""Facts of a list; of the other tables all that have room."""
MOST_COLUMNS, MOST_ROWS = 10, 500
WORDS = frozenset({Unit.TEXT, Unit.NAMES})


@dataclass(frozen=True, slots=True)
class Change:
    """A version of a row with what it changed."""

    row: Entry
    changes: tuple[tuple[str, str, str], ...]


def table_or_404(person: User, one: Enterprise, name: str) -> Evidence:
    """A table that the person may read of this enterprise."""
    or_404(name in BY_NAME and name in tables_open_to(person, one))
    return BY_NAME[name]


def key_of(text: str) -> str:
    """The key of a row as its address writes it."""
    return text.replace("~", "/")


def row_or_404(one: Enterprise, table: Evidence, key: str) -> Entry:
    """The row that stands; else it is not there."""
    row = rows_of(one, table).filter(key=key_of(key)).first()
    or_404(row is not None)
    assert row is not None
    row.enterprise = one
    return row


@login_required
@never_cache
@require_safe
def evidence_table(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """One table; `?known=`: as it was known on a past day."""
    person, one = found(request, pk)
    found_table = table_or_404(person, one, table)
    on = person.access.on
    form = Known(request.GET)
    known = form.day(on)
    past = known < on
    every = rows_of(one, found_table, known if past else None)
    rows = list(every[: MOST_ROWS + 1])
    many = len(rows) > MOST_ROWS
    full = Fullness.objects.filter(enterprise=one, table=table, until_on=None).first()
    records = may_record(person, one, table)
    more: dict[str, Any] = {
        "table_title": found_table.title,
        "name": table,
        "form": form,
        "past": past,
        "known": known,
        "rows": _lines(one, found_table, rows[:MOST_ROWS], person, known),
        "number": every.count() if many else len(rows),
        "more_rows": many,
        "most": MOST_ROWS,
        "full": full,
        "may_record": records and not past,
        "may_export": may_export_evidence(person),
        "import_kind": kind if (kind := f"portfolio.{table}") in kinds_open_to(person) else "",
        "tables": table_views(one, person, table),
        "here": reverse("evidence_table", args=[one.pk, table]),
    }
    status = 200 if form.is_valid() else REFUSED
    return tab_page(request, person, one, TAB, "evidence/table.html", status=status, **more)


@login_required
@never_cache
@require_safe
def evidence_row(request: HttpRequest, pk: int, table: str, key: str) -> HttpResponse:
    """A row: what it says, what proves it, what names it, its flags, every version."""
    person, one = found(request, pk)
    found_table = table_or_404(person, one, table)
    versions = versions_of(one, found_table, key_of(key))
    or_404(bool(versions))
    row = versions[0]
    row.enterprise = one
    records = may_record(person, one, table)
    place = (table, row.key)
    held = (
        held_of([one], on=person.access.on)[one.pk]
        if tables_open_to(person, one) == EVERY
        else None
    )
    flags = flags_shown(one, person, held, person.access.on) if held else []
    values = row.values()
    more: dict[str, Any] = {
        "row": row,
        "table_title": found_table.title,
        "name": table,
        "key": row.key.replace("/", "~"),
        "facts": [(fact.chinese, shown(values[fact.name], fact), fact.unit is Unit.FEN, values[fact.name] is None)
                  for fact in found_table.facts],
        "computed": [] if table != RIGHTS else of_right.worked_out(
            row, person.access.on, int(value_of("ip_fee_days", person.access.on))
        ),
        "may_rule": may_rule(person, one),
        "papers": papers_of(one, table, row.key).get(place, []),
        "reads_files": may_read_files(person, one),
        "uses": uses_of(text_of(values, "grant_number")) if table == "ip" else [],
        "may_keep_uses": may_keep_uses(person),
        "named_by": _named_by(one, found_table, row.key, held.tables if held else {}),
        "flags": [flag for flag in flags if place in flag.flag.finding.places],
        "history": _history(found_table, versions),
        "may_record": records,
        "may_attach": records and not row.withdrawn and may_attach(person, one),
        "tables": table_views(one, person, table),
        "here": reverse("evidence_table", args=[one.pk, table]),
    }  # fmt: skip
    return tab_page(request, person, one, TAB, "evidence/row.html", **more)


def _lines(one: Enterprise, table: Evidence, rows: list[Entry], person: User, on: date) -> Table:
    if table.name == RIGHTS:
        return _rights(one, rows, person, on)
    facts = _listed(table)
    return Table(
        [_column(table, fact) for fact in facts],
        [_row(one, table, row, facts) for row in rows],
        label=table.title,
    )


def _rights(one: Enterprise, rows: list[Entry], person: User, on: date) -> Table:
    """Rights with class, age, fees and the products that they carry."""
    days = int(value_of("ip_fee_days", on))
    carried = products_of_rights(person, [(one.pk, row.key) for row in rows])
    columns = (
        Column("no", mark("编号"), kind="link", fit="line"),
        Column("title", mark("名称"), phone="l1"),
        *(replace(column, sort="") for column in of_right.COLUMNS),
    )
    lines = []
    for row in rows:
        own = of_right.cells_of(row, carried.get((one.pk, row.key)), on, days)
        no = Link(row.key, row_url(one, RIGHTS, row.key))
        lines.append(Row(row.pk, {"no": no, "title": row.values()["title"], **own}, name=row.key))
    return Table(columns, lines, label=mark("知识产权"))


def _listed(table: Evidence) -> list[Fact]:
    if table.name in LISTED:
        return [table.fact(name) for name in LISTED[table.name]]
    return list(table.facts[:MOST_COLUMNS])


def _column(table: Evidence, fact: Fact) -> Column:
    if fact.name == table.key[0]:
        return Column(fact.name, fact.chinese, kind="link", phone="l1", fit="line")
    if fact.unit is Unit.FEN:
        return Column(fact.name, fact.chinese, kind="money", unit=mark("元"), named=True)
    if fact.unit is Unit.DAY:
        return Column(fact.name, fact.chinese, kind="date", named=True)
    if fact.unit in WORDS:
        return Column(fact.name, fact.chinese, phone="wide", named=True)
    return Column(fact.name, fact.chinese, named=True, fit="line")


def _row(one: Enterprise, table: Evidence, entry: Entry, facts: Iterable[Fact]) -> Row:
    values = entry.values()
    cells: dict[str, object] = {}
    for fact in facts:
        value = values[fact.name]
        if fact.unit is Unit.FEN:
            cells[fact.name] = getattr(entry, fact.name)
        elif isinstance(value, date):
            cells[fact.name] = value
        else:
            cells[fact.name] = shown(value, fact)
    cells[table.key[0]] = Link(str(values[table.key[0]]), row_url(one, table.name, entry.key))
    return Row(entry.pk, cells, name=entry.key)


NAMES = {
    "ip": (("projects", "ip_nos"), ("products", "ip_nos"), ("conversions", "source_nos")),
    "projects": (("conversions", "source_nos"), ("cooperations", "rd_nos")),
    "products": (("conversions", "product_nos"),),
    "people": (("ip", "inventors"),),
}  # fmt: skip
"""Which rows name a row of a table, and in which fact."""


def _named_by(
    one: Enterprise, table: Evidence, key: str, tables: Any
) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for other, fact in NAMES.get(table.name, ()):
        nos = [text_of(row, "no") for row in tables.get(other, ()) if key in names_of(row, fact)]
        if nos:
            found.append((BY_NAME[other].title, [(no, row_url(one, other, no)) for no in nos]))
    return found


def _history(table: Evidence, versions: list[Entry]) -> list[Change]:
    """Each version, the newest first, with the facts that it changed: old and new."""
    found = []
    for row, earlier in zip(versions, [*versions[1:], None], strict=True):
        changes: tuple[tuple[str, str, str], ...] = ()
        if earlier is not None and not row.withdrawn:
            before = {} if earlier.withdrawn else earlier.values()
            now = row.values()
            changes = tuple(
                (fact.chinese, shown(before.get(fact.name), fact), shown(now[fact.name], fact))
                for fact in table.facts
                if before.get(fact.name) != now[fact.name]
            )
        found.append(Change(row, changes))
    return found
