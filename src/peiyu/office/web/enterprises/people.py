"""Whom to call, and to whom an enterprise is open."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from peiyu.office.accounts.models import User
from peiyu.office.enterprises import actions
from peiyu.office.enterprises.models import Contact, Enterprise, Status
from peiyu.office.enterprises.permissions import (
    may_edit_contacts,
    may_read_contacts,
    may_revoke_mandate,
)
from peiyu.office.foundation import access_log
from peiyu.office.foundation.models import AccessKind
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.accounts.adapters import address_of
from peiyu.office.web.answers import PerhapsBecause, done, form_page, not_done, or_404, sent, tried
from peiyu.office.web.enterprises.detail import found, kinds_to_give
from peiyu.office.web.enterprises.forms import ContactData, NewMandate
from peiyu.words import mark, message

FORM = require_http_methods(["GET", "HEAD", "POST"])
DATA = ("name", "duty", "phone", "email", "main")


@login_required
@FORM
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A person to call."""
    person, one = _reached(request, pk)
    form = ContactData(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.add_contact, one, actor=person, **form.cleaned_data)
        if tried(form, act):
            return done(request, message("联系人已加"), _of(one))
    return form_page(
        request, form, title=mark("加联系人"), send=mark("加联系人"), back=_of(one), name=one.name
    )


@login_required
@FORM
@never_cache
def contact_change(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Correct a person to call; who opens the form reads the data, and that is logged."""
    person, one = _reached(request, pk)
    or_404(may_read_contacts(person, one))
    held = _contact(one, contact)
    form = ContactData(sent(request), initial={field: getattr(held, field) for field in DATA})
    if request.method == "POST" and form.is_valid():
        act = partial(actions.change_contact, held, actor=person, **form.cleaned_data)
        if tried(form, act):
            return done(request, message("联系人已改"), _of(one))
    if request.method != "POST":
        access_log.log(
            AccessKind.SECRET,
            actor=person,
            address=address_of(request),
            label=one._meta.label_lower,
            key=str(one.pk),
            detail=f"contact {held.pk}",
        )
    return form_page(
        request, form, title=mark("改联系人"), send=mark("保存"), back=_of(one), name=one.name
    )


@login_required
@require_POST
def contact_end(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """No longer the one to call."""
    person, one = _reached(request, pk)
    try:
        actions.end_contact(_contact(one, contact), on=person.access.on, actor=person)
    except Refused as refusal:
        return not_done(request, refusal, _of(one))
    return done(request, message("联系人已停用"), _of(one))


@login_required
@FORM
def mandate_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the enterprise to a person."""
    person, one = found(request, pk)
    kinds = kinds_to_give(person, one)
    or_404(bool(kinds) and one.status != Status.MERGED)
    form = NewMandate(sent(request), kinds=kinds, initial={"from_on": person.access.on})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["person"] = given.pop("username")
        act = partial(actions.give_mandate, one, actor=person, **given)
        if made := tried(form, act):
            return done(request, message("已授权给{name}", name=made.person.name), _of(one))
        if refused := form.errors.get("__all__"):
            form.add_error("username", list(refused))
    return form_page(
        request,
        form,
        title=mark("授权"),
        send=mark("授权"),
        back=_of(one),
        name=one.name,
        note=message("被授权的人可以看到这家企业；可随时撤销，每次都有记录"),
    )


@login_required
@FORM
def mandate_revoke(request: HttpRequest, pk: int, mandate: int) -> HttpResponse:
    """Close the enterprise to a person."""
    person, one = found(request, pk)
    held = get_object_or_404(one.mandates.select_related("person", "enterprise"), pk=mandate)
    or_404(held.revoked_on is None and may_revoke_mandate(person, held))
    form = PerhapsBecause(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.revoke_mandate, held, on=person.access.on, actor=person)
        if tried(form, partial(act, **form.cleaned_data)):
            still = Enterprise.objects.visible_to(person).filter(pk=one.pk).exists()
            return done(
                request,
                message("{name}的授权已撤销", name=held.person.name),
                _of(one) if still else "/",
            )
    return form_page(
        request,
        form,
        title=mark("撤销授权"),
        send=mark("撤销授权"),
        back=_of(one),
        name=f"{held.person.name} · {one.name}",
    )


def _reached(request: HttpRequest, pk: int) -> tuple[User, Enterprise]:
    person, one = found(request, pk)
    or_404(may_edit_contacts(person, one) and one.status != Status.MERGED)
    return person, one


def _contact(one: Enterprise, key: int) -> Contact:
    return get_object_or_404(
        one.contacts.filter(until_on=None).select_related("enterprise"), pk=key
    )


def _of(one: Enterprise) -> str:
    return reverse("enterprise_people", args=[one.pk])
