"""What an enterprise's people see of its certificates and of what they oblige to; reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.duties import (
    REMEMBERED,
    Change,
    ReportLine,
    changes_of,
    filed_of,
    owing,
    reports_of,
)
from peiyu.office.qualifications.listing import AsOf, State, lines_of, months_left, state_of
from peiyu.office.qualifications.models import FIRST_YEAR, Certificate, TechSmeNumber, Title
from peiyu.office.qualifications.permissions import may_file, may_read_reports, reports_open_to
from peiyu.office.qualifications.queries import alarms, expiring_rows
from peiyu.policy.hnte_certificate import Duties, Filed, Missed, duties_on, report_due_on
from peiyu.policy.months import months_between
from peiyu.policy.tech_sme_number import parse, update_due
from peiyu.words import Message, mark, message

SHAPES = {
    State.IN_FORCE: ("met", mark("有效")),
    State.EXPIRING: ("unk", mark("将到期")),
    State.EXPIRED: ("na", mark("已到期")),
    State.GONE: ("bad", mark("已取消或终止")),
    State.ELSEWHERE: ("na", mark("不在本市")),
}
FILED = {
    Filed.IN_TIME: ("met", mark("已按时填报")),
    Filed.LATE: ("late", mark("逾期补报")),
    Filed.NOT_FILED: ("bad", mark("没有填报")),
    Filed.UNKNOWN: ("late", mark("期限已过，请登记填报日期")),
    Filed.TO_COME: ("go", mark("待填报")),
}
"""How something stands: shape and plain word."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate: how it stands, how many months are left, what to do about it."""

    line: Any
    shape: str
    state: str
    left: int | None
    advice: Message | None


@dataclass(frozen=True, slots=True)
class Reported:
    """The annual report on a year; `files`: the reader says when it was filed."""

    line: ReportLine
    shape: str
    state: str
    files: bool


@dataclass(frozen=True, slots=True)
class Given:
    """Something else that was given: what, until when, whether that is over."""

    label: str
    number: str
    until: date | None
    over: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All of it for one enterprise."""

    held: tuple[Held, ...]
    reports: tuple[Reported, ...]
    missed: Missed | None
    changes: tuple[Change, ...]
    given: tuple[Given, ...]
    reads_reports: bool
    duties: Duties


def page_of(person: User, enterprise: Enterprise, on: date) -> Page:
    """Certificates, duties, numbers and titles of an enterprise, as far as the reader may see them."""
    day = AsOf(on, values_on(on))
    rows = Certificate.objects.standing().filter(enterprise=enterprise).order_by("-issued_on")
    held = tuple(_held(line, day) for line in lines_of(rows, day))
    reads, files = may_read_reports(person, enterprise), may_file(person, enterprise)
    validities = reports_of(enterprise, on) if reads else []
    return Page(
        held,
        tuple(_reported(line, files=files) for one in validities for line in one.lines),
        validities[0].missed if validities else None,
        tuple(changes_of([enterprise], on - REMEMBERED, on)) if reads else (),
        tuple(_given(enterprise, on)),
        reads,
        duties_on(on),
    )


def _held(line: Any, day: AsOf) -> Held:
    state = state_of(line, day)
    left = months_left(line, day)
    advice = None
    if state is State.EXPIRING and left is not None:
        steps = alarms(day.readings)
        advice = (
            message("到期前要重新认定，请按年度申报通知准备材料，和科技局经办联系")
            if left < steps[-1]
            else message("重新认定要用没有用过的知识产权，准备期长，请现在开始准备")
        )
    shape, word = SHAPES[state]
    return Held(line, shape, word, left, advice)


def _reported(line: ReportLine, *, files: bool) -> Reported:
    shape, word = FILED[line.filed]
    return Reported(line, shape, word, files)


def _given(enterprise: Enterprise, on: date) -> Iterable[Given]:
    for row in TechSmeNumber.objects.standing().filter(enterprise=enterprise, revoked_on=None):
        until = update_due(parse(row.number))
        yield Given(mark("科技型中小企业"), row.number, until, until < on)
    for title in Title.objects.standing().filter(enterprise=enterprise, revoked_on=None):
        over = title.ends_on is not None and title.ends_on < on
        yield Given(title.get_kind_display(), title.number, title.ends_on, over)


def dues_of(person: User, enterprises: Sequence[Enterprise], on: date) -> dict[int, list[Message]]:
    """What each of these has to do about its certificate now; three queries for any number."""
    found: dict[int, list[Message]] = {}
    keys = [one.pk for one in enterprises]
    year = on.year - 1
    if not keys or year < FIRST_YEAR:
        return found
    due_on = report_due_on(year)
    for row in owing(year, on).filter(enterprise__in=reports_open_to(person).filter(pk__in=keys)):
        stands = filed_of(row, year, on)
        if stands in (Filed.TO_COME, Filed.UNKNOWN):
            text = (
                "{year}年度年报请在{day}前填报"
                if stands is Filed.TO_COME
                else "{year}年度年报的期限是{day}，请登记填报日期"
            )
            said = message(text, year=year, day=due_on.isoformat())
            found.setdefault(row.enterprise_id, []).append(said)
    steps = alarms(values_on(on))
    for row in expiring_rows(on, steps[0]).filter(enterprise__in=keys).order_by("last_on"):
        text = "高企证书{day}到期，还有{months}个月，请准备重新认定"
        months = months_between(on, row.last_on)
        said = message(text, day=row.last_on.isoformat(), months=months)
        found.setdefault(row.enterprise_id, []).append(said)
    return found
