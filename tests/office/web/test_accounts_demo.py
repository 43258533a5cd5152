"""One click opens the demo city, and nothing else; the demo does not start where others reach it."""

import pytest
from django.urls import NoReverseMatch, reverse

from peiyu.office.accounts.models import Duty, Role
from peiyu.office.config.environment import Environment, Misconfigured, OneDoor
from peiyu.office.foundation.models import AccessLine, OfficeDay, RecordLine
from tests.office.conftest import as_demo
from tests.office.factories import DAY, administrator, body, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    with as_demo():
        OfficeDay.objects.create(day=DAY)
        yield


def test_outside_the_demo_the_addresses_do_not_exist(client):
    one = person(Role.BUREAU_HEAD)
    OfficeDay.objects.create(day=DAY)
    for name in ("demo_log_in", "demo_day"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/demo/log-in/", "/demo/day/"):
        assert client.post(path, {"person": one.pk, "day": "2019-06-18"}).status_code == 404
    assert one.name not in client.get(reverse("account_login")).content.decode()


def test_the_log_in_offers_some_of_each_role_by_group(client, demo):
    people = [person(role) for role in Role] + [
        administrator(duty) for duty in (Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT)
    ]
    for _ in range(9):
        person(Role.OWNER)
    towns = [person(Role.TOWN_OFFICER, body()) for _ in range(9)]
    page = client.get(reverse("account_login"))
    groups = page.context["groups"]
    assert [name for name, _ in groups] == [
        "市领导和市科技局", "镇和园区", "部门", "服务方", "企业", "三员",
    ]  # fmt: skip
    offered = [one for _, group in groups for one in group]
    assert set(people) <= set(offered)
    assert set(towns) <= set(offered), "one of each place, whichever the guide names"
    assert len([one for one in offered if one.duty == Duty.ENTERPRISE]) == 6
    assert all(one.name in page.content.decode() for one in people)


def test_one_click_logs_in_and_stands_in_the_log(client, demo):
    first, second = person(Role.BUREAU_HEAD), administrator(Duty.SECURITY)
    for one in (first, second):
        answer = client.post(reverse("demo_log_in"), {"person": one.pk, "next": "/me/"})
        assert answer.url == "/me/"
        assert client.get("/me/").context["me"] == one
    assert AccessLine.objects.order_by("id").first().detail == "演示登录"


@pytest.mark.parametrize("asked", ["", "0", "x", "-1", "１", "9" * 30, "\x00", "😀"])
def test_nonsense_logs_nobody_in(client, demo, asked):
    assert client.post(reverse("demo_log_in"), {"person": asked}).status_code == 404
    assert client.get("/me/").status_code == 302


def test_whom_the_page_does_not_offer_one_click_does_not_open(client, demo):
    hidden = [person(Role.OWNER) for _ in range(4)][-1]
    gone = person(Role.TAX, is_active=False)
    for one in (hidden, gone, person()):
        assert client.post(reverse("demo_log_in"), {"person": one.pk}).status_code == 404


def test_a_database_without_the_mark_of_the_demo_opens_nothing(client, demo):
    one = person(Role.BUREAU_HEAD)
    OfficeDay.objects.all().delete()
    assert client.post(reverse("demo_log_in"), {"person": one.pk}).status_code == 404
    assert one.name not in client.get(reverse("account_login")).content.decode()


def test_one_click_leads_nowhere_else(client, demo):
    one = person(Role.BUREAU_HEAD)
    given = {"person": one.pk, "next": "https://evil.example/"}
    assert client.post(reverse("demo_log_in"), given).url == "/"


def test_the_day_is_moved_and_stands_in_the_record(client, demo):
    one = person(Role.BUREAU_HEAD)
    given = {"day": "2019-07-01", "next": "/me/"}
    assert client.post(reverse("demo_day"), given).url.startswith(reverse("account_login"))
    client.post(reverse("demo_log_in"), {"person": one.pk})
    assert client.post(reverse("demo_day"), given).url == "/me/"
    assert str(OfficeDay.objects.get().day) == "2019-07-01"
    assert RecordLine.objects.get(action="foundation.day.set").actor_id == one.pk
    for wrong in ("", "2019-02-30", "9999-99-99", "\x00", "😀"):
        client.post(reverse("demo_day"), {"day": wrong})
    assert str(OfficeDay.objects.get().day) == "2019-07-01"


@pytest.mark.parametrize(
    ("more", "starts"),
    [
        ({}, True),
        ({"PEIYU_DATABASE": "postgresql:///peiyu?host=/tmp/pg"}, True),
        ({"PEIYU_DATABASE": "postgresql://u:p@localhost/peiyu"}, True),
        ({"PEIYU_DATABASE": "postgresql://u:p@db.jiyuan.example/peiyu"}, False),
        ({"PEIYU_HOSTS": "office.example"}, False),
        (
            {
                "PEIYU_OIDC_ISSUER": "https://sso.example",
                "PEIYU_OIDC_CLIENT": "c",
                "PEIYU_OIDC_SECRET": "s",
            },
            False,
        ),
    ],
)
def test_the_demo_serves_this_machine_only(monkeypatch, more, starts):
    for name in ("PEIYU_HOSTS", "PEIYU_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PEIYU_DEMO", "1")
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    assert (Environment.read().why_no_demo() == "") is starts


@pytest.mark.parametrize(
    ("issuer", "client", "secret", "good"),
    [
        ("", "", "", True),
        ("https://sso.example/realm", "c", "s", True),
        ("https://sso.example/realm", "", "s", False),
        ("http://sso.example/realm", "c", "s", False),
    ],
)
def test_single_sign_on_is_set_fully_or_not(monkeypatch, issuer, client, secret, good):
    for name, value in (("ISSUER", issuer), ("CLIENT", client), ("SECRET", secret)):
        monkeypatch.setenv(f"PEIYU_OIDC_{name}", value)
    if good:
        door = OneDoor.read()
        assert door is None if not issuer else door.origin == "https://sso.example"
    else:
        with pytest.raises(Misconfigured):
            OneDoor.read()
