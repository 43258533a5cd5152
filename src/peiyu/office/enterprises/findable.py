"""By which words an enterprise is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.foundation.search import put


def index(enterprise: Enterprise) -> None:
    """Bring the search index up to date for one enterprise; within the change itself."""
    put(enterprise, terms_of(enterprise))


def terms_of(enterprise: Enterprise) -> Iterator[tuple[str, str]]:
    """Kind and text of everything by which it is found; one merged away by nothing of its own."""
    if enterprise.status == Status.MERGED:
        return
    yield "name", enterprise.name
    for name in enterprise.names.exclude(name=enterprise.name).values_list("name", flat=True):
        yield "former", name
    if enterprise.code:
        yield "code", enterprise.code
    for code in enterprise.old_codes.values_list("code", flat=True):
        yield "old_code", code


def plain_terms(enterprise: Enterprise) -> Iterable[tuple[str, str]]:
    """The terms of an enterprise without history, asking the database nothing; for many at once."""
    yield "name", enterprise.name
    if enterprise.code:
        yield "code", enterprise.code
