"""What is said of a flag: asked about, explained, cleared; it holds as long as its facts do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.accounts.rights import allow
from peiyu.office.enterprises.models import Enterprise, Mandate
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused, too_long
from peiyu.office.notices.actions import tell
from peiyu.office.portfolio.flags import Flag, flags_of, recount, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import Remark, RemarkKind
from peiyu.office.portfolio.permissions import may_explain, may_rule, may_take_back
from peiyu.office.reports.permissions import FILLS_IN
from peiyu.words import Message, message

LONGEST_REASON = 300


@transaction.atomic
def ask_about(
    enterprise: Enterprise,
    *,
    flag: str,
    digest: str,
    words: str,
    due_on: date,
    at: datetime,
    actor: User,
) -> Remark:
    """Ask the enterprise to explain a flag by a day; its people are told."""
    if due_on < office_day():
        raise Refused(message("期限{day}已过", day=due_on.isoformat()), field="due_on")
    held, found = _held(enterprise, flag, digest, may_rule, actor)
    remark = _said(held, found, RemarkKind.ASKED, words or found.check.remedy, actor, due_on=due_on)
    people = Mandate.objects.filter(enterprise=held, kind__in=FILLS_IN, revoked_on=None)
    tell(
        [mandate.person for mandate in people.select_related("person")],
        title=message("请说明：{flag}，{day}前", flag=found.finding.said, day=due_on.isoformat()),
        text=Message(words) if words else None,
        link=f"/portal/enterprises/{held.pk}/evidence/",
        at=at,
    )
    return remark


@transaction.atomic
def explain_flag(
    enterprise: Enterprise, *, flag: str, digest: str, words: str, actor: User
) -> Remark:
    """The enterprise says how it is; an official still has to look at it."""
    held, found = _held(enterprise, flag, digest, may_explain, actor)
    if not words.strip():
        raise Refused(message("请写明实际情况"), field="words")
    return _said(held, found, RemarkKind.EXPLAINED, words, actor)


@transaction.atomic
def clear_flag(
    enterprise: Enterprise, *, flag: str, digest: str, reason: str, actor: User
) -> Remark:
    """Say that it is in order, and why; it comes back when the facts change."""
    held, found = _held(enterprise, flag, digest, may_rule, actor)
    if not reason.strip():
        raise Refused(message("请写明为什么可以不再提示"), field="reason")
    remark = _said(held, found, RemarkKind.CLEARED, reason, actor)
    recount([held], office_day())
    return remark


@transaction.atomic
def take_back_remark(remark: Remark, *, actor: User) -> Remark:
    """It was said in error; the flag stands as before."""
    allow(may_take_back, actor, remark)
    locked = (
        Remark.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .get(pk=remark.pk)
    )
    if locked.withdrawn_on is None:
        locked.withdrawn_on = office_day()
        locked.save(update_fields=["withdrawn_on"])
        write(
            actor=actor,
            action="portfolio.remark.take_back",
            thing=locked,
            changes={"withdrawn_on": (None, locked.withdrawn_on)},
            about=locked.enterprise,
        )
        recount([locked.enterprise], office_day())
    return locked


def _held(
    enterprise: Enterprise,
    flag: str,
    digest: str,
    right: Callable[[User, Enterprise], bool],
    actor: User,
) -> tuple[Enterprise, Flag]:
    """The enterprise, locked, and the flag as it stands; refused where its facts are others by now."""
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    allow(right, actor, locked)
    on = office_day()
    said = remarks_of([locked.pk])
    for found in flags_of(held_of([locked], on=on)[locked.pk], said.get(locked.pk, ()), on):
        if found.finding.key == flag and found.finding.digest == digest:
            return locked, found
    raise Refused(message("这条提示已经没有了，或者所依据的内容变了；请刷新后再办"))


def _said(
    enterprise: Enterprise,
    found: Flag,
    kind: RemarkKind,
    words: str,
    actor: User,
    due_on: date | None = None,
) -> Remark:
    text = words.strip()
    if len(text) > LONGEST_REASON:
        raise too_long(text, LONGEST_REASON, "words")
    made = Remark.objects.create(
        enterprise=enterprise, flag=found.finding.key, check_name=found.check.id,
        digest=found.finding.digest, kind=kind, reason=text, due_on=due_on, said_on=office_day(),
        said_by=actor,
    )  # fmt: skip
    write(
        actor=actor,
        action=f"portfolio.remark.{kind}",
        thing=made,
        changes={
            "flag": (None, found.finding.key),
            **({"due_on": (None, due_on)} if due_on else {}),
        },
        reason=text,
        about=enterprise,
    )
    return made
