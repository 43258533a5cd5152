"""People month by month: as known on a day, with averages that are exact."""

from datetime import timedelta
from fractions import Fraction

import pytest

from peiyu.office.accounts.models import Role
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.sources import of_document
from peiyu.office.reports.models import StaffMonth
from peiyu.office.reports.months import month_history, months_of, years_with_months
from tests.office.factories import body, enterprise, mandate, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return body(name="克井镇")


@pytest.fixture
def one(town):
    return enterprise(town=town)


@pytest.fixture
def officer(town):
    return person(Role.TOWN_OFFICER, town)


def stated(one, by, month, people, *, version=1, ago=0, st=(2, 3), **more):
    return StaffMonth.objects.create(
        enterprise=one, year=2018, month=month, version=version, staff_begin=people[0],
        staff_end=people[1], st_begin=st[0], st_end=st[1], source=of_document("花名册", actor=by),
        recorded_at=office_now(), recorded_on=office_day() - timedelta(days=ago), recorded_by=by, **more,
    )  # fmt: skip


def test_averages_are_of_the_months_stated_and_exact(one, officer):
    for month in range(1, 12):
        stated(one, officer, month, (10, 10 + month % 2))
    found = months_of(one, officer, 2018, office_day())
    assert found.stated == 11 and found.months[11] == (12, None)
    assert [a.value for a in found.averages] == [Fraction(226, 22), Fraction(5, 2)]
    assert {a.article for a in found.averages} == {"G3.5"}
    stated(one, officer, 12, (10, 10), st=(2, None))
    found = months_of(one, officer, 2018, office_day())
    assert [a.value for a in found.averages] == [Fraction(246, 24), None], "one is not known"
    assert months_of(one, officer, 2017, office_day()).averages[0].value is None


def test_what_was_known_on_a_day_and_what_was_taken_back(one, officer):
    stated(one, officer, 1, (5, 5), ago=9)
    stated(one, officer, 1, (7, 7), version=2, ago=3)
    stated(one, officer, 1, (None, None), version=3, withdrawn=True)
    known = [
        months_of(one, officer, 2018, office_day() - timedelta(days=ago)).months[0][1]
        for ago in (10, 5, 2, 0)
    ]
    assert [row and row.staff_begin for row in known] == [None, 5, 7, None]
    assert [row.version for row in month_history(one, officer, 2018, 1)] == [3, 2, 1]
    assert years_with_months(one) == [2018]


def test_who_reads_no_figures_reads_no_months(client, one, officer, town, settings):
    stated(one, officer, 3, (5, 6))
    for who in (person(Role.BANK), person(Role.TOWN_OFFICER, body())):
        assert months_of(one, who, 2018, office_day()) is None
        assert month_history(one, who, 2018, 3) == []
    owner = person(Role.OWNER)
    mandate(one, owner, MandateKind.OWNER)
    client.force_login(owner)
    text = client.get(f"/portal/enterprises/{one.pk}/years/2018/months/").content.decode()
    assert "花名册" in text and "G3.5" in text and "填了1个月" in text
    client.force_login(officer)
    text = client.get(f"/enterprises/{one.pk}/years/2018/months/").content.decode()
    assert "5.5" in text and f"/enterprises/{one.pk}/years/2018/months/3/" in text
    assert "第1版" in client.get(f"/enterprises/{one.pk}/years/2018/months/3/").content.decode()
    assert client.get(f"/enterprises/{one.pk}/years/2018/months/13/").status_code == 404
    assert (
        f"/enterprises/{one.pk}/years/2018/months/"
        in client.get(f"/enterprises/{one.pk}/years/?year=2018").content.decode()
    )
