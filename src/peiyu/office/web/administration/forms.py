"""What the system administrator fills in."""

from __future__ import annotations

import re
from typing import ClassVar

from django import forms

from peiyu.office.foundation.models import JobState
from peiyu.office.web.accounts.forms import labels
from peiyu.words import mark

BETWEEN = re.compile(r"[\s,，、;；]+")


class Days(forms.CharField):
    """Dates, one a line or with commas between."""

    def __init__(self, **more: object) -> None:
        more.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=10_000, **more)  # type: ignore[arg-type]

    def clean(self, value: object) -> list[str]:
        """The texts; whether they are dates is asked by the action."""
        return [part for part in BETWEEN.split(str(super().clean(value) or "")) if part]


class NewCalendar(forms.Form):
    """The holidays of a year as published."""

    uses: ClassVar = {
        "source": mark("例：国办发明电〔2026〕6号"),
        "days_off": mark("每行一个，例：2027-01-01"),
        "days_on": mark("调休上班的周末，没有就空着"),
    }
    year = forms.IntegerField(label=mark("年份"), min_value=1, max_value=9999)
    source = forms.CharField(label=mark("依据"), max_length=200)
    days_off = Days(label=mark("放假日"))
    days_on = Days(label=mark("上班日"), required=False)


class FindJobs(forms.Form):
    """Filters of jobs."""

    state = forms.ChoiceField(
        label=mark("状态"),
        required=False,
        choices=labels(lambda: JobState.choices, mark("任何状态")),
    )
