"""What an enterprise fills in. Forms read types and lengths; the actions hold the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from peiyu.office.accounts.models import Body, BodyKind, Duty, User
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.enterprises.models.people import BY_ENTERPRISE
from peiyu.office.foundation.days import LAST_DAY
from peiyu.office.portal.visits import language
from peiyu.words import mark, message, translate


class Suggestion(forms.Form):
    """What is wrong with one's entry."""

    text = forms.CharField(
        label=mark("哪一项不对，应是什么"),
        help_text=mark("写给本单位所在镇（园区）和科技局的经办，他们核对后更正。最多500字"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
    )


class ContactData(forms.Form):
    """A person to call; as little as is needed."""

    name = forms.CharField(label=mark("姓名"), max_length=60)
    duty = forms.CharField(label=mark("职务"), required=False, max_length=60)
    phone = forms.CharField(
        label=mark("电话"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    email = forms.CharField(
        label=mark("邮箱"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email"}),
    )
    main = forms.BooleanField(label=mark("主要联系人"), required=False)


class NewMandate(forms.Form):
    """To whom the enterprise is opened, as what, until when."""

    kind = forms.ChoiceField(label=mark("授权"))
    username = forms.CharField(
        label=mark("对方的用户名"), max_length=60, help_text=mark("登录用的名字，请向本人问清")
    )
    name = forms.CharField(label=mark("对方的姓名"), max_length=60)
    body = forms.ModelChoiceField(
        label=mark("所在机构"),
        queryset=Body.objects.none(),
        required=False,
        empty_label="—",
        help_text=mark("授权给银行、服务机构时要选"),
    )
    until_on = forms.DateField(
        label=mark("截止日"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(LAST_DAY)],
        help_text=mark("授权给银行、服务机构时要填；那天之后自动停止"),
    )

    def __init__(self, *args: Any, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        kind, body = self.fields["kind"], self.fields["body"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(body, forms.ModelChoiceField)
        kind.choices = [
            (str(one), translate(one.label, language()))
            for one in MandateKind
            if one in BY_ENTERPRISE
        ]
        body.queryset = Body.objects.alive(on).filter(kind__in=[BodyKind.AGENCY, BodyKind.BANK])

    def clean(self) -> dict[str, Any]:
        """Both words must fit, so that nobody finds out by trying who has an account."""
        data: dict[str, Any] = super().clean() or {}
        username, name = data.get("username"), data.get("name")
        if username and name:
            data["person"] = User.objects.filter(
                username__iexact=username, name=name, duty=Duty.ENTERPRISE, is_active=True
            ).first()
            if data["person"] is None:
                words = message(
                    "没有用户名和姓名都相符的企业用户。请向本人核对，或请对方先开通账号"
                )
                self.add_error("username", ValidationError(words.say(language())))
        return data


class ReportFiled(forms.Form):
    """When the annual report was filed where the law wants it."""

    filed_on = forms.DateField(
        label=mark("填报日期"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(LAST_DAY)],
    )
    reason = forms.CharField(label=mark("理由"), max_length=300, help_text=mark("为什么改"))

    def __init__(self, *args: Any, corrects: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not corrects:
            del self.fields["reason"]


class Upload(forms.Form):
    """A paper of the enterprise."""

    title = forms.CharField(
        label=mark("名称"),
        max_length=200,
        required=False,
        help_text=mark("如：营业执照。不填就用文件名"),
    )
    file = forms.FileField(
        label=mark("文件"), help_text=mark("PDF、图片或表格，至多20 MB"), max_length=1000
    )
