"""The pages of the office on which the facts of an assessment stand."""

from __future__ import annotations

from django.urls import reverse

from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.facts import Origin
from peiyu.office.assessments.shown.sources import MONTH, STATED, STATEMENT, TABLES
from peiyu.office.web.evidence.chain import has_page, row_url_of


def where(found: Assessed, name: str, origin: Origin) -> str:
    """The cell with its versions, the row, the table, the registry; empty where no page shows it."""
    firm = found.enterprise
    if origin.label == STATEMENT:
        figure, _, lag = name.partition(".")
        year = found.seen.on.year - int(lag or 1)
        return reverse("figure_history", args=[firm, year, origin.basis, figure])
    if (table := TABLES.get(origin.label)) is not None:
        _, _, no = name.partition("/")
        if no and has_page(table.name):
            return row_url_of(firm, table.name, no)
        return reverse("evidence_table", args=[firm, table.name])
    if origin.label == MONTH:
        return reverse("enterprise_years", args=[firm])
    if origin.label.startswith("qualifications."):
        return reverse("enterprise_qualifications", args=[firm])
    if origin.label.startswith("enterprises."):
        return reverse("enterprise", args=[firm])
    if origin.label == STATED:
        return reverse("facts", args=[firm])
    return ""
