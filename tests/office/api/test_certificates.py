"""Certificates through the door for programs: as of a day, by body, the goals; what is not seen is not there."""

from datetime import date, timedelta

import pytest

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.accounts.permissions import RECORD
from peiyu.office.enterprises.models import MandateKind
from peiyu.office.foundation.models import OfficeDay
from peiyu.office.goals.actions import state_share
from peiyu.office.qualifications import actions
from peiyu.office.qualifications.models import EventKind
from tests.office.factories import DAY, administrator, body, enterprise, mandate, person
from tests.office.qualifications.given import certificate, event, paper

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DEMO = True
    OfficeDay.objects.update_or_create(pk=1, defaults={"day": DAY})


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def one(town):
    return enterprise("济源市甲机械有限公司", town=town, code="91419001MAX1LX27Q9")


def items(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["items"]


def refused(answer, status, field):
    assert answer.status_code == status, answer.content
    told = answer.json()
    assert set(told) == {"code", "message", "field", "value"}
    assert told["field"] == field
    return told


def test_a_line_tells_what_the_page_tells(one, bureau, program):
    held = certificate(one, date(2016, 12, 1), by=bureau)
    (line,) = items(program(bureau).get(f"{ROOT}/certificates"))
    assert line == {
        "id": held.pk, "number": held.number, "enterprise": one.pk, "name": one.name,
        "code": one.code, "body": one.body.short, "state": "expiring", "recognition": "first",
        "issued_on": "2016-12-01", "last_on": "2019-12-01", "months_left": 5, "gone_from": None,
        "issued_here": True,
    }  # fmt: skip


@pytest.mark.parametrize("on", ["0001-01-01", "1900-01-01"])
@pytest.mark.parametrize("query", ["", "&state=expiring", "&left=18", "&state=gone"])
def test_a_day_beyond_the_calendar_is_told_to_be_none(one, bureau, program, on, query):
    certificate(one, date(2016, 12, 1), by=bureau)
    answer = program(bureau).get(f"{ROOT}/certificates?on={on}{query}")
    assert (answer.status_code, answer.json()["field"]) == (404, "on")


def test_as_of_another_day_the_state_is_that_of_the_day(one, bureau, program):
    held = certificate(one, date(2016, 12, 1), by=bureau)
    event(held, EventKind.REVOKED, date(2018, 5, 4), by=bureau)
    client = program(bureau)
    states = {
        day: [line["state"] for line in items(client.get(f"{ROOT}/certificates?on={day}"))]
        for day in ("2016-11-30", "2017-01-01", "2018-05-03", "2018-05-04")
    }
    assert states == {
        "2016-11-30": [], "2017-01-01": ["in_force"], "2018-05-03": ["in_force"], "2018-05-04": ["gone"],
    }  # fmt: skip


def test_filters_are_those_of_the_page(one, town, bureau, program):
    first = certificate(one, date(2013, 6, 1), by=bureau)
    again = certificate(one, date(2016, 6, 20), by=bureau)
    other = certificate(enterprise("济源市乙电子有限公司", town=body(BodyKind.TOWN)),
                        date(2017, 9, 1), by=bureau)  # fmt: skip
    client = program(bureau)

    def keys(query):
        return [line["id"] for line in items(client.get(f"{ROOT}/certificates?{query}"))]

    assert keys("") == [other.pk, again.pk, first.pk]
    assert keys("order=issued_on") == [first.pk, again.pk, other.pk]
    assert keys("recognition=again") == [again.pk]
    assert keys("state=expired") == [first.pk]
    assert keys("year=2017") == [other.pk]
    assert keys("left=1") == [again.pk]
    assert keys(f"body={town.pk}&state=expiring") == [again.pk]
    assert keys(f"q={other.number}") == [other.pk]
    told = client.get(f"{ROOT}/certificates?limit=2&count=true").json()
    assert told["total"] == 3
    assert [line["id"] for line in items(
        client.get(f"{ROOT}/certificates", {"limit": 2, "after": told["next"]})
    )] == [first.pk]  # fmt: skip


def test_what_cannot_be_asked_is_told_with_its_field(bureau, program):
    client = program(bureau)
    for query, field in (
        ("year=1999", "year"), ("left=0", "left"), ("left=500", "left"), ("state=x", "state"),
        ("on=2019-13-45", "on"), ("on=now", "on"), ("order=name", "order"), ("nothing=1", "nothing"),
        ("recognition=FIRST", "recognition"),
    ):  # fmt: skip
        assert refused(client.get(f"{ROOT}/certificates?{query}"), 422, field)
    for query, field in (
        ("body=999", "body"), ("after=x", "after"), ("on=9999-12-31", "on"), ("on=0001-01-01", "on"),
    ):  # fmt: skip
        assert refused(client.get(f"{ROOT}/certificates?{query}"), 404, field)


def test_one_with_its_events_and_days(one, bureau, program):
    held = certificate(one, date(2016, 12, 1), by=bureau, issuer="河南省")
    event(held, EventKind.RENAMED, date(2017, 3, 1), by=bureau)
    wrong = event(held, EventKind.MOVED_OUT, date(2017, 4, 1), by=bureau)
    actions.withdraw_event(wrong, reason="登错", on=DAY, actor=bureau)
    event(held, EventKind.REVOKED, date(2018, 5, 4), from_on=date(2018, 1, 1), by=bureau)
    told = program(bureau).get(f"{ROOT}/certificates/{held.pk}").json()
    assert {(one["kind"], one["from_on"]) for one in told["events"]} == {
        ("renamed", None), ("revoked", "2018-01-01"),
    }  # fmt: skip
    assert told["counts"] == [{"from_on": "2016-12-01", "to_on": "2017-12-31"}]
    assert (told["issuer"], told["gone_from"], told["version"]) == ("河南省", "2018-01-01", 1)


def test_what_was_taken_back_is_not_there(one, bureau, program):
    held = certificate(one, by=bureau)
    actions.withdraw_certificate(held, reason="登错", on=DAY, actor=bureau)
    client = program(bureau)
    assert items(client.get(f"{ROOT}/certificates")) == []
    refused(client.get(f"{ROOT}/certificates/{held.pk}"), 404, "certificate_id")


def test_each_sees_the_certificates_of_their_own(one, town, bureau, program):
    own = certificate(one, by=bureau)
    foreign = certificate(enterprise("济源市别家有限公司"), by=bureau)
    for role, seen in (
        (Role.TOWN_OFFICER, {own.pk}), (Role.ZONE_OFFICER, set()), (Role.TAX, {own.pk, foreign.pk}),
        (Role.OWNER, {own.pk}), (Role.BANK, {own.pk}), (Role.COACH, {own.pk}),
    ):  # fmt: skip
        who = person(role, town if role == Role.TOWN_OFFICER else None)
        kind = next((kind for kind in MandateKind if kind.value == role.value), None)
        if kind:
            mandate(one, who, kind)
        client = program(who)
        assert {line["id"] for line in items(client.get(f"{ROOT}/certificates"))} == seen
        for held in (own, foreign):
            status = client.get(f"{ROOT}/certificates/{held.pk}").status_code
            assert status == (200 if held.pk in seen else 404)


def test_the_stock_of_a_day_by_body(one, town, bureau, program):
    certificate(one, date(2016, 12, 1), by=bureau)
    certificate(enterprise("济源市别家有限公司"), date(2017, 12, 1), by=bureau)
    client = program(bureau)
    told = client.get(f"{ROOT}/stock").json()
    assert (told["on"], told["known"], told["number"]) == (DAY.isoformat(), DAY.isoformat(), 2)
    assert {(row["body"] or {}).get("short"): row["number"] for row in told["items"]} == {
        town.short: 1, None: 1,
    }  # fmt: skip
    assert client.get(f"{ROOT}/stock?on=2017-06-01").json()["number"] == 1
    before = (DAY - timedelta(days=1)).isoformat()
    assert client.get(f"{ROOT}/stock?known={before}").json()["number"] == 0
    assert client.get(f"{ROOT}/stock?on=9999-12-31").status_code == 404
    officer = person(Role.TOWN_OFFICER, town)
    assert program(officer).get(f"{ROOT}/stock").json()["number"] == 1


def test_the_goals_with_their_distance(one, town, bureau, program):
    certificate(one, date(2018, 12, 1), by=bureau)
    state_share(year=2018, month=6, part=368, whole=1000, source=paper(), on=DAY, actor=bureau)
    told = program(bureau).get(f"{ROOT}/goals").json()
    assert (told["city"], told["first_year"], told["last_year"]) == (True, 2017, 2021)
    new, stock, share = told["items"]
    assert new == {"key": "new", "value": "1", "target": "25", "least": "25", "reached": False,
                   "said": "还差24家", "period": ""}  # fmt: skip
    assert (stock["value"], stock["target"], stock["least"]) == ("1", ">35", "36")
    assert share == {"key": "share", "value": "36.80", "target": "40", "least": "38", "reached": False,
                     "said": "离38%还差1.20个百分点", "period": "2018-06"}  # fmt: skip
    own = program(person(Role.TOWN_OFFICER, town)).get(f"{ROOT}/goals").json()
    assert (own["city"], own["items"][0]["value"], own["items"][0]["reached"]) == (False, "1", None)
    refused(program(bureau).get(f"{ROOT}/goals?on=2010-01-01"), 404, "on")


def test_who_does_not_have_the_counts_does_not_find_them(one, bureau, program):
    owner = person(Role.OWNER)
    mandate(one, owner)
    for path in ("stock", "goals"):
        assert program(owner).get(f"{ROOT}/{path}").status_code == 404
        assert program(bureau, RECORD).get(f"{ROOT}/{path}").status_code == 404
    assert program(person(Role.COACH)).get(f"{ROOT}/goals").status_code == 404
    auditor = program(administrator(Duty.AUDIT), RECORD)
    for path in ("certificates", "stock", "goals"):
        assert auditor.get(f"{ROOT}/{path}").status_code == 404


def test_the_list_asks_as_often_for_many_as_for_few(one, bureau, program, django_assert_max_num_queries):  # fmt: skip
    client = program(bureau)
    certificate(one, by=bureau)
    client.get(f"{ROOT}/certificates")
    with django_assert_max_num_queries(10) as few:
        client.get(f"{ROOT}/certificates")
    for n in range(6):
        certificate(enterprise(f"济源市第{n}有限公司"), by=bureau)
    with django_assert_max_num_queries(len(few)):
        assert len(items(client.get(f"{ROOT}/certificates"))) == 7
