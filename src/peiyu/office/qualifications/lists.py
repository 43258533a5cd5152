"""Published lists made into certificates and numbers: what would be new, the same, or contradicts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.qualifications.actions import enter_certificate, enter_tech_sme
from peiyu.office.qualifications.checks import (
    beside,
    check_beside_others,
    check_number_free,
    numbers_of,
)
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.qualifications.values import checked_number, checked_number_of, checked_paper
from peiyu.office.reports.models import ListedName, ListKind, PublishedList
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
    NO_DAY = mark("待填发证日期")


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
    firms = {row.enterprise_id for row in rows if row.enterprise_id}
    if published.kind == ListKind.TECH_SME:
        judged = _numbers(rows, firms, published.published_on, on)
    else:
        judged = _certificates(rows, firms, issued_on, on)
    return [_line(row, judged) for row in rows]


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


Judged = Callable[[Enterprise, str], Outcome]
"""What an entry of an enterprise would do; refuses as the action would."""


def _line(row: ListedName, judged: Judged) -> Line:
    if row.enterprise is None:
        return Line(row, None, Outcome.UNMATCHED)
    if not row.entry:
        return Line(row, row.enterprise, Outcome.NO_NUMBER)
    try:
        return Line(row, row.enterprise, judged(row.enterprise, row.entry))
    except Refused as refused:
        return Line(row, row.enterprise, Outcome.CONTRADICTS, refused.message)


def _numbers(
    rows: Iterable[ListedName], firms: Collection[int], published_on: date | None, on: date
) -> Judged:
    known = numbers_of({row.entry.strip().upper() for row in rows}, firms)
    passed: set[object] = set()

    def judged(enterprise: Enterprise, entry: str) -> Outcome:
        parsed, _ = checked_number_of(entry, published_on, on)
        same = known.by_number.get(parsed.written)
        if same is not None and same.enterprise_id == enterprise.pk:
            return Outcome.SAME
        known.check(enterprise.pk, parsed)
        _pass(passed, parsed.written, (enterprise.pk, parsed.year))
        return Outcome.NEW

    return judged


def _certificates(
    rows: Iterable[ListedName], firms: Collection[int], issued_on: date | None, on: date
) -> Judged:
    known = beside({row.entry.strip().upper() for row in rows}, firms)
    passed: set[object] = set()

    def judged(enterprise: Enterprise, entry: str) -> Outcome:
        number = checked_number(entry)
        same = known.by_number.get(number)
        if same is not None and same.enterprise_id == enterprise.pk:
            return Outcome.SAME
        check_number_free(number, known)
        if issued_on is not None:
            paper = checked_paper({"number": number, "issued_on": issued_on}, enterprise, on)
            check_beside_others(enterprise, paper, other_than=None, known=known)
        _pass(passed, number, enterprise.pk)
        return Outcome.NO_DAY if issued_on is None else Outcome.NEW

    return judged


def _pass(passed: set[object], *things: object) -> None:
    """Refuse what an entry before named; what passes is remembered."""
    if not passed.isdisjoint(things):
        raise Refused(message("名单里这家企业或这个编号不止一条"))
    passed.update(things)
