"""Writing the record: one line in the transaction of the change."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models, transaction
from django.utils import timezone

from peiyu.office.foundation.confidentiality import HIDDEN, class_of
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.models import RecordKey, RecordLine, RecordSecret, RecordTail

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

Change = tuple[object, object]


def write(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    thing: models.Model,
    changes: Mapping[str, Change] | None = None,
    reason: str = "",
    about: models.Model | None = None,
    for_whom: models.Model | None = None,
    day: date | None = None,
    at: datetime | None = None,
) -> RecordLine:
    """Write one line about `thing`; must run within the transaction of the change itself.

    `changes` maps field names to (old, new). Values of hidden fields go enciphered to the side
    table; the line keeps salted digests only. `about` is the thing in whose file the line is read,
    `thing` itself unless said. `actor` None is the system.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("a line of the record is written in the transaction of the change")
    about = about or thing
    salt = secrets.token_hex(16)
    hidden: dict[str, tuple[str, str, str]] = {}
    digests: dict[str, list[str]] = {}
    values: dict[str, list[Any]] = {}
    for name, (old, new) in (changes or {}).items():
        before, after = plain(old), plain(new)
        if before == after:
            continue
        own_salt = salt
        if class_of(thing, name) in HIDDEN:
            own_salt = secrets.token_hex(16)
            hidden[name] = (own_salt, canonical(before), canonical(after))
        else:
            values[name] = [before, after]
        digests[name] = [digest_of(own_salt, before), digest_of(own_salt, after)]
    line = RecordLine.objects.create(
        transaction=_transaction(),
        at=at or timezone.now(),
        day=day or office_day(),
        actor_id=actor.pk if actor else None,
        for_whom_id=for_whom.pk if for_whom else None,
        action=action,
        label=thing._meta.label_lower,
        key=str(thing.pk),
        title=_title(thing),
        about_label=about._meta.label_lower,
        about_key=str(about.pk),
        fields=digests,
        values=values,
        salt=salt,
        reason=reason[:500],
    )
    if hidden:
        key = _key_for(thing)
        cipher = AESGCM(bytes(key.key or b""))
        RecordSecret.objects.bulk_create(
            _enciphered(cipher, line, key, name, held) for name, held in hidden.items()
        )
    return line


def changed(thing: models.Model, **new: object) -> dict[str, Change]:
    """The fields of `thing` that `new` would change, with old and new; sets them."""
    found: dict[str, Change] = {}
    for name, value in new.items():
        old = getattr(thing, name)
        if plain(old) != plain(value):
            found[name] = (old, value)
            setattr(thing, name, value)
    return found


def plain(value: object) -> Any:
    """A value as it stands in the record: JSON types only, exact."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return f"{value} #{value.pk}"
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    raise TypeError(f"{type(value).__name__} has no place in the record: {value!r}")


def canonical(value: object) -> str:
    """The one spelling of a plain value of which digests are made."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(salt: str, value: object) -> str:
    """SHA-256 of salt and value."""
    return hashlib.sha256(f"{salt}{canonical(value)}".encode()).hexdigest()


def _title(thing: models.Model) -> str:
    """What the line calls the thing: its name, unless the name is itself hidden."""
    hides = any(kind in HIDDEN for kind in getattr(thing, "classes").of.values())  # noqa: B009
    named = getattr(thing, "record_title", None)
    if named is not None:
        return str(named)[:200]
    return "" if hides and "name" not in _open_fields(thing) else str(thing)[:200]


def _open_fields(thing: models.Model) -> set[str]:
    return {name for name, kind in getattr(thing, "classes").of.items() if kind not in HIDDEN}  # noqa: B009


def _transaction() -> uuid.UUID:
    """The name of the present transaction; its tail row goes when it does not commit."""
    connection: Any = transaction.get_connection()
    found: uuid.UUID | None = getattr(connection, "record_transaction", None)
    if found is None or not RecordTail.objects.filter(pk=found).exists():
        found = uuid.uuid4()
        RecordTail.objects.create(transaction=found)
        connection.record_transaction = found
        transaction.on_commit(lambda: setattr(connection, "record_transaction", None))
    return found


def _key_for(thing: models.Model) -> RecordKey:
    key, _ = RecordKey.objects.get_or_create(
        label=thing._meta.label_lower,
        subject=str(thing.pk),
        defaults={"key": AESGCM.generate_key(256)},
    )
    return key


def _enciphered(
    cipher: AESGCM, line: RecordLine, key: RecordKey, name: str, held: tuple[str, str, str]
) -> RecordSecret:
    nonce = secrets.token_bytes(12)
    box = cipher.encrypt(nonce, json.dumps(held).encode(), f"{line.pk}/{name}".encode())
    return RecordSecret(line=line, field=name, key=key, nonce=nonce, box=box)
