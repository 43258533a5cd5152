"""What was stated of an enterprise's year, by whom, on what basis; nothing of it ever changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import ImportBatch, Source
from peiyu.office.reports.models.figures import FIGURES, Figures

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User


class Basis(models.TextChoices):
    """On whose word a figure stands."""

    DECLARED = "declared", "企业申报"
    CHECKED = "checked", "镇（园区）核对"
    AUDITED = "audited", "审计报告"
    TAX_RETURN = "tax_return", "纳税申报"
    LEDGER_HNTE = "ledger_hnte", "归集（高企口径）"
    LEDGER_TAX = "ledger_tax", "归集（加计口径）"
    VERIFIED = "verified", "核定"


FIRST_YEAR, LAST_YEAR = 2000, 2100
DECIDING = (Basis.VERIFIED, Basis.AUDITED, Basis.TAX_RETURN, Basis.DECLARED)
"""Which basis decides, the first that states the figure (design: principle 5)."""


class Statements(models.QuerySet["Statement"]):
    """Questions about statements."""

    def visible_to(self, person: User) -> Statements:
        """Those of enterprises whose figures the person may read, and of the bases open to them."""
        from peiyu.office.reports.permissions import open_statements  # noqa: PLC0415  it points here

        return self.filter(open_statements(person))

    def known_on(self, day: date) -> Statements:
        """The newest version of each basis of each year, of what was recorded by then."""
        newest = (
            Statement.objects.filter(
                enterprise=OuterRef("enterprise"),
                year=OuterRef("year"),
                basis=OuterRef("basis"),
                recorded_on__lte=day,
            )
            .order_by("-version")
            .values("pk")[:1]
        )
        return self.filter(recorded_on__lte=day, pk=Subquery(newest))


class Statement(Figures):
    """One version of what is stated of an enterprise's year on one basis.

    A correction is a new version with a reason; `withdrawn` says that nothing is stated any more.
    `exceptions` names the figures whose source is another than the row's: {name: key of source}.
    `seal` is the hash of all figures with `salt`; it stands in the record, the figures do not.
    """

    classes = Classes(
        office="year basis version withdrawn recorded_at recorded_on salt seal exceptions",
        business=f"reason {' '.join(FIGURES)}",
    )
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="statements")
    year = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=12, choices=Basis)
    version = models.PositiveIntegerField()
    withdrawn = models.BooleanField(default=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    exceptions = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField(help_text="the office's day")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)

    objects = Statements.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "year", "basis", "version"], name="one_statement_a_version"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="statement_of_a_year"
            ),
        )
        ordering = ("enterprise", "year", "basis", "-version")

    def __str__(self) -> str:
        return f"{self.year} {self.basis} {self.version}"
