"""A right in the lists: kind, class, age, term, annual fees, how it stands on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from peiyu.office.portfolio.standing import Force, Standing, standing_of
from peiyu.office.web.evidence.words import shown
from peiyu.office.web.tables import Column, Status
from peiyu.policy.evidence import IP
from peiyu.words import Message, mark, message

FORCES = {
    Force.VALID: "met", Force.DUE: "late", Force.GRACE: "late", Force.LAPSED: "bad",
    Force.ENDED: "na", Force.PENDING: "unk",
}  # fmt: skip
CLASS_WORDS = {"I": mark("Ⅰ类"), "II": mark("Ⅱ类")}
COLUMNS = (
    Column("kind", mark("类别"), fit="line"),
    Column("ip_class", mark("Ⅰ类、Ⅱ类"), kind="label", fit="line"),
    Column("grant_number", mark("授权号"), fit="line", phone="hidden"),
    Column("applied_on", mark("申请"), kind="date", sort="applied_on", phone="hidden"),
    Column("granted_on", mark("授权"), kind="date", sort="granted_on", named=True),
    Column("years", mark("年限"), kind="number", phone="hidden", less=True),
    Column("ends_on", mark("到期"), kind="date", sort="ends_on", phone="hidden"),
    Column("fee_by", mark("下次年费"), kind="date", sort="fees_paid_to", named=True),
    Column("force", mark("状态"), kind="status"),
    Column("products", mark("用于产品"), phone="hidden"),
)


def stands(right: Any, on: date, days: int) -> Standing:
    """How a right stands: a line of a list, or a row."""
    return standing_of(
        kind=right.kind, class_ruled=right.class_ruled, applied_on=right.applied_on,
        granted_on=right.granted_on, ends_on=right.ends_on, fees_paid_to=right.fees_paid_to, on=on,
        days=days,
    )  # fmt: skip


def cells_of(right: Any, products: list[str] | None, on: date, days: int) -> dict[str, object]:
    """The cells of `COLUMNS`; `products` None: the reader may not know."""
    found = stands(right, on, days)
    return {
        "kind": shown(right.kind or None, IP.fact("kind")),
        "ip_class": CLASS_WORDS.get(found.ip_class, ""),
        "grant_number": right.grant_number,
        "applied_on": right.applied_on,
        "granted_on": right.granted_on,
        "years": found.years,
        "ends_on": found.ends_on,
        "fee_by": found.fee_by,
        "force": Status(FORCES[found.force], found.force),
        "products": "、".join(products) if products else "",
    }


def worked_out(right: Any, on: date, days: int) -> list[tuple[str, Message | str]]:
    """What follows from what is stated of a right: each with its words."""
    found = stands(right, on, days)
    lines: list[tuple[str, Message | str]] = [(mark("状态"), str(found.force))]
    if found.ip_class in CLASS_WORDS:
        lines.append((mark("Ⅰ类、Ⅱ类"), CLASS_WORDS[found.ip_class]))
    if found.years is not None:
        lines.append((mark("申请至今"), message("{number}年", number=found.years)))
    if found.by_term and found.ends_on:
        lines.append((mark("按法定期限到期"), found.ends_on.isoformat()))
    if found.fee_by and found.lapses_on:
        text = "{day}前；补缴期到{last}，过期权利终止"
        lines.append(
            (
                mark("下次年费应缴"),
                message(text, day=found.fee_by.isoformat(), last=found.lapses_on.isoformat()),
            )
        )
    return lines
