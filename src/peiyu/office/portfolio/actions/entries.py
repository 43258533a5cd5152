"""Recording rows of evidence: each time a new version; what stood before stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.models import ImportBatch, Source
from peiyu.office.foundation.record import Said, write_all
from peiyu.office.foundation.refusals import Conflict, Difference, Refused, too_long
from peiyu.office.foundation.sealing import sealed
from peiyu.office.portfolio.checking import Values, check, key_of, settled
from peiyu.office.portfolio.findable import index
from peiyu.office.portfolio.flags import recount
from peiyu.office.portfolio.models import OF_TABLE, Entry, written
from peiyu.office.portfolio.permissions import may_record, speaks_for_it
from peiyu.office.portfolio.seals import seal_of
from peiyu.policy.case import Scalar
from peiyu.policy.evidence import IP, Evidence
from peiyu.words import message

AT_ONCE = 200
LONGEST_REASON = 300
Place = tuple[int, str]
"""Enterprise and key of a row."""


@dataclass(frozen=True, slots=True)
class Act:
    """What all versions of one act share: from what, by whom, when; the office's day is asked once."""

    source: Source
    actor: User | None
    batch: ImportBatch | None = None
    at: datetime = field(default_factory=office_now)
    on: date = field(default_factory=office_day)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be said of one row; facts not named stay as they are."""

    enterprise: Enterprise
    key: str
    values: Values
    reason: str = ""


@transaction.atomic
def record_entry(
    enterprise: Enterprise,
    table: Evidence,
    values: Values,
    *,
    source: Source,
    actor: User,
    key: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Entry:
    """Enter a row, or correct the one of that key; gives the version that now stands.

    Only the facts named change. A new row without a number gets the next one. `seen` is the version
    that was before the one who types (0: none): what another changed since raises Conflict. Changing
    what was known needs a reason, but for the enterprise itself.

    Raises:
        Refused: no right, something that cannot be, a number that is taken, no reason.
        Conflict: somebody else changed these facts since `seen`.
    """
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    allow(lambda person, one: may_record(person, one, table.name), actor, held)
    before = standing_at(table, [(held.pk, key)]).get((held.pk, key)) if key else None
    if key and before is None:
        raise Refused(message("没有“{key}”这一行，可能刚被撤下；请刷新", key=key[:60]))
    values = settled(values)
    if before is None:
        values = _numbered(held, table, values)
    said = {**before.values(), **values} if before else dict(values)
    check(table, said, office_day())
    named = key_of(table, said)
    if before is None and standing_at(table, [(held.pk, named)]):
        raise Refused(
            message("已有“{key}”，请改用别的编号，或去更正那一行", key=named), field=table.key[0]
        )
    if before is not None and named != key:
        raise Refused(message("编号不能改；写错的撤下这一行，另登一行"), field=table.key[0])
    if before is not None and seen is not None:
        _no_conflict(table, before, values, seen)
    _need_reason(before, values, reason, speaks_for_it(actor, held))
    wanted = Wanted(held, named, values, reason.strip())
    made = record_all(table, [wanted], source=source, actor=actor)[0]
    if made is not None:
        recount([held], office_day())
    found = made or before
    assert found is not None
    return found


@transaction.atomic
def withdraw_entry(entry: Entry, *, reason: str, source: Source, actor: User) -> Entry:
    """Say that the row should not be there; its versions stay."""
    held = Enterprise.objects.select_for_update().get(pk=entry.enterprise_id)
    table = entry.table
    allow(lambda person, one: may_record(person, one, table.name), actor, held)
    if not reason.strip():
        raise Refused(message("请写明为什么撤下"), field="reason")
    if len(reason) > LONGEST_REASON:
        raise too_long(reason, LONGEST_REASON)
    before = standing_at(table, [(held.pk, entry.key)]).get((held.pk, entry.key))
    if before is None or before.version != entry.version:
        raise Refused(message("这一行已有改动或已撤下，请刷新后再办"))
    act = Act(source, actor)
    row = _next(table, held, entry.key, before.version, act, reason.strip())
    row.withdrawn = True
    _written(table, [row], {before.pk}, actor, "withdraw")
    recount([held], office_day())
    return row


def record_all(
    table: Evidence,
    wanted: Sequence[Wanted],
    *,
    source: Source,
    actor: User | None,
    batch: ImportBatch | None = None,
    known: Mapping[Place, Entry] | None = None,
) -> list[Entry | None]:
    """Record many rows of a table, each once; None where nothing would change.

    For one who has asked whether it is allowed, has checked the values and has locked the
    enterprises. `known` has what stands, if it was read.
    """
    places = [(one.enterprise.pk, one.key) for one in wanted]
    if known is None:
        known = standing_at(table, places)
    numbers = last_versions(table, places)
    made: list[Entry | None] = []
    ended = set()
    act = Act(source, actor, batch)
    for one, place in zip(wanted, places, strict=True):
        before = known.get(place)
        stands = before.values() if before else {}
        if before is not None and not differing(stands, one.values):
            made.append(None)
            continue
        row = _next(table, one.enterprise, one.key, numbers.get(place, 0), act, one.reason)
        _filled(row, {**stands, **one.values})
        made.append(row)
        if before is not None:
            ended.add(before.pk)
    rows = [row for row in made if row is not None]
    _written(table, rows, ended, actor, "record")
    return made


def take_back(
    table: Evidence,
    made: Sequence[Entry],
    *,
    source: Source,
    actor: User | None,
    batch: ImportBatch,
) -> list[Entry]:
    """Restore what stood before these versions, by a new one of each; none must follow them."""
    kind = OF_TABLE[table.name]
    earlier: dict[tuple[int, str, int], Entry] = {
        (row.enterprise_id, row.key, row.version): row
        for row in kind.objects.filter(
            enterprise__in={one.enterprise_id for one in made}, key__in={one.key for one in made}
        )
    }
    rows = []
    act = Act(source, actor, batch)
    why = message("撤销导入").say()
    for one in made:
        old = earlier.get((one.enterprise_id, one.key, one.version - 1))
        own = replace(act, source=old.source) if old else act
        row = _next(table, one.enterprise, one.key, one.version, own, why)
        row.withdrawn = old is None or old.withdrawn
        if old is not None and not old.withdrawn:
            _filled(row, old.values())
        rows.append(row)
    _written(table, rows, {one.pk for one in made}, actor, "take_back")
    return rows


def as_kept(
    table: Evidence, rows: Sequence[Entry], *, of: Enterprise, reason: str, actor: User
) -> list[Entry]:
    """Let an enterprise have rows that another entry of it has, unless it has its own of that key."""
    places = [(of.pk, row.key) for row in rows]
    there, numbers = standing_at(table, places), last_versions(table, places)
    made = []
    at, on = office_now(), office_day()
    for row, place in zip(rows, places, strict=True):
        if place in there:
            continue
        act = Act(row.source, actor, at=at, on=on)
        one = _next(table, of, row.key, numbers.get(place, 0), act, reason)
        _filled(one, row.values())
        made.append(one)
    _written(table, made, (), actor, "carry_over")
    return made


def standing_at(table: Evidence, places: Iterable[Place]) -> dict[Place, Entry]:
    """What stands at places; one query."""
    wanted = set(places)
    rows = OF_TABLE[table.name].objects.filter(
        superseded_on=None, withdrawn=False, enterprise__in={key for key, _ in wanted}
    )
    if len(wanted) <= AT_ONCE:
        rows = rows.filter(key__in={key for _, key in wanted})
    found = {(row.enterprise_id, row.key): row for row in rows.select_related("enterprise")}
    return {place: row for place, row in found.items() if place in wanted}


def last_versions(table: Evidence, places: Iterable[Place]) -> dict[Place, int]:
    """The newest version at places, withdrawn ones too; one query."""
    wanted = set(places)
    rows = OF_TABLE[table.name].objects.filter(
        superseded_on=None, enterprise__in={key for key, _ in wanted}
    )
    if len(wanted) <= AT_ONCE:
        rows = rows.filter(key__in={key for _, key in wanted})
    found = {
        (one, key): version
        for one, key, version in rows.values_list("enterprise", "key", "version")
    }
    return {place: version for place, version in found.items() if place in wanted}


def differing(stands: Values, values: Values) -> dict[str, tuple[Scalar, Scalar]]:
    """The facts that would change, old and new; `same` means that nothing does."""
    return {
        name: (stands.get(name), value)
        for name, value in values.items()
        if stands.get(name) != value
    }


def overturned(before: Entry | None, values: Values) -> bool:
    """Would something that was known become something else."""
    if before is None:
        return False
    changes = differing(before.values(), values)
    return any(old is not None for old, _ in changes.values())


def _next(
    table: Evidence, enterprise: Enterprise, key: str, version: int, act: Act, reason: str
) -> Entry:
    return OF_TABLE[table.name](
        enterprise=enterprise, key=key, version=version + 1, source=act.source, reason=reason,
        recorded_at=act.at, recorded_on=act.on, recorded_by=act.actor, batch=act.batch,
    )  # fmt: skip


def _filled(row: Entry, values: Values) -> None:
    for fact in row.table.facts:
        setattr(row, fact.name, written(values.get(fact.name), fact))


def _written(
    table: Evidence, rows: Sequence[Entry], ended: Iterable[int], actor: User | None, verb: str
) -> None:
    """Let the new versions stand in place of those that ended, with their lines."""
    kind = OF_TABLE[table.name]
    keys = [*ended, *_withdrawn_at(kind, rows)]
    for at in range(0, len(keys), AT_ONCE):
        kind.objects.filter(pk__in=keys[at : at + AT_ONCE]).update(superseded_on=office_day())
    kind.objects.bulk_create([sealed(row, seal_of) for row in rows], batch_size=AT_ONCE)
    if table is IP:
        index(rows, keys)
    label = kind._meta.model_name
    write_all(
        (
            Said(
                row,
                {
                    "version": (row.version - 1 or None, row.version),
                    "seal": (None, row.seal),
                    **({"withdrawn": (False, True)} if row.withdrawn else {}),
                },
                about=row.enterprise,
            )
            for row in rows
        ),
        actor=actor,
        action=f"portfolio.{label}.{verb}",
    )


def _withdrawn_at(kind: type[Entry], rows: Sequence[Entry]) -> list[int]:
    """Versions that say that nothing is stated, where now something is again."""
    later = {(row.enterprise_id, row.key) for row in rows if row.version > 1}
    if not later:
        return []
    found = kind.objects.filter(
        superseded_on=None, withdrawn=True, enterprise__in={key for key, _ in later}
    ).values_list("pk", "enterprise", "key")
    return [pk for pk, one, key in found if (one, key) in later]


def _numbered(enterprise: Enterprise, table: Evidence, values: Values) -> Values:
    """With the next number of the enterprise where none was given."""
    if not table.prefix or values.get("no"):
        return values
    taken = OF_TABLE[table.name].objects.filter(enterprise=enterprise, superseded_on=None)
    return {**values, "no": next_number(table, taken.values_list("key", flat=True))}


def next_number(table: Evidence, taken: Iterable[str]) -> str:
    """The number after the largest of its kind: IP07; P008 where people have three digits."""
    width = 3 if table.name == "people" else 2
    rest = [key.removeprefix(table.prefix) for key in taken if key.startswith(table.prefix)]
    largest = max((int(text) for text in rest if text.isascii() and text.isdigit()), default=0)
    return f"{table.prefix}{largest + 1:0{width}d}"


def _need_reason(before: Entry | None, values: Values, reason: str, own: bool) -> None:
    if len(reason) > LONGEST_REASON:
        raise too_long(reason, LONGEST_REASON)
    if not own and overturned(before, values) and not reason.strip():
        raise Refused(message("更正已有的内容要写明理由"), field="reason")


def _no_conflict(table: Evidence, before: Entry, values: Values, seen: int) -> None:
    """Refuse what another changed otherwise since the version that was seen."""
    if before.version <= seen:
        return
    old = (
        type(before)
        .objects.filter(enterprise=before.enterprise_id, key=before.key, version=seen)
        .first()
    )
    was = old.values() if old else {}
    stands = before.values()
    differences = tuple(
        Difference(name, value, stands.get(name))
        for name, value in values.items()
        if stands.get(name) not in (was.get(name), value)
    )
    if differences:
        text = "您填写期间，别人也改了这一行。两边的值都列在下面，请核对后再存"
        raise Conflict(message(text), differences)
