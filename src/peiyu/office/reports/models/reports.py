"""The yearly report of an enterprise on its way: filled in, handed in, checked, verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from peiyu.office.casework.workflow import Flowing
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.reports.models.statements import Statement

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User


class ReportState(models.TextChoices):
    """Where a yearly report stands."""

    DRAFT = "draft", "填报中"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "已退回"
    CHECKED = "checked", "已核对"
    VERIFIED = "verified", "已核定"


class YearReports(models.QuerySet["YearReport"]):
    """Questions about reports."""

    def visible_to(self, person: User) -> YearReports:
        """Those of enterprises whose figures the person may read."""
        from peiyu.office.reports.permissions import figures_open_to  # noqa: PLC0415  it points here

        return self.filter(enterprise__in=figures_open_to(person))


class YearReport(Flowing):
    """One enterprise's report on one year.

    `draft` holds what was typed and not yet handed in, {name of figure: text}; `saved` counts its
    savings and `marks` says at which of them and by whom each text was last typed, so that two who
    type at once see each other. `begun_from` is the version of the declared statement that stood
    when the draft was begun (0: none); a mark has a third number where one's own text was chosen
    beside a later version.
    """

    classes = Classes(
        office="state flow year submitted_on saved saved_at marks begun_from", business="draft"
    )
    state = models.CharField(
        max_length=20, choices=ReportState, default=ReportState.DRAFT, editable=False
    )
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField()
    draft = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    begun_from = models.PositiveIntegerField(default=0)
    saved = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    statement = models.ForeignKey(
        Statement, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="what was handed in last",
    )  # fmt: skip
    submitted_on = models.DateField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = YearReports.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["enterprise", "year"], name="one_report_a_year"),
        )
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"{self.enterprise} {self.year}"


class Supplier(models.TextChoices):
    """Who can supply a fact."""

    ENTERPRISE = "enterprise", "企业"
    BODY = "body", "镇（园区）"
    TAX = "tax", "税务部门"
    STATISTICS = "statistics", "统计部门"


class FactRequests(models.QuerySet["FactRequest"]):
    """Questions about requests."""

    def visible_to(self, person: User) -> FactRequests:
        """Those on enterprises whose figures the person may read."""
        from peiyu.office.reports.permissions import figures_open_to  # noqa: PLC0415  it points here

        return self.filter(enterprise__in=figures_open_to(person))


class FactRequest(models.Model):
    """That somebody was asked for figures of a year by a day.

    It is answered when they are stated on a basis that who asked may read.
    """

    classes = Classes(
        office="year figures supplier closed due_on asked_on withdrawn_on answered_on",
        business="words",
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="fact_requests"
    )
    year = models.PositiveSmallIntegerField()
    figures = models.JSONField(default=list, help_text="names of figures")
    supplier = models.CharField(max_length=10, choices=Supplier)
    words = models.CharField(max_length=300, blank=True)
    closed = models.JSONField(default=list, help_text="bases that who asked may not read")
    due_on = models.DateField()
    asked_on = models.DateField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(null=True)
    answered_on = models.DateField(null=True, help_text="all that was asked for is stated")

    objects = FactRequests.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["withdrawn_on", "answered_on", "due_on"], name="request_due"),
        )
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return f"{self.enterprise} {self.year}"
