"""One search for everything that a person may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.search import Found, find
from peiyu.office.policies.models import Document

FEW, MANY = 8, 50


@dataclass(frozen=True, slots=True)
class EnterpriseHit:
    """An enterprise and the text by which it was found."""

    enterprise: Enterprise
    found: Found


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, by kind; `more` says that there were more enterprises than are shown."""

    enterprises: tuple[EnterpriseHit, ...] = ()
    documents: tuple[Document, ...] = ()
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.enterprises or self.documents)


def search(words: str, person: User, *, limit: int = MANY) -> Hits:
    """Enterprises by names, pinyin and numbers, documents by number and title; at most 4 queries."""
    words = words.replace("\0", "").strip()[:100]
    if not words or person.access.is_administrator:
        return Hits()
    visible = Enterprise.objects.visible_to(person)
    within = None if person.access.city else visible
    found = find(words, Enterprise._meta.label_lower, limit + 1, within=within)
    rows = visible.select_related("body").in_bulk([hit.key for hit in found])
    hits = [EnterpriseHit(rows[hit.key], hit) for hit in found if hit.key in rows]
    documents = Document.objects.filter(Q(number__icontains=words) | Q(title__icontains=words))
    return Hits(tuple(hits[:limit]), tuple(documents[:10]), more=len(hits) > limit)
