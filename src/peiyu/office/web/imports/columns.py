"""Saying what the headings of a file mean."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from peiyu.office.foundation.imports import map_columns
from peiyu.office.foundation.models import ImportState
from peiyu.office.foundation.refusals import Refused
from peiyu.office.web.answers import REFUSED, done, not_done
from peiyu.office.web.imports.columns_of_file import changed, pages_of
from peiyu.office.web.imports.finding import found
from peiyu.office.web.imports.preview import address_of
from peiyu.words import message

OPEN = (ImportState.MAPPING, ImportState.READY)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Each heading with its samples and what it is read as; what differs is kept and read anew."""
    person, batch, kind = found(request, pk)
    back = address_of(batch)
    if batch.state not in OPEN:
        return not_done(request, Refused(message("这次导入现在不能再对应列")), back)
    sent = request.POST if request.method == "POST" else None
    pages = pages_of(batch, kind, person.access.on, sent)
    wrong = any(head.error for page in pages for head in page.heads)
    if sent is not None and not wrong:
        wanted = changed(pages)
        if not wanted:
            return not_done(request, Refused(message("没有改动，各列仍按原来的读")), back)
        try:
            map_columns(batch, wanted, actor=person)
        except Refused as refusal:
            return not_done(request, refusal, back)
        return done(request, message("已记住，正在重新读取"), back)
    context = {"batch": batch, "kind": kind, "pages": pages, "back": back}
    return render(request, "imports/columns.html", context, status=REFUSED if wrong else 200)
