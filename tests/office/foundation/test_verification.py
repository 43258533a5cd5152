"""Whatever is altered by someone who owns the database is found, and the first of it is named."""

import json
import uuid
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from peiyu.cli.office_record import record as command
from peiyu.office.foundation.models import (
    DayHead,
    RecordKey,
    RecordLine,
    RecordLink,
    RecordSecret,
    RecordTail,
)
from peiyu.office.foundation.sealing import head_file, seal, seal_day
from peiyu.office.foundation.verification import What, verify
from tests.office.conftest import unguarded
from tests.office.factories import person
from tests.office.foundation.record_tests import NOW, raw, some_lines, tampered

pytestmark = pytest.mark.django_db
LINE, SECRET, LINK = (table._meta.db_table for table in (RecordLine, RecordSecret, RecordLink))
HEAD, KEY, TAIL = (table._meta.db_table for table in (DayHead, RecordKey, RecordTail))
NEXT = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _record(settings, tmp_path):
    """Five sealed transactions, two days with a head, one transaction in the tail."""
    settings.HEADS_ROOT = tmp_path
    some_lines(1, 3, 1)
    seal(NOW)
    seal_day(date(2019, 6, 17), now=NEXT)
    some_lines(2, 1)
    seal(NEXT)
    seal_day(date(2019, 6, 18), now=NEXT + timedelta(days=1))
    some_lines(2)
    assert verify().whole


def other(field, value):
    """Another value that the column takes."""
    if isinstance(field, models.ForeignKey):
        return next(
            pk for pk in field.related_model.objects.values_list("pk", flat=True) if pk != value
        )
    if isinstance(field, models.UUIDField):
        return uuid.uuid4().hex if connection.vendor == "sqlite" else uuid.uuid4()
    if isinstance(field, models.DateTimeField):
        found = value + timedelta(microseconds=1)
        return found.replace(tzinfo=None).isoformat(" ") if connection.vendor == "sqlite" else found
    if isinstance(field, models.DateField):
        return value + timedelta(days=900)
    if isinstance(field, models.JSONField):
        return json.dumps({**value, "z": [1, 2]})
    if isinstance(field, models.BinaryField):
        return bytes([bytes(value)[0] ^ 1]) + bytes(value)[1:]
    if isinstance(field, models.IntegerField):
        return value + 1000
    return "x" + value[1:] if value else "x"


def alter(table, column, row):
    field = next(f for f in table._meta.concrete_fields if f.column == column)
    key = table._meta.pk
    value = getattr(row, field.attname)
    raw(
        f'UPDATE {table._meta.db_table} SET "{column}" = %s WHERE "{key.column}" = %s',
        other(field, value),
        key.get_db_prep_value(row.pk, connection),
    )


def columns(table):
    return [field.column for field in table._meta.concrete_fields]


@pytest.mark.parametrize(
    "column", [c for c in columns(RecordLine) if c not in ("id", "transaction")]
)
def test_any_column_of_any_line_that_is_altered_is_named(column):
    person()
    for line in RecordLine.objects.order_by("pk"):
        link = RecordLink.objects.filter(transaction=line.transaction).first()
        with tampered():
            alter(RecordLine, column, line)
            found = verify().altered
        assert found.line == line.pk
        assert found.link == (link.number if link else None)
        assert found.what in (What.LINE_CHANGED, What.SECRET_CHANGED)
    assert verify().whole


@pytest.mark.parametrize("column", ["id", "transaction"])
def test_a_line_taken_out_of_its_place_is_missed_there(column):
    for link in RecordLink.objects.order_by("number"):
        for line in RecordLine.objects.filter(transaction=link.transaction, secrets=None):
            with tampered():
                alter(RecordLine, column, line)
                assert verify().altered.link == link.number


def test_an_altered_value_is_named_by_its_field():
    line = RecordLine.objects.order_by("pk")[2]
    values = json.dumps({"name": ["", "假"]})
    with tampered():
        raw(f'UPDATE {LINE} SET "values" = %s WHERE id = %s', values, line.pk)
        assert "name" in verify().message.say()


