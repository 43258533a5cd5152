"""Changing an enterprise through the door: refusals with what was typed, conflicts, files, people."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from peiyu.office.accounts.models import BodyKind, Duty, Role
from peiyu.office.enterprises.actions import add_contact, edit, write_note
from peiyu.office.enterprises.models import EnterpriseFile, MandateKind, Status
from peiyu.office.foundation.models import AccessKind, AccessLine
from tests.office.factories import DAY, NOW, again, body, enterprise, mandate, person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
HOSTILE = (
    "",
    "9" * 40,
    "x" * 10_000,
    "\0",
    "\u202e",
    "=1+1",
    "<script>",
    "2019-13-45",
    "{{7*7}}",
    "-1",
)
SEEN = {"seen_established_on": "", "seen_legal_form": "", "seen_industry": "", "seen_field": ""}
PAGES = ("edit/", "rename/", "code/", "move/", "close/", "contacts/new/", "mandates/new/")


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def one(town):
    return enterprise("济源市荻鹬装备有限公司", town=town, code="91419001MA3XLX27Q1")


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


def entered(client, who):
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_what_is_corrected_is_saved_and_said(client, one, town):
    entered(client, person(Role.TOWN_OFFICER, town))
    page = f"/enterprises/{one.pk}/edit/"
    assert "seen_industry" in text(client.get(page))
    given = {
        **SEEN,
        "established_on": "2013-04-18",
        "industry": "3599",
        "field": "801",
        "legal_form": "limited",
    }
    answer = client.post(page, given, follow=True)
    assert answer.redirect_chain == [(f"/enterprises/{one.pk}/", 303)] and "已更正" in text(answer)
    one.refresh_from_db()
    assert (one.established_on, one.industry) == (date(2013, 4, 18), "3599")


def test_every_wrong_value_is_said_at_its_field_and_stays(client, one, bureau):
    entered(client, bureau)
    answer = client.post(f"/enterprises/{one.pk}/edit/", {**SEEN, "industry": "9999", "field": "9"})
    assert answer.status_code == 422
    assert (
        "“9999”不是" in text(answer)
        and 'value="9999"' in text(answer)
        and "“9”不是" in text(answer)
    )


def test_two_who_change_the_same_see_both_values_and_lose_nothing(client, one, bureau):
    edit(one, {"industry": "3511"}, seen={"industry": ""}, on=DAY, actor=bureau)
    entered(client, bureau)
    page = f"/enterprises/{one.pk}/edit/"
    answer = client.post(page, {**SEEN, "industry": "3599", "field": "801"})
    said = text(answer)
    assert answer.status_code == 422
    assert "3599" in said and "3511" in said and "所属行业" in said and 'value="801"' in said
    assert 'name="seen_industry" value="3511"' in said
    assert (
        client.post(
            page, {**SEEN, "seen_industry": "3511", "industry": "3599", "field": "801"}
        ).status_code
        == 303
    )
    one.refresh_from_db()
    assert (one.industry, one.field) == ("3599", "801")


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("rename/", {"name": "济源市荻鹬机械有限公司"}),
        ("code/", {"code": "91419001MAX1LX27Q9"}),
        ("move/", {}),
    ],
)
def test_what_has_a_history_wants_a_reason_and_a_day(client, one, bureau, page, given):
    other = body(BodyKind.TOWN)
    given = given or {"town": other.pk}
    entered(client, bureau)
    at = f"/enterprises/{one.pk}/{page}"
    assert client.get(at).status_code == 200
    refused = client.post(at, {**given, "from_on": "2019-06-01", "reason": ""})
    assert refused.status_code == 422 and str(next(iter(given.values()))) in text(refused)
    assert client.post(at, {**given, "from_on": "gestern", "reason": "证明"}).status_code == 422
    assert client.post(at, {**given, "from_on": "2019-06-01", "reason": "证明"}).status_code == 303
    said = text(client.get(f"/enterprises/{one.pk}/history/"))
    assert "2019-05-31" in said


def test_it_is_closed_and_only_the_bureau_reopens_it(client, one, town, bureau):
    entered(client, person(Role.TOWN_OFFICER, town))
    at = f"/enterprises/{one.pk}/"
    assert (
        client.post(
            f"{at}close/", {"status": "active", "on": "2019-06-01", "reason": "x"}
        ).status_code
        == 422
    )
    assert (
        client.post(
            f"{at}close/", {"status": "closed", "on": "2019-06-01", "reason": "注销公告"}
        ).status_code
        == 303
    )
    assert client.get(f"{at}reopen/").status_code == 404
    entered(client, bureau)
    assert client.post(f"{at}reopen/", {}).status_code == 422
    assert client.post(f"{at}reopen/", {"reason": "登错了"}).status_code == 303
    one.refresh_from_db()
    assert one.status == Status.ACTIVE


@pytest.mark.parametrize("page", [*PAGES, "merge/", "reopen/"])
def test_those_who_only_read_find_no_form(client, one, page):
    entered(client, person(Role.FINANCE))
    said = text(client.get(f"/enterprises/{one.pk}/"))
    assert f"/enterprises/{one.pk}/{page}" not in said
    assert client.get(f"/enterprises/{one.pk}/{page}").status_code == 404
    assert client.post(f"/enterprises/{one.pk}/{page}", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("value", HOSTILE)
def test_no_form_breaks(client, one, bureau, value):
    entered(client, bureau)
    fields = ("established_on", "legal_form", "industry", "field", *SEEN, "name", "code", "town", "zone", "from_on",
              "status", "on", "reason", "duty", "phone", "email", "main", "kind", "username", "body", "until_on",
              "title", "replaces", "person", "step", "chosen")  # fmt: skip
    given = dict.fromkeys(fields, value)
    other = enterprise()
    for page in (
        *PAGES,
        f"merge/?into={other.pk}",
        f"not-same/{other.pk}/",
        "notes/new/",
        "files/new/",
    ):
        answer = client.post(f"/enterprises/{one.pk}/{page}", given)
        assert answer.status_code in (303, 404, 422), page
    for act in ("coach", "export", value):
        answer = client.post(
            "/enterprises/bulk/", {**given, "chosen": [one.pk], "act": act, "step": "do"}
        )
        assert answer.status_code in (302, 404, 422)


def test_contacts_are_added_changed_and_ended_by_the_enterprise_itself(client, one):
    owner = person(duty=Duty.ENTERPRISE)
    mandate(one, owner, MandateKind.OWNER)
    entered(client, again(owner))
    at = f"/enterprises/{one.pk}/contacts/"
    refused = client.post(f"{at}new/", {"name": "孙玉芬", "phone": "call me"})
    assert refused.status_code == 422 and "call me" in text(refused) and "孙玉芬" in text(refused)
    assert (
        client.post(
            f"{at}new/", {"name": "孙玉芬", "phone": "13912340876", "main": "on"}
        ).status_code
        == 303
    )
    contact = one.contacts.get()
    assert contact.main
    form = client.get(f"{at}{contact.pk}/")
    assert "13912340876" in text(form) and "no-store" in form["Cache-Control"]
    assert AccessLine.objects.filter(kind=AccessKind.SECRET).count() == 1
    assert (
        client.post(f"{at}{contact.pk}/", {"name": "孙玉芬", "phone": "13912340877"}).status_code
        == 303
    )
    assert client.post(f"{at}{contact.pk}/end/").status_code == 303
    assert client.get(f"{at}{contact.pk}/").status_code == 404


def test_a_contact_of_another_enterprise_is_not_reached_by_this_one(client, one, bureau):
    other = enterprise()
    contact = add_contact(other, name="某某", actor=bureau)
    note = write_note(other, text="别家的", at=NOW, actor=bureau)
    entered(client, bureau)
    assert client.get(f"/enterprises/{one.pk}/contacts/{contact.pk}/").status_code == 404
    assert client.post(f"/enterprises/{one.pk}/contacts/{contact.pk}/end/").status_code == 404
    assert client.post(f"/enterprises/{one.pk}/notes/{note.pk}/withdraw/").status_code == 404


def test_an_owner_opens_the_enterprise_and_closes_it_again(client, one):
    owner, accountant = person(duty=Duty.ENTERPRISE), person(duty=Duty.ENTERPRISE)
    mandate(one, owner, MandateKind.OWNER)
    entered(client, again(owner))
    at = f"/enterprises/{one.pk}/mandates/"
    said = text(client.get(f"{at}new/"))
    assert 'value="accountant"' in said and 'value="coach"' not in said
    given = {"kind": "accountant", "username": "nobody", "from_on": DAY.isoformat()}
    refused = client.post(f"{at}new/", given)
    assert (
        refused.status_code == 422
        and "没有用户名" in text(refused)
        and 'value="nobody"' in text(refused)
    )
    assert (
        client.post(
            f"{at}new/", {**given, "kind": "coach", "username": accountant.username}
        ).status_code
        == 422
    )
    assert client.post(f"{at}new/", {**given, "username": accountant.username}).status_code == 303
    twice = client.post(f"{at}new/", {**given, "username": accountant.username})
    assert twice.status_code == 422 and "已有这项授权" in text(twice)
    held = one.mandates.get(person=accountant)
    entered(client, person(Role.FINANCE))
    assert client.get(f"{at}{held.pk}/revoke/").status_code == 404
    entered(client, again(accountant))
    assert client.post(f"{at}{held.pk}/revoke/", {}).url == "/"
    assert client.get(f"/enterprises/{one.pk}/").status_code == 404


def test_notes_are_written_and_withdrawn_by_their_author(client, one, town, bureau):
    entered(client, bureau)
    at = f"/enterprises/{one.pk}/notes/"
    assert client.post(f"{at}new/", {"text": " "}).status_code == 422
    long = client.post(f"{at}new/", {"text": "长" * 2500})
    assert long.status_code == 422 and "最多2000个" in text(long) and "长" * 2500 in text(long)
    assert client.post(f"{at}new/", {"text": "<b>厂房</b>在建"}).status_code == 303
    assert "&lt;b&gt;厂房" in text(client.get(at))
    note = one.notes.get()
    entered(client, person(Role.TOWN_OFFICER, town))
    assert client.post(f"{at}{note.pk}/withdraw/").status_code == 404
    entered(client, bureau)
    assert client.post(f"{at}{note.pk}/withdraw/").status_code == 303
    assert "厂房" not in text(client.get(at))
    entered(client, person(Role.LEADER))
    assert client.post(f"{at}new/", {"text": "看过"}).status_code == 404


def test_a_file_is_attached_replaced_and_taken_only_by_those_who_see_the_enterprise(
    client, one, town, bureau
):
    entered(client, bureau)
    at = f"/enterprises/{one.pk}/files/"
    bad = client.post(f"{at}new/", {"file": SimpleUploadedFile("a.exe", b"MZ\x90\0")})
    assert bad.status_code == 422 and not EnterpriseFile.objects.exists()
    assert client.post(f"{at}new/", {}).status_code == 422
    assert (
        client.post(
            f"{at}new/", {"file": SimpleUploadedFile("执照.txt", "一".encode())}
        ).status_code
        == 303
    )
    first = EnterpriseFile.objects.get()
    new = {"file": SimpleUploadedFile("执照2.txt", "二".encode()), "replaces": first.pk}
    assert client.post(f"{at}new/", new).status_code == 303
    second = EnterpriseFile.objects.exclude(pk=first.pk).get()
    assert (second.version, second.title) == (2, first.title)
    answer = client.get(f"{at}{second.pk}/")
    assert text(answer) == "二" and "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    assert AccessLine.objects.get(kind=AccessKind.DOWNLOAD).key == str(second.pk)
    other = enterprise(town=town)
    assert client.get(f"/enterprises/{other.pk}/files/{second.pk}/").status_code == 404
    entered(client, person(Role.TOWN_OFFICER))
    assert client.get(f"{at}{second.pk}/").status_code == 404
    entered(client, person(Role.FINANCE))
    assert client.get(f"{at}{second.pk}/").status_code == 200
    assert client.post(f"{at}new/", {"file": SimpleUploadedFile("b.txt", b"x")}).status_code == 404


def test_what_changes_is_only_posted(client, one, bureau):
    entered(client, bureau)
    at = f"/enterprises/{one.pk}/"
    for page in (f"{at}contacts/reveal/", f"{at}notes/new/", f"{at}files/new/", "/enterprises/bulk/",
                 "/enterprises/views/1/forget/", f"{at}contacts/1/end/"):  # fmt: skip
        assert client.get(page).status_code == 405
    for page in ("/enterprises/", at, f"{at}history/", "/enterprises/duplicates/", "/exports/"):
        assert client.post(page).status_code == 405
    assert client.delete(f"{at}edit/").status_code == 405


def test_a_picture_is_looked_at_without_opening_it(client, one, bureau):
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(held, "PNG")
    entered(client, bureau)
    at = f"/enterprises/{one.pk}/files/"
    client.post(f"{at}new/", {"file": SimpleUploadedFile("照片.png", held.getvalue())})
    client.post(f"{at}new/", {"file": SimpleUploadedFile("说明.txt", b"x")})
    picture, words = one.files.get(title="照片.png"), one.files.get(title="说明.txt")
    assert f"{at}{picture.pk}/preview/" in text(client.get(f"/enterprises/{one.pk}/notes/"))
    answer = client.get(f"{at}{picture.pk}/preview/")
    assert answer["Content-Type"] == "image/png" and "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"{at}{picture.pk}/preview/?page=999").status_code == 303
    assert client.get(f"{at}{picture.pk}/preview/?page=x").status_code == 404
    assert client.get(f"{at}{words.pk}/preview/").status_code == 303
