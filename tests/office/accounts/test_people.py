"""People come, change their data and leave; only the security administrator keeps accounts."""

from datetime import date, timedelta

import pytest

from peiyu.office.accounts import actions
from peiyu.office.accounts.models import Duty, Role, User
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import Conflict, NotAllowed, Refused, SeveralRefused
from tests.office.factories import DAY, administrator, again, body, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return administrator(Duty.SECURITY)


def everyone_else():
    yield from (administrator(duty) for duty in (Duty.SYSTEM, Duty.AUDIT))
    yield from (person(role) for role in Role)
    yield User.objects.create(username="gone", name="离岗", duty=Duty.SECURITY, is_active=False)


def test_only_the_security_administrator_keeps_accounts():
    other = person(Role.TOWN_OFFICER)
    held = other.appointments.get()
    acts = {
        "add": lambda by: actions.add_person(actor=by, username="new", name="新人", on=DAY),
        "change": lambda by: actions.change_person(other, actor=by, version=1, phone="13800000000"),
        "appoint": lambda by: actions.appoint(
            other, actor=by, role=Role.LEADER, body=body("city"), from_on=DAY
        ),
        "end": lambda by: actions.end_appointment(held, actor=by, until_on=DAY),
        "password": lambda by: actions.reset_password(other, actor=by),
        "factor": lambda by: actions.remove_second_factors(other, actor=by, reason="丢失"),
        "leave": lambda by: actions.leave(other, actor=by, on=DAY),
        "back": lambda by: actions.come_back(other, actor=by, on=DAY),
        "hand": lambda by: actions.hand_over(other, person(), on=DAY, actor=by),
    }
    passed = []
    for someone in everyone_else():
        for name, act in acts.items():
            try:
                act(someone)
            except NotAllowed:
                continue
            passed.append((name, someone.duty))
    assert passed == []
    assert not RecordLine.objects.exists()


def test_the_security_administrator_does_not_keep_their_own_account(keeper):
    for act in (
        lambda: actions.reset_password(keeper, actor=keeper),
        lambda: actions.remove_second_factors(keeper, actor=keeper, reason="丢失"),
        lambda: actions.leave(keeper, actor=keeper, on=DAY),
        lambda: actions.come_back(keeper, actor=keeper, on=DAY),
        lambda: actions.appoint(
            keeper, actor=keeper, role=Role.LEADER, body=body("city"), from_on=DAY
        ),
        lambda: actions.hand_over(person(), keeper, on=DAY, actor=keeper),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "a"}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "ZHANG"}, "username"),
        ({"username": "ｚｈａｎｇ"}, "username"),
        ({"username": "{{7*7}}"}, "username"),
        ({"username": "x" * 10_000}, "username"),
        ({"username": "'; DROP TABLE accounts_user; --"}, "username"),
        ({"name": ""}, "name"),
        ({"name": "张\x07三"}, "name"),
        ({"duty": "god"}, "duty"),
        ({"phone": "电话"}, "phone"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_an_account_needs_a_name_of_its_own(keeper, wrong, field):
    User.objects.filter(pk=person().pk).update(username="zhang")
    with pytest.raises(Refused) as refusal:
        actions.add_person(actor=keeper, **{"username": "wang", "name": "王", "on": DAY, **wrong})
    assert refusal.value.field == field
    assert User.objects.count() == 2


def test_several_wrong_values_are_told_at_once(keeper):
    with pytest.raises(SeveralRefused) as refusal:
        actions.add_person(actor=keeper, username="wang", name="", phone="x", email="y", on=DAY)
    assert [each.field for each in refusal.value.refusals] == ["name", "phone", "email"]


def test_a_new_account_has_a_password_to_be_changed(keeper):
    new, password = actions.add_person(
        actor=keeper, username="wang.fang", name="王芳", phone="13812345678", on=DAY
    )
    assert new.check_password(password)
    assert new.must_change_password
    line = RecordLine.objects.get()
    assert line.action == "accounts.person.add"
    assert "13812345678" not in str(line.values)
    assert password not in str(line.values) + str(line.fields)


def test_two_who_save_at_once_are_told_of_each_other(keeper):
    one = person(phone="111111")
    actions.change_person(one, actor=keeper, version=1, phone="222222")
    with pytest.raises(Conflict) as conflict:
        actions.change_person(one, actor=one, version=1, phone="333333", email="")
    assert [(d.field, d.wanted, d.stands) for d in conflict.value.differences] == [
        ("phone", "333333", "222222")
    ]
    assert again(one).phone == "222222"


def test_one_does_not_change_ones_name_oneself():
    one = person(name="张三")
    with pytest.raises(Refused, match="姓名"):
        actions.change_person(one, actor=one, version=1, name="李四")


def test_who_leaves_has_nothing_any_more(keeper):
    one, colleague = person(Role.TOWN_OFFICER), person(Role.TOWN_OFFICER)
    one.set_password("a password of old")
    one.save()
    actions.delegate(actor=one, taker=colleague, from_on=DAY, until_on=DAY, reason="出差", on=DAY)
    _, raw = actions.make_token(
        one, actor=one, name="程序", scopes=["registry:read"], expires_on=date(2019, 7, 1), on=DAY
    )
    actions.leave(one, actor=keeper, on=DAY, reason="调离")
    one = again(one)
    assert not one.is_active
    assert one.left_on == DAY
    assert not one.has_usable_password()
    assert one.appointments.get().until_on == DAY
    assert one.given.get().revoked_at is not None
    assert not one.access.roles
    assert actions.person_of_token(raw, DAY) is None
    assert {line.action for line in RecordLine.objects.filter(actor_id=keeper.pk)} == {
        "accounts.appointment.end",
        "accounts.delegation.revoke",
        "accounts.person.leave",
    }
    with pytest.raises(Refused, match="已经停用"):
        actions.leave(one, actor=keeper, on=DAY)


def test_who_comes_back_gets_a_password_but_no_role(keeper):
    one = person(Role.TOWN_OFFICER)
    actions.leave(one, actor=keeper, on=DAY - timedelta(days=9))
    _, password = actions.come_back(one, actor=keeper, on=DAY, reason="调回")
    one = again(one)
    assert one.is_active and one.must_change_password and one.check_password(password)
    assert not one.appointments.in_force(DAY).exists()


def test_language_and_plain_mode_are_chosen_by_oneself(keeper):
    one = person()
    with pytest.raises(NotAllowed):
        actions.choose_plain(one, actor=keeper, plain=True)
    with pytest.raises(Refused):
        actions.choose_language(one, actor=one, language="tlh")
    actions.choose_language(one, actor=one, language="en")
    actions.choose_plain(one, actor=one, plain=True)
    assert (again(one).language, again(one).plain) == ("en", True)


def seen_by(someone):
    return set(User.objects.visible_to(someone))


def test_who_sees_whom():
    keeper, auditor, system = (
        administrator(duty) for duty in (Duty.SECURITY, Duty.AUDIT, Duty.SYSTEM)
    )
    officer, coach = person(Role.TOWN_OFFICER), person(Role.COACH)
    owner, bank, agency = person(Role.OWNER), person(Role.BANK), person(Role.AGENCY)
    idle = person()
    gone = person(Role.TAX, is_active=False)
    everyone = set(User.objects.all())
    officials = {officer, coach, idle}
    assert seen_by(keeper) == seen_by(auditor) == everyone
    assert seen_by(system) == {system}
    assert seen_by(officer) == seen_by(coach) == officials
    for outside in (owner, bank, agency, idle):
        assert seen_by(outside) == {outside}
    assert seen_by(gone) == set()
