"""Published lists made into certificates and numbers: what would be new, the same, or contradicts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused, SeveralRefused
from peiyu.office.qualifications.actions import enter_certificate, enter_tech_sme
from peiyu.office.qualifications.actions.others import checked_tech_sme
from peiyu.office.qualifications.checks import overlapping, revocations
from peiyu.office.qualifications.models import Certificate, TechSmeNumber
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.qualifications.values import checked_number, checked_paper
from peiyu.office.reports.models import ListedName, ListKind, PublishedList
from peiyu.policy.hnte_certificate import Issued
from peiyu.words import Message, mark, message

KINDS = (ListKind.HNTE, ListKind.TECH_SME)
"""Lists that say what an enterprise was given."""
MOST = 10_000


class Outcome(StrEnum):
    """What an entry of a list would do."""

    NEW = mark("新增")
    SAME = mark("已登记")
    CONTRADICTS = mark("与已登记的不一致")
    UNMATCHED = mark("未对上企业")
    NO_NUMBER = mark("名单没有编号")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: whose it is, what it would do, and what is the matter with it."""

    listed: ListedName
    enterprise: Enterprise | None
    outcome: Outcome
    why: Message | None = None


def lists_to_take() -> list[PublishedList]:
    """Published lists of the kinds that can be made into something, the latest first."""
    return list(PublishedList.objects.filter(kind__in=KINDS, withdrawn_at=None))


def lines_of(published: PublishedList, issued_on: date | None, on: date) -> list[Line]:
    """What each entry would do, were it taken with this day; a handful of queries.

    `issued_on` is the day on the certificates, which a list seldom says; without it nothing is new.
    """
    rows = list(
        ListedName.objects.filter(published=published, withdrawn=False)
        .select_related("enterprise")
        .prefetch_related("enterprise__names")
        .order_by("place")[:MOST]
    )
    if published.kind == ListKind.TECH_SME:
        return _numbers(rows, on)
    return _certificates(rows, issued_on, on)


@transaction.atomic
def take_list(
    published: PublishedList,
    *,
    chosen: Collection[int],
    issued_on: date | None,
    on: date,
    actor: User,
) -> int:
    """Enter what was chosen of a list, by the places of its entries; how many.

    What is there already stays; what contradicts is left for a person. Done again it does nothing.

    Raises:
        Refused: no day for certificates, or nothing that was chosen is new.
    """
    allow(may_enter, actor, None)
    if published.kind not in KINDS or published.withdrawn_at is not None:
        raise Refused(message("这份名单不能转成证书或编号"))
    if published.kind == ListKind.HNTE and issued_on is None:
        raise Refused(message("请填证书上的发证日期"), field="issued_on")
    wanted = [
        line
        for line in lines_of(published, issued_on, on)
        if line.outcome is Outcome.NEW and line.listed.place in chosen
    ]
    if not wanted:
        raise Refused(message("选中的条目里没有可以新增的"))
    for line in wanted:
        assert line.enterprise is not None
        if published.kind == ListKind.TECH_SME:
            enter_tech_sme(
                line.enterprise, number=line.listed.entry, issued_on=published.published_on,
                source=published.source, on=on, actor=actor,
            )  # fmt: skip
        else:
            enter_certificate(
                line.enterprise, {"number": line.listed.entry, "issued_on": issued_on},
                source=published.source, on=on, actor=actor,
            )  # fmt: skip
    return len(wanted)


def _plain(row: ListedName) -> Line | None:
    if row.enterprise is None:
        return Line(row, None, Outcome.UNMATCHED)
    if not row.entry:
        return Line(row, row.enterprise, Outcome.NO_NUMBER)
    return None


def _numbers(rows: list[ListedName], on: date) -> list[Line]:
    standing = TechSmeNumber.objects.standing().select_related("enterprise")
    firms = {row.enterprise_id for row in rows if row.enterprise_id}
    entries = {row.entry.strip().upper() for row in rows}
    by_number = {one.number: one for one in standing.filter(number__in=entries)}
    by_year = {(one.enterprise_id, one.year): one for one in standing.filter(enterprise__in=firms)}
    found: list[Line] = []
    for row in rows:
        if (plain := _plain(row)) is not None:
            found.append(plain)
            continue
        why = None
        try:
            parsed = checked_tech_sme(row.entry)
        except Refused as refused:
            found.append(Line(row, row.enterprise, Outcome.CONTRADICTS, refused.message))
            continue
        same = by_number.get(parsed.written)
        other = by_year.get((row.enterprise_id or 0, parsed.year))
        if same is not None and same.enterprise_id == row.enterprise_id:
            found.append(Line(row, row.enterprise, Outcome.SAME))
            continue
        if same is not None:
            why = message("编号已经登记在“{name}”名下", name=same.enterprise.name)
        elif other is not None:
            why = message("{year}年已登记的编号是{no}", year=parsed.year, no=other.number)
        elif parsed.year > on.year:
            why = message("编号的年份{year}还没有到", year=parsed.year)
        else:
            by_year[row.enterprise_id or 0, parsed.year] = TechSmeNumber(number=parsed.written)
        outcome = Outcome.CONTRADICTS if why else Outcome.NEW
        found.append(Line(row, row.enterprise, outcome, why))
    return found


def _certificates(rows: list[ListedName], issued_on: date | None, on: date) -> list[Line]:
    entries = {row.entry.strip().upper() for row in rows}
    standing = Certificate.objects.standing().select_related("enterprise")
    by_number = {one.number: one for one in standing.filter(number__in=entries)}
    firms = {row.enterprise_id for row in rows if row.enterprise_id}
    own: dict[int, list[Certificate]] = {}
    for one in standing.filter(enterprise__in=firms):
        own.setdefault(one.enterprise_id, []).append(one)
    revoked = revocations(one for ones in own.values() for one in ones)
    found: list[Line] = []
    passed: set[object] = set()
    for row in rows:
        if (plain := _plain(row)) is not None:
            found.append(plain)
            continue
        assert row.enterprise is not None
        same = by_number.get(row.entry.strip().upper())
        if same is not None and same.enterprise_id == row.enterprise_id:
            found.append(Line(row, row.enterprise, Outcome.SAME))
            continue
        why = None
        try:
            number = checked_number(row.entry)
            if number in passed or row.enterprise_id in passed:
                raise Refused(message("名单里这家企业或这个编号不止一条"))
            if same is not None:
                raise Refused(message("编号已经登记在“{name}”名下", name=same.enterprise.name))
            if issued_on is not None:
                checked_paper({"number": number, "issued_on": issued_on}, row.enterprise, on)
                last = Issued(issued_on, here=True).last_on
                for other in own.get(row.enterprise.pk, ()):
                    if said := overlapping(other, issued_on, last, revoked.get(other.pk)):
                        raise Refused(said)
            passed |= {number, row.enterprise_id}
        except SeveralRefused as several:
            why = several.refusals[0].message
        except Refused as refused:
            why = refused.message
        outcome = Outcome.CONTRADICTS if why else Outcome.NEW
        found.append(Line(row, row.enterprise, outcome, why))
    return found
