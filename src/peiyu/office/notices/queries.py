"""What a person has been told; papers as they may be read."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from peiyu.office.accounts.models import User
from peiyu.office.foundation.models import Job, JobState
from peiyu.office.notices.models import IssuedPaper, Message


def unread(person: User) -> int:
    """How many messages one has not read; one query."""
    return Message.objects.filter(recipient=person, read_at=None).count()


def messages_of(person: User) -> QuerySet[Message]:
    """One's messages, newest first."""
    return Message.objects.filter(recipient=person).order_by("-id")


def papers_of(person: User, addressee: models.Model) -> QuerySet[IssuedPaper]:
    """The papers issued to an enterprise that the person may read, the newest first."""
    rows = IssuedPaper.objects.visible_to(person).whole()
    return rows.filter(
        addressee_label=addressee._meta.label_lower, addressee_key=addressee.pk
    ).order_by("-id")


def papers_about(person: User, thing: models.Model) -> QuerySet[IssuedPaper]:
    """The papers that were made from a thing, the newest first."""
    rows = IssuedPaper.objects.visible_to(person).whole()
    return rows.filter(about_label=thing._meta.label_lower, about_key=str(thing.pk)).order_by("-id")


def being_made(person: User, addressee: models.Model) -> list[Job]:
    """One's own papers to an enterprise that are not made yet, or could not be made."""
    rows = Job.objects.filter(kind="notices.issue", owner=person).exclude(state=JobState.DONE)
    to = rows.filter(
        arguments__addressee__0=addressee._meta.label_lower, arguments__addressee__1=addressee.pk
    )
    return list(to.order_by("-id"))
