"""The door of enterprises and the public: one's own, plainly; everything else is not there."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.enterprises.actions import add_contact
from peiyu.office.enterprises.models import Contact, Mandate, MandateKind
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.models import AccessKind, AccessLine, RecordLine
from peiyu.office.notices.models import Message
from peiyu.office.policies.models import Clause, Document, Level
from tests.office.factories import DAY, administrator, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db
KINDS = (MandateKind.OWNER, MandateKind.ACCOUNTANT, MandateKind.AGENCY, MandateKind.BANK)
OFFICIALS = (
    Role.BUREAU_OFFICER,
    Role.BUREAU_HEAD,
    Role.TOWN_OFFICER,
    Role.TAX,
    Role.LEADER,
    Role.COACH,
)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def one(town):
    return enterprise("济源市荻鹬装备有限公司", town=town)


@pytest.fixture
def owner(one):
    who = person(Role.OWNER, name="任秋实")
    mandate(one, who)
    return who


def of(kind, row):
    who = person(kind.value)
    mandate(row, who, kind)
    return who


def private_pages(row):
    pk = row.pk
    return {
        "page": reverse("portal_enterprise", args=[pk]),
        "suggest": reverse("portal_suggest", args=[pk]),
        "contact_add": reverse("portal_contact_add", args=[pk]),
        "mandate_give": reverse("portal_mandate_give", args=[pk]),
        "upload": reverse("portal_upload", args=[pk]),
    }


OPEN_TO = {
    MandateKind.OWNER: {"page", "suggest", "contact_add", "mandate_give", "upload"},
    MandateKind.ACCOUNTANT: {"page", "suggest", "contact_add", "upload"},
    MandateKind.AGENCY: {"page"},
    MandateKind.BANK: {"page"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_opens_the_pages_of_their_own_enterprise_and_no_other(kind, one, client):
    foreign = enterprise("济源市别家有限公司")
    client.force_login(of(kind, one))
    home = client.get(reverse("portal")).content.decode()
    assert one.name in home
    assert foreign.name not in home
    for name, address in private_pages(one).items():
        expected = 200 if name in OPEN_TO[kind] else 404
        assert client.get(address).status_code == expected, name
    for name, address in private_pages(foreign).items():
        assert client.get(address).status_code == 404, name
        assert name == "page" or client.post(address, {}).status_code == 404, name


@pytest.mark.parametrize("role", OFFICIALS)
def test_officials_find_no_private_page_here(role, one, town, client):
    client.force_login(person(role, town if role == Role.TOWN_OFFICER else None))
    addresses = [reverse("portal"), reverse("portal_messages"), *private_pages(one).values()]
    assert {client.get(address).status_code for address in addresses} == {404}


@pytest.mark.parametrize("duty", [Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT])
def test_administrators_find_no_private_page_here(duty, client, settings):
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = False
    client.force_login(administrator(duty))
    assert client.get(reverse("portal")).status_code == 404


def test_private_pages_ask_for_the_log_in(one, client):
    for address in (reverse("portal"), reverse("portal_messages"), *private_pages(one).values()):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]


def test_enterprises_who_open_the_office_come_here(owner, client):
    client.force_login(owner)
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal"))


def test_the_first_page_says_what_is_lacking_and_what_ends(one, owner, client):
    today = office_day()
    mandate(
        one, person(Role.BANK, name="桑远"), MandateKind.BANK, until_on=today + timedelta(days=3)
    )
    client.force_login(owner)
    text = client.get(reverse("portal")).content.decode()
    assert "信用代码" in text
    assert "给桑远的授权" in text
    assert "登记资料齐全" not in text


def test_a_suggestion_reaches_the_officers_and_changes_nothing(one, owner, town, client):
    officers = [person(Role.TOWN_OFFICER, town), person(Role.BUREAU_OFFICER)]
    person(Role.TOWN_OFFICER)
    client.force_login(owner)
    before = one.version
    answer = client.post(
        reverse("portal_suggest", args=[one.pk]), {"text": "成立日期应为2015-03-01"}
    )
    assert answer.status_code == 303
    assert set(Message.objects.values_list("recipient", flat=True)) == {who.pk for who in officers}
    line = RecordLine.objects.get(action="enterprises.enterprise.suggest")
    assert (line.actor, line.reason) == (owner, "成立日期应为2015-03-01")
    one.refresh_from_db()
    assert one.version == before
    assert (
        "成立日期应为2015-03-01"
        in client.get(reverse("portal_enterprise", args=[one.pk])).content.decode()
    )


def test_nobody_floods_the_office_with_suggestions(one, owner, client):
    client.force_login(owner)
    address = reverse("portal_suggest", args=[one.pk])
    answers = [client.post(address, {"text": f"第{n}次"}).status_code for n in range(6)]
    assert answers == [303] * 5 + [422]


@pytest.mark.parametrize("text", ["", " ", "\x00", "长" * 501, "长" * 10_000])
def test_a_suggestion_that_cannot_be_is_refused_with_its_words(text, one, owner, client):
    client.force_login(owner)
    answer = client.post(reverse("portal_suggest", args=[one.pk]), {"text": text})
    assert answer.status_code == 422
    assert text.strip(" \x00") in answer.content.decode()
    assert not RecordLine.objects.exists()


def test_contacts_are_added_changed_and_ended_by_the_enterprise(one, owner, client):
    client.force_login(owner)
    add = reverse("portal_contact_add", args=[one.pk])
    assert (
        client.post(add, {"name": "孙玉芬", "phone": "0391-6633000", "main": "on"}).status_code
        == 303
    )
    contact = Contact.objects.get()
    change = reverse("portal_contact_change", args=[one.pk, contact.pk])
    assert "孙玉芬" in client.get(change).content.decode()
    assert client.post(change, {"name": "孙玉芬", "phone": "0391-6633001"}).status_code == 303
    contact.refresh_from_db()
    assert contact.phone == "0391-6633001"
    assert client.post(reverse("portal_contact_end", args=[one.pk, contact.pk])).status_code == 303
    assert client.get(change).status_code == 404


def test_a_refused_contact_keeps_what_was_typed(one, owner, client):
    client.force_login(owner)
    answer = client.post(
        reverse("portal_contact_add", args=[one.pk]), {"name": "孙玉芬", "phone": "不知道"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "孙玉芬" in text
    assert "不像电话号码" in text


def test_a_contact_of_another_enterprise_is_not_there(one, owner, client):
    other = add_contact(enterprise(), name="别人", actor=person(Role.BUREAU_OFFICER))
    client.force_login(owner)
    for name in ("portal_contact_change", "portal_contact_end"):
        assert client.post(reverse(name, args=[one.pk, other.pk]), {"name": "x"}).status_code == 404


def test_a_bank_reads_no_contact_paper_or_record(one, client):
    add_contact(one, name="孙玉芬", phone="0391-6633000", actor=person(Role.BUREAU_OFFICER))
    client.force_login(of(MandateKind.BANK, one))
    text = client.get(reverse("portal_enterprise", args=[one.pk])).content.decode()
    assert "孙玉芬" not in text
    assert 'id="files"' not in text
    assert 'id="record"' not in text


def test_an_agencys_look_at_contacts_is_logged_and_the_owners_is_not(one, owner, client):
    address = reverse("portal_enterprise", args=[one.pk])
    client.force_login(owner)
    client.get(address)
    assert not AccessLine.objects.filter(kind=AccessKind.SECRET).exists()
    agency = of(MandateKind.AGENCY, one)
    client.force_login(agency)
    client.get(address)
    assert AccessLine.objects.get(kind=AccessKind.SECRET).actor == agency


def test_the_owner_opens_the_enterprise_to_an_agency_and_closes_it_again(one, owner, client):
    agency, helper = body(BodyKind.AGENCY, "求实事务所"), person(Role.AGENCY, name="柯雁")
    client.force_login(owner)
    given = {
        "kind": "agency", "username": helper.username, "name": "柯雁", "body": agency.pk,
        "until_on": (office_day() + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    assert client.post(reverse("portal_mandate_give", args=[one.pk]), given).status_code == 303
    held = Mandate.objects.get(person=helper)
    assert (held.kind, held.body) == ("agency", agency)
    assert client.post(reverse("portal_mandate_revoke", args=[one.pk, held.pk])).status_code == 303
    held.refresh_from_db()
    assert held.revoked_on == office_day()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "别人"}, "没有用户名和姓名都相符"), ({"username": "nobody"}, "没有用户名和姓名都相符"),
        ({"body": ""}, "机构"), ({"until_on": ""}, "截止日"), ({"until_on": "2010-01-01"}, "早于"),
        ({"kind": "owner"}, "owner"), ({"until_on": "9999-99-99"}, "柯雁"), ({"body": "9" * 30}, "柯雁"),
    ],
)  # fmt: skip
def test_a_refused_mandate_says_why_and_keeps_what_was_typed(changed, words, one, owner, client):
    agency, helper = body(BodyKind.AGENCY), person(Role.AGENCY, name="柯雁")
    client.force_login(owner)
    given = {
        "kind": "agency", "username": helper.username, "name": "柯雁", "body": agency.pk,
        "until_on": (office_day() + timedelta(days=90)).isoformat(), **changed,
    }  # fmt: skip
    answer = client.post(reverse("portal_mandate_give", args=[one.pk]), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Mandate.objects.filter(person=helper).exists()


def test_the_accountant_revokes_nobody_but_may_step_back(one, owner, client):
    accountant, bank = of(MandateKind.ACCOUNTANT, one), of(MandateKind.BANK, one)
    client.force_login(accountant)
    held = Mandate.objects.get(person=bank)
    client.post(reverse("portal_mandate_revoke", args=[one.pk, held.pk]))
    held.refresh_from_db()
    assert held.revoked_on is None
    own = Mandate.objects.get(person=accountant)
    answer = client.post(reverse("portal_mandate_revoke", args=[one.pk, own.pk]))
    assert answer["Location"] == reverse("portal")
    assert client.get(reverse("portal_enterprise", args=[one.pk])).status_code == 404


def test_a_bank_ends_no_mandate_of_others(one, owner, client):
    client.force_login(of(MandateKind.BANK, one))
    held = Mandate.objects.get(person=owner)
    assert client.post(reverse("portal_mandate_revoke", args=[one.pk, held.pk])).status_code == 404


def picture():
    out = BytesIO()
    Image.new("RGB", (3, 3), "white").save(out, "PNG")
    return out.getvalue()


def test_a_paper_is_handed_in_and_taken_away_by_the_enterprise_alone(one, owner, client):
    client.force_login(owner)
    sent = {"title": "营业执照", "file": SimpleUploadedFile("执照.png", picture())}
    assert client.post(reverse("portal_upload", args=[one.pk]), sent).status_code == 303
    paper = one.files.get()
    address = reverse("portal_file", args=[one.pk, paper.pk])
    answer = client.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert AccessLine.objects.get(kind=AccessKind.DOWNLOAD).actor == owner
    for other in (of(MandateKind.BANK, one), person(Role.OWNER), person(Role.BUREAU_OFFICER)):
        client.force_login(other)
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ\x90"), ("a.html", b"<script>"), ("a.png", b"x"), ("a.pdf", b"")],
)
def test_what_could_run_is_not_taken(name, content, one, owner, client):
    client.force_login(owner)
    sent = {"title": "执照", "file": SimpleUploadedFile(name, content)}
    answer = client.post(reverse("portal_upload", args=[one.pk]), sent)
    assert answer.status_code == 422
    assert "执照" in answer.content.decode()
    assert not one.files.exists()


def test_messages_are_marked_read(owner, client):
    Message.objects.create(
        recipient=owner,
        title="请核对",
        created_at=RecordLine._meta.get_field("at").to_python("2019-06-17T00:00:00Z"),
    )
    client.force_login(owner)
    assert "请核对" in client.get(reverse("portal_messages")).content.decode()
    assert client.post(reverse("portal_messages")).status_code == 303
    assert not Message.objects.filter(read_at=None).exists()


def test_everyone_reads_the_policies(client, owner):
    first = Document.objects.create(
        number="济政办〔2018〕4号",
        title="培育计划",
        issuer="市政府",
        level=Level.CITY,
        issued_on=DAY,
    )
    Clause.objects.create(
        document=first, place="一（一）", order=1, title="目标", gist="三年翻一番"
    )
    for log_in in (False, True):
        if log_in:
            client.force_login(owner)
        assert client.get(reverse("portal_public")).status_code == 200
        assert "济政办〔2018〕4号" in client.get(reverse("portal_policies")).content.decode()
        assert (
            "三年翻一番" in client.get(reverse("portal_policy", args=[first.pk])).content.decode()
        )
    assert client.get(reverse("portal_policy", args=[first.pk + 1])).status_code == 404
    assert client.post(reverse("portal_policies")).status_code == 405


def test_the_language_is_switched_on_public_pages(client):
    client.cookies["language"] = "en"
    assert '<html lang="en">' in client.get(reverse("portal_public")).content.decode()


@pytest.mark.parametrize(
    "address",
    ["/portal/enterprises/" + "9" * 30 + "/", "/portal/enterprises/0/", "/portal/enterprises/-1/",
     "/portal/enterprises/%00/", "/portal/public/policies/" + "9" * 30 + "/",
     "/portal/public/policies/" + "9" * 5000 + "/", "/portal/nothing/"],
)  # fmt: skip
def test_hostile_addresses_are_not_there(address, owner, client):
    client.force_login(owner)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("mark", ["x", "\x00", "9" * 5000, "WyJuYW1lIiwiYVx1MDAwMCIsMV0"])
def test_a_mark_made_up_breaks_nothing(mark, owner, client):
    client.force_login(owner)
    for name in ("portal", "portal_messages", "portal_policies"):
        assert client.get(reverse(name), {"after": mark}).status_code == 200


def test_buttons_are_pressed_not_visited(one, owner, client):
    client.force_login(owner)
    held = Mandate.objects.get(person=owner)
    assert client.get(reverse("portal_mandate_revoke", args=[one.pk, held.pk])).status_code == 405
    assert client.delete(reverse("portal_suggest", args=[one.pk])).status_code == 405
    assert client.post(reverse("portal")).status_code == 405


def test_the_pages_ask_the_database_alike_however_much_there_is(
    one, owner, client, django_assert_max_num_queries
):
    bureau = person(Role.BUREAU_OFFICER)
    for _ in range(12):
        more = enterprise(town=body())
        mandate(more, owner)
        add_contact(one, name="某人", actor=bureau)
        of(MandateKind.ACCOUNTANT, one)
    client.force_login(owner)
    client.get(reverse("portal"))
    with django_assert_max_num_queries(12):
        client.get(reverse("portal"))
    with django_assert_max_num_queries(28):
        client.get(reverse("portal_enterprise", args=[one.pk]))
