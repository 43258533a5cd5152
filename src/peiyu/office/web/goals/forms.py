"""What one fills in about the series of value added."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from peiyu.office.desk.fields import field_said
from peiyu.office.foundation.refusals import Conflict, Difference
from peiyu.office.goals.queries import versions_of
from peiyu.office.web.accounts.forms import labels
from peiyu.office.web.documents import LARGEST, Documented
from peiyu.office.web.enterprises.forms import reason
from peiyu.office.web.templatetags.look import money
from peiyu.office.web.templatetags.say import said
from peiyu.words import mark

WAN = 10_000
UNITS = (("wan", mark("万元")), ("yuan", mark("元")))


def after_conflict(form: ShareForm) -> ShareForm:
    """The form anew where others stated something else: what they stated now counts as seen."""
    conflict = getattr(form, "conflict", None)
    if conflict is None:
        return form
    given = form.cleaned_data
    newest = versions_of(given["year"], given["month"])[0]
    anew = ShareForm({**dict(form.data.items()), "seen": str(newest.version)})
    anew.is_valid()
    anew.add_error(None, said(conflict.message))
    anew.conflict = Conflict(  # type: ignore[attr-defined]
        conflict.message,
        tuple(
            Difference(field_said(one.field), money(one.wanted), money(one.stands))
            for one in conflict.differences
        ),
    )
    return anew


class ShareForm(Documented):
    """Both sums of a period."""

    year = forms.IntegerField(label=mark("年度"), min_value=1, max_value=9999)
    month = forms.IntegerField(
        label=mark("截至月份"), min_value=1, max_value=12, initial=12, help_text=mark("全年填12")
    )
    unit = forms.ChoiceField(label=mark("金额单位"), choices=labels(lambda: UNITS), initial="wan")
    part = forms.DecimalField(
        label=mark("规上高新技术产业增加值"), max_digits=30, decimal_places=6,
        help_text=mark("按高技术产业分类统计，与企业有没有证书无关"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    whole = forms.DecimalField(
        label=mark("规上工业增加值"), max_digits=30, decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    reason = reason(required=False)
    seen = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=LARGEST, required=False
    )
    field_order = (
        "year", "month", "unit", "part", "whole", "reason", "title", "document", "dated_on", "seen",
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """As the action takes them, in yuan."""
        found = self.rest("unit")
        times = WAN if self.cleaned_data["unit"] == "wan" else 1
        for name in ("part", "whole"):
            found[name] = (found[name] * times).normalize() + Decimal(0)
        found["seen"] = found["seen"] or 0
        return found
