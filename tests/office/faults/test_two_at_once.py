"""Two people at one thing at the same moment: one is done, the other is told; nothing is lost."""

import threading

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from peiyu.office.accounts.models import BodyKind, Role
from peiyu.office.casework.actions import answer
from peiyu.office.casework.models import OpinionState
from peiyu.office.enterprises.actions import confirm, draft, propose, rename
from peiyu.office.enterprises.models import Enterprise, Registration
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import Refused
from tests.office.factories import DAY, again, body, enterprise, person
from tests.office.matrix import BACKEND

VALUES = {"name": "济源市荻鹬装备有限公司", "code": "91419001MAX1LX27Q9", "industry": "3599"}


def entered(who):
    client = Client()
    client.force_login(who, backend=BACKEND)
    return client


def form_of(answer):
    """What a browser would send back, unchanged."""
    soup = BeautifulSoup(answer.content, "html.parser")
    main = soup.find("main") or soup
    given = {}
    for one in main.select("form[method=post] [name]"):
        if one.name == "select":
            chosen = one.find("option", selected=True)
            given[one["name"]] = chosen.get("value", "") if chosen else ""
        elif one.name == "textarea":
            given[one["name"]] = one.get_text().strip()
        elif one.get("type") not in ("checkbox", "radio", "submit") or one.has_attr("checked"):
            given[one["name"]] = one.get("value", "")
    return given


def at_once(*acts):
    """Do all at the same moment; what each came to: None, or its refusal."""
    ready = threading.Barrier(len(acts))
    came = [None] * len(acts)

    def go(number, act):
        try:
            ready.wait(10)
            act()
        except Exception as trouble:
            came[number] = trouble
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    return came


def one_done_one_told(came):
    told = [one for one in came if one is not None]
    assert len(told) == len(came) - 1, came
    for one in told:
        assert isinstance(one, Refused), repr(one)
        assert len(one.say()) > 5


@pytest.mark.django_db
def test_the_second_to_save_sees_both_values_and_loses_nothing():
    one = enterprise(industry="3599", legal_form="limited", town=body())
    first, second = entered(person(Role.BUREAU_OFFICER)), entered(person(Role.BUREAU_OFFICER))
    address = f"/enterprises/{one.pk}/edit/"
    mine, theirs = form_of(first.get(address)), form_of(second.get(address))
    assert first.post(address, mine | {"industry": "3511"}).status_code == 303
    refused = second.post(address, theirs | {"industry": "3489", "legal_form": "stock"})
    assert refused.status_code in (409, 422)
    text = refused.content.decode()
    assert "3511" in text and "3489" in text
    one.refresh_from_db()
    assert (one.industry, one.legal_form) == ("3511", "limited")
    # what the second typed is still there to be sent, now knowing of the first
    once_more = form_of(refused)
    assert (once_more["industry"], once_more["legal_form"]) == ("3489", "stock")
    assert second.post(address, once_more).status_code == 303
    one.refresh_from_db()
    assert (one.industry, one.legal_form) == ("3489", "stock")


@pytest.fixture
def case(transactional_db):
    town = body(BodyKind.TOWN)
    officer = person(Role.TOWN_OFFICER, town)
    return draft(VALUES, body=town, town=town, zone=None, on=DAY, actor=officer), officer


def test_two_hand_in_one_draft(case):
    found, officer = case
    came = at_once(*[lambda: propose(found, on=DAY, actor=again(officer))] * 2)
    one_done_one_told(came)
    assert RecordLine.objects.filter(action__endswith=".propose").count() == 1


def test_two_confirm_one_proposal(case):
    found, officer = case
    propose(found, on=DAY, actor=officer)
    two = [person(Role.BUREAU_OFFICER) for _ in range(2)]

    def act(who):
        return lambda: confirm(Registration.objects.get(pk=found.pk), on=DAY, actor=again(who))

    one_done_one_told(at_once(*map(act, two)))
    assert Enterprise.objects.count() == 1


def test_two_answer_for_one_body(case):
    found, officer = case
    of = body(BodyKind.DEPARTMENT)
    two = [person(Role.TAX, of) for _ in range(2)]
    found = propose(found, on=DAY, actor=officer)
    opinion = found.consultation.opinions.first()
    items = {item["key"] if isinstance(item, dict) else item: True for item in opinion.items}

    def act(who):
        return lambda: answer(opinion, step="agree", answers=items, text="", on=DAY, actor=again(who))

    one_done_one_told(at_once(*map(act, two)))
    opinion.refresh_from_db()
    assert opinion.state != OpinionState.ASKED


def test_two_rename_one_enterprise(transactional_db):
    one = enterprise("济源市荻鹬装备有限公司", town=body())
    two = [person(Role.BUREAU_OFFICER) for _ in range(2)]

    def act(number, who):
        return lambda: rename(one, name=f"济源市砺新{number}有限公司", from_on=DAY, reason="更名", actor=again(who))

    one_done_one_told(at_once(*(act(number, who) for number, who in enumerate(two))))
    assert one.names.filter(until_on=None).count() == 1
    one.refresh_from_db()
    assert one.names.get(until_on=None).name == one.name
