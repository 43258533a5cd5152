"""Facts of evidence, flags and severities as pages say them."""

from __future__ import annotations

from decimal import Decimal

from peiyu.office.portfolio.flags import Standing
from peiyu.office.portfolio.reading import worded
from peiyu.office.web.templatetags.look import NOTHING, money, wan
from peiyu.office.web.templatetags.say import language, said
from peiyu.policy.case import Scalar
from peiyu.policy.chain import Severity
from peiyu.policy.facts import Fact
from peiyu.words import mark

SEVERITIES = {
    Severity.HIGH: mark("关系硬指标"), Severity.MIDDLE: mark("关系能否计入"), Severity.LOW: mark("关系认可程度"),
}  # fmt: skip
SEVERITY_SHAPES = {Severity.HIGH: "bad", Severity.MIDDLE: "late", Severity.LOW: "na"}
STANDING_SHAPES = {
    Standing.OPEN: "unk", Standing.ASKED: "go", Standing.LATE: "late", Standing.EXPLAINED: "go",
    Standing.CLEARED: "met",
}  # fmt: skip


def in_yuan(fen: int | None) -> Decimal | None:
    """Fen as yuan."""
    return None if fen is None else Decimal(fen).scaleb(-2)


def shown(value: Scalar, fact: Fact) -> str:
    """A fact as people read it; what is not known is a dash."""
    return said(worded(value, fact)) or NOTHING


def in_wan(fen: int | None) -> str:
    """Fen in 万元, or in yuan where one reads English."""
    if fen is None:
        return NOTHING
    return money(in_yuan(fen)) if language() == "en" else wan(in_yuan(fen))
