"""Asking for what is too large to be taken away at once."""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from peiyu.office.accounts.models import User
from peiyu.office.desk.export_requests import LONGEST_PURPOSE, ask_export
from peiyu.office.web.answers import done, form_page, sent, tried
from peiyu.words import mark, message


class Purpose(forms.Form):
    """What a large export is for."""

    purpose = forms.CharField(
        label=mark("用途"), max_length=LONGEST_PURPOSE, widget=forms.Textarea(attrs={"rows": 2})
    )


def ask_page(
    request: HttpRequest, person: User, *, query: str, form: str, number: int, back: str,
    page: str = "enterprises",
) -> HttpResponse:  # fmt: skip
    """Say that it needs another's yes, and take down what it is for."""
    fill = Purpose(sent(request))
    if request.method == "POST" and fill.is_valid():
        act = partial(
            ask_export, query=query, form=form, purpose=fill.cleaned_data["purpose"],
            on=person.access.on, actor=person, page=page,
        )  # fmt: skip
        if asked := tried(fill, act):
            said = message("已申请导出{number}家，批准后可下载", number=number)
            return done(request, said, reverse("export_detail", args=[asked.pk]))
    return form_page(
        request,
        fill,
        title=mark("申请导出"),
        send=mark("申请"),
        back=back,
        note=message("这次有{number}家，超过设定的家数，须科技局负责人批准", number=number),
    )
