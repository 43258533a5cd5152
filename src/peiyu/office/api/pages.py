"""The one page of the API for people, and its answer to addresses that are none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from peiyu.office.accounts.permissions import SCOPES
from peiyu.office.api.keys import A_MINUTE
from peiyu.office.api.openapi import ROOT
from peiyu.office.api.problems import problem
from peiyu.office.api.root import api


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """What can be asked, in plain HTML: no scripts, nothing from elsewhere."""
    contract: dict[str, Any] = api.get_openapi_schema(path_prefix=ROOT)
    listed = [
        {
            "path": path,
            "summary": methods["get"]["summary"],
            "parameters": [one["name"] for one in methods["get"]["parameters"]],
        }
        for path, methods in contract["paths"].items()
    ]
    context = {"operations": listed, "scopes": SCOPES.items(), "a_minute": A_MINUTE}
    return render(request, "api/operations.html", context)


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Below `/api/` also what is not there answers in JSON."""
    return problem(404)
