"""Keys for programs never open more than their owner could."""

from datetime import timedelta

import pytest

from peiyu.office.accounts import actions
from peiyu.office.accounts.models import ApiToken, Duty, Role
from peiyu.office.accounts.permissions import RECORD, REGISTRY
from peiyu.office.foundation.models import RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from tests.office.factories import DAY, administrator, again, person

pytestmark = pytest.mark.django_db
SOON = DAY + timedelta(days=30)


def made(one, *scopes, by=None, **more):
    given = {"name": "程序", "expires_on": SOON, "on": DAY, **more}
    return actions.make_token(one, actor=by or one, scopes=scopes or (REGISTRY,), **given)


@pytest.mark.parametrize("duty", list(Duty))
@pytest.mark.parametrize("scope", [REGISTRY, RECORD])
def test_who_may_have_a_key_for_what(duty, scope):
    one = {
        Duty.OFFICE: lambda: person(Role.TOWN_OFFICER),
        Duty.ENTERPRISE: lambda: person(Role.OWNER),
    }.get(duty, lambda: administrator(duty))()
    fits = scope == RECORD if duty == Duty.AUDIT else duty in (Duty.OFFICE, Duty.ENTERPRISE)
    if fits:
        _, raw = made(one, scope)
        assert actions.person_of_token(raw, DAY) == (one, {scope})
    else:
        with pytest.raises(NotAllowed):
            made(one, scope)


def test_who_holds_no_role_needs_no_key():
    with pytest.raises(NotAllowed):
        made(person())


def test_nobody_makes_a_key_for_another():
    with pytest.raises(NotAllowed):
        made(person(Role.OWNER), by=administrator(Duty.SECURITY))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"expires_on": DAY}, "expires_on"),
        ({"expires_on": DAY + timedelta(days=366)}, "expires_on"),
        ({"name": " "}, "name"),
    ],
)
def test_a_key_has_a_name_and_an_end(more, field):
    with pytest.raises(Refused) as refusal:
        made(person(Role.OWNER), **more)
    assert refusal.value.field == field


def test_unknown_and_missing_scopes_are_refused():
    one = person(Role.OWNER)
    with pytest.raises(Refused, match="没有“registry:write”"):
        made(one, "registry:write")
    with pytest.raises(Refused, match="至少选择一个"):
        actions.make_token(one, actor=one, name="程序", scopes=[], expires_on=SOON, on=DAY)


def test_only_the_digest_is_kept():
    token, raw = made(person(Role.OWNER))
    kept = ApiToken.objects.filter(pk=token.pk).values().get()
    assert raw not in str(kept)
    line = RecordLine.objects.get()
    assert raw not in str(line.values) and token.digest not in str(line.values)


def test_a_key_opens_until_its_last_day_and_not_when_revoked():
    one = person(Role.OWNER)
    token, raw = made(one)
    assert actions.person_of_token(raw, SOON)
    assert actions.person_of_token(raw, SOON + timedelta(days=1)) is None
    stranger = person(Role.BUREAU_HEAD)
    with pytest.raises(NotAllowed):
        actions.revoke_token(token, actor=stranger)
    actions.revoke_token(token, actor=administrator(Duty.SECURITY))
    assert actions.person_of_token(raw, DAY) is None
    with pytest.raises(Refused, match="已经停用"):
        actions.revoke_token(token, actor=one)


@pytest.mark.parametrize(
    "raw", ["", "py_", "py_" + "x" * 43, "é😀\udcff", "x" * 10_000, "' OR 1=1"]
)
def test_nonsense_opens_nothing(raw):
    made(person(Role.OWNER))
    assert actions.person_of_token(raw, DAY) is None


def test_a_key_loses_what_its_owner_loses():
    one = person(Role.OWNER)
    _, raw = made(one, REGISTRY, RECORD)
    one.appointments.update(until_on=DAY - timedelta(days=1))
    assert actions.person_of_token(raw, DAY) is None
    again(one).appointments.update(until_on=None)
    one.is_active = False
    one.save()
    assert actions.person_of_token(raw, DAY) is None


def test_use_is_noted_once_a_minute(django_assert_num_queries):
    token, raw = made(person(Role.OWNER))
    actions.person_of_token(raw, DAY)
    first = ApiToken.objects.get(pk=token.pk).used_at
    actions.person_of_token(raw, DAY)
    assert first is not None and ApiToken.objects.get(pk=token.pk).used_at == first


def test_no_more_than_ten():
    one = person(Role.OWNER)
    for _ in range(10):
        made(one)
    with pytest.raises(Refused, match="10把"):
        made(one)
