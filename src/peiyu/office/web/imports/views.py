"""Imports: the list, a new one, its page, and each thing that can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.foundation import imports as acts
from peiyu.office.foundation.files import store
from peiyu.office.foundation.imports import DOES, ImportKind
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.kinds import KINDS, Limits
from peiyu.office.foundation.models import ImportBatch, ImportState, RowOutcome
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.answers import (
    REFUSED,
    done,
    form_page,
    keys_of,
    me,
    not_done,
    or_404,
    sent,
    tried,
)
from peiyu.office.web.imports import preview
from peiyu.office.web.imports.blanks import shapes_of, template_of
from peiyu.office.web.imports.finding import found
from peiyu.office.web.imports.forms import Upload
from peiyu.office.web.imports.kinds import grouped, kinds_open_to, title_of
from peiyu.office.web.imports.mending import mended, of_several_years
from peiyu.office.web.imports.preview import address_of, place_of
from peiyu.office.web.pages import pager_of
from peiyu.office.web.tables import Column, Link, Row, Status, Table
from peiyu.office.web.templatetags.say import language, said
from peiyu.words import Message, mark, message, translate

SIZE = 50
TABLES = Limits(kinds=("xlsx", "xls", "csv", "txt"))
COLUMNS = (
    Column("file", mark("文件"), kind="link", phone="l1"),
    Column("kind", mark("种类")),
    Column("state", mark("状态"), kind="status"),
    Column("counts", mark("行数"), phone="wide"),
    Column("owner", mark("上传人")),
    Column("at", mark("上传"), kind="moment"),
)


@login_required
@never_cache
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """One's own imports and those of one's body."""
    person = me(request)
    kinds = kinds_open_to(person)
    or_404(bool(kinds))
    page = page_of(
        ImportBatch.objects.visible_to(person).filter(kind__in=kinds).select_related("owner"),
        order="-id",
        size=SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    table = Table(COLUMNS, [_row(one, kinds) for one in page.rows], label=mark("导入"))
    context = {"table": table, "pager": pager_of(request, page), "groups": grouped(kinds)}
    return render(request, "imports/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """`?kind=`: bring a table; it is read, nothing is changed yet."""
    person = me(request)
    kinds = kinds_open_to(person)
    name = request.GET.get("kind") or next(iter(kinds), "")
    or_404(name in kinds)
    kind = kinds[name]
    form = Upload(sent(request), request.FILES or None, kind=kind, person=person)
    if request.method == "POST" and form.is_valid():
        act = partial(_taken_in, form, kind, person)
        if made := tried(form, act):
            return done(request, message("已上传，正在读取；核对以后才会导入"), address_of(made))
    return form_page(
        request,
        form,
        title=mark("导入表格"),
        send=mark("上传并预览"),
        back=reverse("imports"),
        template="imports/new.html",
        kind=kind,
        shapes=shapes_of(kind),
        groups=grouped(kinds),
    )


@login_required
@require_safe
def import_template(request: HttpRequest, name: str) -> HttpResponse:
    """The empty table of a kind, `?shape=` another of its shapes than the usual."""
    person = me(request)
    kinds = kinds_open_to(person)
    or_404(name in kinds)
    asked = request.GET.get("shape", "")
    shape = next((one for one in shapes_of(kinds[name]) if one.key == asked), None)
    or_404(shape is not None)
    assert shape is not None
    content = template_of(kinds[name], person.access.on, language(), shape.key)
    answer = HttpResponse(content, content_type=KINDS["xlsx"].media_type)
    title = translate(kinds[name].title, language())
    if shape.key:
        title = message("{kind}（{shape}）", kind=title, shape=message(shape.label)).say(language())
    title = f"{title}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, title)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@never_cache
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An import as it stands: how far, what it would change, what it did."""
    return preview.page(request, *found(request, pk))


@login_required
@never_cache
@require_safe
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; asked again until it is done, then the whole page is."""
    person, batch, _ = found(request, pk)
    context = preview.progress_of(batch, person)
    if context["going"] and not context["stopped"]:
        return render(request, "imports/_progress.html", context)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(address_of(batch))


@login_required
@never_cache
@require_safe
def import_counts(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows by outcome and what can be done now; asked again after a row was mended."""
    _, batch, _ = found(request, pk)
    outcome = place_of(request.GET).get("outcome", "")
    return render(request, "imports/_going.html", preview.counts_of(batch, outcome))


