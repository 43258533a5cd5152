"""The list of who stands where: its filters and orders, the same on the page and in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from peiyu.office.assessments.models import STANDS, Readinesses
from peiyu.office.assessments.readiness import CACHED
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.search import matching
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.words import message

ORDERS = ("unmet_count", "unknown_count", "score_high", "points_needed")
LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the list: words, how one stands, a criterion that is not met or not known, a body."""

    q: str = ""
    stands: str = ""
    only: str = ""
    fails: str = ""
    lacks: str = ""
    body: int | None = None


def book_named(name: str) -> Rulebook:
    """The programme that was asked for, else the recognition."""
    return RULEBOOKS[name] if name in CACHED else RULEBOOKS[CACHED[0]]


def asked_in(given: Mapping[str, str]) -> Asked:
    """What the words of an address ask.

    Raises:
        Refused: a word that the list does not know.
    """
    book = book_named(given.get("book", ""))
    criteria = {criterion.id for criterion in book.criteria}
    named = {name: given.get(name, "") for name in ("only", "fails", "lacks")}
    stands, body, words = given.get("stands", ""), given.get("body", ""), given.get("q", "")
    known = (
        (not stands or stands in dict(STANDS))
        and all(not name or name in criteria for name in named.values())
        and (not body or (body.isascii() and body.isdigit() and len(body) < 10))
        and len(words) <= LONGEST_WORDS
    )
    if not known:
        raise Refused(message("条件有误，请先在列表里改正"), field="query")
    return Asked(words, stands, **named, body=int(body) if body else None)


def filtered(rows: Readinesses, asked: Asked) -> Readinesses:
    """The rows that are left."""
    rows = rows.standing(asked.stands)
    if asked.q.strip():
        rows = rows.filter(enterprise__in=matching(asked.q, Enterprise._meta.label_lower))
    if asked.body is not None:
        rows = rows.filter(enterprise__body=asked.body)
    if asked.only:
        rows = rows.only_unmet(asked.only)
    if asked.fails:
        rows = rows.unmet_among_others(asked.fails)
    if asked.lacks:
        rows = rows.waiting_for(asked.lacks)
    return rows


def chosen_order(text: str) -> str:
    """A known order, else the fewest conditions not met first."""
    known = text.removeprefix("-") in ORDERS and text.count("-") <= 1
    return text if known else "unmet_count"
