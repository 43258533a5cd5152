"""Long work of the room: checking the chain of every enterprise."""

from __future__ import annotations

from peiyu.office.enterprises.models import Enterprise, Status
from peiyu.office.foundation.days import office_day
from peiyu.office.foundation.jobs import Progress, job
from peiyu.office.portfolio.flags import recount
from peiyu.words import mark

STEP = 200


CHECK, TITLE = "portfolio.check_chains", mark("核对全部证据链")


@job(TITLE)
def check_chains(progress: Progress) -> None:
    """Count the open flags of every enterprise anew; goes on where a killed worker stopped."""
    living = Enterprise.objects.exclude(status=Status.MERGED).order_by("pk")
    total, done = living.count(), 0
    last = progress.checkpoint or 0
    done = living.filter(pk__lte=last).count()
    while firms := list(living.filter(pk__gt=last)[:STEP]):
        with progress.step():
            recount(firms, office_day())
            last = firms[-1].pk
            done += len(firms)
            progress.advance(done, total, checkpoint=last)


JOBS = {"check_chains": check_chains}
