"""Taking in tables: read, seen before it is done, done in steps, taken back.

A room lists what it takes in, in its own `imports.py`, in a dict `IMPORTS`; "reports.statements"
is `IMPORTS["statements"]` of `peiyu.office.reports.imports`. The kind says what the file may hold,
what each row would do, and does it; reading, choosing, mending, steps and undoing are here, alike
for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import connection, transaction
from django.db.models import Count

from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.files import path_of
from peiyu.office.foundation.jobs import KIND, Kind, Progress, job, start
from peiyu.office.foundation.kept import kept
from peiyu.office.foundation.models import (
    ImportBatch,
    ImportMapping,
    ImportRow,
    ImportState,
    RowOutcome,
    StoredFile,
)
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import NotAllowed, Refused, SeveralRefused
from peiyu.office.foundation.sources import of_import
from peiyu.tables.answers import Problem, Told
from peiyu.tables.cells import read_value
from peiyu.tables.files import Unreadable
from peiyu.tables.layout import Column, Layout, Sheet
from peiyu.tables.looking import Looked, look
from peiyu.tables.results import Read, Refusal
from peiyu.tables.spelling import squeeze
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

STEP = 500
"""Rows in one transaction."""
MOST_ROWS = 200_000
MOST_NOTES = 200
MOST_KEY = 2**63 - 1
UNITS = (mark("元"), mark("千元"), mark("万元"), mark("百万元"), mark("亿元"))
"""In which the money of a page may be said to be."""
MOST_BLOCKERS = 10
OPEN = (ImportState.READY, ImportState.APPLIED)
"""States in which rows that are not done can be mended, chosen and done."""
DOES = (RowOutcome.NEW, RowOutcome.CHANGED)
"""Outcomes that change something."""
DONE = "UPDATE foundation_importrow SET applied = %s, made = %s, over = %s WHERE id = %s"
"""Many times as quick as what the framework writes for many rows at once."""
Options = Mapping[str, Any]


@dataclass(frozen=True)
class ImportKind:
    """What a room can take in.

    `layout(options, headings, on)` gives the sheets that a file may hold, with the headings
    remembered; `split(values, options)` makes of a row as read the rows as taken in (one for each
    year of a wide table); `judge(batch, rows, person)` fills in what each would do; `apply` does it
    and fills `made` and `over`; `undo` takes it back; `builds_on(batch, rows, person)` says by row
    why it cannot be taken back: what stands on it by now, or that it is no longer this person's.
    All of them for many rows at once, within a transaction.
    """

    name: str
    title: str
    layout: Callable[[Options, Mapping[str, Sequence[str]], date], Layout]
    judge: Callable[[ImportBatch, Sequence[ImportRow], AbstractBaseUser], None]
    apply: Callable[[ImportBatch, Sequence[ImportRow], AbstractBaseUser], None]
    undo: Callable[[ImportBatch, Sequence[ImportRow], AbstractBaseUser], None]
    builds_on: Callable[[ImportBatch, Sequence[ImportRow], AbstractBaseUser], dict[int, Message]]
    may: Callable[[AbstractBaseUser], bool]
    split: Callable[[dict[str, Any], Options], Iterable[dict[str, Any]]] = lambda values, _: (
        values,
    )
    fits: Callable[[Looked, Options], Message | None] = lambda _, __: None
    """Why a page must not be read as it would be, seen from its headings."""
    asks: tuple[str, ...] = ("unit",)
    """What is asked beside the file; see the form at the door."""
    choices: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    """Columns that are known and never change anything; what differs in them the rows tell."""


def kind_of(name: str) -> ImportKind:
    """The kind of that name: only what a room lists.

    Raises:
        LookupError: there is none.
    """
    named = KIND.fullmatch(name)
    if not named:
        raise LookupError(f"no kind of import: {name!r}")
    room, own = named.groups()
    try:
        kinds: dict[str, ImportKind] = import_module(f"peiyu.office.{room}.imports").IMPORTS
    except ImportError as fault:
        raise LookupError(f"no kind of import: {name!r}") from fault
    return kinds[own]


# -- what people do


@transaction.atomic
def take_in(
    kind: str,
    file: StoredFile,
    *,
    whose: str,
    options: Options,
    actor: AbstractBaseUser,
) -> ImportBatch:
    """Begin an import: the file is read by the job worker, nothing is changed yet."""
    found = kind_of(kind)
    if not found.may(actor):
        raise NotAllowed(message("您不能导入这种表"))
    batch = ImportBatch.objects.create(
        kind=kind, title=file.name, file=file, whose=whose, options=dict(options), owner_id=actor.pk,
        created_at=office_now(),
    )  # fmt: skip
    batch.job = start(
        "foundation.read_import",
        message("读取“{name}”", name=file.name),
        {"batch": batch.pk},
        actor,
    )
    batch.save(update_fields=["job"])
    return batch


@transaction.atomic
def map_columns(
    batch: ImportBatch,
    columns: Mapping[str, str],
    *,
    units: Mapping[str, str] | None = None,
    actor: AbstractBaseUser,
) -> ImportBatch:
    """Say what headings mean, remember it for the body, and read the file anew.

    `units` says in which unit the money of a page is, by its title; it holds for this file alone.
    """
    units = units or {}
    if strange := sorted(set(units.values()) - set(UNITS)):
        raise Refused(message("没有“{unit}”这个金额单位", unit=strange[0][:20]), field="unit")
    locked = _in_state(batch, actor, ImportState.MAPPING, ImportState.READY, ImportState.FAILED)
    whose = locked.whose or f"person {actor.pk}"
    for heading, column in columns.items():
        ImportMapping.objects.update_or_create(
            kind=locked.kind, whose=whose, heading=heading[:200], defaults={"column": column[:60]}
        )
    locked.options = {
        **locked.options,
        "columns": {**locked.options.get("columns", {}), **columns},
        "units": {**locked.options.get("units", {}), **units},
    }
    locked.state = ImportState.READING
    title = message("读取“{name}”", name=locked.title)
    locked.job = start("foundation.read_import", title, {"batch": locked.pk}, actor)
    locked.save(update_fields=["options", "state", "job"])
    return locked


@transaction.atomic
def choose(
    batch: ImportBatch,
    *,
    chosen: Iterable[int] = (),
    left: Iterable[int] = (),
    actor: AbstractBaseUser,
) -> None:
    """Take some rows, leave others; by their numbers."""
    locked = _in_state(batch, actor, *OPEN)
    rows = locked.rows.filter(applied=False)
    rows.filter(number__in=list(chosen)).update(chosen=True)
    rows.filter(number__in=list(left)).update(chosen=False)


@transaction.atomic
def choose_all(batch: ImportBatch, outcome: str, *, chosen: bool, actor: AbstractBaseUser) -> int:
    """Take or leave all rows of an outcome; how many."""
    locked = _in_state(batch, actor, *OPEN)
    return locked.rows.filter(outcome=outcome, applied=False).update(chosen=chosen)


@transaction.atomic
def mend(
    batch: ImportBatch,
    number: int,
    cells: Mapping[str, str],
    *,
    actor: AbstractBaseUser,
    target: int | None = None,
) -> ImportRow:
    """Type something else into cells of a row, or say which enterprise it means; judged anew.

    Which enterprise is meant holds for all years of the same line of the file. Money is typed in
    yuan, or with its unit. What cannot be read is refused and nothing is kept.
    """
    locked = _in_state(batch, actor, *OPEN)
    row = locked.rows.select_for_update().filter(number=number, applied=False).first()
    if row is None:
        raise Refused(message("没有第{number}行，请刷新页面", number=number))
    known = {column.name: column for sheet in _layout(locked) for column in sheet.columns}
    mended = {}
    for name, text in cells.items():
        own, _, year = name.partition("@")
        column = known.get(own) or known.get(name)
        if column is None or (year and year != str(row.values.get("year"))):
            raise Refused(message("没有“{name}”这一列", name=name[:60]), field=name[:60])
        value = read_value(text.strip(), column)
        if isinstance(value, Problem):
            said = message(
                "“{term}”{rule}。{remedy}",
                term=column.printed,
                rule=value.rule,
                remedy=value.remedy,
            )
            raise Refused(said, field=name)
        mended[name] = plain_value(value.value if isinstance(value, Told) else value)
    row.mended = {**row.mended, **{name: text.strip()[:200] for name, text in cells.items()}}
    for name, value in mended.items():
        own = name.partition("@")[0]  # a row of one year holds its figures without the year
        if value is None:
            row.values.pop(own, None)
        else:
            row.values[own] = value
    row.problems = [one for one in row.problems if one.get("column") not in cells]
    before, row.target = row.target, None
    if target is not None and not 0 <= target <= MOST_KEY:
        raise Refused(message("选定的企业不在企业库里，请重新选定"))
    rows = [row]
    if target is not None:
        beside = locked.rows.filter(sheet=row.sheet, place=row.place, applied=False)
        rows += beside.exclude(pk=row.pk)
        for one in rows:
            one.values["target"], one.target = target, None
    _judged(locked, rows, actor)
    alike = {before, *(one.target for one in rows)} - {None}
    alike_rows = locked.rows.filter(target__in=alike, applied=False)
    others = list(alike_rows.exclude(pk__in=[one.pk for one in rows]))
    for one in rows:
        one.save()
    if others:  # what stands in this row may have made them contradict, or agree
        together = sorted((*rows, *others), key=lambda one: one.number)
        _judged(locked, together, actor)
        for one in together:
            one.save()
    _count(locked)
    return row


@transaction.atomic
def keep_only(batch: ImportBatch, number: int, *, actor: AbstractBaseUser) -> ImportRow:
    """Of rows that speak of the same thing and differ take this one; the others are left out."""
    locked = _in_state(batch, actor, *OPEN)
    row = locked.rows.select_for_update().filter(number=number, applied=False).first()
    if row is None or not _repeats(row):
        raise Refused(message("第{number}行没有别的行与它重复，请刷新页面", number=number))
    others = list(locked.rows.filter(number__in=_repeats(row)).order_by("number"))
    if done := next((one for one in others if one.applied), None):
        text = "第{place}行已经导入；要改请更正那个数，或先撤销导入"
        raise Refused(message(text, place=done.place))
    all_of_them = [row.number, *(one.number for one in others)]
    row.problems, row.chosen = [], True
    for one in others:
        trouble = _problem(
            message("只留了第{place}行，没有用这一行", place=row.place),
            message("要改用这一行，点“只留这一行”"),
        )
        rest = [held for held in all_of_them if held != one.number]
        one.problems = [
            *(p for p in one.problems if p["column"] or p["address"]),
            {**trouble, "left": True, "repeats": rest},
        ]
        one.outcome, one.chosen, one.changes = RowOutcome.REFUSED, False, {}
        one.save()
    _judged(locked, [row], actor)
    row.save()
    _count(locked)
    return row


@transaction.atomic
def apply_import(batch: ImportBatch, *, actor: AbstractBaseUser) -> ImportBatch:
    """Do what was chosen; the job worker does it in steps. What is left can be done later."""
    locked = _in_state(batch, actor, *OPEN)
    number = locked.rows.filter(chosen=True, applied=False, outcome__in=DOES).count()
    if not number:
        raise Refused(message("没有选中要导入的行"))
    title = message("导入“{name}”", name=locked.title)
    if locked.source is None:
        locked.source = of_import(
            f"import {locked.pk}", locked.title, actor=actor, file=locked.file
        )
    locked.job = start("foundation.apply_import", title, {"batch": locked.pk}, actor)
    return _moved(
        locked, ImportState.APPLYING, actor, "apply", {"rows": (None, number)}, "source", "job"
    )


@transaction.atomic
def undo_import(batch: ImportBatch, *, actor: AbstractBaseUser) -> ImportBatch:
    """Take all of it back, unless something stands on it; then the refusal says what."""
    locked = _in_state(batch, actor, ImportState.APPLIED)
    blockers: list[Message] = []
    more = False
    for rows in _pieces(locked.rows.filter(applied=True)):
        built = kind_of(locked.kind).builds_on(locked, rows, actor)
        for row in rows:
            if row.number in built and len(blockers) < MOST_BLOCKERS:
                blockers.append(_blocker(row, built[row.number]))
            elif row.number in built:
                more = True
        if more:
            break
    if blockers:
        text = "不能撤销：{rows}等" if more else "不能撤销：{rows}"
        raise Refused(message(text, rows=tuple(blockers)))
    title = message("撤销导入“{name}”", name=locked.title)
    locked.job = start("foundation.undo_import", title, {"batch": locked.pk}, actor)
    return _moved(locked, ImportState.UNDOING, actor, "undo", {}, "job")


def _blocker(row: ImportRow, why: Message) -> Message:
    return message("第{place}行“{name}”{why}", place=row.place, name=row.name, why=why)


@transaction.atomic
def drop(batch: ImportBatch, *, actor: AbstractBaseUser) -> ImportBatch:
    """Give it up before anything was changed."""
    locked = _in_state(
        batch,
        actor,
        ImportState.READY,
        ImportState.MAPPING,
        ImportState.FAILED,
        ImportState.READING,
    )
    locked.rows.all().delete()
    return _moved(locked, ImportState.DROPPED, actor, "drop", {})


# -- what the job worker does


@job(mark("读取要导入的表"))
def read_import(progress: Progress, batch: int) -> None:
    """Read the file and say of each row what it would do."""
    held = ImportBatch.objects.select_related("file", "owner").get(pk=batch)
    if held.state != ImportState.READING:
        return
    actor = progress.owner or held.owner
    try:
        looked = look(path_of(held.file), _layout(held), held.file.name)
    except Unreadable as fault:
        _failed(progress, held, fault.text)
    seen, rows, notes = _read_all(held, looked)
    fits = any(one.sheet is not None for one in looked) and not any(one["asks"] for one in seen)
    if len(rows) > MOST_ROWS:
        text = message(
            "有 {number} 行，一次最多 {most} 行；请分成几份", number=len(rows), most=MOST_ROWS
        )
        _failed(progress, held, text)
    with progress.step():
        if not _waits(held, progress):
            return
        held.rows.all().delete()
        state = ImportState.READING if fits else ImportState.MAPPING
        ImportBatch.objects.filter(pk=held.pk).update(seen=seen, notes=notes, state=state)
        progress.advance(0, len(rows))
    if not fits:
        return
    for at in range(0, len(rows), STEP):
        piece = rows[at : at + STEP]
        with progress.step():
            if not _waits(held, progress):
                return
            _judged(held, piece, actor)
            ImportRow.objects.bulk_create(piece, batch_size=STEP)
            _earlier_judged(held, piece, actor)
            progress.advance(at + len(piece), len(rows))
    with progress.step():
        if _waits(held, progress):
            _count(held)
            ImportBatch.objects.filter(pk=held.pk).update(state=ImportState.READY)


@job(mark("导入"))
def do_import(progress: Progress, batch: int) -> None:
    """Do what was chosen, step by step; what somebody changed meanwhile is not overwritten."""
    held = ImportBatch.objects.select_related("file", "owner", "source").get(pk=batch)
    if held.state != ImportState.APPLYING:
        return
    kind, actor = kind_of(held.kind), progress.owner or held.owner
    wanted = held.rows.filter(chosen=True, applied=False, outcome__in=DOES)
    total = wanted.count() + (before := held.rows.filter(applied=True).count())
    done = before
    while True:
        with progress.step():
            if not _waits(held, progress):
                return
            rows = list(wanted.order_by("number")[:STEP])
            if not rows:
                break
            previewed = {row.number: (row.target, row.changes) for row in rows}
            _judged(held, rows, actor)
            ready = []
            for row in rows:
                if row.outcome in DOES and not _moved_on(row, *previewed[row.number]):
                    ready.append(row)
                elif row.outcome in DOES:
                    row.outcome = RowOutcome.REFUSED
                    row.problems = [_problem(
                        message("预览之后，别人改了这一行的数"), message("请重新预览，核对后再导入"),
                    )]  # fmt: skip
            refused = _refused_of(lambda some: kind.apply(held, some, actor), ready)
            for row in ready:
                row.applied = row.number not in refused
                if not row.applied:
                    row.made = row.over = None
                    row.outcome = RowOutcome.REFUSED
                    remedy = message("请重新预览，核对后再导入")
                    row.problems = [_problem(why, remedy) for why in refused[row.number]]
            _keep(rows)
            done += len(rows)
            progress.advance(min(done, total), total)
    with progress.step():
        if _waits(held, progress):
            _count(held)
            ImportBatch.objects.filter(pk=held.pk).update(
                state=ImportState.APPLIED, applied_at=office_now()
            )


def _refused_of(
    act: Callable[[Sequence[ImportRow]], None], rows: Sequence[ImportRow]
) -> dict[int, list[Message]]:
    """Do rows: all at once, and one by one where that is refused; why, by number, some were not done."""
    try:
        with transaction.atomic():
            act(rows)
    except Refused as refusal:
        if len(rows) > 1:
            return {key: why for row in rows for key, why in _refused_of(act, [row]).items()}
        several = refusal.refusals if isinstance(refusal, SeveralRefused) else (refusal,)
        return {row.number: [one.message for one in several] for row in rows}
    return {}


@job(mark("撤销导入"))
def take_back_import(progress: Progress, batch: int) -> None:
    """Take it back in steps; what was built on it meanwhile stays, and is told."""
    held = ImportBatch.objects.select_related("file", "owner", "source").get(pk=batch)
    if held.state != ImportState.UNDOING:
        return
    kind, actor = kind_of(held.kind), progress.owner or held.owner
    wanted = held.rows.filter(applied=True, made__isnull=False)
    total, done = wanted.count(), 0
    while True:
        with progress.step():
            if not _waits(held, progress):
                return
            rows = list(wanted.order_by("number")[:STEP])
            if not rows:
                break
            built = {key: [why] for key, why in kind.builds_on(held, rows, actor).items()}
            free = [row for row in rows if row.number not in built]
            built |= _refused_of(lambda some: kind.undo(held, some, actor), free)
            for row in rows:
                if stays := built.get(row.number):
                    row.problems = [_problem(why, message("这一行没有撤销")) for why in stays]
                row.applied, row.made = bool(stays), None
            _keep(rows)
            done += len(rows)
            progress.advance(min(done, total), total)
    with progress.step():
        if _waits(held, progress):
            _count(held)
            ImportBatch.objects.filter(pk=held.pk).update(
                state=ImportState.UNDONE, undone_at=office_now()
            )


JOBS: dict[str, Kind] = {
    "read_import": read_import,
    "apply_import": do_import,
    "undo_import": take_back_import,
}


# -- reading


def remembered(batch: ImportBatch) -> dict[str, str]:
    """What headings mean for this body or person: what was said before, and of this file."""
    whose = batch.whose or f"person {batch.owner_id}"
    known = ImportMapping.objects.filter(kind=batch.kind, whose=whose)
    return {**dict(known.values_list("heading", "column")), **batch.options.get("columns", {})}


def unit_of_page(batch: ImportBatch, title: str) -> str:
    """In which unit the money of a page was said to be where the page does not say it."""
    said = batch.options.get("units", {}).get(title) or batch.options.get("unit")
    return str(said or "")


def _layout(batch: ImportBatch) -> Layout:
    headings: dict[str, list[str]] = {}
    meant: dict[str, str] = {}
    for heading, column in remembered(batch).items():
        if column:
            headings.setdefault(column, []).append(heading)
            meant[squeeze(heading)] = column
    layout = kind_of(batch.kind).layout(batch.options, headings, office_day())
    return tuple(
        replace(sheet, columns=tuple(_without_others(column, meant) for column in sheet.columns))
        for sheet in layout
    )


def _without_others(column: Column, meant: Mapping[str, str]) -> Column:
    """The column without headings of which somebody said that they mean another."""
    left = tuple(
        heading
        for heading in column.headings
        if meant.get(squeeze(f"{column.over}{heading}"), column.name) == column.name
    )
    return column if left == column.headings else replace(column, headings=left or (column.name,))


def _read_all(
    batch: ImportBatch, looked: Sequence[Looked]
) -> tuple[list[Any], list[ImportRow], list[Any]]:
    """Headings, rows and remarks of all pages."""
    seen: list[Any] = []
    notes: list[Any] = []
    rows: list[ImportRow] = []
    ignored = {heading for heading, column in remembered(batch).items() if not column}
    for one in looked:
        seen.append({
            "sheet": one.page.title,
            "table": one.sheet.name if one.sheet else "",
            "unit": one.unit,
            "strange": one.strange_unit,
            "asks": False,
            "headings": [
                {"text": h.text, "letter": h.letter, "column": "" if h.text in ignored else h.column,
                 "unit": h.unit, "samples": list(h.samples), "ignored": h.text in ignored,
                 "money": h.money, "lost": h.lost and [kept(h.lost.rule), kept(h.lost.remedy)]}
                for h in one.headings
            ],
        })  # fmt: skip
        if one.sheet is None:
            text = message("认不出工作表“{title}”是哪张表，没有读", title=one.page.title)
            notes.append({"sheet": one.page.title, "address": "", "said": kept(text)})
            continue
        if why := kind_of(batch.kind).fits(one, batch.options):
            notes.append({"sheet": one.page.title, "address": "", "said": kept(why), "lost": True})
            continue
        left = {h.column for h in one.headings if h.text in ignored}
        kept_ones = tuple(
            h.text for h in one.headings if h.column in kind_of(batch.kind).kept - left
        )
        if kept_ones:
            text = message("“{columns}”只供核对，导入不改", columns=kept_ones)
            notes.append({"sheet": one.page.title, "address": "", "said": kept(text)})
        read = one.read(unit_of_page(batch, one.page.title) or None)
        seen[-1]["asks"] = not left.issuperset(read.unitless)
        rows += _rows_of(batch, one.sheet, read, left, len(rows))
        notes += [
            {"sheet": note.sheet, "address": note.address, "said": kept(note.text)}
            for note in read.notes
        ]
        notes += [
            {"sheet": one.page.title, "address": refusal.address, "heading": refusal.value,
             "said": kept(refusal.rule), "remedy": kept(refusal.remedy), "lost": True}
            for refusal in read.refusals
            if (refusal.whole_column or not refusal.row) and refusal.value not in ignored
        ]  # fmt: skip
    notes.sort(key=lambda note: not note.get("lost"))
    return seen, rows, notes[:MOST_NOTES]


def _rows_of(
    batch: ImportBatch, sheet: Sheet, read: Read, left: set[str], before: int
) -> Iterator[ImportRow]:
    """Rows as they would be taken in: those read, and those that were refused whole."""
    kind = kind_of(batch.kind)
    found = read.sheets.get(sheet.name)
    by_row: dict[int, list[Refusal]] = {}
    for refusal in read.refusals:
        if refusal.row and not refusal.whole_column:
            by_row.setdefault(refusal.row, []).append(refusal)
    number = before
    letters: dict[str, str] = {}
    for index, row in enumerate(found.rows if found else ()):
        assert found is not None
        letters = {at: name for name, at in found.span(index).letters.items()}
        values = {name: plain_value(value) for name, value in row.items() if name not in left}
        refused = by_row.pop(found.places[index], [])
        problems = [_refused_cell(one, letters) for one in refused]
        for part in kind.split({k: v for k, v in values.items() if v is not None}, batch.options):
            number += 1
            own = [p for p in problems if _belongs(p["column"], part)]
            yield ImportRow(
                batch=batch, number=number, sheet=found.title(index)[:100], place=found.places[index],
                name=str(row.get("name") or row.get("code") or "")[:200], values=part,
                raw={p["column"]: p["value"] for p in own if p["column"]}, problems=own,
                outcome=RowOutcome.REFUSED,
            )  # fmt: skip
    for place, refused in sorted(by_row.items()):
        if not any(one.whole_row for one in refused):
            continue
        number += 1
        yield ImportRow(
            batch=batch, number=number, sheet=refused[0].sheet[:100], place=place,
            name=refused[0].name[:200], values={}, outcome=RowOutcome.REFUSED,
            problems=[_refused_cell(one, letters) for one in refused], chosen=False,
        )  # fmt: skip


def _belongs(column: str, part: Mapping[str, Any]) -> bool:
    """Is a refused cell one of this part of the row: that of its year, or of no year."""
    _, _, year = column.partition("@")
    return not year or str(part.get("year", "")) == year


def _refused_cell(refusal: Refusal, letters: Mapping[str, str]) -> dict[str, Any]:
    at = "".join(sign for sign in refusal.address if sign.isalpha())
    return {
        "column": "" if refusal.whole_row else letters.get(at, ""),
        "address": refusal.address,
        "heading": refusal.heading,
        "value": refusal.value,
        "rule": kept(refusal.rule),
        "remedy": kept(refusal.remedy),
    }


def plain_value(value: object) -> Any:
    """A value as read, as JSON keeps it: days as YYYY-MM-DD, lists of names."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [str(part) for part in value]
    return value


