"""A rulebook laid out for a page: the rules of one day under the readings in force, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from peiyu.policy import tree, wording
from peiyu.policy.articles import Article, article
from peiyu.policy.outline import (
    citations,
    groups,
    left_out,
    numbered,
    quantities,
    switches_of,
)
from peiyu.policy.parameters import Figures, NotInForce, parameters
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.wording import Speaker
from peiyu.words import aside, translate


@dataclass(frozen=True, slots=True)
class Rule:
    """A criterion: its article and its formula in words, and the switches that it asks."""

    key: str
    title: str
    cite: str
    formula: str
    switches: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the rulebook with its criteria."""

    key: str
    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A grant: when it is given, and how much."""

    key: str
    title: str
    cite: str
    condition: str
    amount: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored item: title, article, most points, how it is scored."""

    title: str
    cite: str
    most: int
    formula: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A value of a figure: from when, what, by which article; `now`: on the day of the page."""

    since: date
    value: str
    cite: str
    now: bool
    paper: str
    """The tag of the paper in which the article stands."""
    number: str
    """The number of that paper."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the law through time."""

    key: str
    title: str
    values: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A switch: the reading that counts, the others."""

    key: str
    title: str
    cite: str
    reading: str
    ours: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule on rows: what each must meet, and what is said of one that does not."""

    title: str
    cite: str
    conditions: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """An article with our gloss; the law's own text is the office's."""

    cite: str
    paper: str
    """The tag of the paper in which it stands."""
    document: str
    gloss: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that a rulebook says on a day."""

    name: str
    title: str
    governing: str
    legend: str
    version: str
    since: date
    parts: tuple[Part, ...]
    items: tuple[Scored, ...]
    grants: tuple[Given, ...]
    figures: tuple[Figure, ...]
    words: tuple[Word, ...]
    quantities: tuple[tuple[str, str, str], ...]
    rows: tuple[RowRule, ...]
    flags: tuple[tuple[str, str], ...]
    articles: tuple[Cited, ...]
    left_out: tuple[Cited, ...]


class NotYet(Exception):
    """The rulebook has no rules for that day."""


@lru_cache(maxsize=24)
def laid_out(
    name: str,
    on: date,
    readings: tuple[tuple[str, str], ...],
    lang: str,
    years: date | None = None,
) -> Book:
    """The rulebook of that name; `readings` are the switches with what was chosen.

    `years`: the day whose fiscal years are said in formulas, if not those of the day itself.

    Raises:
        NotYet: the day lies before its first, or a figure of the law was not in force.
        KeyError: there is no such rulebook.
    """
    book = RULEBOOKS[name]
    if on < book.since:
        raise NotYet
    chosen = book.readings(dict(readings))
    speaker = Speaker(lang, chosen, Figures(on), book.governing, years)
    try:
        return _laid_out(book, on, speaker)
    except NotInForce as missing:
        raise NotYet from missing


def _laid_out(book: Rulebook, on: date, speaker: Speaker) -> Book:
    lang = speaker.lang
    parts = [
        Part(key, numbered(title, place, lang), tuple(_rules(book, key, speaker)))
        for place, (key, title) in enumerate(groups(book), 1)
    ]
    return Book(
        book.name,
        translate(book.title, lang),
        translate(book.governing, lang),
        translate(book.voice.legend, lang),
        book.version(),
        book.since,
        tuple(part for part in parts if part.rules),
        tuple(
            Scored(translate(i.title, lang), i.article, i.most, speaker.say(i.points, opened=True))
            for i in book.items
        ),
        tuple(
            Given(
                g.id,
                translate(g.title, lang),
                g.article,
                speaker.say(g.when),
                speaker.say(g.amount, opened=True),
            )
            for g in book.grants
        ),
        tuple(_figure(key, on, lang) for key in book.parameters()),
        tuple(_words(book, speaker)),
        tuple(quantities(book, speaker)),
        tuple(_row_rules(book, speaker)),
        tuple((translate(flag.text, lang), flag.article) for flag in book.flags),
        tuple(_cited(article(cite), lang) for cite in citations(book)),
        tuple(_cited(found, lang) for found in left_out(book)),
    )


def _rules(book: Rulebook, group: str, speaker: Speaker) -> Iterable[Rule]:
    for criterion in book.criteria:
        if criterion.group == group:
            yield Rule(
                criterion.id,
                translate(criterion.title, speaker.lang),
                criterion.article,
                speaker.say(criterion.root),
                tuple(
                    (name, translate(book.switch(name).title, speaker.lang))
                    for name in switches_of(criterion.root)
                ),
            )


def _figure(key: str, on: date, lang: str) -> Figure:
    found = parameters()[key]
    now = found.dated(on)
    values = tuple(
        Dated(
            entry.since,
            wording.dated_value(entry.value, found.unit, lang),
            entry.source,
            entry is now,
            (paper := article(entry.source).document).tag,
            paper.numbered(lang),
        )
        for entry in found.values
    )
    return Figure(key, found.title if lang == "zh" else found.english, values)


def _words(book: Rulebook, speaker: Speaker) -> Iterable[Word]:
    for switch in book.switches:
        chosen = speaker.readings[switch.name]
        yield Word(
            switch.name,
            translate(switch.title, speaker.lang),
            switch.article,
            translate(switch.words(chosen), speaker.lang),
            chosen == switch.default,
            tuple(
                translate(words, speaker.lang) for key, words in switch.readings if key != chosen
            ),
        )


def _row_rules(book: Rulebook, speaker: Speaker) -> Iterable[RowRule]:
    for flag in book.row_flags:
        conditions = tuple(
            (speaker.say(part.part), translate(part.why, speaker.lang), part.article)
            for part in tree.taken(flag.rule, speaker.readings).children()
            if isinstance(part, tree.Because)
        )
        yield RowRule(translate(flag.title, speaker.lang), flag.article, conditions)


def _cited(found: Article, lang: str) -> Cited:
    document = found.document
    name = document.title(lang) + aside(document.numbered(lang), lang)
    return Cited(found.cite, document.tag, name, found.gloss(lang), found.reason(lang))
