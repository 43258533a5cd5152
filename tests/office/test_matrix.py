"""Every address × every role × own, other, foreign: as reviewed in matrix.yaml."""

import pytest
from django.db import transaction

from tests.office.matrix import FOREIGN, World, addresses, expand, observed, table

pytestmark = pytest.mark.django_db
REVIEWED = table()
ADDRESSES = {pattern: names for pattern, _, names in addresses()}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.mark.parametrize("pattern", ADDRESSES)
def test_who_sees_what(world, pattern):
    assert pattern in REVIEWED, f"a new address: say in matrix.yaml who may see {pattern}"
    expected = {side: expand(roles) for side, roles in REVIEWED[pattern].items()}
    found = observed(world, pattern, ADDRESSES[pattern])
    assert {side: set(roles) for side, roles in found.items() if roles} == expected


def test_nothing_is_reviewed_that_is_gone():
    assert REVIEWED.keys() == ADDRESSES.keys()


def test_what_does_not_exist_exists_for_nobody():
    for pattern, sides in REVIEWED.items():
        for side, roles in sides.items():
            # settings, rulebooks, kinds of import and periods have names, no owners
            named = pattern.startswith(
                ("policies/", "imports/template/", "goals/share/", "portal/self-test/")
            )
            assert named or not side.endswith(FOREIGN), (pattern, roles)
