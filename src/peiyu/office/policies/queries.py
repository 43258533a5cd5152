"""Reads over the library of policies: what is in force, what rests on what, readings through time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from django.db.models import Q, QuerySet

from peiyu.office.accounts.models import User
from peiyu.office.policies.models import ArticleText, ArticleTexts, Basis, Clause, Document, Setting
from peiyu.office.policies.permissions import may_confirm_text, may_enter_text
from peiyu.office.policies.programme import Reading, readings
from peiyu.policy.articles import Article, articles
from peiyu.policy.articles import Document as Paper
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.words import mark


class Standing(StrEnum):
    """Whether a document counts on a day."""

    IN_FORCE = mark("现行有效")
    PRESUMED = mark("推定有效")
    NOT_YET = mark("尚未施行")
    REPEALED = mark("已废止")


def standing_of(document: Document, on: date) -> Standing:
    """How a document stands on a day; where it does not say from when, that is presumed."""
    if document.repealed_on is not None and document.repealed_on <= on:
        return Standing.REPEALED
    if (document.effective_on or document.issued_on) > on:
        return Standing.NOT_YET
    return Standing.IN_FORCE if document.effective_on else Standing.PRESUMED


def standing_so(documents: QuerySet[Document], standing: Standing, on: date) -> QuerySet[Document]:
    """Those that stand so on a day."""
    repealed = Q(repealed_on__lte=on)
    later = Q(effective_on__gt=on) | Q(effective_on=None, issued_on__gt=on)
    if standing is Standing.REPEALED:
        return documents.filter(repealed)
    documents = documents.exclude(repealed_on__isnull=False, repealed_on__lte=on)
    if standing is Standing.NOT_YET:
        return documents.filter(later)
    if standing is Standing.PRESUMED:
        return documents.filter(effective_on=None, issued_on__lte=on)
    return documents.filter(effective_on__lte=on)


def documents_found(words: str = "", level: str = "") -> QuerySet[Document]:
    """Documents whose number, title or issuer has these words, of a level."""
    found = Document.objects.all()
    if words:
        found = found.filter(
            Q(number__icontains=words) | Q(title__icontains=words) | Q(issuer__icontains=words)
        )
    return found.filter(level=level) if level else found


@dataclass(frozen=True, slots=True)
class Branch:
    """A document and those beyond it, in one direction of the chain."""

    document: Document
    beyond: tuple[Branch, ...]


def chain_of(document: Document) -> tuple[tuple[Branch, ...], tuple[Branch, ...]]:
    """On what a document rests, and what carries it out, as far as the chain goes. Two queries."""
    above: dict[int, list[int]] = defaultdict(list)
    below: dict[int, list[int]] = defaultdict(list)
    for lower, upper in Basis.objects.order_by("id").values_list("document_id", "rests_on_id"):
        above[lower].append(upper)
        below[upper].append(lower)
    wanted = _reached(document.pk, above) | _reached(document.pk, below)
    known = Document.objects.in_bulk(wanted)
    start = frozenset({document.pk})
    return (
        _branches(document.pk, above, known, start),
        _branches(document.pk, below, known, start),
    )


def _reached(key: int, edges: Mapping[int, list[int]]) -> set[int]:
    found: set[int] = set()
    waiting = list(edges.get(key, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += edges.get(one, ())
    return found


def _branches(
    key: int,
    edges: Mapping[int, list[int]],
    known: Mapping[int, Document],
    passed: frozenset[int],
) -> tuple[Branch, ...]:
    """A document that leads back to itself ends the branch."""
    return tuple(
        Branch(known[one], _branches(one, edges, known, passed | {one}))
        for one in edges.get(key, ())
        if one in known and one not in passed
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """An open word on a day: its reading, by what it came, and all that was ever chosen."""

    reading: Reading
    value: str | int
    setting: Setting | None
    history: tuple[Setting, ...]
    clause: Clause | None

    @property
    def words(self) -> str:
        """The reading in force, in words."""
        return self.reading.words(self.value)

    @property
    def others(self) -> list[tuple[str, str]]:
        """The readings that are not in force."""
        return [(key, words) for key, words in self.reading.choices if key != str(self.value)]

    @property
    def past(self) -> list[tuple[Setting, str]]:
        """What was chosen, newest first, each in words."""
        return [(one, self.reading.words(one.value)) for one in self.history]

    @property
    def rulebook(self) -> str:
        """The rulebook whose switch it is; empty for a word of the programme."""
        name, dot, _ = self.reading.key.partition(".")
        return name if dot and name in RULEBOOKS else ""

    @property
    def is_ours(self) -> bool:
        """Nobody chose: the default of the program."""
        return self.setting is None


def chosen_on(on: date, keys: list[str] | None = None) -> list[Chosen]:
    """The open words on a day, in their order, with who chose. Two queries."""
    wanted = {k: r for k, r in readings().items() if keys is None or k in keys}
    history: dict[str, list[Setting]] = defaultdict(list)
    rows = Setting.objects.filter(key__in=wanted).select_related("set_by", "document")
    for row in rows.order_by("-from_on", "-id"):
        history[row.key].append(row)
    clauses = clauses_by_id()
    found = []
    for key, reading in wanted.items():
        now = next((row for row in history[key] if row.from_on <= on), None)
        value = reading.default if now is None else now.value
        clause = clauses.get(reading.place)
        found.append(Chosen(reading, value, now, tuple(history[key]), clause))
    return found


def clauses_by_id() -> dict[str, Clause]:
    """The clause of each capability id."""
    found: dict[str, Clause] = {}
    for clause in Clause.objects.exclude(ids="").select_related("document").order_by("-id"):
        for one in clause.ids.replace(",", " ").replace("、", " ").split():
            found[one] = clause
    return found


# the law's own words


class TextState(StrEnum):
    """How far the law's own text of an article is."""

    WITH = mark("有原文")
    WAITING = mark("待确认")
    WITHOUT = mark("没有原文")


