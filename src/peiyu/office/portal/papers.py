"""Issued papers at the door of enterprises: what the office issued to one, to look at and to keep."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from peiyu.office.foundation.files import download
from peiyu.office.notices.queries import papers_of
from peiyu.office.portal.visits import for_enterprises, me, own, taken_away
from peiyu.papers.codes import spaced

PARTS = ("pdf", "word", "scan")
MOST = 200


@for_enterprises
@require_GET
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Papers issued to one's enterprise, the newest first."""
    found = own(request, pk)
    rows = papers_of(me(request), found).prefetch_related("scans")[:MOST]
    context = {
        "enterprise": found,
        "papers": [(row, spaced(row.code), bool(row.scans.all())) for row in rows],
    }
    return render(request, "portal/papers.html", context)


@for_enterprises
@require_GET
def paper_file(request: HttpRequest, pk: int, paper: int, part: str) -> FileResponse:
    """PDF, Word or the signed scan."""
    found = own(request, pk)
    row = get_object_or_404(papers_of(me(request), found), pk=paper)
    if part not in PARTS:
        raise Http404
    scan = row.scans.select_related("file").first() if part == "scan" else None
    file = {"pdf": row.pdf, "word": row.word, "scan": scan.file if scan else None}[part]
    if file is None:
        raise Http404
    return taken_away(request, row, download(file))
