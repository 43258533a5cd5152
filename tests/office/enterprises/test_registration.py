"""A new enterprise: the town proposes, those asked answer, the bureau confirms."""

from datetime import date, timedelta

import pytest

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.casework.actions import answer, run_clock, stop_clock, withdraw_answer
from peiyu.office.casework.models import OpinionState
from peiyu.office.desk.search import search
from peiyu.office.desk.todo import todo_of
from peiyu.office.enterprises.actions import confirm, draft, propose, return_for_more
from peiyu.office.enterprises.models import Enterprise, RegistrationState
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.notices.models import Message
from tests.office.factories import DAY, again, body, person

pytestmark = pytest.mark.django_db

VALUES = {"name": "济源市荻鹬装备有限公司", "code": "91419001MAX1LX27Q9", "established_on": date(2018, 2, 1),
          "industry": "3599", "field": "801", "legal_form": "limited"}  # fmt: skip


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


def proposed(town, officer):
    case = draft(VALUES, body=town, town=town, zone=None, on=DAY, actor=officer)
    return propose(case, on=DAY, actor=officer)


def test_nobody_proposes_for_another_town(town):
    other = person(Role.TOWN_OFFICER)
    with pytest.raises(Refused, match="只能替自己任职"):
        draft(VALUES, body=town, town=town, zone=None, on=DAY, actor=other)


def test_an_official_of_the_bureau_cannot_propose(town, bureau):
    with pytest.raises(NotAllowed):
        draft(VALUES, body=town, town=town, zone=None, on=DAY, actor=bureau)


def test_the_bureau_waits_for_those_it_asked_then_confirms(town, officer, bureau, tax):
    case = proposed(town, officer)
    assert (
        Message.objects.get(recipient=bureau).title
        == "克井镇报送了“济源市荻鹬装备有限公司”，请确认入库"
    )
    with pytest.raises(Refused, match="还在等"):
        confirm(case, on=DAY, actor=bureau)
    assert not Enterprise.objects.exists()
    opinion = case.consultation.opinions.get()
    answer(opinion, step="agree", answers={"taxpayer": True}, on=DAY, actor=tax)
    found = confirm(case, on=DAY, actor=bureau)
    assert (found.body, found.names.get().core) == (town, "荻鹬装备")
    assert case.state == RegistrationState.CONFIRMED
    assert [hit.enterprise for hit in search("荻鹬", again(bureau)).enterprises] == [found]
    assert (
        RecordLine.objects.filter(action="enterprises.registration.confirm", actor=bureau).count()
        == 1
    )


def test_silence_agrees_once_the_limit_is_over(town, officer, bureau, tax):
    case = proposed(town, officer)
    opinion = case.consultation.opinions.get()
    assert opinion.due_on == date(2019, 6, 20)
    with pytest.raises(Refused, match="还在等"):
        confirm(case, on=opinion.due_on, actor=bureau)
    assert confirm(case, on=opinion.due_on + timedelta(days=1), actor=bureau)


def test_an_objection_needs_a_reason_to_be_overruled(town, officer, bureau, tax):
    case = proposed(town, officer)
    answer(
        case.consultation.opinions.get(),
        step="object",
        answers={"taxpayer": False},
        text="代码不符",
        on=DAY,
        actor=tax,
    )
    with pytest.raises(Refused, match="须写明理由"):
        confirm(case, on=DAY, actor=bureau)
    assert confirm(case, on=DAY, reason="已核对执照", actor=bureau)


def test_nobody_agrees_with_an_item_answered_no(town, officer, tax):
    opinion = proposed(town, officer).consultation.opinions.get()
    with pytest.raises(Refused, match="不能整体同意"):
        answer(opinion, step="agree", answers={"taxpayer": False}, on=DAY, actor=tax)


def test_an_answer_can_be_taken_back_while_the_round_is_open(town, officer, bureau, tax):
    case = proposed(town, officer)
    opinion = case.consultation.opinions.get()
    answer(opinion, step="agree", on=DAY, actor=tax)
    withdraw_answer(opinion, reason="看错了", actor=tax)
    assert opinion.state == OpinionState.ASKED
    answer(opinion, step="agree", on=DAY, actor=tax)
    confirm(case, on=DAY, actor=bureau)
    with pytest.raises(Refused, match="已于2019-06-17结束"):
        withdraw_answer(opinion, reason="又看错了", actor=tax)


def test_the_clock_stops_with_proof_and_the_limit_moves_by_the_days_it_stood(
    town, officer, bureau, tax
):
    opinion = proposed(town, officer).consultation.opinions.get()
    with pytest.raises(Refused, match="要有凭据"):
        stop_clock(opinion, reason="补正", on=date(2019, 6, 18), actor=bureau)
    stop = stop_clock(
        opinion, reason="补正", number="济税补〔2019〕1号", on=date(2019, 6, 18), actor=bureau
    )
    opinion = run_clock(stop, until=date(2019, 6, 21), actor=bureau)
    assert opinion.due_on == date(2019, 6, 26)


def test_what_was_returned_can_be_handed_in_again_and_is_asked_anew(town, officer, bureau, tax):
    case = proposed(town, officer)
    first = case.consultation
    return_for_more(case, on=DAY, reason="缺执照", actor=bureau)
    assert [todo.verb for todo in todo_of(again(officer), DAY)] == ["补充"]
    propose(case, on=DAY, actor=officer)
    assert case.consultation != first


def test_a_double_confirmation_registers_once(town, officer, bureau):
    case = proposed(town, officer)
    confirm(case, on=DAY, actor=bureau)
    with pytest.raises(Refused):
        confirm(case, on=DAY, actor=bureau)
    assert Enterprise.objects.count() == 1


def test_all_that_is_wrong_is_said_at_once(town, officer):
    with pytest.raises(Refused) as refused:
        draft(
            {"name": "", "code": "123", "industry": "9999", "contact_phone": "x"},
            body=town,
            town=None,
            zone=None,
            on=DAY,
            actor=officer,
        )
    fields = {one.field for one in refused.value.refusals}
    assert fields == {"name", "code", "industry", "contact_name", "contact_phone", "town"}
