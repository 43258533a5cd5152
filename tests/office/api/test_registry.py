"""The registry through the door for programs: what one may see, and nothing else exists."""

import base64
from datetime import date
from typing import get_args

import pytest
from django.test import Client

from peiyu.office.accounts.actions import revoke_token
from peiyu.office.accounts.models import ApiToken, BodyKind, Duty, Role
from peiyu.office.accounts.permissions import RECORD, REGISTRY
from peiyu.office.api import answers, keys
from peiyu.office.api.asked import Listed
from peiyu.office.enterprises.actions import add_contact, merge
from peiyu.office.enterprises.findable import index
from peiyu.office.enterprises.listing import COLUMNS, ORDERS, Filters
from peiyu.office.enterprises.models import EnterpriseCode, MandateKind, Residence
from peiyu.office.foundation.models import AccessKind, AccessLine
from tests.office.factories import DAY, administrator, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
CODE, OTHER = "91419001MAX1LX27Q9", "914190017156118860"


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def officer():
    return person(Role.BUREAU_OFFICER)


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["items"]]


def refused(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    told = answer.json()
    assert set(told) == {"code", "message", "field", "value"}
    assert told["code"] == code
    return told


def test_nobody_reads_without_a_key():
    answer = Client().get(f"{ROOT}/enterprises")
    refused(answer, 401, "unknown")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer py_x", "Basic x", "Bearer \u00e9", "Bearer " + "x" * 9000],
)
def test_what_is_no_key_opens_nothing(header):
    refused(Client().get(f"{ROOT}/me", headers={"Authorization": header}), 401, "unknown")


def test_a_key_ends_when_it_is_revoked(officer, program):
    client = program(officer)
    assert client.get(f"{ROOT}/me").status_code == 200
    revoke_token(ApiToken.objects.get(), actor=officer)
    refused(client.get(f"{ROOT}/me"), 401, "unknown")


def test_a_key_opens_no_more_than_its_scopes(officer, program, town):
    one = enterprise(town=town)
    refused(program(officer, REGISTRY).get(f"{ROOT}/enterprises/{one.pk}/record"), 404, "not_found")
    reader = program(officer, RECORD)
    assert reader.get(f"{ROOT}/enterprises/{one.pk}/record").status_code == 200
    for path in (
        "enterprises",
        f"enterprises/{one.pk}",
        "bodies",
        "search?q=a",
        "policies/documents",
    ):
        refused(reader.get(f"{ROOT}/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.BUREAU_OFFICER, {"own", "foreign"}), (Role.BUREAU_HEAD, {"own", "foreign"}),
        (Role.FINANCE, {"own", "foreign"}), (Role.TAX, {"own", "foreign"}),
        (Role.IP_OFFICE, {"own", "foreign"}), (Role.STATISTICS, {"own", "foreign"}),
        (Role.LEADER, {"own", "foreign"}), (Role.TOWN_OFFICER, {"own"}), (Role.COACH, {"own"}),
        (Role.BANK, {"own"}), (Role.OWNER, {"own"}), (Role.ACCOUNTANT, {"own"}),
        (Role.AGENCY, {"own"}), (Role.ZONE_OFFICER, set()),
    ],
)  # fmt: skip
def test_each_sees_what_is_theirs(role, seen, town, program):
    own, foreign = enterprise("济源市自家有限公司", town=town), enterprise("济源市别家有限公司")
    who = person(role, town if role == Role.TOWN_OFFICER else None)
    kind = next((kind for kind in MandateKind if kind.value == role.value), None)
    if kind:
        mandate(own, who, kind)
    client = program(who)
    listed = set(names(client.get(f"{ROOT}/enterprises")))
    found = {hit["name"] for hit in client.get(f"{ROOT}/search?q=有限公司").json()["enterprises"]}
    assert found <= listed
    for word, row in (("own", own), ("foreign", foreign)):
        assert (row.name in listed) == (word in seen)
        for part in ("", "/record", "/contacts"):
            answer = client.get(f"{ROOT}/enterprises/{row.pk}{part}")
            if word not in seen:
                told = refused(answer, 404, "not_found")
                nothing = client.get(f"{ROOT}/enterprises/999999{part}").json()
                assert {**told, "value": "", "message": ""} == {
                    **nothing,
                    "value": "",
                    "message": "",
                }
            elif part != "/contacts":
                assert answer.status_code == 200


