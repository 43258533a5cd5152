"""Certificates of the demo city and what happened to them: forty histories, each told on its day.

The numbers are invented: nobody was ever given a running number from 900001 on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import count

from peiyu.demo.city import City, Firm
from peiyu.demo.office.days import live_on
from peiyu.demo.office.people import People
from peiyu.office.accounts.models import Role, User
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.foundation.models import Source
from peiyu.office.foundation.sources import of_document
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.models import Certificate, EventKind

STACKED = date(2018, 3, 26)
"""When what was known of earlier years was copied from the bureau's register."""
ISSUER, FOREIGN_ISSUER = "河南省高新技术企业认定管理机构", "江苏省高新技术企业认定管理机构"
HERE, ELSEWHERE = "41", "32"
ABLE = ("past_an_incident", "able_with_gaps", "declares_more", "once_in_debt")
"""Stories of enterprises that may have been recognised, beside those about to renew."""
FORMER = ("ordinary",)
"""Stories of those that were once and are no longer."""
RENEWING = "renewing"
FIRST_SERIAL = 900_001
Step = tuple[date, Callable[[User, date], object]]
"""What is done, and on which day."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a certificate."""

    kind: EventKind
    on: date
    words: str
    from_on: date | None = None
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """One certificate: when it was issued, to whom in the city or elsewhere, what happened to it."""

    issued_on: date
    happened: tuple[Happened, ...] = ()
    here: bool = True


