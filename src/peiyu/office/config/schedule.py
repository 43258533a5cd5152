"""What the office does by itself, and when (times as in a crontab, time of China)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from peiyu.office.assessments.actions import start_run
from peiyu.office.assessments.models import Scope
from peiyu.office.enterprises.actions import settle_residences
from peiyu.office.foundation import access_log, files, jobs, sealing
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.models import Job, JobState
from peiyu.office.foundation.schedule import Entry
from peiyu.office.portfolio.jobs import CHECK, TITLE
from peiyu.words import message


def seal_yesterday(now: datetime) -> None:
    """Write the head of the day that is over."""
    sealing.seal(now)
    sealing.seal_day(timezone.localdate(now) - timedelta(days=1), now=now)


def let_moves_arrive(now: datetime) -> None:
    """Put enterprises in the place to which they were said to move by today."""
    settle_residences(on=office_day())


def check_chains(now: datetime) -> None:
    """Let a worker check the evidence of every enterprise: days pass, terms and fees run out."""
    if not Job.objects.filter(kind=CHECK, state__in=[JobState.WAITING, JobState.RUNNING]).exists():
        jobs.start(CHECK, message(TITLE), {}, None)


def reassess_changed(now: datetime) -> None:
    """Let a worker judge anew those about whom something was recorded since the last run."""
    start_run(Scope.CHANGED)


def reassess_all(now: datetime) -> None:
    """Let a worker judge everybody: with each day windows, terms and settings move."""
    start_run(Scope.ALL)


def remove_expired(now: datetime) -> None:
    """Remove files whose time is over; in the demo by the day of the demo city."""
    files.remove_expired(office_now())


ENTRIES = (
    Entry("seal the record", "* * * * *", sealing.seal),
    Entry("seal the day", "5 0 * * *", seal_yesterday),
    Entry("let moves arrive", "10 0 * * *", let_moves_arrive),
    Entry("check the chains", "30 1 * * *", check_chains),
    Entry("reassess what changed", "*/10 * * * *", reassess_changed),
    Entry("reassess everybody", "0 2 * * *", reassess_all),
    Entry("remove expired files", "10 3 * * *", remove_expired),
    Entry("sweep the files", "40 3 * * *", files.sweep),
    Entry("forget the old access log", "50 3 * * *", access_log.forget_old),
    Entry("tidy the queue", "20 3 * * *", jobs.tidy),
)
