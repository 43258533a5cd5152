"""The three administrators are three people, in the database itself (三员分立)."""

import pytest
from django.db import IntegrityError, connection, transaction

from peiyu.office.accounts.models import Appointment, Delegation, Duty, Role, User
from tests.office.factories import LONG_AGO, administrator, body, person

pytestmark = pytest.mark.django_db
THREE = [Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT]
OTHERS = [Duty.OFFICE, Duty.ENTERPRISE]


def refused(sql, *values):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return True


@pytest.mark.parametrize("was", THREE)
@pytest.mark.parametrize("becomes", [*THREE, *OTHERS])
def test_an_administrator_stays_what_they_are(was, becomes):
    one = administrator(was)
    change = "UPDATE accounts_user SET duty = %s WHERE id = %s"
    if was == becomes:
        with connection.cursor() as cursor:
            cursor.execute(change, [becomes, one.pk])
    else:
        assert refused(change, becomes, one.pk)
    assert User.objects.get(pk=one.pk).duty == was


@pytest.mark.parametrize("was", OTHERS)
@pytest.mark.parametrize("becomes", THREE)
def test_nobody_becomes_an_administrator(was, becomes):
    one = person(duty=was)
    assert refused("UPDATE accounts_user SET duty = %s WHERE id = %s", becomes, one.pk)


def test_many_at_once_neither():
    for duty in THREE:
        administrator(duty)
    assert refused("UPDATE accounts_user SET duty = 'system'")


@pytest.mark.parametrize("duty", THREE)
def test_an_administrator_holds_no_role(duty):
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            person=administrator(duty), role=Role.LEADER, body=body(), from_on=LONG_AGO
        )


@pytest.mark.parametrize("duty", THREE)
def test_a_role_is_not_passed_to_an_administrator(duty):
    held = person(Role.LEADER).appointments.get()
    one = administrator(duty)
    change = "UPDATE accounts_appointment SET person_id = %s WHERE id = %s"
    assert refused(change, one.pk, held.pk)


@pytest.mark.parametrize("duty", THREE)
@pytest.mark.parametrize("side", ["giver", "taker"])
def test_an_administrator_neither_gives_nor_takes_a_delegation(duty, side):
    people = {"giver": person(Role.LEADER), "taker": person(), side: administrator(duty)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(**people, from_on=LONG_AGO, until_on=LONG_AGO, reason="")


@pytest.mark.parametrize("duty", [*THREE, *OTHERS])
def test_nobody_is_deleted(duty):
    one = person(duty=duty)
    assert refused("DELETE FROM accounts_user WHERE id = %s", one.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        one.delete()
    assert User.objects.filter(pk=one.pk).exists()


def test_other_changes_of_people_pass():
    one = administrator(Duty.AUDIT)
    one.name = "另名"
    one.save()
    assert User.objects.get(pk=one.pk).name == "另名"
