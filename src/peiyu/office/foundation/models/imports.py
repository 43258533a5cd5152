"""Tables that somebody brought: what they were read as, what would change, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models.files import StoredFile
from peiyu.office.foundation.models.jobs import Job
from peiyu.office.foundation.models.sources import Source

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class ImportState(models.TextChoices):
    """Where an import stands."""

    READING = "reading", "正在读取"
    MAPPING = "mapping", "待对应列"
    READY = "ready", "待确认"
    APPLYING = "applying", "正在导入"
    APPLIED = "applied", "已导入"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "导入已撤销"
    DROPPED = "dropped", "已放弃"
    FAILED = "failed", "未能读取"


class ImportBatches(models.QuerySet["ImportBatch"]):
    """Questions about imports."""

    def visible_to(self, person: AbstractBaseUser) -> ImportBatches:
        """Those brought for one's body, and one's own that were brought for none."""
        access: Any = getattr(person, "access", None)
        if access is None or not person.is_active:
            return self.none()
        return self.filter(
            Q(owner_id=person.pk, whose="") | Q(whose__in=[f"body {key}" for key in access.bodies])
        )


class ImportBatch(models.Model):
    """One file taken in, from reading to undoing.

    `kind` is the name of what it is read as, "reports.statements"; `whose` the key of the body for
    which, empty for the person alone; `options` what was chosen: unit, year, basis, `columns`
    ({heading: name of column}), `units` ({page: unit of money}); `seen` what the file has: headings
    with samples; `notes` what should be told of the reading, `lost` what was not read at all;
    `counts` rows by outcome.
    """

    classes = Classes(
        office="kind whose state counts created_at applied_at undone_at",
        business="title options seen notes failure",
    )
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    whose = models.CharField(max_length=40, blank=True, db_index=True)
    options = models.JSONField(default=dict)
    seen = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READING)
    failure = models.TextField(blank=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports"
    )
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ImportBatches.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title

    @property
    def record_title(self) -> str:
        """What the record calls it: the name of the file may tell a trade secret."""
        return self.kind


class RowOutcome(models.TextChoices):
    """What a row would do."""

    NEW = "new", "新增"
    CHANGED = "changed", "更改"
    SAME = "same", "无变化"
    DOUBTFUL = "doubtful", "待认定"
    REFUSED = "refused", "不能导入"


class ImportRow(models.Model):
    """One row of the file as it would be, or was, taken in.

    `raw` is what stands in its cells, {column: text}; `mended` what was typed instead; `values`
    what was read, as stored ({column: whole number, text, ISO day …}); `changes` {column: [old,
    new]}; `problems` [{column, address, value, rule, remedy}] with messages as `kept`; `target`
    and `candidates` are keys of enterprises; `made` and `over` the keys of what it made and what
    that replaced.
    """

    classes = Classes(
        office="number sheet place outcome chosen target candidates made over applied",
        business="name raw mended values changes problems",
    )
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=100, blank=True)
    place = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    raw = models.JSONField(default=dict)
    mended = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    chosen = models.BooleanField(default=True)
    target = models.BigIntegerField(null=True)
    candidates = models.JSONField(default=list)
    applied = models.BooleanField(default=False)
    made = models.BigIntegerField(null=True)
    over = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["batch", "number"], name="one_row_a_number"),
        )
        indexes = (
            models.Index(fields=["batch", "outcome", "number"], name="row_outcome"),
            models.Index(fields=["batch", "target"], name="row_target"),
        )
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.sheet} {self.place}"


class ImportMapping(models.Model):
    """Which column a heading meant the last time, remembered for a body or person and a kind."""

    classes = Classes(office="kind whose heading column")
    kind = models.CharField(max_length=60)
    whose = models.CharField(max_length=40)
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=60, blank=True, help_text="empty: not taken")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "whose", "heading"], name="one_meaning_a_heading"
            ),
        )

    def __str__(self) -> str:
        return self.heading
