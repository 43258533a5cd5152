"""The goals of the plan: exact at the bound, as of a day, each with the reading that is in force."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from peiyu.office.accounts.models import Role
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import Conflict, NotAllowed, Refused, SeveralRefused
from peiyu.office.foundation.sources import of_document
from peiyu.office.goals.actions import state_share, withdraw_share
from peiyu.office.goals.models import ShareFigure
from peiyu.office.goals.permissions import reads_goals
from peiyu.office.goals.queries import newest_share, percent, progress, standing_shares, versions_of
from peiyu.office.policies.actions import choose_reading
from peiyu.office.qualifications.models import EventKind
from peiyu.office.statistics.counts import by_body, by_month, by_year, month_ends, recognised
from peiyu.policy.parameters import NotInForce
from peiyu.policy.plan import plan_on, reaches_share
from tests.office.factories import DAY, body, enterprise, person
from tests.office.qualifications.given import certificate, event

FORTY = plan_on(DAY).share
pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def statistics():
    return person(Role.STATISTICS)


def stated(by, part="38", whole="100", year=2018, month=12, on=DAY, **more):
    source = of_document("统计月报", actor=by)
    return state_share(
        year=year, month=month, part=Decimal(part), whole=Decimal(whole), source=source, on=on, actor=by, **more
    )  # fmt: skip


# -- the plan


def test_the_plan_is_that_of_the_city():
    plan = plan_on(DAY)
    assert (plan.first_year, plan.last_year, plan.new, plan.stock_exceeds) == (2017, 2021, 25, 35)
    assert list(plan.years(DAY)) == [2017, 2018, 2019] and len(plan.years(date(2030, 1, 1))) == 5
    with pytest.raises(NotInForce):
        plan_on(date(2016, 12, 31))


@pytest.mark.parametrize(
    ("part", "whole", "points", "reached"),
    [(38, 100, 2, True), (3799999, 10000000, 2, False), (40, 100, 0, True), (0, 0, 5, False),
     (39999, 100000, 0, False)],
)  # fmt: skip
def test_about_forty_is_exact_at_its_bound(part, whole, points, reached):
    assert reaches_share(part, whole, FORTY, points) is reached


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_a_share_shown_is_within_half_a_hundredth_of_what_it_is(part, whole):
    shown = int(percent(part, whole) * 100)
    assert 2 * shown * whole - whole <= 20_000 * part < 2 * shown * whole + whole


# -- stating the series


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"year": 2009}, "year"), ({"month": 0}, "month"), ({"month": 13}, "month"),
        ({"year": 2019, "month": 6}, "month"), ({"part": "101"}, "part"),
        ({"part": "-1"}, "part"),
        ({"part": "0", "whole": "0"}, "whole"), ({"part": "0.001"}, "part"), ({"whole": "1e30"}, "whole"),
        ({"part": "NaN"}, "part"), ({"whole": "Infinity"}, "whole"),
    ],
)  # fmt: skip
def test_what_can_be_no_share_is_refused(bureau, values, field):
    with pytest.raises(SeveralRefused) as several:
        stated(bureau, **values)
    assert field in {one.field for one in several.value.refusals}
    assert not ShareFigure.objects.exists()


def test_who_states_the_share(bureau, statistics):
    for who in (
        person(Role.TAX),
        person(Role.LEADER),
        person(Role.TOWN_OFFICER),
        person(Role.OWNER),
    ):
        with pytest.raises(NotAllowed):
            stated(who)
    assert stated(statistics).version == 1
    assert stated(bureau, year=2017).version == 1


def test_a_correction_is_a_new_version_with_a_reason(statistics):
    first = stated(statistics)
    assert stated(statistics).pk == first.pk, "the same again is nothing new"
    with pytest.raises(Refused, match="理由"):
        stated(statistics, "39", seen=1)
    with pytest.raises(Conflict):
        stated(statistics, "39", seen=0, reason="快报改年报")
    second = stated(statistics, "39", seen=1, reason="快报改年报")
    assert [row.version for row in versions_of(2018, 12)] == [2, 1]
    assert standing_shares() == [second] and standing_shares(DAY - timedelta(days=1)) == []
    line = RecordLine.objects.filter(action="goals.sharefigure.state").last()
    assert line.values["part"] == ["38.00", "39"] and line.reason == "快报改年报"
    with pytest.raises(DatabaseError), transaction.atomic():
        ShareFigure.objects.update(part=1)


def test_what_was_stated_is_taken_back_and_stated_anew(statistics):
    with pytest.raises(Refused, match="不用撤回"):
        withdraw_share(year=2018, month=12, reason="x", on=DAY, actor=statistics)
    stated(statistics)
    with pytest.raises(Refused, match="理由"):
        withdraw_share(year=2018, month=12, reason=" ", on=DAY, actor=statistics)
    withdraw_share(year=2018, month=12, reason="来源有误", on=DAY, actor=statistics)
    assert standing_shares() == [] and progress(DAY).share is None
    assert stated(statistics, "39").version == 3


def test_the_newest_share_is_of_the_latest_months_that_were_over(statistics):
    stated(statistics, "30", year=2017)
    stated(statistics, "36", year=2019, month=3)
    stated(statistics, "35", year=2018)
    assert newest_share(DAY).figure.year == 2019
    assert newest_share(date(2019, 3, 31)).figure.year == 2018
    assert newest_share(date(2018, 6, 1)).figure.year == 2017


# -- how far the goals are


def test_the_goals_are_counted_as_of_a_day_by_its_readings(bureau, statistics):
    towns = [body(), body()]
    for at in range(3):
        certificate(enterprise(town=towns[at % 2]), date(2017 + at, 3, 1), by=bureau)
    certificate(enterprise(town=towns[0]), date(2016, 12, 1), by=bureau)
    stated(statistics, "38")
    now = progress(DAY)
    assert (now.new, now.stock, now.stock_aim, now.share_reached) == (3, 4, 36, True)
    words = {key: said.say() for key, said in now.distances().items()}
    assert words == {"new": "还差22家", "stock": "还差32家", "share": "已达到（不低于38%）"}
    assert (progress(date(2018, 12, 31)).new, progress(date(2018, 12, 31)).stock) == (2, 3)
    head = person(Role.BUREAU_HEAD)
    choose_reading(key="stock_goal", value=35, from_on=DAY, reason="会议", actor=head)
    choose_reading(key="value_added_share", value=1, from_on=DAY, reason="会议", actor=head)
    assert progress(DAY).stock_aim == 35 and progress(DAY).share_reached is False
    assert progress(DAY).distances()["share"].say() == "离39%还差1.00个百分点"
    assert progress(DAY - timedelta(days=1)).stock_aim == 36


def test_a_goal_is_reached_at_its_number_and_beyond():
    now = progress(DAY)
    for value, words in ((24, "还差1家"), (25, "已达到"), (27, "已达到，多2家")):
        object.__setattr__(now, "new", value)
        assert now.distances()["new"].say() == words and now.new_reached == (value >= 25)
    assert now.distances()["share"].say() == "还没有数" and now.share_reached is None


def test_a_town_counts_its_own(bureau):
    towns = [body(), body()]
    for at in range(3):
        certificate(enterprise(town=towns[at % 2]), date(2018, 3, 1), by=bureau)
    officer = person(Role.TOWN_OFFICER, towns[0])
    own = progress(DAY, officer)
    assert (own.new, own.stock, own.whole_city) == (2, 2, False)
    assert progress(DAY, person(Role.LEADER)).whole_city
    lines = by_body(DAY, own.counts, person=officer).lines
    assert [(line.body, line.stock, line.new) for line in lines] == [(towns[0], 2, 2)]
    sees = {role for role in Role if reads_goals(person(role))}
    assert Role.COACH not in sees and Role.BANK not in sees and Role.TOWN_OFFICER in sees


def test_sums_over_bodies_are_the_whole_and_zones_come_last(bureau):
    town, zone = body(), body("zone")
    for at in range(4):
        lies = {"town": town, "zone": zone if at % 2 else None}
        certificate(enterprise(**lies), date(2018, 3, 1), by=bureau)
    certificate(enterprise(), date(2018, 3, 1), by=bureau)
    counts = recognised(date(2017, 1, 1), DAY, DAY)
    found = by_body(DAY, counts)
    assert [line.body for line in found.lines] == [town, zone, None]
    assert sum(line.stock for line in found.lines) == found.stock == 5
    assert sum(line.new for line in found.lines) == found.new == 5
    assert found.lines[0].orders["first"] == 2


def test_years_and_months_agree_with_the_days(bureau):
    one = enterprise(town=body())
    old = certificate(one, date(2015, 2, 1), by=bureau)
    certificate(one, date(2018, 1, 20), by=bureau)
    gone = certificate(enterprise(town=body()), date(2017, 5, 1), by=bureau)
    event(gone, EventKind.MOVED_OUT, date(2018, 11, 1), by=bureau)
    counts = recognised(date(2015, 1, 1), DAY, DAY)
    years = by_year(range(2015, 2020), DAY, counts)
    assert [(y.year, y.orders["first"], y.orders["again"], y.new_so_far, y.stock) for y in years] == [
        (2015, 1, 0, 1, 1), (2016, 0, 0, 1, 1), (2017, 1, 0, 2, 2), (2018, 0, 1, 2, 1), (2019, 0, 0, 2, 1),
    ]  # fmt: skip
    assert years[-1].until == DAY and old.last_on == date(2018, 2, 1)
    months = by_month(DAY, 9)
    assert months[0] == (date(2018, 9, 30), 2) and months[-1] == (DAY, 1) and len(months) == 10
    assert month_ends(date(2019, 3, 31), 2) == [
        date(2019, 1, 31),
        date(2019, 2, 28),
        date(2019, 3, 31),
    ]


def test_the_goals_ask_as_much_for_many_as_for_few(bureau):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            progress(DAY)
        return len(captured)

    certificate(enterprise(town=body()), date(2018, 3, 1), by=bureau)
    few = asked()
    for _ in range(9):
        certificate(enterprise(town=body()), date(2018, 3, 1), by=bureau)
    assert asked() == few <= 8
