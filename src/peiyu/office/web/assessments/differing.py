"""Why an assessment says something else than an earlier one, as lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peiyu.batch.sides import CAUSES, Cause
from peiyu.office.assessments.assessing import HARD, VERDICT
from peiyu.office.assessments.comparing import Comparison
from peiyu.office.assessments.shown.benefits import amount_of
from peiyu.office.assessments.shown.words import SHAPES, span
from peiyu.policy import facts, wording
from peiyu.policy.rulebook import Rulebook
from peiyu.words import Message, mark, message

LINES = {HARD: mark("由数据判断的条件"), VERDICT: mark("合起来")}
MOST_FACTS = 12


@dataclass(frozen=True, slots=True)
class Moved:
    """A condition or line that came out otherwise, and for what causes."""

    title: str
    before: tuple[str, str]
    after: tuple[str, str]
    causes: tuple[Message, ...]


def difference_of(found: Comparison, book: Rulebook, lang: str) -> dict[str, Any]:
    """The context of the panel."""
    titles = {one.id: one.title for one in book.criteria} | LINES
    grants = {one.id: one.title for one in book.grants}
    return {
        "moved": [
            Moved(
                titles[one.line], (SHAPES[one.before], one.before.chinese),
                (SHAPES[one.after], one.after.chinese), _causes(one.causes),
            )
            for one in found.changes
            if one.line in titles
        ],
        "score": _score(found),
        "facts": [_fact(one.name, one.before, one.after, lang) for one in found.facts[:MOST_FACTS]],
        "more": max(len(found.facts) - MOST_FACTS, 0),
        "tables": [
            facts.BY_NAME[name].chinese if lang == "zh" else facts.BY_NAME[name].english
            for name in found.tables
        ],
        "grants": [
            (grants[one.grant], amount_of(one.before, lang) if one.before else "",
             amount_of(one.after, lang), _causes(one.causes))
            for one in found.grants
        ],
        "same": found.same,
    }  # fmt: skip


def _causes(causes: tuple[Cause, ...]) -> tuple[Message, ...]:
    return tuple(message(CAUSES[cause]) for cause in causes)


def _score(found: Comparison) -> tuple[str, str, tuple[Message, ...]] | None:
    if found.score_before == found.score_after or not (found.score_before and found.score_after):
        return None
    return span(*found.score_before), span(*found.score_after), _causes(found.score_causes)


def _fact(name: str, before: Any, after: Any, lang: str) -> tuple[str, int, str, str]:
    """Term, how many years back (0: it has no year), the two values."""
    key, _, lag = name.partition(".")
    fact = facts.fact(key)
    return (
        fact.term(lang), int(lag or 0), wording.stored(before, fact, lang),
        wording.stored(after, fact, lang),
    )  # fmt: skip
