"""A real browser for the tests: Debian's Chromium, driven by Playwright.

`page` is a desk (1440×900), `phone` a phone (390×844); both fail on an error in the console.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright keeps a loop in the test's thread; the test itself still asks the database one by one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

AXE = Path(__file__).parent / "axe/axe.js"
APT = "apt-get install -y --no-install-recommends chromium fonts-wqy-microhei"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
WIDTHS = (390, 1366, 1440, 1920)
GRAVE = ("serious", "critical")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail(f"No Chromium: {APT}", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            headless=True,
            args=["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


def _opened(browser: Browser, address: str, size: dict[str, int], **more: Any) -> Iterator[Page]:
    context = browser.new_context(viewport=size, base_url=address, locale="zh-CN", **more)
    context.set_default_timeout(5_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.errors = errors  # a test that means to cause one clears the list
    page.address = address
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture
def page(chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A page at a desk."""
    yield from _opened(chromium, live_server.url, DESK)


@pytest.fixture
def phone(chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A page on a phone."""
    yield from _opened(chromium, live_server.url, PHONE, has_touch=True, is_mobile=True)


def log_in(page: Page, user: Any) -> None:
    """Make this the page of `user`, without the log-in form."""
    page.goto("about:blank")  # what still asks there would ask in another's name
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    speak(page, user.language)
    _cookie(page, settings.SESSION_COOKIE_NAME, session.session_key)


def speak(page: Page, language: str) -> None:
    """Ask for this language: `zh-hans` or `en`."""
    _cookie(page, settings.LANGUAGE_COOKIE_NAME, language)


def _cookie(page: Page, name: str, value: str) -> None:
    page.context.add_cookies([{"name": name, "value": value, "url": page.address}])


@dataclass(frozen=True)
class Finding:
    """What axe holds against a page."""

    rule: str
    grave: str
    where: tuple[str, ...]


def axe(page: Page) -> list[Finding]:
    """The serious and critical findings of axe-core on the page as it now is."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        Finding(one["id"], one["impact"], tuple(node["html"][:160] for node in one["nodes"][:4]))
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


def overflow(page: Page) -> dict[int, int]:
    """By how many pixels the page is too wide, at each width where it is."""
    before = page.viewport_size
    wide = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wide[width] = over
    if before:
        page.set_viewport_size(before)
    return wide
