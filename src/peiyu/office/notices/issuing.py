"""The issuing of a paper by the job worker: the number, the bytes and the row come about together.

What the paper says goes to the printer under the number that would be next; then, in one
transaction with the body locked, the number is taken if it is still the next. If another paper
came between, it is made anew. So no number is lost, none is given twice, and nobody waits for a
printer with the database in hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import Max

from peiyu.office.accounts.models import Body, User
from peiyu.office.accounts.rights import allow
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.files import store
from peiyu.office.foundation.jobs import Progress
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.sealing import sealed
from peiyu.office.notices.actions.messages import tell
from peiyu.office.notices.actions.papers import ONLY_ISSUERS, check_body, check_replaced
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.notices.paper_kinds import Draft
from peiyu.office.notices.permissions import may_issue
from peiyu.office.notices.seals import seal_of
from peiyu.papers.codes import fresh_code
from peiyu.papers.dates import official_number
from peiyu.papers.paper import Paper, Stamp, from_data
from peiyu.words import message


@dataclass(frozen=True, slots=True)
class Place:
    """Under which number a paper comes to stand."""

    mark: str
    year: int
    number: int
    version: int


def issue(progress: Progress, asked: dict[str, Any]) -> None:
    """Make the paper and issue it; done once, however often the worker is killed."""
    if progress.checkpoint is not None:
        return
    owner = progress.owner
    assert isinstance(owner, User)
    body = Body.objects.get(pk=asked["body"])
    before = _before(asked)
    stamp = Stamp(
        issuer=body.name, number="", issued_on=office_day(), code=fresh_code(),
        address=settings.VERIFY_ADDRESS, sample=settings.DEMO,
    )  # fmt: skip
    while True:
        place = next_place(body, before, stamp.issued_on.year)
        paper = Paper(
            from_data(asked["content"]),
            replace(
                stamp,
                number=official_number(place.mark, place.year, place.number),
                version=place.version,
            ),
        )
        pdf, word = made(paper)
        with progress.step():
            body = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
            if next_place(body, before, stamp.issued_on.year) != place:
                continue
            kept = _issued(asked, owner, body, before, place, paper, pdf, word)
            progress.advance(1, 1, checkpoint=kept.pk)
            return


def next_place(body: Body, before: IssuedPaper | None, year: int) -> Place:
    """The next number of the body in the year; for a new version the number of the one before."""
    if before is not None:
        last = IssuedPaper.objects.filter(
            body=body, year=before.year, number=before.number
        ).aggregate(last=Max("version"))["last"]
        return Place(before.mark, before.year, before.number, last + 1)
    papers = IssuedPaper.objects.filter(body=body, year=year)
    return Place(body.mark, year, (papers.aggregate(last=Max("number"))["last"] or 0) + 1, 1)


def made(paper: Paper) -> tuple[bytes, bytes]:
    """PDF and Word; what sets type is loaded here only, never by a web worker."""
    pdf, word = import_module("peiyu.papers.pdf"), import_module("peiyu.papers.word")
    try:
        return pdf.pdf_of(paper, settings.PAPER_FONTS), word.word_of(paper)
    except pdf.Unprintable as problem:
        raise Refused(
            message(
                "“{text}”印不出来：字体里没有这个字。请核对；确是生僻字的，请系统管理员配置公文字体后重试",
                text=problem.text[:20],
            )
        ) from problem


def _before(asked: dict[str, Any]) -> IssuedPaper | None:
    key = asked["replaces"]
    return IssuedPaper.objects.whole().get(pk=key) if key is not None else None


def _issued(
    asked: dict[str, Any],
    owner: User,
    body: Body,
    before: IssuedPaper | None,
    place: Place,
    paper: Paper,
    pdf: bytes,
    word: bytes,
) -> IssuedPaper:
    label, key, name = asked["addressee"]
    draft = Draft(asked["kind"], body, (label, key))
    for_whom = allow(may_issue, owner, draft, ONLY_ISSUERS)
    check_body(body)
    if before is not None:
        IssuedPaper.objects.select_for_update(of=("self",)).get(pk=before.pk)
        check_replaced(before, draft)
    called = f"{paper.stamp.number} {paper.content.title}"
    row = IssuedPaper(
        kind=asked["kind"],
        body=body,
        issuer_name=body.name,
        mark=place.mark,
        year=place.year,
        number=place.number,
        version=place.version,
        replaces=before,
        reason=asked["reason"],
        addressee_label=label,
        addressee_key=key,
        addressee_name=name[:200],
        about_label=asked["about"][0],
        about_key=asked["about"][1],
        title=paper.content.title,
        content=asked["content"],
        code=paper.stamp.code,
        pdf=store(pdf, f"{called[:190]}.pdf", by=owner),
        word=store(word, f"{called[:190]}.docx", by=owner),
        issued_on=paper.stamp.issued_on,
        issued_at=office_now(),
        issued_by=owner,
    )
    row.pdf_sha256, row.word_sha256 = row.pdf.sha256, row.word.sha256
    sealed(row, seal_of).save(force_insert=True)
    write(
        actor=owner,
        action="notices.issuedpaper.replace" if before else "notices.issuedpaper.issue",
        thing=row,
        changes={
            "seal": ("", row.seal),
            "version": (before.version if before else None, row.version),
            "pdf_sha256": ("", row.pdf_sha256),
        },
        reason=row.reason,
        about=row.addressee,
        for_whom=for_whom,
    )
    tell(
        [owner],
        title=message("{number}已制发：{name}", number=row.full_number, name=row.addressee_name),
        link=_page_of(row),
        at=row.issued_at,
    )
    return row


def _page_of(row: IssuedPaper) -> str:
    return f"/papers/{row.pk}/"
