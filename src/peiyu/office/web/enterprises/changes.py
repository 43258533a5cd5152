"""Changing who an enterprise is: each its own page with its reason and its day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk.fields import field_said
from peiyu.office.desk.merging import merge_entries
from peiyu.office.desk.search import search
from peiyu.office.enterprises import actions
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.enterprises.permissions import is_bureau, may_edit, may_merge
from peiyu.office.enterprises.queries import alike, likely_duplicates
from peiyu.office.enterprises.values import EDITED
from peiyu.office.foundation.refusals import Conflict, Difference
from peiyu.office.web.answers import REFUSED, Because, done, form_page, key_of, or_404, sent, tried
from peiyu.office.web.enterprises import forms as fill
from peiyu.office.web.enterprises.detail import found
from peiyu.office.web.enterprises.labels import worded
from peiyu.office.web.templatetags.say import said
from peiyu.words import Message, mark, message

Given = Mapping[str, Any]
FORM = require_http_methods(["GET", "HEAD", "POST"])
AMONG = 20


@login_required
@FORM
@never_cache
def enterprise_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct founding day, form, industry or field; what another saved meanwhile is shown."""
    person, one = _kept_by(request, pk)
    now = {field: getattr(one, field) for field in EDITED}
    initial = {**now, **{f"seen_{field}": value for field, value in now.items()}}
    form = fill.Edited(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = partial(
            actions.edit,
            one,
            {field: given[field] for field in EDITED},
            seen={field: given[f"seen_{field}"] for field in EDITED},
            on=person.access.on,
            actor=person,
        )
        if tried(form, act):
            return done(request, message("登记事项已更正"), _of(one))
        if conflict := getattr(form, "conflict", None):
            form = _after(conflict, form)
    return _form(request, form, one, mark("更正登记事项"), mark("保存"))


@login_required
@FORM
def enterprise_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """A new name from a day on."""
    person, one = _kept_by(request, pk)
    form = fill.Renamed(sent(request), initial={"from_on": person.access.on})
    note = message("现名“{name}”会留作曾用名，仍可搜到", name=one.name)
    act = partial(actions.rename, one, actor=person)
    return _acted(request, form, one, act, mark("更名"), message("已更名"), note)


@login_required
@FORM
def enterprise_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new code from a day on."""
    person, one = _kept_by(request, pk)
    form = fill.Recoded(sent(request), initial={"from_on": person.access.on})
    note = message("现代码{code}会留作曾用代码，仍可搜到", code=one.code) if one.code else ""
    act = partial(actions.change_code, one, actor=person)
    return _acted(request, form, one, act, mark("换信用代码"), message("信用代码已换"), note)


@login_required
@FORM
def enterprise_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another place from a day on; days before stay as they were."""
    person, one = _kept_by(request, pk)
    initial = {"town": one.town_id, "zone": one.zone_id, "from_on": person.access.on}
    form = fill.Moved(sent(request), initial=initial)
    note = message("从哪天起迁，之前的日子仍算在原处")
    act = partial(actions.move, one, on=person.access.on, actor=person)
    return _acted(request, form, one, act, mark("迁移"), message("迁移已记下"), note)


@login_required
@FORM
def enterprise_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Dissolved, struck off or gone."""
    person, one = _kept_by(request, pk)
    form = fill.Closed(sent(request), initial={"on": person.access.on})
    act = partial(actions.close, one, actor=person)
    return _acted(request, form, one, act, mark("注销、吊销或迁出"), message("状态已改"))


@login_required
@FORM
def enterprise_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a closing back."""
    person, one = _kept_by(request, pk)
    or_404(is_bureau(person, one))
    form = Because(sent(request))
    act = partial(actions.reopen, one, actor=person)
    return _acted(request, form, one, act, mark("恢复存续"), message("已恢复存续"))


@login_required
@FORM
def enterprise_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Unite with another entry: choose it, see what will happen, then do it."""
    person, one = found(request, pk)
    or_404(may_merge(person, one) and one.status != Status.MERGED)
    others = Enterprise.objects.visible_to(person).living().exclude(pk=one.pk)
    key = key_of(request.GET.get("into"))
    if key is None:
        return _choose(request, person, one)
    into = get_object_or_404(others.select_related("town", "zone", "body"), pk=key)
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(merge_entries, one, into=into, on=person.access.on, actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            return done(request, message("“{name}”已并入", name=one.name), _of(into))
    context = {
        "absorbed": one,
        "into": into,
        "form": form,
        "rows": [
            (field_said(field), _worded(one, field), _worded(into, field))
            for field in ("name", "code", *EDITED, "town", "zone", "body")
        ],
        "counts": [(label, gone, kept) for label, gone, kept in _counts(one, into)],
        "send": said(mark("并入")),
        "back": _of(one),
    }
    return render(
        request, "enterprises/merge.html", context, status=REFUSED if form.errors else 200
    )


@login_required
@FORM
def enterprise_not_same(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Say that two that look alike are two."""
    person, one = found(request, pk)
    or_404(is_bureau(person, one))
    second = get_object_or_404(Enterprise.objects.visible_to(person).exclude(pk=one.pk), pk=other)
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.say_not_same, one, second, actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            return done(request, message("已记下，不再提示"), reverse("duplicates"))
    return form_page(
        request,
        form,
        title=mark("不是同一家"),
        send=mark("记下"),
        back=reverse("duplicates"),
        name=f"{one.name} ≠ {second.name}",
    )


@login_required
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one enterprise."""
    person, pairs = request.user, []
    assert isinstance(person, User)
    or_404(is_bureau(person))
    pairs = likely_duplicates(person)
    return render(request, "enterprises/duplicates.html", {"pairs": pairs})


def _choose(request: HttpRequest, person: User, one: Enterprise) -> HttpResponse:
    words = request.GET.get("q", "")[:100].strip()
    if words:
        hits = [hit.enterprise for hit in search(words, person, limit=AMONG).enterprises]
        others = [e for e in hits if e.pk != one.pk and e.status != Status.MERGED]
    else:
        others = alike(one.name, one.code, person=person, other_than=one.pk)
    context = {"enterprise": one, "others": others, "words": words, "back": _of(one)}
    return render(request, "enterprises/merge_choose.html", context)


def _after(conflict: Conflict, form: fill.Edited) -> fill.Edited:
    """The form anew with what was typed; what now stands counts as seen, so saving again decides."""
    data = dict(form.data.items())
    for difference in conflict.differences:
        data[f"seen_{difference.field}"] = (
            "" if difference.stands is None else str(difference.stands)
        )
    anew = fill.Edited(data)
    anew.is_valid()
    anew.add_error(None, said(conflict.message))
    anew.conflict = Conflict(  # type: ignore[attr-defined]
        conflict.message,
        tuple(
            Difference(
                field_said(one.field),
                said(worded(one.field, one.wanted)),
                said(worded(one.field, one.stands)),
            )
            for one in conflict.differences
        ),
    )
    return anew


def _kept_by(request: HttpRequest, pk: int) -> tuple[User, Enterprise]:
    person, one = found(request, pk)
    or_404(may_edit(person, one) and one.status != Status.MERGED)
    return person, one


def _acted(
    request: HttpRequest,
    form: forms.Form,
    one: Enterprise,
    act: Callable[..., object],
    title: str,
    what: Message,
    note: str | Message = "",
) -> HttpResponse:
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, partial(act, **form.cleaned_data)) is not None
    ):
        return done(request, what, _of(one))
    return _form(request, form, one, title, title, note)


def _form(
    request: HttpRequest,
    form: forms.Form,
    one: Enterprise,
    title: str,
    send: str,
    note: str | Message = "",
) -> HttpResponse:
    return form_page(request, form, title=title, send=send, back=_of(one), name=one.name, note=note)


def _of(one: Enterprise) -> str:
    return reverse("enterprise", args=[one.pk])


def _worded(one: Enterprise, field: str) -> str:
    return said(worded(field, getattr(one, field)))


def _counts(one: Enterprise, into: Enterprise) -> list[tuple[str, int, int]]:
    return [
        (mark("联系人"), one.contacts.count(), into.contacts.count()),
        (mark("授权"), one.mandates.filter(revoked_on=None).count(), into.mandates.filter(revoked_on=None).count()),
        (mark("备注"), one.notes.count(), into.notes.count()),
        (mark("文件"), one.files.count(), into.files.count()),
        (mark("有数的年度"), _years(one), _years(into)),
    ]  # fmt: skip


def _years(one: Enterprise) -> int:
    return one.statements.values("year").distinct().count()
