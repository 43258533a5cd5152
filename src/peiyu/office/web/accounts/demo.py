"""Only in the demo: log in as anyone with one click, move the day.

Three locks. The settings refuse to start as a demo where others could reach it
(`config/environment.py`: no hosts, no single sign-on, a database only on this machine). Outside the
demo these addresses do not exist. And the click works only over a database that bears the demo's
mark: its office day, a row that nothing but the demo writes.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from peiyu.office.accounts.models import User
from peiyu.office.accounts.queries import people_to_try
from peiyu.office.foundation.actions import set_office_day
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.web.accounts.forms import OneDay
from peiyu.office.web.templatetags.say import said
from peiyu.words import mark, message


def is_demo() -> bool:
    """This is the demo, over a database of the demo."""
    return bool(settings.DEMO) and OfficeDay.objects.exists()


@require_POST
def demo_log_in(request: HttpRequest) -> HttpResponse:
    """POST `person`: log in as one of those whom the log-in page offers."""
    if not is_demo():
        raise Http404
    offered = {one.pk for _, people in people_to_try(office_day()) for one in people}
    asked = request.POST.get("person", "")
    if not (asked.isascii() and asked.isdigit()) or len(asked) > 18 or int(asked) not in offered:
        raise Http404
    chosen = get_object_or_404(User, pk=int(asked), is_active=True)
    adapter: Any = get_adapter()
    if request.user.is_authenticated:
        adapter.logout(request)
    record_authentication(request, chosen, "demo")
    adapter.login(request, chosen)
    return redirect(_back(request))


@require_POST
@login_required
def demo_day(request: HttpRequest) -> HttpResponse:
    """POST `day` and `next`: the demo city lives on another day."""
    if not is_demo():
        raise Http404
    form = OneDay(request.POST)
    if form.is_valid():
        assert isinstance(request.user, User)
        set_office_day(form.cleaned_data["day"], actor=request.user)
        said_ = message("演示日期已换到{day}", day=form.cleaned_data["day"].isoformat())
        messages.success(request, said(said_))
    else:
        messages.error(request, said(mark("请填写日期，如2019-06-17")))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    back = request.POST.get("next", "")
    here = {request.get_host()}
    return back if url_has_allowed_host_and_scheme(back, here, request.is_secure()) else "/"
