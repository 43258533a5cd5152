"""What every fact of the room says of itself: from what it was taken, by whom, whether it still stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.models import ImportBatch, Source

if TYPE_CHECKING:
    from peiyu.office.accounts.models import User

OFFICE = "recorded_on recorded_at withdrawn_on withdrawn_reason"
"""The classes of the fields that are alike everywhere."""
Row = TypeVar("Row", bound=models.Model, covariant=True)


class ToldRows(models.QuerySet[Row]):
    """Questions about facts of enterprises."""

    def visible_to(self, person: User) -> ToldRows[Row]:
        """Those of enterprises that the person may see."""
        if person.access.city:
            return self
        return self.filter(enterprise__in=Enterprise.objects.visible_to(person))

    def standing(self) -> ToldRows[Row]:
        """Those not taken back."""
        return self.filter(withdrawn_on=None)

    def known_on(self, day: date) -> ToldRows[Row]:
        """Those that stood on a day, as far as was known then."""
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day), recorded_on__lte=day)


class Told(models.Model):
    """A fact with its source; what is taken back stays, with the day and the reason."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    recorded_on = models.DateField(help_text="the office's day")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
