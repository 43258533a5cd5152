"""How certificates, their events and reports are shown: shapes, words, the tabs of their pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from peiyu.office.accounts.models import User
from peiyu.office.qualifications.listing import STATES, State
from peiyu.office.qualifications.models import EventKind
from peiyu.office.qualifications.permissions import may_enter
from peiyu.office.web.tables import Status
from peiyu.policy.hnte_certificate import Filed
from peiyu.words import mark

SHAPES = {
    State.IN_FORCE: "met", State.EXPIRING: "unk", State.EXPIRED: "na", State.GONE: "bad",
    State.ELSEWHERE: "na",
}  # fmt: skip
FILED = {
    Filed.IN_TIME: ("met", mark("按时")),
    Filed.LATE: ("late", mark("逾期补报")),
    Filed.NOT_FILED: ("bad", mark("未填报")),
    Filed.UNKNOWN: ("unk", mark("已过期限，没有登记")),
    Filed.TO_COME: ("go", mark("未到期限")),
}
"""How a report stands: shape and word."""
EVENT_ICONS = {
    EventKind.RENAMED: "pencil", EventKind.REVOKED: "x", EventKind.MOVED_IN: "login",
    EventKind.MOVED_OUT: "logout", EventKind.PART_MOVED_IN: "login", EventKind.PART_MOVED_OUT: "logout",
    EventKind.SPLIT: "hierarchy", EventKind.MERGED: "transfer",
}  # fmt: skip
PAGES = (
    ("certificates", mark("清单")),
    ("certificates_expiry", mark("到期提醒")),
    ("certificates_stock", mark("存量")),
    ("certificates_reports", mark("年报")),
)
LISTS = ("certificates_lists", mark("公布的名单"))


@dataclass(frozen=True, slots=True)
class View:
    """One of the pages of certificates, as a tab."""

    label: str
    href: str
    current: bool
    number: int | None = None


def views_of(person: User, at: str) -> list[View]:
    """The pages that this person has, with a mark at the present one."""
    pages = [*PAGES, LISTS] if may_enter(person) else PAGES
    return [View(label, reverse(page), page == at) for page, label in pages]


def state_shown(state: State) -> Status:
    """How a certificate stands, as a cell."""
    return Status(SHAPES[state], dict(STATES)[state])


def filed_shown(filed: Filed) -> Status:
    """How a report stands, as a cell."""
    return Status(*FILED[filed])
