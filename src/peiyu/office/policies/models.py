"""Policy documents, what they rest on, their clauses; the settings of the programme."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from peiyu.office.accounts.models import Body
from peiyu.office.foundation.confidentiality import Classes


class Level(models.TextChoices):
    """Who made a document."""

    STATE = "state", "国家"
    PROVINCE = "province", "省"
    CITY = "city", "市"


class Document(models.Model):
    """A document with its number: 济政办〔2018〕4号."""

    classes = Classes(
        public="number title issuer addressees level issued_on effective_on repealed_on address"
    )
    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    issuer = models.CharField(max_length=100)
    level = models.CharField(max_length=10, choices=Level)
    issued_on = models.DateField()
    effective_on = models.DateField(null=True)
    repealed_on = models.DateField(null=True)
    address = models.URLField(blank=True, max_length=300)
    addressees = models.CharField(max_length=300, blank=True)
    basis = models.ManyToManyField(
        "self", symmetrical=False, related_name="carried_out_by", through="Basis"
    )

    class Meta:
        ordering = ("-issued_on", "number")

    def __str__(self) -> str:
        return self.number


class Basis(models.Model):
    """That one document carries out another."""

    classes = Classes(public="document rests_on")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    rests_on = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["document", "rests_on"], name="one_basis"),
            models.CheckConstraint(
                condition=~Q(document=F("rests_on")), name="no_document_rests_on_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document} ← {self.rests_on}"


class Clause(models.Model):
    """One clause of a document: its place, our summary of it, who carries it out."""

    classes = Classes(public="document place order title gist ids")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="clauses")
    place = models.CharField(max_length=20, help_text="三（一）2")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    gist = models.CharField(max_length=500, help_text="our own words, so labelled")
    bodies = models.ManyToManyField(Body, related_name="clauses", blank=True)
    ids = models.CharField(max_length=100, blank=True, help_text="capability ids")

    class Meta:
        ordering = ("document", "order")
        constraints = (models.UniqueConstraint(fields=["document", "order"], name="one_clause"),)

    def __str__(self) -> str:
        return f"{self.document} {self.place}"


class Setting(models.Model):
    """A reading of an open word of the programme, from a day on; never changed, only followed."""

    classes = Classes(public="key value from_on set_at", office="set_by reason")
    key = models.CharField(max_length=60, db_index=True)
    value = models.JSONField()
    from_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300)
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("key", "-from_on", "-id")

    def __str__(self) -> str:
        return f"{self.key} {self.from_on}"
