"""One condition in full: formula, comparisons, quantities, facts, rows, articles, readings, nearness."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from peiyu.batch import phrases
from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.shown.bars import bar_of
from peiyu.office.assessments.shown.criteria import distance_of, period_of
from peiyu.office.assessments.shown.sources import Source, Where, source_of
from peiyu.office.assessments.shown.words import SHAPES
from peiyu.office.policies.queries import confirmed_texts
from peiyu.policy import wording
from peiyu.policy.articles import article
from peiyu.policy.reasons import FactShown, RowShown
from peiyu.policy.tree import Outcome
from peiyu.words import joined, message, translate

MOST_NEAR, MOST_MEASURES, MOST_REASONS = 6, 3, 3


def detail_of(found: Assessed, key: str, lang: str, where: Where) -> dict[str, Any]:
    """The context of the page of a condition; `where`: the pages of sources."""
    one = next(each for each in found.explanations if each.criterion.id == key)
    cited = article(one.criterion.article)
    law = confirmed_texts([cited.cite]).get(cited.cite)
    distance, lacking = distance_of(one, lang)
    book = found.rulebook
    rows = rows_of(one.rows, found, lang, where)
    return {
        "one": one,
        "title": one.criterion.title,
        "shape": SHAPES[one.outcome],
        "outcome": one.outcome.chinese,
        "formula": one.formula,
        "distance": distance,
        "is_lacking": lacking,
        "period": period_of(one, lang),
        "cite": cited.place(lang),
        "gloss": cited.gloss(lang),
        "law": law.text if law is not None else "",
        "document": cited.document,
        "tests": [
            (test.words, SHAPES[test.outcome], test.outcome.chinese, phrases.test(test, lang),
             phrases.exact_pair(test), bar_of(test))
            for test in one.tests
        ],
        "quantities": [
            (phrases.say("{year}年{term}", lang, year=each.year, term=translate(each.title, lang))
             if each.year else translate(each.title, lang), each.article, phrases.shown(each.value, lang))
            for each in one.quantities
        ],
        "facts": [_fact(each, found, lang, where) for each in one.facts],
        "rows": rows,
        "counting": sum(row.counts is True for row in rows),
        "lacks": [
            (phrases.lacking(lack, lang), message(lack.fact.holder), message(lack.fact.document))
            for lack in one.missing
        ],
        "switches": [
            (book.switch(name).title, book.switch(name).words(reading), f"{book.name}.{name}")
            for name, reading in one.switches
        ],
        "readings": [
            phrases.reading(other, book, lang) for other in found.judged.readings.get(key, ())
        ],
        "near": [phrases.near(each, lang) for each in found.near(key)[:MOST_NEAR]],
        "siblings": _siblings(found, key),
    }  # fmt: skip


def _fact(
    each: FactShown, found: Assessed, lang: str, where: Where
) -> tuple[str, str, Source | None]:
    year = found.seen.on.year
    name = each.fact.name if each.year is None else f"{each.fact.name}.{year - each.year}"
    origin = found.facts.origins.get(name)
    source = source_of(found, name, origin, where) if origin else None
    words = phrases.term(each.fact, each.year, lang)
    return words, wording.stored(each.value, each.fact, lang), source


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of a table: does it count for anything, for what, else why not."""

    label: str
    href: str
    counts: bool | None
    measures: tuple[str, ...]
    more: int
    why: str


def rows_of(rows: Iterable[RowShown], found: Assessed, lang: str, where: Where) -> list[RowLine]:
    """Each row once: those that count for nothing first, then those of which it cannot be said."""
    gathered: dict[tuple[str, str, str], list[RowShown]] = {}
    for row in rows:
        gathered.setdefault((row.table, row.label, row.source), []).append(row)
    lines = [_row(own, found, lang, where) for own in gathered.values()]
    return sorted(lines, key=lambda line: (line.counts is True, line.counts is None))


def _row(own: list[RowShown], found: Assessed, lang: str, where: Where) -> RowLine:
    first = own[0]
    name = f"{first.table}/{first.label}"
    origin = found.facts.origins.get(name)
    href = source_of(found, name, origin, where).href if origin else ""
    counting = [row for row in own if row.counts]
    open_rows = [row for row in own if row.counts is None]
    shown = counting or open_rows or own
    counts = True if counting else None if open_rows else False
    measures = tuple(dict.fromkeys(phrases.measure(row, lang) for row in shown))
    why = dict.fromkeys(phrases.row(row, lang).partition(": ")[2] for row in shown)
    return RowLine(
        first.label, href, counts, measures[:MOST_MEASURES], max(len(measures) - MOST_MEASURES, 0),
        joined("；", list(why)[:MOST_REASONS], lang),
    )  # fmt: skip


def _siblings(found: Assessed, key: str) -> dict[str, tuple[str, str]]:
    """The conditions before and after this one: title and key."""
    shown = [
        one.criterion for one in found.explanations if one.outcome is not Outcome.NOT_APPLICABLE
    ]
    at = next((at for at, one in enumerate(shown) if one.id == key), None)
    if at is None:
        return {}
    return {
        word: (shown[place].title, shown[place].id)
        for word, place in (("before", at - 1), ("after", at + 1))
        if 0 <= place < len(shown)
    }
