"""The outbox: what the office tells its people."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from peiyu.office.foundation.confidentiality import Classes


class Message(models.Model):
    """One message to one person, written in the transaction of what it tells.

    Shown on the page and, where the person has an address, sent by the job worker.
    """

    classes = Classes(
        business="title text",
        office="recipient link created_at sent_at read_at attempts failure",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
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
