"""The series of value added that a goal of the plan is about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from peiyu.office.foundation.confidentiality import Classes
from peiyu.office.foundation.exact import MoneyField
from peiyu.office.foundation.models import Source

FIRST_YEAR, LAST_YEAR = 2010, 2100


class ShareFigure(models.Model):
    """Value added of above-scale high-tech industry and of all above-scale industry, as stated once.

    Of a whole year, or of its months until `month`. A correction is a new version with a reason;
    `withdrawn` says that nothing is stated any more. It goes by the classification of industries and
    has nothing to do with certificates.
    """

    classes = Classes(
        public="year month part whole", office="version withdrawn reason recorded_on recorded_at"
    )
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(help_text="until the end of which month; 12: the year")
    version = models.PositiveIntegerField()
    part = MoneyField(help_text="规上高新技术产业增加值")
    whole = MoneyField(help_text="规上工业增加值")
    withdrawn = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    recorded_on = models.DateField(help_text="the office's day")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["year", "month", "version"], name="one_share_a_version"
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12), name="share_until_a_month"
            ),
            models.CheckConstraint(
                condition=Q(part__gte=0, whole__gte=F("part")), name="share_is_a_part"
            ),
        )
        ordering = ("-year", "-month", "-version")

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d} {self.version}"
