"""The chain of the record: what is written gets in, once, in order; the heads of the days."""

import json
import stat
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.foundation.models import DayHead, RecordLine, RecordLink, RecordTail
from peiyu.office.foundation.sealing import head_file, seal, seal_day, tail, tail_size
from peiyu.office.foundation.verification import verify
from tests.office.factories import body
from tests.office.foundation.record_tests import (
    NOW,
    Wrong,
    committed,
    gone_wrong,
    line_about,
    some_lines,
)

pytestmark = pytest.mark.django_db
DAY = date(2019, 6, 17)
NEXT = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _heads(settings, tmp_path):
    settings.HEADS_ROOT = tmp_path / "heads"


def test_each_transaction_gets_one_link_in_order_of_its_first_line():
    transactions = some_lines(2, 1, 3)
    assert tail_size() == 3
    assert [row.first for row in tail()] == [lines[0].pk for lines in transactions]
    assert seal(NOW) == 3
    links = list(RecordLink.objects.order_by("number"))
    assert [link.number for link in links] == [1, 2, 3]
    assert [link.lines for link in links] == [2, 1, 3]
    assert [link.transaction for link in links] == [lines[0].transaction for lines in transactions]
    assert links[1].previous == links[0].digest
    assert tail_size() == 0


def test_sealing_again_does_nothing():
    some_lines(1)
    assert (seal(NOW), seal(NOW)) == (1, 0)
    assert verify().whole


def test_an_empty_record_is_whole():
    found = verify()
    assert found.whole and (found.links, found.lines, found.waiting) == (0, 0, 0)


def test_what_is_verified_is_counted():
    some_lines(2, 1)
    seal(NOW)
    some_lines(1)
    found = verify()
    assert (found.links, found.lines, found.waiting) == (2, 3, 1)
    assert found.head == RecordLink.objects.get(number=2).digest


def test_a_long_tail_is_sealed_in_several_turns(monkeypatch):
    monkeypatch.setattr("peiyu.office.foundation.sealing.AT_ONCE", 2)
    monkeypatch.setattr("peiyu.office.foundation.verification.LINKS_AT_ONCE", 2)
    some_lines(1, 1, 1, 1, 1)
    assert seal(NOW) == 5
    assert verify().whole


def test_a_sealer_that_fails_leaves_the_chain_as_it_was(monkeypatch):
    some_lines(1, 1)

    def fails(*_):
        raise Wrong

    with monkeypatch.context() as patch:
        patch.setattr("peiyu.office.foundation.sealing.Growing.digest", fails)
        with pytest.raises(Wrong):
            seal(NOW)
    assert not RecordLink.objects.exists() and tail_size() == 2
    assert seal(NOW) == 2


lives = st.lists(
    st.one_of(
        st.just("seal"),
        st.lists(
            st.tuples(
                st.sampled_from(["line", "hidden", "savepoint", "undone"]), st.integers(1, 2)
            ),
            max_size=4,
        ),
        st.just("rolled back"),
    ),
    max_size=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives)
def test_whatever_is_done_and_undone_the_record_is_whole(life):
    place = body()

    def lines(number):
        for _ in range(number):
            line_about(place)

    def take(steps):
        for step, number in steps:
            if step == "hidden":
                some = body()
                line_about(some, x=(None, number))
            elif step == "line":
                lines(number)
            elif step == "savepoint":
                with transaction.atomic():
                    lines(number)
            else:
                with gone_wrong():
                    lines(number)

    with transaction.atomic():
        for part in life:
            if part == "seal":
                seal(NOW)
            elif part == "rolled back":
                with gone_wrong():
                    lines(2)
            else:
                with committed():
                    take(part)
        assert verify().whole
        seal(NOW)
        assert verify().whole
        linked = set(RecordLink.objects.values_list("transaction", flat=True))
        assert linked == set(RecordLine.objects.values_list("transaction", flat=True))
        assert not RecordTail.objects.exists()
        transaction.set_rollback(True)


def test_the_head_of_a_day_goes_to_a_file_that_nobody_writes():
    some_lines(1, 1)
    seal(NOW)
    head = seal_day(DAY, now=NEXT)
    file = head_file(DAY)
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    said = json.loads(file.read_text())
    assert (said["day"], said["link"], said["digest"]) == ("2019-06-17", 2, head.digest)
    assert head.digest == RecordLink.objects.get(number=2).digest
    assert verify().whole
    assert list(file.parent.iterdir()) == [file]


def test_a_day_is_sealed_once():
    some_lines(1)
    seal(NOW)
    first = seal_day(DAY, now=NEXT)
    some_lines(1)
    seal(NOW)
    again = seal_day(DAY, now=NEXT + timedelta(hours=1))
    assert (again.link_id, again.written_at) == (first.link_id, first.written_at)
    assert verify().whole


def test_a_day_that_is_not_over_has_no_head():
    with pytest.raises(ValueError, match="not over"):
        seal_day(DAY, now=NOW)


def test_links_of_the_next_day_are_not_in_the_head():
    some_lines(1)
    seal(NOW)
    some_lines(1)
    seal(NEXT)
    assert seal_day(DAY, now=NEXT).link_id == 1


def test_before_the_first_link_there_is_no_head():
    assert seal_day(DAY, now=NEXT) is None
    assert not DayHead.objects.exists()


def test_a_sealer_killed_after_the_file_is_taken_up():
    some_lines(1)
    seal(NOW)
    with transaction.atomic():
        written = seal_day(DAY, now=NEXT)
        transaction.set_rollback(True)
    assert not DayHead.objects.exists() and head_file(DAY).exists()
    assert seal_day(DAY, now=NEXT + timedelta(hours=2)).written_at == written.written_at
    assert verify().whole


def test_a_file_that_says_something_else_is_never_written_over():
    some_lines(1)
    seal(NOW)
    head_file(DAY).parent.mkdir()
    head_file(DAY).write_text("{}")
    with pytest.raises(FileExistsError):
        seal_day(DAY, now=NEXT)
    assert head_file(DAY).read_text() == "{}"
