"""Asking several bodies at once, answering, and the clock of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from peiyu.office.accounts.models import Body, Role, User
from peiyu.office.accounts.rights import allow
from peiyu.office.casework.models import ClockStop, Consultation, Opinion, OpinionState, Silence
from peiyu.office.casework.opinions import OPINION
from peiyu.office.casework.permissions import may_conduct
from peiyu.office.foundation.days import add_working_days, working_days_between
from peiyu.office.foundation.models import StoredFile
from peiyu.office.foundation.record import write
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message


@dataclass(frozen=True, slots=True)
class Ask:
    """What one body is asked: `items` are (key, question) pairs; `limit` is in working days."""

    body: Body
    role: Role
    items: tuple[tuple[str, str], ...]
    limit: int


@transaction.atomic
def open_consultation(
    *, subject: str, asks: Sequence[Ask], silence: Silence, on: date, actor: User
) -> Consultation:
    """Ask all at once; each clock begins on the next working day."""
    if not asks:
        raise Refused(message("没有要征求的部门：请至少选一个"))
    consultation = Consultation.objects.create(
        subject=subject, silence=silence, opened_on=on, opened_by=actor
    )
    for ask in asks:
        _ask(consultation, ask, on)
    write(
        actor=actor,
        action="casework.consultation.open",
        thing=consultation,
        changes={"silence": (None, str(silence)), "opened_on": (None, on)},
    )
    return consultation


@transaction.atomic
def answer(
    opinion: Opinion,
    *,
    step: str,
    answers: dict[str, bool | None] | None = None,
    text: str = "",
    on: date,
    actor: User,
) -> Opinion:
    """Agree, object or return, item by item; an item left open stays open (null)."""
    if step not in ("agree", "object", "return"):
        raise Refused(message("答复只能是同意、不同意或退回补充"), field="step")
    _still_open(opinion)
    given = answers or {}
    known = {item["key"] for item in opinion.items}
    if strange := sorted(given.keys() - known):
        raise Refused(message("没有“{key}”这一项", key=strange[0]), field="answers")
    items = [{**item, "answer": given.get(item["key"], item["answer"])} for item in opinion.items]
    if step == "agree" and any(item["answer"] is False for item in items):
        raise Refused(
            message("有一项答“否”，不能整体同意：请改为不同意，或更正这一项"), field="answers"
        )
    return OPINION.take(
        step,
        opinion,
        actor=actor,
        reason=text,
        items=items,
        text=text[:1000],
        answered_on=on,
        answered_by=actor,
    )


@transaction.atomic
def withdraw_answer(opinion: Opinion, *, reason: str, actor: User) -> Opinion:
    """Take back an answer while the round is open; the limit stays as it was."""
    _still_open(opinion)
    return OPINION.take(
        "withdraw", opinion, actor=actor, reason=reason, text="", answered_on=None, answered_by=None
    )


@transaction.atomic
def ask_again(opinion: Opinion, *, on: date, actor: User, note: str = "") -> Opinion:
    """After what was missing has been added: the body is asked anew with its full limit."""
    _still_open(opinion)
    return OPINION.take(
        "ask_again",
        opinion,
        actor=actor,
        reason=note,
        asked_on=on,
        due_on=add_working_days(on, opinion.limit),
        answered_on=None,
        answered_by=None,
    )


@transaction.atomic
def substitute(opinion: Opinion, *, ask: Ask, reason: str, on: date, actor: User) -> Opinion:
    """Let another body answer instead; the first question stays visible as substituted."""
    _still_open(opinion)
    OPINION.take("substitute", opinion, actor=actor, reason=reason)
    if (
        opinion.consultation.opinions.filter(body=ask.body, role=ask.role)
        .exclude(state=OpinionState.SUBSTITUTED)
        .exists()
    ):
        raise Refused(message("{body}已在这一轮征求之中", body=ask.body.name), field="body")
    replacement = _ask(opinion.consultation, ask, on)
    opinion.replaced_by = replacement
    opinion.save(update_fields=["replaced_by"])
    return replacement


@transaction.atomic
def stop_clock(
    opinion: Opinion,
    *,
    reason: str,
    on: date,
    actor: User,
    proof: StoredFile | None = None,
    number: str = "",
) -> ClockStop:
    """Stop one body's clock from a day on; only with a proof: a file or the number of a paper."""
    _still_open(opinion)
    for_whom = allow(may_conduct, actor, opinion)
    if opinion.state != OpinionState.ASKED:
        raise Refused(message("这个部门已经答复，没有期限可停"))
    if not reason.strip():
        raise Refused(message("请写明停止计时的理由"), field="reason")
    if proof is None and not number.strip():
        raise Refused(message("停止计时要有凭据：请上传文件，或写明文书编号"), field="number")
    if on > opinion.due_on:
        raise Refused(
            message("{due}已到期，不能再停止计时", due=opinion.due_on.isoformat()), field="on"
        )
    locked = Opinion.objects.select_for_update().get(pk=opinion.pk)
    if locked.stops.filter(until_on=None).exists():
        raise Refused(message("已经在停止计时之中"))
    if locked.stops.filter(until_on__gte=on).exists():
        raise Refused(message("{on}已在一段停止计时之内", on=on.isoformat()), field="on")
    stop = ClockStop.objects.create(
        opinion=locked,
        reason=reason,
        proof=proof,
        number=number.strip(),
        from_on=on,
        stopped_by=actor,
    )
    write(
        actor=actor,
        action="casework.clock.stop",
        thing=stop,
        changes={"from_on": (None, on), "number": ("", number)},
        reason=reason,
        about=opinion,
        for_whom=for_whom,
    )
    return stop


