"""Operations on issued papers: those of one enterprise, one with its versions and what it says."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from peiyu.office.accounts.permissions import FIGURES
from peiyu.office.api import answers_of_papers as answers
from peiyu.office.api.asked import Id
from peiyu.office.api.keys import caller
from peiyu.office.api.problems import missing
from peiyu.office.api.root import read
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.notices.queries import papers_of
from peiyu.office.reports.permissions import may_read_figures
from peiyu.words import message

MOST = 200


@read(
    "/enterprises/{enterprise_id}/papers", answers.Papers, scope=FIGURES, name="enterprise_papers",
    summary="The latest 200 papers issued to an enterprise, the newest first",
)  # fmt: skip
def enterprise_papers(request: HttpRequest, enterprise_id: Id) -> dict[str, Any]:
    """Papers that the key's owner may read."""
    person = caller(request).person
    found = Enterprise.objects.visible_to(person).filter(pk=enterprise_id).first()
    if found is None or not may_read_figures(person, found):
        text = "没有编号为{key}的企业"
        raise missing(message(text, key=enterprise_id), field="enterprise_id", value=enterprise_id)
    return {
        "id": found.pk,
        "code": found.code,
        "name": found.name,
        "items": [_paper(row) for row in papers_of(person, found)[:MOST]],
    }


@read(
    "/papers/{paper_id}", answers.OnePaper, scope=FIGURES, name="paper",
    summary="One issued paper: whether it holds, its hashes, what it says",
)  # fmt: skip
def paper(request: HttpRequest, paper_id: Id) -> dict[str, Any]:
    """One version of a paper; its files are at the pages."""
    rows = IssuedPaper.objects.visible_to(caller(request).person).whole()
    one = rows.filter(pk=paper_id).first()
    if one is None:
        raise missing(
            message("没有编号为{key}的文书", key=paper_id), field="paper_id", value=paper_id
        )
    end = getattr(one, "end", None)
    later = getattr(one, "replaced_by", None)
    return {
        **_paper(one),
        "enterprise": one.addressee_key,
        "withdrawn_on": end.ended_on if end else None,
        "withdrawn_because": end.reason if end else None,
        "replaced_by": later.pk if later else None,
        "pdf_sha256": one.pdf_sha256,
        "word_sha256": one.word_sha256,
        "scans": [scan.sha256 for scan in one.scans.all()],
        "content": one.content,
    }


def _paper(row: IssuedPaper) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.full_number,
        "version": row.version,
        "kind": row.kind,
        "title": row.title,
        "state": row.state.value,
        "issuer": row.issuer_name,
        "issued_on": row.issued_on,
        "verify_code": row.code,
    }
