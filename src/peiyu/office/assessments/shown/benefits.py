"""What recognition would bring, line by line: how much, by which formula and article; no promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from peiyu.batch import phrases
from peiyu.office.assessments.assessing import Assessed
from peiyu.policy.articles import article
from peiyu.policy.explain import Granted
from peiyu.policy.parameters import NotInForce
from peiyu.policy.plan import plan_on
from peiyu.policy.reasons import GrantShown
from peiyu.policy.tree import Outcome
from peiyu.words import Message, mark, message, translate

WORDS = {
    Outcome.MET: ("met", mark("按规则可享受")),
    Outcome.UNMET: ("na", mark("不适用")),
    Outcome.UNKNOWN: ("unk", mark("资料不足")),
    Outcome.EXPERT: ("exp", mark("待专家评定")),
    Outcome.NOT_APPLICABLE: ("na", mark("不适用")),
}
BESIDE = ("T76-1", "JY-2(3)", "HNR(4)", "JY-8", "JY-10")
"""Articles of support that is not turned into an amount."""


@dataclass(frozen=True, slots=True)
class Benefit:
    """One benefit: what it comes to, how that is worked out, of which numbers, what is not known."""

    key: str
    title: str
    shape: str
    word: str
    amount: str
    """In words; empty where it does not apply."""
    condition: str
    formula: str
    numbers: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    cite: str
    gloss: str


@dataclass(frozen=True, slots=True)
class Support:
    """Support that has no amount here."""

    cite: str
    gloss: str


def benefits_of(found: Assessed, lang: str) -> tuple[Benefit, ...]:
    """Every benefit of the sheet, those that do not apply last."""
    lines = [_benefit(one, lang) for one in found.judged.grants]
    return tuple(sorted(lines, key=lambda line: line.shape == "na"))


def _benefit(one: GrantShown, lang: str) -> Benefit:
    shape, word = WORDS[one.granted.outcome]
    numbers = [(translate(q.title, lang), phrases.shown(q.value, lang)) for q in one.quantities]
    if shape == "na":  # only what says why
        numbers = [(term, value) for term, value in numbers if term in one.formula]
    seen = article(one.grant.article)
    return Benefit(
        one.grant.id, one.grant.title, shape, word, amount_of(one.granted, lang), one.formula,
        one.amount_formula,
        tuple(dict.fromkeys(numbers)), tuple(phrases.lacking(lack, lang) for lack in one.missing),
        seen.place(lang), seen.gloss(lang),
    )  # fmt: skip


def amount_of(granted: Granted, lang: str) -> str:
    """What it comes to; nothing where it does not apply."""
    return "" if WORDS[granted.outcome][0] == "na" else phrases.granted(granted, lang)


def supports_on(on: date, lang: str) -> tuple[Support, ...]:
    """What else there is on a day, without an amount."""
    return tuple(
        Support(one.place(lang), one.gloss(lang))
        for one in map(article, BESIDE)
        if one.document.in_force_from is None or one.document.in_force_from <= on
    )


def assumptions_of(
    found: Assessed, said: Callable[[date], str] = date.isoformat
) -> Iterator[Message]:
    """What is supposed: without these sentences no amount may be shown. `said`: how a day is written."""
    on = found.seen.on
    yield message("设想在{day}取得证书，当时企业在本市，不在郑洛新国家自主创新示范区", day=said(on))
    yield message(
        "税按{year}年度的应纳税所得额和加计扣除的研发费用推算发证当年，以后各年按当年实际数",
        year=on.year - 1,
    )
    yield message("小型微利企业和高新技术企业的税率只能选一个，按对企业有利的算")
    try:
        plan = plan_on(on)
    except NotInForce:
        return
    text = "奖补以当年的文件和预算为准；行动计划的期限是{first}年至{last}年"
    yield message(text, first=plan.first_year, last=plan.last_year)


def sheet_of(found: Assessed, lang: str) -> dict[str, Any]:
    """All of the sheet, for a page."""
    return {
        "lines": benefits_of(found, lang),
        "assumptions": tuple(assumptions_of(found)),
        "supports": supports_on(found.seen.on, lang),
        "flags": [(flag.text, flag.article) for flag in found.flags],
        "caution": found.rulebook.voice.caution,
    }
