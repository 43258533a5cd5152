"""Where facts come from: each way of knowing one, recorded."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.models import Source, SourceKind, StoredFile
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def of_document(
    title: str,
    *,
    actor: AbstractBaseUser | None,
    number: str = "",
    dated_on: date | None = None,
    file: StoredFile | None = None,
) -> Source:
    """A document: a certificate, a report, a notice, with or without its copy."""
    return _recorded(SourceKind.DOCUMENT, title, actor, number=number, dated_on=dated_on, file=file)


def of_person(
    person: AbstractBaseUser,
    title: str,
    *,
    actor: AbstractBaseUser | None,
    dated_on: date | None = None,
    file: StoredFile | None = None,
) -> Source:
    """The word of a person, who need not be the one who writes it down."""
    return _recorded(SourceKind.PERSON, title, actor, person=person, dated_on=dated_on, file=file)


def of_import(
    reference: str,
    title: str,
    *,
    actor: AbstractBaseUser | None,
    file: StoredFile | None = None,
) -> Source:
    """A batch of rows; `reference` is its key in the room that took it in."""
    return _recorded(SourceKind.IMPORT, title, actor, reference=reference, file=file)


def of_ledger(
    reference: str,
    title: str,
    *,
    actor: AbstractBaseUser | None,
    file: StoredFile | None = None,
) -> Source:
    """A run of the ledger of R&D expenses."""
    return _recorded(SourceKind.LEDGER, title, actor, reference=reference, file=file)


@transaction.atomic
def _recorded(
    kind: SourceKind,
    title: str,
    actor: AbstractBaseUser | None,
    *,
    number: str = "",
    dated_on: date | None = None,
    reference: str = "",
    person: AbstractBaseUser | None = None,
    file: StoredFile | None = None,
) -> Source:
    title = title.strip()
    if not title:
        raise Refused(message("来源没有名称；请写明是哪份文件或哪一批数据"), field="title")
    if len(title) > 200:
        raise Refused(
            message("来源名称有 {number} 个字，最多 200 个；请缩短", number=len(title)),
            field="title",
        )
    if kind in (SourceKind.IMPORT, SourceKind.LEDGER) and not reference:
        raise Refused(message("来源“{title}”没有批次号", title=title), field="reference")
    source = Source.objects.create(
        kind=kind,
        title=title,
        number=number.strip(),
        dated_on=dated_on,
        reference=reference,
        person_id=person.pk if person else None,
        file=file,
        recorded_at=office_now(),
        recorded_by_id=actor.pk if actor else None,
    )
    said = {"kind": str(kind), "title": title, "number": source.number, "dated_on": dated_on,
            "reference": reference, "person": person, "file": file and file.sha256}  # fmt: skip
    write(
        actor=actor,
        action="foundation.source.record",
        thing=source,
        changes={name: (None, value) for name, value in said.items() if value},
    )
    return source
