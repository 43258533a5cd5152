"""Programs that call: each with the key of a person."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from peiyu.office.accounts.actions import make_token
from peiyu.office.accounts.permissions import RECORD, REGISTRY
from peiyu.office.foundation.days import office_day


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


def key_of(person, *scopes):
    """The text of a new key."""
    today = office_day()
    _, raw = make_token(
        person,
        actor=person,
        name="程序",
        scopes=scopes or (REGISTRY, RECORD),
        expires_on=date.fromordinal(today.toordinal() + 30),
        on=today,
    )
    return raw


@pytest.fixture
def program():
    """A client that calls with the key of a person."""

    def made(person, *scopes, **headers):
        return Client(headers={"Authorization": f"Bearer {key_of(person, *scopes)}", **headers})

    return made
