"""The demo city lives through its past: what is done, is done on the day on which it stands."""

from __future__ import annotations

from datetime import date

from peiyu.office.foundation.models import OfficeDay


def live_on(day: date) -> None:
    """From now on it is this day in the demo city."""
    OfficeDay.objects.update_or_create(pk=1, defaults={"day": day})
