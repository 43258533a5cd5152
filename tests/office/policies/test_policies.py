"""The library of policies, and the dated readings of open words."""

from datetime import date, timedelta

import pytest

from peiyu.office.accounts.models import Role
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.office.policies.actions import (
    add_clause,
    change_document,
    choose_reading,
    enter_document,
)
from peiyu.office.policies.programme import readings, value_of, values_on
from peiyu.policy.rulebooks.hnte import HNTE
from tests.office.factories import DAY, body, person

pytestmark = pytest.mark.django_db
PLAN = {
    "number": "济政办〔2018〕4号",
    "title": "行动计划",
    "issuer": "市政府办",
    "level": "city",
    "issued_on": date(2018, 2, 2),
}


@pytest.fixture
def bureau():
    return person(Role.BUREAU_OFFICER)


@pytest.fixture
def head():
    return person(Role.BUREAU_HEAD)


def choose(head, value, from_on, key="stock_goal"):
    return choose_reading(key=key, value=value, from_on=from_on, reason="办公会", actor=head)


def test_a_reading_holds_from_its_day_and_earlier_days_keep_theirs(head):
    assert value_of("stock_goal", DAY) == 36
    choose(head, "35", DAY)
    assert (value_of("stock_goal", DAY - timedelta(days=1)), value_of("stock_goal", DAY)) == (
        36,
        35,
    )
    choose(head, 36, DAY)
    assert value_of("stock_goal", DAY) == 36 == values_on(DAY)["stock_goal"]


@pytest.mark.parametrize("key", list(readings()))
def test_every_open_word_has_a_default_among_its_readings(key):
    reading = readings()[key]
    assert reading.title and reading.place
    if reading.choices:
        assert str(reading.default) in dict(reading.choices)
    else:
        assert reading.least <= int(reading.default) <= reading.most


def test_every_switch_of_the_rulebook_is_a_setting():
    assert {f"hnte.{switch.name}" for switch in HNTE.switches} <= readings().keys()


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("stock_goal", "34", "value"),
        ("stock_goal", "viele", "value"),
        ("first_recognition", "never", "value"),
        ("nothing", "1", "key"),
    ],
)
def test_what_is_no_reading_is_refused(head, key, value, field):
    with pytest.raises(Refused) as refused:
        choose(head, value, DAY, key)
    assert refused.value.field == field


def test_only_the_head_of_the_bureau_chooses(bureau):
    with pytest.raises(NotAllowed):
        choose(bureau, 35, DAY)


def test_a_setting_is_recorded_with_old_new_and_reason(head):
    choose(head, 35, DAY)
    line = RecordLine.objects.get()
    assert (line.values["value"], line.reason, line.actor) == ([36, 35], "办公会", head)


def test_a_document_rests_on_another_and_has_clauses(bureau):
    base = enter_document(**{**PLAN, "number": "豫政办〔2017〕86号"}, actor=bureau)
    plan = enter_document(**PLAN, basis=[base], actor=bureau)
    town = body()
    first = add_clause(plan, place="二", title="目标", gist="25家", bodies=[town], actor=bureau)
    second = add_clause(plan, place="三（一）1", title="小升高", gist="入库", actor=bureau)
    assert (first.order, second.order) == (1, 2)
    assert list(base.carried_out_by.all()) == [plan] and list(town.clauses.all()) == [first]


def test_all_that_is_wrong_with_a_document_is_said_at_once(bureau):
    with pytest.raises(Refused) as refused:
        enter_document(
            number="",
            title="x" * 201,
            issuer="某",
            level="world",
            issued_on=None,
            address="javascript:alert(1)",
            actor=bureau,
        )
    assert {one.field for one in refused.value.refusals} == {
        "number",
        "title",
        "level",
        "issued_on",
        "address",
    }


def test_a_number_is_there_once(bureau):
    enter_document(**PLAN, actor=bureau)
    with pytest.raises(Refused, match="已在库中"):
        enter_document(**PLAN, actor=bureau)


def test_a_repeal_is_dated_reasoned_and_not_before_the_issue(bureau):
    plan = enter_document(**PLAN, actor=bureau)
    with pytest.raises(Refused, match="理由"):
        change_document(plan, reason=" ", repealed_on=date(2022, 1, 1), actor=bureau)
    with pytest.raises(Refused, match="早于发布日期"):
        change_document(plan, reason="到期", repealed_on=date(2017, 1, 1), actor=bureau)
    assert change_document(
        plan, reason="到期", repealed_on=date(2022, 1, 1), actor=bureau
    ).repealed_on == date(2022, 1, 1)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.BUREAU_OFFICER, Role.BUREAU_HEAD)]
)
def test_nobody_else_keeps_the_library(role):
    with pytest.raises(NotAllowed):
        enter_document(**PLAN, actor=person(role))
