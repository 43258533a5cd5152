"""Every page at the desk and on the phone, in both languages: no barrier, no overflow, no error.

Each address is opened by the first role that may see it and by the enterprise's own, so that the
bars of all doors are seen too. In English no word of the house is left in Chinese.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from peiyu.office.accounts.models import Duty, Role, User
from peiyu.words import catalogue
from tests.office.browser import DESK, PHONE, axe, log_in, speak
from tests.office.matrix import OWN, World, addresses, expand, fill, table

pytestmark = pytest.mark.browser

GROUPS = 8
FIRST = [
    Role.BUREAU_HEAD, Role.BUREAU_OFFICER, Role.TOWN_OFFICER, Role.OWNER, Duty.SECURITY,
    Duty.SYSTEM, Duty.AUDIT, Role.TAX, Role.COACH, Role.AGENCY, Role.BANK,
]  # fmt: skip
EACH = ("", "help/", "me/", "portal/", "enterprises/", "registrations/", "record/")
"""Addresses opened by every role that may see them, not by the first alone."""
NO_PAGE = re.compile(r"^(api/(?!$|operations)|static/|.*(suggest|export|download|preview|proof|result|status|progress)/|.*files/<int:file>/$|login/city/|me/second-factor/.*(login|download))")
HAN = re.compile(r"[\u3400-\u9fff]+")
WIDTH = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def world(office: Any) -> World:
    """Two towns alike, with every role."""
    return World()


def shown() -> list[str]:
    """Addresses that answer a GET with a page."""
    seen = table()
    return [
        pattern
        for pattern, _, _ in addresses()
        if not NO_PAGE.match(pattern) and seen.get(pattern, {}).get("get own")
    ]


def visits(world: World, pattern: str) -> list[tuple[str, str]]:
    """Who opens it, and where it lies for them."""
    names = next(names for found, _, names in addresses() if found == pattern)
    allowed = expand(table()[pattern]["get own"])
    who = [str(role) for role in FIRST if str(role) in allowed]
    if pattern not in EACH:
        who = who[:1]
    elif pattern == "":
        who = [role for role in map(str, [*Role, *Duty]) if role in allowed and role in world.people]
    who = who or ["anonymous"]
    return [(role, fill(pattern, world.arguments(pattern, names, role, OWN))) for role in who]


def words_of(world: World) -> set[str]:
    """Han characters of the house: what the catalogue translates, in pieces."""
    found: set[str] = set()
    for key in catalogue("en")._catalog:
        if isinstance(key, str):
            found.update(HAN.findall(key))
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("group", range(GROUPS))
def test_no_page_has_a_barrier_overflows_or_fails(page, phone, world, group, language):
    found: dict[tuple[str, str], list[object]] = {}
    house = words_of(world) if language == "en" else set()
    for one in (page, phone):
        one.set_default_timeout(30_000)
        User.objects.update(language=language)
        at = ""
        for pattern in shown()[group::GROUPS]:
            for role, address in visits(world, pattern):
                if role != at:
                    if role in world.people:
                        who = world.people[role]
                        who.language = language
                        log_in(one, who)
                    else:
                        one.context.clear_cookies()
                        speak(one, language)
                    at = role
                if trouble := looked_at(one, address, house):
                    found[role, address] = [one.viewport_size["width"], *trouble]
                one.errors.clear()
    assert found == {}


def looked_at(one: Any, address: str, house: set[str]) -> list[object]:
    """What is wrong with the page, if anything."""
    answer = one.goto(address)
    if answer is None or answer.status != 200:
        return [f"{answer and answer.status}"]
    trouble: list[object] = [*one.errors, *axe(one)]
    if (over := one.evaluate(WIDTH)) > 0:
        trouble.append(f"{over} px too wide")
    if one.viewport_size == DESK:
        filled = one.locator("main .btn-primary:visible").count()
        if filled > 2:
            trouble.append(f"{filled} filled buttons")
    if house:
        text = one.evaluate("document.title + document.body.innerText")
        if left := {run for run in HAN.findall(text) if run in house and len(run) > 1}:
            trouble.append(left)
    return trouble
