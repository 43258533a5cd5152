"""One definition per programme: what the law tests, scores and grants."""

from collections.abc import Mapping

from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.hnte import HNTE

RULEBOOKS: Mapping[str, Rulebook] = {book.name: book for book in (HNTE,)}


def readers(table: str, fact: str) -> tuple[str, ...]:
    """The rulebooks that read a fact; none yet for a fact that waits for its programme."""
    name = f"{table}.{fact}"
    return tuple(book.name for book in RULEBOOKS.values() if name in book.facts())
