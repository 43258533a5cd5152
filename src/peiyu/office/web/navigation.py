"""The menu, as data: what is on it, for whom. Width belongs to tables, so there is no side menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from peiyu.office.accounts.models import Duty, Role
from peiyu.office.accounts.rights import Access

Sees = Callable[[Access], bool]


def works_here(access: Access) -> bool:
    """Whoever works in the office, the three administrators too."""
    return access.person.duty != Duty.ENTERPRISE


def of_enterprises(access: Access) -> bool:
    """People of enterprises, agencies and banks; their pages are those of the portal."""
    return access.person.duty == Duty.ENTERPRISE


def sees_enterprises(access: Access) -> bool:
    """All of the office but the three administrators."""
    return works_here(access) and not access.is_administrator


def officials(access: Access) -> bool:
    """The office, departments, towns, zones, coaches."""
    return access.is_official


def registers(access: Access) -> bool:
    """Proposes new enterprises, or confirms them."""
    return access.has(Role.TOWN_OFFICER, Role.ZONE_OFFICER, Role.BUREAU_OFFICER, Role.BUREAU_HEAD)


def reads_evidence(access: Access) -> bool:
    """Who works on evidence or rights: officials and coaches, but not leaders, who read neither."""
    return access.is_official and access.roles != {Role.LEADER}


def reads_assessments(access: Access) -> bool:
    """Who works with figures: officials and coaches, not leaders and not the IP office."""
    return access.is_official and bool(access.roles - {Role.LEADER, Role.IP_OFFICE})


def goals(access: Access) -> bool:
    """The city's offices and departments, towns and zones."""
    return access.city or bool(access.places)


def imports(access: Access) -> bool:
    """Brings tables: the bureau, towns and zones, the tax department, the IP office."""
    bringers = (Role.BUREAU_OFFICER, Role.BUREAU_HEAD, Role.TAX, Role.IP_OFFICE)
    return bool(access.places) or access.has(*bringers)


def reads_record(access: Access) -> bool:
    """The auditor, and the bureau for its own business."""
    return access.person.duty == Duty.AUDIT or access.has(Role.BUREAU_HEAD, Role.BUREAU_OFFICER)


def keeps_people(access: Access) -> bool:
    """The administrator of accounts and roles."""
    return access.person.duty == Duty.SECURITY


def keeps_system(access: Access) -> bool:
    """The administrator of jobs and settings."""
    return access.person.duty == Duty.SYSTEM


@dataclass(frozen=True, slots=True)
class Entry:
    """One word on the menu: the name of its page's address, the word, the icon, who sees it."""

    page: str
    label: str
    icon: str
    sees: Sees


MENU = (
    Entry("today", "今日", "list-check", works_here),
    Entry("enterprises", "企业", "building-factory-2", sees_enterprises),
    Entry("assessments", "测评", "checklist", reads_assessments),
    Entry("certificates", "证书", "certificate", officials),
    Entry("evidence", "证据", "link-plus", reads_evidence),
    Entry("goals", "目标", "target", goals),
    Entry("registrations", "登记", "user-check", registers),
    Entry("imports", "导入", "upload", imports),
    Entry("policies", "政策", "book", sees_enterprises),
    Entry("record", "记录", "history", reads_record),
    Entry("people", "人员", "users", keeps_people),
    Entry("jobs", "任务", "stack-2", keeps_system),
    Entry("system", "系统", "settings", keeps_system),
    Entry("portal", "首页", "home", of_enterprises),
    Entry("portal_messages", "消息", "bell", of_enterprises),
    Entry("portal_policies", "政策", "book", of_enterprises),
)
ON_THE_BAR = 6
"""So many words stand on the bar where there are more than fit; the rest under one more."""
ON_THE_PHONE = 4
"""Tabs at the bottom of the phone; the rest of the menu stands under the person."""


FIRST = ("/", "/portal/")
"""First pages."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as the page draws it."""

    label: str
    icon: str
    href: str
    current: bool


def menu_of(request: HttpRequest, access: Access) -> list[Item]:
    """What this person may choose from, with a mark where they are."""
    found = [
        (entry, href) for entry in MENU if entry.sees(access) and (href := address(entry.page))
    ]
    return [
        Item(entry.label, entry.icon, href, _within(request.path, href)) for entry, href in found
    ]


def parted(menu: list[Item]) -> tuple[list[Item], list[Item]]:
    """What stands on the bar, and what under 更多; one alone is not put there."""
    if len(menu) <= ON_THE_BAR + 1:
        return menu, []
    return menu[:ON_THE_BAR], menu[ON_THE_BAR:]


def _within(path: str, href: str) -> bool:
    """The first page is the start of every address, so there only itself counts."""
    return path == href if href in FIRST else path.startswith(href)


def address(page: str) -> str:
    """Where a page lies; empty as long as it is not built."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
