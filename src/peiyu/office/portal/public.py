"""Pages for everyone, without log-in: what this is, and the policies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from peiyu.office.foundation.keyset import page_of
from peiyu.office.policies.models import Document

PAGE = 30


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What the service is, and where to log in."""
    return render(request, "portal/public/start.html")


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The library of policies, the latest first."""
    page = page_of(
        Document.objects.all(), order="-issued_on", size=PAGE, after=request.GET.get("after", "")
    )
    context = {"documents": page.rows, "next": page.following}
    return render(request, "portal/public/policies.html", context)


@require_safe
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: its number, dates, what it rests on, our summary of its clauses."""
    document = get_object_or_404(Document.objects.prefetch_related("basis", "clauses"), pk=pk)
    return render(request, "portal/public/policy.html", {"document": document})