def _problem(rule: Message, remedy: Message, column: str = "") -> dict[str, Any]:
    return {
        "column": column,
        "address": "",
        "heading": "",
        "value": "",
        "rule": kept(rule),
        "remedy": kept(remedy),
    }


problem = _problem
"""What is the matter with a row, for kinds of import: the rule, what to do, in which column."""


def _judged(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Say of rows what they would do; a row of which a cell could not be read waits to be mended."""
    readable = [row for row in rows if row.values and not is_left_out(row)]
    kind_of(batch.kind).judge(batch, readable, actor)


def _repeats(row: ImportRow) -> list[int]:
    """The rows of the file that speak of the same thing and say something else."""
    return [number for one in row.problems for number in one.get("repeats", ())]


def is_left_out(row: ImportRow) -> bool:
    """Did somebody say that another row of the same thing is to be taken."""
    return any(one.get("left") for one in row.problems)


def _earlier_judged(
    batch: ImportBatch, piece: Sequence[ImportRow], actor: AbstractBaseUser
) -> None:
    """Judge anew what rows of earlier pieces say otherwise than these."""
    wanted = {number for row in piece for number in _repeats(row)} - {row.number for row in piece}
    rows = list(batch.rows.filter(number__in=wanted))
    if rows:
        _judged(batch, rows, actor)
        fields = ["outcome", "problems", "changes", "target", "candidates"]
        ImportRow.objects.bulk_update(rows, fields, batch_size=100)


def _waits(held: ImportBatch, progress: Progress) -> bool:
    """Does the import still wait for this job; it is held so until the step ends."""
    rows = ImportBatch.objects.select_for_update(of=("self",))
    rows = rows.filter(pk=held.pk, state=held.state, job=progress.job.pk)
    return bool(rows.values_list("pk"))


def _moved_on(row: ImportRow, target: int | None, previewed: Mapping[str, Any]) -> bool:
    """Was something else there, or another meant, when the row was looked at: then it stays."""
    return row.target != target or any(
        name not in previewed or previewed[name][0] != old for name, (old, _) in row.changes.items()
    )


def _keep(rows: Sequence[ImportRow]) -> None:
    """Keep what became of rows; those that were done as they were seen need the least."""
    plain = [row for row in rows if row.outcome in DOES]
    others = [row for row in rows if row.outcome not in DOES]
    with connection.cursor() as cursor:
        cursor.executemany(DONE, [(row.applied, row.made, row.over, row.pk) for row in plain])
    fields = ["applied", "made", "over", "outcome", "problems", "changes", "target"]
    ImportRow.objects.bulk_update(others, fields, batch_size=100)


def _count(batch: ImportBatch) -> None:
    found = batch.rows.order_by().values_list("outcome").annotate(number=Count("pk"))
    counts = Counter(dict(found))
    batch.counts = {**counts, "applied": batch.rows.filter(applied=True).count()}
    ImportBatch.objects.filter(pk=batch.pk).update(counts=batch.counts)


def _pieces(rows: Any) -> Iterator[list[ImportRow]]:
    """Rows in pieces, in their order."""
    piece: list[ImportRow] = []
    for row in rows.order_by("number").iterator(STEP):
        piece.append(row)
        if len(piece) == STEP:
            yield piece
            piece = []
    if piece:
        yield piece


def _in_state(batch: ImportBatch, actor: AbstractBaseUser, *states: ImportState) -> ImportBatch:
    """The batch, locked, if it stands where this can be done and is this person's to handle."""
    locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not ImportBatch.objects.visible_to(actor).filter(pk=batch.pk).exists() or not kind_of(
        locked.kind
    ).may(actor):
        raise NotAllowed(message("您不能办这次导入"))
    if locked.state not in states:
        state = message(ImportState(locked.state).label)
        raise Refused(message("这次导入现在是“{state}”，不能这样做；请刷新页面", state=state))
    return locked


def _moved(
    batch: ImportBatch, state: ImportState, actor: AbstractBaseUser, verb: str,
    changes: dict[str, tuple[object, object]], *fields: str,
) -> ImportBatch:  # fmt: skip
    before = batch.state
    batch.state = state
    batch.save(update_fields=["state", *fields])
    write(
        actor=actor,
        action=f"foundation.importbatch.{verb}",
        thing=batch,
        changes={"state": (before, str(state)), **changes},
    )
    return batch


def _failed(progress: Progress, batch: ImportBatch, why: Message) -> NoReturn:
    """The file cannot be read: nor is the job done.

    Raises:
        Refused: always, with the reason.
    """
    with progress.step():
        if _waits(batch, progress):
            ImportBatch.objects.filter(pk=batch.pk).update(
                state=ImportState.FAILED, failure=why.say()
            )
        progress.advance(0, 0)
    raise Refused(why)
