"""The record, the audit and the log of looking as each reader gets them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from peiyu.office.accounts.actions import change_person
from peiyu.office.accounts.models import Duty, Role, User
from peiyu.office.enterprises.actions import add_contact, write_note
from peiyu.office.foundation import access_log
from peiyu.office.foundation.actions import destroy_key
from peiyu.office.foundation.jobs import run
from peiyu.office.foundation.models import (
    AccessKind,
    AccessLine,
    DayHead,
    Job,
    JobState,
    OfficeDay,
    RecordLine,
)
from peiyu.office.foundation.sealing import seal, seal_day
from tests.office.factories import DAY, administrator, body, enterprise, mandate, person

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


@pytest.fixture(autouse=True)
def _day(settings, tmp_path):
    settings.DEMO = True
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = False
    settings.HEADS_ROOT = tmp_path / "heads"
    OfficeDay.objects.create(day=DAY)


def as_(who) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/help/")
    return client


def note(firm, text, who):
    write_note(firm, text=text, at=timezone.now(), actor=who)


@pytest.fixture
def officer():
    return person(Role.BUREAU_OFFICER, name="李晓梅")


@pytest.fixture
def firm():
    return enterprise("济源市砺新智能装备有限公司", town=body())


@pytest.fixture
def contact_line(officer, firm):
    add_contact(firm, name="赵敏", phone=PHONE, actor=officer)
    return RecordLine.objects.get(action="enterprises.contact.add")


def test_nobody_reads_the_record_without_log_in(client):
    for page in ("/record/", "/record/1/", "/audit/", "/audit/access/"):
        assert client.get(page).status_code == 302


def test_the_page_tells_who_did_what_and_hides_personal_values(officer, firm, contact_line):
    text = as_(officer).get("/record/").text
    assert text.count("加联系人") == 2  # once in the filter
    assert "李晓梅" in text
    assert "已改，内容保密" in text
    assert PHONE not in text and "赵敏" not in text


def test_a_town_reads_only_lines_about_its_own(officer, firm, contact_line):
    other = person(Role.TOWN_OFFICER, body())
    assert as_(other).get("/record/").context["entries"] == []
    assert as_(other).get(f"/record/{contact_line.pk}/").status_code == 404
    own = person(Role.TOWN_OFFICER, firm.town)
    assert len(as_(own).get("/record/").context["entries"]) == 1
    assert as_(own).get(f"/record/{contact_line.pk}/").status_code == 200


def test_the_auditor_sees_that_a_line_is_there_and_not_on_what(officer, firm, contact_line):
    note(firm, "欠薪传闻", officer)
    client = as_(administrator(Duty.AUDIT))
    text = client.get("/record/").text
    assert "加联系人" in text
    assert "业务内容不公开" in text
    line = client.get(f"/record/{contact_line.pk}/").text
    for page in (text, line):
        assert "砺新" not in page and "欠薪" not in page and PHONE not in page
    assert contact_line.digest in line
    assert contact_line.salt not in line


@pytest.mark.parametrize("duty", [Duty.SYSTEM, Duty.SECURITY])
def test_the_other_two_see_no_line_on_business(duty, contact_line):
    client = as_(administrator(duty))
    assert client.get("/record/").context["entries"] == []
    assert client.get(f"/record/{contact_line.pk}/").status_code == 404


def test_one_filters_by_person_thing_action_and_days(officer, firm, contact_line):
    head = person(Role.BUREAU_HEAD, name="陈局")
    note(firm, "见过", head)
    client = as_(officer)

    def found(**asked):
        return [one.line.action for one in client.get("/record/", asked).context["entries"]]

    both = ["enterprises.note.write", "enterprises.contact.add"]
    assert found() == both
    assert found(who="陈局") == both[:1]
    assert found(who=head.username.upper()) == both[:1]
    assert found(person=str(officer.pk)) == both[1:]
    assert found(action="enterprises.contact.add") == both[1:]
    assert found(label="enterprises.note") == both[:1]
    about = {"about_label": "enterprises.enterprise", "about_key": str(firm.pk)}
    assert found(**about) == both
    assert found(**{**about, "about_key": "999999"}) == []
    assert found(since=DAY.isoformat()) == both
    assert found(until=(DAY - timedelta(days=1)).isoformat()) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2019-13-45"}, {"until": "x"}, {"action": "x"}, {"label": "'"},
        {"person": str(10**40)}, {"person": "-1"}, {"who": "没有这人"}, {"about_label": "'; --"},
        {"who": "a" * 10_000}, {"key": "x" * 500}, {"who": "\x00"},
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_and_shows_nothing(officer, contact_line, asked):
    answer = as_(officer).get("/record/", asked)
    assert answer.status_code == 400
    assert answer.context["entries"] == []


def test_keys_that_are_none_are_answered(officer, contact_line):
    client = as_(officer)
    for asked in ({"key": "\x00"}, {"after": "\x00"}, {"about_key": "' OR 1=1"}, {"key": "9" * 40}):
        assert client.get("/record/", asked).status_code in (200, 400)
    assert client.get(f"/record/{10**30}/").status_code == 404


def test_a_line_not_yet_in_the_chain_is_marked(officer, contact_line):
    client = as_(officer)
    assert "待封" in client.get(f"/record/{contact_line.pk}/").text
    seal(timezone.now())
    page = client.get(f"/record/{contact_line.pk}/")
    assert page.context["link"].transaction == contact_line.transaction
    assert page.context["link"].digest in page.text


def test_the_list_goes_on_by_key_in_a_constant_number_of_queries(
    officer, firm, django_assert_max_num_queries
):
    client = as_(officer)
    note(firm, "一", officer)
    with django_assert_max_num_queries(12) as few:
        client.get("/record/")
    for number in range(60):
        note(firm, str(number), officer)
    with django_assert_max_num_queries(len(few)):
        first = client.get("/record/")
    assert len(first.context["entries"]) == 50
    second = client.get("/record/" + first.context["pager"].next)
    assert len(second.context["entries"]) == 11


# hidden values


def opening(who, line, why="核对电话"):
    return as_(who).post(f"/record/{line.pk}/open/", {"why": why})


def test_hidden_values_are_shown_to_those_who_must_reach_the_enterprise(officer, contact_line):
    answer = opening(officer, contact_line)
    assert answer.status_code == 200
    assert PHONE in answer.text
    logged = AccessLine.objects.get(kind=AccessKind.SECRET)
    assert (logged.actor, "核对电话" in logged.detail) == (officer, True)
    assert PHONE not in as_(officer).get(f"/record/{contact_line.pk}/").text


def test_nobody_opens_hidden_values_without_a_reason(officer, contact_line):
    answer = opening(officer, contact_line, why="  ")
    assert answer.status_code == 422
    assert PHONE not in answer.text
    assert not AccessLine.objects.filter(kind=AccessKind.SECRET).exists()


def test_who_may_not_read_contacts_may_not_open_them_in_the_record(firm, contact_line):
    for who in (person(Role.FINANCE), person(Role.LEADER), administrator(Duty.AUDIT)):
        assert opening(who, contact_line).status_code == 404
    assert opening(person(Role.TOWN_OFFICER, firm.town), contact_line).status_code == 200
    owner = person(Role.OWNER)
    mandate(firm, owner)
    assert opening(owner, contact_line).status_code == 200


def test_values_whose_key_is_destroyed_are_gone_for_all(officer, contact_line):
    destroy_key((contact_line.label, contact_line.key), actor=officer, reason="依法删除")
    answer = opening(officer, contact_line)
    assert answer.status_code == 422
    assert "已于" in answer.text and PHONE not in answer.text


def test_ones_own_telephone_is_opened_by_oneself_and_the_keeper_of_accounts(officer):
    change_person(officer, actor=officer, phone=PHONE, email="", version=officer.version)
    line = RecordLine.objects.get(label=User._meta.label_lower)
    assert PHONE in opening(officer, line).text
    assert PHONE in opening(administrator(Duty.SECURITY), line).text
    assert opening(person(Role.BUREAU_HEAD), line).status_code == 404


# what the auditor watches


def test_the_audit_is_for_the_auditor_alone(officer):
    auditor = administrator(Duty.AUDIT)
    others = (officer, administrator(Duty.SYSTEM), administrator(Duty.SECURITY), person(Role.OWNER))
    for page in ("/audit/", "/audit/access/"):
        assert as_(auditor).get(page).status_code == 200
        for other in others:
            assert as_(other).get(page).status_code == 404
    for other in others:
        assert as_(other).post("/audit/verify/").status_code == 404
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_auditor_sees_chain_tail_and_heads(officer, firm, contact_line):
    now = timezone.now()
    seal(now)
    tomorrow = now + timedelta(days=1)
    head = seal_day(timezone.localdate(now), now=tomorrow)
    note(firm, "封后", officer)
    page = as_(administrator(Duty.AUDIT)).get("/audit/")
    assert page.context["waiting"] == 1
    assert page.context["last"].number == DayHead.objects.get().link_id
    assert head.digest in page.text
    for before in ("x", "2019-99-99", "1000-01-01"):
        assert as_(administrator(Duty.AUDIT)).get("/audit/", {"before": before}).status_code == 200


def test_verifying_walks_the_whole_record_as_a_job(officer, contact_line):
    seal(timezone.now())
    auditor = administrator(Duty.AUDIT)
    client = as_(auditor)
    assert client.post("/audit/verify/").status_code == 303
    client.post("/audit/verify/")
    made = Job.objects.get()
    assert (made.owner, made.state) == (auditor, JobState.WAITING)
    run.func(made.pk)
    made.refresh_from_db()
    assert made.state == JobState.DONE
    text = client.get("/audit/").text
    assert "记录完整" in text
    assert made.checkpoint["head"] in text


def test_the_log_tells_of_the_other_administrators_too_and_is_filtered():
    security = administrator(Duty.SECURITY)
    for kind, who in ((AccessKind.LOGIN, security), (AccessKind.EXPORT, person(Role.TAX))):
        access_log.log(kind, actor=who, address="10.0.0.7", detail="试")
    access_log.log(AccessKind.FAILED, name="root", at=datetime(2019, 6, 1, tzinfo=UTC))
    client = as_(administrator(Duty.AUDIT))

    def found(**asked):
        page = client.get("/audit/access/", asked).context["page"]
        return {line.kind for line in page.rows}

    assert found() == {"login", "export", "failed"}
    assert found(kind="failed") == {"failed"}
    assert found(who=security.username) == {"login"}
    assert found(who=security.name) == {"login"}
    assert found(who="ROOT") == {"failed"}
    assert found(q="10.0.0") == {"login", "export"}
    assert found(until="2019-06-02") == {"failed"}
    for asked in ({"kind": "x"}, {"since": "x"}, {"q": "\x00"}, {"who": "a" * 999}):
        assert client.get("/audit/access/", asked).status_code == 400


def test_lines_of_one_transaction_stand_in_one_link(officer, firm):
    with transaction.atomic():
        note(firm, "一", officer)
        note(firm, "二", officer)
    seal(timezone.now())
    client = as_(officer)
    links = {
        client.get(f"/record/{line.pk}/").context["link"].number
        for line in RecordLine.objects.all()
    }
    assert len(links) == 1
