"""Taking evidence of an enterprise away: a table as it can be brought back, the chain as a list."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from peiyu.office.desk import evidence_exports
from peiyu.office.portfolio.permissions import EVERY, tables_open_to
from peiyu.office.web.answers import or_404
from peiyu.office.web.enterprises.detail import found
from peiyu.office.web.evidence.forms import Known
from peiyu.office.web.evidence.rights import sheet_answer
from peiyu.office.web.evidence.rows import table_or_404
from peiyu.words import mark


@login_required
@require_safe
def evidence_export(request: HttpRequest, pk: int, table: str) -> FileResponse:
    """A table of the enterprise in the layout of its import; `?known=`: of a past day."""
    person, one = found(request, pk)
    kind = table_or_404(person, one, table)
    or_404(evidence_exports.may_export_evidence(person))
    day = Known(request.GET).day(person.access.on)
    known = day if day < person.access.on else None
    write = partial(
        evidence_exports.write_table_of, enterprise=one, table=kind, known=known, person=person
    )
    return sheet_answer(request, person, write, kind.title, f"{one.pk} {table}")


@login_required
@require_safe
def evidence_links(request: HttpRequest, pk: int) -> FileResponse:
    """What leads to what, a line a way from R&D to product."""
    person, one = found(request, pk)
    or_404(tables_open_to(person, one) == EVERY and evidence_exports.may_export_evidence(person))
    write = partial(evidence_exports.write_links, enterprise=one, person=person)
    return sheet_answer(request, person, write, mark("证据对应表"), f"{one.pk} links")
