"""Writing the record: one line in the transaction of the change. Reading what it hides."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from peiyu.office.foundation import access_log
from peiyu.office.foundation.ciphers import Held, closed, key_of, opened_box, seal_of
from peiyu.office.foundation.confidentiality import HIDDEN, Class, class_of
from peiyu.office.foundation.days import moment_on, office_day
from peiyu.office.foundation.models import AccessKind, RecordLine, RecordSecret
from peiyu.office.foundation.refusals import Refused, too_long
from peiyu.words import message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

Change = tuple[object, object]
Subject = models.Model | tuple[str, str]
"""A thing, or its label and key where the thing itself is gone."""
LONGEST_TITLE, LONGEST_REASON = 200, 500
AT_ONCE = 400
"""Lines written in one statement."""


def write(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    thing: models.Model,
    changes: Mapping[str, Change] | None = None,
    reason: str = "",
    about: Subject | None = None,
    for_whom: models.Model | None = None,
    day: date | None = None,
    at: datetime | None = None,
) -> RecordLine:
    """Write one line about `thing`; must run within the transaction of the change itself.

    `changes` maps field names to (old, new). Values of hidden fields go enciphered to the side
    table; the line keeps salted digests only. `about` is the thing in whose file the line is read,
    `thing` itself unless said. `actor` None is the system. Takes one query, or three where a field
    is hidden (four the first time for a thing).
    """
    line, boxes = _line(
        _about_to_write(), actor=actor, action=action, thing=thing, changes=changes or {},
        reason=reason, about=about, for_whom=for_whom, day=day, at=at,
    )  # fmt: skip
    line.save(force_insert=True)
    if boxes:
        for box in boxes:
            box.line = line
        RecordSecret.objects.bulk_create(boxes)
    return line


@dataclass(frozen=True, slots=True)
class Said:
    """One line of many that are written together: the thing, what changed, in whose file."""

    thing: models.Model
    changes: Mapping[str, Change]
    about: Subject | None = None
    reason: str = ""


def write_all(
    lines: Iterable[Said],
    *,
    actor: AbstractBaseUser | None,
    action: str,
    for_whom: models.Model | None = None,
) -> int:
    """Write many lines of one action at once; how many. Fields that are hidden are not for here.

    Must run within the transaction of the changes themselves.
    """
    name, day = _about_to_write(), office_day()
    at = moment_on(day)
    made = []
    for said in lines:
        line, boxes = _line(
            name, actor=actor, action=action, thing=said.thing, changes=said.changes,
            reason=said.reason, about=said.about, for_whom=for_whom, day=day, at=at,
        )  # fmt: skip
        if boxes:
            raise RuntimeError("hidden fields are written one line at a time")
        made.append(line)
    RecordLine.objects.bulk_create(made, batch_size=AT_ONCE)
    return len(made)


def _about_to_write() -> uuid.UUID:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a line of the record is written in the transaction of the change")
    return _transaction()


def _line(
    name: uuid.UUID,
    *,
    actor: AbstractBaseUser | None,
    action: str,
    thing: models.Model,
    changes: Mapping[str, Change],
    reason: str,
    about: Subject | None,
    for_whom: models.Model | None,
    day: date | None,
    at: datetime | None,
) -> tuple[RecordLine, list[RecordSecret]]:
    """A line as it will stand, and what it hides."""
    if len(reason) > LONGEST_REASON:
        raise too_long(reason, LONGEST_REASON)
    label, key = named(thing)
    about_label, about_key = named(about or thing)
    day = day or office_day()
    line = RecordLine(
        transaction=name,
        at=at or moment_on(day),
        day=day,
        actor_id=actor.pk if actor else None,
        for_whom_id=for_whom.pk if for_whom else None,
        action=action,
        label=label,
        key=key,
        title=title_of(thing),
        about_label=about_label,
        about_key=about_key,
        salt=secrets.token_hex(16),
        reason=reason,
    )
    hidden = _fill(line, thing, changes)
    own = key_of(label, key) if hidden else None
    boxes = [closed(line, field, held, own) for field, held in hidden.items() if own is not None]
    line.digest = line_digest(line, boxes)
    return line, boxes


def changed(thing: models.Model, **new: object) -> dict[str, Change]:
    """The fields of `thing` that `new` would change, with old and new; sets them."""
    found: dict[str, Change] = {}
    for name, value in new.items():
        old = getattr(thing, name)
        if not same(old, value):
            found[name] = (old, value)
            setattr(thing, name, value)
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a line as a reader sees it; hidden values are not there."""

    field: str
    kind: Class
    old: Any = None
    new: Any = None
    hidden: bool = False


