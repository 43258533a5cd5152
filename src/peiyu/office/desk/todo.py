"""What waits for a person, with the day until which and the reason why it is theirs; all derived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from peiyu.office.accounts.models import Delegation, Duty, Role, User
from peiyu.office.casework.models import Opinion, OpinionState
from peiyu.office.casework.queries import outcome, standing
from peiyu.office.desk.models import ExportRequest, ExportState
from peiyu.office.desk.todo_evidence import waiting_evidence
from peiyu.office.desk.todo_figures import waiting_figures
from peiyu.office.desk.todo_policies import waiting_policies
from peiyu.office.desk.todo_qualifications import waiting_qualifications
from peiyu.office.desk.waiting import Waiting
from peiyu.office.enterprises.models import Registration, RegistrationState
from peiyu.office.foundation.days import NoCalendar, working_days_between
from peiyu.office.foundation.models import Job, JobState
from peiyu.words import Message, mark, message


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do. `left` counts working days, negative: overdue, None: no limit."""

    due_on: date | None
    left: int | None
    what: Message
    thing: Message | str
    why: Message
    link: str
    verb: str


def todo_of(person: User, on: date) -> list[Todo]:
    """All that waits for this person on a day, overdue first, without limit last."""
    access = person.access
    found: list[Todo] = []
    if access.is_administrator:
        found += _of_administrator(person, on)
    if access.has(Role.BUREAU_OFFICER, Role.BUREAU_HEAD):
        found += _to_confirm(person, on)
    if access.places:
        found += _to_complete(person)
    if access.roles:
        found += _to_answer(person, on)
    if access.has(Role.BUREAU_HEAD):
        found += _to_approve(person)
    if access.roles:
        found += _counted(waiting_figures(person, on), on)
        found += _counted(waiting_evidence(person, on), on)
        found += _counted(waiting_qualifications(person, on), on)
        found += _counted(waiting_policies(person), on)
    found += _delegations_ending(person, on)
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or on, one.link))


def left_until(due_on: date, on: date) -> int:
    """Working days from today to a limit; 0 is today, negative is over."""
    if on <= due_on:
        return working_days_between(on, due_on) - 1
    return -max(working_days_between(due_on, on) - 1, 1)


def _to_confirm(person: User, on: date) -> Iterator[Todo]:
    waiting = Registration.objects.filter(state=RegistrationState.PROPOSED).exclude(
        proposed_by=person
    )
    for case in waiting.select_related("body", "consultation").order_by("proposed_on", "id")[:50]:
        result = outcome(case.consultation, on) if case.consultation else None
        if result is not None and not result.decidable:
            last = max(s.opinion.due_on for s in result.waiting)
            yield Todo(
                last,
                left_until(last, on),
                message("等部门意见，之后确认入库"),
                case.name,
                message("{body}报送", body=case.body.short),
                f"/registrations/{case.pk}/",
                mark("查看"),
            )
        else:
            yield Todo(
                on,
                0,
                message("确认新企业入库"),
                case.name,
                message("{body}报送，意见已齐", body=case.body.short),
                f"/registrations/{case.pk}/",
                mark("确认"),
            )


def _to_complete(person: User) -> Iterator[Todo]:
    own = Registration.objects.filter(
        body__in=person.access.places,
        state__in=[RegistrationState.RETURNED, RegistrationState.DRAFT],
    )
    for case in own.order_by("-state", "id")[:50]:
        returned = case.state == RegistrationState.RETURNED
        yield Todo(
            None,
            None,
            message("补充后重新报送") if returned else message("草稿未报送"),
            case.name,
            message("科技局退回") if returned else message("本单位的报送"),
            f"/registrations/{case.pk}/",
            mark("补充") if returned else mark("继续"),
        )


def _to_answer(person: User, on: date) -> Iterator[Todo]:
    held = [(a.role, a.body_id) for a in person.access.appointments if a.body_id is not None]
    asked = (
        Opinion.objects.filter(
            state=OpinionState.ASKED,
            body__in=[body for _, body in held],
            role__in=[role for role, _ in held],
            consultation__closed_on=None,
        )
        .select_related("consultation__registration", "body", "consultation")
        .prefetch_related("stops")
    )
    for opinion in asked.order_by("due_on", "id")[:50]:
        if (opinion.role, opinion.body_id) not in held:
            continue
        now = standing(opinion, on)
        yield Todo(
            None if now.stopped else opinion.due_on,
            None if now.stopped else now.left,
            message("答复征求意见"),
            opinion.consultation.subject,
            message("征求{body}意见", body=opinion.body.short),
            f"/registrations/{opinion.consultation.registration.pk}/",
            mark("答复"),
        )


def _to_approve(person: User) -> Iterator[Todo]:
    for asked in ExportRequest.objects.filter(state=ExportState.ASKED).exclude(asked_by=person)[
        :50
    ]:
        yield Todo(
            None,
            None,
            message("批准导出{number}行", number=asked.rows),
            asked.purpose,
            message("超过设定的行数"),
            f"/exports/{asked.pk}/",
            mark("审批"),
        )


def _counted(waiting: Iterable[Waiting], on: date) -> Iterator[Todo]:
    """With the working days that are left."""
    for one in waiting:
        left = None
        if one.due_on is not None:
            with suppress(NoCalendar):  # a far limit hides nothing else that waits
                left = left_until(one.due_on, on)
        yield Todo(one.due_on, left, one.what, one.thing, one.why, one.link, one.verb)


def _delegations_ending(person: User, on: date) -> Iterator[Todo]:
    ending = Delegation.objects.filter(
        giver=person,
        revoked_at=None,
        until_on__gte=on,
        until_on__lte=on + timedelta(days=3),
        from_on__lte=on,
    ).select_related("taker")
    for delegation in ending.order_by("until_on", "id")[:20]:
        yield Todo(
            delegation.until_on,
            left_until(delegation.until_on, on),
            message("委托代理将结束"),
            delegation.taker.name,
            message("您给的委托"),
            "/me/",
            mark("查看"),
        )


def _of_administrator(person: User, on: date) -> Iterator[Todo]:
    if person.duty == Duty.SYSTEM:
        for job in Job.objects.filter(state=JobState.FAILED).order_by("-id")[:20]:
            yield Todo(
                None,
                None,
                message("任务失败"),
                job.kind,
                message("系统管理"),
                "/jobs/",
                mark("查看"),
            )
