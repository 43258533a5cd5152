"""Asking for a paper, withdrawing one, binding its signed scan; the issuing itself is `issuing`."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from peiyu.office.accounts.models import Body, User
from peiyu.office.accounts.rights import allow
from peiyu.office.foundation import jobs
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.kinds import KINDS
from peiyu.office.foundation.models import Job, JobState, StoredFile
from peiyu.office.foundation.record import canonical, write
from peiyu.office.foundation.refusals import Refused, too_long
from peiyu.office.foundation.sealing import sealed
from peiyu.office.notices.models import IssuedPaper, PaperEnd, PaperScan, State
from peiyu.office.notices.paper_kinds import Draft, kinds
from peiyu.office.notices.permissions import may_change_paper, may_issue
from peiyu.office.notices.seals import seal_of
from peiyu.papers.paper import Content, as_data
from peiyu.words import message

ISSUE = "notices.issue"
LONGEST_TITLE, LONGEST_REASON = 200, 300
MOST_BLOCKS, MOST_SIGNS = 2_000, 500_000
ONLY_ISSUERS = message("文书由出具单位的经办人办理；请找有权的人办")


@transaction.atomic
def ask_paper(
    *,
    kind: str,
    body: Body,
    addressee: models.Model,
    content: Content,
    actor: User,
    about: models.Model | None = None,
    replaces: IssuedPaper | None = None,
    reason: str = "",
) -> Job:
    """Ask for a paper; a worker takes its number and makes it, and the actor is told.

    `addressee` is an enterprise, `about` what the paper was made from. With `replaces` it becomes
    the next version under the same number, and that needs a reason.

    Raises:
        Refused: no right, a body without mark, a paper that cannot be, one that is being made.
    """
    draft = Draft(kind, body, (addressee._meta.label_lower, addressee.pk))
    allow(may_issue, actor, draft, ONLY_ISSUERS)
    check_body(body)
    _check(content)
    if replaces is not None:
        check_replaced(replaces, draft)
    arguments: dict[str, Any] = {
        "kind": kind,
        "body": body.pk,
        "addressee": [*draft.addressee, str(addressee)],
        "about": [about._meta.label_lower, str(about.pk)] if about is not None else ["", ""],
        "content": as_data(content),
        "replaces": replaces.pk if replaces is not None else None,
        "reason": _reason(reason) if replaces is not None else "",
    }
    same = canonical(arguments)
    waiting = Job.objects.filter(
        kind=ISSUE, owner=actor, state__in=[JobState.WAITING, JobState.RUNNING]
    )
    if any(canonical(one.arguments) == same for one in waiting):
        raise Refused(message("这份文书正在制作，做好会通知您"))
    title = message("制发{kind}：{name}", kind=message(kinds()[kind].title), name=str(addressee))
    return jobs.start(ISSUE, title, arguments, actor)


@transaction.atomic
def withdraw_paper(paper: IssuedPaper, *, reason: str, actor: User) -> PaperEnd:
    """The paper no longer holds; it stays, with the reason, and who verifies it is told."""
    held = _locked(paper)
    for_whom = allow(may_change_paper, actor, held, ONLY_ISSUERS)
    _valid(held)
    end = sealed(
        PaperEnd(
            paper=held, reason=_reason(reason), ended_on=office_day(), ended_at=office_now(),
            ended_by=actor,
        ),
        seal_of,
    )  # fmt: skip
    end.save(force_insert=True)
    write(
        actor=actor,
        action="notices.paperend.withdraw",
        thing=end,
        changes={"seal": ("", end.seal)},
        reason=end.reason,
        about=held.addressee,
        for_whom=for_whom,
    )
    return end


@transaction.atomic
def attach_scan(paper: IssuedPaper, *, file: StoredFile, actor: User) -> PaperScan:
    """Bind the signed and sealed paper, scanned, to the version that was signed."""
    held = _locked(paper)
    for_whom = allow(may_change_paper, actor, held, ONLY_ISSUERS)
    _valid(held)
    if file.kind != KINDS["pdf"].media_type:
        raise Refused(
            message("“{name}”不是PDF；签章后的扫描件请存成PDF再传", name=file.name), field="file"
        )
    if file.sha256 in (held.pdf_sha256, held.word_sha256):
        raise Refused(message("这是系统制作的原件，没有签章；请传签章后的扫描件"), field="file")
    if PaperScan.objects.filter(sha256=file.sha256).exists():
        raise Refused(message("这份扫描件已经传过"), field="file")
    scan = sealed(
        PaperScan(
            paper=held, file=file, sha256=file.sha256, added_on=office_day(),
            added_at=office_now(), added_by=actor,
        ),
        seal_of,
    )  # fmt: skip
    scan.save(force_insert=True)
    write(
        actor=actor,
        action="notices.paperscan.add",
        thing=scan,
        changes={"seal": ("", scan.seal), "sha256": ("", scan.sha256)},
        about=held.addressee,
        for_whom=for_whom,
    )
    return scan


def check_body(body: Body) -> None:
    """A body that issues is there and has its mark."""
    if body.closed_on is not None and body.closed_on <= office_day():
        raise Refused(message("“{body}”已撤销，不能出具文书", body=body.name), field="body")
    if not body.mark:
        text = "“{body}”还没有机关代字，不能编发文字号；请科技局在机构页登记"
        raise Refused(message(text, body=body.name), field="body")


def check_replaced(paper: IssuedPaper, draft: Draft) -> None:
    """A new version follows one that holds, of the same kind, body and addressee."""
    _valid(IssuedPaper.objects.whole().get(pk=paper.pk))
    same = (paper.kind, paper.body_id, (paper.addressee_label, paper.addressee_key))
    if same != (draft.kind, draft.body.pk, draft.addressee):
        raise Refused(message("新版须与{number}同类、同单位、同对象", number=paper.full_number))


def _locked(paper: IssuedPaper) -> IssuedPaper:
    IssuedPaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    return IssuedPaper.objects.whole().get(pk=paper.pk)


def _valid(paper: IssuedPaper) -> None:
    if paper.state != State.VALID:
        text = "{number}第{version}版{state}，不能再办"
        raise Refused(
            message(
                text, number=paper.full_number, version=paper.version,
                state=message(paper.state.label),
            )
        )  # fmt: skip


def _reason(reason: str) -> str:
    tidy = reason.strip()
    if not tidy:
        raise Refused(message("请写明理由"), field="reason")
    if len(tidy) > LONGEST_REASON:
        raise too_long(tidy, LONGEST_REASON)
    return tidy


def _check(content: Content) -> None:
    if not content.title.strip() or len(content.title) > LONGEST_TITLE:
        raise Refused(message("文书要有标题，最多{most}个字", most=LONGEST_TITLE), field="title")
    if not content.blocks:
        raise Refused(message("文书没有内容"))
    size = len(canonical(as_data(content)))
    if len(content.blocks) > MOST_BLOCKS or size > MOST_SIGNS:
        raise Refused(message("文书太长，请分成几份"))
