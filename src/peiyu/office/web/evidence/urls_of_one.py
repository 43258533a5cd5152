"""Addresses of the evidence of one enterprise; mounted below its page."""

from django.urls import path

from peiyu.office.web.evidence import chain, changes, exporting, flags, rows

ROW = "<slug:table>/rows/<str:key>/"

urlpatterns = [
    path("", chain.enterprise_evidence, name="enterprise_evidence"),
    path("links/", exporting.evidence_links, name="evidence_links"),
    path("flag/", flags.evidence_flag, name="evidence_flag"),
    path("flag/ask/", flags.flag_ask, name="flag_ask"),
    path("flag/clear/", flags.flag_clear, name="flag_clear"),
    path("remarks/<int:remark>/take-back/", flags.remark_take_back, name="remark_take_back"),
    path("papers/<int:paper>/remove/", changes.paper_remove, name="paper_remove"),
    path("<slug:table>/", rows.evidence_table, name="evidence_table"),
    path("<slug:table>/export/", exporting.evidence_export, name="evidence_export"),
    path("<slug:table>/new/", changes.evidence_new, name="evidence_new"),
    path("<slug:table>/full/", changes.evidence_full, name="evidence_full"),
    path(ROW, rows.evidence_row, name="evidence_row"),
    path(f"{ROW}edit/", changes.evidence_edit, name="evidence_edit"),
    path(f"{ROW}withdraw/", changes.evidence_withdraw, name="evidence_withdraw"),
    path(f"{ROW}papers/new/", changes.paper_add, name="paper_add"),
]
