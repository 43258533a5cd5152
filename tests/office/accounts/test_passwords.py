"""What a password must be."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from peiyu.office.accounts import actions
from peiyu.office.accounts.models import Duty
from peiyu.office.accounts.passwords import must_change, objections, one_time_password
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from tests.office.factories import administrator, again, person

pytestmark = pytest.mark.django_db
FIRST = "Kalte Füße 7"


@pytest.fixture
def one():
    found = person(name="欧阳小红", phone="13812345678", email="xiaohong@jy.example")
    found.set_password(FIRST)
    found.save()
    return found


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("zhongyuandt", False),  # 11 of one kind
        ("zhongyuandtx", True),  # 12 of one kind
        ("Zhongyu9d", False),  # 9 of three kinds
        ("Zhongyu9dt", True),  # 10 of three kinds
        ("zhongyu9dt", False),  # 10 of two kinds
        ("愚公移山不止不休子孙无穷", True),
        ("password1234", False),  # common
        ("1qaz2wsx3edc", False),  # common
        ("13812345678a", False),  # like the telephone
        ("xiaohong@jy.exampl", False),  # like the mail address
        ("x" * 129, False),
        ("x" * 10_000, False),
        ("", False),
        (FIRST, False),  # the present one
        ("ab😀" * 4, True),
    ],
)
def test_which_passwords_are_good(one, password, good):
    assert (not objections(password, one)) is good
    if good:
        validate_password(password, one)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, one)


def test_no_objection_shows_the_password(one):
    for password in ("Zhongyu9d", "password1234", FIRST):
        assert password not in "".join(each.say() for each in objections(password, one))


def test_the_last_five_are_not_used_again(one):
    old = FIRST
    for number in range(1, 6):
        with pytest.raises(Refused, match="最近5个"):
            actions.set_password(one, actor=one, old=old, new=FIRST)
        new = f"Ganz anders Nr. {number}"
        actions.set_password(one, actor=one, old=old, new=new)
        old = new
    actions.set_password(one, actor=one, old=old, new=FIRST)
    assert again(one).check_password(FIRST)
    assert one.past_passwords.count() == 5


def test_only_oneself_and_with_the_old_one(one):
    with pytest.raises(NotAllowed):
        actions.set_password(one, actor=administrator(Duty.SECURITY), old=FIRST, new="Neu" * 5)
    with pytest.raises(Refused) as refusal:
        actions.set_password(one, actor=one, old="geraten", new="Neu ist es " * 2)
    assert refusal.value.field == "old"
    assert not RecordLine.objects.exists()


def test_the_record_knows_that_but_not_what(one):
    actions.set_password(one, actor=one, old=FIRST, new="Neu ist es jetzt")
    line = RecordLine.objects.get()
    assert (line.action, line.values) == ("accounts.person.password", {})


def test_a_reset_password_opens_once_and_must_be_changed(one):
    keeper = administrator(Duty.SECURITY)
    password = actions.reset_password(one, actor=keeper, reason="忘记")
    one = again(one)
    assert one.check_password(password) and one.must_change_password
    assert not objections(password)
    actions.set_password(one, actor=one, old=password, new="Neu ist es jetzt")
    assert not again(one).must_change_password


def test_a_lost_second_factor_is_taken_away(one):
    keeper = administrator(Duty.SECURITY)
    with pytest.raises(Refused, match="没有设置"):
        actions.remove_second_factors(one, actor=keeper, reason="丢失")
    Authenticator.objects.create(user=one, type="totp", data={})
    with pytest.raises(Refused) as refusal:
        actions.remove_second_factors(one, actor=keeper, reason=" ")
    assert refusal.value.field == "reason"
    actions.remove_second_factors(one, actor=keeper, reason="手机丢失")
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("duty", "days", "changes"),
    [
        (Duty.OFFICE, 179, False),
        (Duty.OFFICE, 181, True),
        (Duty.SECURITY, 181, True),
        (Duty.ENTERPRISE, 181, False),
    ],
)
def test_officials_change_it_every_half_year(duty, days, changes):
    now = timezone.now()
    one = person(duty=duty, password_set_at=now - timedelta(days=days))
    one.set_password(FIRST)
    assert must_change(one, now) is changes


def test_one_time_passwords_differ_and_are_good():
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert not any(objections(password) for password in made)
