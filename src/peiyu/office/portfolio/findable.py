"""By which words a right is found: its number however written, its title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from peiyu.office.foundation.search import put_many, remove
from peiyu.office.portfolio.models import Entry, IpRight
from peiyu.policy.evidence import text_of
from peiyu.policy.patents import bare

LABEL = IpRight._meta.label_lower


def index(rows: Sequence[Entry], ended: Iterable[int]) -> None:
    """Let the versions that now stand be found in place of those that ended."""
    if gone := list(ended):
        remove(LABEL, gone)
    put_many(LABEL, [(row.pk, terms_of(row)) for row in rows if not row.withdrawn])


def terms_of(row: Entry) -> Iterator[tuple[str, str]]:
    """Kind and text of all by which a right is found."""
    values = row.values()
    if number := text_of(values, "grant_number"):
        yield "number", bare(number)
    if title := text_of(values, "title"):
        yield "title", title
