"""Jobs as their owner and the system administrator see them; the machine; calendars."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from functools import partial
from typing import Any

import django
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import peiyu
from peiyu.office.accounts.models import User
from peiyu.office.desk.permissions import may_keep_system
from peiyu.office.foundation import access_log, files
from peiyu.office.foundation.actions import publish_calendar_year
from peiyu.office.foundation.days import built_in_years
from peiyu.office.foundation.jobs import cancel, retry
from peiyu.office.foundation.keyset import page_of
from peiyu.office.foundation.models import AccessKind, CalendarYear, Job, JobState, LastRun
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.accounts.adapters import address_of
from peiyu.office.web.administration.forms import FindJobs, NewCalendar
from peiyu.office.web.answers import REFUSED, done, file_answer, me, not_done, or_404, tried
from peiyu.office.web.pages import pager_of
from peiyu.words import Message, mark, message

PAGE = 50
GOING = (JobState.WAITING, JobState.RUNNING)
KINDS = {
    "desk.verify_record": mark("核验记录"),
    "desk.export": mark("导出"),
    "enterprises.import": mark("导入企业"),
    "foundation.read_import": mark("读取要导入的表"),
    "foundation.apply_import": mark("导入"),
    "foundation.undo_import": mark("撤销导入"),
    "notices.send": mark("发送消息"),
}
"""What a kind of job is called to those who may not read its title."""


OF_IMPORTS = ("foundation.read_import", "foundation.apply_import", "foundation.undo_import")


def _seen(job: Job, person: User) -> dict[str, Any]:
    """A job as this person may see it: without business data for those who only keep it going."""
    own = job.shows_all_to(person)
    return {
        "job": job,
        "title": job.said if own else KINDS.get(job.kind, job.kind),
        "link": _of_import(job) if own else "",
        "own": own,
        "going": job.state in GOING,
        "may_cancel": job.state in GOING,
        "may_retry": job.state in (JobState.FAILED, JobState.CANCELLED),
        "may_take": own and job.result_id is not None,
    }


def _of_import(job: Job) -> str:
    """The page of the import that a job is of."""
    batch = job.arguments.get("batch")
    if job.kind not in OF_IMPORTS or not isinstance(batch, int):
        return ""
    return str(reverse("import_detail", args=[batch]))


@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """One's own jobs; for the system administrator that the others are there."""
    person = me(request)
    form = FindJobs(request.GET)
    rows = Job.objects.none()
    if form.is_valid():
        rows = Job.objects.visible_to(person).select_related("owner")
        if form.cleaned_data["state"]:
            rows = rows.filter(state=form.cleaned_data["state"])
    page = page_of(
        rows,
        order="-id",
        size=PAGE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "form": form,
        "jobs": [_seen(one, person) for one in page.rows],
        "pager": pager_of(request, page),
        "keeps": may_keep_system(person),
    }
    return render(request, "administration/jobs.html", context, status=400 if form.errors else 200)


def _found(person: User, pk: int) -> Job:
    return get_object_or_404(
        Job.objects.visible_to(person).select_related("owner", "result"), pk=pk
    )


@login_required
@require_safe
@never_cache
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: how far it is, what one may do with it, its result."""
    person = me(request)
    return render(request, "administration/job.html", _seen(_found(person, pk), person))


@login_required
@require_safe
@never_cache
def job_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that is asked again while the job goes on."""
    person = me(request)
    return render(request, "administration/_job.html", _seen(_found(person, pk), person))


def _acted(
    request: HttpRequest, pk: int, act: Callable[[Job, User], object], what: Message
) -> HttpResponse:
    person = me(request)
    found = _found(person, pk)
    try:
        act(found, person)
    except Refused as refusal:
        return not_done(request, refusal, f"/jobs/{found.pk}/")
    return done(request, what, f"/jobs/{found.pk}/")


@login_required
@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a job."""
    return _acted(request, pk, cancel, message("已取消；做完的部分保留"))


@login_required
@require_POST
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Take up a job that failed or was stopped."""
    return _acted(request, pk, retry, message("已重新排队"))


@login_required
@require_safe
def job_result(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that a job made, for its owner alone; the download is logged."""
    person = me(request)
    found = _found(person, pk)
    or_404(found.shows_all_to(person) and found.result is not None)
    assert found.result is not None
    try:
        download = files.download(found.result)
    except Refused as refusal:
        return not_done(request, refusal, f"/jobs/{found.pk}/")
    access_log.log(
        AccessKind.DOWNLOAD,
        actor=person,
        address=address_of(request),
        label=Job._meta.label_lower,
        key=str(found.pk),
        detail=found.kind,
    )
    return file_answer(download)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def system(request: HttpRequest) -> HttpResponse:
    """Version, database, disk, what runs by itself, calendars."""
    person = me(request)
    or_404(may_keep_system(person))
    form = NewCalendar(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(publish_calendar_year, actor=person, **form.cleaned_data)
        if entered := tried(form, act):
            return done(request, message("{year}年的日历已录入", year=entered.year), "system")
    disk = shutil.disk_usage(settings.HOME if settings.HOME.exists() else settings.HOME.anchor)
    years = built_in_years()
    context = {
        "form": form,
        "version": peiyu.__version__,
        "django": django.get_version(),
        "python": platform.python_version(),
        "database": _database(),
        "waiting": _migrations_waiting(),
        "disk": disk,
        "disk_share": 100 * disk.used // disk.total if disk.total else 0,
        "runs": LastRun.objects.order_by("name"),
        "first_year": years.start,
        "last_year": years.stop - 1,
        "calendars": CalendarYear.objects.order_by("-year"),
        "demo": settings.DEMO,
    }
    status = REFUSED if form.errors else 200
    return render(request, "administration/system.html", context, status=status)


def _database() -> str:
    """The database and its version."""
    query = "SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version"
    with connection.cursor() as cursor:
        cursor.execute(query)
        (version,) = cursor.fetchone()
    return f"{connection.display_name} {version}"


def _migrations_waiting() -> int:
    """How many changes of the tables have not been made."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
