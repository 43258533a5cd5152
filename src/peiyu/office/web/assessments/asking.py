"""From which day, with which knowledge and whose word first an assessment is looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from peiyu.office.assessments.basis import FIRST
from peiyu.office.assessments.shown.words import BASES
from peiyu.office.web.templatetags.say import said
from peiyu.words import mark, message

EARLIEST, LATEST = date(2008, 1, 1), date(2100, 12, 31)


class Asked(forms.Form):
    """A day that may lie ahead; what was known by then; the order of bases."""

    on = forms.DateField(required=False, label=mark("判断日期"))
    known = forms.DateField(required=False, label=mark("按哪天已知的"))
    basis = forms.ChoiceField(required=False, label=mark("以谁的数为先"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        basis: Any = self.fields["basis"]
        basis.choices = [("", said(mark("按设置"))), *((key, said(BASES[key])) for key in FIRST)]
        for name in ("on", "known"):
            self.fields[name].error_messages["invalid"] = said(mark("日期要写成2019-06-17这样"))

    def clean_on(self) -> date | None:
        """A day for which there can be rules."""
        on: date | None = self.cleaned_data["on"]
        if on is not None and not EARLIEST <= on <= LATEST:
            text = "日期要在{first}和{last}之间"
            raise forms.ValidationError(
                said(message(text, first=EARLIEST.isoformat(), last=LATEST.isoformat()))
            )
        return on

    def seen(self, today: date) -> tuple[date, date, str]:
        """Day judged, day by which it was known, order of bases; today's where nothing valid is asked."""
        given = self.cleaned_data
        on = given.get("on") or today
        known = min(given.get("known") or today, today)
        return on, min(known, on) if on < today else known, given.get("basis") or ""

    def kept(self) -> dict[str, str]:
        """What was asked validly, for the addresses of the page."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if value
        }
