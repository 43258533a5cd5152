"""Files as kept: content by its hash, outside the web root; the owning room says who may read."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from peiyu.office.foundation.confidentiality import Classes


class StoredFile(models.Model):
    """One uploaded or made file; equal content lies once on the disk, under its hash."""

    classes = Classes(office="sha256 size kind stored_at expires_at removed_at", business="name")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    kind = models.CharField(max_length=100, help_text="media type, found from the content")
    name = models.CharField(max_length=200, help_text="as the person called it, tidied")
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, db_index=True)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Attached(models.Model):
    """What a room's own table of files has in common: the file, its version, what came before."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    replaced_by = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaces"
    )

    class Meta:
        abstract = True
