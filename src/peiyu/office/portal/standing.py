"""How an enterprise stands in plain words: what is met, what lacks, what to do next; for any reader.

The same for an enterprise that the office knows and for figures that somebody typed in: no query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from peiyu.batch import phrases
from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.shown.criteria import Line, lines_of
from peiyu.office.assessments.shown.scores import ScoreShown, score_of
from peiyu.office.assessments.shown.sources import Where
from peiyu.office.assessments.shown.words import SHAPES, sentence, verdict_word
from peiyu.policy.reasons import Missing
from peiyu.policy.tree import Outcome
from peiyu.words import Message, mark, message

MOST_NEAR = 3
GROUPS = (
    (Outcome.UNMET, mark("不符合的")),
    (Outcome.UNKNOWN, mark("还不知道的")),
    (Outcome.EXPERT, mark("由专家评定的")),
    (Outcome.MET, mark("符合的")),
)
"""What is wrong first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something that is not known can be filled in: heading and address of the page, and of it."""

    title: Message
    page: str
    href: str


Fill = Callable[[Missing], Place]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that came out alike."""

    title: str
    shape: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ToFill:
    """What is not known and stands in one place: the place, each thing with its address."""

    title: Message
    page: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ToMend:
    """A condition that is not met: how much it lacks, and the smallest changes that turn it over."""

    title: str
    distance: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it for one programme on one day."""

    shape: str
    word: str
    sentence: str
    groups: tuple[Group, ...]
    mend: tuple[ToMend, ...]
    fill: tuple[ToFill, ...]
    score: ScoreShown | None
    flags: tuple[tuple[str, str], ...]
    caution: str
    left_out: tuple[str, ...]


def standing_of(found: Assessed, lang: str, *, where: Where, fill: Fill) -> Standing:
    """What an assessment says, in the words of the page; `fill`: where a missing fact is filled in."""
    lines = {line.key: line for line in lines_of(found, lang, where)}
    book = found.rulebook
    return Standing(
        SHAPES[found.verdict], verdict_word(found), sentence(found, lang),
        tuple(_groups(found, lines)), tuple(_mend(found, lines, lang)),
        tuple(to_fill(found, fill, lang)), score_of(found, lang),
        tuple((flag.text, flag.article) for flag in found.flags),
        book.voice.caution, tuple(basis.label for basis in found.left_out),
    )  # fmt: skip


def _groups(found: Assessed, lines: dict[str, Line]) -> Iterator[Group]:
    for outcome, title in GROUPS:
        same = tuple(lines[name] for name in found.with_outcome(outcome) if name in lines)
        if same:
            yield Group(title, SHAPES[outcome], same)


def _mend(found: Assessed, lines: dict[str, Line], lang: str) -> Iterator[ToMend]:
    for name in found.with_outcome(Outcome.UNMET):
        near = tuple(phrases.near(one, lang) for one in found.near(name)[:MOST_NEAR])
        yield ToMend(lines[name].title, lines[name].distance, near)


def to_fill(found: Assessed, fill: Fill, lang: str) -> Iterator[ToFill]:
    """What is not known, by the page on which it is filled in."""
    places: dict[str, Place] = {}
    items: dict[str, list[tuple[str, str]]] = {}
    for lack, _ in found.missing():
        place = fill(lack)
        key = place.title.say(lang)
        places.setdefault(key, place)
        items.setdefault(key, []).append((phrases.lacking(lack, lang), place.href))
    for key, place in places.items():
        yield ToFill(place.title, place.page, tuple(items[key]))


def told_by(lack: Missing) -> Message:
    """Who knows what no page of the reader can be filled in with."""
    return message(
        "由{holder}提供：{document}", holder=message(lack.fact.holder),
        document=message(lack.fact.document),
    )  # fmt: skip
