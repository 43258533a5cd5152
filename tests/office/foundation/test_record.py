"""The record: written with the change, or neither; hidden values are not in it."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from peiyu.office.foundation.access_log import access_lines
from peiyu.office.foundation.actions import destroy_key
from peiyu.office.foundation.confidentiality import Class
from peiyu.office.foundation.models import (
    AccessKind,
    DayHead,
    RecordKey,
    RecordLine,
    RecordLink,
    RecordSecret,
    RecordTail,
)
from peiyu.office.foundation.record import changed, opened, plain, shown, write
from peiyu.office.foundation.refusals import Refused
from peiyu.office.foundation.sealing import seal, seal_day
from peiyu.office.foundation.verification import verify
from tests.office.factories import body, person
from tests.office.foundation.record_tests import (
    NOW,
    Wrong,
    committed,
    gone_wrong,
    line_about,
    raw,
    some_lines,
)

pytestmark = pytest.mark.django_db
PHONE = "13912345678"


def test_a_line_is_written_with_the_change():
    place = body(name="某镇")
    with committed():
        line_about(place)
    line = RecordLine.objects.get()
    assert line.values == {"name": ["", "某镇"]}
    assert (line.label, line.key, line.title) == ("accounts.body", str(place.pk), "某镇")
    tail = RecordTail.objects.get()
    assert (tail.transaction, tail.first) == (line.transaction, line.pk)


@pytest.mark.django_db(transaction=True)
def test_no_line_without_a_transaction():
    place = body()
    with pytest.raises(RuntimeError, match="transaction"):
        line_about(place)
    assert not RecordLine.objects.exists()


def test_a_line_costs_one_query_and_three_with_a_hidden_field(django_assert_num_queries):
    place, who = body(), person()
    with committed():
        for _ in range(2):
            with django_assert_num_queries(1):
                line_about(place)
        with django_assert_num_queries(4):  # the key is made
            line_about(who, phone=("", PHONE))
        with django_assert_num_queries(3):
            line_about(who, phone=(PHONE, ""), email=("", "a@b.cn"))


def test_lines_of_one_transaction_have_one_name_and_others_another():
    place = body()
    with committed():
        first, second = line_about(place), line_about(place)
    with committed():
        third = line_about(place)
    assert first.transaction == second.transaction != third.transaction
    assert RecordTail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_names_hold_with_true_commits_even_when_another_hook_fails():
    place = body()

    def fails():
        raise Wrong

    with suppress(Wrong), transaction.atomic():
        transaction.on_commit(fails)
        line_about(place)
    with transaction.atomic():
        line_about(place)
    with gone_wrong():
        line_about(place)
    with transaction.atomic():
        line_about(place)
    names = set(RecordLine.objects.values_list("transaction", flat=True))
    assert RecordLine.objects.count() == 3 == len(names)
    assert names == set(RecordTail.objects.values_list("transaction", flat=True))
    assert seal(NOW) == 3
    assert verify().whole


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("after", [0, 1])
def test_a_savepoint_rolled_back_takes_only_its_own_lines(before, after):
    place = body()
    with transaction.atomic():
        for _ in range(before):
            line_about(place)
        with gone_wrong():
            line_about(place)
        for _ in range(after):
            line_about(place)
    assert RecordLine.objects.count() == before + after
    assert RecordTail.objects.count() == (1 if before + after else 0)
    assert seal(NOW) == (1 if before + after else 0)
    assert verify().whole


@pytest.mark.django_db(transaction=True)
def test_a_transaction_rolled_back_leaves_neither_change_nor_line():
    with gone_wrong():
        line_about(body())
    assert not RecordLine.objects.exists() and not RecordTail.objects.exists()


def test_what_did_not_change_is_not_in_the_line():
    place = body(name="某镇")
    assert changed(place, name="某镇", opened_on=date(2000, 1, 1)) == {}
    with committed():
        line = line_about(place, name=("某镇", "某镇"), short=("某", "某镇"))
    assert list(line.fields) == ["short"]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("1.50"), "1.50"),
        (date(2019, 6, 17), "2019-06-17"),
        (datetime(2019, 6, 17, 1, tzinfo=UTC), "2019-06-17T01:00:00.000000+00:00"),
        (AccessKind.API, "api"),
        ((1, None, True), [1, None, True]),
        ({"a": Decimal("1")}, {"a": "1"}),
    ],
)
def test_values_stand_in_the_record_exactly(value, kept):
    assert plain(value) == kept
    assert type(plain(value)) is type(kept)


@pytest.mark.parametrize("value", [1.5, b"x", object()])
def test_what_is_not_exact_has_no_place_in_the_record(value):
    with pytest.raises(TypeError):
        plain(value)


def test_a_reason_too_long_is_refused_and_not_cut():
    with pytest.raises(Refused) as refused, transaction.atomic():
        write(actor=None, action="a", thing=body(), reason="长" * 501)
    assert refused.value.field == "reason" and "501" in refused.value.say()


def test_hidden_values_are_nowhere_in_the_clear():
    who = person()
    with committed():
        line = line_about(who, phone=("", PHONE), name=("", "李四"))
    assert line.values == {"name": ["", "李四"]}
    assert set(line.fields) == {"name", "phone"}
    for table in (RecordLine, RecordSecret, RecordKey, RecordTail):
        for row in table.objects.values():
            assert PHONE not in str(row) and PHONE.encode() not in b"".join(
                bytes(value) for value in row.values() if isinstance(value, bytes | memoryview)
            )


def test_equal_hidden_values_cannot_be_told_from_their_digests():
    who = person()
    with committed():
        one, two = line_about(who, phone=("", PHONE)), line_about(who, phone=("", PHONE))
    assert one.fields["phone"] != two.fields["phone"]


def test_a_person_whose_name_is_hidden_is_not_named_in_another_line():

    key = RecordKey.objects.create(label="a.b", subject="1", key=b"0" * 32)
    secret = RecordSecret(field=PHONE, key=key)
    secret.pk = 7
    assert plain(secret) == "#7"


def test_a_reader_sees_only_the_classes_that_he_may():
    who = person()
    with committed():
        line = line_about(who, phone=("", PHONE), name=("", "李四"))
    seen = {field.field: field for field in shown(line, {Class.OFFICE, Class.PERSONAL})}
    assert (seen["name"].old, seen["name"].new, seen["name"].hidden) == ("", "李四", False)
    assert seen["phone"].hidden and seen["phone"].new is None
    assert all(field.hidden for field in shown(line, set()))


def test_opening_a_hidden_value_is_logged():
    who, reader = person(), person()
    with committed():
        line = line_about(who, phone=("", PHONE))
    found = opened(
        RecordLine.objects.get(pk=line.pk), by=reader, why="核实投诉", address="10.0.0.1"
    )
    assert found == {"phone": ("", PHONE)}
    logged = access_lines(kind=AccessKind.SECRET).get()
    assert (logged.actor, logged.label, logged.key) == (reader, "accounts.user", str(who.pk))
    assert "phone" in logged.detail and "核实投诉" in logged.detail and PHONE not in logged.detail


def test_nothing_is_opened_without_saying_why():
    who = person()
    with committed():
        line = line_about(who, phone=("", PHONE))
    with pytest.raises(Refused):
        opened(line, by=who, why=" ")
    assert not access_lines().exists()


def test_a_destroyed_key_leaves_the_chain_whole_and_the_values_gone():
    who, actor = person(), person()
    with committed():
        line = line_about(who, phone=("", PHONE))
    seal(NOW)
    with committed():
        destroy_key(who, actor=actor, reason="离职满五年")
    seal(NOW)
    assert verify().whole
    with pytest.raises(Refused) as refused:
        opened(line, by=actor, why="想看")
    assert timezone.localdate().isoformat() in refused.value.say()
    act = RecordLine.objects.latest("pk")
    assert (act.action, act.reason, act.actor_id) == (
        "foundation.key.destroy", "离职满五年", actor.pk,
    )  # fmt: skip
    assert (act.about_label, act.about_key) == ("accounts.user", str(who.pk))
    assert bytes(RecordKey.objects.get().key or b"") == b""


def test_a_key_is_destroyed_once_with_a_reason_by_label_too():
    who, actor = person(), person()
    subject = ("accounts.user", str(who.pk))
    with pytest.raises(Refused):
        destroy_key(subject, actor=actor, reason="无密钥")
    with committed():
        line_about(who, phone=("", PHONE))
    with pytest.raises(Refused):
        destroy_key(subject, actor=actor, reason="")
    destroy_key(subject, actor=actor, reason="到期")
    with pytest.raises(Refused):
        destroy_key(subject, actor=actor, reason="再来")


def test_what_is_written_after_the_destruction_has_a_new_key():
    who, actor = person(), person()
    with committed():
        line_about(who, phone=("", PHONE))
    with committed():
        destroy_key(who, actor=actor, reason="到期")
    with committed():
        line = line_about(who, phone=("", "13700000000"))
    assert opened(line, by=actor, why="查") == {"phone": ("", "13700000000")}
    assert RecordKey.objects.count() == 2
    seal(NOW)
    assert verify().whole


@pytest.fixture
def full(settings, tmp_path):
    """Something in each table of the record."""
    settings.HEADS_ROOT = tmp_path
    some_lines(2)
    seal(NOW)
    seal_day(date(2019, 6, 17), now=timezone.now())
    some_lines(1)


GROWING = (RecordLine, RecordSecret, RecordLink, DayHead)


@pytest.mark.parametrize("table", GROWING)
def test_the_database_refuses_to_update_and_delete(full, table):
    name, key = table._meta.db_table, table._meta.pk.column
    for statement in (f"UPDATE {name} SET {key} = {key}", f"DELETE FROM {name}"):
        with pytest.raises(IntegrityError, match="the record only grows"), transaction.atomic():
            raw(statement)


@pytest.mark.parametrize("table", [*GROWING, RecordTail, RecordKey])
def test_the_database_refuses_to_empty_a_table(full, table):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(f"TRUNCATE {table._meta.db_table} CASCADE")


def test_the_tail_is_only_left_for_the_chain(full):
    name = RecordTail._meta.db_table
    for statement in (f"DELETE FROM {name}", f"UPDATE {name} SET first = first + 1"):
        with pytest.raises(IntegrityError, match="stays in the tail"), transaction.atomic():
            raw(statement)


@pytest.mark.parametrize(
    "change",
    ["subject = 'x'", "label = 'x'", "destroyed_at = '2020-01-01'", "id = id + 100",
     "key = NULL, destroyed_at = '2020-01-01', subject = 'x'"],
)  # fmt: skip
def test_a_key_cannot_be_changed(full, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(f"UPDATE {RecordKey._meta.db_table} SET {change}")


def test_a_key_cannot_be_exchanged_brought_back_or_deleted(full):
    name = RecordKey._meta.db_table
    for key in (b"1" * 32, None):
        with pytest.raises(IntegrityError, match="key"), transaction.atomic():
            RecordKey.objects.update(key=key)
    RecordKey.objects.update(key=None, destroyed_at=NOW)
    for change in ({"key": b"1" * 32, "destroyed_at": None}, {"destroyed_at": timezone.now()}):
        with pytest.raises(IntegrityError, match="can only be destroyed"), transaction.atomic():
            RecordKey.objects.update(**change)
    with pytest.raises(IntegrityError, match="can only be destroyed"), transaction.atomic():
        raw(f"DELETE FROM {name}")


def test_nothing_is_added_to_a_sealed_transaction(full):
    line = RecordLine.objects.order_by("pk").first()
    name, columns = RecordLine._meta.db_table, [f.column for f in RecordLine._meta.concrete_fields]
    rest = ", ".join(f'"{column}"' for column in columns if column != "id")
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        raw(f"INSERT INTO {name} ({rest}) SELECT {rest} FROM {name} WHERE id = {line.pk}")
    secret = RecordSecret.objects.order_by("pk").first()
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        RecordSecret(line=line, field="x", key=secret.key, nonce=b"", box=b"").save()


def test_a_line_written_past_the_program_is_in_the_tail_too():
    some_lines(1)
    line = RecordLine.objects.get()
    line.pk, line.transaction = None, "0" * 32
    line.save(force_insert=True)
    assert RecordTail.objects.count() == 2


def test_values_are_json_in_both_databases():
    with committed():
        line = line_about(body(), x=({"b": 1, "a": [2**60, "é“”\n"]}, None))
    kept = RecordLine.objects.get(pk=line.pk)
    assert json.dumps(kept.values, sort_keys=True) == json.dumps(line.values, sort_keys=True)
    assert verify().whole
