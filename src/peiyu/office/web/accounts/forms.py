"""What one fills in about people, bodies and roles. Forms read values; the actions hold the rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from peiyu.office.accounts.models import Body, BodyKind, Duty, Role, User
from peiyu.office.accounts.passwords import LONGEST
from peiyu.office.accounts.permissions import SCOPES, may_use_scope
from peiyu.office.accounts.queries import may_take_over
from peiyu.office.foundation import access_log
from peiyu.office.foundation.days import FIRST_DAY, LAST_DAY
from peiyu.office.foundation.models import AccessKind
from peiyu.office.web.accounts.adapters import address_of, lazily
from peiyu.office.web.templatetags.say import said
from peiyu.words import mark, message

Answer = TypeVar("Answer")


class Day(forms.DateField):
    """A date as the browser picks it."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d"], **more)
        self.validators += [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


def labels(choices: Callable[[], Any], empty: str = "") -> Callable[[], list[tuple[str, str]]]:
    """Choices in the language of the reader, at the moment of reading."""
    first = [("", empty)]
    return lambda: [
        *((key, said(text)) for key, text in first if empty),
        *((key, said(text)) for key, text in choices()),
    ]


class LogIn(LoginForm):  # type: ignore[misc]
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label, password.label = mark("用户名"), mark("密码")
        password.help_text = ""
        password.max_length = LONGEST
        for field in (name, password):
            field.widget.attrs.pop("placeholder", None)
        name.widget.attrs["autofocus"] = True

    def clean_password(self) -> str:
        """A longer one was never accepted, so it need not be tried."""
        password: str = self.cleaned_data["password"]
        if len(password) > LONGEST:
            raise ValidationError(said(message("密码最长{longest}个字符，请改短", longest=LONGEST)))
        return password


class SecondFactor(AuthenticateForm):  # type: ignore[misc]
    """The code of the second factor, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = mark("验证码或恢复码")
        code.max_length = 20
        code.widget.attrs.update(inputmode="numeric", autofocus=True)
        code.widget.attrs.pop("placeholder", None)

    def clean_code(self) -> str:
        """A wrong code stands in the log."""
        code = self.cleaned_data["code"]
        try:
            if not code.isascii() or len(code) > 20:
                raise ValidationError(said(mark("验证码只有数字，恢复码最长20个字符。请核对")))
            found: str = super().clean_code()
        except ValidationError:
            access_log.log(
                AccessKind.FAILED,
                actor=self.user,
                address=address_of(context.request),
                detail="second factor",
            )
            raise
        return found


class Readable:
    """A key's answer comes from outside: what the library cannot read is refused, not a crash."""

    def clean_credential(self) -> object:
        """The answer at the log-in, or a refusal."""
        clean: Callable[[], object] = getattr(super(), "clean_credential", self._as_it_is)
        return _read(clean)

    def clean(self) -> Any:
        """The answer of a new key, or a refusal."""
        clean: Callable[[], object] = super().clean  # type: ignore[misc]
        return _read(clean)

    def _as_it_is(self) -> object:
        return self.cleaned_data["credential"]  # type: ignore[attr-defined]


def _read(clean: Callable[[], object]) -> object:
    try:
        return clean()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as unreadable:
        raise ValidationError(said(mark("密钥的答复读不懂，请再试一次"))) from unreadable


class KeyAtLogIn(Readable, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of name and password."""


class KeyAsSecond(Readable, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A security key after the password."""


class KeyAgain(Readable, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A security key, to show again who one is."""


class NewKey(Readable, AddWebAuthnForm):  # type: ignore[misc]
    """A security key or passkey is added."""


class OwnData(forms.Form):
    """Telephone and mail."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    phone = forms.CharField(label=mark("电话"), required=False, max_length=20)
    email = forms.EmailField(label=mark("电子邮箱"), required=False)


class PersonData(OwnData):
    """The same and the name."""

    name = forms.CharField(label=mark("姓名"), max_length=60)
    field_order = ("version", "name", "phone", "email")


class NewPerson(forms.Form):
    """A new account."""

    username = forms.CharField(
        label=mark("用户名"),
        max_length=60,
        help_text=mark("登录用，字母、汉字、数字和@.+-_；定下后不改"),
    )
    name = forms.CharField(label=mark("姓名"), max_length=60)
    duty = forms.ChoiceField(
        label=mark("账号类别"),
        choices=labels(lambda: Duty.choices),
        help_text=mark("定下后不改；三员不能兼任业务角色"),
    )
    phone = forms.CharField(label=mark("电话"), required=False, max_length=20)
    email = forms.EmailField(label=mark("电子邮箱"), required=False)


class NewRole(forms.Form):
    """A role for a body from a day on."""

    role = forms.ChoiceField(label=mark("角色"), choices=labels(lambda: Role.choices))
    body = forms.ModelChoiceField(
        label=mark("机构"), queryset=Body.objects.none(), required=False, empty_label="—"
    )
    title = forms.CharField(label=mark("职务"), required=False, max_length=60)
    from_on = Day(label=mark("开始日期"))
    until_on = Day(label=mark("结束日期"), required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("from_on", on)
        body: Any = self.fields["body"]
        body.queryset = Body.objects.filter(closed_on=None)


class Ending(forms.Form):
    """A last day and why."""

    on = Day(label=mark("最后一天"))
    reason = forms.CharField(label=mark("理由"), required=False, max_length=200)


class Because(forms.Form):
    """Why."""

    reason = forms.CharField(label=mark("理由"), max_length=200)


class HandOver(forms.Form):
    """From whom to whom, from which day on."""

    from_person = forms.ModelChoiceField(label=mark("交出人"), queryset=User.objects.none())
    to_person = forms.ModelChoiceField(label=mark("接手人"), queryset=User.objects.none())
    on = Day(label=mark("从哪天起由接手人办"))
    reason = forms.CharField(label=mark("理由"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(duty__in=(Duty.OFFICE, Duty.ENTERPRISE)).order_by("name")
        giver: Any = self.fields["from_person"]
        taker: Any = self.fields["to_person"]
        giver.queryset, taker.queryset = people, people.filter(is_active=True)


class NewDelegation(forms.Form):
    """Who acts for me, from when until when."""

    taker = forms.ModelChoiceField(label=mark("受托人"), queryset=User.objects.none())
    from_on = Day(label=mark("开始日期"))
    until_on = Day(label=mark("结束日期"))
    reason = forms.CharField(label=mark("理由"), max_length=200)

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taker: Any = self.fields["taker"]
        taker.queryset = may_take_over(giver)


class NewPassword(forms.Form):
    """The old one and, twice, the new one."""

    old = forms.CharField(
        label=mark("原密码"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=mark("新密码"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=mark(
            "至少12个字符；含大写、小写、数字、符号中三类的，至少10个。不用姓名、电话和最近5个密码"
        ),
    )
    again = forms.CharField(
        label=mark("再输一次"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both times the same."""
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", said(mark("两次输入的新密码不一样，请重新输入")))
        return given


class NewToken(forms.Form):
    """A key for a program."""

    name = forms.CharField(label=mark("用途"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=mark("范围"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    expires_on = Day(label=mark("到期日"), help_text=mark("最长一年"))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [
            (key, said(text)) for key, text in SCOPES.items() if may_use_scope(person, key)
        ]


class NewBody(forms.Form):
    """A new body."""

    kind = forms.ChoiceField(label=mark("类别"), choices=labels(lambda: BodyKind.choices))
    code = forms.CharField(label=mark("代码"), max_length=20)
    name = forms.CharField(label=mark("名称"), max_length=100)
    short = forms.CharField(label=mark("简称"), required=False, max_length=30)
    parent = forms.ModelChoiceField(
        label=mark("上级"), queryset=Body.objects.filter(closed_on=None), required=False
    )
    unit = forms.CharField(label=mark("专门机构"), required=False, max_length=60)
    opened_on = Day(label=mark("设立日期"))


class NewName(forms.Form):
    """Another name of a body."""

    name = forms.CharField(label=mark("新名称"), max_length=100)
    short = forms.CharField(label=mark("新简称"), required=False, max_length=30)
    on = Day(label=mark("从哪天起"))
    reason = forms.CharField(label=mark("依据"), required=False, max_length=200)


class NewParent(forms.Form):
    """Another body above."""

    parent = forms.ModelChoiceField(
        label=mark("新的上级"), queryset=Body.objects.filter(closed_on=None), required=False
    )
    reason = forms.CharField(label=mark("依据"), required=False, max_length=200)


class NewUnit(forms.Form):
    """The unit responsible for this work."""

    unit = forms.CharField(label=mark("专门机构"), required=False, max_length=60)


class NewMark(forms.Form):
    """The mark with which the papers of a body are numbered."""

    mark = forms.CharField(
        label=mark("机关代字"), required=False, max_length=20,
        help_text=mark("发文字号里年份前面的字，如“济高企办”；不填就不能发文书"),
    )  # fmt: skip


class Closing(forms.Form):
    """The day a body ends."""

    on = Day(label=mark("撤销日期"))
    reason = forms.CharField(label=mark("依据"), required=False, max_length=200)


class Find(forms.Form):
    """Filters of the list of people."""

    q = forms.CharField(required=False, max_length=60)
    duty = forms.ChoiceField(required=False, choices=labels(lambda: Duty.choices, mark("全部类别")))
    state = forms.ChoiceField(
        required=False,
        choices=labels(
            lambda: (("active", mark("在岗")), ("left", mark("已离开"))), mark("在岗和离开")
        ),
    )
    body = forms.ModelChoiceField(
        required=False, queryset=Body.objects.all(), empty_label=lazily(mark("全部机构"))
    )


class OneDay(forms.Form):
    """A day."""

    day = Day()
