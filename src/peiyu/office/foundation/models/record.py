"""The record: lines that nobody can change unseen, their chain, and the log of looking."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from peiyu.office.foundation.confidentiality import Classes


class RecordLine(models.Model):
    """One change: who, what, to which thing, why. Written in the transaction of the change.

    `about` names the thing in whose file the line is read (an enterprise, mostly); `fields` lists
    the fields changed with salted digests of old and new; `values` has old and new in words for
    fields that are neither personal nor secret; `digest` is that of the whole line, its hidden
    values included. The database refuses update and delete.
    """

    classes = Classes(
        office="transaction at day action label key about_label about_key salt digest",
        business="title reason fields values",
    )
    transaction = models.UUIDField()
    at = models.DateTimeField(db_index=True)
    day = models.DateField(help_text="the office's day, which in the demo is not that of the clock")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    for_whom = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    about_label = models.CharField(max_length=60, blank=True)
    about_key = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=dict, help_text="{field: [digest of old, digest of new]}")
    values = models.JSONField(default=dict, help_text="{field: [old, new]}, open classes only")
    salt = models.CharField(max_length=32)
    reason = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = (
            models.Index(fields=["transaction", "id"], name="record_transaction"),
            models.Index(fields=["label", "key", "-id"], name="record_thing"),
            models.Index(fields=["about_label", "about_key", "-id"], name="record_about"),
            models.Index(fields=["actor", "-id"], name="record_actor"),
            models.Index(fields=["action", "-id"], name="record_action"),
            models.Index(fields=["day", "-id"], name="record_day"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.title}"


class RecordKey(models.Model):
    """The key under which the hidden values of one subject lie. Destroyed, they are gone.

    What is written about the subject afterwards lies under a new key.
    """

    classes = Classes(office="label subject destroyed_at", secret="key")
    label = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    key = models.BinaryField(null=True, max_length=32)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["label", "subject"], condition=Q(destroyed_at=None), name="one_living_key"
            ),
            models.CheckConstraint(
                condition=Q(key=None, destroyed_at__isnull=False)
                | Q(key__isnull=False, destroyed_at=None),
                name="key_is_destroyed_with_a_date",
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.subject}"

    @property
    def record_title(self) -> str:
        """Whose key it is; that says nothing hidden."""
        return str(self)


class RecordSecret(models.Model):
    """Old and new value of one hidden field of a line, enciphered together with their salt."""

    classes = Classes(office="field", secret="nonce box")
    line = models.ForeignKey(RecordLine, on_delete=models.PROTECT, related_name="secrets")
    field = models.CharField(max_length=60)
    key = models.ForeignKey(RecordKey, on_delete=models.PROTECT, related_name="+")
    nonce = models.BinaryField(max_length=12)
    box = models.BinaryField()

    def __str__(self) -> str:
        return self.field


class RecordTail(models.Model):
    """A transaction whose lines are written but not yet in the chain; the database adds it itself.

    `first` is the number of its first line.
    """

    classes = Classes(office="transaction first")
    transaction = models.UUIDField(primary_key=True)
    first = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return str(self.transaction)


class RecordLink(models.Model):
    """One link of the chain: the lines of one transaction, hashed with the link before."""

    classes = Classes(office="number transaction lines previous digest sealed_at")
    number = models.PositiveBigIntegerField(primary_key=True)
    transaction = models.UUIDField(unique=True)
    lines = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class DayHead(models.Model):
    """The last link of a day, also written to a sealed file and shown to the auditor."""

    classes = Classes(office="day digest file written_at")
    day = models.DateField(primary_key=True)
    link = models.ForeignKey(RecordLink, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=100)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day} {self.digest[:12]}"


class AccessKind(models.TextChoices):
    """What was done without changing anything."""

    LOGIN = "login", "登录"
    FAILED = "failed", "登录未成"
    LOGOUT = "logout", "退出"
    EXPORT = "export", "导出"
    DOWNLOAD = "download", "下载"
    SECRET = "secret", "查看保密内容"
    API = "api", "接口调用"


class AccessLine(models.Model):
    """A log-in, export, download or read of a hidden field; kept six months at least."""

    classes = Classes(office="at kind label key detail", personal="name address")
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=10, choices=AccessKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=150, help_text="the name that was tried or acted")
    address = models.GenericIPAddressField(null=True)
    label = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (models.Index(fields=["actor", "-id"], name="access_actor"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
