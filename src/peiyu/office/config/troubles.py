"""Which door says what went wrong: pages to people, JSON to programs."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse  # noqa: TID251  handlers of Django

from peiyu.office.api.problems import problem
from peiyu.office.web.views.errors import is_away

PROGRAMS = "/api/v1/"


def by_door(page: Callable[..., HttpResponse], status: int) -> Callable[..., HttpResponse]:
    """A handler of Django: what happened before any view was asked."""

    def handler(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        if not request.path.startswith(PROGRAMS):
            return page(request) if exception is None else page(request, exception)
        if status == 500 and is_away(sys.exc_info()[1]):
            return problem(503)
        if isinstance(exception, RequestDataTooBig):
            return problem(413)
        return problem(status)

    return handler
