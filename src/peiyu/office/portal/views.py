"""Pages for the people of an enterprise, its agency and its bank: only what was opened to them."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from peiyu.office.enterprises import actions
from peiyu.office.enterprises.models import Contact, Enterprise, Mandate, MandateKind
from peiyu.office.enterprises.permissions import (
    is_of_enterprise,
    may_attach,
    may_edit_contacts,
    may_give_mandate,
    may_read_contacts,
    may_read_papers,
    may_suggest,
)
from peiyu.office.foundation import access_log
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.files import download, store
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import AccessKind
from peiyu.office.foundation.refusals import Refused
from peiyu.office.notices.actions import mark_read
from peiyu.office.notices.queries import messages_of
from peiyu.office.portal import forms as fill
from peiyu.office.portal import pages
from peiyu.office.portal.visits import (
    address_of,
    done,
    for_enterprises,
    form_page,
    me,
    not_done,
    or_404,
    own,
    taken_away,
    tried,
)
from peiyu.words import mark, message

FEW_MESSAGES, PAGE = 5, 30
RECORD_SHOWN = 50
asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_enterprises
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """My enterprises, what the office needs from me, what it told me."""
    person, on = me(request), office_day()
    page = page_of(
        pages.mine(person), order="name", size=pages.MOST, after=request.GET.get("after", "")
    )
    context = {
        "cards": pages.cards(person, page.rows, on),
        "next": page.following,
        "notes": list(messages_of(person)[:FEW_MESSAGES]),
    }
    return render(request, "portal/home.html", context)


@for_enterprises
@require_GET
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise: who it is in the registry, its people, its papers, what was done."""
    person, found, on = me(request), own(request, pk), office_day()
    rights = pages.rights_of(person, found)
    context = {
        "enterprise": found,
        "rights": rights,
        "identity": pages.identity_of(found),
        "names": list(found.names.exclude(name=found.name)),
        "mandates": pages.mandates_of(found, person, on, all_of_them=rights.edit_contacts),
    }
    if rights.read_contacts:
        context["contacts"] = list(found.contacts.filter(until_on=None))
        _note_reading(request, found)
    if rights.read_papers:
        papers = found.files.filter(replaced_by=None).select_related("file")
        context["files"] = list(papers.order_by("title", "id"))
        context["record"] = pages.done_about(found, person, RECORD_SHOWN)
    return render(request, "portal/enterprise.html", context)


@for_enterprises
@asked_or_sent
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the office what is wrong with one's entry."""
    person, found = me(request), own(request, pk)
    or_404(may_suggest(person, found))
    form = fill.Suggestion(request.POST or None)
    if form.is_valid() and tried(
        form,
        partial(
            actions.suggest,
            found,
            text=form.cleaned_data["text"],
            on=office_day(),
            at=timezone.now(),
            actor=person,
        ),
    ):
        return done(request, message("已告知经办，核对后更正"), "portal_enterprise", pk)
    return form_page(
        request, form, enterprise=found, heading=mark("提出更正"), send=mark("提出更正")
    )


@for_enterprises
@asked_or_sent
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person to call."""
    person, found = me(request), own(request, pk)
    or_404(may_edit_contacts(person, found))
    form = fill.ContactData(request.POST or None)
    if form.is_valid() and tried(
        form, partial(actions.add_contact, found, actor=person, **form.cleaned_data)
    ):
        return done(request, message("已加联系人"), "portal_enterprise", pk)
    return form_page(
        request, form, enterprise=found, heading=mark("加联系人"), send=mark("加联系人")
    )


@for_enterprises
@asked_or_sent
def contact_change(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Correct a person to call."""
    person, found = me(request), own(request, pk)
    or_404(may_edit_contacts(person, found))
    row = _contact(found, contact)
    shown = {name: getattr(row, name) for name in fill.ContactData.base_fields}
    form = fill.ContactData(request.POST or None, initial=shown)
    if form.is_valid() and tried(
        form, partial(actions.change_contact, row, actor=person, **form.cleaned_data)
    ):
        return done(request, message("联系人已改"), "portal_enterprise", pk)
    return form_page(request, form, enterprise=found, heading=mark("改联系人"), send=mark("保存"))


