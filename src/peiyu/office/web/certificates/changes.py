"""Entering, correcting and taking back certificates; saying what happened to them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from peiyu.office.accounts.models import User
from peiyu.office.desk.fields import field_said
from peiyu.office.enterprises.matching import matched
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Conflict, Difference
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.models import PAPER, Certificate, EventKind
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.web.answers import Because, done, form_page, me, or_404, sent, tried
from peiyu.office.web.certificates.detail import LABEL, found, worded
from peiyu.office.web.certificates.forms import CorrectedPaper, EventForm, NewPaper, PaperForm
from peiyu.office.web.enterprises.detail import found as enterprise_found
from peiyu.office.web.templatetags.say import language, said
from peiyu.words import mark, message

FORM = require_http_methods(["GET", "HEAD", "POST"])
NOT_ONE = mark("企业库里没有唯一对应的企业，请填信用代码，或从企业页面登记")


@login_required
@never_cache
@FORM
def certificate_new(request: HttpRequest) -> HttpResponse:
    """A certificate of an enterprise that is named by code or name."""
    person = me(request)
    or_404(may_enter(person))
    form = NewPaper(sent(request))
    if request.method == "POST" and form.is_valid():
        if (enterprise := _named(form.cleaned_data["enterprise"], person)) is None:
            form.add_error("enterprise", message(NOT_ONE).say(language()))
        elif made := _entered(form, enterprise, person):
            return done(request, message("证书{no}已登记", no=made.number), _of(made))
    back = reverse("certificates")
    return form_page(request, form, title=mark("登记证书"), send=mark("登记"), back=back)


@login_required
@never_cache
@FORM
def enterprise_certificate_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A certificate of this enterprise."""
    person, one = enterprise_found(request, pk)
    or_404(may_enter(person, one))
    form = PaperForm(sent(request))
    back = reverse("enterprise_qualifications", args=[one.pk])
    if request.method == "POST" and form.is_valid() and (made := _entered(form, one, person)):
        return done(request, message("证书{no}已登记", no=made.number), _of(made))
    return form_page(
        request, form, title=mark("登记证书"), send=mark("登记"), back=back, name=one.name
    )


@login_required
@never_cache
@FORM
def certificate_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Another version, with a reason."""
    person, one = _kept(request, pk)
    initial: dict[str, Any] = {name: getattr(one, name) for name in PAPER}
    initial |= {"issued_here": "yes" if one.issued_here else "no", "seen": one.version}
    form = CorrectedPaper(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():

        @transaction.atomic
        def act() -> Certificate:
            return actions.correct_certificate(
                one, form.values(), seen=form.cleaned_data["seen"], source=form.source(person),
                reason=form.cleaned_data["reason"], on=person.access.on, actor=person,
            )  # fmt: skip

        if tried(form, act):
            return done(request, message("证书{no}已更正", no=one.number), _of(one))
        form = _after_conflict(form, one)
    return form_page(
        request, form, title=mark("更正证书"), send=mark("更正"), back=_of(one), name=one.number
    )


@login_required
@never_cache
@FORM
def certificate_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """It was entered by mistake."""
    person, one = _kept(request, pk)
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.withdraw_certificate, one, on=person.access.on, actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            return done(request, message("证书{no}的登记已撤回", no=one.number), _of(one))
    return form_page(
        request, form, title=mark("撤回登记"), send=mark("撤回"), back=_of(one), name=one.number,
        note=mark("登错了才撤回，撤回后不再计入；取消资格、到期的不要撤回"),
    )  # fmt: skip


@login_required
@never_cache
@FORM
def certificate_event(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Something happened to it."""
    person, one = _kept(request, pk)
    or_404(kind in EventKind.values)
    what = EventKind(kind)
    form = EventForm(sent(request), kind=what)
    if request.method == "POST" and form.is_valid():

        @transaction.atomic
        def act() -> object:
            return actions.add_event(
                one, kind=what, source=form.source(person), on=person.access.on, actor=person,
                **form.rest(),
            )  # fmt: skip

        if tried(form, act):
            told = message("已登记：{kind}", kind=message(what.label))
            return done(request, told, _of(one))
    return form_page(
        request, form, title=what.label, send=mark("登记"), back=_of(one), name=one.number,
        note=NOTES.get(what, ""),
    )  # fmt: skip


@login_required
@never_cache
@FORM
def certificate_event_withdraw(request: HttpRequest, pk: int, event: int) -> HttpResponse:
    """It did not happen."""
    person, one = _kept(request, pk)
    row = get_object_or_404(one.events.filter(withdrawn_on=None), pk=event)
    form = Because(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.withdraw_event, row, on=person.access.on, actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            kind = message(row.get_kind_display())
            return done(request, message("“{kind}”已撤回", kind=kind), _of(one))
    return form_page(
        request, form, title=mark("撤回变动"), send=mark("撤回"), back=_of(one),
        name=message("{kind} {day}", kind=message(row.get_kind_display()),
                     day=row.happened_on.isoformat()).say(language()),
    )  # fmt: skip


NOTES = {
    EventKind.RENAMED: mark("更名换证编号和有效期不变（G5.4）"),
    EventKind.REVOKED: mark("自取消之日起不再计入；当年不能再申请（G5.6.3）"),
    EventKind.MOVED_IN: mark("整体迁入的资格、编号和有效期不变，自迁入之日起计入（G5.5）"),
    EventKind.MOVED_OUT: mark("自迁出之日起不再计入"),
    EventKind.PART_MOVED_IN: mark("部分迁入不带来资格，须在本地重新认定（M18）"),
    EventKind.PART_MOVED_OUT: mark("部分迁出不影响原资格（M18）"),
}


def _after_conflict(form: CorrectedPaper, one: Certificate) -> CorrectedPaper:
    """The form anew where another corrected first: what one did not touch is what now stands."""
    conflict = getattr(form, "conflict", None)
    if conflict is None:
        return form
    one.refresh_from_db()
    seen = one.versions.filter(version=form.cleaned_data["seen"]).first()
    data, typed = dict(form.data.items()), form.values()
    for name in PAPER:
        if seen is not None and typed[name] == getattr(seen, name):
            data[name] = _as_typed(getattr(one, name))
    anew = CorrectedPaper({**data, "seen": str(one.version)})
    anew.is_valid()
    anew.add_error(None, said(conflict.message))
    anew.conflict = Conflict(  # type: ignore[attr-defined]
        conflict.message,
        tuple(
            Difference(
                field_said(two.field, LABEL), said(worded(two.wanted)), said(worded(two.stands))
            )
            for two in conflict.differences
        ),
    )
    return anew


def _as_typed(value: object) -> str:
    """A value of a certificate as a form sends it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _entered(form: PaperForm, enterprise: Enterprise, person: User) -> Certificate | None:
    @transaction.atomic
    def act() -> Certificate:
        return actions.enter_certificate(
            enterprise, form.values(), source=form.source(person), on=person.access.on, actor=person
        )

    return tried(form, act)


def _named(given: str, person: User) -> Enterprise | None:
    """The enterprise that a code or a name means, if it is one and may be seen."""
    compact = given.strip()
    code = compact if compact.isascii() else ""
    (one,) = matched([(code, "" if code else compact)])
    if one.enterprise is None:
        return None
    return Enterprise.objects.visible_to(person).filter(pk=one.enterprise).first()


def _kept(request: HttpRequest, pk: int) -> tuple[User, Certificate]:
    person, one = found(request, pk)
    or_404(one.withdrawn_on is None and may_enter(person, one.enterprise))
    return person, one


def _of(one: Certificate) -> str:
    return reverse("certificate", args=[one.pk])
