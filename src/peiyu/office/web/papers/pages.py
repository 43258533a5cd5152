"""Papers issued to an enterprise: the list as a tab of its page, one paper, its files, its end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Model
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import Body, User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation import access_log
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.files import download, store
from peiyu.office.foundation.models import AccessKind, Job
from peiyu.office.notices.actions import ask_paper, attach_scan, withdraw_paper
from peiyu.office.notices.models import IssuedPaper, State
from peiyu.office.notices.paper_kinds import Draft
from peiyu.office.notices.permissions import bodies_written_for, may_change_paper, may_issue
from peiyu.office.notices.queries import being_made, papers_of
from peiyu.office.reports.papers import LACKING, lacking
from peiyu.office.reports.permissions import may_read_figures
from peiyu.office.web.accounts.adapters import address_of
from peiyu.office.web.answers import (
    Because,
    done,
    file_answer,
    form_page,
    me,
    or_404,
    sent,
    tried,
)
from peiyu.office.web.enterprises.detail import found, tab_page
from peiyu.office.web.templatetags.say import said
from peiyu.papers.codes import spaced
from peiyu.papers.paper import Content
from peiyu.words import mark, message

TAB = "enterprise_papers"
MOST = 200
FORM = require_http_methods(["GET", "HEAD", "POST"])
SHAPES = {State.VALID: "met", State.REPLACED: "na", State.WITHDRAWN: "bad"}


class Scan(forms.Form):
    """The paper as signed and sealed, scanned."""

    file = forms.FileField(
        label=mark("签章扫描件"), help_text=mark("PDF，签字盖章后扫描的整份文书")
    )


class Issuing(forms.Form):
    """In which body's name a paper is issued; as the next version of which, and why."""

    body = forms.TypedChoiceField(label=mark("出具单位"), coerce=int)
    replaces = forms.TypedChoiceField(
        label=mark("替换哪一份"), coerce=int, empty_value=None, required=False,
        help_text=mark("选了就用原来的文号出新的一版，原来那一版从此不作数"),
    )  # fmt: skip
    reason = forms.CharField(label=mark("为什么换"), max_length=300, required=False, strip=True)

    def __init__(
        self, *args: Any, bodies: list[Body], earlier: list[IssuedPaper], **more: Any
    ) -> None:
        more["initial"] = {"body": bodies[0].pk}
        super().__init__(*args, **more)
        self.bodies = {body.pk: body for body in bodies}
        self.earlier = {paper.pk: paper for paper in earlier}
        body, replaces = self.fields["body"], self.fields["replaces"]
        assert isinstance(body, forms.TypedChoiceField)
        assert isinstance(replaces, forms.TypedChoiceField)
        body.choices = [(one.pk, one.name) for one in bodies]
        if earlier:
            replaces.choices = [
                ("", said(mark("不替换，另编新号"))),
                *((one.pk, str(one)) for one in earlier),
            ]
        else:
            del self.fields["replaces"], self.fields["reason"]

    def act(
        self, person: User, kind: str, one: Enterprise, about: Model, content: Callable[[], Content]
    ) -> Job:
        """Have the paper made."""
        given = self.cleaned_data
        replaced = given.get("replaces")
        with transaction.atomic():
            return ask_paper(
                kind=kind, body=self.bodies[given["body"]], addressee=one, content=content(),
                actor=person, about=about, replaces=self.earlier[replaced] if replaced else None,
                reason=given.get("reason", ""),
            )  # fmt: skip


def bodies_for(person: User, kind: str, one: Enterprise) -> list[Body]:
    """In whose name the person may issue this kind to this enterprise."""
    to = (Enterprise._meta.label_lower, one.pk)
    return [body for body in bodies_written_for(person) if may_issue(person, Draft(kind, body, to))]


def issuing(request: HttpRequest, person: User, kind: str, one: Enterprise) -> Issuing:
    """The form for a kind of paper to an enterprise; where the person may not there is none: 404."""
    bodies = bodies_for(person, kind, one)
    or_404(bool(bodies))
    rows = papers_of(person, one).filter(kind=kind, body__in=bodies)
    earlier = [row for row in rows if row.state == State.VALID]
    return Issuing(sent(request), bodies=bodies, earlier=earlier)


