"""What is too large to be taken away at once: asked for with its purpose, decided by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.desk import (
    assessment_exports,
    certificate_exports,
    evidence_exports,
    exports,
    figure_exports,
)
from peiyu.office.desk.models import ExportRequest
from peiyu.office.desk.permissions import may_export
from peiyu.office.desk.workflow import EXPORT, FLOWS
from peiyu.office.foundation.files import store, tidied
from peiyu.office.foundation.jobs import start
from peiyu.office.foundation.models import StoredFile
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.office.notices.actions import tell
from peiyu.words import Message, mark, message

KEPT = timedelta(days=7)
"""How long what was approved can be fetched."""
LONGEST_QUERY, LONGEST_PURPOSE = 1000, 300


@dataclass(frozen=True, slots=True)
class Writing:
    """Who takes what away, in which words, as of which day."""

    query: str
    form: str
    person: User
    on: date
    address: str
    lang: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What can be taken away: its forms, how many enterprises it tells of, how it is written."""

    title: str
    forms: tuple[str, ...]
    count: Callable[[str, User], int]
    write: Callable[[Path, Writing], int]
    may: Callable[[User, object], bool]
    called: Callable[[str, date], Message] | None = None
    """The name of the file, from what was asked and the day, where it says more than the title."""


def _list_written(target: Path, asked: Writing) -> int:
    return exports.write_list(
        target, query=asked.query, form=asked.form, person=asked.person, on=asked.on,
        address=asked.address, lang=asked.lang,
    )  # fmt: skip


def _figures_written(target: Path, asked: Writing) -> int:
    query, years, basis = figure_exports.parted(asked.query)
    return figure_exports.write_figures(
        target, query=query, years=years, basis=basis, person=asked.person, on=asked.on,
        lang=asked.lang,
    )  # fmt: skip


def _figures_called(query: str, on: date) -> Message:
    _, years, basis = figure_exports.parted(query)
    name = figure_exports.called(years, basis)
    return message("{name}{day}", name=name, day=on.isoformat())


def _certificates_written(target: Path, asked: Writing) -> int:
    return certificate_exports.write_certificates(
        target, query=asked.query, form=asked.form, person=asked.person, on=asked.on,
        address=asked.address, lang=asked.lang,
    )  # fmt: skip


PAGES = {
    "enterprises": Taken(
        mark("企业"),
        exports.FORMS,
        lambda query, person: exports.rows_asked(query, person)[2],
        _list_written,
        may_export,
    ),
    "figures": Taken(
        mark("年度数据"),
        ("xlsx",),
        lambda query, person: figure_exports.asked_with(query, person).count(),
        _figures_written,
        figure_exports.may_export_figures,
        _figures_called,
    ),
    "rights": Taken(
        mark("知识产权"),
        ("xlsx",),
        evidence_exports.enterprises_of_rights,
        lambda target, asked: evidence_exports.write_rights(
            target, query=asked.query, person=asked.person, on=asked.on, lang=asked.lang
        ),
        evidence_exports.may_export_rights,
    ),
    "assessments": Taken(
        mark("测评"),
        exports.FORMS,
        assessment_exports.number_asked,
        lambda target, asked: assessment_exports.write_assessments(
            target,
            query=asked.query,
            form=asked.form,
            person=asked.person,
            on=asked.on,
            address=asked.address,
            lang=asked.lang,
        ),
        assessment_exports.may_export_assessments,
    ),
    "certificates": Taken(
        mark("证书"),
        exports.FORMS,
        certificate_exports.enterprises_asked,
        _certificates_written,
        certificate_exports.may_export_certificates,
    ),
}


@transaction.atomic
def ask_export(
    *, query: str, form: str, purpose: str, on: date, actor: User, page: str = "enterprises"
) -> ExportRequest:
    """Ask to take much away; the head of the bureau decides."""
    taken = PAGES[page]
    allow(may_export, actor, None)
    allow(taken.may, actor, None)
    if form not in taken.forms:
        raise Refused(message("只能导出{forms}", forms="、".join(taken.forms)), field="form")
    if not purpose.strip():
        raise Refused(message("请写明用途"), field="purpose")
    if len(query) > LONGEST_QUERY:
        raise Refused(message("条件太长，请在列表里少选几项"), field="query")
    count = taken.count(query, actor)
    request = ExportRequest.objects.create(
        flow=EXPORT.name,
        page=page,
        query=query,
        form=form,
        rows=count,
        purpose=purpose.strip()[:LONGEST_PURPOSE],
        asked_by=actor,
        asked_on=on,
    )
    write(
        actor=actor,
        action="desk.exportrequest.ask",
        thing=request,
        changes={"rows": (None, count), "query": (None, request.query), "page": (None, page)},
        reason=request.purpose,
    )
    return request


@transaction.atomic
def approve_export(
    request: ExportRequest, *, address: str, lang: str, at: datetime, actor: User
) -> ExportRequest:
    """Let it be taken away: a job writes it as the one who asked sees it."""
    title = message("导出{number}家", number=request.rows)
    job = start(
        "desk.export",
        title,
        {"request": request.pk, "address": address, "lang": lang},
        request.asked_by,
    )
    FLOWS.of(request).take("approve", request, actor=actor, decided_by=actor, job=job)
    _tell(request, message("导出已批准：{purpose}", purpose=request.purpose), at)
    return request


@transaction.atomic
def refuse_export(
    request: ExportRequest, *, reason: str, at: datetime, actor: User
) -> ExportRequest:
    """Do not let it be taken away."""
    FLOWS.of(request).take("refuse", request, actor=actor, reason=reason, decided_by=actor)
    _tell(request, message("导出未获批准：{reason}", reason=reason), at)
    return request


def stored_export(
    request: ExportRequest, *, on: date, at: datetime, address: str, lang: str
) -> StoredFile:
    """What was approved, as the one who asked sees it today, kept for a week."""
    taken = PAGES[request.page]
    target = exports.temporary(request.form)
    asked = Writing(request.query, request.form, request.asked_by, on, address, lang)
    try:
        taken.write(target, asked)
        usual = message("{name}{day}", name=message(taken.title), day=on.isoformat())
        called = taken.called(request.query, on) if taken.called else usual
        name = f"{called.say(lang)}.{request.form}"
        with target.open("rb") as content:
            return store(content, tidied(name), by=request.asked_by, expires_at=at + KEPT)
    finally:
        target.unlink()


def _tell(request: ExportRequest, title: Message, at: datetime) -> None:
    tell([request.asked_by], title=title, link=f"/exports/{request.pk}/", at=at)
