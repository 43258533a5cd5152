"""Early warnings: whose certificate is in danger, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peiyu.office.assessments.permissions import reads_assessments
from peiyu.office.assessments.queries import (
    Warned,
    facts_due,
    failing_holders,
    last_run,
    not_in_time,
)
from peiyu.office.web.answers import me, or_404
from peiyu.office.web.assessments.sections import sections
from peiyu.policy.rulebooks.hnte import HNTE

TITLES = {one.id: one.title for one in HNTE.criteria}


@login_required
@require_safe
def assessments_warnings(request: HttpRequest) -> HttpResponse:
    """Holders who would fail today, who cannot mend it in time, of whom too little is known."""
    person = me(request)
    or_404(reads_assessments(person))
    on = person.access.on
    context: dict[str, Any] = {
        "failing": _lines(failing_holders(person, on)),
        "late": _lines(not_in_time(person, on)),
        "due": _lines(facts_due(person, on)),
        "run": last_run(),
        "sections": sections("assessments_warnings"),
    }
    return render(request, "assessments/warnings.html", context)


def _lines(found: Sequence[Warned]) -> list[dict[str, Any]]:
    return [
        {
            "certificate": one.certificate,
            "enterprise": one.certificate.enterprise,
            "apply_by": one.apply_by,
            "criteria": [(name, TITLES[name]) for name in one.criteria if name in TITLES],
        }
        for one in found
    ]
