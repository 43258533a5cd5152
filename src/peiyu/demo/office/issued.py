"""Papers that the demo city has issued: valid ones, a new version, a withdrawn one, a signed one."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
from django_tasks_db.models import DBTaskResult

from peiyu.demo.office.days import live_on
from peiyu.demo.office.people import People
from peiyu.office.accounts.models import Body, Role, User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.files import open_file, store
from peiyu.office.foundation.jobs import run
from peiyu.office.notices.actions import ask_paper, attach_scan, withdraw_paper
from peiyu.office.notices.models import IssuedPaper
from peiyu.office.reports.models import FactRequest, Supplier
from peiyu.office.reports.papers import LACKING, lacking

FIRST, AGAIN, BACK = date(2019, 6, 11), date(2019, 6, 12), date(2019, 6, 13)
MOST = 5


def fill(people: People) -> None:
    """Tell the enterprises that were asked for figures what is lacking, in one paper each."""
    bureau = people.first(Role.BUREAU_OFFICER)
    requests = FactRequest.objects.filter(
        supplier=Supplier.ENTERPRISE, withdrawn_on=None, answered_on=None, asked_on__lte=FIRST
    )
    firms = list(
        Enterprise.objects.filter(pk__in=requests.values("enterprise")).order_by("pk")[:MOST]
    )
    live_on(FIRST)
    papers = [_issued(firm, people.bodies["JY-KJ"], bureau, FIRST) for firm in firms]
    if len(papers) < MOST:
        raise LookupError(f"the demo asks {len(papers)} enterprises for figures, not {MOST}")
    live_on(AGAIN)
    _issued(firms[1], people.bodies["JY-KJ"], bureau, AGAIN, papers[1], "补充期限")
    live_on(BACK)
    actor = User.objects.get(username=bureau.username)
    withdraw_paper(papers[2], reason="企业已电话补报，告知书不再需要", actor=actor)
    scan = store(_scanned(papers[0]), f"{papers[0].full_number} 签章件.pdf", by=actor)
    attach_scan(papers[0], file=scan, actor=actor)


def _issued(
    firm: Enterprise, body: Body, by: User, on: date,
    replaces: IssuedPaper | None = None, reason: str = "",
) -> IssuedPaper:  # fmt: skip
    actor = User.objects.get(username=by.username)
    more: dict[str, Any] = {"replaces": replaces, "reason": reason}
    job = ask_paper(
        kind=LACKING, body=Body.objects.get(pk=body.pk), addressee=firm, about=firm, actor=actor,
        content=lacking(firm, actor, on), **more,
    )  # fmt: skip
    run.func(job.pk)  # the demo is built without a worker
    DBTaskResult.objects.filter(args_kwargs__args=[job.pk]).delete()
    return IssuedPaper.objects.whole().order_by("-pk")[0]


def _scanned(paper: IssuedPaper) -> bytes:
    """The paper as a scanner would make it: pictures of its pages in a PDF."""
    with open_file(paper.pdf) as content, pypdfium2.PdfDocument(content.read()) as document:
        pages = [page.render(scale=1.5).to_pil().convert("L") for page in document]
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=108)
    return out.getvalue()