def shown(line: RecordLine, may_read: Collection[Class]) -> list[Shown]:
    """The fields that a line changed, values only of the classes that the reader may read."""
    model = apps.get_model(line.label)
    found = []
    for name in line.fields:
        kind = class_of(model, name)
        if name in line.values and kind in may_read:
            found.append(Shown(name, kind, *line.values[name]))
        else:
            found.append(Shown(name, kind, hidden=True))
    return found


@transaction.atomic
def opened(
    line: RecordLine, *, by: AbstractBaseUser, why: str, address: str | None = None
) -> dict[str, Change]:
    """The hidden values of a line, old and new by field; that they were looked at is logged."""
    if not why.strip():
        raise Refused(message("请写明为什么要查看"), field="why")
    found: dict[str, Change] = {}
    for secret in line.secrets.select_related("key").order_by("field"):
        held = opened_box(line, secret)
        if held is None:
            day = timezone.localdate(secret.key.destroyed_at).isoformat()
            raise Refused(message("这些内容的密钥已于 {day} 销毁，任何人都不能再查看", day=day))
        found[secret.field] = held.values()
    access_log.log(
        AccessKind.SECRET,
        actor=by,
        address=address,
        label=line.label,
        key=line.key,
        detail=f"#{line.pk} {' '.join(found)}: {why}",
    )
    return found


def same(old: object, new: object) -> bool:
    """Nothing changed: equal, or spelled alike (a date and its text)."""
    return (type(old) is type(new) and old == new) or plain(old) == plain(new)


def plain(value: object) -> Any:
    """A value as it stands in the record: JSON types only, exact."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str | uuid.UUID):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return f"{title_of(value)} #{value.pk}".lstrip()
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    raise TypeError(f"{type(value).__name__} has no place in the record: {value!r}")


def canonical(value: object) -> str:
    """The one spelling of a plain value of which digests are made."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def instant(value: datetime) -> str:
    """A moment, spelled alike wherever it was taken."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def named(thing: Subject) -> tuple[str, str]:
    """Label and key of a thing."""
    return thing if isinstance(thing, tuple) else (thing._meta.label_lower, str(thing.pk))


def title_of(thing: models.Model) -> str:
    """What the line calls the thing: its name, unless the name is itself hidden."""
    own = getattr(thing, "record_title", None)
    if own is not None:
        return str(own)[:LONGEST_TITLE]
    classes = getattr(thing, "classes", None)
    kinds: dict[str, Class] = classes.of if classes is not None else {}
    hides = not HIDDEN.isdisjoint(kinds.values())
    if hides and kinds.get("name", Class.SECRET) in HIDDEN:
        return ""
    return str(thing)[:LONGEST_TITLE]


def line_digest(line: RecordLine, boxes: Iterable[RecordSecret]) -> str:
    """The digest of all that a line says, hidden values as their boxes."""
    return hashlib.sha256(spelled(line, boxes).encode()).hexdigest()


def spelled(line: RecordLine, boxes: Iterable[RecordSecret]) -> str:
    """All that a line says, in the one spelling of which its digest and the chain are made."""
    return canonical({
        "transaction": str(line.transaction),
        "at": instant(line.at),
        "day": line.day.isoformat(),
        "actor": line.actor_id,
        "for_whom": line.for_whom_id,
        "action": line.action,
        "label": line.label,
        "key": line.key,
        "title": line.title,
        "about_label": line.about_label,
        "about_key": line.about_key,
        "fields": line.fields,
        "values": line.values,
        "salt": line.salt,
        "reason": line.reason,
        "secrets": sorted(seal_of(box) for box in boxes),
    })  # fmt: skip


def _fill(line: RecordLine, thing: models.Model, changes: Mapping[str, Change]) -> dict[str, Held]:
    """Put digests and open values into the line; give back what it must not show."""
    hidden: dict[str, Held] = {}
    line.fields, line.values = {}, {}
    for name, (old, new) in changes.items():
        if same(old, new):
            continue
        before, after = plain(old), plain(new)
        secret = class_of(thing, name) in HIDDEN
        salt = secrets.token_hex(16) if secret else line.salt
        held = Held(salt, canonical(before), canonical(after))
        line.fields[name] = held.digests()
        if secret:
            hidden[name] = held
        else:
            line.values[name] = [before, after]
    return hidden


class _Name:
    """The name of the present transaction, kept among what waits for its commit.

    There it goes when the transaction, or the savepoint in which it was given, is rolled back.
    """

    def __init__(self) -> None:
        self.uuid = uuid.uuid4()

    def __call__(self) -> None:
        """Nothing is left to do at the commit."""


def _transaction() -> uuid.UUID:
    connection = transaction.get_connection()
    for _, waiting, *_ in connection.run_on_commit:
        if isinstance(waiting, _Name):
            return waiting.uuid
    name = _Name()
    transaction.on_commit(name)
    return name.uuid
