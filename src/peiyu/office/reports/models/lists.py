"""Lists of enterprises that others published, and who of the registry stands on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import ImportBatch, Source

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User


class ListKind(models.TextChoices):
    """What is published."""

    TECH_SME = "tech_sme", "科技型中小企业入库名单"
    HNTE_PUBLICITY = "hnte_publicity", "高新技术企业公示名单"
    HNTE = "hnte", "高新技术企业认定公告"
    OTHER = "other", "其他名单"


class PublishedList(models.Model):
    """One list, from one import; `withdrawn_at`: the import was undone."""

    classes = Classes(public="kind title number published_on", office="withdrawn_at")
    kind = models.CharField(max_length=16, choices=ListKind)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=100, blank=True)
    published_on = models.DateField(null=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    batch = models.OneToOneField(ImportBatch, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-published_on", "-id")

    def __str__(self) -> str:
        return self.title


class ListedNames(models.QuerySet["ListedName"]):
    """Questions about entries of lists."""

    def visible_to(self, person: User) -> ListedNames:
        """Entries of enterprises that the person sees; those of nobody for the bureau alone."""
        from peiyu.office.enterprises.permissions import is_bureau  # noqa: PLC0415  it points here

        found = self.filter(published__withdrawn_at=None, withdrawn=False)
        if is_bureau(person):
            return found
        return found.filter(enterprise__in=Enterprise.objects.visible_to(person))


class ListedName(models.Model):
    """One entry as published; `enterprise` is empty where nobody of the registry is it."""

    classes = Classes(public="place name code entry territory withdrawn")
    published = models.ForeignKey(PublishedList, on_delete=models.PROTECT, related_name="names")
    place = models.PositiveIntegerField(help_text="its number on the list")
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=18, blank=True)
    entry = models.CharField(max_length=60, blank=True, help_text="number of entry or certificate")
    territory = models.CharField(max_length=100, blank=True)
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.PROTECT, related_name="listed"
    )
    withdrawn = models.BooleanField(default=False)

    objects = ListedNames.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["published", "place"], name="one_entry_a_place"),
        )
        ordering = ("published", "place")

    def __str__(self) -> str:
        return self.name
