"""The page of an enterprise: who it is, its people, notes, history and record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from peiyu.office.accounts.models import User
from peiyu.office.desk import records
from peiyu.office.desk.fields import field_said
from peiyu.office.enterprises.classifications import fields, path_of
from peiyu.office.enterprises.classifications import industries as all_industries
from peiyu.office.enterprises.identity import code_warning
from peiyu.office.enterprises.models import Enterprise, EnterpriseFile, MandateKind, Status
from peiyu.office.enterprises.permissions import (
    is_bureau,
    may_attach,
    may_edit,
    may_edit_contacts,
    may_give_mandate,
    may_merge,
    may_note,
    may_read_contacts,
    may_read_notes,
    may_revoke_mandate,
    may_withdraw_note,
)
from peiyu.office.enterprises.queries import alike
from peiyu.office.foundation import access_log
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import AccessKind
from peiyu.office.foundation.previews import has_preview
from peiyu.office.web.accounts.adapters import address_of
from peiyu.office.web.answers import me, or_404
from peiyu.office.web.enterprises.forms import NewFile, NewNote
from peiyu.office.web.enterprises.labels import worded
from peiyu.office.web.enterprises.listing import SHAPES
from peiyu.office.web.enterprises.tabs import tabs_of
from peiyu.office.web.tables import Pager
from peiyu.words import Message, mark, message

LINES, LATEST = 50, 6


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field of a line of the record, in words."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the record as drawn: a list of changes, or an entry of a timeline."""

    at: object
    text: Message
    by: Message
    reason: str = ""
    changes: tuple[Change, ...] = ()
    hidden: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """Something one may do to the enterprise."""

    label: str
    href: str
    icon: str


def found(request: HttpRequest, pk: int) -> tuple[User, Enterprise]:
    """Who asks, and the enterprise if they may see it; else it is not there."""
    person = me(request)
    rows = Enterprise.objects.visible_to(person)
    return person, get_object_or_404(
        rows.select_related("town", "zone", "body", "merged_into"), pk=pk
    )


@login_required
@never_cache
@require_safe
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """The overview."""
    person, one = found(request, pk)
    latest = brief(records.as_seen(records.about_enterprise(one, person)[:LATEST], person))
    similar = (
        alike(one.name, one.code, person=person, other_than=one.pk)
        if one.status != Status.MERGED
        else []
    )
    mandates = one.mandates.filter(revoked_on=None).select_related("person", "body")
    more: dict[str, Any] = {
        "latest": latest,
        "alike": similar,
        "may_merge": may_merge(person, one),
        "mandates": mandates.order_by("kind", "id"),
        "names": list(one.names.exclude(until_on=None)),
        **_contacts(person, one),
    }
    return tab_page(request, person, one, "enterprise", "enterprises/overview.html", **more)


@login_required
@never_cache
@require_safe
def enterprise_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to call, and to whom the enterprise is open."""
    person, one = found(request, pk)
    return people_page(request, person, one)


def people_page(
    request: HttpRequest, person: User, one: Enterprise, *, opened: bool = False
) -> HttpResponse:
    """The tab of people; with contacts opened only as answer to asking for them."""
    mandates = one.mandates.select_related("person", "body", "given_by", "revoked_by", "enterprise")
    more: dict[str, Any] = {
        "given": [
            (mandate, mandate.revoked_on is None and may_revoke_mandate(person, mandate))
            for mandate in mandates.order_by("revoked_on", "kind", "-id")[:100]
        ],
        "may_give": bool(kinds_to_give(person, one)),
        **_contacts(person, one, opened=opened),
    }
    return tab_page(request, person, one, "enterprise_people", "enterprises/people.html", **more)


@login_required
@never_cache
@require_POST
def contacts_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show contacts in full to those who must reach the enterprise; that they looked is logged."""
    person, one = found(request, pk)
    or_404(may_read_contacts(person, one))
    access_log.log(
        AccessKind.SECRET,
        actor=person,
        address=address_of(request),
        label=one._meta.label_lower,
        key=str(one.pk),
        detail="contacts",
    )
    if request.headers.get("HX-Request") == "true":
        context = {"enterprise": one, **_contacts(person, one, opened=True)}
        return render(request, "enterprises/_contacts.html", context)
    return people_page(request, person, one, opened=True)


@login_required
@never_cache
@require_safe
def enterprise_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Remarks and files."""
    person, one = found(request, pk)
    return notes_page(request, person, one)


def notes_page(
    request: HttpRequest,
    person: User,
    one: Enterprise,
    *,
    note: NewNote | None = None,
    file: NewFile | None = None,
    replaces: EnterpriseFile | None = None,
    status: int = 200,
) -> HttpResponse:
    """The tab of notes and files, with a refused form where there is one."""
    notes = (
        one.notes.filter(withdrawn_at=None).select_related("author")[:100]
        if may_read_notes(person, one)
        else []
    )
    files = one.files.select_related("file", "file__stored_by").order_by("title", "-version")
    more: dict[str, Any] = {
        "notes": [(n, may_withdraw_note(person, n)) for n in notes],
        "reads_notes": may_read_notes(person, one),
        "may_note": may_note(person, one),
        "may_attach": may_attach(person, one),
        "files": [(held, has_preview(held.file)) for held in files[:200]],
        "note_form": note or NewNote(),
        "file_form": file or NewFile(),
        "replaces": replaces.pk if replaces else None,
    }
    return tab_page(
        request, person, one, "enterprise_notes", "enterprises/notes.html", status=status, **more
    )


@login_required
@never_cache
@require_safe
def enterprise_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, codes and places with their days."""
    person, one = found(request, pk)
    more: dict[str, Any] = {
        "names": list(one.names.all()),
        "codes": list(one.old_codes.order_by("-until_on")),
        "residences": list(one.residences.select_related("town", "zone", "body")),
        "absorbed": list(one.absorbed.order_by("name")),
    }
    return tab_page(request, person, one, "enterprise_history", "enterprises/history.html", **more)


