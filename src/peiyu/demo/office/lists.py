"""A published list of technology SMEs, matched to the registry of the demo city."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from peiyu.demo.office.days import live_on
from peiyu.demo.office.pasts import Told
from peiyu.demo.office.people import People
from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.foundation.record import write
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports.models import ListedName, ListKind, PublishedList

TITLE = "2019年河南省第一批入库科技型中小企业名单"
NUMBER = "豫科企〔2019〕3号"
PUBLISHED_ON, ENTERED_ON = date(2019, 5, 7), date(2019, 5, 9)
LISTED = 80
STRANGERS = (
    "焦作椴鹞智能装备有限公司", "洛阳榆鸱新材料有限公司", "济源柽鸺信息技术有限公司",
    "河南桤鸲生物科技有限公司", "孟州楝鹇机械有限公司",
)  # fmt: skip
"""Enterprises on the list whom the registry does not know."""
Entry = tuple[str, Enterprise | None, str]
"""A name on a list, who it is, its number."""
SMALL = 40_000 * 100 * 10_000
"""Sales below which an enterprise may be on such a list, in fen."""


def fill(told: Sequence[Told], people: People, random: Random) -> None:
    """Enter the list: most of it is found in the registry, a few names are not."""
    rows = [(name, one.enterprise if one else None, no) for name, one, no in entries(told, random)]
    live_on(ENTERED_ON)
    publish(ListKind.TECH_SME, TITLE, NUMBER, PUBLISHED_ON, rows, people)


def publish(
    kind: ListKind,
    title: str,
    number: str,
    published_on: date,
    rows: Sequence[Entry],
    people: People,
) -> PublishedList:
    """Enter a published list with its names, each matched or not."""
    officer = people.first(Role.BUREAU_OFFICER)
    source = of_document(title, number=number, dated_on=published_on, actor=officer)
    published = PublishedList.objects.create(
        kind=kind, title=title, number=number, published_on=published_on, source=source,
        entered_by=officer,
    )  # fmt: skip
    write(
        actor=officer,
        action="reports.publishedlist.enter",
        thing=published,
        changes={"title": (None, published.title), "kind": (None, published.kind)},
    )
    ListedName.objects.bulk_create(
        [
            ListedName(
                published=published, place=place, name=name, code=one.code if one else "",
                entry=entry, territory="济源市", enterprise=one,
            )
            for place, (name, one, entry) in enumerate(rows, start=1)
        ],
        batch_size=200,
    )  # fmt: skip
    return published


def entries(
    told: Sequence[Told], random: Random, listed: int = LISTED
) -> Iterator[tuple[str, Told | None, str]]:
    """Names with who they are and their numbers of entry, in the order of the list."""
    able = [
        one
        for one in told
        if one.enterprise.status == Status.ACTIVE
        and 0 < one.years.get(2018, {}).get("sales_revenue", 0) < SMALL
    ]
    known = random.sample(able, listed - len(STRANGERS))
    found: list[tuple[str, Told | None]] = [(one.enterprise.name, one) for one in known]
    found += [(name, None) for name in STRANGERS]
    random.shuffle(found)
    for place, (name, one) in enumerate(found, start=1):
        yield name, one, f"20194190010{place:07d}"
