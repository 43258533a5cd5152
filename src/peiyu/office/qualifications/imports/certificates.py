"""Tables of certificates: new ones entered, others corrected, exactly taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import settled_twin, twins_of
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
    beside,
    check_beside_others,
    check_events_after_issue,
)
from peiyu.office.qualifications.imports.judging import (
    Excluded,
    Judged,
    day_of,
    judge_each,
    layout_of,
    whose,
)
from peiyu.office.qualifications.models import PAPER, Certificate
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.qualifications.values import checked_number, checked_paper
from peiyu.policy.hnte_certificate import Issued, excludes
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
           note=mark("证书印有截止日的才填；不填按办法的有效期算。")),
    Column("place", ("发证时所在地", "本市或外地", "Place of issue"), Kind.CHOICE,
           choices=((HERE, (mark("本市"), "here")), (ELSEWHERE, (mark("外地"), "elsewhere"))),
           note=mark("不填按本市。")),
    Column("publicity_on", ("公示日期", "公示日", "Publicity"), Kind.DATE),
    Column("approved_on", ("批复日期", "批复日", "Approval"), Kind.DATE),
    Column("issuer", ("认定机构", "发证机关", "Recognition body"), Kind.TEXT, maximum=100),
)  # fmt: skip

TWICE = mark("证书编号{no}在文件里写了不止一行，内容不同：另见第{places}行")


def layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    """One row a certificate."""
    titles = ("高新技术企业证书", "证书", "Certificates")
    return layout_of("certificates", titles, COLUMNS, headings)


def judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New, corrected or the same; by the number of the certificate."""
    on, held = office_day(), whose(batch, rows, actor)
    known = beside(_numbers(rows), {one.pk for one in held.values()})
    passed = _days_of_others(batch, rows)
    twins = twins_of(
        batch, rows, lambda row: row.values.get("number"), lambda row: (row.target, _stated(row)),
        across="number",
    )  # fmt: skip

    def twin(row: ImportRow) -> bool:
        no = row.values.get("number", "")
        return settled_twin(row, twins.get(row.number), TWICE, no=no)

    def judged(enterprise: Enterprise, row: ImportRow) -> Judged:
        number, stated = checked_number(row.values.get("number")), _stated(row)
        old = known.by_number.get(number)
        if old is None:
            paper = checked_paper(stated, enterprise, on)
            check_beside_others(enterprise, paper, other_than=None, known=known)
            _check_beside_rows(passed.setdefault(enterprise.pk, []), row, paper)
            return {name: (None, paper[name]) for name in PAPER if name in stated}, True
        if old.enterprise_id != enterprise.pk:
            text = "证书编号{no}已经登记在“{name}”名下，请核对"
            raise Refused(message(text, no=number, name=old.enterprise.name), field="number")
        paper = checked_paper({**{n: getattr(old, n) for n in PAPER}, **stated}, enterprise, on)
        changes = {
            name: (getattr(old, name), paper[name])
            for name in PAPER
            if getattr(old, name) != paper[name]
        }
        if changes:
            check_beside_others(enterprise, paper, other_than=old, known=known)
            check_events_after_issue(old, paper)
        return changes, False

    judge_each(rows, held, judged, twin)


def apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """Enter the new ones, correct the others."""
    assert batch.source is not None
    on, person = office_day(), cast(User, actor)
    firms = Enterprise.objects.in_bulk([row.target for row in rows if row.target])
    known = beside(_numbers(rows), ()).by_number
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


@dataclass(frozen=True, slots=True)
class Beside:
    """A new certificate that another row of the file brings to an enterprise, with its days."""

    row: int
    place: int
    issued_on: date
    last_on: date


def _beside(row: ImportRow, issued_on: date, printed_end_on: date | None) -> Beside:
    last = Issued(issued_on, here=True, printed_end_on=printed_end_on).last_on
    return Beside(row.number, row.place, issued_on, last)


def _check_beside_rows(others: list[Beside], row: ImportRow, paper: Mapping[str, Any]) -> None:
    """Refuse what another new row excludes; the registry does not know that one yet."""
    own = _beside(row, paper["issued_on"], paper["printed_end_on"])
    for one in others:
        if excludes(one.issued_on, one.last_on, own.issued_on) or excludes(
            own.issued_on, own.last_on, one.issued_on
        ):
            text = "文件里这家企业还有一张{day}发的证书（第{place}行），两张的日期不合：期满当年才重新认定"
            said = message(text, day=one.issued_on.isoformat(), place=one.place)
            raise Excluded(said, field="issued_on", by=one.row)
    others.append(own)


def _days_of_others(batch: ImportBatch, rows: Sequence[ImportRow]) -> dict[int, list[Beside]]:
    """New certificates that other rows of the file bring to the same enterprises."""
    found: dict[int, list[Beside]] = {}
    targets = {row.target for row in rows if row.target}
    others = batch.rows.filter(target__in=targets, outcome=RowOutcome.NEW).exclude(
        number__in=[row.number for row in rows]
    )
    for row in others.only("number", "place", "target", "values"):
        if (issued_on := day_of(row, "issued_on")) is not None:
            own = _beside(row, issued_on, day_of(row, "printed_end_on"))
            found.setdefault(row.target or 0, []).append(own)
    return found


def _numbers(rows: Sequence[ImportRow]) -> Iterator[str]:
    """The numbers that rows name, as far as they have the form of one."""
    for row in rows:
        try:
            yield checked_number(row.values.get("number"))
        except Refused:
            continue


def _stated(row: ImportRow) -> dict[str, object]:
    """What the row says, as actions take it; a blank cell says nothing."""
    found: dict[str, object] = {"number": row.values.get("number", "")}
    found |= {name: day for name in DAYS if (day := day_of(row, name))}
    if place := row.values.get("place"):
        found["issued_here"] = place == HERE
    if issuer := row.values.get("issuer"):
        found["issuer"] = issuer
    return found


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
