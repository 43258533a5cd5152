"""Outcomes, values, lacks and nearness as short phrases of one language."""

from __future__ import annotations

from fractions import Fraction

from peiyu.policy import facts, wording
from peiyu.policy.articles import article
from peiyu.policy.explain import Granted, Score
from peiyu.policy.facts import Unit
from peiyu.policy.reasons import (
    Explanation,
    FactShown,
    Missing,
    Near,
    OtherReading,
    RowShown,
    Shown,
    TestShown,
)
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import Outcome
from peiyu.policy.wording import SHARE, exactly, figure
from peiyu.words import aside, joined, mark, message, translate

COUNTS = {True: mark("计入"), False: mark("不计入"), None: mark("不能确定")}
LATER, EARLIER = mark("成立再晚{number}天即为{outcome}"), mark("成立再早{number}天即为{outcome}")
LESS, MORE = mark("{name}少{change}即为{outcome}"), mark("{name}多{change}即为{outcome}")


def say(text: str, lang: str, /, **values: object) -> str:
    """A Chinese sentence in the language of the reader."""
    return message(text, **values).say(lang)


def outcome(found: Outcome, lang: str) -> str:
    """The word for an outcome."""
    return translate(found.chinese, lang)


def shown(value: Shown | None, lang: str) -> str:
    """A number, or from where to where it may lie."""
    if value is None:
        return translate("无法计算", lang)
    if value.known:
        assert value.low is not None
        return figure(value.low, value.unit, lang)
    if value.low is None and value.high is None:
        return translate("不详", lang)
    if value.high is None:
        assert value.low is not None
        if value.low == 0:
            return translate("不详", lang)
        return say("至少{low}", lang, low=figure(value.low, value.unit, lang))
    if value.low is None:
        return say("至多{high}", lang, high=figure(value.high, value.unit, lang))
    if value.unit is Unit.POINT:
        return say("{low}–{high}分", lang, low=exactly(value.low, 2), high=exactly(value.high, 2))
    ends = (figure(end, value.unit, lang) for end in (value.low, value.high))
    return joined("–", ends, lang)


def pair(test: TestShown, lang: str) -> str:
    """A share as the pair that was compared."""
    if test.part is None or test.base is None:
        return ""
    return f"{_side(test.part, lang)} ÷ {_side(test.base, lang)}"


def _side(value: Shown | None, lang: str) -> str:
    said = shown(value, lang)
    plain = value is None or value.known or said == translate("不详", lang)
    return said if plain else say("（{part}）", lang, part=said)


def test(found: TestShown, lang: str) -> str:
    """A comparison: value, sign, limit."""
    sign = wording.sign(found.operator, lang)
    said = f"{_side(found.value, lang)} {sign} {shown(found.limit, lang)}"
    return f"{pair(found, lang)} = {said}" if found.part is not None else said


def exact_pair(test: TestShown) -> str:
    """Where the rounded share could mislead: the pair in full."""
    value, limit = test.value, test.limit
    if value is None or not value.known or not limit.known or test.part is None:
        return ""
    assert value.low is not None and limit.low is not None
    if value.low != limit.low and wording.percent(value.low) == wording.percent(limit.low):
        return wording.percent(value.low, 6)
    return ""


def term(fact: facts.Fact, year: int | None, lang: str) -> str:
    """A fact with its year."""
    name = fact.term(lang)
    return say("{year}年{term}", lang, year=year, term=name) if year else name


def lacking(found: Missing, lang: str) -> str:
    """A fact that is not known, with its row if it is a cell of a table."""
    table = facts.BY_NAME[found.fact.table]
    title = table.chinese if lang == "zh" else table.english
    if found.whole_table:
        return say("“{table}”表未填全", lang, table=title)
    if found.row:
        return say(
            "“{table}”表 {row} 的{fact}",
            lang,
            table=title,
            row=found.row,
            fact=found.fact.term(lang),
        )
    if found.fact.table not in ("enterprise", "years"):
        return say("“{table}”表", lang, table=title)
    return term(found.fact, found.year, lang)


def fact(found: FactShown, lang: str) -> str:
    """A fact with its value and source."""
    said = f"{term(found.fact, found.year, lang)}: {wording.stored(found.value, found.fact, lang)}"
    return f"{said} [{found.source}]" if found.source else said


def measure(found: RowShown, lang: str) -> str:
    """What the row was counted or added up for."""
    return term(found.fact, found.year, lang) if found.fact else translate(found.measure, lang)


