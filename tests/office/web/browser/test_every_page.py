"""Every page at the desk and on the phone, in both languages: no barrier, no overflow, no error.

Each address is opened by the first role that may see it, the first page by all. In English no word
of the house is left in Chinese.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from peiyu.office.accounts.models import Body, Duty, Role, User
from peiyu.office.assessments.models import FrozenAssessment
from peiyu.office.enterprises.classifications import fields
from peiyu.office.enterprises.models import Enterprise, Note
from peiyu.office.foundation.models import Source
from peiyu.office.notices.models import IssuedPaper, Message
from peiyu.office.policies.models import Document
from peiyu.papers.paper import from_data, text_of
from peiyu.words import catalogue
from tests.office.browser import DESK, PHONE, axe, log_in, speak
from tests.office.matrix import OWN, World, addresses, expand, fill, table

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

GROUPS = 8
FIRST = [
    Role.BUREAU_HEAD, Role.BUREAU_OFFICER, Role.TOWN_OFFICER, Role.OWNER, Duty.SECURITY,
    Duty.SYSTEM, Duty.AUDIT, Role.TAX, Role.COACH, Role.AGENCY, Role.BANK,
]  # fmt: skip
MOST_FILLED = 2
EXAMPLES = ("国办发明电", "济政办")
"""Beginnings of numbers of documents, shown as examples."""
BOTH = "/help/glossary/"
"""Says each word in both languages."""
NO_PAGE = re.compile(
    r"^(api/(?!$|operations)|static/|.*(suggest|counts|workbook|export|links|download|preview|proof|result|status|progress)/|.*(files|proofs)/<int:\w+>/$|.*papers/<int:\w+>/<slug:part>/$|imports/template/|login/city/|me/second-factor/.*(login|download))"
)
HAN = re.compile(r"[\u3400-\u9fff]+")
SETTLED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The page has been told of its new size and has answered to it."""
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
    who = [str(role) for role in FIRST if str(role) in allowed][:1] or ["anonymous"]
    if not pattern:
        who = [role for role in map(str, [*Role, *Duty]) if role in allowed & set(world.people)]
    return [(role, fill(pattern, world.arguments(pattern, names, role, OWN))) for role in who]


def words_of_the_house() -> set[str]:
    """What the catalogue says in English, as runs of Han characters."""
    return {
        run for key in catalogue("en")._catalog if isinstance(key, str) for run in HAN.findall(key)
    }  # fmt: skip


def names_in_the_data() -> list[str]:
    """What stays as it was written, the longest first."""
    rows = [
        *Body.objects.values_list("name", "short"),
        *Document.objects.values_list("number", "title", "issuer"),
        *Enterprise.objects.values_list("name", "code"),
        *Note.objects.values_list("text"),
        *Message.objects.values_list("title", "text"),
        *Source.objects.values_list("title"),
        *FrozenAssessment.objects.values_list("purpose"),
        *IssuedPaper.objects.values_list("title"),
        *(
            tuple(text_of(from_data(one)))
            for one in IssuedPaper.objects.values_list("content", flat=True)
        ),
    ]
    rows += [EXAMPLES, [entry.name for entry in fields().values()]]
    return sorted({name for row in rows for name in row if name}, key=len, reverse=True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("group", range(GROUPS))
def test_no_page_has_a_barrier_overflows_or_fails(page, world, group, language):
    page.set_default_timeout(30_000)
    User.objects.update(language=language)
    house = words_of_the_house() if language == "en" else set()
    names = names_in_the_data() if house else []
    found: dict[tuple[str, str], list[object]] = {}
    at = ""
    for pattern in shown()[group::GROUPS]:
        for role, address in visits(world, pattern):
            if role != at:
                be(page, world, role, language)
                at = role
            if trouble := looked_at(page, address, house, names):
                found[role, address] = trouble
            page.errors.clear()
    assert found == {}


def be(page: Any, world: World, role: str, language: str) -> None:
    """Make it this role's browser."""
    page.context.clear_cookies()
    speak(page, language)
    if role in world.people:
        who = world.people[role]
        who.language = language
        log_in(page, who)


def looked_at(page: Any, address: str, house: set[str], names: list[str]) -> list[object]:
    """What is wrong with the page at the desk and on the phone, if anything."""
    page.set_viewport_size(DESK)
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        return [answer and answer.status]
    trouble: list[object] = []
    if (filled := page.locator("main .btn-primary:visible").count()) > MOST_FILLED:
        trouble.append(f"{filled} filled buttons")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.evaluate(SETTLED)
        if (over := page.evaluate(WIDTH)) > 0:
            trouble.append(f"{over} px too wide for {size['width']}")
        trouble += axe(page)
    if house and not address.endswith(BOTH):
        text = page.evaluate("document.title + document.body.innerText")
        for name in names:
            text = text.replace(name, "")
        if left := {run for run in HAN.findall(text) if run in house and len(run) > 1}:
            trouble.append(left)
    return [*trouble, *page.errors]