def d(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


SPRING, B1, B2 = d("2017-03-10"), d("2017-08-29"), d("2017-12-01")
C1, C2 = d("2018-09-12"), d("2018-11-29")
REVOKED = Happened(
    EventKind.REVOKED, d("2018-12-20"), "未按规定报告与条件有关的重大变化", from_on=d("2018-01-01")
)  # fmt: skip
PASTS: tuple[tuple[tuple[str, ...], tuple[Past, ...]], ...] = (
    *((ABLE, (Past(day),)) for day in (B1, B1, SPRING, B2, C1, C1, C2, C2)),
    (ABLE, (Past(B1, (Happened(EventKind.PART_MOVED_OUT, d("2018-10-08"), "销售部门迁往郑州"),)),)),
    (ABLE, (Past(C1, (Happened(EventKind.MERGED, d("2019-04-10"), "吸收合并子公司，资格保留"),)),)),
    (ABLE, (Past(d("2014-10-23")), Past(B1))),
    (ABLE, (Past(d("2014-10-23")), Past(B2))),
    (ABLE, (Past(d("2012-11-06")), Past(d("2015-08-03")), Past(C1))),
    (ABLE, (Past(d("2015-11-16")), Past(C2))),
    (ABLE, (Past(d("2013-10-21")), Past(C2))),
    (ABLE, (Past(d("2017-05-27"), (Happened(EventKind.MOVED_IN, d("2019-03-15"), "由无锡整体迁入"),), here=False),)),
    (ABLE, (Past(B1, (REVOKED,)),)),
    (FORMER, (Past(d("2015-08-03")),)),
    (FORMER, (Past(d("2015-11-16")),)),
    (FORMER, (Past(d("2014-10-23")),)),
    (FORMER, (Past(B1, (Happened(EventKind.SPLIT, d("2018-10-15"), "分立，原企业不再从事研发", ends=True),)),)),
)  # fmt: skip
"""Of which stories, and what their certificates tell; beside those that are named below."""
OWNED = ((0, B1), (1, d("2016-12-01")), (2, d("2015-08-03")), (5, B2))
"""Enterprises whose people log in, and when they were recognised."""
LEFT, LEFT_ON = 101, d("2019-04-18")
"""The enterprise that moved away with its certificate of 2016."""
MOVED_OUT = Happened(EventKind.MOVED_OUT, LEFT_ON, "整体迁往焦作")
MISREAD, DOUBLED = 4, 6
"""Which of the histories was first entered with a wrong day, and to which one was added by mistake."""
MISREAD_ON, DOUBLED_ON = d("2018-12-20"), d("2019-02-22")


def fill(drawn: City, found: Sequence[Enterprise], people: People) -> None:
    """Enter all of it day by day, as the bureau did."""
    now = Enterprise.objects.in_bulk([one.pk for one in found])
    firms = [(firm, now[one.pk]) for firm, one in zip(drawn.firms, found, strict=True)]
    serials = count(FIRST_SERIAL)
    steps: list[Step] = []
    for at, (one, pasts) in enumerate(histories(firms)):
        for past in pasts:
            number = number_of(past.issued_on.year, next(serials), here=past.here)
            steps += _entered(one, past, number, misread=at == MISREAD)
        if at == DOUBLED:
            steps += _doubled(one, number_of(2015, next(serials)))
    officer = people.first(Role.BUREAU_OFFICER)
    for day, act in sorted(steps, key=lambda step: step[0]):
        live_on(day)
        act(User.objects.get(pk=officer.pk), day)
    live_on(drawn.on)


def histories(
    firms: Sequence[tuple[Firm, Enterprise]],
) -> Iterator[tuple[Enterprise, tuple[Past, ...]]]:
    """Whose certificates tell what."""
    taken = {LEFT, *(place for place, _ in OWNED)}
    for stories, pasts in PASTS:
        place = _chosen(firms, stories, pasts[0].issued_on.year, taken)
        taken.add(place)
        yield firms[place][1], pasts
    for place, day in OWNED:
        yield firms[place][1], (Past(day),)
    yield firms[LEFT][1], (Past(d("2016-12-01"), (MOVED_OUT,)),)
    for firm, one in firms:
        if firm.story.name == RENEWING:
            yield one, (Past(recognised_on(firm)),)


def _chosen(
    firms: Sequence[tuple[Firm, Enterprise]], stories: tuple[str, ...], year: int, taken: set[int]
) -> int:
    """One that was founded before that year and has none yet; first those that were renamed since."""
    order = sorted(range(len(firms)), key=lambda at: firms[at][0].name == firms[at][1].name)
    for place in order:
        firm, one = firms[place]
        born = firm.facts.get("established_on")
        fits = firm.story.name in stories and one.status == Status.ACTIVE and place not in taken
        if fits and isinstance(born, date) and born.year < year:
            return place
    raise LookupError("the demo city has too few enterprises of " + ", ".join(stories))


def recognised_on(firm: Firm) -> date:
    """The day on which one that is about to renew was recognised, by the uses of its rights."""
    days = [use["used_on"] for use in firm.tables.get("uses", ()) if use["used_by"] == firm.code]
    return min(day for day in days if isinstance(day, date))


def number_of(year: int, serial: int, *, here: bool = True) -> str:
    """A number that nobody has."""
    return f"GR{year}{HERE if here else ELSEWHERE}{serial:06d}"


def _entered(one: Enterprise, past: Past, number: str, *, misread: bool) -> Iterator[Step]:
    """What the bureau enters of one certificate, each on its day."""
    issued_on, held = past.issued_on, list[Certificate]()
    known_on = max(STACKED, issued_on + timedelta(days=48))
    if not past.here:
        known_on = max(known_on, past.happened[0].on + timedelta(days=11))
    values: dict[str, object] = {
        "number": number, "issued_here": past.here, "issuer": ISSUER if past.here else FOREIGN_ISSUER,
        "issued_on": issued_on + timedelta(days=30) if misread else issued_on,
        "publicity_on": issued_on - timedelta(days=45), "approved_on": issued_on - timedelta(days=3),
    }  # fmt: skip

    def enter(actor: User, on: date) -> None:
        source = _paper(issued_on, actor)
        held.append(actions.enter_certificate(one, values, source=source, on=on, actor=actor))

    def correct(actor: User, on: date) -> None:
        actions.correct_certificate(
            held[0], {"issued_on": issued_on}, seen=1, reason="登记时写成了公告日期，按证书更正",
            source=_paper(issued_on, actor), on=on, actor=actor,
        )  # fmt: skip

    yield known_on, enter
    if misread:
        yield max(known_on, MISREAD_ON), correct
    for event in past.happened:
        yield max(known_on, event.on + timedelta(days=12)), partial(_happened, held, event)


def _happened(held: list[Certificate], event: Happened, actor: User, on: date) -> None:
    title = "认定机构通知" if event.kind == EventKind.REVOKED else "企业变更材料"
    actions.add_event(
        held[0], kind=event.kind, happened_on=event.on, on=on, actor=actor,
        source=of_document(title, dated_on=event.on, actor=actor), from_on=event.from_on,
        words=event.words, ends=event.ends,
    )  # fmt: skip


def _doubled(one: Enterprise, number: str) -> Iterator[Step]:
    """One that was entered for the wrong enterprise, and taken back."""
    held: list[Certificate] = []
    issued_on = d("2015-08-03")

    def enter(actor: User, on: date) -> None:
        values = {"number": number, "issued_on": issued_on}
        source = _paper(issued_on, actor)
        held.append(actions.enter_certificate(one, values, source=source, on=on, actor=actor))

    def withdraw(actor: User, on: date) -> None:
        reason = "名单里的是另一家名称相近的企业，登错了"
        actions.withdraw_certificate(held[0], reason=reason, on=on, actor=actor)

    yield STACKED, enter
    yield DOUBLED_ON, withdraw


def _paper(issued_on: date, actor: User) -> Source:
    year = issued_on.year
    return of_document(
        f"河南省{year}年高新技术企业认定文件", number=f"豫高企〔{year}〕9号", dated_on=issued_on, actor=actor
    )  # fmt: skip
