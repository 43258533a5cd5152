"""What goes with certificates in the demo city: numbers of technology SMEs, titles, reports, the goals' series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from peiyu.demo.office import lists
from peiyu.demo.office.certificates import C2, d, number_of
from peiyu.demo.office.days import live_on
from peiyu.demo.office.people import People
from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.models import Enterprise, Mandate, MandateKind, Status
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.sources import of_document, of_person
from peiyu.office.goals.actions import state_share
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.duties import changes_of, owing
from peiyu.office.qualifications.lists import Outcome, lines_of, take_list
from peiyu.office.qualifications.models import (
    Certificate,
    ChangeKind,
    EventKind,
    TechSmeNumber,
    TitleKind,
    TitleLevel,
)
from peiyu.office.reports.models import ListKind, PublishedList
from peiyu.policy.hnte_certificate import report_due_on

NUMBERED_ON, NUMBERED, STRUCK_ON = d("2018-07-30"), 45, d("2018-11-08")
TAKEN_ON, LEFT_OPEN = d("2019-05-10"), 6
"""When numbers were made of the list of 2019, and how many of its entries still wait for it."""
FILED = ((2017, d("2018-06-12")), (2018, d("2019-06-05")))
"""Of which year the reports are, and when the bureau entered what the recognition body gave out."""
LATE, MISSED, UNTOLD = (3, 11), (7,), (0, 5, 9, 14, 16)
"""Which of those who owe a report filed late, did not file, of which nothing is known (2018 alone)."""
WAITING = 1
"""Whose people still have to say when they filed."""
TITLED_ON = d("2018-10-22")
TITLES = (
    (TitleKind.LITTLE_GIANT_CULTIVATED, TitleLevel.PROVINCE, d("2017-12-15"), d("2020-12-14"), 4),
    (TitleKind.LITTLE_GIANT, TitleLevel.PROVINCE, d("2018-09-28"), d("2021-09-27"), 2),
    (TitleKind.TECHNOLOGY_CENTRE, TitleLevel.PROVINCE, d("2015-11-06"), None, 3),
    (TitleKind.TECHNOLOGY_CENTRE, TitleLevel.CITY, d("2016-08-19"), None, 5),
    (TitleKind.ENGINEERING_CENTRE, TitleLevel.CITY, d("2017-06-30"), None, 6),
    (TitleKind.SPECIALISED, TitleLevel.PROVINCE, d("2018-08-24"), d("2021-08-23"), 3),
    (TitleKind.IP_ENTERPRISE, TitleLevel.PROVINCE, d("2015-12-10"), d("2018-12-09"), 2),
)
"""Title, level, awarded, until, how many."""
RESERVE, RESERVED_ON = 12, d("2018-09-20")
ANNOUNCED, ANNOUNCED_ON, ENTERED_ON = (
    "河南省2018年第二批高新技术企业名单",
    d("2018-12-14"),
    d("2019-06-14"),
)
SHARES = (
    (2017, 12, 984_320, 2_763_800, d("2018-03-20"), ""), (2018, 6, 501_600, 1_382_400, d("2018-08-16"), ""),
    (2018, 12, 1_038_900, 2_840_200, d("2019-02-21"), ""),
    (2018, 12, 1_045_200, 2_840_200, d("2019-04-10"), "按全年快报修正数更正"),
    (2019, 3, 258_900, 700_800, d("2019-04-22"), ""), (2019, 5, 443_700, 1_192_100, d("2019-06-13"), ""),
)  # fmt: skip
"""Year, until the end of which month, both sums in 万元, when they were stated, and why again."""
WAN = 10_000


def fill(found: Sequence[Enterprise], people: People, on: date, seed: int) -> None:
    """All of it, each on its day."""
    random = Random(f"{seed} qualifications")
    firms = Enterprise.objects.in_bulk([one.pk for one in found])
    able = [one for one in firms.values() if one.status == Status.ACTIVE]
    _number(able, people, random)
    _title(able, people, random)
    _report_changes(people, on)
    _file_reports(people, found[WAITING])
    _announce(able, people)
    _state_shares(people)
    live_on(on)


def _today(person: User) -> User:
    """The person with the rights of the day."""
    return User.objects.get(pk=person.pk)


def _paper(title: str, on: date, actor: User, number: str = "") -> Source:
    return of_document(title, number=number, dated_on=on, actor=actor)


def _number(able: Sequence[Enterprise], people: People, random: Random) -> None:
    """Numbers of 2018 one by one; those of 2019 from the published list, a few of them still to be taken."""
    live_on(NUMBERED_ON)
    officer = _today(people.first(Role.BUREAU_OFFICER))
    source = _paper(
        "2018年河南省第二批入库科技型中小企业名单", NUMBERED_ON, officer, "豫科企〔2018〕6号"
    )
    for place, one in enumerate(random.sample(list(able), NUMBERED), start=1):
        actions.enter_tech_sme(
            one, number=f"20184190010{place:07d}", issued_on=NUMBERED_ON - timedelta(days=6),
            source=source, on=NUMBERED_ON, actor=officer,
        )  # fmt: skip
    live_on(STRUCK_ON)
    struck = TechSmeNumber.objects.select_related("enterprise").order_by("pk")[NUMBERED // 2]
    actions.revoke_tech_sme(
        struck, revoked_on=STRUCK_ON, reason="抽查发现职工人数填报不实（第十四条）", on=STRUCK_ON,
        actor=_today(officer),
    )  # fmt: skip
    live_on(TAKEN_ON)
    published = PublishedList.objects.get(kind=ListKind.TECH_SME)
    new = [
        line.listed.place
        for line in lines_of(published, None, TAKEN_ON)
        if line.outcome is Outcome.NEW
    ]
    take_list(
        published, chosen=new[:-LEFT_OPEN], issued_on=None, on=TAKEN_ON, actor=_today(officer)
    )


def _title(able: Sequence[Enterprise], people: People, random: Random) -> None:
    live_on(TITLED_ON)
    officer = _today(people.first(Role.BUREAU_OFFICER))
    source = _paper("企业称号登记表", TITLED_ON, officer)
    certified = [one for one in able if one.certificates.filter(withdrawn_on=None).exists()]
    serials = count(1)
    for kind, level, awarded_on, ends_on, number in TITLES:
        for one in random.sample(certified, number):
            actions.enter_title(
                one, kind=kind, level=level, awarded_on=awarded_on, ends_on=ends_on, source=source,
                number=f"JY{awarded_on.year}-{next(serials):03d}", on=TITLED_ON, actor=officer,
            )  # fmt: skip
    reserve = [one for one in able if one not in certified]
    for one in random.sample(reserve, RESERVE):
        actions.enter_title(
            one, kind=TitleKind.RESERVE, level=TitleLevel.PROVINCE, awarded_on=RESERVED_ON,
            source=source, on=TITLED_ON, actor=officer,
        )  # fmt: skip


def _report_changes(people: People, on: date) -> None:
    """Of the changes to be reported the first was, with a new paper; the second was late; others are not."""
    holders = Enterprise.objects.filter(certificates__withdrawn_on=None).distinct().order_by("pk")
    open_ = [one for one in changes_of(holders, d("2017-01-01"), on) if one.reported_on is None]
    for late, one in zip(
        (False, True), sorted(open_, key=lambda one: one.happened_on), strict=False
    ):
        reported = one.due_on + timedelta(days=20) if late else one.happened_on + timedelta(days=30)
        day = max(d("2018-03-28"), min(reported + timedelta(days=5), on))
        live_on(day)
        officer = _today(people.first(Role.BUREAU_OFFICER))
        source = _paper("更名和重大变化报告", min(reported, day), officer)
        actions.report_change(
            one.enterprise, kind=one.kind, happened_on=one.happened_on,
            reported_on=min(reported, day), words="已在认定工作网提交", source=source, on=day,
            actor=officer,
        )  # fmt: skip
        held = Certificate.objects.standing().filter(enterprise=one.enterprise).latest("issued_on")
        if not late and one.kind == ChangeKind.RENAMED and held.gone_from is None:
            actions.add_event(
                held, kind=EventKind.RENAMED, happened_on=min(reported, day), name=one.said,
                source=source, on=day, actor=officer, words="更名换证，编号不变",
            )  # fmt: skip


def _file_reports(people: People, waiting: Enterprise) -> None:
    owners = dict(
        Mandate.objects.filter(kind=MandateKind.OWNER, revoked_on=None).values_list(
            "enterprise", "person"
        )
    )
    for year, known_on in FILED:
        due_on = report_due_on(year)
        live_on(known_on)
        officer = _today(people.first(Role.BUREAU_OFFICER))
        title = f"{year}年度高新技术企业发展情况报表填报名单"
        source = _paper(title, known_on, officer)
        rows = owing(year, known_on).select_related("enterprise").order_by("pk")
        for at, row in enumerate(rows):
            untold = at in UNTOLD or row.enterprise_id == waiting.pk
            if (untold and year == FILED[-1][0]) or row.enterprise.status == Status.MERGED:
                continue
            filed_on: date | None = due_on - timedelta(days=3 + at * 2 % 40)
            if at in LATE:
                filed_on = due_on + timedelta(days=4)
            if at in MISSED:
                filed_on = None
            actor, said = officer, source
            if row.enterprise_id in owners and filed_on is not None and year == FILED[-1][0]:
                actor = User.objects.get(pk=owners[row.enterprise_id])
                said = of_person(actor, title, actor=actor, dated_on=known_on)
            actions.file_annual_report(
                row.enterprise, year=year, filed_on=filed_on, source=said, on=known_on, actor=actor
            )


def _announce(able: Sequence[Enterprise], people: People) -> None:
    """A list of recognised ones that was just brought: most are entered already, two are not."""
    live_on(ENTERED_ON)
    lists.publish(
        ListKind.HNTE, ANNOUNCED, "豫高企〔2018〕12号", ANNOUNCED_ON, list(_announced(able)), people
    )


def _announced(able: Sequence[Enterprise]) -> Iterator[lists.Entry]:
    known = Certificate.objects.standing().filter(issued_on=C2).select_related("enterprise")
    for at, one in enumerate(known.order_by("number")):
        number = number_of(C2.year, 901_999) if at == 1 else one.number
        yield one.enterprise.name, one.enterprise, number
    without = [one for one in able if not one.certificates.exists()]
    for at, new in enumerate(without[-2:]):
        yield new.name, new, number_of(C2.year, 901_001 + at)
    yield "济源柽鸺信息技术有限公司", None, number_of(C2.year, 901_003)
    yield "焦作椴鹞智能装备有限公司", None, number_of(C2.year, 901_004)


def _state_shares(people: People) -> None:
    stated: dict[tuple[int, int], int] = {}
    for year, month, part, whole, day, reason in SHARES:
        live_on(day)
        actor = _today(people.first(Role.STATISTICS))
        source = _paper(f"济源市{year}年1～{month}月规上工业增加值统计", day, actor)
        made = state_share(
            year=year, month=month, part=Decimal(part * WAN), whole=Decimal(whole * WAN),
            source=source, on=day, actor=actor, reason=reason, seen=stated.get((year, month), 0),
        )  # fmt: skip
        stated[year, month] = made.version
