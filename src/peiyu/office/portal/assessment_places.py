"""The pages of an enterprise on which the facts of its assessment stand and are filled in."""

from __future__ import annotations

from django.urls import reverse

from peiyu.office.assessments.assessing import Assessed
from peiyu.office.assessments.facts import Origin
from peiyu.office.assessments.shown.sources import MONTH, STATEMENT, TABLES, tables_counted
from peiyu.office.portal.standing import Fill, Place, told_by
from peiyu.policy import evidence
from peiyu.policy.reasons import Missing
from peiyu.policy.rulebook import Rulebook
from peiyu.words import message

YEARS, MONTHS, FIRM, CERTIFICATES = "years", "months", "enterprise", "certificates"
KEPT_BY_OTHERS = frozenset({"incidents"})
"""Evidence that no enterprise enters of itself."""
OF_REGISTRY = frozenset({"established_on", "resident", "legal_person", "name", "code"})


def where(found: Assessed, name: str, origin: Origin) -> str:
    """The page of the enterprise that shows a fact; empty where none does."""
    firm = found.enterprise
    if origin.label == STATEMENT:
        _, _, lag = name.partition(".")
        return reverse("portal_year", args=[firm, found.seen.on.year - int(lag or 1)])
    if (table := TABLES.get(origin.label)) is not None:
        return reverse("portal_evidence_table", args=[firm, table.name])
    if origin.label == MONTH:
        return reverse("portal_months", args=[firm, found.seen.on.year - 1])
    if origin.label.startswith("qualifications."):
        return reverse("portal_certificates", args=[firm])
    if origin.label.startswith("enterprises."):
        return reverse("portal_enterprise", args=[firm])
    return ""


def filled_in(firm: int, book: Rulebook, on_year: int) -> Fill:
    """Where an enterprise fills in what is not known of it."""
    counted = tables_counted(book)

    def place(lack: Missing) -> Place:
        fact = lack.fact
        if fact.table == YEARS:
            year = lack.year or on_year - 1
            page = reverse("portal_year", args=[firm, year])
            return Place(message("{year}年度数据", year=year), page, f"{page}#id_{fact.name}")
        table = counted.get(fact.name, fact.table) if fact.table == FIRM else fact.table
        if table in KEPT_BY_OTHERS:
            return Place(told_by(lack), "", "")
        if table in evidence.BY_NAME:
            page = reverse("portal_evidence_table", args=[firm, table])
            title = message("证据表“{table}”", table=message(evidence.BY_NAME[table].title))
            return Place(title, page, page)
        if table == MONTHS:
            page = reverse("portal_months", args=[firm, lack.year or on_year - 1])
            return Place(message("人员月度"), page, page)
        if table == CERTIFICATES:
            page = reverse("portal_certificates", args=[firm])
            return Place(message("证书与资格"), page, page)
        if fact.name in OF_REGISTRY:
            page = reverse("portal_enterprise", args=[firm])
            return Place(message("登记事项"), page, page)
        return Place(told_by(lack), "", "")

    return place
