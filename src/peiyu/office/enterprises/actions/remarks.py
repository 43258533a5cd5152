"""Notes on an enterprise, and its files."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from peiyu.office.accounts.models import Appointment, Role, User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.identity import tidy
from peiyu.office.enterprises.models import Enterprise, EnterpriseFile, Note
from peiyu.office.enterprises.permissions import (
    may_attach,
    may_note,
    may_suggest,
    may_withdraw_note,
)
from peiyu.office.foundation.models import RecordLine, StoredFile
from peiyu.office.foundation.record import named, write
from peiyu.office.foundation.refusals import Refused, too_long
from peiyu.office.notices.actions import tell
from peiyu.words import Message, message

LONGEST_NOTE = 2000
LONGEST_SUGGESTION, MOST_SUGGESTIONS = 500, 5


@transaction.atomic
def write_note(enterprise: Enterprise, *, text: str, at: datetime, actor: User) -> Note:
    """Leave a remark for those who work on this enterprise."""
    allow(may_note, actor, enterprise)
    said = text.strip()
    if not said:
        raise Refused(message("备注是空的"), field="text")
    if len(said) > LONGEST_NOTE:
        raise too_long(said, LONGEST_NOTE, "text")
    note = Note.objects.create(enterprise=enterprise, text=said, author=actor, written_at=at)
    write(
        actor=actor,
        action="enterprises.note.write",
        thing=note,
        changes={"text": (None, said)},
        about=enterprise,
    )
    return note


@transaction.atomic
def withdraw_note(note: Note, *, at: datetime, actor: User) -> Note:
    """Take back one's own remark; it stays in the record."""
    allow(may_withdraw_note, actor, note)
    note = Note.objects.select_for_update().get(pk=note.pk)
    if note.withdrawn_at is None:
        note.withdrawn_at = at
        note.save(update_fields=["withdrawn_at"])
        write(
            actor=actor,
            action="enterprises.note.withdraw",
            thing=note,
            changes={"withdrawn_at": (None, at)},
            about=note.enterprise,
        )
    return note


@transaction.atomic
def suggest(
    enterprise: Enterprise, *, text: str, on: date, at: datetime, actor: User
) -> RecordLine:
    """Tell the office what is wrong with one's entry; officers of its body and of the bureau read it.

    It changes nothing by itself: the words stand in the record, and an officer corrects the entry.
    """
    for_whom = allow(may_suggest, actor, enterprise)
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    said = "\n".join(tidy(part) for part in text.splitlines()).strip()
    if not said:
        raise Refused(message("请写明哪一项不对、应是什么"), field="text")
    if len(said) > LONGEST_SUGGESTION:
        raise too_long(said, LONGEST_SUGGESTION, "text")
    action, (label, key) = "enterprises.enterprise.suggest", named(enterprise)
    sent = RecordLine.objects.filter(
        about_label=label, about_key=key, action=action, day=on
    ).count()
    if sent >= MOST_SUGGESTIONS:
        raise Refused(
            message("今天已提出{number}次，请等经办答复后再提", number=sent), field="text"
        )
    line = write(
        actor=actor,
        action=action,
        thing=enterprise,
        reason=said,
        for_whom=for_whom,
        day=on,
        at=at,
    )
    tell(
        _officers_of(enterprise, on),
        title=message("{name}提出更正登记事项", name=enterprise.name),
        text=Message(said),
        link=f"/enterprises/{enterprise.pk}/",
        at=at,
    )
    return line


def _officers_of(enterprise: Enterprise, on: date) -> list[User]:
    """Who keeps the entry: officers of the body to which it is attributed, and of the bureau."""
    held = Appointment.objects.in_force(on).filter(
        Q(role=Role.BUREAU_OFFICER)
        | Q(role__in=[Role.TOWN_OFFICER, Role.ZONE_OFFICER], body=enterprise.body_id)
    )
    return [appointment.person for appointment in held.select_related("person")]


@transaction.atomic
def attach(
    enterprise: Enterprise,
    *,
    file: StoredFile,
    title: str,
    replaces: EnterpriseFile | None = None,
    actor: User,
) -> EnterpriseFile:
    """Attach a stored file, new or as the next version of another."""
    for_whom = allow(may_attach, actor, enterprise)
    named = tidy(title) or file.name
    version = 1
    if replaces is not None:
        replaces = EnterpriseFile.objects.select_for_update().get(
            pk=replaces.pk, enterprise=enterprise
        )
        if replaces.replaced_by_id is not None:
            raise Refused(message("“{title}”已有更新的版本", title=replaces.title))
        version = replaces.version + 1
    attached = EnterpriseFile.objects.create(
        enterprise=enterprise, file=file, title=named[:200], version=version
    )
    if replaces is not None:
        replaces.replaced_by = attached
        replaces.save(update_fields=["replaced_by"])
    write(
        actor=actor,
        action="enterprises.file.attach",
        thing=attached,
        changes={"title": (None, attached.title), "version": (None, version)},
        about=enterprise,
        for_whom=for_whom,
    )
    return attached
