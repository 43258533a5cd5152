"""A new enterprise on its way into the registry, through the door."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.casework.models import OpinionState
from peiyu.office.enterprises.actions import draft, propose
from peiyu.office.enterprises.models import Enterprise, Registration, RegistrationState
from peiyu.office.foundation.days import add_working_days
from peiyu.office.foundation.models import AccessKind, AccessLine
from tests.office.factories import DAY, administrator, body, enterprise, person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]
GIVEN = {"name": "济源市荻鹬装备有限公司", "code": "91419001MAX1LX27Q9", "established_on": "2018-02-01",
         "industry": "3599", "field": "801", "legal_form": "limited", "contact_name": "孙玉芬",
         "contact_phone": "13912340876"}  # fmt: skip
HOSTILE = (
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


@pytest.fixture(autouse=True)
def today(monkeypatch):
    for place in ("accounts.rights", "foundation.record"):
        monkeypatch.setattr(f"peiyu.office.{place}.office_day", lambda: DAY)


@pytest.fixture
def town():
    return body(BodyKind.TOWN, "克井镇")


@pytest.fixture
def officer(town):
    return person(Role.TOWN_OFFICER, town)


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def tax():
    return person(Role.TAX)


@pytest.fixture
def case(town, officer, tax):
    values = {**GIVEN, "established_on": DAY - timedelta(days=400)}
    found = draft(values, body=town, town=town, zone=None, on=DAY, actor=officer)
    return propose(found, on=DAY, actor=officer)


def entered(client, who):
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer):
    return answer.content.decode()


def test_a_town_drafts_corrects_and_proposes(client, town, officer, tax, bureau):
    entered(client, officer)
    assert client.get("/registrations/new/").status_code == 200
    given = {**GIVEN, "body": town.pk, "town": town.pk}
    answer = client.post("/registrations/new/", {**given, "code": "9141", "industry": "9999"})
    assert answer.status_code == 422 and not Registration.objects.exists()
    assert "要18位" in text(answer) and "9999" in text(answer) and GIVEN["name"] in text(answer)
    answer = client.post("/registrations/new/", given)
    case = Registration.objects.get()
    assert (answer.status_code, answer.url) == (303, f"/registrations/{case.pk}/")
    assert f"/registrations/{case.pk}/step/propose/" in text(client.get(answer.url))
    edit = f"/registrations/{case.pk}/edit/"
    assert (
        client.post(edit, {**given, "name": "济源市荻鹬机械有限公司", "version": 1}).status_code
        == 303
    )
    late = client.post(edit, {**given, "name": "济源市荻鹬仪器有限公司", "version": 1})
    assert late.status_code == 422 and "荻鹬仪器" in text(late) and 'value="2"' in text(late)
    entered(client, bureau)
    assert client.get(f"/registrations/{case.pk}/").status_code == 404  # a draft is the town's own
    entered(client, officer)
    assert client.post(f"/registrations/{case.pk}/step/propose/").status_code == 303
    entered(client, bureau)
    assert "等" in text(client.get(f"/registrations/{case.pk}/"))


def test_those_asked_answer_item_by_item_and_the_bureau_confirms(
    client, case, officer, bureau, tax
):
    page = f"/registrations/{case.pk}/"
    opinion = case.consultation.opinions.get()
    answer = f"{page}opinions/{opinion.pk}/answer/"
    entered(client, bureau)
    waits = client.post(f"{page}step/confirm/", {"reason": ""})
    assert waits.status_code == 422 and "还在等" in text(waits)
    assert client.post(answer, {"step": "agree"}).status_code == 404
    entered(client, tax)
    assert "同意" in text(client.get(page)) and "还剩" in text(client.get(page))
    no = client.post(answer, {"step": "agree", "item_taxpayer": "no", "text": "名称不一致"})
    assert no.status_code == 422 and "名称不一致" in text(no) and "不能整体同意" in text(no)
    assert client.post(answer, {"step": "object", "text": ""}).status_code == 422
    assert client.post(answer, {"step": "nothing"}).status_code == 422
    assert (
        client.post(
            answer, {"step": "object", "item_taxpayer": "no", "text": "名称不一致"}
        ).status_code
        == 303
    )
    entered(client, bureau)
    assert "名称不一致" in text(client.get(page))
    refused = client.post(f"{page}step/confirm/", {"reason": ""})
    assert refused.status_code == 422 and "须写明理由" in text(refused)
    assert client.post(f"{page}step/confirm/", {"reason": "已电话核实"}).status_code == 303
    found = Enterprise.objects.get()
    assert f"/enterprises/{found.pk}/" in text(client.get(page))
    again = client.post(f"{page}step/confirm/", {"reason": "x"}, follow=True)
    assert "现在不能办" in text(again)


@pytest.mark.parametrize("step", ["return", "refuse"])
def test_sending_back_and_refusing_want_a_reason(client, case, bureau, officer, step):
    page = f"/registrations/{case.pk}/step/{step}/"
    entered(client, officer)
    assert client.get(page).status_code == 404
    entered(client, bureau)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": "  "}).status_code == 422
    assert client.post(page, {"reason": "缺营业执照"}).status_code == 303
    case.refresh_from_db()
    assert case.state in (RegistrationState.RETURNED, RegistrationState.REFUSED)
    assert "缺营业执照" in text(client.get(f"/registrations/{case.pk}/"))


def test_the_town_withdraws_with_a_reason(client, case, officer):
    entered(client, officer)
    page = f"/registrations/{case.pk}/step/withdraw/"
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"reason": "报错了"}).status_code == 303


def test_another_town_knows_nothing_of_it(client, case):
    entered(client, person(Role.TOWN_OFFICER))
    opinion = case.consultation.opinions.get()
    for page in (
        "",
        "edit/",
        "step/propose/",
        f"opinions/{opinion.pk}/stop/",
        f"opinions/{opinion.pk}/withdraw/",
    ):
        assert client.get(f"/registrations/{case.pk}/{page}").status_code == 404
    assert case.name not in text(client.get("/registrations/"))


@pytest.mark.parametrize("role", [Role.OWNER, Role.BANK, Role.COACH, Role.AGENCY, Role.ACCOUNTANT])
def test_proposals_are_not_for_those_outside(client, case, role):
    entered(client, person(role))
    for page in ("/registrations/", "/registrations/new/", f"/registrations/{case.pk}/"):
        assert client.get(page).status_code == 404


def test_administrators_see_no_proposals(client, case):
    entered(client, administrator("audit"))
    for page in ("/registrations/", "/registrations/new/", f"/registrations/{case.pk}/"):
        assert client.get(page).status_code == 404


def test_what_a_body_answers_is_counted_not_shown_to_the_others(client, case, tax):
    opinion = case.consultation.opinions.get()
    entered(client, tax)
    page = f"/registrations/{case.pk}/"
    client.post(
        f"{page}opinions/{opinion.pk}/answer/",
        {"step": "agree", "item_taxpayer": "yes", "text": "一致"},
    )
    entered(client, person(Role.FINANCE))
    said = text(client.get(page))
    assert "意见：一致" not in said and "共1项，已看1项" in said
    assert "13912340876" not in said and "139****0876" in said
    assert client.post(f"{page}opinions/{opinion.pk}/withdraw/", {"reason": "x"}).status_code == 404


def test_an_answer_is_withdrawn_asked_again_or_given_by_another(client, case, tax, bureau):
    ip = person(Role.IP_OFFICE)
    opinion = case.consultation.opinions.get()
    at = f"/registrations/{case.pk}/opinions/{opinion.pk}/"
    entered(client, tax)
    client.post(f"{at}answer/", {"step": "return", "text": "缺执照"})
    assert client.post(f"{at}withdraw/", {"reason": ""}).status_code == 422
    assert client.get(f"{at}ask_again/").status_code == 404
    entered(client, bureau)
    assert client.post(f"{at}ask_again/", {"reason": "已补"}).status_code == 303
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.ASKED
    holder = ip.appointments.get()
    assert (
        client.post(f"{at}substitute/", {"holder": "9" * 30, "limit": 3, "reason": "x"}).status_code
        == 422
    )
    assert (
        client.post(
            f"{at}substitute/", {"holder": holder.pk, "limit": 3, "reason": "换人"}
        ).status_code
        == 303
    )
    assert holder.body.short in text(client.get(f"/registrations/{case.pk}/"))


def test_a_clock_stops_only_with_a_proof_and_then_the_limit_moves(client, case, tax, bureau):
    opinion = case.consultation.opinions.get()
    due, page = opinion.due_on, f"/registrations/{case.pk}/"
    at = f"{page}opinions/{opinion.pk}/"
    given = {"on": DAY.isoformat(), "reason": "等企业补正"}
    entered(client, tax)
    assert client.get(f"{at}stop/").status_code == 404
    entered(client, bureau)
    bare = client.post(f"{at}stop/", given)
    assert bare.status_code == 422 and "要有凭据" in text(bare) and "等企业补正" in text(bare)
    paper = SimpleUploadedFile("通知.txt", "补正通知".encode())
    assert client.post(f"{at}stop/", {**given, "file": paper}).status_code == 303
    said = text(client.get(page))
    assert "停止计时" in said and "恢复计时" in said
    stop = opinion.stops.get()
    proof = client.get(f"{at}proofs/{stop.pk}/")
    assert b"".join(proof.streaming_content).decode() == "补正通知"
    assert AccessLine.objects.get(kind=AccessKind.DOWNLOAD).actor == bureau
    entered(client, person(Role.LEADER))
    assert client.get(f"{at}proofs/{stop.pk}/").status_code == 404
    entered(client, bureau)
    assert (
        client.post(f"{at}run/", {"until": (DAY - timedelta(days=3)).isoformat()}).status_code
        == 422
    )
    assert client.post(f"{at}run/", {"until": DAY.isoformat()}).status_code == 303
    opinion.refresh_from_db()
    assert opinion.due_on == add_working_days(due, 1)


def test_likely_duplicates_are_shown_before_it_is_decided(client, case, bureau):
    other = enterprise("荻鹬装备股份有限公司")
    said = text(entered(client, bureau).get(f"/registrations/{case.pk}/"))
    assert other.name in said and "先核对" in said


def test_the_list_has_its_states_as_tabs(client, case, bureau):
    entered(client, bureau)
    assert "待确认 <span>1</span>" in text(client.get("/registrations/"))
    assert case.name in text(client.get("/registrations/?state=proposed"))
    assert case.name not in text(client.get("/registrations/?state=confirmed"))
    for value in HOSTILE:
        assert client.get("/registrations/", {"state": value, "after": value}).status_code == 200


def test_the_list_takes_as_many_queries_for_many(
    client, town, officer, bureau, django_assert_max_num_queries
):
    entered(client, bureau)
    counts = []
    for number in (3, 30):
        for n in range(number):
            Registration.objects.create(
                flow="registration/1",
                body=town,
                town=town,
                name=f"济源市{number}之{n}有限公司",
                state="proposed",
            )
        client.get("/registrations/")
        with django_assert_max_num_queries(12) as queries:
            client.get("/registrations/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_proposal_takes_twenty_queries(client, case, bureau, django_assert_max_num_queries):
    entered(client, bureau)
    client.get(f"/registrations/{case.pk}/")
    with django_assert_max_num_queries(20):
        assert client.get(f"/registrations/{case.pk}/").status_code == 200


@pytest.mark.parametrize("value", HOSTILE)
def test_no_form_breaks(client, case, town, officer, bureau, tax, value):
    opinion = case.consultation.opinions.get()
    fields = (*GIVEN, "body", "town", "zone", "remark", "version", "reason", "step", "text", "holder",
              "limit", "on", "number", "until", "item_taxpayer")  # fmt: skip
    given = dict.fromkeys(fields, value)
    at = f"/registrations/{case.pk}/"
    for who in (officer, bureau, tax):
        entered(client, who)
        for page in ("/registrations/new/", f"{at}edit/", f"{at}opinions/{opinion.pk}/answer/",
                     f"{at}opinions/{opinion.pk}/stop/", f"{at}opinions/{opinion.pk}/run/",
                     f"{at}opinions/{opinion.pk}/substitute/"):  # fmt: skip
            assert client.post(page, given).status_code in (422, 404)


@pytest.mark.parametrize("page", ["", "step/return/", "step/confirm/"])
def test_it_speaks_english_too(client, case, bureau, page):
    bureau.language = "en"
    bureau.save()
    entered(client, bureau)
    assert client.get("/registrations/").status_code == 200
    answer = client.get(f"/registrations/{case.pk}/{page}")
    assert answer.status_code == 200 and '<html lang="en">' in text(answer)
