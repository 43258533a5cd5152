"""What a program is told when it gets no answer: always JSON, always the same four fields."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from peiyu.office.foundation.refusals import NotAllowed, Refused
from peiyu.words import Message, mark, message

LONGEST_VALUE = 100
logger = logging.getLogger("django.request")


class Problem(Schema):
    """Why there is no answer."""

    code: str = Field(description="stable name of the problem, for programs")
    message: str = Field(description="what is the matter and what to do, for people")
    field: str = Field("", description="the parameter that is the matter")
    value: str = Field("", description="what was given there")


CODES = {
    400: ("unreadable", mark("这个请求读不懂")),
    401: (
        "unknown",
        mark("请在Authorization头给出有效的密钥：Bearer py_…。密钥在“我的账号”里设立"),
    ),
    404: ("not_found", mark("没有这一项，或者您的这把密钥看不到它")),
    405: ("read_only", mark("这里只能读：请用GET")),
    422: ("refused", mark("参数不对")),
    429: ("too_many", mark("请求太密，请过一分钟再来")),
    413: ("too_large", mark("传的内容太大")),
    500: ("failed", mark("系统出错了，已记下。请稍后再试")),
    503: ("away", mark("数据库没有应答。请过一分钟再试")),
}
PROBLEMS = {status: Problem for status in CODES if status < 500 and status != 413}
"""What every operation may answer besides what it is for."""
REASONS: dict[str, str] = {
    "int_parsing": mark("“{value}”不是整数"),
    "int_type": mark("“{value}”不是整数"),
    "int_parsing_size": mark("“{value}”太大"),
    "greater_than_equal": mark("“{value}”太小，最小{ge}"),
    "less_than_equal": mark("“{value}”太大，最大{le}"),
    "string_too_long": mark("太长，最多{max_length}个字"),
    "string_too_short": mark("太短，至少{min_length}个字"),
    "literal_error": mark("“{value}”不可选，只有{expected}"),
    "missing": mark("缺少这个参数"),
}


def language() -> str:
    """The language of the caller as the catalogue names it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def problem(
    status: int, words: Message | None = None, *, field: str = "", value: str = ""
) -> HttpResponse:
    """One problem as an answer."""
    code, usual = CODES[status]
    told = {
        "code": code,
        "message": (words or message(usual)).say(language()),
        "field": field,
        "value": value[:LONGEST_VALUE],
    }
    answer = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 503:
        answer["Retry-After"] = "60"
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    answer["Cache-Control"] = "no-store"
    return answer


def missing(words: Message, *, field: str, value: object) -> Missing:
    """That a thing named by a parameter is not there."""
    return Missing(words, field=field, value=str(value))


class Missing(Exception):
    """Nothing is there under what a parameter names."""

    def __init__(self, words: Message, *, field: str, value: str) -> None:
        super().__init__(words.say())
        self.words, self.field, self.value = words, field, value


def tell_problems(api: NinjaAPI) -> None:
    """Let the API answer each exception with its problem."""

    def on(exception: type[Exception]) -> Callable[[Any], Any]:
        return api.exception_handler(exception)

    @on(Missing)
    def _(request: HttpRequest, exc: Missing) -> HttpResponse:
        return problem(404, exc.words, field=exc.field, value=exc.value)

    @on(Http404)
    def _(request: HttpRequest, exc: Http404) -> HttpResponse:
        return problem(404)

    @on(NotAllowed)
    def _(request: HttpRequest, exc: NotAllowed) -> HttpResponse:
        return problem(404)

    @on(Refused)
    def _(request: HttpRequest, exc: Refused) -> HttpResponse:
        return problem(422, exc.message, field=exc.field, value=given(request, exc.field))

    @on(ValidationError)
    def _(request: HttpRequest, exc: ValidationError) -> HttpResponse:
        return _invalid(request, exc)

    @on(AuthenticationError)
    def _(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
        return problem(401)

    @on(Throttled)
    def _(request: HttpRequest, exc: Throttled) -> HttpResponse:
        return problem(429)

    @on(HttpError)
    def _(request: HttpRequest, exc: HttpError) -> HttpResponse:
        return problem(exc.status_code if exc.status_code in CODES else 400)

    @on(OverflowError)
    def _(request: HttpRequest, exc: OverflowError) -> HttpResponse:
        return problem(400)  # a day from which one counts beyond all calendars

    @on(SuspiciousOperation)
    def _(request: HttpRequest, exc: SuspiciousOperation) -> HttpResponse:
        return problem(400)

    @on(OperationalError)
    def _(request: HttpRequest, exc: OperationalError) -> HttpResponse:
        return _away(request)

    @on(InterfaceError)
    def _(request: HttpRequest, exc: InterfaceError) -> HttpResponse:
        return _away(request)

    @on(Exception)
    def _(request: HttpRequest, exc: Exception) -> HttpResponse:
        return _failed(request)


def only_problems(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that tells wrong methods and unknown addresses as problems too."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            found = view(request, *args, **kwargs)
        except Http404:
            return problem(404)
        except SuspiciousOperation:
            return problem(400)
        if isinstance(found, HttpResponseNotAllowed):
            told = problem(405)
            told["Allow"] = found["Allow"]
            return told
        return found

    answer.for_programs = True  # type: ignore[attr-defined]
    return csrf_exempt(answer)


def given(request: HttpRequest, field: str, at: int | None = None) -> str:
    """What the caller gave for a parameter; where it was given many times, the one at `at`."""
    if not field:
        return ""
    path = request.resolver_match.kwargs if request.resolver_match else {}
    if field in path:
        return str(path[field])
    every = request.GET.getlist(field)
    if at is not None and at < len(every):
        return every[at]
    return every[-1] if every else ""


def _invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """The first thing that is the matter with the parameters."""
    error = exc.errors[0]
    names = [str(part) for part in error["loc"] if isinstance(part, str)]
    field = names[-1] if len(names) > 1 else ""
    places = [part for part in error["loc"] if isinstance(part, int)]
    value = given(request, field, places[-1] if places else None)
    template = REASONS.get(error["type"])
    if template is None:
        words = message("“{value}”不是可用的值", value=value[:LONGEST_VALUE])
    else:
        words = message(template, value=value[:LONGEST_VALUE], **error.get("ctx", {}))
    return problem(422, words, field=field, value=value)


def _away(request: HttpRequest) -> HttpResponse:
    """The database does not answer, or is held too long: it passes by itself."""
    logger.exception("API: %s", request.path)
    return problem(503)


def _failed(request: HttpRequest) -> HttpResponse:
    """What must not happen; written down with its trace."""
    logger.exception("API: %s", request.path)
    return problem(500)