def test_administrators_read_no_registry(program):
    auditor = program(administrator(Duty.AUDIT), RECORD)
    refused(auditor.get(f"{ROOT}/enterprises"), 404, "not_found")
    refused(auditor.get(f"{ROOT}/enterprises/{enterprise().pk}/record"), 404, "not_found")


def test_a_line_has_what_the_list_has():
    assert set(answers.Line.model_fields) == {column.key for column in COLUMNS}


def test_what_the_page_filters_by_the_api_does_too():
    only_on_the_page = {"chosen"}  # rows ticked there
    assert set(Listed.model_fields) - {"order", "count", "after", "limit"} == (
        set(Filters.base_filters) - only_on_the_page
    )
    assert {
        key.removeprefix("-") for key in get_args(Listed.model_fields["order"].annotation)
    } == set(ORDERS)


def test_pages_follow_one_another_without_gap(officer, program):
    made = {enterprise(f"济源市甲{n}有限公司").name for n in range(7)}
    client, after, seen = program(officer), "", []
    while True:
        answer = client.get(
            f"{ROOT}/enterprises", {"limit": 3, "order": "-name", "after": after, "count": "true"}
        )
        told = answer.json()
        assert told["total"] == 7
        seen += names(answer)
        after = told["next"]
        if not after:
            break
    assert len(seen) == 7
    assert set(seen) == made


def test_a_mark_of_another_order_is_no_page(officer, program):
    for _ in range(3):
        enterprise()
    client = program(officer)
    mark = client.get(f"{ROOT}/enterprises", {"limit": 1}).json()["next"]
    told = refused(
        client.get(f"{ROOT}/enterprises", {"order": "code", "after": mark}), 404, "not_found"
    )
    assert told["field"] == "after"


