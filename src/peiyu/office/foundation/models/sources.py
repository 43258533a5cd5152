"""Where a fact comes from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models.files import StoredFile


class SourceKind(models.TextChoices):
    """Of what a fact was taken."""

    DOCUMENT = "document", "文件"
    PERSON = "person", "本人申报"
    IMPORT = "import", "批量导入"
    LEDGER = "ledger", "账簿归集"


class Source(models.Model):
    """A document, a person's word, an import batch or a run of the ledger; facts point to it."""

    classes = Classes(office="kind dated_on recorded_at", business="title number reference")
    kind = models.CharField(max_length=10, choices=SourceKind)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=100, blank=True, help_text="number of the document")
    dated_on = models.DateField(null=True)
    reference = models.CharField(
        max_length=100, blank=True, help_text="key of the batch or run in its own room"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind=SourceKind.PERSON) | Q(person__isnull=False),
                name="source_person_named",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[SourceKind.IMPORT, SourceKind.LEDGER]) | ~Q(reference=""),
                name="source_batch_named",
            ),
        )

    def __str__(self) -> str:
        return self.title
