"""Pages of one's own account, of people and of bodies."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from peiyu.office.accounts import actions
from peiyu.office.accounts.models import ApiToken, Appointment, Body, BodyKind, Duty, Role, User
from peiyu.office.enterprises.models import Enterprise, MandateKind
from peiyu.office.foundation.models import RecordLine
from tests.office.factories import LONG_AGO, administrator, again, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
OFFICIALS = [
    role for role in Role if role not in (Role.OWNER, Role.ACCOUNTANT, Role.BANK, Role.AGENCY)
]
OUTSIDE = [Role.OWNER, Role.ACCOUNTANT, Role.BANK, Role.AGENCY]
HOSTILE = [
    "\x00",
    "\x07",
    "x" * 10_000,
    "😀" * 200,
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
]


@pytest.fixture
def keeper():
    return administrator(Duty.SECURITY)


def as_one(client, one):
    client.force_login(again(one))
    return client


READERS = ["people", "bodies", "responsible_bodies"]
KEEPERS = ["person_add", "hand_over", "body_add"]
OF_PERSON = [
    "person_change",
    "person_appoint",
    "person_password",
    "person_second_factor",
    "person_leave",
    "person_come_back",
]
OF_BODY = ["body_rename", "body_move", "body_close"]


def every_kind():
    """One of each kind of reader, with what they may open."""
    for role in OFFICIALS:
        units = role in (Role.BUREAU_HEAD, Role.BUREAU_OFFICER)
        yield person(role), {"read", "unit"} if units else {"read"}
    for role in OUTSIDE:
        yield person(role), set()
    yield person(), set()
    yield administrator(Duty.SYSTEM), set()
    yield administrator(Duty.AUDIT), {"read"}
    yield administrator(Duty.SECURITY), {"read", "keep", "unit"}


def test_who_may_open_which_page(client):
    other, there = person(Role.TOWN_OFFICER), body()
    held = other.appointments.get()
    pages = {
        **{reverse(name): "read" for name in READERS},
        **{reverse(name): "keep" for name in KEEPERS},
        reverse("person", args=[other.pk]): "read",
        reverse("body", args=[there.pk]): "read",
        reverse("body_unit", args=[there.pk]): "unit",
        reverse("appointment_end", args=[other.pk, held.pk]): "keep",
        **{reverse(name, args=[other.pk]): "keep" for name in OF_PERSON},
        **{reverse(name, args=[there.pk]): "keep" for name in OF_BODY},
        reverse("account"): "self",
        reverse("me_password"): "self",
    }
    wrong = []
    for one, rights in every_kind():
        as_one(client, one)
        for path, right in pages.items():
            wanted = 200 if right in rights | {"self"} else 404
            if (got := client.get(path).status_code) != wanted:
                wrong.append((one.duty, [*one.access.roles], path, got))
            posted = client.post(path).status_code
            if wanted == 404 and posted != 404:
                wrong.append((one.duty, [*one.access.roles], path, "POST", posted))
    assert wrong == []
    assert not RecordLine.objects.exists()


def test_nobody_opens_the_page_of_whom_they_may_not_see(client):
    officer, owner = person(Role.TOWN_OFFICER), person(Role.OWNER)
    keeper, gone = administrator(Duty.SECURITY), person(Role.TAX, is_active=False)
    as_one(client, officer)
    for hidden in (owner, keeper, gone):
        assert client.get(reverse("person", args=[hidden.pk])).status_code == 404
        assert hidden.name not in client.get(reverse("people")).content.decode()


def test_officials_see_telephone_numbers_masked(client, keeper):
    other = person(Role.TAX, phone="13812345678", email="tax@jy.example")
    path = reverse("person", args=[other.pk])
    assert "13812345678" in as_one(client, keeper).get(path).content.decode()
    for reader in (person(Role.TOWN_OFFICER), administrator(Duty.AUDIT)):
        page = as_one(client, reader).get(path).content.decode()
        assert "13812345678" not in page and "tax@" not in page
        assert "138****5678" in page


def test_the_keeper_does_not_keep_their_own_account(client, keeper):
    as_one(client, keeper)
    for name in OF_PERSON:
        assert client.get(reverse(name, args=[keeper.pk])).status_code == 404
    assert "重置" not in client.get(reverse("person", args=[keeper.pk])).content.decode()


def test_an_account_from_adding_to_leaving(client, keeper):
    as_one(client, keeper)
    page = client.post(
        reverse("person_add"),
        {"username": "wang.fang", "name": "王芳", "duty": "office", "phone": "", "email": ""},
    )
    new = User.objects.get(username="wang.fang")
    password = page.context["secret"]
    assert new.check_password(password)
    assert "no-store" in page["Cache-Control"]
    town = body()
    given = {"role": Role.TOWN_OFFICER, "body": town.pk, "from_on": "2019-06-17", "title": "专干"}
    answer = client.post(reverse("person_appoint", args=[new.pk]), given)
    assert answer.url == reverse("person", args=[new.pk])
    assert "专干" in client.get(answer.url).content.decode()
    held = new.appointments.get()
    end = {"on": TODAY().isoformat(), "reason": "调整"}
    client.post(reverse("appointment_end", args=[new.pk, held.pk]), end)
    assert new.appointments.get().until_on == TODAY()
    reset = client.post(reverse("person_password", args=[new.pk]), {"reason": "忘记"})
    assert again(new).check_password(reset.context["secret"])
    client.post(
        reverse("person_leave", args=[new.pk]), {"on": TODAY().isoformat(), "reason": "调离"}
    )
    assert not again(new).is_active
    back = client.post(reverse("person_come_back", args=[new.pk]), {"reason": "调回"})
    assert again(new).check_password(back.context["secret"])
    lines = RecordLine.objects.filter(actor_id=keeper.pk).order_by("id")
    assert [line.action.removeprefix("accounts.") for line in lines] == [
        "person.add",
        "appointment.give",
        "appointment.end",
        "person.reset_password",
        "person.leave",
        "person.come_back",
    ]


def test_a_refusal_stands_at_its_field(client, keeper):
    one = person()
    given = {"role": Role.TOWN_OFFICER, "body": body(BodyKind.BANK).pk, "from_on": "2019-06-17"}
    answer = as_one(client, keeper).post(reverse("person_appoint", args=[one.pk]), given)
    assert "body" in answer.context["form"].errors
    assert "须挂在" in answer.content.decode()


def test_a_conflict_shows_both_values(client):
    one = person(phone="111111")
    as_one(client, one)
    client.post(reverse("me_data"), {"version": 1, "phone": "222222", "email": ""})
    answer = client.post(reverse("me_data"), {"version": 1, "phone": "333333", "email": ""})
    page = answer.content.decode()
    assert "222222" in page and "333333" in page
    assert again(one).phone == "222222"


def test_a_hand_over_passes_roles(client, keeper):
    giver, taker = person(Role.TOWN_OFFICER), person()
    as_one(client, keeper)
    given = {"from_person": giver.pk, "to_person": taker.pk, "on": TODAY().isoformat()}
    answer = client.post(reverse("hand_over"), given)
    assert answer.url == reverse("person", args=[taker.pk])
    assert again(taker).access.has(Role.TOWN_OFFICER)
    assert not again(giver).access.has(Role.TOWN_OFFICER)


def test_a_hand_over_passes_the_enterprises_of_a_coach(client, keeper):
    giver, taker = person(Role.COACH), person()
    coached, advised = enterprise(), enterprise()
    mandate(coached, giver, MandateKind.COACH)
    mandate(advised, giver, MandateKind.COACH)
    mandate(advised, taker, MandateKind.COACH)
    as_one(client, keeper)
    tomorrow = TODAY() + timedelta(days=1)
    given = {"from_person": giver.pk, "to_person": taker.pk, "on": tomorrow.isoformat()}
    assert client.post(reverse("hand_over"), given).status_code == 302
    assert set(Enterprise.objects.visible_to(again(giver))) == {coached, advised}
    assert set(Enterprise.objects.visible_to(again(taker))) == {advised}
    given["on"] = TODAY().isoformat()
    client.post(reverse("hand_over"), given)
    ended = giver.mandates.filter(until_on=TODAY() - timedelta(days=1))
    assert ended.count() == 2
    assert not Enterprise.objects.visible_to(again(giver)).exists()
    assert advised.mandates.filter(person=taker).count() == 1
    assert coached.mandates.filter(person=taker, from_on=tomorrow).count() == 1
    lines = RecordLine.objects.filter(action="enterprises.mandate.hand_over")
    assert {line.about_key for line in lines} == {str(coached.pk), str(advised.pk)}


def test_a_delegation_is_given_and_revoked(client):
    giver, taker = person(Role.TOWN_OFFICER), person()
    as_one(client, giver)
    given = {
        "taker": taker.pk,
        "from_on": TODAY().isoformat(),
        "until_on": (TODAY() + timedelta(days=3)).isoformat(),
        "reason": "出差",
    }
    assert client.post(reverse("me_delegate"), given).url == reverse("account")
    assert again(taker).access.has(Role.TOWN_OFFICER)
    one = giver.given.get()
    stranger = person(Role.TAX)
    revoke = reverse("me_delegation_revoke", args=[one.pk])
    assert as_one(client, stranger).post(revoke).status_code == 404
    assert as_one(client, taker).post(revoke).url == reverse("account")
    assert not again(taker).access.has(Role.TOWN_OFFICER)


def test_a_key_is_shown_once(client):
    owner = person(Role.OWNER)
    as_one(client, owner)
    end = (TODAY() + timedelta(days=30)).isoformat()
    given = {"name": "报表程序", "scopes": ["registry:read"], "expires_on": end}
    page = client.post(reverse("me_token_add"), given)
    raw = page.context["secret"]
    assert actions.person_of_token(raw, TODAY()) == (owner, {"registry:read"})
    shown = client.get(reverse("account")).content.decode()
    assert "报表程序" in shown and raw not in shown
    token = ApiToken.objects.get()
    revoke = reverse("me_token_revoke", args=[token.pk])
    assert as_one(client, person(Role.OWNER)).post(revoke).status_code == 404
    as_one(client, owner).post(revoke)
    assert actions.person_of_token(raw, TODAY()) is None


@pytest.mark.parametrize("duty", [Duty.SYSTEM, Duty.SECURITY])
def test_who_could_read_nothing_gets_no_key(client, duty):
    assert as_one(client, administrator(duty)).get(reverse("me_token_add")).status_code == 404


def test_a_body_with_enterprises_is_not_closed(client, keeper):
    town = body()
    enterprise(town=town)
    as_one(client, keeper)
    answer = client.post(reverse("body_close", args=[town.pk]), {"on": TODAY().isoformat()})
    assert "还有1家企业" in answer.content.decode()
    assert Body.objects.get(pk=town.pk).closed_on is None


def test_bodies_are_opened_renamed_and_moved(client, keeper):
    city = body(BodyKind.CITY)
    as_one(client, keeper)
    given = {"kind": "town", "code": "T1", "name": "轵城乡", "opened_on": "2019-06-17"}
    assert client.post(reverse("body_add"), given).url == reverse("bodies")
    town = Body.objects.get(code="T1")
    renamed = {"name": "轵城镇", "on": TODAY().isoformat()}
    client.post(reverse("body_rename", args=[town.pk]), renamed)
    client.post(reverse("body_move", args=[town.pk]), {"parent": city.pk})
    page = client.get(reverse("body", args=[town.pk])).content.decode()
    assert "轵城镇" in page and "轵城乡" in page and city.name in page
    assert "轵城镇" in client.get(reverse("bodies")).content.decode()


@pytest.mark.clause("S4.3a")
def test_the_register_says_what_is_missing(client):
    reader = person(Role.BUREAU_HEAD)
    body(name="空缺镇")
    page = as_one(client, reader).get(reverse("responsible_bodies")).content.decode()
    assert "空缺镇" in page and "空缺" in page and "还没有明确" in page


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_get_a_clear_answer(client, keeper, value):
    one, town = person(phone="111111"), body()
    as_one(client, keeper)
    forms = {
        reverse("person_add"): "username name duty phone email",
        reverse("person_change", args=[one.pk]): "version name phone email",
        reverse("person_appoint", args=[one.pk]): "role body title from_on until_on",
        reverse("person_password", args=[one.pk]): "reason",
        reverse("person_leave", args=[one.pk]): "on reason",
        reverse("hand_over"): "from_person to_person on reason",
        reverse("body_add"): "kind code name short parent unit opened_on",
        reverse("body_rename", args=[town.pk]): "name short on reason",
        reverse("body_move", args=[town.pk]): "parent reason",
        reverse("body_close", args=[town.pk]): "on reason",
        reverse("body_unit", args=[town.pk]): "unit",
        reverse("me_data"): "version phone email",
    }
    for path, fields in forms.items():
        answer = client.post(path, dict.fromkeys(fields.split(), value))
        assert answer.status_code in (200, 302), path
        assert "<script>alert" not in answer.content.decode()
    for name in READERS:
        found = client.get(reverse(name), {"q": value, "duty": value, "body": value, "page": value})
        assert found.status_code == 200
        assert "<script>alert" not in found.content.decode()


@pytest.mark.parametrize("pk", [0, 2**63 - 1, 2**63, 10**30])
def test_numbers_of_nothing_are_not_found(client, keeper, pk):
    as_one(client, keeper)
    for name in ("person", "body", "person_leave"):
        assert client.get(reverse(name, args=[pk])).status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2019-02-30", "2019/06/17", "😀"])
def test_impossible_days_are_refused_at_the_field(client, keeper, day):
    giver, taker = person(Role.TOWN_OFFICER), person()
    given = {"from_person": giver.pk, "to_person": taker.pk, "on": day}
    answer = as_one(client, keeper).post(reverse("hand_over"), given)
    assert "on" in answer.context["form"].errors


def many(number):
    town = body()
    people = User.objects.bulk_create(
        User(username=f"many{town.pk}.{n}", name=f"许多{n}") for n in range(number)
    )
    Appointment.objects.bulk_create(
        Appointment(person=one, body=town, role=Role.TOWN_OFFICER, from_on=LONG_AGO)
        for one in people
    )
    Body.objects.bulk_create(
        Body(
            kind=BodyKind.TOWN,
            code=f"M{town.pk}.{n}",
            name=f"镇{town.pk}.{n}",
            short="镇",
            opened_on=LONG_AGO,
        )
        for n in range(number // 4)
    )


@pytest.mark.parametrize("page", READERS)
def test_lists_ask_as_often_for_many_as_for_few(client, keeper, page):
    as_one(client, keeper)
    client.get(reverse(page))
    counts = []
    for number in (10, 190):
        many(number)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(page)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_english_is_spoken_to_who_chose_it(client):
    one = person(language="en")
    answer = as_one(client, one).get(reverse("account"))
    assert answer["Content-Language"] == "en"
    assert '<html lang="en">' in answer.content.decode()
