"""Long work outside the request: begun with the change, done in steps, taken up after a crash.

A room lists its jobs in its own `jobs.py`, in a dict `JOBS`; "desk.export" is `JOBS["export"]` of
`peiyu.office.desk.jobs`, and nothing else can be run. A function gets its `Progress` and the
arguments; each `with progress.step():` is one transaction, with the checkpoint in it, so that a
killed worker repeats nothing and loses nothing. Long computing stands outside the step: SQLite has
one writer.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from peiyu.office.foundation.days import office_now
from peiyu.office.foundation.kept import kept
from peiyu.office.foundation.models import Job, JobState, StoredFile
from peiyu.office.foundation.models.jobs import KEEPER
from peiyu.office.foundation.record import changed, write
from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.words import Message, message

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

LEASE = timedelta(seconds=60)
PATIENCE = timedelta(minutes=10)
"""A job that waits longer may have lost its place in the queue: it is queued once more."""
MOST_ATTEMPTS = 3
STARTERS = 0x6A6F62
"""The name of the lock in PostgreSQL of those who begin what is done by one at a time."""
KEPT = timedelta(days=7)
"""How long results are kept, and the queue's own notes."""
SELDOM = (200_000, 20, 20)
"""How rarely a job looks for circular garbage: tens of thousands of rows are none, and looking at
them again and again took a third of the time."""
WHERE = {"foundation": "peiyu.office.foundation.imports"}
"""Where a room lists its jobs, if not in its `jobs.py`."""
KIND = re.compile(r"([a-z]+)\.([a-z_]+)")

log = structlog.get_logger("peiyu.jobs")
_here: dict[int, int] = {}
"""Jobs that run in this process, with the attempt; their leases are renewed."""

Work = Callable[..., StoredFile | None]


class Stopped(Exception):
    """The job is cancelled, or another worker has taken it up: leave it, undoing this step."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: what it is called, and what does it."""

    title: str
    function: Work


def job(title: str) -> Callable[[Work], Kind]:
    """Make a function a kind of job; list it in the room's `JOBS`."""
    return lambda function: Kind(title, function)


class Progress:
    """How far a job is, held by the function that does it."""

    def __init__(self, held: Job) -> None:
        self.job = held
        self.attempt = held.attempts
        self.checkpoint: Any = held.checkpoint
        """What the last finished step left; None at the very start."""
        self._within = False

    @property
    def owner(self) -> AbstractBaseUser | None:
        """For whom the work is done."""
        return self.job.owner

    @property
    def cancelled(self) -> bool:
        """Whether to stop; every step asks by itself."""
        return not Job.objects.filter(
            pk=self.job.pk, state=JobState.RUNNING, attempts=self.attempt
        ).exists()

    @contextmanager
    def step(self) -> Iterator[None]:
        """One step of the work in one transaction; call `advance` before its end."""
        before = self.checkpoint, self.job.done, self.job.total
        try:
            with transaction.atomic():
                self._hold()
                self._within = True
                yield
        except BaseException:
            self.checkpoint, self.job.done, self.job.total = before
            raise
        finally:
            self._within = False

    def advance(self, done: int, total: int | None = None, checkpoint: Any = None) -> None:
        """So much is done; commits with the step around it, else at once. Renews the lease."""
        if not self._within:
            with self.step():
                return self.advance(done, total, checkpoint)
        self.checkpoint = checkpoint
        self.job.done = done
        self.job.total = self.job.total if total is None else total
        self.job.checkpoint = checkpoint
        self.job.lease_until = timezone.now() + LEASE
        self.job.save(update_fields=["done", "total", "checkpoint", "lease_until"])
        return None

    def _hold(self) -> None:
        found = Job.objects.select_for_update(of=("self",)).get(pk=self.job.pk)
        if found.state != JobState.RUNNING or found.attempts != self.attempt:
            raise Stopped


@transaction.atomic
def start(
    kind: str, title: Message | str, arguments: Mapping[str, Any], owner: AbstractBaseUser | None
) -> Job:
    """Begin long work together with the change that asks for it."""
    _function(kind)
    title = title if isinstance(title, Message) else Message(title)
    made = Job.objects.create(
        kind=kind,
        title=title.say()[:200],
        words={"title": kept(title)},
        arguments=dict(arguments),
        owner_id=owner.pk if owner else None,
        created_at=office_now(),
        lease_until=timezone.now() + PATIENCE,
    )
    run.enqueue(made.pk)
    return made


@transaction.atomic
def start_alone(
    kind: str, title: Message | str, arguments: Mapping[str, Any], owner: AbstractBaseUser | None
) -> Job | None:
    """Begin it unless one of its kind waits or is under way; of two who begin at once one does not."""
    if connection.vendor == "postgresql":  # in SQLite whoever writes is alone already
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [STARTERS, kind])
    return None if under_way(kind) else start(kind, title, arguments, owner)


def under_way(kind: str) -> bool:
    """Does one of the kind wait, or is it under way."""
    return Job.objects.filter(kind=kind, state__in=(JobState.WAITING, JobState.RUNNING)).exists()


@transaction.atomic
def cancel(given: Job, actor: AbstractBaseUser) -> Job:
    """Stop it: a waiting job at once, a running one at its next step; what is done stays done."""
    found = _locked(given, actor)
    if found.state not in (JobState.WAITING, JobState.RUNNING):
        raise _ended(found)
    return _moved(found, actor, "cancel", state=JobState.CANCELLED, ended_at=office_now())


