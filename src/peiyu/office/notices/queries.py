"""What a person has been told."""

from __future__ import annotations

from django.db.models import QuerySet

from peiyu.office.accounts.models import User
from peiyu.office.notices.models import Message


def unread(person: User) -> int:
    """How many messages one has not read; one query."""
    return Message.objects.filter(recipient=person, read_at=None).count()


def messages_of(person: User) -> QuerySet[Message]:
    """One's messages, newest first."""
    return Message.objects.filter(recipient=person).order_by("-id")
