"""The day of the office, and the years whose working days an office has filled in itself."""

from __future__ import annotations

from django.db import models

from peiyu.office.foundation.confidentiality import Classes


class OfficeDay(models.Model):
    """The day on which the demo city lives: one row there, none elsewhere."""

    classes = Classes(public="day")
    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    day = models.DateField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_office_day"),)

    def __str__(self) -> str:
        return str(self.day)


class CalendarYear(models.Model):
    """The holidays of a year as published, where the built-in calendar does not reach.

    `days_off` and `days_on` are lists of dates that differ from the week
    (国务院办公厅关于部分节假日安排的通知).
    """

    classes = Classes(public="year source days_off days_on")
    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    days_off = models.JSONField(default=list)
    days_on = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.year)