@login_required
@never_cache
@require_safe
def enterprise_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab: what was issued to the enterprise, what is being made."""
    person, one = found(request, pk)
    or_404(may_read_figures(person, one))
    rows = papers_of(person, one).prefetch_related("scans")[:MOST]
    more: dict[str, Any] = {
        "papers": [(row, SHAPES[row.state], bool(row.scans.all())) for row in rows],
        "being_made": being_made(person, one),
        "may_tell_lacking": bool(bodies_for(person, LACKING, one)),
    }
    return tab_page(request, person, one, TAB, "enterprises/papers.html", **more)


@login_required
@never_cache
@FORM
def lacking_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the one-time notice of what the enterprise still has to supply."""
    person, one = found(request, pk)
    form = issuing(request, person, LACKING, one)
    if request.method == "POST" and form.is_valid():
        act = partial(
            form.act, person, LACKING, one, one, partial(lacking, one, person, office_day())
        )
        if tried(form, act):
            words = message("正在编号、制作，做好会通知您")
            return done(request, words, reverse(TAB, args=[one.pk]))
    return form_page(
        request, form, title=mark("制发补报数据一次性告知书"), send=mark("编号并制发"),
        back=reverse(TAB, args=[one.pk]), name=one.name,
        note=mark("写入向企业要过、还没有补的全部数据。制发即编号，号码不能收回；有错只能撤回或换新版"),
    )  # fmt: skip


@login_required
@never_cache
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: what it is, whether it holds, its versions, its files."""
    person, one = _found(request, pk)
    rows = IssuedPaper.objects.visible_to(person).whole()
    context = {
        "paper": one,
        "shape": SHAPES[one.state],
        "code": spaced(one.code),
        "addressee": _enterprise_of(person, one),
        "versions": [
            (row, SHAPES[row.state])
            for row in rows.filter(body=one.body, year=one.year, number=one.number).order_by(
                "-version"
            )
        ],
        "scans": list(one.scans.select_related("file", "added_by")),
        "may_change": one.state == State.VALID and may_change_paper(person, one),
        "blocks": one.content["blocks"],
        "sources": one.content.get("sources", []),
        "official": person.access.is_official,
    }
    return render(request, "papers/detail.html", context)


@login_required
@never_cache
@require_safe
def paper_file(request: HttpRequest, pk: int, part: str) -> FileResponse:
    """PDF, Word or the signed scan."""
    person, one = _found(request, pk)
    scan = one.scans.select_related("file").first() if part == "signed" else None
    file = {"pdf": one.pdf, "word": one.word, "signed": scan.file if scan else None}.get(part)
    or_404(file is not None)
    assert file is not None
    given = download(file)
    access_log.log(
        AccessKind.DOWNLOAD, actor=person, address=address_of(request),
        label=one._meta.label_lower, key=str(one.pk), detail=given.name,
    )  # fmt: skip
    return file_answer(given)


@login_required
@never_cache
@FORM
def paper_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper no longer holds."""
    person, one = _to_change(request, pk)
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(withdraw_paper, one, actor=person, **form.cleaned_data)
        if tried(form, act):
            return done(request, message("{number}已撤回", number=one.full_number), _of(one))
    return form_page(
        request, form, title=mark("撤回文书"), send=mark("撤回"), back=_of(one),
        name=one.full_number, note=mark("撤回后文书仍可查、可核验，核验时显示已撤回；号码不再给别的文书"),
    )  # fmt: skip


@login_required
@never_cache
@FORM
def paper_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Bind the signed scan."""
    person, one = _to_change(request, pk)
    form = Scan(sent(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        @transaction.atomic
        def act() -> Any:
            given = form.cleaned_data["file"]
            return attach_scan(one, file=store(given, given.name or "", by=person), actor=person)

        if tried(form, act):
            words = message("{number}的签章扫描件已附上", number=one.full_number)
            return done(request, words, _of(one))
    return form_page(
        request, form, title=mark("附签章扫描件"), send=mark("附上"), back=_of(one),
        name=one.full_number,
    )  # fmt: skip


def _found(request: HttpRequest, pk: int) -> tuple[User, IssuedPaper]:
    person = me(request)
    return person, get_object_or_404(IssuedPaper.objects.visible_to(person).whole(), pk=pk)


def _to_change(request: HttpRequest, pk: int) -> tuple[User, IssuedPaper]:
    person, one = _found(request, pk)
    or_404(one.state == State.VALID and may_change_paper(person, one))
    return person, one


def _enterprise_of(person: User, one: IssuedPaper) -> Enterprise | None:
    return Enterprise.objects.visible_to(person).filter(pk=one.addressee_key).first()


def _of(one: IssuedPaper) -> str:
    return reverse("paper", args=[one.pk])
