"""Certificates, numbers, titles, reports and the goals' series for the scenes: every action once."""

# ruff: noqa: E501  a table: an action a line

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.sources import of_document
from peiyu.office.goals import actions as goals
from peiyu.office.goals.models import ShareFigure
from peiyu.office.qualifications import actions, lists
from peiyu.office.qualifications.models import (
    Certificate,
    CertificateEvent,
    ChangeReport,
    TechSmeNumber,
    Title,
)
from peiyu.office.reports.models import ListedName, ListKind, PublishedList
from tests.office.factories import DAY

KINDS = {
    "held": Certificate, "happened": CertificateEvent, "entered": TechSmeNumber, "title": Title,
    "change": ChangeReport, "published": PublishedList, "share": ShareFigure,
}  # fmt: skip
ISSUED, NAMED = date(2016, 12, 1), date(2019, 5, 1)
NUMBER, NEXT, LISTED = "GR201641999001", "GR201841999002", "GR201841999003"


def things(one: Enterprise, other: Enterprise, people: dict[str, User]) -> dict[str, Any]:
    """A certificate that was renamed, a number, a title, a report of a change, a list with one entry."""
    bureau = people["bureau"]
    source = of_document("文件", actor=bureau)
    told: dict[str, Any] = {"source": source, "on": DAY, "actor": bureau}
    held = actions.enter_certificate(one, {"number": NUMBER, "issued_on": ISSUED}, **told)
    published = PublishedList.objects.create(
        kind=ListKind.HNTE, title="名单", published_on=date(2018, 12, 3), source=source
    )
    ListedName.objects.create(
        published=published, place=1, name=other.name, enterprise=other, entry=LISTED
    )
    return {
        "held": held,
        "happened": actions.add_event(held, kind="renamed", happened_on=NAMED, name="济源市新名有限公司", **told),
        "entered": actions.enter_tech_sme(one, number="201841900108000001", issued_on=None, **told),
        "title": actions.enter_title(one, kind="little_giant", level="province", awarded_on=ISSUED, **told),
        "change": actions.report_change(one, kind="renamed", happened_on=NAMED, reported_on=DAY, **told),
        "published": published,
        "share": goals.state_share(year=2018, month=6, part=Decimal(4), whole=Decimal(10), **told),
    }  # fmt: skip


def _told(scene: Any) -> dict[str, Any]:
    return {"source": scene.word, "on": DAY, "actor": scene.bureau}


def _back(scene: Any) -> dict[str, Any]:
    return {"reason": "登错", "on": DAY, "actor": scene.bureau}


ACTIONS: dict[str, Callable[[Any], object]] = {
    "qualifications.enter_certificate": lambda s: actions.enter_certificate(s.other, {"number": NEXT, "issued_on": date(2018, 12, 3)}, **_told(s)),
    "qualifications.correct_certificate": lambda s: actions.correct_certificate(s.held, {"issued_on": date(2016, 12, 2)}, seen=1, reason="更正", **_told(s)),
    "qualifications.withdraw_certificate": lambda s: actions.withdraw_certificate(s.held, **_back(s)),
    "qualifications.add_event": lambda s: actions.add_event(s.held, kind="revoked", happened_on=DAY, from_on=date(2019, 1, 1), words="未报年报", **_told(s)),
    "qualifications.withdraw_event": lambda s: actions.withdraw_event(s.happened, **_back(s)),
    "qualifications.enter_tech_sme": lambda s: actions.enter_tech_sme(s.other, number="201941900108000002", issued_on=DAY, **_told(s)),
    "qualifications.revoke_tech_sme": lambda s: actions.revoke_tech_sme(s.entered, revoked_on=DAY, **_back(s)),
    "qualifications.enter_title": lambda s: actions.enter_title(s.other, kind="reserve", level="city", awarded_on=DAY, **_told(s)),
    "qualifications.revoke_title": lambda s: actions.revoke_title(s.title, revoked_on=DAY, **_back(s)),
    "qualifications.file_annual_report": lambda s: actions.file_annual_report(s.one, year=2018, filed_on=date(2019, 5, 20), source=s.word, on=DAY, actor=s.owner),
    "qualifications.report_change": lambda s: actions.report_change(s.one, kind="business", happened_on=DAY, reported_on=DAY, **_told(s)),
    "qualifications.take_back": lambda s: actions.take_back(s.change, **_back(s)),
    "qualifications.take_list": lambda s: lists.take_list(s.published, chosen=[1], issued_on=date(2018, 12, 3), on=DAY, actor=s.bureau),
    "goals.state_share": lambda s: goals.state_share(year=2018, month=12, part=Decimal(5), whole=Decimal(12), **_told(s)),
    "goals.withdraw_share": lambda s: goals.withdraw_share(year=2018, month=6, **_back(s)),
}  # fmt: skip
TWICE = (
    "qualifications.enter_certificate", "qualifications.add_event", "qualifications.withdraw_event",
    "qualifications.enter_tech_sme", "qualifications.revoke_title", "goals.withdraw_share",
)  # fmt: skip
"""What only one of two may do; before the enterprises are merged."""