@for_enterprises
@require_POST
def contact_end(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Say that someone is no longer the one to call."""
    person, found = me(request), own(request, pk)
    or_404(may_edit_contacts(person, found))
    actions.end_contact(_contact(found, contact), on=office_day(), actor=person)
    return done(request, message("联系人已停用"), "portal_enterprise", pk)


@for_enterprises
@asked_or_sent
def mandate_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one's enterprise to an accountant, an agency or a bank."""
    person, found, on = me(request), own(request, pk), office_day()
    or_404(may_give_mandate(person, found, MandateKind.ACCOUNTANT))
    form = fill.NewMandate(request.POST or None, on=on)
    if form.is_valid():
        data = form.cleaned_data
        given = partial(
            actions.give_mandate,
            found,
            person=data["person"],
            kind=data["kind"],
            body=data["body"] if data["kind"] != MandateKind.ACCOUNTANT else None,
            from_on=on,
            until_on=data["until_on"],
            actor=person,
        )
        if tried(form, given):
            name = data["person"].name
            return done(request, message("已授权{name}", name=name), "portal_enterprise", pk)
    return form_page(
        request,
        form,
        enterprise=found,
        heading=mark("授权他人查看或代办"),
        send=mark("授权"),
        note=mark("授权随时可以撤销；谁做了什么，都记在本企业的记录里"),
    )


@for_enterprises
@require_POST
def mandate_revoke(request: HttpRequest, pk: int, mandate: int) -> HttpResponse:
    """Close one's enterprise to someone, or step back oneself."""
    person, found = me(request), own(request, pk)
    row = get_object_or_404(Mandate, pk=mandate, enterprise=found)
    or_404(row.person_id == person.pk or may_edit_contacts(person, found))
    try:
        actions.revoke_mandate(row, on=office_day(), actor=person)
    except Refused as refusal:
        return not_done(request, refusal, "portal_enterprise", pk)
    still = Enterprise.objects.visible_to(person).filter(pk=pk).exists()
    to = ("portal_enterprise", pk) if still else ("portal",)
    return done(request, message("授权已撤销"), *to)


@for_enterprises
@asked_or_sent
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a paper."""
    person, found = me(request), own(request, pk)
    or_404(may_attach(person, found))
    form = fill.Upload(request.POST or None, request.FILES or None)
    if form.is_valid():
        sent = form.cleaned_data["file"]

        def take() -> object:
            kept = store(sent.file, sent.name, by=person)
            return actions.attach(found, file=kept, title=form.cleaned_data["title"], actor=person)

        if tried(form, take):
            return done(request, message("文件已收下"), "portal_enterprise", pk)
    return form_page(request, form, enterprise=found, heading=mark("传文件"), send=mark("上传"))


@for_enterprises
@require_GET
def file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Take away a paper of one's enterprise."""
    person, found = me(request), own(request, pk)
    or_404(may_read_papers(person, found))
    row = get_object_or_404(found.files.select_related("file"), pk=file)
    try:
        taken = download(row.file)
    except Refused as refusal:
        return not_done(request, refusal, "portal_enterprise", pk)
    return taken_away(request, row, taken)


@for_enterprises
@asked_or_sent
def told(request: HttpRequest) -> HttpResponse:
    """What the office told me; a POST marks all of it read."""
    person = me(request)
    if request.method == "POST":
        mark_read(person, at=timezone.now())
        return done(request, message("全部标为已读"), "portal_messages")
    page = page_of(messages_of(person), order="-id", size=PAGE, after=request.GET.get("after", ""))
    context = {"notes": page.rows, "next": page.following}
    return render(request, "portal/messages.html", context)


def _contact(enterprise: Enterprise, key: int) -> Contact:
    return get_object_or_404(Contact, pk=key, enterprise=enterprise, until_on=None)


def _note_reading(request: HttpRequest, enterprise: Enterprise) -> None:
    """An agency's look at the people of an enterprise is logged; their own is not."""
    if is_of_enterprise(me(request), enterprise) or not may_read_contacts(me(request), enterprise):
        return
    access_log.log(
        AccessKind.SECRET,
        actor=me(request),
        address=address_of(request),
        label=enterprise._meta.label_lower,
        key=str(enterprise.pk),
        detail="portal: contacts",
    )
