"""The first page, search, messages."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

import peiyu
from peiyu.office.accounts.models import Duty, User
from peiyu.office.desk import first_page
from peiyu.office.desk.search import FEW, MANY, EnterpriseHit
from peiyu.office.desk.search import search as find
from peiyu.office.desk.todo import Todo, todo_of
from peiyu.office.foundation.days import NoCalendar, office_day
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import Job
from peiyu.office.foundation.search import Rank
from peiyu.office.notices.actions import mark_read
from peiyu.office.notices.models import Message
from peiyu.office.notices.queries import messages_of, unread
from peiyu.office.web.answers import done, keys_of, me
from peiyu.office.web.goals.tiles import tiles_of
from peiyu.office.web.navigation import address
from peiyu.office.web.pages import pager_of
from peiyu.words import Message as Words
from peiyu.words import mark, message

PAGE = 30
LONGEST_QUERY = 100


@login_required
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What waits for the person, and what they watch."""
    person, on = me(request), office_day()
    if person.duty == Duty.ENTERPRISE:
        return redirect("portal")
    context: dict[str, Any] = {"on": on, "person": person}
    todos: list[Todo] = []
    try:
        todos = todo_of(person, on)
    except NoCalendar as missing:
        context["no_todo"] = missing.message
    try:
        context["weeks"] = first_page.two_weeks(todos, on)
    except NoCalendar as missing:
        context["no_calendar"] = missing.message
    groups = first_page.grouped(todos, on)
    context["groups"] = [
        (group, [(todo, first_page.days_ahead(todo, on)) for todo in group.todos])
        for group in groups
    ]
    context["numbers"] = {group.key: len(group.todos) for group in groups}
    context["number"] = len(todos)
    context["notes"] = list(first_page.latest_messages(person))
    context["empty"] = _nothing_to_do(person)
    context |= _watched(person, on)
    return render(request, "desk/today.html", context)


def _watched(person: User, on: Any) -> dict[str, Any]:
    """What stands below and beside the things to do, by the kind of person."""
    if person.duty == Duty.SYSTEM:
        disk = shutil.disk_usage(settings.HOME if settings.HOME.exists() else settings.HOME.anchor)
        return {
            "states": first_page.jobs_by_state(),
            "jobs": Job.objects.visible_to(person).select_related("owner").order_by("-id")[:5],
            "disk": disk,
            "disk_share": 100 * disk.used // disk.total if disk.total else 0,
            "version": peiyu.__version__,
        }
    if person.duty == Duty.SECURITY:
        return {"accounts": first_page.accounts_to_watch(on)}
    if person.duty == Duty.AUDIT:
        return {"watch": first_page.record_to_watch(timezone.now())}
    if person.access.is_official:
        rows = list(first_page.newest(person))
        goals = first_page.goals_of(person, on)
        return {
            "newest": rows,
            "lacks": first_page.lacks(person),
            "tiles": tiles_of(goals) if goals else (),
        }
    if person.access.roles:
        return {"newest": list(first_page.newest(person))}
    return {}


def _nothing_to_do(person: User) -> tuple[str, str, str, str]:
    """What an empty list of things to do says: what is true, what next, its address, its word."""
    access = person.access
    if access.is_administrator:
        next_by_duty = {
            Duty.SYSTEM: (mark("没有失败的任务"), mark("可看任务和磁盘"), "system", mark("看系统")),
            Duty.SECURITY: (
                mark("没有等您办的事"),
                mark("可核对人员和任职"),
                "people",
                mark("看人员"),
            ),
            Duty.AUDIT: (
                mark("没有等您办的事"),
                mark("可核验记录、查看访问日志"),
                "audit",
                mark("看审计"),
            ),
        }
        heading, hint, page, verb = next_by_duty[Duty(person.duty)]
    elif access.places:
        heading, hint = mark("事都办完了"), mark("新发现的科技企业可以报送入库")
        page, verb = "registrations", mark("报送企业")
    elif access.is_official:
        heading, hint = mark("事都办完了"), mark("可看企业库里还缺什么")
        page, verb = "enterprises", mark("看企业")
    elif access.roles:
        heading, hint = mark("没有等您办的事"), mark("可核对企业资料")
        page, verb = "enterprises", mark("看企业")
    else:
        heading = mark("您还没有任职，看不到业务内容")
        hint = mark("请安全保密管理员核对您的任职；企业用户请企业负责人授权")
        page, verb = "help", mark("看帮助")
    return heading, hint, address(page), verb


# search

BY_OTHER = {
    "former": mark("曾用名：{text}"),
    "short": mark("简称：{text}"),
    "code": mark("代码：{text}"),
    "old_code": mark("原代码：{text}"),
    "certificate": mark("证书编号：{text}"),
    "tech_sme": mark("入库登记编号：{text}"),
}


def by_which(hit: EnterpriseHit, words: str) -> Words | None:
    """By which text it was found, where that is not the name as typed."""
    found = hit.found
    if found.kind in BY_OTHER:
        return message(BY_OTHER[found.kind], text=found.text)
    if found.kind == "name" and words.isascii() and found.rank == Rank.WITHIN:
        return message("按拼音")
    return None if found.kind == "name" else message("{text}", text=found.text)


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything found by some words, that the person may see."""
    person, words = me(request), _asked(request)
    hits = find(words, person, limit=MANY)
    context = {
        "words": words,
        "hits": hits,
        "rows": [(hit.enterprise, by_which(hit, words)) for hit in hits.enterprises],
        "administrator": person.access.is_administrator,
        "list": address("enterprises"),
    }
    return render(request, "desk/search.html", context)


@login_required
@require_safe
def search_suggest(request: HttpRequest) -> HttpResponse:
    """The best of what is found, while one types."""
    person, words = me(request), _asked(request)
    hits = find(words, person, limit=FEW)
    rows = [(hit.enterprise, by_which(hit, words)) for hit in hits.enterprises]
    rights = hits.rights[: max(FEW - len(rows), 0)]
    documents = hits.documents[: max(FEW - len(rows) - len(rights), 0)]
    context = {
        "words": words,
        "rows": rows,
        "rights": rights,
        "documents": documents,
        "administrator": person.access.is_administrator,
    }
    return render(request, "desk/_suggest.html", context)


# messages


@login_required
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """What the person has been told."""
    person = me(request)
    page = page_of(
        messages_of(person),
        order="-id",
        size=PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"page": page, "pager": pager_of(request, page), "unread": unread(person)}
    return render(request, "desk/messages.html", context)


@login_required
@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    """Mark messages read: those chosen, or all."""
    person = me(request)
    every = request.POST.get("all") == "1"
    keys = None if every else keys_of(request.POST.getlist("chosen"))
    number = mark_read(person, keys=keys, at=timezone.now())
    if number:
        return done(request, message("{number}条已标为已读", number=number), "messages")
    return redirect("messages")


@login_required
@require_POST
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message read and go where it leads."""
    person = me(request)
    found = get_object_or_404(Message.objects.filter(recipient=person), pk=pk)
    mark_read(person, keys=[found.pk], at=timezone.now())
    inside = found.link.startswith("/") and url_has_allowed_host_and_scheme(found.link, None)
    answer = redirect(found.link if inside else reverse("messages"))
    answer.status_code = 303
    return answer