@cache
def papers() -> tuple[Paper, ...]:
    """The papers that articles stand in, in their order."""
    return tuple({one.document.tag: one.document for one in articles()}.values())


@dataclass(frozen=True, slots=True)
class Texted:
    """An article with its confirmed text, and the one that waits, if the reader may know of it."""

    article: Article
    text: ArticleText | None
    waiting: ArticleText | None

    def is_so(self, state: TextState) -> bool:
        """Whether it stands so; one with text may wait for another."""
        if state is TextState.WAITING:
            return self.waiting is not None
        return (self.text is not None) is (state is TextState.WITH)


def texted(person: User) -> list[Texted]:
    """All articles, each with its texts as far as the person may see them. Two queries."""
    every = articles()
    stand = confirmed_texts(one.cite for one in every)
    wait = {text.cite: text for text in waiting_texts(person)}
    return [Texted(one, stand.get(one.cite), wait.get(one.cite)) for one in every]


def confirmed_texts(cites: Iterable[str]) -> dict[str, ArticleText]:
    """The texts that may be quoted as the law's, by citation: confirmed by two. One query.

    The newest confirmed version counts. Was it taken back, there is none: what it replaced does not
    come back by itself.
    """
    newest: dict[str, ArticleText] = {}
    rows = ArticleText.objects.confirmed().filter(cite__in=list(cites))
    for row in rows.select_related("entered_by", "confirmed_by").order_by("version"):
        newest[row.cite] = row
    return {cite: row for cite, row in newest.items() if row.withdrawn_on is None}


def waiting_texts(person: User) -> ArticleTexts:
    """Texts that wait for a second person, as far as this one may know of them."""
    if not may_enter_text(person):
        return ArticleText.objects.none()
    return ArticleText.objects.waiting().select_related("entered_by")


def to_confirm(person: User) -> list[ArticleText]:
    """Texts that wait for this person: entered by another, the oldest first."""
    waiting = waiting_texts(person).order_by("entered_on", "pk")
    return [text for text in waiting if may_confirm_text(person, text)]


def versions_of(cite: str, person: User) -> ArticleTexts:
    """What was entered of an article, newest first: all for the bureau, for others what was confirmed."""
    rows = ArticleText.objects.filter(cite=cite)
    if not may_enter_text(person):
        rows = rows.confirmed()
    people = ("entered_by", "confirmed_by", "withdrawn_by")
    return rows.select_related(*people).order_by("-version")


def in_library(papers: Iterable[Paper]) -> dict[str, Document]:
    """The documents of the library by the tag of the paper that articles stand in. One query."""
    by_number: dict[str, list[str]] = defaultdict(list)
    for paper in papers:
        if paper.tag not in by_number[paper.number]:
            by_number[paper.number].append(paper.tag)
    found = Document.objects.filter(number__in=by_number)
    return {tag: document for document in found for tag in by_number[document.number]}
