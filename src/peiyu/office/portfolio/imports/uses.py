"""Uses of rights in recognitions from a table; whoever used them need not be in the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from peiyu.batch.layouts import column
from peiyu.office.accounts.models import User
from peiyu.office.enterprises.matching import matched
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.enterprises.owners import settle
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.imports import ImportKind, Options, problem
from peiyu.office.foundation.models import ImportBatch, ImportRow, RowOutcome
from peiyu.office.foundation.refusals import Refused
from peiyu.office.portfolio.actions.beside import record_use, withdraw_use
from peiyu.office.portfolio.models import IpUse
from peiyu.office.portfolio.permissions import may_keep_uses
from peiyu.policy import facts
from peiyu.policy.patents import bare
from peiyu.tables.codes import is_credit_code
from peiyu.tables.layout import Layout, Sheet
from peiyu.words import Message, mark, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

Use = tuple[str, str, str]
"""Number, who, day."""


def _layout(options: Options, headings: Mapping[str, Sequence[str]], on: date) -> Layout:
    columns = tuple(column(fact, more=headings.get(fact.name, ())) for fact in facts.USES)
    return (
        Sheet(
            name="uses",
            titles=(facts.USES.chinese, facts.USES.english, "uses"),
            columns=columns,
            key=("grant_number",),
        ),
    )


def _who(rows: Sequence[ImportRow]) -> list[int | None]:
    """Whom each row means, if the registry surely knows them."""
    said = [str(row.values.get("used_by") or "") for row in rows]
    asked = [(text, "") if is_credit_code(text) else ("", text) for text in said]
    return [one.enterprise for one in matched(asked)]


def _judge(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    """New or the same; a use of that day with another outcome has to be withdrawn first."""
    who = _who(rows)
    firms = Enterprise.objects.in_bulk([key for key in who if key])
    numbers = {bare(str(row.values.get("grant_number") or "")) for row in rows}
    there = {
        (use.number, use.used_by, use.used_on.isoformat()): use
        for use in IpUse.objects.filter(number__in=numbers, withdrawn_on=None)
    }
    for row, key in zip(rows, who, strict=True):
        row.problems = [one for one in row.problems if one["column"] or one["address"]]
        row.target, row.candidates, row.changes = key, [], {}
        row.name = str(row.values.get("grant_number") or "")[:200]
        lacking = [name for name in ("used_by", "used_on") if not row.values.get(name)]
        if lacking:
            row.problems += [
                problem(message("没有填写"), message("请填使用企业和使用日期"), name)
                for name in lacking
            ]
        if row.problems:
            row.outcome = RowOutcome.REFUSED
            continue
        one = firms.get(key or 0)
        name = (one.code or one.name) if one else str(row.values["used_by"])
        before = there.get((bare(row.name), name, str(row.values["used_on"])))
        if before is None:
            settle(row, {name: (None, value) for name, value in row.values.items()}, new=True)
        elif (before.successful, _iso(before.valid_to)) == (
            row.values.get("successful"), row.values.get("valid_to"),
        ):  # fmt: skip
            settle(row, {}, new=False)
        else:
            row.outcome = RowOutcome.REFUSED
            row.problems = [
                problem(message("这次使用已经登记过，内容不同"), message("请先撤下那一条，再导入"))
            ]


def _apply(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    assert batch.source is not None
    firms = Enterprise.objects.in_bulk([row.target for row in rows if row.target])
    for row in rows:
        row.made = record_use(
            str(row.values["grant_number"]), used_by=str(row.values["used_by"]),
            used_on=date.fromisoformat(row.values["used_on"]),
            successful=row.values.get("successful"), valid_to=_day(row.values.get("valid_to")),
            enterprise=firms.get(row.target or 0), source=batch.source, actor=cast(User, actor),
            on=office_day(),
        ).pk  # fmt: skip


def _undo(batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser) -> None:
    made = IpUse.objects.in_bulk([row.made for row in rows if row.made])
    for row in rows:
        if (use := made.get(row.made or 0)) is not None and use.withdrawn_on is None:
            withdraw_use(use, reason=message("撤销导入").say(), actor=cast(User, actor))


def _builds_on(
    batch: ImportBatch, rows: Sequence[ImportRow], actor: AbstractBaseUser
) -> dict[int, Message]:
    """Nothing stands on a use but what reads it."""
    return {}


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError as fault:
        raise Refused(message("“{value}”不是日期", value=str(text)[:20])) from fault


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


USES = ImportKind(
    name="portfolio.uses",
    title=mark("知识产权使用记录"),
    layout=_layout, judge=_judge, apply=_apply, undo=_undo, builds_on=_builds_on,
    may=lambda person: may_keep_uses(cast(User, person)),
    asks=(),
)  # fmt: skip
