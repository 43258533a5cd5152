"""Yearly reports of the demo city on their way, and figures that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import cycle
from random import Random

from peiyu.demo.office.days import live_on
from peiyu.demo.office.pasts import Told, Year
from peiyu.demo.office.people import People
from peiyu.office.accounts.actions import add_person
from peiyu.office.accounts.models import Duty, Role, User
from peiyu.office.enterprises.actions import give_mandate
from peiyu.office.enterprises.models import Mandate, MandateKind, Status
from peiyu.office.foundation.days import office_now
from peiyu.office.reports.actions import (
    ask_facts,
    check,
    open_report,
    return_report,
    save_draft,
    submit,
    verify,
)
from peiyu.office.reports.models import ReportState, Statement, Supplier, YearReport, figure_of

LAST = 2018
OF_OWN_PEOPLE = (
    (ReportState.DRAFT, ReportState.RETURNED),
    (ReportState.DRAFT, ReportState.RETURNED),
    (ReportState.RETURNED, ReportState.DRAFT),
    (ReportState.SUBMITTED, ReportState.RETURNED),
    (ReportState.CHECKED, ReportState.RETURNED),
    (ReportState.VERIFIED, ReportState.DRAFT),
)
"""How far the reports of the last year and of the one before are, where people of its own log in."""
KEPT_BOOKS, BOOKKEEPER = 24, "bookkeeper"
"""A bookkeeper fills in for so many others."""
OF_BOOKKEEPER = (
    ReportState.SUBMITTED, ReportState.CHECKED, ReportState.SUBMITTED, ReportState.VERIFIED,
    ReportState.RETURNED, ReportState.CHECKED, ReportState.DRAFT,
)  # fmt: skip
HANDED_IN = {2017: date(2018, 5, 10), LAST: date(2019, 4, 22)}
GIVEN_BACK = {2017: date(2018, 5, 22), LAST: date(2019, 5, 16)}
CHECKED_ON, VERIFIED_ON = date(2019, 5, 13), date(2019, 5, 24)
REASONS = (
    "研发费用与专项审计报告不一致，请核对后重报",
    "职工人数未按全年月平均填报，请按花名册重算",
    "销售收入疑似按万元填写，请核对单位",
)
FOUND = ("sales_revenue", "net_assets", "rd_total", "staff_average")
"""What a town looks at."""
WANTED = (
    "rd_total", "st_staff_average", "ht_income", "net_assets", "staff_average", "total_income",
    "sales_revenue",
)  # fmt: skip
REQUESTS, OVERDUE = 12, 5
SUPPLIERS = {"staff_average": Supplier.STATISTICS, "sales_revenue": Supplier.TAX}


@dataclass(frozen=True, slots=True)
class Report:
    """A report to be: on which year, how far it goes, and who fills it in."""

    told: Told
    year: int
    state: ReportState
    who: User

    @property
    def figures(self) -> Year:
        """What it will say."""
        return self.told.years.get(self.year, {})


def chosen(told: Sequence[Told], people: People) -> list[Report]:
    """Who reports: those with people of their own, and some for whom a bookkeeper does."""
    owners = {
        mandate.enterprise_id: mandate.person
        for mandate in Mandate.objects.filter(kind=MandateKind.OWNER).select_related("person")
    }
    own = [one for one in told if one.enterprise.pk in owners]
    found = [
        Report(one, year, state if year in one.years else ReportState.DRAFT, owners[one.enterprise.pk])
        for one, states in zip(own, OF_OWN_PEOPLE, strict=False)
        for year, state in zip((LAST, LAST - 1), states, strict=True)
    ]  # fmt: skip
    able = [
        one
        for one in told
        if one.enterprise.pk not in owners
        and one.place in people.of_place
        and one.enterprise.status == Status.ACTIVE
        and {"sales_revenue", "net_assets", "rd_total"} <= one.years.get(LAST, {}).keys()
    ]
    bookkeeper = _bookkeeper(people)
    states = cycle(OF_BOOKKEEPER)
    for one in able[:: len(able) // KEPT_BOOKS][:KEPT_BOOKS]:
        give_mandate(
            one.enterprise, person=bookkeeper, kind=MandateKind.ACCOUNTANT,
            from_on=date(2019, 3, 1), actor=people.first(Role.BUREAU_OFFICER),
        )  # fmt: skip
        found.append(Report(one, LAST, next(states), bookkeeper))
    return found


def _bookkeeper(people: People) -> User:
    live_on(date(2019, 3, 1))
    person, _ = add_person(
        actor=people.security, username=BOOKKEEPER, name="翟会计", duty=Duty.ENTERPRISE,
        on=date(2019, 3, 1),
    )  # fmt: skip
    return person


def report(reports: Sequence[Report], people: People) -> None:
    """Fill in, hand in, give back, check and verify, each on its day."""
    begun: dict[tuple[int, int], YearReport] = {}
    for year, day in sorted(HANDED_IN.items()):
        live_on(day)
        own = [one for one in reports if one.year == year]
        here = {person.pk: _today(person) for person in {one.who for one in own}}
        for at, one in enumerate(own):
            begun[one.told.enterprise.pk, year] = _filled_in(one, at, here[one.who.pk], day)
        live_on(GIVEN_BACK[year])
        for at, one in enumerate(one for one in own if one.state == ReportState.RETURNED):
            held = begun[one.told.enterprise.pk, year]
            by = _today(_looks_at(one, people))
            return_report(held, reason=REASONS[at % len(REASONS)], at=office_now(), actor=by)
    checked = (ReportState.CHECKED, ReportState.VERIFIED)
    live_on(CHECKED_ON)
    for one in (one for one in reports if one.state in checked):
        held = begun[one.told.enterprise.pk, one.year]
        if one.told.place in people.of_place:
            figures = {n: figure_of(v) for n, v in one.figures.items() if n in FOUND}
            by = _today(people.of_place[one.told.place])
            check(held, figures=figures, note="与报表核对一致", on=CHECKED_ON, actor=by)
    live_on(VERIFIED_ON)
    officer = _today(people.first(Role.BUREAU_OFFICER))
    for one in (one for one in reports if one.state == ReportState.VERIFIED):
        held = YearReport.objects.get(pk=begun[one.told.enterprise.pk, one.year].pk)
        stated = {name: figure_of(value) for name, value in one.figures.items()}
        verify(held, figures=stated, note="", on=VERIFIED_ON, actor=officer)


def _filled_in(one: Report, at: int, who: User, on: date) -> YearReport:
    """Opened and typed; handed in unless it stays a draft."""
    held = open_report(one.told.enterprise, year=one.year, actor=who)
    texts = {name: text_of(name, value, at) for name, value in one.figures.items()}
    if one.state == ReportState.DRAFT:
        texts = dict(list(texts.items())[: 2 + at % 3])
        texts["staff_average"] = "约300" if at % 2 else ""
    held = save_draft(held, texts=texts, saved=0, actor=who)
    return held if one.state == ReportState.DRAFT else submit(held, on=on, actor=who)


def text_of(name: str, value: int, at: int) -> str:
    """A figure as one types it: plain, with commas, or in 万元."""
    figure = Decimal(value) / 100
    if name.endswith("staff_average") or at % 3 == 0:
        return f"{figure.normalize():f}"
    if at % 3 == 1 and value % 10**6 == 0:
        return f"{value // 10**6}万元"
    return f"{figure:,}"


def _looks_at(one: Report, people: People) -> User:
    return people.of_place.get(one.told.place) or people.first(Role.BUREAU_OFFICER)


def _today(person: User) -> User:
    """The person with the rights of the day."""
    return User.objects.get(pk=person.pk)


def ask(told: Sequence[Told], people: People, random: Random) -> None:
    """Ask for figures of the last year that nobody stated; some should have come by now."""
    stated: dict[int, set[str]] = {}
    for row in Statement.objects.filter(year=LAST):
        stated.setdefault(row.enterprise_id, set()).update(row.stated())
    with_people = set(Mandate.objects.values_list("enterprise", flat=True))
    lacking = [
        (one, [name for name in WANTED if name not in stated.get(one.enterprise.pk, ())])
        for one in told
        if one.enterprise.status == Status.ACTIVE and one.place in people.of_place
    ]
    able = sorted(
        (pair for pair in lacking if pair[1]),
        key=lambda pair: pair[0].enterprise.pk not in with_people,
    )
    for at, (one, names) in enumerate(_spread(able, random)):
        on = date(2019, 5, 6) if at < OVERDUE else date(2019, 6, 10)
        live_on(on)
        supplier = _supplier(names, at)
        asker = people.of_place[one.place] if at % 3 == 1 else people.first(Role.BUREAU_OFFICER)
        if supplier in SUPPLIERS.values():
            names = [name for name in names if SUPPLIERS.get(name) == supplier]
        due = date(2019, 5, 31) if at < OVERDUE else date(2019, 6, 21)
        ask_facts(
            one.enterprise, year=LAST, figures=names[:3], supplier=supplier,
            due_on=due.replace(day=due.day - at % 4), words="评审摸底要用，请尽快补报" if at % 2 else "",
            on=on, at=office_now(), actor=_today(asker),
        )  # fmt: skip


def _spread(
    able: Sequence[tuple[Told, list[str]]], random: Random
) -> Iterable[tuple[Told, list[str]]]:
    """A few of those with people who log in, then any."""
    first = list(able[:4])
    return [*first, *random.sample(able[4:], REQUESTS - len(first))]


def _supplier(names: Sequence[str], at: int) -> Supplier:
    """Tax and statistics where what they know is missing, else the enterprise or its town."""
    if at % 3 == 2:
        for name in names:
            if name in SUPPLIERS:
                return SUPPLIERS[name]
    return Supplier.BODY if at % 4 == 3 else Supplier.ENTERPRISE
