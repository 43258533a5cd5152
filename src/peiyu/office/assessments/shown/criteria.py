"""The conditions of a programme as rows: outcome, value against limit, distance, period, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peiyu.batch import phrases
from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.shown.bars import Bar, bar_of
from peiyu.office.assessments.shown.sources import Source, Where, few, source_of
from peiyu.office.assessments.shown.words import BASES, SHAPES, main_test
from peiyu.policy import wording
from peiyu.policy.articles import article
from peiyu.policy.explain import ESTABLISHED
from peiyu.policy.reasons import Explanation, gap
from peiyu.policy.tree import Outcome
from peiyu.words import joined, mark, message

MOST_LACKS = 2
STANDING = mark("至当日")


@dataclass(frozen=True, slots=True)
class Line:
    """One condition as drawn."""

    number: int
    key: str
    title: str
    cite: str
    shape: str
    outcome: str
    value: str
    limit: str
    bar: Bar | None
    distance: str
    is_lacking: bool
    """The distance says what it lacks."""
    other: str
    """What another basis would say, where it differs."""
    period: str
    sources: tuple[Source, ...]
    more: int
    """Further comparisons of the same condition."""


def lines_of(found: Assessed, lang: str, where: Where) -> tuple[Line, ...]:
    """Every condition that applies, in the order of the programme; `where`: the pages of sources."""
    others = _others(found, lang)
    shown = [one for one in found.explanations if one.outcome is not Outcome.NOT_APPLICABLE]
    return tuple(
        _line(number, one, found, others.get(one.criterion.id, ""), lang, where)
        for number, one in enumerate(shown, 1)
    )


def _line(
    number: int, one: Explanation, found: Assessed, other: str, lang: str, where: Where
) -> Line:
    test = main_test(one)
    criterion = one.criterion
    distance, lacking = distance_of(one, lang)
    return Line(
        number, criterion.id, criterion.title, article(criterion.article).place(lang),
        SHAPES[one.outcome], one.outcome.chinese,
        phrases.shown(test.value, lang) if test is not None else "",
        f"{wording.sign(test.operator, lang)} {phrases.shown(test.limit, lang)}" if test else "",
        bar_of(test) if test is not None else None, distance, lacking, other, period_of(one, lang),
        tuple(few(sources_of(one, found, where))), max(len(one.tests) - 1, 0),
    )  # fmt: skip


def distance_of(one: Explanation, lang: str) -> tuple[str, bool]:
    """How far from the limit, or what is not known; and does it say what is lacking."""
    if one.outcome is Outcome.UNKNOWN:
        names = [phrases.lacking(lack, lang) for lack in one.missing[:MOST_LACKS]]
        if not names:
            return "", False
        said = joined("、", names, lang)
        left = len(one.missing) - len(names)
        if left:
            return message("缺{names}等{number}项", names=said, number=len(one.missing)).say(
                lang
            ), True
        return message("缺{names}", names=said).say(lang), True
    test = main_test(one)
    spare = gap(test) if test is not None else None
    if spare is None or spare.low is None:
        return "", False
    said = wording.figure(abs(spare.low), spare.unit, lang)
    if one.outcome is Outcome.UNMET:
        return message("差{amount}", amount=said).say(lang), True
    return message("富余{amount}", amount=said).say(lang), False


def period_of(one: Explanation, lang: str) -> str:
    """The fiscal years whose facts were read, or that it is of the day."""
    years = sorted({fact.year for fact in one.facts if fact.year is not None})
    if not years:
        return message(STANDING).say(lang) if one.tests or one.facts else ""
    if len(years) == 1:
        return message("{year}年", year=years[0]).say(lang)
    return message("{first}–{last}年", first=years[0], last=years[-1]).say(lang)


def sources_of(one: Explanation, found: Assessed, where: Where) -> Iterator[Source]:
    """Where its facts and rows come from."""
    year = found.seen.on.year
    for fact in one.facts:
        name = fact.fact.name if fact.year is None else f"{fact.fact.name}.{year - fact.year}"
        if name == ESTABLISHED and len(one.facts) > 1:
            continue
        if origin := found.facts.origins.get(name):
            yield source_of(found, name, origin, where)
    for table in one.tables:
        if (origin := found.facts.first_of(table)) is not None:
            yield source_of(found, f"{table}/", origin, where)


def _others(found: Assessed, lang: str) -> Mapping[str, str]:
    """Criteria that come out otherwise with another basis first."""
    said: dict[str, str] = {}
    for other in found.other_bases:
        for name, outcome in other.changed:
            words = message(
                "{basis}则{outcome}", basis=message(BASES[other.basis]),
                outcome=message(outcome.chinese),
            )  # fmt: skip
            said.setdefault(name, words.say(lang))
    return said
