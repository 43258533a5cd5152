"""Finding things by words: names and parts of them, pinyin, initials, codes and numbers.

What a person types is data: it is cut into signs and Latin words, and only those reach the
database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby, islice, pairwise
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, QuerySet

from peiyu.office.foundation.models import SearchTerm
from peiyu.office.foundation.pinyin import INITIALS, is_chinese, splits, tokens_of

LONGEST_WORD = 24
LONGEST_QUERY = 100
MOST_TOKENS = 24
WHOLE_FROM = 5
"""Shorter beginnings have an index of their own."""
AT_ONCE = 400
"""Objects written in one go."""
MANY = 5_000
"""After so many objects the statistics of PostgreSQL's planner are renewed."""
FULL_TEXT = "foundation_searchterm_fts"
LAST_SIGN = chr(0x10FFFF)

Term = tuple[str, str]


class Rank(IntEnum):
    """How well a text answers, best first."""

    EXACT = 0
    START = 1
    WITHIN = 2


@dataclass(frozen=True, slots=True)
class Found:
    """One object that was found, by the best of its texts."""

    key: int
    kind: str
    text: str
    rank: Rank


def put(thing: models.Model, terms: Iterable[Term]) -> None:
    """Let `thing` be found by these (kind, text) and nothing else; within the caller's transaction."""
    put_many(thing._meta.label_lower, [(thing.pk, terms)])


@transaction.atomic
def put_many(label: str, things: Iterable[tuple[int, Iterable[Term]]]) -> None:
    """`put` for many objects of one model; writes only what differs."""
    written = 0
    things = iter(things)
    while batch := dict(islice(things, AT_ONCE)):
        written += len(batch)
        wanted = {
            (key, kind, text): grams
            for key, terms in batch.items()
            for kind, text, grams in _rows(terms)
        }
        gone = []
        for row in SearchTerm.objects.filter(label=label, key__in=batch):
            here = (row.key, row.kind, row.text)
            if wanted.get(here) == row.grams and row.folded == fold(row.text):
                del wanted[here]
            else:
                gone.append(row.pk)
        if gone:
            SearchTerm.objects.filter(pk__in=gone).delete()
        SearchTerm.objects.bulk_create(
            (
                SearchTerm(
                    label=label, key=key, kind=kind, text=text, folded=fold(text), grams=grams
                )
                for (key, kind, text), grams in wanted.items()
            ),
            ignore_conflicts=True,
            batch_size=AT_ONCE,
        )
    if written >= MANY and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE foundation_searchterm")


def remove(label: str, keys: Iterable[int]) -> None:
    """Objects are no longer found."""
    SearchTerm.objects.filter(label=label, key__in=list(keys)).delete()


def find(
    words: str, label: str, limit: int = 20, *, within: QuerySet[Any] | None = None
) -> list[Found]:
    """Objects of `label` that answer `words`, best first, each once; `within`: only those.

    Exact texts first, then those that begin so, then the others as they come: work is bounded by
    `limit` even where every object answers.
    """
    query = parse(words)
    start = fold(words[:LONGEST_QUERY])
    if not query or limit <= 0:
        return []
    rows = SearchTerm.objects.filter(label=label)
    if within is not None:
        rows = rows.filter(key__in=within.values("pk"))
    first = rows.filter(folded__gte=start, folded__lt=start + LAST_SIGN).order_by("folded")
    best: dict[int, Found] = {}
    _keep(best, first[: limit * 2], start)
    for asked in dict.fromkeys((whole(query), query)):
        if len(best) < limit:
            _keep(best, _streamed(rows, asked, label)[: limit * 3 + len(best)], start)
    return sorted(best.values(), key=lambda one: (one.rank, len(one.text), one.text))[:limit]


def matching(words: str, label: str) -> QuerySet[Any, int]:
    """Keys of objects that answer `words`, for `filter(pk__in=…)`; of no words: none."""
    query = parse(words)
    if not query:
        return SearchTerm.objects.none().values_list("key", flat=True)
    rows = SearchTerm.objects.filter(Answers(query, label))
    return rows.values_list("key", flat=True)


def fold(text: str) -> str:
    """A text without case, width, brackets and spaces: only its letters, signs and digits."""
    return "".join(_words(text))[:200]


