"""What one asks of the record and of the log."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator

from peiyu.office.desk.fields import THINGS
from peiyu.office.desk.records import ACTIONS
from peiyu.office.foundation.models import AccessKind
from peiyu.office.web.accounts.forms import Day, labels
from peiyu.office.web.answers import LARGEST_KEY
from peiyu.words import mark

NAME = RegexValidator(r"\A[a-z_]+\.[a-z_]+\Z")


class FindLines(forms.Form):
    """Filters of the record; things are named by links from their pages."""

    who = forms.CharField(label=mark("人员（姓名或用户名）"), required=False, max_length=60)
    label = forms.ChoiceField(
        label=mark("对象"), required=False, choices=labels(THINGS.items, mark("任何对象"))
    )
    action = forms.ChoiceField(
        label=mark("事项"), required=False, choices=labels(ACTIONS.items, mark("任何事项"))
    )
    since = Day(label=mark("自"), required=False)
    until = Day(label=mark("至"), required=False)
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    about_label = forms.CharField(
        required=False, max_length=60, widget=forms.HiddenInput, validators=[NAME]
    )
    about_key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    person = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.HiddenInput
    )


class FindAccess(forms.Form):
    """Filters of the log of looking."""

    kind = forms.ChoiceField(
        label=mark("类别"),
        required=False,
        choices=labels(lambda: AccessKind.choices, mark("任何类别")),
    )
    who = forms.CharField(label=mark("人员（姓名或用户名）"), required=False, max_length=60)
    q = forms.CharField(label=mark("地址或说明"), required=False, max_length=60)
    since = Day(label=mark("自"), required=False)
    until = Day(label=mark("至"), required=False)


class WhyOpen(forms.Form):
    """Why one looks at hidden values."""

    why = forms.CharField(
        label=mark("为什么要查看"),
        help_text=mark("查看会记入访问日志，审计员看得到"),
        max_length=200,
        required=False,
    )
