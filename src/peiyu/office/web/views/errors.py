"""Pages that say what went wrong and what to do next; they tell nothing of the inside.

In the root addresses: `handler400 = "peiyu.office.web.views.errors.bad_request"`, and so on;
`CSRF_FAILURE_VIEW = "peiyu.office.web.views.errors.csrf_failure"`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.templatetags.say import language
from peiyu.words import mark

A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble: what happened, what to do."""

    status: int
    what: str
    todo: str


BAD_REQUEST = Trouble(
    400, mark("这个请求读不懂"), mark("没有改动任何内容。请回到上一页，刷新后重新填写")
)
FORBIDDEN = Trouble(
    403, mark("您不能办这件事"), mark("没有改动任何内容。如应由您办理，请找安全保密管理员核对角色")
)
NOT_FOUND = Trouble(
    404, mark("这里没有您能看的内容"), mark("地址可能写错，或不在您的范围内。可从首页或搜索再找")
)
TOO_LARGE = Trouble(413, mark("传的内容太大"), mark("没有收下。请压缩或分开后再传"))
REFUSED = Trouble(422, mark("这一步没有办成"), "")
TOO_MANY = Trouble(429, mark("请求太密"), mark("没有办理。请等几分钟再试"))
FAILED = Trouble(
    500,
    mark("系统出错了"),
    mark("这一步没有办成，已记下。请稍后再试；仍不行，请告诉系统管理员时间"),
)
AWAY = Trouble(
    503,
    mark("系统暂时用不了"),
    mark("数据库没有应答，这一步没有办成，原有内容不受影响。请过一分钟再试，无须重新登录"),
)
EXPIRED = Trouble(
    403, mark("这一页放得太久"), mark("没有改动任何内容。请回到上一页，刷新后再提交一次")
)


def page(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The page of a trouble."""
    text = render_to_string("errors/trouble.html", {"trouble": trouble}, request)
    return HttpResponse(text, status=trouble.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 if more was sent than is taken, which Django counts among the bad requests."""
    return page(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also for what exists and may not be seen."""
    return page(request, NOT_FOUND)


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """413: more was sent than is taken."""
    return page(request, TOO_LARGE)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """422: what an action or a query will not do, in its own words, where no form stands to say it."""
    return page(request, replace(REFUSED, todo=refusal.say(language())))


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: also the view of axes when someone is locked out."""
    return page(request, TOO_MANY)


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away: asks neither the session nor the database."""
    trouble = AWAY if is_away(sys.exc_info()[1]) else FAILED
    lang = "en" if language() == "en" else "zh-CN"
    text = render_to_string("errors/failed.html", {"trouble": trouble, "lang": lang})
    headers = {"Retry-After": str(A_MINUTE)} if trouble is AWAY else {}
    return HttpResponse(text, status=trouble.status, headers=headers)


def is_away(problem: BaseException | None) -> bool:
    """Whether the database did not answer, or was held too long by another: it passes by itself."""
    return isinstance(problem, (OperationalError, InterfaceError))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page was open too long, or the form came from elsewhere."""
    return page(request, EXPIRED)
