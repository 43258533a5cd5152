"""Stating the series of value added: each time a new version; what stood before stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.exact import MoneyField
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Conflict, Difference, Refused, SeveralRefused, too_long
from peiyu.office.goals.models import FIRST_YEAR, LAST_YEAR, ShareFigure
from peiyu.office.goals.permissions import states_share
from peiyu.words import message

MONTHS = 12
LONGEST_REASON = 300
MONEY = MoneyField()


@transaction.atomic
def state_share(
    *,
    year: int,
    month: int,
    part: Decimal | None,
    whole: Decimal | None,
    source: Source,
    on: date,
    actor: User,
    reason: str = "",
    seen: int = 0,
) -> ShareFigure:
    """State both sums of a year, or of its months until `month`; gives the version that now stands.

    Changing what was known needs a reason. `seen` is the version before the one who states; if another
    stated something else meanwhile, Conflict says what.

    Raises:
        Refused: a month not over, sums that cannot be, no reason.
    """
    for_whom = allow(states_share, actor, None)
    _check(year, month, part, whole, on)
    assert part is not None and whole is not None
    before = _newest(year, month)
    if before is not None and not before.withdrawn:
        if (before.part, before.whole) == (part, whole):
            return before
        _no_conflict(before, seen, part, whole)
        _need_reason(reason)
    return _write(before, part, whole, year, month, source, on, actor, reason, for_whom)


@transaction.atomic
def withdraw_share(*, year: int, month: int, reason: str, on: date, actor: User) -> ShareFigure:
    """Say that nothing is known of a year any more; the versions stay."""
    for_whom = allow(states_share, actor, None)
    before = _newest(year, month)
    if before is None or before.withdrawn:
        raise Refused(message("这一期没有数，不用撤回"))
    _need_reason(reason)
    assert before.part is not None and before.whole is not None
    return _write(
        before, before.part, before.whole, year, month, before.source, on, actor, reason, for_whom,
        withdrawn=True,
    )  # fmt: skip


def _newest(year: int, month: int) -> ShareFigure | None:
    rows = ShareFigure.objects.select_for_update().filter(year=year, month=month)
    return rows.order_by("-version").first()


def _check(year: int, month: int, part: Decimal | None, whole: Decimal | None, on: date) -> None:
    refusals = []
    if not FIRST_YEAR <= year <= LAST_YEAR:
        text = "年度 {year} 不在 {first}–{last} 之间"
        said = message(text, year=year, first=FIRST_YEAR, last=LAST_YEAR)
        refusals.append(Refused(said, field="year"))
    elif not 1 <= month <= MONTHS:
        refusals.append(Refused(message("月份从1到12"), field="month"))
    elif (year, month) >= (on.year, on.month):
        text = "{year}年{month}月还没有过完，没有数可报"
        refusals.append(Refused(message(text, year=year, month=month), field="month"))
    for name, value in (("part", part), ("whole", whole)):
        if value is None:
            refusals.append(Refused(message("请填金额"), field=name))
        elif not _keepable(value) or value < 0:
            said = message("金额要写成不小于零、最多两位小数的数")
            refusals.append(Refused(said, field=name))
    if not refusals and part is not None and whole is not None:
        if whole == 0:
            said = message("规上工业增加值是0，算不出占比，请核对")
            refusals.append(Refused(said, field="whole"))
        elif part > whole:
            text = "高新技术产业增加值{part}大于规上工业增加值{whole}，请核对是否填反或单位不同"
            refusals.append(
                Refused(message(text, part=f"{part:,.2f}", whole=f"{whole:,.2f}"), field="part")
            )
    if refusals:
        raise SeveralRefused(tuple(refusals))


def _keepable(value: Decimal) -> bool:
    """Can the amount be kept as it is: whole fen, not beyond what a column holds."""
    try:
        MONEY.get_prep_value(value)
    except (ValidationError, ValueError):
        return False
    return True


def _need_reason(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise too_long(reason, LONGEST_REASON)
    if not reason.strip():
        raise Refused(message("更正已有的数要写明理由"), field="reason")


def _no_conflict(before: ShareFigure, seen: int, part: Decimal, whole: Decimal) -> None:
    if before.version != seen:
        text = "您填写期间，别人也改了这些数。两边的值都列在下面，请核对后再存"
        if not seen:
            text = "这一期已经有数。两边的值都列在下面，请核对后再存"
        raise Conflict(
            message(text),
            tuple(
                Difference(name, wanted, stands)
                for name, wanted, stands in (
                    ("part", part, before.part), ("whole", whole, before.whole),
                )
                if wanted != stands
            ),
        )  # fmt: skip


def _write(
    before: ShareFigure | None,
    part: Decimal,
    whole: Decimal,
    year: int,
    month: int,
    source: Source,
    on: date,
    actor: User,
    reason: str,
    for_whom: User | None,
    *,
    withdrawn: bool = False,
) -> ShareFigure:
    row = ShareFigure(
        year=year, month=month, version=before.version + 1 if before else 1, part=part, whole=whole,
        withdrawn=withdrawn, reason=reason.strip(), source=source, recorded_on=on,
        recorded_at=office_now(), recorded_by=actor,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(message("刚刚由别人登记了，请刷新后核对")) from None
    said: dict[str, tuple[object, object]] = {
        "part": (before.part if before else None, part),
        "whole": (before.whole if before else None, whole),
        "version": (before.version if before else None, row.version),
    }
    if withdrawn:
        said["withdrawn"] = (False, True)
    write(
        actor=actor,
        action="goals.sharefigure.withdraw" if withdrawn else "goals.sharefigure.state",
        thing=row,
        changes=said,
        reason=row.reason,
        for_whom=for_whom,
    )
    return row
