"""Judging many at once: what ran, and starting a run."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peiyu.office.assessments import actions
from peiyu.office.assessments.permissions import may_reassess, reads_assessments
from peiyu.office.assessments.queries import runs
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.answers import done, me, not_done, or_404
from peiyu.office.web.assessments.sections import sections
from peiyu.words import message


@login_required
@require_safe
def assessments_runs(request: HttpRequest) -> HttpResponse:
    """The history of runs, the newest first."""
    person = me(request)
    or_404(reads_assessments(person))
    context: dict[str, Any] = {
        "runs": runs(),
        "may_reassess": may_reassess(person),
        "under_way": actions.jobs_under_way(),
        "sections": sections("assessments_runs"),
    }
    return render(request, "assessments/runs.html", context)


@login_required
@require_POST
def run_start(request: HttpRequest) -> HttpResponse:
    """Have everybody judged anew in the worker."""
    person = me(request)
    or_404(may_reassess(person))
    back = reverse("assessments_runs")
    try:
        actions.reassess(actor=person)
    except Refused as refusal:
        return not_done(request, refusal, back)
    return done(request, message("已开始批量测评，完成后这里可以看到"), back)
