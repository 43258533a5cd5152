"""What waits for a person about evidence: explanations, fees, vacancies, contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Min

from peiyu.office.accounts.models import Role, User
from peiyu.office.desk.waiting import Waiting
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.policies.programme import value_of
from peiyu.office.portfolio.flags import Standing, flags_of, remarks_of
from peiyu.office.portfolio.loading import held_of
from peiyu.office.portfolio.models import ContactSide, IpContact, Remark, RemarkKind
from peiyu.office.portfolio.queries import fees_due, flagged, rights_in_force, vacancies
from peiyu.policy.patents import fee_due_on
from peiyu.words import mark, message

MOST = 50
AT_EVIDENCE = "/evidence/"


def waiting_evidence(person: User, on: date) -> Iterator[Waiting]:
    """All of it for one person; the same number of queries at any size."""
    access = person.access
    yield from _asked(person, on)
    if access.is_official:
        yield from _fees(person, on)
    if access.has(Role.IP_OFFICE) or access.places:
        yield from _vacant(person)
    if access.has(Role.COACH):
        yield from _contradictory(person)


def _asked(person: User, on: date) -> Iterator[Waiting]:
    """What this person asked enterprises about: answers to look at, and those that are late."""
    asked = Remark.objects.filter(said_by=person, kind=RemarkKind.ASKED, withdrawn_on=None)
    keys = list(asked.order_by("due_on", "id").values_list("enterprise", flat=True)[:MOST])
    if not keys:
        return
    firms = Enterprise.objects.in_bulk(keys)
    said = remarks_of(firms)
    for key, held in held_of(firms.values(), on=on).items():
        for flag in flags_of(held, said.get(key, ()), on):
            if not any(one.said_by_id == person.pk for one in flag.remarks):
                continue
            if flag.standing is Standing.EXPLAINED:
                what, verb, due = message("核对企业的说明"), mark("核对"), None
            elif flag.standing is Standing.LATE:
                what, verb = message("企业逾期未说明，请催办"), mark("催办")
                due = next((one.due_on for one in reversed(flag.remarks) if one.due_on), None)
            else:
                continue
            yield Waiting(due, what, firms[key].name, flag.finding.said, _at(key), verb)


def _fees(person: User, on: date) -> Iterator[Waiting]:
    """Annual fees of rights about which this person is to be asked."""
    sitting = IpContact.objects.filter(side=ContactSide.OFFICE, until_on=None, person=person)
    days = int(value_of("ip_fee_days", on))
    rights = rights_in_force(person, on).filter(
        fees_due(on, days), enterprise__in=sitting.values("enterprise")
    )
    found = rights.order_by().aggregate(
        number=Count("pk"), firms=Count("enterprise", distinct=True), first=Min("fees_paid_to")
    )
    if found["number"]:
        yield Waiting(
            fee_due_on(found["first"]),
            message("提醒{number}件知识产权缴年费", number=found["number"]),
            message("{number}家企业", number=found["firms"]),
            message("您是主管部门的知识产权联系人"),
            f"{AT_EVIDENCE}rights/?state=due&sort=fees_paid_to",
            mark("查看"),
        )


def _vacant(person: User) -> Iterator[Waiting]:
    if number := vacancies(person).count():
        yield Waiting(
            None,
            message("定知识产权联系人，{number}家空缺", number=number),
            message("{number}家企业", number=number),
            message("两边都要有专人"),
            f"{AT_EVIDENCE}contacts/?vacant=on",
            mark("定人"),
        )


def _contradictory(person: User) -> Iterator[Waiting]:
    """Enterprises that this person coaches, with flags on which a hard condition hangs."""
    if number := flagged(person).filter(severe__gt=0).count():
        yield Waiting(
            None,
            message("核对证据链，{number}家有关系硬指标的提示", number=number),
            message("{number}家企业", number=number),
            message("您辅导的企业"),
            AT_EVIDENCE,
            mark("核对"),
        )


def _at(enterprise: int) -> str:
    return f"/enterprises/{enterprise}/evidence/"