@login_required
@require_POST
def import_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `shown` and `chosen`: rows of the page; `all` or `none`: an outcome as a whole."""
    person, batch, _ = found(request, pk)
    at = place_of(request.POST)
    try:
        _chosen(request, batch, person)
    except Refused as refusal:
        return _refused(request, refusal, address_of(batch))
    if "HX-Request" in request.headers:
        context = preview.counts_of(batch, at.get("outcome", ""))
        return render(request, "imports/_going.html", context)
    return redirect(address_of(batch, at))


@login_required
@require_POST
def import_mend(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """POST `cell-…` and `target`: type cells anew, say which enterprise a row means."""
    person, batch, kind = found(request, pk)
    at, part = place_of(request.POST), "HX-Request" in request.headers
    typed = None
    if batch.state not in acts.OPEN:
        state = message(ImportState(batch.state).label)
        refusal = Refused(message("这次导入现在是“{state}”，不能这样做；请刷新页面", state=state))
        return _refused(request, refusal, address_of(batch))
    before = preview.line_of(batch, kind, person, number)
    or_404(before is not None)
    assert before is not None
    typed = mended(request.POST, batch, before, person)
    if not part:
        if typed:
            return preview.page(request, person, batch, kind, at=at, typed=typed)
        return redirect(address_of(batch, at, number))
    line = preview.line_of(batch, kind, person, number, typed)
    assert line is not None
    repeats = before.may_be_kept or line.may_be_kept  # then other rows are judged anew too
    of_years = request.POST.get("target") and of_several_years(batch, before)
    if not typed and (repeats or of_years):
        return HttpResponse(headers={"HX-Redirect": address_of(batch, at, number)})
    context = {"batch": batch, "line": line, "at": at, "ready": True}
    answer = render(request, "imports/_row.html", context, status=REFUSED if typed else 200)
    if not typed:
        answer["HX-Trigger"] = "mended"
    return answer


@login_required
@require_POST
def import_keep(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """POST: of rows that contradict each other take this one."""
    person, batch, _ = found(request, pk)
    at = place_of(request.POST)
    try:
        acts.keep_only(batch, number, actor=person)
    except Refused as refusal:
        return not_done(request, refusal, address_of(batch, at))
    return redirect(address_of(batch, at, number))


@login_required
@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what is chosen, with what was chosen last on this page."""

    def act(batch: ImportBatch, person: User) -> None:
        _chosen(request, batch, person)
        acts.apply_import(batch, actor=person)

    return _acted(request, pk, act, message("已开始导入"))


@login_required
@require_POST
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up before anything was changed."""
    return _acted(request, pk, _by(acts.drop), message("已放弃，什么都没有改"))


@login_required
@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take all of it back."""
    return _acted(request, pk, _by(acts.undo_import), message("已开始撤销"))


def _by(act: Callable[..., object]) -> Callable[[ImportBatch, User], object]:
    return lambda batch, person: act(batch, actor=person)


def _acted(
    request: HttpRequest, pk: int, act: Callable[[ImportBatch, User], object], what: Message
) -> HttpResponse:
    person, batch, _ = found(request, pk)
    try:
        act(batch, person)
    except Refused as refusal:
        return not_done(request, refusal, address_of(batch, place_of(request.POST)))
    return done(request, what, address_of(batch))


def _refused(request: HttpRequest, refusal: Refused, to: str) -> HttpResponse:
    """A refusal said on the whole page, for a part of it too."""
    answer = not_done(request, refusal, to)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": to})
    return answer


def _chosen(request: HttpRequest, batch: ImportBatch, person: User) -> None:
    for word, chosen in (("all", True), ("none", False)):
        if (outcome := request.POST.get(word)) in DOES:
            acts.choose_all(batch, str(outcome), chosen=chosen, actor=person)
            return
    shown = keys_of(request.POST.getlist("shown"))
    wanted = set(keys_of(request.POST.getlist("chosen")))
    if shown:
        chosen_ones = [number for number in shown if number in wanted]
        left = [number for number in shown if number not in wanted]
        acts.choose(batch, chosen=chosen_ones, left=left, actor=person)


def _taken_in(form: Upload, kind: ImportKind, person: User) -> ImportBatch:
    upload = form.cleaned_data["file"]
    file = store(upload.file, upload.name or "", by=person, limits=TABLES)
    return acts.take_in(
        kind.name, file, whose=form.whose(), options=form.options(), actor=person
    )  # fmt: skip


def _row(batch: ImportBatch, kinds: dict[str, Any]) -> Row:
    state = ImportState(batch.state)
    return Row(
        batch.pk,
        {
            "file": Link(batch.title, address_of(batch)),
            "kind": said(title_of(batch, kinds[batch.kind])),
            "state": Status(preview.SHAPES[state], state.label),
            "counts": _counts(batch),
            "owner": batch.owner.name,
            "at": batch.created_at,
        },
        name=batch.title,
    )


def _counts(batch: ImportBatch) -> str:
    if batch.state == ImportState.DROPPED:
        return ""
    parts = [
        f"{said(one.label)} {number}"
        for one in RowOutcome
        if (number := batch.counts.get(one.value))
    ]
    return " · ".join(parts)
