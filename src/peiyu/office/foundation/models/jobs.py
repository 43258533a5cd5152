"""Long work: what it is, how far it is, where it goes on after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.kept import message_of
from peiyu.office.foundation.models.files import StoredFile
from peiyu.words import Message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

KEEPER = "system"
"""The duty of those who keep the system running; see accounts."""


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class Jobs(models.QuerySet["Job"]):
    """Questions about jobs."""

    def visible_to(self, person: AbstractBaseUser) -> Jobs:
        """One's own; the system's administrators see that the others are there (`shows_all_to`)."""
        if getattr(person, "duty", "") == KEEPER and person.is_active:
            return self
        return self.filter(owner_id=person.pk) if person.pk and person.is_active else self.none()

    def ended(self) -> Jobs:
        """Those that will not go on by themselves."""
        return self.filter(state__in=[JobState.DONE, JobState.FAILED, JobState.CANCELLED])


class Job(models.Model):
    """One piece of long work.

    A worker that dies leaves its lease; another takes the job up at `checkpoint`.
    """

    classes = Classes(
        office="kind state done total checkpoint attempts lease_until created_at started_at ended_at",
        business="arguments title words failure",
    )
    kind = models.CharField(max_length=60, help_text="name of the function, see foundation.jobs")
    title = models.CharField(max_length=200)
    words = models.JSONField(default=dict, help_text="title and failure as `kept`")
    arguments = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="jobs"
    )
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    checkpoint = models.JSONField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    result = models.ForeignKey(
        StoredFile, null=True, on_delete=models.SET_NULL, related_name="made_by"
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = Jobs.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["owner", "-created_at"], name="job_owner"),
            models.Index(fields=["state", "lease_until"], name="job_state"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def record_title(self) -> str:
        """What the record calls it: the title may tell a trade secret."""
        return self.kind

    @property
    def said(self) -> Message:
        """Its title, for the reader's language."""
        return message_of(self.words["title"]) if "title" in self.words else Message(self.title)

    @property
    def why(self) -> Message:
        """Why it failed, for the reader's language."""
        return (
            message_of(self.words["failure"]) if "failure" in self.words else Message(self.failure)
        )

    def shows_all_to(self, person: AbstractBaseUser) -> bool:
        """Whether title, arguments, failure and result may be read: by the owner alone."""
        return self.owner_id is not None and self.owner_id == person.pk


class LastRun(models.Model):
    """When an entry of the schedule last began."""

    classes = Classes(office="name at")
    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
