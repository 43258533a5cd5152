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
from peiyu.office.web.imports.columns_of_file import changed, pages_of, units_said
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
    wrong = any(page.error or any(head.error for head in page.heads) for page in pages)
    if sent is not None and not wrong:
        wanted, units = changed(pages), units_said(pages)
        if not wanted and not units:
            return not_done(request, Refused(message("没有改动，各列仍按原来的读")), back)
        try:
            map_columns(batch, wanted, units=units, actor=person)
        except Refused as refusal:
            return not_done(request, refusal, back)
        words = "已记住，正在重新读取" if wanted else "正在按这个单位重新读取"
        return done(request, message(words), back)
    context = {"batch": batch, "kind": kind, "pages": pages, "back": back}
    return render(request, "imports/columns.html", context, status=REFUSED if wrong else 200)