@pytest.mark.parametrize("garbage", ["[]", '"x"', "null", "7", '{"name": 3}'])
@pytest.mark.parametrize("column", ["values", "fields"])
def test_whatever_stands_in_a_line_verifying_does_not_break(column, garbage):
    line = RecordLine.objects.order_by("pk").first()
    with tampered():
        raw(f'UPDATE {LINE} SET "{column}" = %s WHERE id = %s', garbage, line.pk)
        assert verify().altered.line == line.pk


@pytest.mark.parametrize("column", ["at", "transaction", "day", "actor_id"])
def test_what_cannot_be_read_is_said_too(column):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite takes anything into any column")
    with tampered():
        raw(f'UPDATE {LINE} SET "{column}" = %s WHERE id = 2', "garbage")
        assert not verify().whole


@pytest.mark.parametrize("column", columns(RecordSecret)[1:])
def test_an_altered_box_is_found(column):
    secret = RecordSecret.objects.order_by("pk")[1]
    with tampered():
        alter(RecordSecret, column, secret)
        found = verify().altered
    assert found.what in (What.SECRET_CHANGED, What.LINE_CHANGED)
    assert found.line is not None


def test_a_box_taken_away_is_found_when_its_key_is_gone_too():
    secret = RecordSecret.objects.order_by("pk").first()
    with tampered():
        raw(f"UPDATE {KEY} SET key = NULL, destroyed_at = '2020-01-01'")
        assert verify().whole
        raw(f"DELETE FROM {SECRET} WHERE id = %s", secret.pk)
        found = verify().altered
    assert (found.what, found.line) == (What.LINE_CHANGED, secret.line_id)


def test_a_key_that_was_exchanged_is_found():
    key = RecordKey.objects.order_by("pk").first()
    with tampered():
        raw(f"UPDATE {KEY} SET key = %s WHERE id = %s", b"1" * 32, key.pk)
        found = verify().altered
    assert found.what == What.SECRET_CHANGED
    assert found.line == RecordSecret.objects.filter(key=key).order_by("pk").first().line_id


@pytest.mark.parametrize("column", columns(RecordLink))
def test_an_altered_link_is_named(column):
    for link in RecordLink.objects.order_by("number"):
        with tampered():
            alter(RecordLink, column, link)
            assert verify().altered.link == link.number


def test_a_line_taken_away_is_missed():
    line = RecordLine.objects.order_by("pk")[2]
    with tampered():
        raw(f"DELETE FROM {LINE} WHERE id = %s", line.pk)
        found = verify().altered
    assert (found.what, found.link) == (What.LINES_MISSING, 2)


def test_a_line_added_to_a_sealed_transaction_is_named():
    line = RecordLine.objects.order_by("pk")[2]
    rest = ", ".join(f'"{column}"' for column in columns(RecordLine)[1:])
    with tampered():
        raw(f"INSERT INTO {LINE} ({rest}) SELECT {rest} FROM {LINE} WHERE id = %s", line.pk)
        found = verify().altered
        added = RecordLine.objects.latest("pk").pk
    assert (found.what, found.link, found.line) == (What.LINES_ADDED, 2, added)


def test_a_line_without_link_and_tail_is_named():
    line = RecordLine.objects.latest("pk")
    with tampered():
        raw(f"DELETE FROM {TAIL}")
        found = verify().altered
    assert (found.what, found.line) == (What.LINES_ADDED, line.pk - 1)


def test_lines_taken_out_of_the_tail_are_missed():
    first = RecordTail.objects.get().first
    with tampered():
        raw(f"DELETE FROM {SECRET} WHERE line_id >= %s", first)
        raw(f"DELETE FROM {LINE} WHERE id >= %s", first)
        found = verify().altered
        assert seal(NEXT) == 0
    assert (found.what, found.line) == (What.LINES_MISSING, first)


