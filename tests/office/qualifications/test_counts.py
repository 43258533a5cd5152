"""Counts of certificates: by body and day, first or again, what lapses; few queries, whatever the number."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.actions import move
from peiyu.office.policies.actions import choose_reading
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.models import Certificate, EventKind
from peiyu.office.qualifications.queries import (
    alarms,
    band_of,
    expiring,
    is_new,
    newly,
    recognised_in,
    stock_on,
    stock_series,
    with_order,
)
from peiyu.policy.hnte_certificate import Earlier, order_of
from tests.office.factories import DAY, body, enterprise, person
from tests.office.qualifications.given import ISSUED, certificate, event

pytestmark = pytest.mark.django_db
YEAR = (date(2019, 1, 1), date(2019, 12, 31))


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def towns():
    return [body(), body()]


def asked(act):
    with CaptureQueriesContext(connection) as captured:
        found = act()
    return found, len(captured)


def test_each_enterprise_counts_once_where_it_lay_on_that_day(towns, bureau):
    one, other = enterprise(town=towns[0]), enterprise(town=towns[1])
    certificate(one, date(2015, 11, 1), by=bureau)
    certificate(one, date(2018, 10, 1), by=bureau)
    certificate(other, ISSUED, by=bureau)
    both = date(2018, 10, 15)
    assert stock_on(both) == {towns[0].pk: 1, towns[1].pk: 1}, "two certificates, one enterprise"
    move(
        one, town=towns[1], zone=None, from_on=date(2019, 1, 1), reason="搬迁", on=DAY, actor=bureau
    )
    assert stock_on(both) == {towns[0].pk: 1, towns[1].pk: 1}
    assert stock_on(DAY) == {towns[1].pk: 2}
    assert stock_on(date(2018, 12, 31)) == {towns[0].pk: 1, towns[1].pk: 1}
    assert stock_on(date(2013, 1, 1)) == {}


def test_a_town_counts_what_it_sees(towns, bureau):
    for town in (*towns, towns[0]):
        certificate(enterprise(town=town), by=bureau)
    officer = person(Role.TOWN_OFFICER, towns[0])
    assert stock_on(DAY, person=officer) == {towns[0].pk: 2}
    assert stock_series([DAY], person=officer) == {DAY: 2}
    assert stock_on(DAY, person=person(Role.LEADER)) == {towns[0].pk: 2, towns[1].pk: 1}
    assert len(recognised_in(date(2016, 1, 1), date(2016, 12, 31), person=officer)) == 2


def test_the_number_of_queries_does_not_grow(towns, bureau):
    for _ in range(3):
        certificate(enterprise(town=towns[0]), date(2019, 3, 1), by=bureau)
    readings = values_on(DAY)
    few = [
        asked(lambda: stock_on(DAY))[1], asked(lambda: stock_series([DAY, ISSUED]))[1],
        asked(lambda: recognised_in(*YEAR, readings=readings))[1],
        asked(lambda: expiring(DAY, 40, readings=readings))[1],
    ]  # fmt: skip
    for _ in range(9):
        certificate(enterprise(town=towns[1]), date(2019, 3, 1), by=bureau)
    many = [
        asked(lambda: stock_on(DAY))[1], asked(lambda: stock_series([DAY, ISSUED]))[1],
        asked(lambda: recognised_in(*YEAR, readings=readings))[1],
        asked(lambda: expiring(DAY, 40, readings=readings))[1],
    ]  # fmt: skip
    assert few == many == [1, 2, 3, 1]


# -- first, again, after a gap

OLD = (date(2013, 7, 1), True, None)
HISTORIES = {
    "alone": [(date(2016, 7, 1), True, None)],
    "again on the last day": [(date(2013, 7, 1), True, None), (date(2016, 7, 1), True, None)],
    "the day after it": [(date(2013, 7, 1), True, None), (date(2016, 7, 2), True, None)],
    "within the year of its end": [(date(2013, 2, 1), True, None),
                                   (date(2016, 12, 31), True, None)],
    "in the year after": [(date(2013, 12, 31), True, None), (date(2017, 1, 1), True, None)],
    "after one from elsewhere": [(date(2013, 7, 1), False, None), (date(2016, 7, 1), True, None)],
    "after one that was revoked": [(date(2013, 7, 1), True, date(2015, 1, 1)), (date(2016, 7, 1), True, None)],
    "revoked from its own issue": [(date(2013, 7, 1), True, date(2013, 7, 1)), (date(2016, 7, 1), True, None)],
    "revoked only later": [OLD, (date(2016, 3, 1), True, None), ("revoke", 0, date(2016, 6, 1))],
    "three": [(date(2010, 9, 1), True, None), (date(2013, 9, 2), True, None), (date(2016, 8, 1), True, None)],
    "a gap, then again": [(date(2010, 9, 1), True, None), (date(2014, 9, 2), True, None),
                          (date(2017, 8, 1), True, None)],
}  # fmt: skip


@pytest.mark.parametrize("gap", ["next_year", "next_day"])
@pytest.mark.parametrize("first", ["ever_anywhere", "ever_here"])
@pytest.mark.parametrize("history", HISTORIES.values(), ids=list(HISTORIES))
def test_the_query_says_of_each_what_the_rule_says(towns, bureau, history, first, gap):
    one, made, revoked = enterprise(town=towns[0]), [], {}
    for issued, here, from_on in history:
        if issued == "revoke":
            row = made[here]
        else:
            row = certificate(one, issued, by=bureau, issued_here=here)
            made.append(row)
        if from_on is not None:
            event(row, EventKind.REVOKED, from_on, by=bureau)
            revoked[row.pk] = from_on
    readings = {"first_recognition": first, "gap_begins": gap}
    said = dict(with_order(Certificate.objects.all(), readings).values_list("pk", "order"))
    for row in made:
        others = [
            Earlier(other.issued_on, other.last_on, other.issued_here, revoked.get(other.pk))
            for other in made
            if other.pk != row.pk
        ]
        assert said[row.pk] == order_of(row.issued_on, others, first=first, gap_begins=gap)


def test_a_new_one_counts_on_the_day_that_the_reading_names(towns, bureau):
    one = enterprise(town=towns[0])
    certificate(one, date(2018, 12, 20), by=bureau, publicity_on=date(2019, 1, 10))
    base = values_on(DAY)

    def days(day):
        found = recognised_in(*YEAR, readings={**base, "counted_day": day})
        return [(one.on, one.order) for one in found]

    assert days("issued") == []
    assert days("publicity") == [(date(2019, 1, 10), "first")]
    assert days("approval") == [], "no day of approval: that of issue"


def test_what_counts_as_new_is_a_reading(towns, bureau):
    came = certificate(enterprise(town=towns[0]), by=bureau, issued_here=False)
    event(came, EventKind.MOVED_IN, date(2019, 2, 1), by=bureau)
    back = enterprise(town=towns[1])
    certificate(back, date(2014, 2, 1), by=bureau)
    certificate(back, date(2019, 2, 1), by=bureau)
    found = recognised_in(*YEAR, on=DAY)
    assert sorted((one.order, one.body, one.new) for one in found) == [
        ("after_gap", towns[1].pk, False), ("moved_in", towns[0].pk, False),
    ]  # fmt: skip
    head = person(Role.BUREAU_HEAD)
    for key, value in (("newly_recognised", "with_moved_in"), ("after_gap", "first")):
        choose_reading(key=key, value=value, from_on=DAY, reason="会议", actor=head)
    assert len(newly(recognised_in(*YEAR, on=DAY))) == 2
    assert newly(recognised_in(*YEAR, on=DAY - timedelta(days=1))) == []
    assert is_new("first", values_on(DAY)) and not is_new("again", values_on(DAY))


def test_what_never_counted_was_not_recognised(towns, bureau):
    made = certificate(enterprise(town=towns[0]), date(2019, 2, 1), by=bureau)
    assert len(recognised_in(*YEAR, on=DAY)) == 1
    event(made, EventKind.REVOKED, DAY, from_on=date(2019, 1, 1), by=bureau)
    assert recognised_in(*YEAR, on=DAY) == []


def test_an_enterprise_counts_as_new_once(towns, bureau):
    one = enterprise(town=towns[0])
    certificate(one, date(2013, 1, 1), by=bureau)
    certificate(one, date(2018, 1, 1), by=bureau)
    readings = {**values_on(DAY), "after_gap": "first"}
    found = recognised_in(date(2013, 1, 1), DAY, readings=readings)
    assert [one.on.year for one in newly(found)] == [2013]


# -- what lapses


def test_the_alarms_are_settings_and_the_nearest_is_in_force():
    months = alarms(values_on(DAY))
    assert months == (18, 12, 9, 6)
    last = date(2020, 12, 17)
    found = {on: band_of(last, on, months) for on in (
        date(2019, 6, 16), DAY, date(2019, 12, 17), date(2020, 3, 17), date(2020, 6, 16), date(2020, 6, 17), last,
    )}  # fmt: skip
    assert list(found.values()) == [None, 18, 12, 9, 9, 6, 6]


def test_what_lapses_is_listed_unless_it_is_replaced_or_does_not_count(towns, bureau):
    soon = certificate(enterprise(town=towns[0]), date(2016, 8, 1), by=bureau)
    certificate(enterprise(town=towns[0]), date(2018, 8, 1), by=bureau)
    renewed = enterprise(town=towns[1])
    certificate(renewed, date(2016, 9, 1), by=bureau)
    certificate(renewed, date(2019, 5, 1), by=bureau)
    gone = certificate(enterprise(town=towns[1]), date(2016, 9, 1), by=bureau)
    event(gone, EventKind.MOVED_OUT, date(2018, 1, 1), by=bureau)
    certificate(enterprise(town=towns[1]), date(2016, 9, 1), by=bureau, issued_here=False)
    assert [(one.certificate, one.months, one.band) for one in expiring(DAY, 18)] == [(soon, 1, 6)]
    officer = person(Role.TOWN_OFFICER, towns[1])
    assert expiring(DAY, 18, person=officer) == []
