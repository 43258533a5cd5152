"""Every article that the rules cite, or deliberately leave alone: our 释义, and the confirmed text.

A citation is the tag of a document and the place in it: `M11(5)` is item 5 of article 11 of the
measures, `G3.6.2(7)` part three, item six, 2(7) of the guidelines, `A2-四` part four of annex 2.
The law's own text stays empty until an office fills it and a second person confirms it; the gloss
is ours and is labelled so wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import yaml

FILES = (
    "measures-2016-32", "measures-2008-172", "guidelines-2016-195", "guangdong-cpa", "tax-24-2017",
    "tech-sme-2017-115", "tech-sme-tax", "little-giant-2017-156", "reserve-default",
    "jiyuan", "henan", "hnte-benefits", "patent-fees", "patent-law",
)  # fmt: skip


OURS = frozenset({"RS"})
"""Tags of what is our own suggestion."""

# Parts of a document that have a name and no number of ours.
PARTS = {"封面": "cover", "说明": "notes", "附件": "annex"} | {
    numeral: str(place) for place, numeral in enumerate("一二三四五六七八九", 1)
}


class Kind(StrEnum):
    """What weight a document has."""

    REGULATION = "regulation"
    GUIDANCE = "guidance"
    PROFESSIONAL_GUIDANCE = "professional guidance"  # useful, but not law


class Certainty(StrEnum):
    """On what a gloss rests."""

    SEEN = "seen in text"
    PROFESSIONAL = "professional guidance"
    ESTABLISHED = "well established"  # the text has not been re-read
    UNCERTAIN = "uncertain"


class UnknownCitationError(KeyError):
    """A citation that opens nowhere, with the nearest ones that do."""

    def __init__(self, cite: str, known: Iterable[str]) -> None:
        self.cite = cite
        self.nearest = tuple(get_close_matches(cite, known, n=3, cutoff=0))
        super().__init__(cite)

    def __str__(self) -> str:
        return f"no article {self.cite!r}: the nearest are {', '.join(self.nearest)}"


@dataclass(frozen=True, slots=True)
class Wording:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def say(self, lang: str) -> str:
        """The words in `lang`."""
        return {"zh": self.zh, "en": self.en}[lang]


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that articles stand in: who issued it, when it counts, where it is published."""

    tag: str
    number: str
    number_en: str  # ours
    titles: Wording
    issuers: Wording
    kind: Kind
    in_force_from: date | None  # None: not known to us
    in_force_to: date | None
    address: str  # the official page, empty if none is known
    opened: bool  # has that page been opened and compared
    notes: Wording

    @property
    def is_ours(self) -> bool:
        """Our own suggestion, not a paper of the law: it has no text of the law."""
        return self.tag in OURS

    def numbered(self, lang: str) -> str:
        """Its number; in English in letters that an English reader can say."""
        return self.number if lang == "zh" else self.number_en

    def title(self, lang: str) -> str:
        """Its title; the English one is ours."""
        return self.titles.say(lang)

    def issuer(self, lang: str) -> str:
        """Who issued it, under the names of that day."""
        return self.issuers.say(lang)

    def note(self, lang: str) -> str:
        """On what our reading of it rests."""
        return self.notes.say(lang)


@dataclass(frozen=True, slots=True)
class Article:
    """One article or item: what it says in our words, and whether the rules follow it."""

    cite: str
    document: Document
    glosses: Wording
    text: str  # the law's own words; empty until an office has confirmed them
    certainty: Certainty
    modelled: bool
    reasons: Wording | None  # why not modelled

    def place(self, lang: str) -> str:
        """The citation as it is printed: A2-四 is A2-4 in English."""
        tag, sign, part = self.cite.partition("-")
        return self.cite if lang == "zh" else f"{tag}{sign}{PARTS.get(part, part)}"

    def gloss(self, lang: str) -> str:
        """Our 释义, to be labelled as ours."""
        return self.glosses.say(lang)

    def reason(self, lang: str) -> str:
        """Why no rule follows it; empty if one does."""
        return self.reasons.say(lang) if self.reasons else ""


def article(cite: str) -> Article:
    """The article of that citation.

    Raises:
        UnknownCitationError: no document has it.
    """
    known = _by_citation()
    if cite not in known:
        raise UnknownCitationError(cite, known)
    return known[cite]


def articles() -> tuple[Article, ...]:
    """All articles, in the order of their documents."""
    return tuple(_by_citation().values())


def not_modelled(documents: Collection[str] | None = None) -> tuple[Article, ...]:
    """The articles that no rule follows yet, of all papers or of these: listed, not forgotten."""
    return tuple(
        found
        for found in articles()
        if not found.modelled and (documents is None or found.document.tag in documents)
    )


@cache
def _by_citation() -> Mapping[str, Article]:
    (reasons,) = _read("reasons")
    found: dict[str, Article] = {}
    for name in FILES:
        for raw in _read(name):
            document = _document(raw)
            for entry in raw["articles"]:
                if entry["cite"] in found:
                    raise ValueError(f"{name}: {entry['cite']!r} stands twice; keep one")
                found[entry["cite"]] = _article(document, entry, reasons)
    return found


def _read(name: str) -> list[Any]:
    text = resources.files(__name__).joinpath(f"{name}.yaml").read_text("utf-8")
    return list(yaml.load_all(text, yaml.CSafeLoader))


def _document(raw: Mapping[str, Any]) -> Document:
    return Document(
        tag=raw["tag"],
        number=raw["number"],
        number_en=raw["number_en"],
        titles=Wording(**raw["title"]),
        issuers=Wording(**raw["issuer"]),
        kind=Kind(raw["kind"]),
        in_force_from=raw["in_force_from"],
        in_force_to=raw["in_force_to"],
        address=raw["address"],
        opened=raw["opened"],
        notes=Wording(**raw["note"]),
    )


def _article(
    document: Document, raw: Mapping[str, Any], reasons: Mapping[str, Mapping[str, str]]
) -> Article:
    return Article(
        cite=raw["cite"],
        document=document,
        glosses=Wording(raw["zh"], raw["en"]),
        text=raw["text"],
        certainty=Certainty(raw["certainty"]),
        modelled=raw["modelled"],
        reasons=Wording(**reasons[raw["reason"]]) if "reason" in raw else None,
    )
