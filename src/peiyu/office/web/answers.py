"""What views share: who asks, what was done, a form on a page, a refusal with 422, a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from peiyu.office.accounts.models import User
from peiyu.office.foundation.files import Download
from peiyu.office.foundation.refusals import Conflict, Refused, SeveralRefused
from peiyu.office.web.templatetags.say import language, said
from peiyu.words import Message, mark

Answer = TypeVar("Answer")
REFUSED = 422
LARGEST_KEY = 2**63 - 1


def me(request: HttpRequest) -> User:
    """Who asks; views stand behind the log-in."""
    assert isinstance(request.user, User)
    return request.user


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent to a form, were it nothing at all; None where it is only looked at."""
    return request.POST if request.method == "POST" else None


def or_404(right: bool) -> None:
    """What one may not do is not there."""
    if not right:
        raise Http404


def key_of(text: object) -> int | None:
    """A key as given in an address or form; None for what cannot be one."""
    given = str(text or "").strip()
    if not (given.isascii() and given.isdigit()) or len(given) > 19:
        return None
    return int(given) if int(given) <= LARGEST_KEY else None


def keys_of(texts: list[str], most: int = 500) -> list[int]:
    """Keys as given by check boxes, each once, in their order."""
    found = dict.fromkeys(key for text in texts if (key := key_of(text)) is not None)
    return list(found)[:most]


def tried(form: forms.Form, act: Callable[[], Answer]) -> Answer | None:
    """Do what the form asks for; a refusal goes to the field that is the matter. None: not done.

    What somebody else saved meanwhile stands in `form.conflict`.
    """
    try:
        return act()
    except Conflict as conflict:
        form.conflict = conflict  # type: ignore[attr-defined]
        form.add_error(None, conflict.say(language()))
    except SeveralRefused as several:
        for refusal in several.refusals:
            form.add_error(_field(form, refusal), refusal.say(language()))
    except Refused as refusal:
        form.add_error(_field(form, refusal), refusal.say(language()))
    return None


def _field(form: forms.Form, refusal: Refused) -> str | None:
    return refusal.field if refusal.field in form.fields else None


def done(request: HttpRequest, what: Message, to: str, *, undo: str = "") -> HttpResponse:
    """Say in the page what was done, with the address that takes it back, and go there."""
    messages.success(request, what.say(language()), extra_tags=undo)
    answer = redirect(to)
    answer.status_code = 303
    return answer


def not_done(request: HttpRequest, refusal: Refused, to: str) -> HttpResponse:
    """Say in the page why a single button did nothing, and go there."""
    messages.error(request, refusal.say(language()))
    answer = redirect(to)
    answer.status_code = 303
    return answer


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str | Message,
    send: str,
    back: str,
    name: str = "",
    note: str | Promise | Message = "",
    template: str = "form_page.html",
    **more: Any,
) -> HttpResponse:
    """A page with one form; 422 if it was refused, and then nothing typed is lost."""
    context = {
        "form": form,
        "title": said(title),
        "send": said(send),
        "back": back,
        "name": name,
        "note": said(note),
        "conflict": getattr(form, "conflict", None),
        "upload": form.is_multipart(),
        **more,
    }
    return render(request, template, context, status=REFUSED if form.errors else 200)


def file_answer(download: Download) -> FileResponse:
    """A file as it may leave: nothing of it runs in the browser, nothing is kept there."""
    answer = FileResponse(download.path.open("rb"), content_type=download.media_type)
    for header, value in download.headers.items():
        answer[header] = value
    answer["Cache-Control"] = "no-store"
    return answer


REASON = mark("理由或依据")


class Because(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=REASON, max_length=300, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )


class PerhapsBecause(forms.Form):
    """Why, if there is something to say."""

    reason = forms.CharField(
        label=REASON, max_length=300, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
