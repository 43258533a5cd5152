"""What one fills in about a proposal and about an opinion on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from peiyu.office.accounts.models import Appointment, Body, BodyKind, Role, User
from peiyu.office.accounts.models.appointments import CITYWIDE
from peiyu.office.casework.models import Opinion
from peiyu.office.enterprises.models import LegalForm
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.enterprises.forms import (
    FIELD_HELP,
    INDUSTRY_HELP,
    Founded,
    PlaceField,
    place,
    reason,
)
from peiyu.office.web.templatetags.say import said
from peiyu.words import mark

MOST_DAYS = 60
ANSWERS = (("yes", mark("是")), ("no", mark("否")), ("", mark("未定")))
MEANT = {"yes": True, "no": False, "": None}


class Proposal(forms.Form):
    """A new enterprise as its town knows it."""

    body = PlaceField(label=mark("报送单位"), queryset=Body.objects.none(), empty_label=None)
    name = forms.CharField(label=mark("企业全称"), max_length=200)
    code = forms.CharField(label=mark("统一社会信用代码"), required=False, max_length=40)
    established_on = Founded()
    legal_form = forms.ChoiceField(
        label=mark("组织形式"), required=False, choices=labels(lambda: LegalForm.choices, "—")
    )
    industry = forms.CharField(
        label=mark("所属行业"), required=False, max_length=20, help_text=INDUSTRY_HELP
    )
    field = forms.CharField(
        label=mark("技术领域"), required=False, max_length=20, help_text=FIELD_HELP
    )
    town = place(mark("镇、街道"), BodyKind.TOWN, BodyKind.STREET)
    zone = place(mark("园区"), BodyKind.ZONE)
    contact_name = forms.CharField(label=mark("联系人"), required=False, max_length=60)
    contact_phone = forms.CharField(label=mark("联系电话"), required=False, max_length=40)
    remark = forms.CharField(
        label=mark("说明"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, proposer: User, **more: Any) -> None:
        super().__init__(*args, **more)
        body: Any = self.fields["body"]
        body.queryset = Body.objects.filter(pk__in=proposer.access.places)


class Redraft(Proposal):
    """The same again, with the version that was seen; who proposes stays."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["body"]


class AnswerForm(forms.Form):
    """What a body says: item by item, and in words."""

    text = forms.CharField(
        label=mark("意见"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, opinion: Opinion, **more: Any) -> None:
        super().__init__(*args, **more)
        self.keys = [item["key"] for item in opinion.items]
        before = {True: "yes", False: "no", None: ""}
        for item in opinion.items:
            self.fields[f"item_{item['key']}"] = forms.ChoiceField(
                label=item["question"],
                required=False,
                choices=[(key, said(text)) for key, text in ANSWERS],
                widget=forms.RadioSelect,
                initial=before[item["answer"]],
            )
        self.order_fields([f"item_{key}" for key in self.keys])

    def answers(self) -> dict[str, bool | None]:
        """Yes, no or open for each item."""
        return {key: MEANT[self.cleaned_data[f"item_{key}"]] for key in self.keys}


class AskOther(forms.Form):
    """Who answers instead, within how many working days."""

    holder = forms.ModelChoiceField(
        label=mark("改由"), queryset=Appointment.objects.none(), empty_label=None
    )
    limit = forms.IntegerField(label=mark("期限（工作日）"), min_value=1, max_value=MOST_DAYS)
    reason = reason()

    def __init__(self, *args: Any, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        held = Appointment.objects.in_force(on).filter(
            role__in=CITYWIDE - {Role.LEADER}, body__isnull=False, person__is_active=True
        )
        holder: Any = self.fields["holder"]
        holder.queryset = held.select_related("body", "person").order_by("body__code", "id")
        holder.label_from_instance = lambda one: (
            f"{one.body.short} · {said(one.get_role_display())} · {one.person.name}"
        )


class StopClock(forms.Form):
    """Why the clock stands, from which day, by what proof."""

    on = Day(label=mark("从哪天起停"))
    reason = reason()
    number = forms.CharField(
        label=mark("文书编号"),
        required=False,
        max_length=100,
        help_text=mark("凭据：填编号，或上传文件"),
    )
    file = forms.FileField(label=mark("凭据文件"), required=False)


class RunClock(forms.Form):
    """The last day on which the clock stood."""

    until = Day(label=mark("停到哪天（含）"))
