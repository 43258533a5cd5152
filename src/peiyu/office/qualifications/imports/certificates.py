"""Tables of certificates: new ones entered, others corrected, exactly taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options
from peiyu.office.foundation.models import ImportBatch, ImportRow, RowOutcome
from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications.actions import (
    correct_certificate,
    enter_certificate,
    withdraw_certificate,
)
from peiyu.office.qualifications.checks import (
    check_beside_others,
    check_events_after_issue,
    excludes,
)
from peiyu.office.qualifications.imports.whom import (
    Judged,
    day_of,
    judge_each,
    layout_of,
    twice,
)
from peiyu.office.qualifications.models import PAPER, Certificate
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.qualifications.values import checked_number, checked_paper
from peiyu.policy.hnte_certificate import Issued
from peiyu.tables.layout import Column, Kind, Layout
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

HERE, ELSEWHERE = "here", "elsewhere"
DAYS = ("issued_on", "printed_end_on", "publicity_on", "approved_on")
COLUMNS = (
    Column("number", ("证书编号", "高新技术企业证书编号", "编号", "Certificate number"), Kind.CODE, maximum=40,
           required=True),
    Column("issued_on", ("发证日期", "发证时间", "颁发日期", "Issued on"), Kind.DATE, required=True),
    Column("printed_end_on", ("有效期至", "截止日期", "到期日期", "Valid to"), Kind.DATE,
           note=mark("证书印有截止日的才填；不填按发证日起三年算。")),
    Column("place", ("发证时所在地", "本市或外地", "Place of issue"), Kind.CHOICE,
           choices=((HERE, (mark("本市"), "here")), (ELSEWHERE, (mark("外地"), "elsewhere"))),
           note=mark("不填按本市。")),
    Column("publicity_on", ("公示日期", "公示日", "Publicity"), Kind.DATE),
    Column("approved_on", ("批复日期", "批复日", "Approval"), Kind.DATE),
    Column("issuer", ("认定机构", "发证机关", "Recognition body"), Kind.TEXT, maximum=100),
)  # fmt: skip


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row a certificate."""
    titles = ("高新技术企业证书", "证书", "Certificates")
    return layout_of("certificates", titles, COLUMNS, headings)


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New, corrected or the same; by the number of the certificate."""
    on, repeated = office_day(), twice(batch, rows, "number")
    numbers = [str(row.values.get("number", "")) for row in rows]
    known = _standing(numbers)
    passed: dict[int, list[tuple[date, date]]] = {}

    def beside(enterprise: Enterprise, paper: Mapping[str, Any]) -> None:
        """Refuse what another new row of the file excludes; the registry does not know it yet."""
        if not passed:
            passed.update(_days_of_others(batch, rows))
        issued_on, last = _days_of(paper["issued_on"], paper["printed_end_on"])
        for first, end in passed.get(enterprise.pk, ()):
            if excludes(first, end, issued_on) or excludes(issued_on, last, first):
                text = "文件里这家企业还有一张{day}发的证书，两张的日期不合：期满当年才重新认定"
                raise Refused(message(text, day=first.isoformat()), field="issued_on")
        passed.setdefault(enterprise.pk, []).append((issued_on, last))

    def judged(enterprise: Enterprise, row: ImportRow) -> Judged:
        number = checked_number(row.values.get("number"))
        if row.values["number"] in repeated:
            text = "证书编号{no}在文件里写了不止一行，请只留一行"
            raise Refused(message(text, no=number), field="number")
        old = known.get(number)
        if old is None:
            paper = checked_paper(_stated(row), enterprise, on)
            check_beside_others(enterprise, paper, other_than=None)
            beside(enterprise, paper)
            shown = _shown(row)
            return {name: (None, paper[name]) for name in PAPER if name in shown}, True
        if old.enterprise_id != enterprise.pk:
            text = "证书编号{no}已经登记在“{name}”名下，请核对"
            raise Refused(message(text, no=number, name=old.enterprise.name), field="number")
        stated = {name: value for name, value in _stated(row).items() if name != "name"}
        paper = checked_paper({**{n: getattr(old, n) for n in PAPER}, **stated}, enterprise, on)
        changes = {
            name: (getattr(old, name), paper[name])
            for name in PAPER
            if getattr(old, name) != paper[name]
        }
        if changes:
            check_beside_others(enterprise, paper, other_than=old)
            check_events_after_issue(old, paper)
        return changes, False

    judge_each(batch, rows, judged)


def apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Enter the new ones, correct the others."""
    assert batch.source is not None
    on, person = office_day(), cast(User, actor)
    firms = Enterprise.objects.in_bulk([row.target for row in rows if row.target])
    known = _standing([str(row.values.get("number", "")) for row in rows])
    for row in rows:
        old = known.get(checked_number(row.values.get("number")))
        if old is None:
            made = enter_certificate(
                firms[row.target or 0], _stated(row), source=batch.source, on=on, actor=person,
                batch=batch,
            )  # fmt: skip
            row.made, row.over = made.pk, None
            continue
        corrected = correct_certificate(
            old, _wanted(row, 1), seen=old.version, source=batch.source, on=on, actor=person,
            reason=message("导入“{name}”", name=batch.title[:200]).say(),
        )  # fmt: skip
        row.made, row.over = corrected.pk, corrected.version


