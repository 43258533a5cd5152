"""The points as intervals, for the picture and its table."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from peiyu.batch import phrases
from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.shown.bars import percent
from peiyu.office.assessments.shown.words import span
from peiyu.policy.wording import exactly
from peiyu.words import Message, message

STEPS = 5
"""Into so many parts the scale is divided."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A scored item: most points, from where to where, as places on the scale of the longest."""

    title: str
    cite: str
    most: int
    points: str
    left: str
    width: str
    end: str


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """The whole: the interval, the pass mark, what is still needed."""

    low: str
    high: str
    words: str
    left: str
    width: str
    right: str
    mark: str
    mark_at: str
    full: str
    needs: Message
    ticks: tuple[tuple[str, str], ...]
    items: tuple[ItemLine, ...]


def score_of(found: Assessed, lang: str) -> ScoreShown | None:
    """The score as drawn; None where the programme does not score."""
    score = found.score
    if score is None:
        return None
    low, high = Fraction(score.low, score.scale), Fraction(score.high, score.scale)
    program = found.assessment.program
    whole = program.full_mark
    assert whole is not None  # it has a score
    bound = program.figures.number(found.rulebook.pass_mark)
    longest = max((one.item.most for one in found.items), default=1)
    return ScoreShown(
        exactly(low, 2), exactly(high, 2), phrases.score(score, lang), percent(low / whole),
        percent((high - low) / whole), percent(high / whole), exactly(bound, 2),
        percent(bound / whole), exactly(whole, 2), _needs(found, exactly(bound, 2)),
        tuple((percent(Fraction(n, STEPS)), exactly(whole * n / STEPS, 2)) for n in range(STEPS + 1)),
        tuple(
            ItemLine(
                one.item.title, one.item.article, one.item.most,
                span(Fraction(one.low, one.over), Fraction(one.high, one.over)),
                percent(Fraction(one.low, one.over * longest)),
                percent(Fraction(one.high - one.low, one.over * longest)),
                percent(Fraction(one.item.most, longest)),
            )
            for one in found.items
        ),
    )  # fmt: skip


def _needs(found: Assessed, bound: str) -> Message:
    needed = found.points_needed
    if needed is None:
        return message("最高也达不到要求的{mark}分", mark=bound)
    if needed == 0:
        return message("未定的分数全部得0分也够")
    return message(
        "未定的{open}分里至少还要得{needed}分", open=exactly(found.points_open, 2), needed=needed
    )
