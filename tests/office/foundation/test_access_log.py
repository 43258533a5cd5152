"""The log of what changes nothing: written at once, never changed, kept six months."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from peiyu.office.foundation.access_log import access_lines, forget_old, log
from peiyu.office.foundation.models import AccessKind, AccessLine
from tests.office.factories import person

pytestmark = pytest.mark.django_db
TABLE = AccessLine._meta.db_table


def aged(days):
    return log(AccessKind.LOGIN, name="someone", at=timezone.now() - timedelta(days=days))


def test_a_line_says_who_did_what_from_where():
    actor = person(name="张三")
    line = log(AccessKind.EXPORT, actor=actor, address="10.0.0.7", label="a.b", key="7", detail="x")
    line.refresh_from_db()
    assert (line.name, line.address, line.key) == (actor.username, "10.0.0.7", "7")


@pytest.mark.parametrize("address", ["", None, "nonsense", "999.1.1.1", "fe80::1%eth0", "::1"])
def test_whatever_comes_as_address_the_line_is_written(address):
    assert log(AccessKind.FAILED, name="x", address=address).pk


def test_hostile_text_is_cut_and_kept():
    line = log(AccessKind.FAILED, name="a\0\ud800" + "b" * 400, detail="c\0" * 900)
    line.refresh_from_db()
    assert len(line.name) == 150 and "\0" not in line.name + line.detail


def test_a_line_is_never_updated():
    line = aged(1)
    with pytest.raises(IntegrityError, match="log of access"), transaction.atomic():
        AccessLine.objects.filter(pk=line.pk).update(detail="other")


@pytest.mark.parametrize("age", [0, 100, 182])
def test_a_line_of_six_months_cannot_be_deleted(age):
    line = aged(age)
    with pytest.raises(IntegrityError, match="six months"), transaction.atomic():
        AccessLine.objects.filter(pk=line.pk).delete()


def test_old_lines_are_forgotten_and_no_others():
    kept, _ = aged(182), aged(184)
    assert forget_old(timezone.now()) == 1
    assert [line.pk for line in AccessLine.objects.all()] == [kept.pk]


def test_a_longer_kept_period_is_kept():
    aged(300)
    assert forget_old(timezone.now(), kept_days=365) == 0


def test_a_shorter_kept_period_is_an_error():
    with pytest.raises(ValueError, match="183"):
        forget_old(timezone.now(), kept_days=182)


def test_the_log_is_not_emptied_at_once():
    aged(300)
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="six months"), transaction.atomic():
            cursor.execute(f"TRUNCATE {TABLE}")


def test_the_auditor_finds_by_person_kind_day_and_word():
    one, other = person(), person()
    log(AccessKind.LOGIN, actor=one, address="10.0.0.7")
    log(AccessKind.EXPORT, actor=other, detail="名单")
    today = timezone.localdate()
    assert access_lines().count() == 2
    assert access_lines(person=one).get().kind == AccessKind.LOGIN
    assert access_lines(kind=AccessKind.EXPORT, text="名单").get().actor == other
    assert access_lines(text="10.0.0").get().actor == one
    assert access_lines(since=today, until=today).count() == 2
    assert not access_lines(until=date(2019, 1, 1)).exists()
