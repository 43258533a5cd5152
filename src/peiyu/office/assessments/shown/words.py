"""Shapes, words and sentences of assessments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from peiyu.batch import phrases
from peiyu.office.assessments.assessing import Assessed
from peiyu.policy import wording
from peiyu.policy.reasons import Explanation, TestShown, gap
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.tree import Outcome
from peiyu.policy.wording import exactly
from peiyu.words import Message, joined, mark, message

SHAPES = {
    Outcome.UNMET: "bad", Outcome.UNKNOWN: "unk", Outcome.EXPERT: "exp", Outcome.MET: "met",
    Outcome.NOT_APPLICABLE: "na",
}  # fmt: skip
BASES = {
    "verified": mark("核定数优先"), "audited": mark("审计数优先"), "tax_return": mark("纳税数优先"),
    "declared": mark("申报数优先"),
}  # fmt: skip
MOST_NAMED = 2
"""So many failing conditions are named in the sentence; of the rest only the number."""


def judging() -> tuple[Rulebook, ...]:
    """The programmes that say how an enterprise stands; those that pay money have their own pages."""
    return tuple(book for book in RULEBOOKS.values() if not book.grants)


def programme_titles(names: Iterable[str], said: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """The programmes of these names with their titles, for a choice."""
    for name in names:
        yield name, said(RULEBOOKS[name].title)


def main_test(found: Explanation) -> TestShown | None:
    """The comparison to show: of those with the outcome of the condition the one nearest its limit."""
    deciding = [test for test in found.tests if test.outcome is found.outcome] or list(found.tests)
    if found.outcome is not Outcome.MET:
        return deciding[0] if deciding else None
    return min(deciding, key=_distance, default=None)


def _distance(test: TestShown) -> tuple[bool, Fraction]:
    """How far from the limit, as a multiple of it; what cannot be said comes last."""
    spare = gap(test)
    if spare is None or spare.low is None or not test.limit.low:
        return True, Fraction(0)
    whole = test.limit.low
    if test.part is not None and test.base is not None and test.base.low:
        whole *= test.base.low
    return False, abs(spare.low / whole)


def sentence(found: Assessed, lang: str) -> str:
    """The outcome in one sentence, what is wrong first."""
    unmet = [one for one in found.explanations if one.outcome is Outcome.UNMET]
    unknown = found.with_outcome(Outcome.UNKNOWN)
    expert = found.with_outcome(Outcome.EXPERT)
    parts = [_failing(one, lang) for one in unmet[:MOST_NAMED]]
    if len(unmet) > MOST_NAMED:
        parts.append(message("另有{number}项不符合", number=len(unmet) - MOST_NAMED))
    if not unmet and found.hard is Outcome.MET:
        parts.append(message("由数据判断的条件全部符合"))
    if unknown:
        parts.append(message("{number}项资料不足", number=len(unknown)))
    if expert:
        parts.append(message("{number}项待专家评定", number=len(expert)))
    return joined("；", (part.say(lang) for part in parts), lang)


def _failing(found: Explanation, lang: str) -> Message:
    test = main_test(found)
    title = message(found.criterion.title)
    if test is None or test.value is None or not test.value.known or not test.limit.known:
        return message("“{title}”不符合", title=title)
    return message(
        "“{title}”为{value}，要求{sign}{limit}",
        title=title, value=phrases.shown(test.value, lang), sign=wording.sign(test.operator, lang),
        limit=phrases.shown(test.limit, lang),
    )  # fmt: skip


def span(low: Fraction, high: Fraction) -> str:
    """From how many points to how many, as it stands in a table."""
    return exactly(low, 2) if low == high else f"{exactly(low, 2)}–{exactly(high, 2)}"


def points(kept: tuple[Fraction, Fraction] | None) -> str:
    """The same; empty where nothing is scored."""
    return span(*kept) if kept else ""


def outcome_shown(value: int) -> tuple[str, str]:
    """The shape and the word of an outcome as it is kept."""
    outcome = Outcome(value)
    return SHAPES[outcome], outcome.chinese


def verdict_word(found: Assessed) -> str:
    """The words of the verdict, as the programme says them."""
    voice = found.rulebook.voice
    if found.verdict is Outcome.MET:
        return voice.met
    if found.verdict is Outcome.UNMET:
        return voice.unmet
    return found.verdict.chinese
