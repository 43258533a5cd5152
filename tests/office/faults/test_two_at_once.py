"""Two people at one thing at the same moment: one is done, the other is told; nothing is lost."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from peiyu.office.accounts.models import Role
from tests.office.factories import body, enterprise, person
from tests.office.matrix import BACKEND


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


def test_of_two_who_do_the_same_at_once_one_is_told_in_words(scene):
    told = scene("twice")
    assert told["whole"], told["said"]
    wrong = {
        name: came
        for name, came in told["told"].items()
        if len([one for one in came if one is None]) != 1
        or any(one is not None and (one.startswith("!") or len(one) < 8) for one in came)
    }
    assert not wrong
    assert len(told["told"]) > 10
