"""Who is to be asked about rights on both sides, and where nobody is."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk.views import kept, newest_line
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.search import matching
from peiyu.office.portfolio import actions
from peiyu.office.portfolio.models import ContactSide, IpContact
from peiyu.office.portfolio.permissions import (
    may_end_contact,
    may_name_contacts,
    reads_rights,
)
from peiyu.office.portfolio.queries import Contacts, contacts_of, owners_of_rights, vacancies
from peiyu.office.web.answers import REFUSED, done, form_page, me, or_404, sent, tried
from peiyu.office.web.evidence.forms import Named, initial_of
from peiyu.office.web.evidence.sections import sections
from peiyu.office.web.pages import pager_of
from peiyu.words import mark, message

SIZE = 24
FORM = require_http_methods(["GET", "HEAD", "POST"])
SIDES = {ContactSide.OFFICE: mark("主管部门"), ContactSide.ENTERPRISE: mark("企业")}


class Filters(forms.Form):
    """By enterprise; only vacancies."""

    q = forms.CharField(label=mark("企业名称、信用代码"), max_length=100, required=False)
    vacant = forms.BooleanField(label=mark("只看缺联系人的"), required=False)


@login_required
@require_safe
def ip_contacts(request: HttpRequest) -> HttpResponse:
    """Every enterprise with rights, with its contact on each side."""
    person = me(request)
    or_404(reads_rights(person))
    filters = Filters(request.GET)
    right = filters.is_valid()
    given: dict[str, Any] = filters.cleaned_data if right else {"q": "", "vacant": False}
    missing = vacancies(person)
    rows = missing if given["vacant"] else owners_of_rights(person)
    if not right:
        rows = rows.none()
    if given["q"].strip():
        rows = rows.filter(pk__in=matching(given["q"], Enterprise._meta.label_lower))
    page = page_of(
        rows.select_related("body", "town", "zone"), order="name", size=SIZE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    held = contacts_of(one.pk for one in page.rows)
    newest = newest_line()
    lacking = kept("vacancies", person, newest, missing.count)
    number = (
        lacking
        if given["vacant"] and not given["q"].strip()
        else (kept(f"owners of rights {given}", person, newest, rows.count) if right else 0)
    )
    context: dict[str, Any] = {
        "filters": filters,
        "lines": [(one, _sides(one, held[one.pk], person)) for one in page.rows],
        "pager": pager_of(request, page, number),
        "number": number,
        "missing": lacking,
        "asked": bool(given["q"].strip() or given["vacant"]),
        "sections": sections(person, "ip_contacts"),
    }
    return render(request, "evidence/contacts.html", context, status=200 if right else REFUSED)


@login_required
@FORM
def ip_contact_name(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    """Say who is to be asked on one side, from a day on."""
    person, one, on_side = _to_name(request, pk, side)
    form = Named(
        sent(request), side=on_side, enterprise=one, initial={"from_on": office_day().isoformat()}
    )
    back = reverse("ip_contacts")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = partial(
            actions.name_contact, one, side=on_side, from_on=given["from_on"], actor=person,
            person=given.get("person"), contact=given.get("contact"),
        )  # fmt: skip
        if tried(form, act):
            return done(request, message("已定为知识产权联系人"), back)
    note = (
        mark("从企业现在的联系人里选；没有合适的，先到企业的“人员”页添加")
        if on_side == ContactSide.ENTERPRISE
        else mark("从在职的工作人员里选")
    )
    return form_page(
        request, form, title=message("定{side}一方的知识产权联系人", side=message(SIDES[on_side])),
        send=mark("定下"), back=back, name=one.name, note=note,
    )  # fmt: skip


@login_required
@FORM
def ip_contact_end(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """They are no longer to be asked."""
    person = me(request)
    or_404(reads_rights(person))
    rows = IpContact.objects.filter(enterprise__in=owners_of_rights(person), until_on=None)
    held = get_object_or_404(
        rows.select_related("enterprise", "contact", "person"), pk=contact, enterprise=pk
    )
    or_404(may_end_contact(person, held))
    back = reverse("ip_contacts")
    form = forms.Form(sent(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.end_contact, held, on=office_day(), actor=person)
        if tried(form, act):
            return done(request, message("已结束；请再定一位"), back)
    return form_page(
        request, form, title=mark("不再担任知识产权联系人"), send=mark("结束"), back=back,
        name=held.enterprise.name, note=message("{name}从今天起不再担任", name=_name_of(held)),
    )  # fmt: skip


def _to_name(request: HttpRequest, pk: int, side: str) -> tuple[User, Enterprise, ContactSide]:
    person = me(request)
    or_404(reads_rights(person) and side in SIDES)
    rows = owners_of_rights(person).select_related("body", "town", "zone")
    one = get_object_or_404(rows, pk=pk)
    or_404(may_name_contacts(person, one))
    return person, one, ContactSide(side)


def _sides(one: Enterprise, held: Contacts, person: User) -> list[dict[str, Any]]:
    found = []
    names = may_name_contacts(person, one)
    for side, contact in (
        (ContactSide.OFFICE, held.office),
        (ContactSide.ENTERPRISE, held.enterprise),
    ):
        found.append({
            "side": SIDES[side],
            "name": _name_of(contact) if contact else "",
            "since": contact.from_on if contact else None,
            "name_href": reverse("ip_contact_name", args=[one.pk, side]) if names else "",
            "end_href": reverse("ip_contact_end", args=[one.pk, contact.pk])
            if contact and may_end_contact(person, contact)
            else "",
        })  # fmt: skip
    return found


def _name_of(held: IpContact) -> str:
    """Of the office the name, of the enterprise only so much as tells two apart."""
    if held.person is not None:
        return held.person.name
    return initial_of(held.contact) if held.contact else ""