def grams_of(text: str) -> str:
    """The tokens under which a text is found, apart by spaces."""
    words = _words(text)
    units = [unit for word in words for unit in ([word] if not is_chinese(word[0]) else word)]
    tokens = {unit[:LONGEST_WORD] for unit in units}
    tokens.update(
        left + right for left, right in pairwise(units) if is_chinese(left) and is_chinese(right)
    )
    if any(map(is_chinese, units)):
        tokens.update(tokens_of(units))
    elif len(words) > 1:
        tokens.add("".join(words)[:LONGEST_WORD])
    return " ".join(sorted(tokens))


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it must stand in the index, or how it must begin."""

    text: str
    begins: bool = False


Query = tuple[tuple[tuple[Token, ...], ...], ...]
"""All of: one of: all of."""


def parse(words: str) -> Query:
    """What is asked: every word, each in one of its readings; nothing of it is syntax."""
    asked: list[tuple[tuple[Token, ...], ...]] = []
    for word in _words(words[:LONGEST_QUERY]):
        if not is_chinese(word[0]):
            asked.append(_latin(word[:LONGEST_WORD]))
        elif len(word) == 1:
            asked.append(((Token(word),),))
        else:
            pairs = dict.fromkeys(map("".join, pairwise(word)))
            asked.append((tuple(Token(pair) for pair in pairs),))
    kept: list[tuple[tuple[Token, ...], ...]] = []
    size = 0
    for part in dict.fromkeys(asked):
        size += sum(map(len, part))
        if kept and size > MOST_TOKENS:
            break
        kept.append(tuple(one[:MOST_TOKENS] for one in part))
    return tuple(kept)


def whole(query: Query) -> Query:
    """The query with its longer beginnings taken as whole tokens: quick, and mostly enough."""
    return tuple(
        tuple(
            tuple(Token(t.text, t.begins and len(t.text) < WHOLE_FROM) for t in one) for one in part
        )
        for part in query
    )


class Answers(models.Func):
    """Whether a search term of a model answers a query: a condition for `filter`."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, query: Query, label: str) -> None:
        self.query = query
        self.label = label
        super().__init__(F("id"), F("label"), F("grams"))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        """Full-text index FTS5; it is asked first (CROSS JOIN), never once for each row."""
        key, params = compiler.compile(self.source_expressions[0])
        inner = (
            f"SELECT term.id FROM {FULL_TEXT} CROSS JOIN foundation_searchterm term"  # noqa: S608  names are ours
            f" ON term.id = {FULL_TEXT}.rowid WHERE {FULL_TEXT} MATCH %s AND term.label = %s"
        )
        return f"{key} IN ({inner})", (*params, fts5(self.query), self.label)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:
        """Inverted index over the tokens."""
        label, first = compiler.compile(self.source_expressions[1])
        grams, then = compiler.compile(self.source_expressions[2])
        sql = f"({label} = %s AND array_to_tsvector(string_to_array({grams}, ' ')) @@ %s::tsquery)"
        return sql, [*first, self.label, *then, tsquery(self.query)]


def fts5(query: Query) -> str:
    """A query in the language of SQLite's full-text index; tokens are letters and signs only."""
    return _joined(query, " AND ", " OR ", lambda t: f'"{t.text}"{" *" if t.begins else ""}')


def tsquery(query: Query) -> str:
    """A query in the language of PostgreSQL's text search."""
    return _joined(query, " & ", " | ", lambda t: f"'{t.text}'{':*' if t.begins else ''}")


def _joined(query: Query, every: str, either: str, said: Any) -> str:
    return every.join(
        "(" + either.join("(" + every.join(map(said, one)) + ")" for one in part) + ")"
        for part in query
    )


def _latin(word: str) -> tuple[tuple[Token, ...], ...]:
    """A Latin word or number: as it stands, else as pinyin, else as initials."""
    ways: list[tuple[Token, ...]] = [(Token(word, begins=len(word) > 1),)]
    if word.isascii() and word.isalpha():
        for split in splits(word):
            if len(split) > 2:
                pairs = list(map("".join, pairwise(split)))
                ways.append((*map(Token, pairs[:-1]), Token(pairs[-1], begins=True)))
        if len(word) > INITIALS:
            rows = (word[at : at + INITIALS] for at in range(len(word) - INITIALS + 1))
            ways.append(tuple(map(Token, rows)))
    return tuple(ways)


def _words(text: str) -> list[str]:
    """Runs of Chinese signs, and Latin words and numbers."""
    small = unicodedata.normalize("NFKC", text).casefold()
    return [
        "".join(signs)
        for run in re.findall(r"[^\W_]+", small)
        for _, signs in groupby(run, is_chinese)
    ]


def _rows(terms: Iterable[Term]) -> Iterator[tuple[str, str, str]]:
    for kind, text in dict.fromkeys(terms):
        grams = grams_of(text[:200])
        if grams:
            yield kind, text[:200], grams


def _streamed(rows: QuerySet[SearchTerm], query: Query, label: str) -> QuerySet[SearchTerm]:
    """Rows that answer, in an order that lets the database stop after the first few."""
    if connection.vendor != "sqlite":
        return rows.filter(Answers(query, label))
    return rows.extra(  # noqa: S610  names are ours, the query is a parameter
        tables=[FULL_TEXT],
        where=[f"{FULL_TEXT} MATCH %s", f"+{FULL_TEXT}.rowid = foundation_searchterm.id"],
        params=[fts5(query)],
    )


def _keep(best: dict[int, Found], rows: Iterable[SearchTerm], start: str) -> None:
    for row in rows:
        rank = Rank.WITHIN
        if row.folded.startswith(start):
            rank = Rank.EXACT if row.folded == start else Rank.START
        if row.key not in best or rank < best[row.key].rank:
            best[row.key] = Found(row.key, row.kind, row.text, rank)
