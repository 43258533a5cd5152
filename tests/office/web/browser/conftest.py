"""A browser before a whole city: each module builds its own once and keeps it.

The tests are plain `django_db` ones. On SQLite in memory the server works on the very connection of
the test, so whatever was clicked is taken back after each.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from peiyu.office.foundation.models import OfficeDay
from tests.office.browser import DESK, PHONE, _opened, log_in
from tests.office.conftest import as_demo, unguarded
from tests.office.factories import DAY


@pytest.fixture(scope="module")
def office(
    chromium: Any, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[SimpleNamespace]:
    """The office at work on the demo's day, at an address; empty again after the module."""
    if connection.vendor != "sqlite":
        pytest.skip("clicks are taken back on SQLite alone")
    heads = tmp_path_factory.mktemp("heads")
    with (
        django_db_blocker.unblock(),
        as_demo(),
        override_settings(ADMINISTRATORS_NEED_SECOND_FACTOR=False, HEADS_ROOT=heads),
    ):
        cache.clear()
        OfficeDay.objects.create(day=DAY)
        server = LiveServer("127.0.0.1")
        server._live_server_modified_settings.enable()
        yield SimpleNamespace(url=server.url)
        server.thread.terminate()  # the last of its threads may still use the connection
        server._live_server_modified_settings.disable()
        cache.clear()
        with unguarded():
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


@pytest.fixture
def page(chromium: Any, office: Any) -> Iterator[Page]:
    """A page at a desk."""
    yield from _opened(chromium, office.url, DESK)


@pytest.fixture
def second(chromium: Any, office: Any) -> Iterator[Page]:
    """Another browser at another desk."""
    yield from _opened(chromium, office.url, DESK)


@pytest.fixture
def phone(chromium: Any, office: Any) -> Iterator[Page]:
    """A page on a phone."""
    yield from _opened(chromium, office.url, PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def at() -> Any:
    """Open a page as somebody: `at(page, who, "/enterprises/")`."""

    def opened(one: Page, who: Any, address: str = "/") -> Page:
        log_in(one, who)
        one.set_default_timeout(10_000)
        one.goto(address)
        return one

    return opened
