"""One search for everything that a person may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.search import Found, find
from peiyu.office.policies.models import Document
from peiyu.office.portfolio.findable import LABEL
from peiyu.office.portfolio.listing import visible
from peiyu.office.portfolio.models import IpRight
from peiyu.office.portfolio.permissions import reads_rights
from peiyu.office.qualifications.models import Certificate, TechSmeNumber
from peiyu.policy.evidence import text_of
from peiyu.policy.patents import bare

FEW, MANY, RIGHTS = 8, 50, 10
GIVEN: tuple[type[Any], ...] = (Certificate, TechSmeNumber)
"""What an enterprise is given with a number by which it can be found."""


@dataclass(frozen=True, slots=True)
class EnterpriseHit:
    """An enterprise and the text by which it was found."""

    enterprise: Enterprise
    found: Found


@dataclass(frozen=True, slots=True)
class RightHit:
    """A right: whose it is, its number with them, what it is called, its grant number."""

    enterprise: Enterprise
    no: str
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, by kind; `more` says that there were more enterprises than are shown."""

    enterprises: tuple[EnterpriseHit, ...] = ()
    rights: tuple[RightHit, ...] = ()
    documents: tuple[Document, ...] = ()
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.enterprises or self.rights or self.documents)


def search(words: str, person: User, *, limit: int = MANY) -> Hits:
    """Enterprises by names, pinyin and numbers, rights and documents by number and title.

    At most 7 queries, and where a digit was typed 4 more, for the numbers of what they were given.
    """
    words = words.replace("\0", "").strip()[:100]
    if not words or person.access.is_administrator:
        return Hits()
    visible = Enterprise.objects.visible_to(person)
    within = None if person.access.city else visible
    found = find(words, Enterprise._meta.label_lower, limit + 1, within=within)
    rows = visible.select_related("body").in_bulk([hit.key for hit in found])
    hits = [EnterpriseHit(rows[hit.key], hit) for hit in found if hit.key in rows]
    if any(sign.isdigit() for sign in words):
        known = {hit.enterprise.pk for hit in hits}
        hits += [one for one in _by_given(words, person, limit) if one.enterprise.pk not in known]
    documents = Document.objects.filter(Q(number__icontains=words) | Q(title__icontains=words))
    rights = _rights(words, person) if reads_rights(person) else ()
    return Hits(tuple(hits[:limit]), rights, tuple(documents[:10]), more=len(hits) > limit)


def _rights(words: str, person: User) -> tuple[RightHit, ...]:
    """Rights by their number, however written, or by title."""
    asked = bare(words) if any(sign.isdigit() for sign in words) else words
    rows = visible(person)
    found = find(asked, LABEL, RIGHTS, within=None if person.access.city else rows)
    by_key = rows.select_related("enterprise").in_bulk([hit.key for hit in found])
    return tuple(_right(by_key[hit.key]) for hit in found if hit.key in by_key)


def _right(row: IpRight) -> RightHit:
    values = row.values()
    return RightHit(
        row.enterprise, row.key, text_of(values, "title"), text_of(values, "grant_number")
    )


def _by_given(words: str, person: User, limit: int) -> list[EnterpriseHit]:
    """Enterprises by the numbers of their certificates and registrations as technology SMEs."""
    hits = []
    for model in GIVEN:
        rows = model.objects.visible_to(person).standing()
        within = None if person.access.city else rows
        found = find(words, model._meta.label_lower, limit + 1, within=within)
        keys = [hit.key for hit in found]
        named = rows.select_related("enterprise__body").in_bulk(keys) if keys else {}
        hits += [
            EnterpriseHit(named[hit.key].enterprise, replace(hit, text=named[hit.key].number))
            for hit in found
            if hit.key in named
        ]
    return list({hit.enterprise.pk: hit for hit in reversed(hits)}.values())[::-1]