def undo(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Put back what was corrected, take back what was entered."""
    assert batch.source is not None
    on, person, why = office_day(), cast(User, actor), message("撤销导入").say()
    known = Certificate.objects.in_bulk([row.made for row in rows if row.made])
    for row in rows:
        one = known[row.made or 0]
        if row.over:
            correct_certificate(
                one, _wanted(row, 0), seen=one.version, source=batch.source, on=on, actor=person,
                reason=why,
            )  # fmt: skip
        else:
            withdraw_certificate(one, reason=why, on=on, actor=person)


def builds_on(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """A certificate corrected, taken back or with something that happened to it since."""
    made = [row.made for row in rows if row.made]
    known = Certificate.objects.in_bulk(made)
    happened = set(
        Certificate.objects.filter(
            pk__in=made, events__withdrawn_on=None, events__isnull=False
        ).values_list("pk", flat=True)
    )
    found = {}
    for row in rows:
        one = known.get(row.made or 0)
        if one is None:
            continue
        if one.withdrawn_on is not None:
            found[row.number] = message("的证书{no}已经撤回", no=one.number)
        elif one.version != (row.over or 1):
            found[row.number] = message("的证书{no}之后又改过", no=one.number)
        elif not row.over and one.pk in happened:
            found[row.number] = message("的证书{no}之后登记了变动", no=one.number)
    return found


def _days_of(issued_on: date, printed_end_on: date | None) -> tuple[date, date]:
    return issued_on, Issued(issued_on, here=True, printed_end_on=printed_end_on).last_on


def _days_of_others(
    batch: ImportBatch, rows: Sequence[ImportRow]
) -> dict[int, list[tuple[date, date]]]:
    """Days of the new certificates that other rows of the file bring to the same enterprises."""
    found: dict[int, list[tuple[date, date]]] = {0: []}
    targets = {row.target for row in rows if row.target}
    others = batch.rows.filter(target__in=targets, outcome=RowOutcome.NEW).exclude(
        number__in=[row.number for row in rows]
    )
    for target, issued, printed in others.values_list(
        "target", "values__issued_on", "values__printed_end_on"
    ):
        end = date.fromisoformat(printed) if printed else None
        found.setdefault(target or 0, []).append(_days_of(date.fromisoformat(issued), end))
    return found


def _standing(numbers: Sequence[str]) -> dict[str, Certificate]:
    tidied = set()
    for number in numbers:
        try:
            tidied.add(checked_number(number))
        except Refused:
            continue
    rows = Certificate.objects.standing().filter(number__in=tidied).select_related("enterprise")
    return {row.number: row for row in rows}


def _stated(row: ImportRow) -> dict[str, object]:
    """What the row says, as actions take it; a blank cell says nothing."""
    found: dict[str, object] = {"number": row.values.get("number", "")}
    found |= {name: day for name in DAYS if (day := day_of(row, name))}
    if place := row.values.get("place"):
        found["issued_here"] = place == HERE
    if issuer := row.values.get("issuer"):
        found["issuer"] = issuer
    return found


def _shown(row: ImportRow) -> set[str]:
    """Which values of a new certificate the preview names: those that the file states."""
    return {*_stated(row), "number", "issued_on"}


def _wanted(row: ImportRow, side: int) -> dict[str, Any]:
    """The changed values of a row, old (0) or new (1)."""
    found: dict[str, Any] = {}
    for name, pair in row.changes.items():
        value = pair[side]
        found[name] = date.fromisoformat(value) if name in DAYS and value else value
    return found


CERTIFICATES = ImportKind(
    name="qualifications.certificates",
    title=mark("高新技术企业证书"),
    layout=layout, judge=judge, apply=apply, undo=undo, builds_on=builds_on,
    may=lambda person: may_enter(cast(User, person)),
    asks=(),
)  # fmt: skip
