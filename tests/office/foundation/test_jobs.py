"""Long work: in steps, taken up after a crash, told in words when it fails."""

import sys
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from peiyu.office.accounts.models import Duty
from peiyu.office.foundation import jobs
from peiyu.office.foundation.files import store
from peiyu.office.foundation.jobs import cancel, job, retry, revive, run, start
from peiyu.office.foundation.models import CalendarYear, Job, JobState, RecordLine
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.words import message
from tests.office.factories import administrator, person
from tests.office.foundation.own_office import drop, migrated

STEPS = 6


@job("数年份")
def count_years(progress, *, upto, stop_at=0, refuse=False, broken=False):
    """One row a step: a step done twice would break the table's key."""
    for number in range(progress.checkpoint or 0, upto):
        if stop_at and number == stop_at:
            cancel(progress.job, progress.owner)
        with progress.step():
            CalendarYear.objects.create(year=number, source="")
            if broken and number == 2:
                raise ZeroDivisionError
            if refuse and number == 2:
                raise Refused(message("第 {row} 行没有年份，请补上", row=number))
            progress.advance(number + 1, upto, checkpoint=number + 1)


@job("写文件")
def write_file(progress):
    return store(b"a,b\n", "x.csv", by=progress.owner)


@pytest.fixture(autouse=True)
def _jobs(monkeypatch, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    room = SimpleNamespace(JOBS={"count": count_years, "write": write_file})
    monkeypatch.setitem(sys.modules, "peiyu.office.tested.jobs", room)


def go():
    """What a worker does with everything that waits."""
    for note in DBTaskResult.objects.ready():
        note.delete()
        run.func(*note.args_kwargs["args"])


def years():
    return sorted(CalendarYear.objects.values_list("year", flat=True))


@pytest.fixture
def owner():
    return person()


@pytest.mark.django_db
class TestOneWorker:
    def test_a_job_is_done_in_steps(self, owner):
        made = start("tested.count", "数", {"upto": 4}, owner)
        go()
        made.refresh_from_db()
        assert (made.state, made.done, made.total) == (JobState.DONE, 4, 4)
        assert years() == [0, 1, 2, 3]

    def test_a_job_begins_only_with_the_change_that_asks_for_it(self, owner):
        with transaction.atomic():
            start("tested.count", "数", {"upto": 4}, owner)
            transaction.set_rollback(True)
        assert not Job.objects.exists() and not DBTaskResult.objects.exists()

    @pytest.mark.parametrize(
        "kind", ["os.system", "tested.nothing", "tested", "a.b.c", "Tested.count"]
    )
    def test_only_what_a_room_lists_can_be_run(self, kind, owner):
        with pytest.raises((LookupError, ImportError)):
            start(kind, "", {}, owner)

    def test_a_refusal_is_told_and_its_step_undone(self, owner):
        made = start("tested.count", "数", {"upto": 4, "refuse": True}, owner)
        go()
        made.refresh_from_db()
        assert (made.state, made.failure) == (JobState.FAILED, "第 2 行没有年份，请补上")
        assert years() == [0, 1] and made.checkpoint == 2

    def test_a_broken_job_is_tried_three_times_then_fails_in_words(self, owner):
        made = start("tested.count", "数", {"upto": 4, "broken": True}, owner)
        for attempt in (1, 2, 3):
            go()
            made.refresh_from_db()
            assert made.attempts == attempt
        assert made.state == JobState.FAILED and "中断了 3 次" in made.failure
        assert "ZeroDivision" not in made.failure and not DBTaskResult.objects.ready().exists()

    def test_a_failed_job_goes_on_where_it_stood(self, owner):
        made = start("tested.count", "数", {"upto": 4, "refuse": True}, owner)
        go()
        Job.objects.update(arguments={"upto": 4})
        retry(made, owner)
        go()
        made.refresh_from_db()
        assert made.state == JobState.DONE and years() == [0, 1, 2, 3] and made.failure == ""

    def test_a_cancelled_job_stops_at_its_next_step(self, owner):
        made = start("tested.count", "数", {"upto": 5, "stop_at": 3}, owner)
        go()
        made.refresh_from_db()
        assert made.state == JobState.CANCELLED and years() == [0, 1, 2]
        assert RecordLine.objects.get(action="foundation.job.cancel").actor == owner

    def test_what_is_over_cannot_be_cancelled(self, owner):
        made = start("tested.count", "数", {"upto": 1}, owner)
        go()
        with pytest.raises(Refused, match="不能这样做"):
            cancel(made, owner)
        with pytest.raises(Refused):
            retry(made, owner)

    def test_a_stranger_stops_nothing(self, owner):
        made = start("tested.count", "数", {"upto": 1}, owner)
        with pytest.raises(NotAllowed):
            cancel(made, person())
        cancel(made, administrator(Duty.SYSTEM))

    def test_a_dead_workers_job_is_taken_up_when_its_lease_is_over(self, owner):
        made = start("tested.count", "数", {"upto": 4}, owner)
        DBTaskResult.objects.all().delete()
        progress = jobs._begun(made.pk)
        with progress.step():
            CalendarYear.objects.create(year=0, source="")
            progress.advance(1, 4, checkpoint=1)
        assert revive(timezone.now()) == 0
        assert revive(timezone.now() + timedelta(seconds=61)) == 1
        go()
        with pytest.raises(jobs.Stopped), progress.step():
            pytest.fail("the worker thought dead went on")
        made.refresh_from_db()
        assert made.state == JobState.DONE and years() == [0, 1, 2, 3]

    def test_a_job_that_runs_here_keeps_its_lease(self, owner, monkeypatch):
        made = start("tested.count", "数", {"upto": 4}, owner)
        progress = jobs._begun(made.pk)
        monkeypatch.setitem(jobs._here, made.pk, progress.attempt)
        later = timezone.now() + timedelta(seconds=61)
        jobs.renew(later)
        assert revive(later) == 0

    def test_a_job_is_not_run_by_two(self, owner):
        made = start("tested.count", "数", {"upto": 4}, owner)
        assert jobs._begun(made.pk) is not None and jobs._begun(made.pk) is None

    def test_a_result_is_kept_seven_days(self, owner):
        made = start("tested.write", "写", {}, owner)
        go()
        made.refresh_from_db()
        left = made.result.expires_at - timezone.now()
        assert timedelta(days=6) < left <= timedelta(days=7)

    def test_one_sees_ones_own_jobs_and_the_keeper_that_others_are_there(self, owner):
        made = start("tested.count", "数", {"upto": 1}, owner)
        other, keeper = person(), administrator(Duty.SYSTEM)
        assert list(Job.objects.visible_to(owner)) == [made] == list(Job.objects.visible_to(keeper))
        assert not Job.objects.visible_to(other)
        assert not Job.objects.visible_to(administrator(Duty.AUDIT))
        assert made.shows_all_to(owner) and not made.shows_all_to(keeper)

    def test_old_notes_of_the_queue_go(self, owner):
        start("tested.count", "数", {"upto": 1}, owner)
        DBTaskResult.objects.update(
            status="SUCCESSFUL", finished_at=timezone.now() - timedelta(days=8)
        )
        assert jobs.tidy(timezone.now()) == 1


ROOM = """
import sys, time
from types import SimpleNamespace
from peiyu.office.foundation.jobs import job, start
from peiyu.office.foundation.models import CalendarYear, Job

@job("数")
def slow(progress, *, upto):
    for number in range(progress.checkpoint or 0, upto):
        with progress.step():
            CalendarYear.objects.create(year=number, source="")
            if number == 3 and progress.attempt == 1:
                print("middle", flush=True)
                time.sleep(600)
            progress.advance(number + 1, upto, checkpoint=number + 1)

sys.modules["peiyu.office.tested.jobs"] = SimpleNamespace(JOBS={"slow": slow})
from peiyu.office.foundation.schedule import work
"""


@pytest.fixture
def office(tmp_path):
    made = migrated(tmp_path / "office")
    yield made
    drop(made)


def test_a_worker_killed_in_the_middle_repeats_nothing_and_loses_nothing(office):
    office.run(ROOM + "start('tested.slow', '数', {'upto': 6}, None)")
    worker = office.begin(ROOM + "work((), once=True)")
    assert worker.stdout.readline().strip() == "middle"
    worker.kill()
    worker.wait()
    said = office.run(
        ROOM
        + """
from datetime import timedelta
from django.utils import timezone
from peiyu.office.foundation.jobs import revive
one = Job.objects.get()
assert (one.state, one.done, one.checkpoint) == ("running", 3, 3), (one.state, one.done)
assert CalendarYear.objects.count() == 3
work((), once=True)
assert Job.objects.get().state == "running", "its lease is not over"
assert revive(timezone.now() + timedelta(seconds=61)) == 1
work((), once=True)
one = Job.objects.get()
print(one.state, one.done, one.attempts, sorted(CalendarYear.objects.values_list("year", flat=True)))
"""
    )
    assert said == "done 6 2 [0, 1, 2, 3, 4, 5]"


def test_a_worker_told_to_stop_ends(office):
    worker = office.begin(ROOM + "print('begun', flush=True); work((), interval=0.1)")
    assert worker.stdout.readline().strip() == "begun"
    time.sleep(1.5)
    worker.terminate()
    assert worker.wait(timeout=15) == 0
