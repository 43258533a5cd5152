"""Roles, delegations, hand-over."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from peiyu.office.accounts import actions
from peiyu.office.accounts.models import Appointment, BodyKind, Delegation, Duty, Role
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.words import message
from tests.office.factories import DAY, administrator, again, body, person

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=30)
KIND_OF = {
    Role.BUREAU_OFFICER: BodyKind.DEPARTMENT,
    Role.BUREAU_HEAD: BodyKind.DEPARTMENT,
    Role.TOWN_OFFICER: BodyKind.TOWN,
    Role.ZONE_OFFICER: BodyKind.ZONE,
    Role.FINANCE: BodyKind.DEPARTMENT,
    Role.TAX: BodyKind.DEPARTMENT,
    Role.IP_OFFICE: BodyKind.DEPARTMENT,
    Role.STATISTICS: BodyKind.DEPARTMENT,
    Role.LEADER: BodyKind.CITY,
    Role.COACH: BodyKind.DEPARTMENT,
    Role.BANK: BodyKind.BANK,
    Role.AGENCY: BodyKind.AGENCY,
}
OUTSIDE = {Role.OWNER, Role.ACCOUNTANT, Role.AGENCY, Role.BANK}


@pytest.fixture
def keeper():
    return administrator(Duty.SECURITY)


@pytest.mark.parametrize("duty", list(Duty))
@pytest.mark.parametrize("role", list(Role))
def test_which_account_holds_which_role(keeper, role, duty):
    one = person(duty=duty)
    there = body(KIND_OF[role]) if role in KIND_OF else None
    fits = duty == (Duty.ENTERPRISE if role in OUTSIDE else Duty.OFFICE)
    if fits:
        held = actions.appoint(one, actor=keeper, role=role, body=there, from_on=DAY)
        assert again(one).appointments.in_force(DAY).get() == held
        line = RecordLine.objects.get()
        assert (line.action, line.about_key) == ("accounts.appointment.give", str(one.pk))
    else:
        with pytest.raises(Refused):
            actions.appoint(one, actor=keeper, role=role, body=there, from_on=DAY)
        assert not one.appointments.exists()


@pytest.mark.parametrize("kind", [None, *BodyKind])
def test_a_town_officer_serves_a_town_or_street(keeper, kind):
    one, there = person(), body(kind) if kind else None
    if kind in (BodyKind.TOWN, BodyKind.STREET):
        actions.appoint(one, actor=keeper, role=Role.TOWN_OFFICER, body=there, from_on=DAY)
    else:
        with pytest.raises(Refused, match="镇、街道") as refusal:
            actions.appoint(one, actor=keeper, role=Role.TOWN_OFFICER, body=there, from_on=DAY)
        assert refusal.value.field == "body"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"role": "emperor"}, "role"),
        ({"until_on": DAY - timedelta(days=1)}, "until_on"),
        ({"from_on": date(1999, 12, 31)}, "from_on"),
        ({"title": "职" * 61}, "title"),
    ],
)
def test_what_is_wrong_with_an_appointment(keeper, more, field):
    given = {"role": Role.TOWN_OFFICER, "body": body(), "from_on": DAY, **more}
    with pytest.raises(Refused) as refusal:
        actions.appoint(person(), actor=keeper, **given)
    assert refusal.value.field == field


def test_nobody_is_appointed_twice_for_the_same_time(keeper):
    one, there = person(), body()
    actions.appoint(
        one, actor=keeper, role=Role.TOWN_OFFICER, body=there, from_on=DAY, until_on=LATER
    )
    with pytest.raises(Refused, match="不能重复任命"):
        actions.appoint(one, actor=keeper, role=Role.TOWN_OFFICER, body=there, from_on=LATER)
    actions.appoint(
        one, actor=keeper, role=Role.TOWN_OFFICER, body=there, from_on=LATER + timedelta(days=1)
    )
    assert one.appointments.count() == 2


def test_a_role_ends_with_its_last_day(keeper):
    one = person(Role.TOWN_OFFICER)
    held = actions.end_appointment(one.appointments.get(), actor=keeper, until_on=DAY)
    assert one.appointments.in_force(DAY).exists()
    assert not one.appointments.in_force(DAY + timedelta(days=1)).exists()
    for day, why in ((LATER, "不能延后"), (DAY, "不能延后"), (date(1990, 1, 1), "早于")):
        with pytest.raises(Refused, match=why):
            actions.end_appointment(held, actor=keeper, until_on=day)


def delegated(giver, taker, **more):
    given = {"from_on": DAY, "until_on": LATER, "reason": "出差", "on": DAY, **more}
    return actions.delegate(actor=giver, taker=taker, **given)


def test_who_stands_in_may_do_the_same_until_it_ends():
    giver, taker = person(Role.TOWN_OFFICER), person()
    delegation = delegated(
        giver, taker, from_on=timezone.localdate(), until_on=timezone.localdate(), on=DAY
    )
    assert again(taker).access.has(Role.TOWN_OFFICER)
    line = RecordLine.objects.get()
    assert (line.action, line.reason) == ("accounts.delegation.give", "出差")
    actions.revoke_delegation(delegation, actor=again(taker))
    assert not again(taker).access.has(Role.TOWN_OFFICER)
    with pytest.raises(Refused, match="已经撤回"):
        actions.revoke_delegation(delegation, actor=giver)


def test_nobody_passes_on_what_was_delegated_to_them():
    giver, taker, third = person(Role.TOWN_OFFICER), person(), person()
    delegated(giver, taker, from_on=timezone.localdate(), until_on=timezone.localdate(), on=DAY)
    with pytest.raises(Refused, match="没有自己的任职"):
        delegated(again(taker), third)


@pytest.mark.parametrize("duty", list(Duty))
def test_delegation_only_to_colleagues(duty):
    giver, taker = person(Role.TOWN_OFFICER), person(duty=duty)
    if duty == Duty.OFFICE:
        delegated(giver, taker)
    else:
        with pytest.raises(Refused, match="同类"):
            delegated(giver, taker)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"from_on": DAY - timedelta(days=1)}, "from_on"),
        ({"until_on": DAY - timedelta(days=1)}, "until_on"),
        ({"until_on": DAY + timedelta(days=181)}, "until_on"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_delegation_has_days_and_a_reason(more, field):
    with pytest.raises(Refused) as refusal:
        delegated(person(Role.TOWN_OFFICER), person(), **more)
    assert refusal.value.field == field


def test_nobody_delegates_to_themselves_or_to_who_has_left_or_twice():
    giver, taker = person(Role.TOWN_OFFICER), person()
    for wrong in (giver, person(is_active=False)):
        with pytest.raises(Refused):
            delegated(giver, wrong)
    delegated(giver, taker)
    with pytest.raises(Refused, match="已经委托"):
        delegated(giver, taker)


def test_a_stranger_does_not_revoke_a_delegation(keeper):
    delegation = delegated(person(Role.TOWN_OFFICER), person())
    for stranger in (person(Role.BUREAU_HEAD), administrator(Duty.SYSTEM)):
        with pytest.raises(NotAllowed):
            actions.revoke_delegation(delegation, actor=stranger)
    actions.revoke_delegation(delegation, actor=keeper)
    assert Delegation.objects.get().revoked_at is not None


def test_all_roles_pass_to_the_successor_on_a_day(keeper):
    giver, taker = person(Role.TOWN_OFFICER), person()
    there = giver.appointments.get().body
    more = Appointment.objects.create(
        person=giver, body=there, role=Role.COACH, from_on=DAY, until_on=LATER
    )
    passed = []
    moved = actions.hand_over(
        giver, taker, on=DAY, actor=keeper, also=[lambda **who: passed.append(who) or 3]
    )
    assert moved == 5
    assert passed == [{"from_person": giver, "to_person": taker, "on": DAY, "actor": keeper}]
    before, after = DAY - timedelta(days=1), DAY
    roles = lambda who, on: {(h.role, h.body) for h in who.appointments.in_force(on)}  # noqa: E731
    assert roles(giver, before) == {(Role.TOWN_OFFICER, there)}
    assert roles(giver, after) == set()
    assert roles(taker, before) == set()
    assert roles(taker, after) == {(Role.TOWN_OFFICER, there), (Role.COACH, there)}
    assert not Appointment.objects.filter(pk=more.pk).exists()
    assert RecordLine.objects.filter(action="accounts.person.hand_over").count() == 1


def test_what_the_successor_has_already_is_not_given_twice(keeper):
    giver = person(Role.TOWN_OFFICER)
    there = giver.appointments.get().body
    taker = person(Role.TOWN_OFFICER, there)
    actions.hand_over(giver, taker, on=DAY, actor=keeper)
    assert taker.appointments.count() == 1


def test_a_failing_part_of_a_hand_over_undoes_all_of_it(keeper):
    giver, taker = person(Role.TOWN_OFFICER), person()

    def fails(**who):
        raise Refused(message("不行"))

    with pytest.raises(Refused):
        actions.hand_over(giver, taker, on=DAY, actor=keeper, also=[fails])
    assert giver.appointments.get().until_on is None
    assert not taker.appointments.exists()
    assert not RecordLine.objects.exists()


@pytest.mark.parametrize("duty", [Duty.ENTERPRISE, Duty.SYSTEM, Duty.AUDIT])
def test_nothing_is_handed_to_another_kind_of_account(keeper, duty):
    with pytest.raises(Refused):
        actions.hand_over(person(Role.TOWN_OFFICER), person(duty=duty), on=DAY, actor=keeper)


def test_who_holds_nothing_hands_over_nothing(keeper):
    one = person()
    for other in (one, person()):
        with pytest.raises(Refused):
            actions.hand_over(one, other, on=DAY, actor=keeper)