@transaction.atomic
def run_clock(stop: ClockStop, *, until: date, actor: User) -> Opinion:
    """Let the clock run on after `until`; the limit moves by the working days that it stood."""
    opinion = Opinion.objects.select_for_update().get(pk=stop.opinion_id)
    _still_open(opinion)
    for_whom = allow(may_conduct, actor, opinion)
    stop = ClockStop.objects.select_for_update().get(pk=stop.pk)
    if stop.until_on is not None:
        raise Refused(message("这一段停止计时已于{day}结束", day=stop.until_on.isoformat()))
    if until < stop.from_on:
        raise Refused(
            message(
                "结束日{until}早于开始日{begun}",
                until=until.isoformat(),
                begun=stop.from_on.isoformat(),
            ),
            field="until",
        )
    stop.until_on = until
    stop.save(update_fields=["until_on"])
    before = opinion.due_on
    stood = working_days_between(stop.from_on, until)
    opinion.due_on = add_working_days(before, stood)
    opinion.save(update_fields=["due_on"])
    write(
        actor=actor,
        action="casework.clock.run",
        thing=opinion,
        changes={"due_on": (before, opinion.due_on)},
        for_whom=for_whom,
    )
    return opinion


@transaction.atomic
def close_consultation(consultation: Consultation, *, on: date, actor: User) -> Consultation:
    """End the round; from now on no opinion changes. Called by the decision it was for."""
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if locked.closed_on is not None:
        return locked
    locked.closed_on = on
    locked.save(update_fields=["closed_on"])
    write(
        actor=actor,
        action="casework.consultation.close",
        thing=locked,
        changes={"closed_on": (None, on)},
    )
    consultation.closed_on = on
    return locked


def _ask(consultation: Consultation, ask: Ask, on: date) -> Opinion:
    if ask.limit < 1:
        raise Refused(message("期限至少一个工作日，填的是{limit}", limit=ask.limit), field="limit")
    return Opinion.objects.create(
        flow=OPINION.name,
        consultation=consultation,
        body=ask.body,
        role=ask.role,
        items=[{"key": key, "question": question, "answer": None} for key, question in ask.items],
        limit=ask.limit,
        asked_on=on,
        due_on=add_working_days(on, ask.limit),
    )


def _still_open(opinion: Opinion) -> None:
    """Refuse when the round is closed; holds its row so that nobody closes it meanwhile."""
    round_ = Consultation.objects.select_for_update().get(pk=opinion.consultation_id)
    if round_.closed_on is not None:
        raise Refused(message("这一轮征求意见已于{day}结束", day=round_.closed_on.isoformat()))