def test_filters_are_those_of_the_page(officer, program, town):
    here = enterprise(town=town, established_on=date(2015, 3, 1))
    index(here)
    enterprise(established_on=date(2010, 3, 1))
    client = program(officer)
    for asked in ({"town": town.pk}, {"founded_from": "2012-01-01"}, {"q": here.name}):
        assert names(client.get(f"{ROOT}/enterprises", asked)) == [here.name], asked
    assert len(names(client.get(f"{ROOT}/enterprises", {"lacks": ["code", "field"]}))) == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"founded_from": "2012-13-01"}, "founded_from"), ({"founded_from": "0"}, "founded_from"),
        ({"founded_to": "昨天"}, "founded_to"), ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"), ({"limit": "1e2"}, "limit"), ({"limit": "9" * 5000}, "limit"),
        ({"status": "gone,merged"}, "status"), ({"industry": "Z"}, "industry"),
        ({"q": "长" * 101}, "q"), ({"merged": "yes"}, "merged"), ({"order": "town"}, "order"),
        ({"town": "x"}, "town"), ({"town": "0"}, "town"), ({"zone": "-" + "9" * 40}, "zone"),
        ({"twon": "1"}, "twon"), ({"field": "\x00"}, "field"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(asked, field, officer, program):
    told = refused(program(officer).get(f"{ROOT}/enterprises", asked), 422, "refused")
    assert told["field"] == field
    assert len(told["value"]) <= 100


def test_the_wrong_one_of_many_is_told(officer, program, town):
    asked = {"town": [town.pk, "x", town.pk]}
    told = refused(program(officer).get(f"{ROOT}/enterprises", asked), 422, "refused")
    assert (told["field"], told["value"]) == ("town", "x")


def test_problems_are_told_in_the_language_of_the_caller(officer, program):
    client = program(officer)
    path = f"{ROOT}/enterprises?limit=0"
    assert "最小1" in client.get(path).json()["message"]
    assert client.get(path, headers={"Accept-Language": "en"}).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["enterprises/" + "9" * 30, "enterprises/" + "9" * 5000, "enterprises/0", "enterprises/-1",
     "enterprises/１", "enterprises/1%00", "enterprises/1.0", "enterprises/a/record",
     "enterprises/1?on=0000-00-00", "enterprises/1?on=2019-02-30", "enterprises/1?on=20190201",
     "policies/settings?on=1", "search", "search?q=", "bodies?on=%00", "me?x=1"],
)  # fmt: skip
def test_hostile_addresses_get_a_clear_answer(path, officer, program):
    assert program(officer).get(f"{ROOT}/{path}").status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing",
        "enterprises/by-code/%00",
        "enterprises/by-code/x",
        "enterprises/by-code/" + "9" * 3000,
        "enterprises/",
        "enterprises/1/2/3",
        "%00",
        "济源",
        "../x",
    ],
)
def test_what_is_not_there_is_told_in_json(path, officer, program):
    refused(program(officer).get(f"{ROOT}/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    "words", ["\x00", "\u202e", "%_'\"\\", "*" * 100, "𠮷" * 50, "🏭", "' OR 1=1 --"]
)
def test_any_words_can_be_searched(words, officer, program):
    client = program(officer)
    assert client.get(f"{ROOT}/search", {"q": words}).status_code == 200
    assert client.get(f"{ROOT}/enterprises", {"q": words}).status_code == 200


@pytest.mark.parametrize(
    "mark",
    ['["name","a\\u0000",1]', '["name","\\ud800",1]', '["name",{},1]', '["name",null,1]', "[]", "{}",
     '["name","a",99999999999999999999]', '["changed_at","0001-01-01T00:00:00+14:00",1]', "\x00"],
)  # fmt: skip
def test_a_mark_made_up_breaks_nothing(mark, officer, program):
    made = base64.urlsafe_b64encode(mark.encode(errors="surrogatepass")).decode().rstrip("=")
    client = program(officer)
    for order in ("name", "changed_at"):
        answer = client.get(f"{ROOT}/enterprises", {"after": made, "order": order})
        assert answer.status_code in (200, 404)


def test_only_reading_is_allowed(officer, program):
    client = program(officer)
    for path in ("enterprises", "enterprises/1", "me"):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(f"{ROOT}/{path}")
            refused(answer, 405, "read_only")
            assert answer["Allow"] == "GET"


def test_an_old_code_leads_to_its_bearer(officer, program):
    one = enterprise(code=CODE)
    EnterpriseCode.objects.create(enterprise=one, code=OTHER, until_on=DAY)
    client = program(officer)
    for code in (CODE, OTHER, CODE.lower()):
        assert client.get(f"{ROOT}/enterprises/by-code/{code}").json()["id"] == one.pk
    told = refused(client.get(f"{ROOT}/enterprises/by-code/91419001MA3X1LX27Q"), 404, "not_found")
    assert told["field"] == "code"


def test_a_merged_entry_leads_to_the_one_kept(officer, program):
    kept, gone = (
        enterprise("济源市留有限公司", code=CODE),
        enterprise("济源市并有限公司", code=OTHER),
    )
    merge(gone, into=kept, on=DAY, reason="重复登记", actor=officer)
    client = program(officer)
    assert client.get(f"{ROOT}/enterprises/by-code/{OTHER}").json()["id"] == kept.pk
    told = client.get(f"{ROOT}/enterprises/{gone.pk}").json()
    assert (told["status"], told["merged_into"]) == ("merged", kept.pk)
    assert names(client.get(f"{ROOT}/enterprises")) == [kept.name]
    assert len(names(client.get(f"{ROOT}/enterprises?merged=true"))) == 2


def test_a_code_of_what_one_may_not_see_is_no_code(program):
    enterprise(code=CODE)
    refused(
        program(person(Role.ZONE_OFFICER)).get(f"{ROOT}/enterprises/by-code/{CODE}"),
        404,
        "not_found",
    )


def test_history_and_the_body_of_a_day(officer, program, town):
    one, other = enterprise("济源市旧名有限公司", town=town), body(BodyKind.TOWN, "坡头镇")
    Residence.objects.filter(enterprise=one).update(until_on=date(2019, 5, 31))
    Residence.objects.create(enterprise=one, town=other, body=other, from_on=date(2019, 6, 1))
    client = program(officer)
    before = client.get(f"{ROOT}/enterprises/{one.pk}?on=2019-05-31").json()
    after = client.get(f"{ROOT}/enterprises/{one.pk}?on=2019-06-01").json()
    assert before["attribution"]["body"]["name"] == "克井镇"
    assert after["attribution"]["body"]["name"] == "坡头镇"
    assert len(after["residences"]) == 2
    assert [one["name"] for one in after["names"]] == ["济源市旧名有限公司"]


def test_the_same_answer_is_not_sent_twice(officer, program):
    one = enterprise()
    client = program(officer)
    first = client.get(f"{ROOT}/enterprises/{one.pk}")
    again = {"If-None-Match": first["ETag"]}
    assert client.get(f"{ROOT}/enterprises/{one.pk}", headers=again).status_code == 304
    one.version += 1
    one.save()
    assert client.get(f"{ROOT}/enterprises/{one.pk}", headers=again).status_code == 200


def test_contacts_only_for_those_who_must_reach_it_and_each_reading_is_logged(
    town, program, officer
):
    one = enterprise(town=town)
    add_contact(one, name="孙玉芬", phone="13800138000", actor=officer)
    assert "孙玉芬" not in program(officer).get(f"{ROOT}/enterprises/{one.pk}").content.decode()
    refused(
        program(person(Role.TAX)).get(f"{ROOT}/enterprises/{one.pk}/contacts"), 404, "not_found"
    )
    assert not AccessLine.objects.filter(kind=AccessKind.SECRET).exists()
    own = person(Role.TOWN_OFFICER, town)
    client = program(own)
    for _ in range(2):
        assert (
            client.get(f"{ROOT}/enterprises/{one.pk}/contacts").json()["items"][0]["name"]
            == "孙玉芬"
        )
    lines = AccessLine.objects.filter(kind=AccessKind.SECRET, actor=own, key=str(one.pk))
    assert lines.count() == 2


def test_personal_values_never_stand_in_the_record(officer, program):
    one = enterprise()
    add_contact(one, name="孙玉芬", phone="13800138000", actor=officer)
    answer = program(officer).get(f"{ROOT}/enterprises/{one.pk}/record")
    (line,) = answer.json()["items"]
    assert set(line["hidden"]) == {"name", "phone"}
    assert "13800138000" not in answer.content.decode()


def test_the_record_of_an_enterprise_goes_on_by_pages(officer, program):
    one = enterprise()
    for n in range(3):
        add_contact(one, name=f"人{n}", actor=officer)
    client = program(officer)
    first = client.get(f"{ROOT}/enterprises/{one.pk}/record?limit=2").json()
    rest = client.get(f"{ROOT}/enterprises/{one.pk}/record?limit=2&after={first['next']}").json()
    ids = [line["id"] for line in (*first["items"], *rest["items"])]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), rest["next"]) == (3, None)


