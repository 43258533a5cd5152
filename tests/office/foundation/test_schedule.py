"""What happens by itself."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from peiyu.office.config.schedule import ENTRIES
from peiyu.office.foundation import schedule
from peiyu.office.foundation.schedule import Entry, run_due

NIGHT = datetime(2021, 5, 3, 19, 0, tzinfo=UTC)
"""03:00 of the next day in China."""


@pytest.mark.django_db
class TestDue:
    def entry(self, ran, cron="10 3 * * *"):
        return Entry("count", cron, ran.append)

    def test_it_runs_at_its_time_in_china_and_once(self):
        ran = []
        entries = [self.entry(ran)]
        run_due(entries, NIGHT)
        run_due(entries, NIGHT + timedelta(minutes=9))
        assert ran == []
        run_due(entries, NIGHT + timedelta(minutes=11))
        run_due(entries, NIGHT + timedelta(minutes=12))
        assert ran == [NIGHT + timedelta(minutes=11)]

    def test_it_catches_up_once_after_days(self):
        ran = []
        entries = [self.entry(ran)]
        run_due(entries, NIGHT)
        run_due(entries, NIGHT + timedelta(days=4))
        run_due(entries, NIGHT + timedelta(days=4, minutes=1))
        assert len(ran) == 1

    def test_one_that_fails_does_not_stop_the_others(self):
        ran = []

        def fail(now):
            raise ZeroDivisionError

        entries = [Entry("fail", "* * * * *", fail), self.entry(ran, "* * * * *")]
        run_due(entries, NIGHT)
        assert run_due(entries, NIGHT + timedelta(minutes=1)) == ["fail", "count"]
        assert len(ran) == 1

    def test_every_entry_of_the_office_can_run(self, settings, tmp_path):
        settings.FILES_ROOT, settings.HEADS_ROOT = tmp_path / "files", tmp_path / "heads"
        run_due(ENTRIES, NIGHT)
        for entry in ENTRIES:
            entry.function(NIGHT + timedelta(days=2))
        assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.django_db(transaction=True)
def test_two_workers_run_it_once():
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time by nature; in-memory database of one thread")
    ran = []
    entries = [Entry("count", "* * * * *", ran.append)]
    run_due(entries, NIGHT)
    start = threading.Barrier(4)

    def look():
        start.wait()
        run_due(entries, NIGHT + timedelta(minutes=2))
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(ran) == 1


def test_a_database_that_is_gone_is_waited_for(monkeypatch):
    slept = []

    class Worker:
        running = True
        runs = 0

        def run(self):
            self.runs += 1
            if self.runs < 8:
                raise OperationalError("gone")
            self.running = False

    monkeypatch.setattr(schedule.time, "sleep", slept.append)
    monkeypatch.setattr(schedule.connection, "close", lambda: None)
    schedule._patiently(Worker())
    assert len(slept) == 7 and sum(slept) > 60 and max(slept) == schedule.LONGEST_PAUSE
