"""Addresses of the pages of enterprises and the public; mounted at `portal/`."""

from django.urls import URLPattern, URLResolver, path

from peiyu.office.portal import (
    assessment,
    benefits,
    certificates,
    evidence,
    papers,
    public,
    self_test,
    verifying,
    views,
    years,
)

ONE = "enterprises/<int:pk>/"
YEAR = f"{ONE}years/<int:year>/"
EVIDENCE = f"{ONE}evidence/"
ASSESSMENT = f"{ONE}assessment/"
TABLE = f"{EVIDENCE}<slug:table>/"
ROW = f"{TABLE}rows/<str:key>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="portal"),
    path("messages/", views.told, name="portal_messages"),
    path(ONE, views.enterprise, name="portal_enterprise"),
    path(f"{ONE}suggest/", views.suggest, name="portal_suggest"),
    path(f"{ONE}contacts/new/", views.contact_add, name="portal_contact_add"),
    path(f"{ONE}contacts/<int:contact>/", views.contact_change, name="portal_contact_change"),
    path(f"{ONE}contacts/<int:contact>/end/", views.contact_end, name="portal_contact_end"),
    path(f"{ONE}mandates/new/", views.mandate_give, name="portal_mandate_give"),
    path(
        f"{ONE}mandates/<int:mandate>/revoke/", views.mandate_revoke, name="portal_mandate_revoke"
    ),
    path(f"{ONE}files/new/", views.upload, name="portal_upload"),
    path(f"{ONE}files/<int:file>/", views.file, name="portal_file"),
    path(f"{ONE}years/", years.years, name="portal_years"),
    path(YEAR, years.year, name="portal_year"),
    path(f"{YEAR}save/", years.save, name="portal_year_save"),
    path(f"{YEAR}submit/", years.submit, name="portal_year_submit"),
    path(f"{YEAR}withdraw/", years.withdraw, name="portal_year_withdraw"),
    path(f"{YEAR}receipt/", years.receipt, name="portal_receipt"),
    path(f"{YEAR}workbook/", years.workbook, name="portal_workbook"),
    path(f"{YEAR}months/", years.months, name="portal_months"),
    path(f"{ONE}certificates/", certificates.certificates, name="portal_certificates"),
    path(f"{ONE}annual-reports/<int:year>/", certificates.report_file, name="portal_report_file"),
    path(f"{ONE}papers/", papers.papers, name="portal_papers"),
    path(f"{ONE}papers/<int:paper>/<slug:part>/", papers.paper_file, name="portal_paper_file"),
    path(ASSESSMENT, assessment.assessment, name="portal_assessment"),
    path(f"{ASSESSMENT}<slug:name>/", assessment.assessment, name="portal_assessment_of"),
    path(
        f"{ASSESSMENT}<slug:name>/<slug:key>/",
        assessment.criterion,
        name="portal_assessment_criterion",
    ),
    path(f"{ONE}benefits/", benefits.benefits, name="portal_benefits"),
    path(EVIDENCE, evidence.evidence, name="portal_evidence"),
    path(f"{EVIDENCE}explain/", evidence.explain, name="portal_evidence_explain"),
    path(
        f"{EVIDENCE}papers/<int:paper>/remove/", evidence.proof_remove, name="portal_proof_remove"
    ),
    path(TABLE, evidence.table, name="portal_evidence_table"),
    path(f"{TABLE}new/", evidence.row_new, name="portal_evidence_new"),
    path(f"{TABLE}full/", evidence.full, name="portal_evidence_full"),
    path(ROW, evidence.row, name="portal_evidence_row"),
    path(f"{ROW}change/", evidence.row_change, name="portal_evidence_change"),
    path(f"{ROW}withdraw/", evidence.row_withdraw, name="portal_evidence_withdraw"),
    path(f"{ROW}papers/new/", evidence.proof_add, name="portal_proof_add"),
    path("verify/", verifying.verify, name="portal_verify"),
    path("self-test/", self_test.self_test_page, name="portal_self_test"),
    path("self-test/<slug:name>/", self_test.self_test_page, name="portal_self_test_of"),
    path("public/", public.start, name="portal_public"),
    path("public/policies/", public.policies, name="portal_policies"),
    path("public/policies/<int:pk>/", public.policy, name="portal_policy"),
]