def row(found: RowShown, lang: str) -> str:
    """A row that does not count, with the reasons."""
    reasons = []
    for why in found.why:
        text = translate(why.text, lang)
        if not why.article and not why.unknown:
            text = say("不满足：{condition}", lang, condition=text)
        if why.unknown:
            names = joined("、", (fact.term(lang) for fact in why.lacking), lang)
            text = say("无法判断是否“{reason}”（缺{names}）", lang, reason=text, names=names) if names else \
                say("无法判断是否“{reason}”", lang, reason=text)  # fmt: skip
        if why.article:
            text += aside(why.article, lang)
        reasons.append(text)
    counts = translate(COUNTS[found.counts], lang)
    source = f" [{found.source}]" if found.source else ""
    said = joined("，", (counts, *filter(None, [joined("；", reasons, lang)])), lang)
    return f"{found.label}{source}: {said}"


def reading(found: OtherReading, rulebook: Rulebook, lang: str) -> str:
    """What another reading of the law would change."""
    switch = rulebook.switch(found.switch)
    said = say("如按“{reading}”（{title}），则{outcome}", lang, title=translate(switch.title, lang),
               reading=translate(switch.words(found.reading), lang), outcome=outcome(found.outcome, lang))  # fmt: skip
    if found.granted is not None:
        return joined("，", (said, granted(found.granted, lang)), lang)
    return joined("，", (said, score(found.score, lang)), lang) if found.score else said


def near(found: Near, lang: str) -> str:
    """How little it takes: one S&T person fewer and it fails."""
    name = term(found.fact, found.year, lang) if found.fact else translate(found.title, lang)
    if found.fact is not None and found.unit is Unit.DAY:
        days = exactly(abs(found.change), 0)
        words = LATER if found.change < 0 else EARLIER
        return say(words, lang, number=days, outcome=outcome(found.becomes, lang))
    unit = found.unit
    by = abs(found.change)
    said = (
        figure(by, Unit.PERSON_HUNDREDTH if unit is Unit.PERSON else unit, lang)
        if unit != SHARE
        else exactly(by)
    )
    if unit in (Unit.COUNT,):
        said = say("{number}项", lang, number=exactly(by, 0))
    words = LESS if found.change < 0 else MORE
    return say(words, lang, name=name, change=said, outcome=outcome(found.becomes, lang))


def score(found: Score, lang: str) -> str:
    """The points as an interval."""
    low, high = Fraction(found.low, found.scale), Fraction(found.high, found.scale)
    if low == high:
        return say("{number}分", lang, number=exactly(low, 2))
    return say("{low}–{high}分", lang, low=exactly(low, 2), high=exactly(high, 2))


def granted(found: Granted, lang: str) -> str:
    """What a grant comes to: an amount, from where to where it may lie, or up to how much."""
    low, high = found.money
    if low is not None and low == high:
        return wording.amount(low, lang)
    if high is None:
        return translate("金额不详", lang) if not low else \
            say("至少{low}", lang, low=wording.amount(low, lang))  # fmt: skip
    if not low:
        return say("至多{high}", lang, high=wording.amount(high, lang))
    return joined("–", (wording.amount(end, lang) for end in (low, high)), lang)


def points(needed: int | None, opened: Fraction, lang: str, *, reached: bool = False) -> str:
    """What the open points must still bring; is the pass mark itself enough."""
    if needed is None:
        beyond = mark("已不可能达到及格分") if reached else mark("已不可能超过及格分")
        return translate(beyond, lang)
    if needed == 0:
        return translate(mark("已达到及格分") if reached else mark("已超过及格分"), lang)
    return say(
        "尚未确定的{opened}分中至少需得{needed}分", lang, opened=exactly(opened, 2), needed=needed
    )


def cite(name: str, lang: str) -> str:
    """An article with its document."""
    found = article(name)
    document = found.document
    return name + aside(document.title(lang), lang)


def verdict(found: Outcome, rulebook: Rulebook, lang: str) -> str:
    """The whole verdict in one sentence."""
    return translate(
        {
            Outcome.MET: rulebook.voice.met,
            Outcome.UNMET: rulebook.voice.unmet,
            Outcome.UNKNOWN: mark("资料不足，暂不能判断"),
            Outcome.EXPERT: mark("可判断的条件均符合，其余待专家评定"),
            Outcome.NOT_APPLICABLE: mark("不适用"),
        }[found],
        lang,
    )


def summary(explanation: Explanation, lang: str) -> str:
    """The comparisons of a criterion on one line."""
    return joined("；", (test(found, lang) for found in explanation.tests), lang)
