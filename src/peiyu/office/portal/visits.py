"""Who stands at this door, and how it answers: found or not there, done or refused with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from peiyu.office.accounts.models import Duty, User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation import access_log
from peiyu.office.foundation.files import Download
from peiyu.office.foundation.models import AccessKind
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.words import Message, message

View = Callable[..., HttpResponseBase]
REFUSED = 422


def language() -> str:
    """The language of the reader as the catalogue names it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def for_enterprises(view: View) -> View:
    """A page for people of enterprises, agencies and banks; for everyone else it is not there."""

    @login_required
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if me(request).duty != Duty.ENTERPRISE:
            raise Http404
        return view(request, *args, **kwargs)

    return answer


def me(request: HttpRequest) -> User:
    """Who asks."""
    assert isinstance(request.user, User)
    return request.user


def own(request: HttpRequest, pk: int) -> Enterprise:
    """The enterprise, if it is open to who asks."""
    rows = Enterprise.objects.visible_to(me(request)).select_related("town", "zone", "body")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent to a form, were it nothing at all; None where it is only looked at."""
    return request.POST if request.method == "POST" else None


def address_of(request: HttpRequest) -> str:
    """From where it is asked."""
    return str(get_adapter().get_client_ip(request)).strip()


def taken_away(request: HttpRequest, thing: Model, file: Download) -> FileResponse:
    """A file of a thing, sent and noted in the log."""
    access_log.log(
        AccessKind.DOWNLOAD,
        actor=me(request),
        address=address_of(request),
        label=thing._meta.label_lower,
        key=str(thing.pk),
        detail=file.name,
    )
    answer = FileResponse(file.path.open("rb"), content_type=file.media_type)
    for header, value in file.headers.items():
        answer[header] = value
    answer["Cache-Control"] = "no-store"
    return answer


def or_404(right: bool) -> None:
    """What one may not do is not there."""
    if not right:
        raise Http404


def tried(form: forms.Form, act: Callable[[], object]) -> object | None:
    """Do what the form asks for; a refusal goes to its field. None: it was not done."""
    try:
        return act()
    except SeveralRefused as several:
        for refusal in several.refusals:
            _refuse(form, refusal)
    except Refused as refusal:
        _refuse(form, refusal)
    return None


def done(request: HttpRequest, what: Message, to: str, *args: object) -> HttpResponse:
    """Say in the page what was done, and go on."""
    messages.success(request, what.say(language()))
    answer = redirect(to, *args)
    answer.status_code = 303
    return answer


def not_done(request: HttpRequest, refusal: Refused, to: str, *args: object) -> HttpResponse:
    """Say in the page why a button did nothing."""
    messages.error(request, refusal.say(language()))
    answer = redirect(to, *args)
    answer.status_code = 303
    return answer


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    enterprise: Enterprise,
    heading: str,
    send: str,
    note: str | Message = "",
) -> HttpResponse:
    """A page with one form; refused with 422, and then nothing typed is lost."""
    context = {
        "form": form,
        "enterprise": enterprise,
        "heading": message(heading),
        "words": message(send),
        "note": note,
        "upload": form.is_multipart(),
    }
    status = REFUSED if form.errors else 200
    return render(request, "portal/form.html", context, status=status)


def _refuse(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.say(language()))
