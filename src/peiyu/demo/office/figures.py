"""Seven fiscal years of figures for the enterprises of the demo city, on every basis.

The office works since 2018: the years until 2016 it took over from its first survey, each on a day
of its own; those of 2017 and 2018 came in spring and summer of the year after.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from peiyu.demo.city import City, Firm
from peiyu.demo.office import lists, months, reporting
from peiyu.demo.office.days import live_on
from peiyu.demo.office.pasts import Told, Year, of_audit, of_tax_return, years_of
from peiyu.demo.office.people import People
from peiyu.demo.stories import ORDINARY
from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports.actions.statements import Place, Wanted, state_all
from peiyu.office.reports.models import Basis, Statement, figure_of

AT_ONCE = 500
SURVEYED_ON = date(2018, 3, 20)
"""When the figures of 2016 were taken over; those of each year before a week later."""
LIVED = 2017
"""The first year of which the figures came in while the office was at work."""
COMING_IN = {
    Basis.DECLARED: ((4, 16), (5, 14), (6, 3)),
    Basis.CHECKED: ((5, 27),),
    Basis.AUDITED: ((5, 20),),
    Basis.TAX_RETURN: ((6, 10),),
    Basis.VERIFIED: ((6, 12),),
}
"""Month and day on which figures come in, in the year after."""
TITLES = {
    Basis.DECLARED: "{year}年度企业年报汇总表",
    Basis.CHECKED: "{year}年度镇（园区）核对表",
    Basis.AUDITED: "{year}年度审计报告摘要",
    Basis.TAX_RETURN: "{year}年度汇算清缴数据（税务部门提供）",
    Basis.VERIFIED: "{year}年认定材料核定表",
}
CONTRADICTIONS, CORRECTIONS, CHECKED = 25, 30, 20
RECOGNISED, JUDGED = "renewing", (2013, 2014, 2015)
"""Who was recognised three years ago, and by the figures of which years."""
MISTAKES = (
    (10, "原数多写了一个零，按审计报告更正"),
    (2, "原数把合并报表当成单户报表，更正为单户数"),
    (3, "单位看错，企业来函更正"),
)
"""How many times too much was first written, and why it was corrected."""


@dataclass(frozen=True, slots=True)
class Line:
    """What comes in on a day."""

    on: date
    year: int
    basis: Basis
    told: Told
    figures: Year
    reason: str = ""


def fill(drawn: City, found: Sequence[Enterprise], people: People) -> list[Told]:
    """State all figures, then let reports, requests, months and a published list follow."""
    now = Enterprise.objects.select_related("body").in_bulk([one.pk for one in found])
    told = [
        _told(drawn, firm, now[one.pk]) for firm, one in zip(drawn.firms, found, strict=True)
    ]  # fmt: skip
    random = Random(f"{drawn.seed} figures")
    reported = reporting.chosen(told, people)
    busy = {report.told.enterprise.pk for report in reported}
    _make_mistakes([one for one in told if one.enterprise.pk not in busy], random)
    lines = [*_lines(told, reported, people.of_place), *_contradictions(told, random, busy)]
    _state(lines, people)
    reporting.report(reported, people)
    months.fill(drawn, told, people)
    lists.fill(told, people, random)
    reporting.ask(told, people, random)
    live_on(drawn.on)
    return told


def _told(drawn: City, firm: Firm, enterprise: Enterprise) -> Told:
    own = Random(f"{drawn.seed} figures {firm.code}")
    years = years_of(firm, drawn.on, own)
    if enterprise.status != Status.ACTIVE:
        years.pop(drawn.on.year - 1, None)
    return Told(firm, enterprise, years, own)


def _make_mistakes(told: Sequence[Told], random: Random) -> None:
    """First something wrong was stated, of a year of which sales are known."""
    able = [one for one in told if any("sales_revenue" in one.years[year] for year in one.years)]
    for one in random.sample(able, CORRECTIONS):
        year = random.choice([y for y, figures in one.years.items() if "sales_revenue" in figures])
        times, reason = random.choice(MISTAKES)
        wrong = one.years[year]["sales_revenue"] * times
        one.corrected[year] = {**one.years[year], "sales_revenue": wrong}, reason


def _lines(
    told: Sequence[Told], reported: Iterable[reporting.Report], places: Container[str]
) -> Iterable[Line]:
    """What comes in as it should; what is declared by a report of its own comes with that."""
    own = {(report.told.enterprise.pk, report.year) for report in reported}
    for at, one in enumerate(told):
        audited, taxed = not one.own.randrange(3), bool(one.own.randrange(2))
        for year, figures in one.years.items():
            if (one.enterprise.pk, year) not in own:
                yield from _declared(one, year, figures, at)
            if audited and one.own.randrange(8):
                yield Line(_day(year, Basis.AUDITED), year, Basis.AUDITED, one, of_audit(figures))
            if taxed:
                said = of_tax_return(figures, one.own)
                yield Line(_day(year, Basis.TAX_RETURN), year, Basis.TAX_RETURN, one, said)
            if one.firm.story.name == RECOGNISED and year in JUDGED:
                yield Line(_day(year, Basis.VERIFIED), year, Basis.VERIFIED, one, figures)
            if year == LIVED and at % (len(told) // CHECKED) == 0 and one.place in places:
                yield Line(_day(year, Basis.CHECKED), year, Basis.CHECKED, one, figures)


def _declared(one: Told, year: int, figures: Year, at: int) -> Iterable[Line]:
    """The declared figures; where a mistake was made, first the mistake, then what is right."""
    day = _day(year, Basis.DECLARED, at)
    if year not in one.corrected:
        yield Line(day, year, Basis.DECLARED, one, figures)
        return
    wrong, reason = one.corrected[year]
    yield Line(day, year, Basis.DECLARED, one, wrong)
    right = {"sales_revenue": figures["sales_revenue"]}
    later = date(2019, 6, 13) if year > LIVED else day + timedelta(days=90 + at % 30)
    yield Line(later, year, Basis.DECLARED, one, right, reason)


def _contradictions(told: Sequence[Told], random: Random, busy: set[int]) -> Iterable[Line]:
    """Tax returns that say less than was declared.

    Of ordinary enterprises only, so that the stories of the others stay what they are.
    """
    able = [
        one for one in told
        if one.firm.story is ORDINARY and one.enterprise.pk not in busy
        and one.years.get(LIVED, {}).get("sales_revenue")
    ]  # fmt: skip
    for one in random.sample(able, CONTRADICTIONS):
        less = one.years[LIVED]["sales_revenue"] * random.randint(80, 97) // 10_000 * 100
        day = _day(LIVED, Basis.TAX_RETURN) + timedelta(days=8)
        yield Line(day, LIVED, Basis.TAX_RETURN, one, {"sales_revenue": less}, "税务部门补充提供")


def _day(year: int, basis: Basis, at: int = 0) -> date:
    """When the figures of a year come in."""
    if year < LIVED:
        return SURVEYED_ON + timedelta(days=7 * (LIVED - 1 - year))
    month, day = COMING_IN[basis][at % len(COMING_IN[basis])]
    return date(year + 1, month, day)


def _state(lines: Iterable[Line], people: People) -> None:
    """Day by day, all of a year and basis together, with one source for each."""
    groups: dict[tuple[date, str, int, str], list[Line]] = {}
    actors: dict[str, User] = {}
    for line in lines:
        if line.figures:
            actor = _actor(line, people)
            actors[actor.username] = actor
            place = line.on, str(line.basis), line.year, actor.username
            groups.setdefault(place, []).append(line)
    sources: dict[tuple[str, int, str], Source] = {}
    standing: dict[Place, Statement] = {}
    for (on, named, year, who), group in sorted(groups.items(), key=lambda found: found[0]):
        live_on(on)
        basis, actor = Basis(named), actors[who]
        if (named, year, who) not in sources:
            title = TITLES[basis].format(year=year)
            sources[named, year, who] = of_document(title, dated_on=on, actor=actor)
        for at in range(0, len(group), AT_ONCE):
            wanted = [
                Wanted(
                    line.told.enterprise,
                    year,
                    basis,
                    {name: figure_of(whole) for name, whole in line.figures.items()},
                    line.reason,
                )
                for line in group[at : at + AT_ONCE]
            ]
            made = state_all(wanted, source=sources[named, year, who], actor=actor, known=standing)
            standing |= {(one.enterprise_id, year, named): one for one in made if one}


def _actor(line: Line, people: People) -> User:
    """Who writes it down: the tax department its own, the place what it checked."""
    if line.basis == Basis.CHECKED:
        return people.of_place[line.told.place]
    return people.first(Role.TAX if line.basis == Basis.TAX_RETURN else Role.BUREAU_OFFICER)
