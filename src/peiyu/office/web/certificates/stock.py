"""How many enterprises count on a day: by body, by year, by month; as known now or on another day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peiyu.office.desk.views import kept, newest_line
from peiyu.office.qualifications.permissions import reads_certificates
from peiyu.office.qualifications.queries import closed_yet_counted
from peiyu.office.statistics.counts import by_body, by_month, by_year, recognised
from peiyu.office.web.answers import REFUSED, me, or_404
from peiyu.office.web.bars import bars_of
from peiyu.office.web.certificates.words import views_of
from peiyu.office.web.documents import Knowing

YEARS_BACK, MONTHS, FEW = 5, 12, 20


@login_required
@require_safe
def certificates_stock(request: HttpRequest) -> HttpResponse:
    """The counts, each with a way to its rows."""
    person = me(request)
    or_404(reads_certificates(person))
    today = person.access.on
    looked = Knowing(request.GET)
    valid = looked.is_valid()
    given = looked.cleaned_data if valid else {}
    on = given.get("on") or today
    known = given.get("known")
    known = known if known and known < today else None
    first = date(on.year - YEARS_BACK, 1, 1)
    counts = kept(
        f"recognised {first} {on} {known}", person, newest_line(),
        lambda: recognised(first, on, on, known=known, person=person),
    )  # fmt: skip
    years = by_year(range(first.year, on.year + 1), on, counts, person=person)
    months = by_month(on, MONTHS, person=person)
    still = closed_yet_counted(on, person)
    context: dict[str, Any] = {
        "looked": looked,
        "on": on,
        "known": known,
        "past": on != today or known is not None,
        "bodies": by_body(on, counts.of_year(on.year), known=known, person=person),
        "years": years,
        "months": bars_of([(day.isoformat(), number) for day, number in months]),
        "list": f"{reverse('certificates')}?on={on.isoformat()}",
        "gone": list(still.select_related("enterprise").order_by("pk")[:FEW])
        if known is None
        else [],
        "gone_number": still.count() if known is None else 0,
        "views": views_of(person, "certificates_stock"),
    }
    status = 200 if valid else REFUSED
    return render(request, "certificates/stock.html", context, status=status)
