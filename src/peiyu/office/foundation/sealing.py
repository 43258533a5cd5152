"""The chain of the record: what is committed gets its link, each day its head."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from peiyu.office.foundation.models import (
    DayHead,
    RecordLine,
    RecordLink,
    RecordSecret,
    RecordTail,
)
from peiyu.office.foundation.record import canonical, instant, spelled

BEFORE_THE_FIRST = "0" * 64
"""What the first link has for a link before it."""
AT_ONCE = 200
"""So many transactions are sealed under one lock."""
LINES_AT_ONCE = 500
Row = TypeVar("Row", bound=Model)
SEALERS = 0x7065697975
"""The name of the sealers' lock in PostgreSQL."""


class Growing:
    """The digest of one link while its lines are fed to it, in order of their numbers."""

    def __init__(self, link: RecordLink) -> None:
        head = [link.number, str(link.transaction), instant(link.sealed_at)]
        self.lines = 0
        self._hash = hashlib.sha256(f"{link.previous}{canonical(head)}".encode())

    def add(self, line: RecordLine) -> None:
        """One more line."""
        self.lines += 1
        self._hash.update(f"\n{line.pk} {spelled(line, line.secrets.all())}".encode())

    def digest(self) -> str:
        """The digest of the link with the lines that it was given."""
        ended = self._hash.copy()
        ended.update(f"\n{self.lines}".encode())
        return ended.hexdigest()


def hash_of(said: object) -> str:
    """The hash of plain values in their one spelling: a row's seal, of all that it says."""
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def sealed(row: Row, seal_of: Callable[[Row], str]) -> Row:
    """The row with its salt and its seal, which stands in the record as well (`verification.sealed_rows`)."""
    with_seal: Any = row
    with_seal.salt = with_seal.salt or secrets.token_hex(16)
    with_seal.seal = seal_of(row)
    return row


def tail() -> QuerySet[RecordTail]:
    """The transactions that are written and not yet in the chain, oldest first."""
    return RecordTail.objects.order_by("first")


def tail_size() -> int:
    """How many transactions wait for their link."""
    return tail().count()


def seal(now: datetime) -> int:
    """Append a link for each transaction of the tail; says how many.

    Several sealers take turns; one that is killed leaves the chain as it was.
    """
    sealed = 0
    while count := _seal_some(now):
        sealed += count
    return sealed


@transaction.atomic
def seal_day(day: date, *, now: datetime) -> DayHead | None:
    """Write the head of a day that is over, to the table and to a sealed file; None if no link yet.

    The file is never written over: what differs from it is an error for the auditor.
    """
    if timezone.localdate(now) <= day:
        raise ValueError(f"{day} is not over yet")
    _alone()
    head = DayHead.objects.filter(day=day).first()
    if head is not None:
        return head
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    link = RecordLink.objects.filter(sealed_at__lt=end).order_by("-number").first()
    if link is None:
        return None
    file = head_file(day)
    _write_once(file, canonical(words_of(day, link, now)))
    said = read_head(file) or {}
    written_at = parse_datetime(
        str(said.get("written_at"))
    )  # an earlier sealer's, if it was killed
    if written_at is None or said != words_of(day, link, written_at):
        raise FileExistsError(f"{file} already says something else")
    return DayHead.objects.create(
        day=day, link=link, digest=link.digest, file=file.name, written_at=written_at
    )


def words_of(day: date, link: RecordLink, written_at: datetime) -> dict[str, Any]:
    """What the sealed file of a day says."""
    return {
        "day": day.isoformat(),
        "link": link.number,
        "digest": link.digest,
        "written_at": instant(written_at),
    }


def head_file(day: date) -> Path:
    """Where the head of a day is kept."""
    return Path(settings.HEADS_ROOT) / f"{day.isoformat()}.json"


def read_head(file: Path) -> dict[str, Any] | None:
    """What a sealed file says; None when it cannot be read as one."""
    try:
        words = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return words if isinstance(words, dict) else None


def lines_of(transactions: Collection[Any]) -> Iterator[RecordLine]:
    """The lines of some transactions in order of their numbers, with their boxes and keys."""
    found = RecordLine.objects.filter(transaction__in=transactions).order_by("pk")
    return with_boxes(found)


def with_boxes(lines: QuerySet[RecordLine]) -> Iterator[RecordLine]:
    """Lines one after the other, with their boxes and keys, however many they are."""
    boxes = Prefetch("secrets", RecordSecret.objects.select_related("key"))
    return lines.prefetch_related(boxes).iterator(chunk_size=LINES_AT_ONCE)


@transaction.atomic
def _seal_some(now: datetime) -> int:
    _alone()
    own = {"transaction": OuterRef("transaction")}
    waiting = list(
        tail()
        .filter(Exists(RecordLine.objects.filter(**own)), ~Exists(RecordLink.objects.filter(**own)))
        .values_list("transaction", flat=True)[:AT_ONCE]
    )  # what is not as it should be stays in the tail, where `verify` finds it
    last = RecordLink.objects.order_by("-number").first()
    for name in waiting:
        link = RecordLink(
            number=last.number + 1 if last else 1,
            transaction=name,
            previous=last.digest if last else BEFORE_THE_FIRST,
            sealed_at=now,
        )
        growing = Growing(link)
        for line in lines_of([name]):
            growing.add(line)
        link.lines, link.digest = growing.lines, growing.digest()
        link.save(force_insert=True)
        last = link
    RecordTail.objects.filter(transaction__in=waiting).delete()
    return len(waiting)


def _alone() -> None:
    """One sealer at a time; in SQLite whoever writes is alone already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALERS])


def _write_once(file: Path, text: str) -> None:
    """Write, push to the disk, make read-only, and only then give the name, if it is free."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(
        "w", dir=file.parent, encoding="utf-8", prefix=".", delete=False
    ) as out:
        out.write(text)
        out.flush()
        os.fchmod(out.fileno(), 0o400)
        os.fsync(out.fileno())
    try:
        with suppress(FileExistsError):
            os.link(out.name, file)
    finally:
        Path(out.name).unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