@transaction.atomic
def retry(given: Job, actor: AbstractBaseUser) -> Job:
    """Take up what failed or was stopped, from its last finished step."""
    found = _locked(given, actor)
    if found.state not in (JobState.FAILED, JobState.CANCELLED):
        raise _ended(found)
    again = _moved(
        found, actor, "retry",
        state=JobState.WAITING, attempts=0, failure="", ended_at=None,
        lease_until=timezone.now() + PATIENCE,
    )  # fmt: skip
    run.enqueue(again.pk)
    return again


@task()
def run(key: int) -> None:
    """Do a job, or go on with it; called by the worker."""
    progress = _begun(key)
    if progress is None:
        return
    _here[key] = progress.attempt
    often = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        result = _function(progress.job.kind)(progress, **progress.job.arguments)
        _finish(progress, JobState.DONE, result=result)
    except Stopped:
        log.info("job left", job=key, attempt=progress.attempt)
    except Refused as refusal:
        _finish(progress, JobState.FAILED, failure=refusal.message)
    except Exception:
        log.exception("job broke off", job=key, kind=progress.job.kind, attempt=progress.attempt)
        try:
            with transaction.atomic():
                _again(progress.job.pk, progress.attempt)
        except DatabaseError:
            log.warning("job waits for the database", job=key)
    finally:
        gc.set_threshold(*often)
        _here.pop(key, None)


def revive(now: datetime) -> int:
    """Take up the jobs of dead workers; those that broke off too often fail."""
    revived = 0
    late = Job.objects.filter(
        state__in=[JobState.RUNNING, JobState.WAITING], lease_until__lt=now
    ).values_list("pk", "attempts")
    for key, attempt in list(late):
        with transaction.atomic():
            revived += _again(key, attempt, now)
    return revived


def renew(now: datetime) -> None:
    """Renew the leases of what runs in this process."""
    for key, attempt in list(_here.items()):
        Job.objects.filter(pk=key, attempts=attempt, state=JobState.RUNNING).update(
            lease_until=now + LEASE
        )


def tidy(now: datetime) -> int:
    """Remove the queue's notes about work long finished."""
    return DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).delete()[0]


def _function(kind: str) -> Work:
    """The function of a kind of job: only what a room lists."""
    named = KIND.fullmatch(kind)
    if not named:
        raise LookupError(f"no kind of job: {kind!r}")
    room, name = named.groups()
    jobs: dict[str, Kind] = import_module(WHERE.get(room, f"peiyu.office.{room}.jobs")).JOBS
    return jobs[name].function


@transaction.atomic
def _begun(key: int) -> Progress | None:
    found = Job.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if found is None or found.state != JobState.WAITING:
        return None
    now = timezone.now()
    found.state = JobState.RUNNING
    found.attempts += 1
    found.lease_until = now + LEASE
    found.started_at = found.started_at or office_now()
    found.save(update_fields=["state", "attempts", "lease_until", "started_at"])
    return Progress(found)


@transaction.atomic
def _finish(
    progress: Progress,
    state: JobState,
    *,
    result: StoredFile | None = None,
    failure: Message | None = None,
) -> None:
    found = Job.objects.select_for_update(of=("self",)).get(pk=progress.job.pk)
    if found.state != JobState.RUNNING or found.attempts != progress.attempt:
        return
    now = office_now()
    if result is not None and result.expires_at is None:
        StoredFile.objects.filter(pk=result.pk).update(expires_at=now + KEPT)
    found.state, found.result = state, result
    found.ended_at, found.lease_until = now, None
    if failure is not None:
        _failed(found, failure)
    if state == JobState.DONE:
        found.done = max(found.done, found.total)
    found.save()


def _again(key: int, attempt: int, now: datetime | None = None) -> bool:
    """Queue a job that broke off; whether it was still as it was seen."""
    found = (
        Job.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=key, attempts=attempt, state__in=[JobState.RUNNING, JobState.WAITING])
        .first()
    )
    if found is None or now is not None and (found.lease_until is None or found.lease_until >= now):
        return False
    moment = now or timezone.now()
    if found.state == JobState.RUNNING and found.attempts >= MOST_ATTEMPTS:
        found.state, found.ended_at, found.lease_until = JobState.FAILED, office_now(), None
        why = message(
            "这项工作中断了 {times} 次，已停止；已完成的部分保留，请重试，仍不行请告知系统管理员",
            times=MOST_ATTEMPTS,
        )
        _failed(found, why)
        found.save(update_fields=["state", "ended_at", "lease_until", "failure", "words"])
        return True
    found.state, found.lease_until = JobState.WAITING, moment + PATIENCE
    found.save(update_fields=["state", "lease_until"])
    run.enqueue(found.pk)
    return True


def _failed(found: Job, why: Message) -> None:
    found.failure = why.say()
    found.words = {**found.words, "failure": kept(why)}


def _locked(given: Job, actor: AbstractBaseUser) -> Job:
    found = Job.objects.select_for_update(of=("self",)).get(pk=given.pk)
    if found.owner_id != actor.pk and getattr(actor, "duty", "") != KEEPER:
        raise NotAllowed(message("只有发起人或系统管理员可以停止或重试这项工作"))
    return found


def _moved(found: Job, actor: AbstractBaseUser, verb: str, **new: object) -> Job:
    changes = changed(found, **new)
    found.save(update_fields=list(changes))
    state = {"state": changes["state"]}
    write(actor=actor, action=f"foundation.job.{verb}", thing=found, changes=state)
    return found


def _ended(found: Job) -> Refused:
    state = message(JobState(found.state).label)
    return Refused(message("这项工作现在是“{state}”，不能这样做；请刷新页面", state=state))