def test_the_use_of_a_key_is_logged_once_in_an_hour(officer, program):
    client = program(officer)
    for _ in range(3):
        client.get(f"{ROOT}/me")
    line = AccessLine.objects.get(kind=AccessKind.API)
    assert (line.actor, line.key) == (officer, str(ApiToken.objects.get().pk))


def test_too_many_calls_are_refused(officer, program, monkeypatch):
    monkeypatch.setattr(keys, "A_MINUTE", 2)
    monkeypatch.setattr(keys.time, "time", lambda: 1_700_000_000)
    client = program(officer)
    answers_ = [client.get(f"{ROOT}/me").status_code for _ in range(3)]
    assert answers_ == [200, 200, 429]
    refused(client.get(f"{ROOT}/me"), 429, "too_many")
    assert program(officer).get(f"{ROOT}/me").status_code == 200


def test_officials_read_with_their_browser_and_others_do_not(client, officer):
    enterprise()
    client.force_login(officer)
    assert len(names(client.get(f"{ROOT}/enterprises"))) == 1
    for other in (person(Role.OWNER), administrator(Duty.AUDIT)):
        client.force_login(other)
        refused(client.get(f"{ROOT}/enterprises"), 401, "unknown")


def test_who_left_opens_nothing(officer, program):
    client = program(officer)
    officer.is_active = False
    officer.save()
    refused(client.get(f"{ROOT}/me"), 401, "unknown")


def test_the_list_asks_the_database_alike_however_long(
    officer, program, django_assert_max_num_queries
):
    client = program(officer)
    client.get(f"{ROOT}/me")
    for _ in range(20):
        enterprise(town=body())
    with django_assert_max_num_queries(8):
        client.get(f"{ROOT}/enterprises")
    with django_assert_max_num_queries(12):
        client.get(f"{ROOT}/enterprises/{enterprise(town=body()).pk}")


def test_bodies_and_policies(officer, program, town):
    client = program(officer)
    assert "克井镇" in [row["name"] for row in client.get(f"{ROOT}/bodies").json()["items"]]
    assert client.get(f"{ROOT}/policies/documents").json() == {"items": [], "next": None}
    told = client.get(f"{ROOT}/policies/settings?on=2019-06-17").json()
    assert {"attribution", "stock_goal"} <= {row["key"] for row in told["items"]}
    assert all(row["default"] for row in told["items"])
    assert client.get(f"{ROOT}/me").json()["scopes"] == [RECORD, REGISTRY]


def test_the_page_for_people_needs_nothing_from_elsewhere(client):
    answer = client.get("/api/")
    text = answer.content.decode()
    assert "/api/v1/enterprises/by-code/{code}" in text
    assert "http://" not in text
    assert "https://" not in text
    assert client.get("/api/v1/openapi.json").json()["paths"]
