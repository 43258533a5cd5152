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


class ArticleTexts(models.QuerySet["ArticleText"]):
    """Texts of articles."""

    def waiting(self) -> ArticleTexts:
        """Entered by one, not yet confirmed by another, not taken back."""
        return self.filter(confirmed_on=None, withdrawn_on=None)

    def confirmed(self) -> ArticleTexts:
        """Confirmed by a second person, also those that were followed or taken back later."""
        return self.filter(confirmed_on__isnull=False)


class ArticleText(models.Model):
    """The law's own words of one article, as one person entered them once, for a second to confirm.

    Nothing of it ever changes: confirming and taking back are filled in later, each once. Another text
    is the next version, which counts only when it is confirmed too.
    """

    classes = Classes(
        public="cite version text address page confirmed_on",
        office="reason entered_on entered_at withdrawn_on withdrawn_reason salt seal",
    )
    cite = models.CharField(max_length=40, help_text="the article in peiyu.policy.articles")
    version = models.PositiveIntegerField()
    text = models.TextField()
    address = models.URLField(blank=True, max_length=300, help_text="where it was read")
    page = models.CharField(blank=True, max_length=100, help_text="book and page, paper and place")
    reason = models.CharField(blank=True, max_length=300)
    entered_on = models.DateField(help_text="the office's day")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_on = models.DateField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(blank=True, max_length=300)
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)

    objects = ArticleTexts.as_manager()

    class Meta:
        ordering = ("cite", "-version")
        constraints = (
            models.UniqueConstraint(fields=["cite", "version"], name="one_text_a_version"),
            models.UniqueConstraint(
                fields=["cite"],
                condition=Q(confirmed_on=None, withdrawn_on=None),
                name="one_text_waits",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("entered_by")),
                name="text_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_reason=""),
                name="text_taken_back_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(address="", page=""), name="text_says_where_it_was_read"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cite} {self.version}"

    @property
    def is_waiting(self) -> bool:
        """Neither confirmed nor taken back yet."""
        return self.confirmed_on is None and self.withdrawn_on is None
