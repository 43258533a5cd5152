"""The outbox: what the office tells its people."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.kept import message_of
from peiyu.words import Message as Words


class Message(models.Model):
    """One message to one person, written in the transaction of what it tells.

    Shown on the page and, where the person has an address, sent by the job worker.
    """

    classes = Classes(
        business="title text words",
        office="recipient link created_at sent_at read_at attempts failure",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    words = models.JSONField(default=dict, help_text="title and text as `kept`")
    link = models.CharField(max_length=200, blank=True, help_text="path within the office")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["recipient", "read_at", "-id"], name="message_unread"),)

    def __str__(self) -> str:
        return self.title

    @property
    def heading(self) -> Words:
        """The title, for the language in which it is read."""
        return message_of(self.words["title"]) if "title" in self.words else Words(self.title)

    @property
    def body(self) -> Words:
        """The text, for the language in which it is read."""
        return message_of(self.words["text"]) if "text" in self.words else Words(self.text)