@login_required
@never_cache
@require_safe
def enterprise_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what, when, why."""
    person, one = found(request, pk)
    page = page_of(
        records.about_enterprise(one, person),
        order="-id",
        size=LINES,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    pager = Pager(
        shown=len(page.rows),
        first="?" if page.preceding else "",
        previous=f"?before={page.preceding}" if page.preceding else "",
        next=f"?after={page.following}" if page.following else "",
    )
    more: dict[str, Any] = {"lines": _lines(page.rows, person), "pager": pager}
    return tab_page(request, person, one, "enterprise_record", "enterprises/record.html", **more)


def kinds_to_give(person: User, one: Enterprise) -> list[MandateKind]:
    """The mandates that this person may give."""
    return [kind for kind in MandateKind if may_give_mandate(person, one, kind)]


def tab_page(
    request: HttpRequest,
    person: User,
    one: Enterprise,
    tab: str,
    template: str,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """One tab in the frame of the enterprise."""
    on = person.access.on
    keeps = may_edit(person, one) and one.status != Status.MERGED
    context = {
        "enterprise": one,
        "on": on,
        "tabs": tabs_of(one, person, tab),
        "shape": SHAPES[Status(one.status)],
        "warning": code_warning(one.code),
        "age": _age(one.established_on, on),
        "industry_path": path_of(one.industry, all_industries()),
        "field_path": path_of(one.field, fields()),
        "may_edit": keeps,
        "buttons": _buttons(person, one) if keeps else [],
        "may_edit_contacts": one.status != Status.MERGED and may_edit_contacts(person, one),
        "kept": _kept(person, one),
        **more,
    }
    return render(request, template, context, status=status)


def _kept(person: User, one: Enterprise) -> Enterprise | None:
    """The one into which this was merged, if the reader may see it."""
    if one.merged_into_id is None:
        return None
    return Enterprise.objects.visible_to(person).filter(pk=one.merged_into_id).first()


def _buttons(person: User, one: Enterprise) -> list[Button]:
    pages = [
        ("enterprise_rename", mark("更名"), "pencil"),
        ("enterprise_code", mark("换信用代码"), "key"),
        ("enterprise_move", mark("迁移"), "map-pin"),
    ]
    if one.status == Status.ACTIVE:
        pages.append(("enterprise_close", mark("注销、吊销或迁出"), "x"))
    elif is_bureau(person):
        pages.append(("enterprise_reopen", mark("恢复存续"), "refresh"))
    if may_merge(person, one):
        pages.append(("enterprise_merge", mark("并入另一家"), "transfer"))
    return [Button(label, reverse(page, args=[one.pk]), icon) for page, label, icon in pages]


def _contacts(person: User, one: Enterprise, *, opened: bool = False) -> dict[str, Any]:
    return {
        "contacts": list(one.contacts.filter(until_on=None)),
        "opened": opened,
        "may_reveal": may_read_contacts(person, one),
        "may_edit_contacts": one.status != Status.MERGED and may_edit_contacts(person, one),
    }


def _age(founded: date | None, on: date) -> Message | None:
    if founded is None or founded > on:
        return None
    months = (on.year - founded.year) * 12 + on.month - founded.month - (on.day < founded.day)
    if months < 12:
        return message("{number}个月", number=months)
    return message("{years}年{months}个月", years=months // 12, months=months % 12)


def _lines(rows: Any, person: User) -> list[Line]:
    return [line_of(line) for line in records.as_seen(rows, person)]


def line_of(line: records.Line) -> Line:
    """A line of the record in words."""
    row = line.line
    by = message("{who}", who=row.actor.name) if row.actor else message("系统")
    if row.for_whom:
        by = message("{who}，代{whom}", who=by, whom=row.for_whom.name)
    return Line(
        row.at,
        records.said(row.action),
        by,
        "" if line.closed else row.reason,
        tuple(
            Change(
                field_said(field, row.label),
                worded(field, old, row.label),
                worded(field, new, row.label),
            )
            for field, old, new in line.changes
        ),
        tuple(field_said(field) for field in line.hidden),
    )


def brief(lines: list[records.Line]) -> list[Line]:
    """Lines as entries of a timeline: who and why in one."""
    return [
        replace(one, by=message("{who}：{why}", who=one.by, why=one.reason)) if one.reason else one
        for one in map(line_of, lines)
    ]
