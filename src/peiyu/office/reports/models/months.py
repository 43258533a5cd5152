"""People of an enterprise month by month, as stated; nothing of it ever changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.models import ImportBatch, Source

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User

COUNTED = ("staff_begin", "staff_end", "st_begin", "st_end")


class StaffMonths(models.QuerySet["StaffMonth"]):
    """Questions about months of staff."""

    def visible_to(self, person: User) -> StaffMonths:
        """Those of enterprises whose figures the person may read."""
        from peiyu.office.reports.permissions import figures_open_to  # noqa: PLC0415  it points here

        return self.filter(enterprise__in=figures_open_to(person))


class StaffMonth(models.Model):
    """One version of the people of one month; a correction is a new version."""

    classes = Classes(
        office="year month version withdrawn recorded_at recorded_on", business=" ".join(COUNTED)
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="staff_months"
    )
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    withdrawn = models.BooleanField(default=False)
    staff_begin = models.PositiveIntegerField(null=True)
    staff_end = models.PositiveIntegerField(null=True)
    st_begin = models.PositiveIntegerField(null=True)
    st_end = models.PositiveIntegerField(null=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="+")

    objects = StaffMonths.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["enterprise", "year", "month", "version"], name="one_month_a_version"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="month_of_a_year"
            ),
        )
        ordering = ("enterprise", "year", "month", "-version")

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d} {self.version}"
