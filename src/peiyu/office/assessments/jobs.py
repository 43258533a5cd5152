"""Long work of the room: judging everybody anew, or those of whom something changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from peiyu.office.assessments.models import Readiness, Run, Scope
from peiyu.office.assessments.readiness import CACHED
from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.foundation.days import office_day, office_now
from peiyu.office.foundation.jobs import Progress, job
from peiyu.office.foundation.models import RecordLine
from peiyu.words import mark

if TYPE_CHECKING:
    from peiyu.office.assessments.sweeping import Sweep

STEP = 2000
OVERLAP = 1000
"""Lines of the record that are looked at once more: of two written at once the first may come second."""
LATE = timedelta(minutes=2)
"""Of what concerns everybody, for that only what was written so shortly before a run, or the next is whole."""
REASSESS, TITLE = "assessments.reassess", mark("重新核对各项条件")
ENTERPRISE = Enterprise._meta.label_lower
EVERYBODY = ("policies.setting", "portfolio.ipuse", "foundation.officeday")
"""Things whose change may matter to anybody: readings, uses of rights by others, the day itself."""


@job(TITLE)
def reassess(progress: Progress, scope: str = Scope.ALL, keys: Sequence[int] = ()) -> None:
    """Judge enterprises by all programmes that are kept, and keep their lines.

    All of them, those of a list, or those about whom something was recorded since the last run; goes
    on where a killed worker stopped, as of the day on which it began.
    """
    run = _run(progress, scope)
    living = Enterprise.objects.exclude(status=Status.MERGED)
    wanted = _wanted(run, scope, keys)
    if wanted is None:
        run.scope = Scope.ALL
    else:
        living = living.filter(pk__in=wanted)
    todo = list(living.order_by("pk").values_list("pk", flat=True))
    last, changed = progress.checkpoint["last"], progress.checkpoint["changed"]
    done = sum(key <= last for key in todo)
    todo = [key for key in todo if key > last]
    sweep = _sweep(run.on, run.known) if todo else None
    while todo and sweep is not None:
        some, todo = todo[:STEP], todo[STEP:]
        made = sweep.lines(some)  # long computing stands outside the step
        with progress.step():
            changed += sweep.write(some, made)
            done += len(some)
            mark_at = {"run": run.pk, "last": some[-1], "changed": changed}
            progress.advance(done, done + len(todo), checkpoint=mark_at)
    with progress.step():
        Readiness.objects.filter(enterprise__status=Status.MERGED).delete()
        run.enterprises, run.changed, run.ended_at = done, changed, office_now()
        run.save(update_fields=["scope", "enterprises", "changed", "ended_at"])
        progress.advance(done, done, checkpoint=progress.checkpoint)


def _run(progress: Progress, scope: str) -> Run:
    """The run of this job: begun, or taken up again."""
    if progress.checkpoint is not None:
        return Run.objects.get(pk=progress.checkpoint["run"])
    on = office_day()
    with progress.step():
        run = Run.objects.create(
            scope=scope, on=on, known=on, rulebooks=list(CACHED), upto=_newest_line(),
            started_at=office_now(), job=progress.job, started_by=progress.job.owner,
        )  # fmt: skip
        progress.advance(0, 0, checkpoint={"run": run.pk, "last": 0, "changed": 0})
    return run


def _sweep(on: date, known: date) -> Sweep:
    """Loaded only here, in the worker: it needs polars."""
    made: Sweep = import_module("peiyu.office.assessments.sweeping").Sweep(on, known)
    return made


def _newest_line() -> int:
    return RecordLine.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _wanted(run: Run, scope: str, keys: Sequence[int]) -> set[int] | None:
    """Whom to judge; None: everybody."""
    if scope == Scope.LIST:
        return set(keys)
    return changed_since_last(run) if scope == Scope.CHANGED else None


def changed_since_last(run: Run) -> set[int] | None:
    """About whom something was recorded since the last whole run or one after it; None: anybody may be.

    Found by the record: whoever changes a fact writes a line about its enterprise.
    """
    before = Run.objects.exclude(pk=run.pk).exclude(ended_at=None).exclude(scope=Scope.LIST)
    last = before.order_by("-pk").first()
    if last is None or (last.on, last.rulebooks) != (run.on, run.rulebooks):
        return None
    lines = RecordLine.objects.filter(pk__gt=last.upto - OVERLAP, pk__lte=run.upto)
    not_seen = Q(pk__gt=last.upto) | Q(at__gt=last.started_at - LATE)
    if lines.filter(not_seen, label__in=EVERYBODY).exists():
        return None
    about = lines.filter(about_label=ENTERPRISE).values_list("about_key", flat=True).distinct()
    found = {int(key) for key in about}
    new = Enterprise.objects.exclude(status=Status.MERGED).exclude(
        pk__in=Readiness.objects.values("enterprise")
    )
    return found | set(new.values_list("pk", flat=True))


JOBS: dict[str, Any] = {"reassess": reassess}
