"""What happens by itself at set times, and the worker that does it beside the jobs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from croniter import croniter
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from peiyu.office.foundation.jobs import renew, revive
from peiyu.office.foundation.models import LastRun

TICK = 5.0
"""Seconds between two looks at the schedule."""
LONGEST_PAUSE = 30.0

log = structlog.get_logger("peiyu.schedule")


@dataclass(frozen=True, slots=True)
class Entry:
    """Work that recurs: its name, its time as in a crontab (the office's time zone), what does it."""

    name: str
    cron: str
    function: Callable[[datetime], object]


def run_due(entries: Sequence[Entry], now: datetime) -> list[str]:
    """Run what is due, each once however long nobody looked; a failing one does not stop others."""
    ran = []
    for entry in entries:
        if not _taken(entry, now):
            continue
        ran.append(entry.name)
        try:
            entry.function(now)
        except Exception:
            log.exception("scheduled work failed", entry=entry.name)
    return ran


def work(entries: Sequence[Entry], *, once: bool = False, interval: float = 1.0) -> None:
    """Do jobs and scheduled work until told to stop; `once`: what is there now, then end.

    On SIGTERM or SIGINT the running job is finished first, on a second one left to the next
    worker. A database that is gone is waited for.
    """
    worker = Worker(
        queue_names=["*"],
        interval=interval,
        batch=once,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    if once:
        tick(entries, timezone.now())
        worker.run()
        return
    over = threading.Event()
    clock = threading.Thread(target=_keep_time, args=(entries, over), daemon=True)
    worker.configure_signals()
    clock.start()
    log.info("worker began", worker=worker.worker_id)
    try:
        _patiently(worker)
    finally:
        over.set()
        clock.join(timeout=TICK)
        worker.reset_signals()
        log.info("worker ended", worker=worker.worker_id)


def tick(entries: Sequence[Entry], now: datetime) -> None:
    """One look at the clock: leases, dead workers, the schedule."""
    renew(now)
    revive(now)
    run_due(entries, now)


def _patiently(worker: Worker) -> None:
    pause = 1.0
    while worker.running:
        began = time.monotonic()
        try:
            worker.run()
        except (DatabaseError, InterfaceError) as problem:
            pause = (
                1.0 if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            )
            log.warning("database is gone", problem=str(problem), again_in=pause)
            connection.close()
            time.sleep(pause)


def _keep_time(entries: Sequence[Entry], over: threading.Event) -> None:
    try:
        while not over.is_set():
            close_old_connections()
            try:
                tick(entries, timezone.now())
            except (DatabaseError, InterfaceError) as problem:
                log.warning("database is gone", problem=str(problem), again_in=TICK)
                connection.close()
            except Exception:
                log.exception("the clock stumbled")
            over.wait(TICK)
    finally:
        connection.close()


@transaction.atomic
def _taken(entry: Entry, now: datetime) -> bool:
    """Whether the entry is due and it is ours to run; the first look only notes the time."""
    _, fresh = LastRun.objects.get_or_create(name=entry.name, defaults={"at": now})
    if fresh:
        return False
    last = LastRun.objects.select_for_update(skip_locked=True).filter(name=entry.name).first()
    if last is None:
        return False
    since = timezone.localtime(last.at)
    if croniter(entry.cron, since).get_next(datetime) > timezone.localtime(now):
        return False
    last.at = now
    last.save(update_fields=["at"])
    return True
