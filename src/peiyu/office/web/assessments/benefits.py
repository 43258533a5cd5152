"""What recognition would bring an enterprise: awards and tax by formula and article; no promise."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peiyu.office.assessments.permissions import may_freeze
from peiyu.office.assessments.queries import frozen_of
from peiyu.office.assessments.shown.benefits import sheet_of
from peiyu.office.web.assessments.page import MOST_FROZEN, asked_for, judged_by, missing_of
from peiyu.office.web.templatetags.say import language
from peiyu.policy.rulebooks.benefits import HNTE_BENEFITS


@login_required
@never_cache
@require_safe
def benefits(request: HttpRequest, pk: int) -> HttpResponse:
    """`?on=` the day on which the certificate is supposed to be issued; `?known=`, `?basis=` as ever."""
    person, one, book = asked_for(request, pk, HNTE_BENEFITS.name)
    judged, context, status = judged_by(request, person, one, book)
    if judged is not None:
        lang = language()
        context |= sheet_of(judged, lang)
        context |= {
            "missing": missing_of(judged, person, one, lang),
            "left_out": [basis.label for basis in judged.left_out],
            "version": book.version(),
            "may_freeze": may_freeze(person, one),
            "frozen": frozen_of(person, one, book.name)[:MOST_FROZEN],
        }
    return render(request, "assessments/benefits.html", context, status=status)
