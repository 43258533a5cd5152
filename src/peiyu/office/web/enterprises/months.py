"""The people of an enterprise month by month: twelve months of a year, and each month's versions."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peiyu.office.reports.months import month_history, months_of, years_with_months
from peiyu.office.web.answers import REFUSED, or_404
from peiyu.office.web.enterprises.detail import found, tab_page
from peiyu.office.web.enterprises.years import year_or_404, years_url
from peiyu.office.web.enterprises.years_forms import Looked


@login_required
@never_cache
@require_safe
def enterprise_months(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The months of a year as known on a day, with source and averages."""
    person, one = found(request, pk)
    year, on = year_or_404(year), person.access.on
    looked = Looked(request.GET)
    valid = looked.is_valid()
    known = min((looked.cleaned_data.get("known") or on) if valid else on, on)
    months = months_of(one, person, year, known)
    or_404(months is not None)
    more = {
        "looked": looked,
        "months": months,
        "year": year,
        "years": sorted({*years_with_months(one), year, on.year - 1}, reverse=True),
        "known": known,
        "past": known < on,
        "now": reverse("enterprise_months", args=[one.pk, year]),
        "figures": years_url(one, year),
    }
    status = 200 if valid else REFUSED
    return tab_page(
        request, person, one, "enterprise_years", "enterprises/months.html", status=status, **more
    )


@login_required
@never_cache
@require_safe
def enterprise_month(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    """Every version of one month, the newest first."""
    person, one = found(request, pk)
    year = year_or_404(year)
    or_404(1 <= month <= 12 and months_of(one, person, year, person.access.on) is not None)
    context = {
        "enterprise": one,
        "year": year,
        "month": month,
        "versions": month_history(one, person, year, month),
        "back": reverse("enterprise_months", args=[one.pk, year]),
    }
    return render(request, "enterprises/month_history.html", context)