def test_a_link_brought_back_into_the_tail_is_found_and_not_sealed_twice():
    link = RecordLink.objects.get(number=2)
    with tampered():
        RecordTail.objects.create(transaction=link.transaction, first=1)
        assert seal(NEXT) == 1
        assert verify().altered.what == What.TAIL_CHANGED


@pytest.mark.parametrize("number", [0, 1, 2, 4])
def test_a_chain_that_was_cut_is_seen_by_the_head_of_the_day(number):
    """The last links, their lines and heads are gone; the sealed files remain."""
    gone = list(RecordLink.objects.filter(number__gt=number).values_list("transaction", flat=True))
    gone += list(RecordTail.objects.values_list("transaction", flat=True))
    lines = list(RecordLine.objects.filter(transaction__in=gone).values_list("pk", flat=True))
    with tampered():
        raw(f"DELETE FROM {HEAD} WHERE link_id > %s", number)
        raw(f"DELETE FROM {LINK} WHERE number > %s", number)
        raw(f"DELETE FROM {TAIL}")
        for pk in lines:
            raw(f"DELETE FROM {SECRET} WHERE line_id = %s", pk)
            raw(f"DELETE FROM {LINE} WHERE id = %s", pk)
        found = verify().altered
    assert (found.what, found.link) == (What.LINK_MISSING, number + 1)


def test_a_record_written_anew_from_the_start_does_not_fit_the_sealed_files():
    with transaction.atomic():
        with unguarded():
            for table in (HEAD, SECRET, LINK, TAIL, LINE):
                raw(f"DELETE FROM {table}")
        connection.run_on_commit.clear()
        some_lines(1, 1, 1, 1, 1)
        seal(NOW)
        assert verify().altered.what == What.HEAD_CHANGED
        transaction.set_rollback(True)


@pytest.mark.parametrize("column", columns(DayHead))
def test_an_altered_head_is_found(column):
    head = DayHead.objects.order_by("day").first()
    with tampered():
        alter(DayHead, column, head)
        found = verify().altered
    assert found.what in (What.HEAD_CHANGED, What.HEAD_MISSING)


def test_a_head_whose_file_is_gone_or_altered_is_named():
    file = head_file(date(2019, 6, 17))
    kept = file.read_text()
    file.unlink()
    assert (verify().altered.what, verify().altered.day) == (What.HEAD_MISSING, date(2019, 6, 17))
    for text in ("", "[]", kept.replace('"link":3', '"link":2')):
        file.write_text(text)
        assert verify().altered.what == What.HEAD_CHANGED
        file.unlink()
    file.write_text(kept)
    assert verify().whole


def test_the_first_of_several_is_named():
    with tampered():
        raw(f"UPDATE {LINE} SET action = 'x' WHERE id IN (%s, %s)", *_pks(3, 6))
        assert verify().altered.line == _pks(3)[0]


def _pks(*numbers):
    found = list(RecordLine.objects.order_by("pk").values_list("pk", flat=True))
    return [found[number] for number in numbers]


def test_verifying_takes_the_same_queries_for_many_lines(django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as few:
        assert verify().whole
    some_lines(*[1] * 150)
    seal(NEXT)
    with django_assert_max_num_queries(len(few)):
        assert verify().whole


@pytest.mark.parametrize(("lang", "words"), [("zh", "记录完整"), ("en", "")])
def test_the_command_says_that_the_record_is_whole(lang, words):
    said = CliRunner().invoke(command, ["verify", "--lang", lang])
    assert said.exit_code == 0, said.output
    assert words in said.stdout and verify().head in said.stdout


def test_the_command_names_what_was_altered_and_fails():
    pk = _pks(3)[0]
    with tampered():
        raw(f"UPDATE {LINE} SET action = 'x' WHERE id = %s", pk)
        said = CliRunner().invoke(command, ["verify"])
    assert said.exit_code == 1
    assert f"#{pk}" in said.stderr
