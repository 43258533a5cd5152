"""Hidden values: each subject has a key of its own, without which they cannot be read."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from peiyu.office.foundation.models import RecordKey, RecordLine, RecordSecret

TABLE = RecordKey._meta.db_table


@dataclass(frozen=True, slots=True)
class Held:
    """One hidden field of a line: its salt, old and new value as spelled in the record."""

    salt: str
    old: str
    new: str

    def values(self) -> tuple[Any, Any]:
        """Old and new as plain values."""
        return json.loads(self.old), json.loads(self.new)

    def digests(self) -> list[str]:
        """What the line keeps of them."""
        return [_sha256(f"{self.salt}{value}".encode()) for value in (self.old, self.new)]


class Spoilt(Exception):
    """A box does not open although its key lives: one of the two was altered."""


def key_of(label: str, subject: str) -> RecordKey:
    """The living key of a subject; made when there is none."""
    found = RecordKey.objects.filter(label=label, subject=subject, destroyed_at=None).first()
    if found is not None:
        return found
    with connection.cursor() as cursor:  # a second transaction that makes it too gets the first's
        cursor.execute(
            f"INSERT INTO {TABLE} (label, subject, key) VALUES (%s, %s, %s)"  # noqa: S608  no text of a user
            " ON CONFLICT (label, subject) WHERE destroyed_at IS NULL"
            " DO UPDATE SET subject = excluded.subject RETURNING id, key",
            [label, subject, AESGCM.generate_key(256)],
        )
        pk, key = cursor.fetchone()
    return RecordKey(pk=pk, label=label, subject=subject, key=bytes(key))


def closed(line: RecordLine, field: str, held: Held, key: RecordKey) -> RecordSecret:
    """The box of one hidden field; it opens only as this field of this line."""
    assert key.key is not None
    nonce = secrets.token_bytes(12)
    inside = json.dumps([held.salt, held.old, held.new]).encode()
    box = AESGCM(bytes(key.key)).encrypt(nonce, inside, _place(line, field))
    return RecordSecret(field=field, key=key, nonce=nonce, box=box)


def opened_box(line: RecordLine, secret: RecordSecret) -> Held | None:
    """What a box holds; None when its key was destroyed."""
    if secret.key.key is None:
        return None
    try:
        inside = AESGCM(bytes(secret.key.key)).decrypt(
            bytes(secret.nonce), bytes(secret.box), _place(line, secret.field)
        )
        return Held(*json.loads(inside))
    except (InvalidTag, ValueError, TypeError) as fault:
        raise Spoilt(secret.field) from fault


def seal_of(secret: RecordSecret) -> list[Any]:
    """What the line's digest keeps of a box: whose it is and the digest of its bytes."""
    return [secret.field, secret.key_id, _sha256(bytes(secret.nonce) + bytes(secret.box))]


def _place(line: RecordLine, field: str) -> bytes:
    return f"{line.salt}/{field}".encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
