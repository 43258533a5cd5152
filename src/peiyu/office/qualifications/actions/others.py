"""Numbers of technology SMEs, titles, annual reports, reports of changes: told, struck off, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.permissions import is_bureau
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.models import ImportBatch, Source
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.search import remove
from peiyu.office.qualifications.checks import numbers_of
from peiyu.office.qualifications.findable import index
from peiyu.office.qualifications.models import (
    FIRST_YEAR,
    LAST_YEAR,
    AnnualReport,
    Certificate,
    ChangeKind,
    ChangeReport,
    TechSmeNumber,
    Title,
)
from peiyu.office.qualifications.models.told import Told
from peiyu.office.qualifications.permissions import may_enter, may_file
from peiyu.office.qualifications.values import (
    checked_number_of,
    checked_title,
    needed_past,
    past,
    reason_of,
    text,
)
from peiyu.policy.hnte_certificate import report_due_on
from peiyu.policy.parameters import NotInForce
from peiyu.words import message

Row = TypeVar("Row", bound=Told)
Struck = TypeVar("Struck", TechSmeNumber, Title)
NAMES: dict[type[Told], str] = {
    TechSmeNumber: "techsmenumber",
    Title: "title",
    AnnualReport: "annualreport",
    ChangeReport: "changereport",
}
SEARCHED = (TechSmeNumber,)
"""What is found by its number."""


@transaction.atomic
def enter_tech_sme(
    enterprise: Enterprise,
    *,
    number: str,
    issued_on: date | None,
    source: Source,
    on: date,
    actor: User,
    batch: ImportBatch | None = None,
) -> TechSmeNumber:
    """Enter the registration number of a technology SME; its year stands in the number."""
    held, for_whom = _enterprise(enterprise, actor)
    parsed, day = checked_number_of(number, issued_on, on)
    numbers_of([parsed.written], [held.pk]).check(held.pk, parsed)
    row = TechSmeNumber(enterprise=held, year=parsed.year, number=parsed.written, issued_on=day)
    said_ = {"number": parsed.written, "year": parsed.year, "issued_on": day}
    return _told(row, said_, "enter", source, on, actor, batch, for_whom)


@transaction.atomic
def revoke_tech_sme(
    row: TechSmeNumber, *, revoked_on: date, reason: str, on: date, actor: User
) -> TechSmeNumber:
    """Say that the number of a year was struck off (TS-14)."""
    return _struck(row, revoked_on, reason, on, actor, date(row.year, 1, 1))


@transaction.atomic
def enter_title(
    enterprise: Enterprise,
    *,
    kind: str,
    level: str,
    awarded_on: date,
    source: Source,
    on: date,
    actor: User,
    name: str = "",
    number: str = "",
    ends_on: date | None = None,
    batch: ImportBatch | None = None,
) -> Title:
    """Enter a title that an enterprise was given."""
    held, for_whom = _enterprise(enterprise, actor)
    given = checked_title(
        {"kind": kind, "level": level, "name": name, "number": number, "awarded_on": awarded_on,
         "ends_on": ends_on}, on,
    )  # fmt: skip
    alike = {name: given[name] for name in ("kind", "level", "number", "awarded_on")}
    if Title.objects.standing().filter(enterprise=held, **alike).exists():
        text_ = "这个称号{day}已经登记过，不必再记"
        raise Refused(message(text_, day=awarded_on.isoformat()), field="kind")
    row = Title(enterprise=held, **given)
    return _told(row, given, "enter", source, on, actor, batch, for_whom)


@transaction.atomic
def revoke_title(title: Title, *, revoked_on: date, reason: str, on: date, actor: User) -> Title:
    """Say that a title was taken away."""
    return _struck(title, revoked_on, reason, on, actor, title.awarded_on)


@transaction.atomic
def file_annual_report(
    enterprise: Enterprise,
    *,
    year: int,
    filed_on: date | None,
    source: Source,
    on: date,
    actor: User,
    reason: str = "",
) -> AnnualReport:
    """Say on which day the report on a year was filed; the bureau may say that it was not.

    Another day than was said before needs a reason; what was said before stays, taken back.

    Raises:
        Refused: no certificate brings this report, or the day cannot be.
    """
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    for_whom = allow(may_file, actor, held)
    due_on = _due(held, year)
    day = past(filed_on, on, "filed_on")
    if day is None:
        if not is_bureau(actor):
            raise Refused(message("请填在认定工作网上填报的日期"), field="filed_on")
        if on <= due_on:
            text_ = "{year}年度的年报{due}才到期，现在还不能记为未填报"
            raise Refused(message(text_, year=year, due=due_on.isoformat()), field="filed_on")
    elif day.year <= year:
        text_ = "{year}年度的年报在{next}年填报，{day}早了。请核对日期和年度"
        said = message(text_, year=year, next=year + 1, day=day.isoformat())
        raise Refused(said, field="filed_on")
    before = AnnualReport.objects.standing().filter(enterprise=held, year=year).first()
    if before is not None:
        if before.filed_on == day:
            return before
        _taken_back(before, reason_of(reason), on, actor)
    row = AnnualReport(enterprise=held, year=year, filed_on=day)
    changes = {"year": (before.year if before else None, year),
               "filed_on": (before.filed_on if before else None, day)}  # fmt: skip
    return _written(row, changes, "file", source, on, actor, None, for_whom, reason=reason.strip())


@transaction.atomic
def report_change(
    enterprise: Enterprise,
    *,
    kind: str,
    happened_on: date,
    reported_on: date,
    source: Source,
    on: date,
    actor: User,
    words: str = "",
) -> ChangeReport:
    """Say that a change of name or a major change was reported to the recognition body (M17)."""
    held, for_whom = _enterprise(enterprise, actor)
    if kind not in ChangeKind.values:
        raise Refused(message("请选变化的种类"), field="kind")
    happened = needed_past(happened_on, on, "happened_on")
    reported = needed_past(reported_on, on, "reported_on")
    if reported < happened:
        text_ = "报告日期{day}早于发生日期{happened}，请核对"
        said = message(text_, day=reported.isoformat(), happened=happened.isoformat())
        raise Refused(said, field="reported_on")
    rows = ChangeReport.objects.standing().filter(enterprise=held, kind=kind, happened_on=happened)
    if rows.exists():
        raise Refused(message("{day}的这个变化已经登记过", day=happened.isoformat()), field="kind")
    given = {"kind": str(kind), "happened_on": happened, "reported_on": reported,
             "words": text(words, "words")}  # fmt: skip
    row = ChangeReport(enterprise=held, **given)
    return _told(row, given, "report", source, on, actor, None, for_whom)


@transaction.atomic
def take_back(row: Row, *, reason: str, on: date, actor: User) -> Row:
    """Take back what was entered by mistake; who looks back sees that it stood here."""
    held, for_whom = _enterprise(row.enterprise, actor)  # type: ignore[attr-defined]
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if locked.withdrawn_on is not None:
        raise Refused(message("这一条已于{day}撤回", day=locked.withdrawn_on.isoformat()))
    why = reason_of(reason)
    _taken_back(locked, why, on, actor)
    write(
        actor=actor,
        action=f"qualifications.{NAMES[type(row)]}.withdraw",
        thing=locked,
        changes={"withdrawn_on": (None, on)},
        reason=why,
        about=held,
        for_whom=for_whom,
    )
    return locked


def _enterprise(enterprise: Enterprise, actor: User) -> tuple[Enterprise, User | None]:
    held = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    return held, allow(may_enter, actor, held)


def _due(enterprise: Enterprise, year: int) -> date:
    """The last day for the report, if a certificate was in force on it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        text_ = "年度 {year} 不在 {first}–{last} 之间"
        raise Refused(message(text_, year=year, first=FIRST_YEAR, last=LAST_YEAR), field="year")
    try:
        due_on = report_due_on(year)
    except NotInForce:
        said = message("{year}年度还不用填报年度发展情况报表", year=year)
        raise Refused(said, field="year") from None
    if not Certificate.objects.valid_on(due_on).filter(enterprise=enterprise).exists():
        text_ = "这家企业{due}没有有效的高新技术企业证书，{year}年度不用填报年报"
        raise Refused(message(text_, due=due_on.isoformat(), year=year), field="year")
    return due_on


