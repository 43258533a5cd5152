"""What one fills in about enterprises. Forms read types and lengths; the actions hold the rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from peiyu.office.accounts.models import Appointment, Body, BodyKind, Role, User
from peiyu.office.accounts.models.bodies import PLACES
from peiyu.office.enterprises.models import LegalForm, MandateKind, Status
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.answers import REASON
from peiyu.office.web.templatetags.say import said
from peiyu.words import mark, message

LONG = 300
INDUSTRY_HELP = mark("GB/T 4754-2017的代码，小类四位数字，如3599")
FIELD_HELP = mark("国家重点支持的高新技术领域的代码，如801")


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A body by its short name."""

    def label_from_instance(self, obj: Any) -> str:
        """As lists name it."""
        return str(obj.short)


def place(label: str, *kinds: BodyKind) -> PlaceField:
    """A town or zone, or none."""
    return PlaceField(
        label=label,
        queryset=Body.objects.filter(kind__in=kinds, closed_on=None),
        required=False,
        empty_label="—",
    )


def in_charge() -> PlaceField:
    """The body in charge, to filter a list by; made for each form, in the reader's language."""
    return PlaceField(
        label=mark("责任单位"),
        queryset=Body.objects.filter(kind__in=PLACES).order_by("code"),
        required=False,
        empty_label=said(mark("责任单位")),
    )


def reason(*, required: bool = True) -> forms.CharField:
    """Why; it stands in the record."""
    return forms.CharField(
        label=REASON,
        max_length=LONG,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Founded(forms.DateField):
    """A founding day; how early it may lie is the registry's to say."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(label=mark("成立日期"), required=False, input_formats=["%Y-%m-%d"], **more)


class Edited(forms.Form):
    """What is corrected without a history, with the values that the editor saw."""

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
    seen_established_on = forms.DateField(
        required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput
    )
    seen_legal_form = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    seen_industry = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    seen_field = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class Renamed(forms.Form):
    """A new name from a day on."""

    name = forms.CharField(label=mark("新名称"), max_length=200)
    from_on = Day(label=mark("从哪天起"))
    reason = reason()


class Recoded(forms.Form):
    """A new code from a day on."""

    code = forms.CharField(label=mark("新的统一社会信用代码"), max_length=40)
    from_on = Day(label=mark("从哪天起"))
    reason = reason()


class Moved(forms.Form):
    """Another place from a day on."""

    town = place(mark("镇、街道"), BodyKind.TOWN, BodyKind.STREET)
    zone = place(mark("园区"), BodyKind.ZONE)
    from_on = Day(label=mark("从哪天起"))
    reason = reason()


class Closed(forms.Form):
    """How it ceased and when."""

    status = forms.ChoiceField(
        label=mark("状态"),
        choices=labels(
            lambda: [(s.value, s.label) for s in (Status.CLOSED, Status.REVOKED, Status.GONE)]
        ),
    )
    on = Day(label=mark("日期"))
    reason = reason()


class ContactData(forms.Form):
    """A person to call."""

    name = forms.CharField(label=mark("姓名"), max_length=60)
    duty = forms.CharField(label=mark("职务"), required=False, max_length=60)
    phone = forms.CharField(label=mark("电话"), required=False, max_length=40)
    email = forms.CharField(label=mark("邮箱"), required=False, max_length=254)
    main = forms.BooleanField(label=mark("主要联系人"), required=False)


class NewMandate(forms.Form):
    """To whom the enterprise is opened, as what, from when until when."""

    kind = forms.ChoiceField(label=mark("授权"))
    username = forms.CharField(
        label=mark("对方的用户名"), max_length=60, help_text=mark("登录用的名字，请向本人核实")
    )
    body = forms.ModelChoiceField(
        label=mark("所在机构"),
        queryset=Body.objects.filter(kind__in=[BodyKind.AGENCY, BodyKind.BANK], closed_on=None),
        required=False,
        empty_label="—",
        help_text=mark("银行和服务机构要选"),
    )
    from_on = Day(label=mark("开始日期"))
    until_on = Day(label=mark("截止日期"), required=False)

    def __init__(self, *args: Any, kinds: Iterable[MandateKind], **more: Any) -> None:
        super().__init__(*args, **more)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, said(one.label)) for one in kinds]

    def clean_username(self) -> User:
        """The person of that name."""
        name = self.cleaned_data["username"].strip()
        found = User.objects.filter(username__iexact=name, is_active=True).first()
        if found is None:
            raise ValidationError(
                said(message("没有用户名是“{name}”的账号。请向本人核实", name=name[:60]))
            )
        return found


class NewNote(forms.Form):
    """A remark."""

    text = forms.CharField(
        label=mark("备注"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class NewFile(forms.Form):
    """A file and what it is."""

    file = forms.FileField(label=mark("文件"), help_text=mark("PDF、图片、Excel、Word，最大50MB"))
    title = forms.CharField(label=mark("名称"), required=False, max_length=200)


class NewView(forms.Form):
    """The name of a saved view."""

    name = forms.CharField(label=mark("视图名称"), max_length=60)
    shared = forms.BooleanField(label=mark("本单位的人也能用"), required=False)

    def __init__(self, *args: Any, may_share: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not may_share:
            del self.fields["shared"]


class Assigned(forms.Form):
    """A coach for many enterprises."""

    person = forms.ModelChoiceField(
        label=mark("辅导员"), queryset=User.objects.none(), empty_label=None
    )
    from_on = Day(label=mark("开始日期"))
    until_on = Day(label=mark("截止日期"), required=False)

    def __init__(self, *args: Any, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        coaches = Appointment.objects.in_force(on).filter(role=Role.COACH).values("person")
        person: Any = self.fields["person"]
        person.queryset = User.objects.filter(pk__in=coaches, is_active=True).order_by("name")
