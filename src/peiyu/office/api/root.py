"""The one API object, and how an operation is made: read only, right first, nothing unknown asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Schema
from ninja.decorators import decorate_view

from peiyu.office.api.keys import Browser, Key, PerMinute, caller
from peiyu.office.api.problems import PROBLEMS, missing, tell_problems
from peiyu.office.foundation.refusals import Refused
from peiyu.words import message

View = TypeVar("View", bound=Callable[..., Any])

api = NinjaAPI(
    title="培育",
    version="1",
    description="The registry of the city's enterprises and its policies, read only. "
    "A key (Authorization: Bearer) acts with no more than its owner's rights, cut to its scopes. "
    "What one may not see does not exist: 404.",
    urls_namespace="api",
    docs_url=None,
    auth=[Key(), Browser()],
    throttle=PerMinute(),
)
tell_problems(api)


def read(
    path: str, answer: type[Schema], *, scope: str = "", name: str, summary: str
) -> Callable[[View], View]:
    """An operation that reads, for whoever's key opens `scope`.

    Its answer carries a tag made of what it says, so that asking again costs no transfer (304).
    """

    def made(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **given: Any) -> Any:
            if scope and scope not in caller(request).scopes:
                raise missing(
                    message("这把密钥没有范围{scope}", scope=scope), field="Authorization", value=""
                )
            _nothing_unknown(request, asked)
            return view(request, **given)

        # resolved here: ninja would look the names of the types up in this module
        guarded.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        decorate_view(cache_control(private=True, no_cache=True), _varies, conditional_page)(
            guarded
        )
        operation = api.get(
            path,
            response={200: answer, 304: None, **PROBLEMS},
            url_name=name,
            operation_id=name,
            summary=summary,
        )(guarded)
        asked = _asked_by(operation)
        return view

    return made


def _asked_by(operation: Any) -> frozenset[str]:
    """Names of the parameters that an operation takes from the query."""
    found: set[str] = set()
    for model in operation._ninja_operation.models:
        if model.__ninja_param_source__ == "query":
            for path in model.__ninja_flatten_map_reverse__:
                found.add(path[-1])
            for path in model.__ninja_flatten_map__:
                found.add(path)
    return frozenset(found)


def _nothing_unknown(request: HttpRequest, asked: frozenset[str]) -> None:
    """A misspelt filter would otherwise give the whole list."""
    for name in request.GET:
        if name not in asked:
            known: object = tuple(sorted(asked)) or message("无")
            raise Refused(
                message("没有参数“{name}”。可用的有：{known}", name=name[:40], known=known),
                field=name[:40],
            )


def _varies(view: Callable[..., Any]) -> Callable[..., Any]:
    """The answer depends on who asks and in which language."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = view(request, *args, **kwargs)
        patch_vary_headers(found, ("Authorization", "Cookie", "Accept-Language"))
        return found

    return answer