def _told(
    row: Row,
    said: Mapping[str, object],
    verb: str,
    source: Source,
    on: date,
    actor: User,
    batch: ImportBatch | None,
    for_whom: User | None,
) -> Row:
    changes = {name: (None, value) for name, value in said.items() if value not in (None, "")}
    return _written(row, changes, verb, source, on, actor, batch, for_whom)


def _written(
    row: Row,
    changes: Mapping[str, tuple[object, object]],
    verb: str,
    source: Source,
    on: date,
    actor: User,
    batch: ImportBatch | None,
    for_whom: User | None,
    *,
    reason: str = "",
) -> Row:
    row.source, row.batch = source, batch
    row.recorded_on, row.recorded_at, row.recorded_by = on, office_now(), actor
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(message("刚刚由别人登记了，请刷新后核对")) from None
    if isinstance(row, SEARCHED):
        index(row)
    write(
        actor=actor,
        action=f"qualifications.{NAMES[type(row)]}.{verb}",
        thing=row,
        changes=changes,
        reason=reason,
        about=row.enterprise,  # type: ignore[attr-defined]
        for_whom=for_whom,
    )
    return row


def _taken_back(row: Told, why: str, on: date, actor: User | None) -> None:
    row.withdrawn_on, row.withdrawn_by, row.withdrawn_reason = on, actor, why
    row.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_reason"])
    if isinstance(row, SEARCHED):
        remove(row._meta.label_lower, [row.pk])


def _struck(
    row: Struck,
    revoked_on: date,
    reason: str,
    on: date,
    actor: User,
    earliest: date,
) -> Struck:
    held, for_whom = _enterprise(row.enterprise, actor)
    locked: Struck = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if locked.withdrawn_on is not None:
        raise Refused(message("这一条已于{day}撤回", day=locked.withdrawn_on.isoformat()))
    if locked.revoked_on is not None:
        text_ = "已于{day}撤销，不能再撤销一次"
        raise Refused(message(text_, day=locked.revoked_on.isoformat()), field="revoked_on")
    day, why = needed_past(revoked_on, on, "revoked_on"), reason_of(reason)
    if day < earliest:
        text_ = "撤销日期{day}早于{first}，请核对"
        said = message(text_, day=day.isoformat(), first=earliest.isoformat())
        raise Refused(said, field="revoked_on")
    locked.revoked_on, locked.revoked_reason = day, why
    locked.save(update_fields=["revoked_on", "revoked_reason"])
    write(
        actor=actor,
        action=f"qualifications.{NAMES[type(row)]}.revoke",
        thing=locked,
        changes={"revoked_on": (None, day)},
        reason=why,
        about=held,
        for_whom=for_whom,
    )
    return locked
