"""What recognition would bring, for the enterprise's own people: by formula and article, no promise."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peiyu.office.assessments.permissions import may_read_assessment
from peiyu.office.assessments.queries import assess_for
from peiyu.office.assessments.shown.benefits import sheet_of
from peiyu.office.foundation.days import office_day
from peiyu.office.portal.assessment_places import filled_in
from peiyu.office.portal.standing import to_fill
from peiyu.office.portal.visits import for_enterprises, language, me, or_404, own
from peiyu.policy.parameters import NotInForce
from peiyu.policy.rulebooks.benefits import HNTE_BENEFITS


@for_enterprises
@require_safe
def benefits(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet as of today, from what is held of the enterprise."""
    person, one = me(request), own(request, pk)
    or_404(may_read_assessment(person, one))
    on, lang = office_day(), language()
    context: dict[str, Any] = {"enterprise": one, "rulebook": HNTE_BENEFITS, "on": on}
    try:
        found = assess_for(person, one, HNTE_BENEFITS, on=on, lang=lang)
    except NotInForce:
        context["not_yet"] = HNTE_BENEFITS.since
    else:
        assert found is not None  # who may not read it was not let in
        context |= {"found": found, **sheet_of(found, lang)}
        context["fill"] = tuple(to_fill(found, filled_in(pk, HNTE_BENEFITS, on.year), lang))
    return render(request, "portal/benefits.html", context)
