"""The rights with which enterprises could apply once more, as the office asks for many at once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import Role
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.foundation.sources import of_document
from peiyu.office.policies.actions import choose_reading
from peiyu.office.portfolio.actions import record_use, say_full, withdraw_use
from peiyu.office.portfolio.standing import usable_rights_of
from peiyu.policy.chain import Usable
from tests.office.factories import DAY, body, enterprise, person
from tests.office.portfolio.filled import fill
from tests.policy.chain.clean import INVENTION, KEY, MODEL, MODEL_2

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(settings):
    settings.DEMO = True
    OfficeDay.objects.create(pk=1, day=DAY)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one(bureau):
    return fill(enterprise(town=body(), code=KEY), bureau)


def use(one, number, by, *, used_on=date(2016, 9, 1), successful=True):
    return record_use(
        number, used_by=one.code, used_on=used_on, successful=successful,
        valid_to=used_on.replace(year=used_on.year + 3) - timedelta(1), enterprise=one,
        source=of_document("认定公告", actor=by), actor=by, on=DAY,
    )  # fmt: skip


def test_a_recognition_uses_up_class_two_and_leaves_class_one(one, bureau):
    def left():
        found = usable_rights_of([one], DAY, person=bureau)[one.pk]
        return found.class_one, found.class_two

    assert left() == (Usable(1), Usable(2))
    use(one, INVENTION, bureau)
    mistaken = use(one, MODEL, bureau)
    use(one, MODEL_2, bureau, successful=False)
    assert left() == (Usable(1), Usable(1, used_up=1))
    withdraw_use(mistaken, reason="公告更正", actor=bureau)
    assert left() == (Usable(1), Usable(2))
    head = person(Role.BUREAU_HEAD)
    choose_reading(
        key="hnte.ip_use_consumed_by",
        value="application",
        from_on=DAY,
        reason="按申请计",
        actor=head,
    )
    assert left() == (Usable(1), Usable(1, used_up=1))


def test_the_day_decides(one, bureau):
    use(one, MODEL, bureau, used_on=date(2018, 12, 1))
    numbers = {
        on: usable_rights_of([one], on, person=bureau)[one.pk].class_two
        for on in (date(2018, 12, 1), date(2018, 12, 2), date(2030, 1, 1))
    }
    assert list(numbers.values()) == [Usable(2), Usable(1, used_up=1), Usable(0, used_up=1)]
    assert usable_rights_of([one], date(2012, 1, 1), person=bureau) == {}  # before these rules


def test_nothing_listed_is_unknown_until_somebody_says_that_there_is_none(bureau):
    bare = enterprise(town=body())
    assert usable_rights_of([bare], DAY, person=bureau) == {}
    say_full(bare, table="ip", full=True, actor=bureau)
    found = usable_rights_of([bare], DAY, person=bureau)[bare.pk]
    assert (found.class_one, found.class_two) == (Usable(0), Usable(0))
    assert usable_rights_of([], DAY, person=bureau) == {}


def test_who_may_not_read_the_rights_is_told_nothing(one):
    asked = {role: usable_rights_of([one], DAY, person=person(role)) for role in Role
             if role in (Role.LEADER, Role.IP_OFFICE, Role.FINANCE)}  # fmt: skip
    assert {role: bool(found) for role, found in asked.items()} == {
        Role.LEADER: False, Role.IP_OFFICE: True, Role.FINANCE: True,
    }  # fmt: skip
    elsewhere = person(Role.TOWN_OFFICER, body())
    assert usable_rights_of([one], DAY, person=elsewhere) == {}


def test_it_asks_as_much_for_many_as_for_one(one, bureau):
    others = [fill(enterprise(town=one.town), bureau) for _ in range(5)]
    counts = []
    usable_rights_of([one], DAY, person=bureau)  # who the person is, is then known
    for firms in ([one], [one, *others]):
        with CaptureQueriesContext(connection) as queries:
            assert len(usable_rights_of(firms, DAY, person=bureau)) == len(firms)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
