"""What waits for a person about certificates: what lapses, annual reports, changes to be reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Min

from peiyu.office.accounts.models import User
from peiyu.office.desk.waiting import Waiting
from peiyu.office.enterprises.permissions import is_bureau
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.duties import changes_to_report, numbers_of, owing
from peiyu.office.qualifications.models import FIRST_YEAR
from peiyu.office.qualifications.queries import (
    alarms,
    closed_yet_counted,
    ends_within,
    expiring_rows,
)
from peiyu.policy.hnte_certificate import Filed, duties_on, report_due_on
from peiyu.words import mark, message

MOST = 50
URGED = timedelta(days=31)
"""So long before its day the annual report is asked for."""
AT = "/certificates/"


def waiting_qualifications(person: User, on: date) -> Iterator[Waiting]:
    """All of it for the bureau and for towns and zones; the same number of queries at any size."""
    bureau = is_bureau(person)
    if not bureau and not person.access.places:
        return
    yield from _lapsing(person, on)
    yield from _reports(person, on, bureau=bureau)
    yield from _changes(person, on, bureau=bureau)
    if bureau:
        yield from _closed(person, on)


def _lapsing(person: User, on: date) -> Iterator[Waiting]:
    """Those that have just reached an alarm, and all within the last."""
    steps = alarms(values_on(on))
    rows = expiring_rows(on, steps[0], person=person).order_by()
    within = {step: ends_within(step, on, fresh=step != steps[-1]) for step in steps}
    wanted = {f"n{step}": Count("pk", filter=within[step]) for step in steps}
    firsts = {f"d{step}": Min("last_on", filter=within[step]) for step in steps}
    found = rows.aggregate(**wanted, **firsts)
    for step in reversed(steps):
        number, first = found[f"n{step}"], found[f"d{step}"]
        if not number:
            continue
        last = step == steps[-1]
        yield Waiting(
            first if last else None,
            message("{months}个月内到期的证书，催办重新认定", months=step) if last
            else message("证书{months}个月后到期，提醒筹备重新认定", months=step),
            message("{number}家企业", number=number),
            message("最早{day}到期", day=first.isoformat()),
            f"{AT}expiry/?within={step}" + ("" if last else "&fresh=1"),
            mark("查看"),
        )  # fmt: skip


def _reports(person: User, on: date, *, bureau: bool) -> Iterator[Waiting]:
    """The report on last year: before its day to be urged, after it to be found out."""
    year = on.year - 1
    if year < FIRST_YEAR:
        return
    due_on = report_due_on(year)
    if on < due_on - URGED:
        return
    duties = duties_on(on)
    numbers = numbers_of(owing(year, on, person), year, on)
    at = f"{AT}reports/?year={year}&state="
    if number := numbers[Filed.TO_COME]:
        yield Waiting(
            due_on,
            message("催报{year}年度年报，{number}家还没有登记填报", year=year, number=number),
            message("{number}家企业", number=number),
            message(
                "高新技术企业每年{month}月{day}日前填报（M13）",
                month=duties.report_month,
                day=duties.report_day,
            ),
            f"{at}{Filed.TO_COME}",
            mark("催报"),
        )
    if number := numbers[Filed.UNKNOWN]:
        yield Waiting(
            None,
            message("核实{year}年度年报，{number}家期限已过没有登记", year=year, number=number),
            message("{number}家企业", number=number),
            message("累计{years}年未按时填报的取消资格（M19）", years=duties.missing),
            f"{at}{Filed.UNKNOWN}",
            mark("核实") if bureau else mark("问企业"),
        )


def _changes(person: User, on: date, *, bureau: bool) -> Iterator[Waiting]:
    for one in changes_to_report(on, person, MOST):
        yield Waiting(
            one.due_on,
            message(
                "催报{kind}，{months}个月内报告认定机构",
                kind=message(one.kind.label),
                months=duties_on(on).change_months,
            ),
            one.enterprise.name,
            message("{day}发生，没有登记报告（M17）", day=one.happened_on.isoformat()),
            f"/enterprises/{one.enterprise.pk}/qualifications/",
            mark("登记") if bureau else mark("查看"),
        )


def _closed(person: User, on: date) -> Iterator[Waiting]:
    if number := closed_yet_counted(on, person).count():
        yield Waiting(
            None,
            message("{number}家已注销或迁出的企业，证书还在计入", number=number),
            message("{number}家企业", number=number),
            message("登记终止、迁出，或更正企业状态"),
            f"{AT}stock/",
            mark("核对"),
        )
