"""What a page did not expect: a refusal is said in its words, a day beyond all calendars is no good request."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.middleware import Guard
from peiyu.policy.months import moved
from peiyu.words import message
from tests.office.factories import DAY
from tests.office.web.test_years import text

pytestmark = [pytest.mark.django_db, pytest.mark.urls("peiyu.office.config.urls")]


def answered(rf, act):
    request = rf.get("/")
    request.user = AnonymousUser()
    try:
        act()
    except Exception as problem:
        return Guard(lambda _: HttpResponse()).process_exception(request, problem)
    raise AssertionError


def refuse():
    raise Refused(message("{day}已经办过", day=DAY.isoformat()))


def test_a_refusal_is_said_in_its_words(rf):
    answer = answered(rf, refuse)
    assert answer.status_code == 422 and f"{DAY.isoformat()}已经办过" in text(answer)


def test_a_day_beyond_all_calendars_is_no_good_request(rf):
    assert answered(rf, lambda: moved(DAY, 12 * 9000)).status_code == 400


def test_what_is_our_own_fault_is_not_put_on_the_reader(rf):
    assert answered(rf, lambda: {}["none"]) is None
