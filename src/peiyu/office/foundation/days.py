"""The day of the office, and the counting of working days."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone

from peiyu.office.foundation.models import OfficeDay


def office_day() -> date:
    """Today; in the demo the day on which the demo city lives. For doors and rights only."""
    if settings.DEMO:
        found = OfficeDay.objects.filter(pk=1).values_list("day", flat=True).first()
        if found is not None:
            return found
    return timezone.localdate()
