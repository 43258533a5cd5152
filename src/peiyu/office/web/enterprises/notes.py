"""Remarks on an enterprise, and its files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.enterprises import actions
from peiyu.office.enterprises.models import Enterprise, EnterpriseFile, Status
from peiyu.office.enterprises.permissions import (
    may_attach,
    may_note,
    may_read_files,
    may_read_notes,
    may_withdraw_note,
)
from peiyu.office.foundation import access_log, files
from peiyu.office.foundation.models import AccessKind
from peiyu.office.foundation.previews import preview
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.accounts.adapters import address_of
from peiyu.office.web.answers import REFUSED, done, file_answer, key_of, not_done, or_404, tried
from peiyu.office.web.enterprises.detail import found, notes_page
from peiyu.office.web.enterprises.forms import NewFile, NewNote
from peiyu.words import message


@login_required
@require_POST
def note_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a remark."""
    person, one = found(request, pk)
    or_404(may_note(person, one))
    form = NewNote(request.POST)
    if form.is_valid():
        act = partial(actions.write_note, one, at=timezone.now(), actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            return done(request, message("备注已记下"), _of(one))
    return notes_page(request, person, one, note=form, status=REFUSED)


@login_required
@require_POST
def note_withdraw(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Take one's own remark back."""
    person, one = found(request, pk)
    or_404(may_read_notes(person, one))
    held = get_object_or_404(
        one.notes.filter(withdrawn_at=None).select_related("enterprise"), pk=note
    )
    or_404(may_withdraw_note(person, held))
    actions.withdraw_note(held, at=timezone.now(), actor=person)
    return done(request, message("备注已撤回"), _of(one))


@login_required
@require_POST
def file_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a file; POST `replaces` makes it the next version of another."""
    person, one = found(request, pk)
    or_404(may_attach(person, one) and one.status != Status.MERGED)
    form = NewFile(request.POST, request.FILES)
    replaces = _replaced(request, one)
    if form.is_valid():
        act = partial(_attached, person, one, form.cleaned_data, replaces)
        if tried(form, act):
            return done(request, message("文件已存"), _of(one))
    return notes_page(request, person, one, file=form, replaces=replaces, status=REFUSED)


@login_required
@require_safe
def file_download(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """The file itself; that it was taken is logged."""
    return _given_out(request, pk, file, files.download)


@login_required
@require_safe
def file_preview(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A page of the file as a picture (`?page=`); logged like taking it."""
    number = key_of(request.GET.get("page", "1"))
    or_404(number is not None)
    assert number is not None
    return _given_out(request, pk, file, lambda stored: preview(stored, number).picture)


def _given_out(
    request: HttpRequest, pk: int, file: int, way: Callable[[Any], files.Download]
) -> HttpResponseBase:
    person, one = found(request, pk)
    or_404(may_read_files(person, one))
    held = get_object_or_404(one.files.select_related("file"), pk=file)
    try:
        answer = file_answer(way(held.file))
    except Refused as refusal:
        return not_done(request, refusal, _of(one))
    access_log.log(
        AccessKind.DOWNLOAD,
        actor=person,
        address=address_of(request),
        label=held._meta.label_lower,
        key=str(held.pk),
        detail=f"{one.pk} {held.file.name}",
    )
    return answer


def _attached(
    person: User, one: Enterprise, given: dict[str, Any], replaces: EnterpriseFile | None
) -> EnterpriseFile:
    upload: Any = given["file"]
    stored = files.store(upload.file, upload.name or "", by=person)
    title = given["title"] or (replaces.title if replaces else "")
    return actions.attach(one, file=stored, title=title, replaces=replaces, actor=person)


def _replaced(request: HttpRequest, one: Enterprise) -> EnterpriseFile | None:
    given = request.POST.get("replaces", "")
    return get_object_or_404(one.files, pk=key_of(given) or 0) if given else None


def _of(one: Enterprise) -> str:
    return reverse("enterprise_notes", args=[one.pk])
