"""What every test of the office shares."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.urls import clear_url_caches

from peiyu.office.config import urls as root
from peiyu.office.foundation.days import forget_calendars
from peiyu.office.web import urls as pages
from peiyu.office.web.accounts import urls as accounts
from tests.office.browser import chromium, page, phone

__all__ = ["chromium", "page", "phone"]
GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'"


@contextmanager
def unguarded() -> Iterator[None]:
    """The guards of the record put aside: only to empty the database of a test."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        guards = cursor.execute(GUARDS).fetchall()
        for name, _ in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, text in guards:
            cursor.execute(text)


@contextmanager
def as_demo() -> Iterator[None]:
    """The office as a demo, with the addresses that only a demo has."""

    def read_addresses_anew() -> None:
        for addresses in (accounts, pages, root):
            importlib.reload(addresses)
        clear_url_caches()

    with override_settings(DEMO=True):
        read_addresses_anew()
        yield
    read_addresses_anew()


@pytest.fixture(scope="session", autouse=True)
def _emptied_after_each() -> Iterator[None]:
    """A test that commits leaves an empty database, although the record refuses deletion."""
    empty = TransactionTestCase._fixture_teardown

    def put_aside(case: TransactionTestCase) -> None:
        with unguarded():
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", put_aside)
        yield


@pytest.fixture(autouse=True)
def _calendars_read_anew() -> None:
    """What one test entered in the calendar is not there for the next."""
    forget_calendars()


@pytest.fixture(autouse=True)
def _counts_made_anew() -> None:
    """What one test counted is not there for the next, whose record begins as empty."""
    cache.clear()
