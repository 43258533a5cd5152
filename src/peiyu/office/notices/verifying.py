"""Whether a paper is what it seems: asked by its code or with its bytes, by anybody, without log-in.

Answers with number, day, issuer, kind, the enterprise's name and whether it holds: never people,
never what it says. Nothing of a file that is shown is kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from peiyu.office.notices.models import IssuedPaper, PaperScan, State
from peiyu.office.notices.seals import seal_of
from peiyu.papers.codes import LENGTH, SIGNS, tidied
from peiyu.words import mark

WRITTEN = re.compile(rb"peiyu:([" + SIGNS.encode() + rb"]{%d})(?![0-9A-Z])" % LENGTH)
OVERLAP = 64
MOST_CODES = 20


class Outcome(StrEnum):
    """What verifying found."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    ALTERED = "altered"
    UNKNOWN = "unknown"


class Part(StrEnum):
    """As what a file was issued."""

    PDF = mark("PDF原件")
    WORD = mark("Word原件")
    SCAN = mark("签章扫描件")


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was shown: its hash, and the codes that are written in it."""

    sha256: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a paper; `paper` is None where there is none."""

    outcome: Outcome
    paper: IssuedPaper | None = None
    part: Part | None = None

    @property
    def latest(self) -> IssuedPaper | None:
        """The version that took its place, if one did."""
        if self.paper is None or self.outcome != Outcome.REPLACED:
            return None
        rows = IssuedPaper.objects.whole().newest()
        return rows.filter(
            body=self.paper.body_id, year=self.paper.year, number=self.paper.number
        ).first()


def looked_at(pieces: Iterable[bytes]) -> Looked:
    """Read a file once, piece by piece, and keep nothing of it."""
    digest, tail, codes = hashlib.sha256(), b"", dict[str, None]()
    for piece in pieces:
        digest.update(piece)
        for found in WRITTEN.finditer(tail + piece):
            if len(codes) < MOST_CODES:
                codes[found.group(1).decode()] = None
        tail = (tail + piece)[-OVERLAP:]
    return Looked(digest.hexdigest(), tuple(code for code in codes if tidied(code)))


def verify_code(typed: str) -> Verdict:
    """By the code on the paper."""
    code = tidied(typed[:100])
    paper = IssuedPaper.objects.whole().filter(code=code).first() if code else None
    return _told(paper, None)


def verify_file(looked: Looked, typed: str = "") -> Verdict:
    """By the bytes; of an altered file the code that was typed, or stands in it, tells which it was."""
    rows = IssuedPaper.objects.whole()
    if paper := rows.filter(pdf_sha256=looked.sha256).first():
        return _told(paper, Part.PDF)
    if paper := rows.filter(word_sha256=looked.sha256).first():
        return _told(paper, Part.WORD)
    scan = PaperScan.objects.filter(sha256=looked.sha256).first()
    if scan is not None and seal_of(scan) == scan.seal:
        return _told(rows.get(pk=scan.paper_id), Part.SCAN)
    for code in (tidied(typed[:100]), *looked.codes):
        if code and (paper := rows.filter(code=code).first()):
            return Verdict(Outcome.ALTERED, paper)
    return Verdict(Outcome.UNKNOWN)


def _told(paper: IssuedPaper | None, part: Part | None) -> Verdict:
    if paper is None:
        return Verdict(Outcome.UNKNOWN)
    if seal_of(paper) != paper.seal:  # the row itself was tampered with
        return Verdict(Outcome.ALTERED, paper, part)
    outcome = {
        State.VALID: Outcome.VALID,
        State.REPLACED: Outcome.REPLACED,
        State.WITHDRAWN: Outcome.WITHDRAWN,
    }[paper.state]
    return Verdict(outcome, paper, part)
