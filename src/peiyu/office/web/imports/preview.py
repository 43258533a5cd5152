"""The page of an import: what its file would do, or did, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from peiyu.office.accounts.models import User
from peiyu.office.foundation.imports import DOES, ImportKind
from peiyu.office.foundation.kept import message_of
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import ImportBatch, ImportState, JobState, RowOutcome
from peiyu.office.web.answers import REFUSED
from peiyu.office.web.imports.columns_of_file import pages_of
from peiyu.office.web.imports.kinds import title_of
from peiyu.office.web.imports.lines import Line, Typed, columns_of, lines_of
from peiyu.office.web.tables import Pager
from peiyu.words import mark

SIZE = 100
GOING = (ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)
WITH_ROWS = (ImportState.READY, ImportState.APPLIED, ImportState.UNDONE)
PLACE = ("outcome", "after", "before")
SHAPES = {
    ImportState.READING: "go",
    ImportState.MAPPING: "unk",
    ImportState.READY: "unk",
    ImportState.APPLYING: "go",
    ImportState.APPLIED: "met",
    ImportState.UNDOING: "go",
    ImportState.UNDONE: "na",
    ImportState.DROPPED: "na",
    ImportState.FAILED: "bad",
}


def page(
    request: HttpRequest,
    person: User,
    batch: ImportBatch,
    kind: ImportKind,
    *,
    at: Mapping[str, str] | None = None,
    typed: Typed | None = None,
) -> HttpResponse:
    """The whole page; 422 with what was typed where it was refused."""
    state = ImportState(batch.state)
    context: dict[str, Any] = {
        "batch": batch,
        "kind": kind,
        "title": title_of(batch, kind),
        "shape": SHAPES[state],
        "going": state in GOING,
        "notes": [(n, message_of(n["said"])) for n in batch.notes if not n.get("lost")],
        "lost": [
            (n, message_of(n["said"]), message_of(n["remedy"]) if n.get("remedy") else "")
            for n in batch.notes
            if n.get("lost")
        ],
        **progress_of(batch, person),
    }
    if state in WITH_ROWS:
        context |= rows_of(batch, kind, person, place_of(at or request.GET), typed)
    if state == ImportState.MAPPING:
        context["pages"] = pages = pages_of(batch, kind, person.access.on)
        context["asks_unit"] = any(page.asks for page in pages)
    return render(request, "imports/detail.html", context, status=REFUSED if typed else 200)


def place_of(query: Mapping[str, str]) -> dict[str, str]:
    """Where in the rows one is: outcome and page."""
    found = {name: str(query.get(name) or "") for name in PLACE}
    if found["outcome"] not in RowOutcome.values:
        found["outcome"] = ""
    return {name: value for name, value in found.items() if value}


def address_of(batch: ImportBatch, at: Mapping[str, str] | None = None, row: int = 0) -> str:
    """The page of an import, at the place in its rows."""
    query = QueryDict(mutable=True)
    query.update(dict(at or {}))
    tail = f"?{query.urlencode()}" if query else ""
    return f"{reverse('import_detail', args=[batch.pk])}{tail}{f'#row{row}' if row else ''}"


def progress_of(batch: ImportBatch, person: User) -> dict[str, Any]:
    """How far the job of an import is, and whether it stopped."""
    job = batch.job
    stopped = job is not None and job.state in (JobState.FAILED, JobState.CANCELLED)
    return {
        "batch": batch,
        "job": job,
        "going": batch.state in GOING,
        "stopped": batch.state in GOING and stopped,
        "own_job": job is not None and job.owner_id == person.pk,
    }


def left_of(batch: ImportBatch) -> int:
    """Rows of an import that was done which are not done and could still be."""
    does: int = sum(batch.counts.get(one.value, 0) for one in RowOutcome if one != RowOutcome.SAME)
    return max(does - int(batch.counts.get("applied", 0)), 0)


def counts_of(batch: ImportBatch, outcome: str) -> dict[str, Any]:
    """How many rows there are of each outcome, and how many would be taken in."""
    counts = batch.counts
    number = sum(counts.get(one, 0) for one in RowOutcome.values)
    views = [("", mark("全部"), number)]
    views += [(one.value, one.label, counts.get(one.value, 0)) for one in RowOutcome]
    chosen = 0
    left = batch.state == ImportState.APPLIED and left_of(batch)
    ready = batch.state == ImportState.READY or bool(left)
    if ready:
        chosen = batch.rows.filter(chosen=True, applied=False, outcome__in=DOES).count()
    return {
        "batch": batch,
        "ready": ready,
        "left": left,
        "views": [
            {
                "label": label,
                "href": address_of(batch, {"outcome": name} if name else {}),
                "number": held,
                "current": name == outcome,
            }
            for name, label, held in views
        ],
        "number": number,
        "chosen": chosen,
        "outcome": outcome,
        "of_outcome": outcome if outcome in DOES else "",
    }


def rows_of(
    batch: ImportBatch, kind: ImportKind, person: User, at: Mapping[str, str], typed: Typed | None
) -> dict[str, Any]:
    """One page of rows."""
    outcome = at.get("outcome", "")
    rows = batch.rows.filter(outcome=outcome) if outcome else batch.rows.all()
    found = page_of(
        rows, order="number", size=SIZE, after=at.get("after", ""), before=at.get("before", "")
    )
    held = {"outcome": outcome} if outcome else {}
    columns = columns_of(batch, kind, person.access.on)
    return {
        **counts_of(batch, outcome),
        "at": at,
        "lines": lines_of(found.rows, batch, columns, person, typed),
        "pager": Pager(
            len(found.rows),
            None,
            first=address_of(batch, held) if found.preceding else "",
            previous=address_of(batch, {**held, "before": found.preceding}) if found.preceding else "",
            next=address_of(batch, {**held, "after": found.following}) if found.following else "",
        ),
    }  # fmt: skip


def line_of(
    batch: ImportBatch, kind: ImportKind, person: User, number: int, typed: Typed | None = None
) -> Line | None:
    """One row as shown; None if there is none of that number."""
    row = batch.rows.filter(number=number).first()
    if row is None:
        return None
    columns = columns_of(batch, kind, person.access.on)
    return lines_of([row], batch, columns, person, typed)[0]
