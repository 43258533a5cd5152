"""Long work: what it is, how far it is, where it goes on after a crash."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models.files import StoredFile


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """One piece of long work.

    A worker that dies leaves its lease; another takes the job up at `checkpoint`.
    """

    classes = Classes(business="arguments title failure")
    kind = models.CharField(max_length=60, help_text="name of the function, see foundation.jobs")
    title = models.CharField(max_length=200)
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

    class Meta:
        indexes = (
            models.Index(fields=["owner", "-created_at"], name="job_owner"),
            models.Index(fields=["state", "lease_until"], name="job_state"),
        )

    def __str__(self) -> str:
        return self.title
