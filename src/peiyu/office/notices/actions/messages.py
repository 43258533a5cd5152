"""Telling people: a message is written with what it tells, and sent afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from peiyu.office.accounts.models import User
from peiyu.office.foundation.kept import kept
from peiyu.office.notices.models import Message
from peiyu.words import Message as Words


def tell(
    recipients: Iterable[User],
    *,
    title: Words,
    text: Words | None = None,
    link: str = "",
    at: datetime,
) -> list[Message]:
    """Put one message for each into the outbox, in their language; call within the change.

    On a page it is said in the language in which it is read.
    """
    words = {"title": kept(title), **({"text": kept(text)} if text else {})}
    found = {person.pk: person for person in recipients if person.is_active}
    return Message.objects.bulk_create(
        Message(
            recipient=person,
            title=title.say(_lang(person))[:200],
            text=text.say(_lang(person)) if text else "",
            words=words,
            link=link,
            created_at=at,
        )
        for person in found.values()
    )


def mark_read(person: User, *, keys: Iterable[int] | None = None, at: datetime) -> int:
    """Mark one's own messages read: some, or all."""
    own = Message.objects.filter(recipient=person, read_at=None)
    if keys is not None:
        own = own.filter(pk__in=list(keys))
    return own.update(read_at=at)


def _lang(person: User) -> str:
    return "en" if person.language == "en" else "zh"
