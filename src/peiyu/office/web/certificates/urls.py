"""Addresses of certificates; those of one enterprise stand with its page."""

from django.urls import path

from peiyu.office.web.certificates import (
    changes,
    detail,
    enterprise,
    expiry,
    listing,
    lists,
    reports,
    stock,
)

ONE = "<int:pk>/"
urlpatterns = [
    path("", listing.certificates, name="certificates"),
    path("export/", listing.certificates_export, name="certificates_export"),
    path("new/", changes.certificate_new, name="certificate_new"),
    path("expiry/", expiry.certificates_expiry, name="certificates_expiry"),
    path("stock/", stock.certificates_stock, name="certificates_stock"),
    path("reports/", reports.certificates_reports, name="certificates_reports"),
    path("lists/", lists.certificates_lists, name="certificates_lists"),
    path("lists/<int:pk>/", lists.certificates_list, name="certificates_list"),
    path(ONE, detail.certificate, name="certificate"),
    path(f"{ONE}correct/", changes.certificate_correct, name="certificate_correct"),
    path(f"{ONE}withdraw/", changes.certificate_withdraw, name="certificate_withdraw"),
    path(
        f"{ONE}events/<int:event>/withdraw/",
        changes.certificate_event_withdraw,
        name="certificate_event_withdraw",
    ),
    path(f"{ONE}events/<str:kind>/", changes.certificate_event, name="certificate_event"),
]
GIVEN = "<int:pk>/qualifications/<slug:what>/<int:given>/"
of_enterprise = [
    path("<int:pk>/qualifications/", enterprise.enterprise_qualifications, name="enterprise_qualifications"),
    path("<int:pk>/certificates/new/", changes.enterprise_certificate_new, name="enterprise_certificate_new"),
    path("<int:pk>/tech-sme/new/", enterprise.tech_sme_new, name="tech_sme_new"),
    path("<int:pk>/titles/new/", enterprise.title_new, name="title_new"),
    path("<int:pk>/changes/new/", enterprise.change_new, name="change_new"),
    path("<int:pk>/annual-reports/<int:year>/", enterprise.report_file, name="report_file"),
    path(f"{GIVEN}revoke/", enterprise.given_revoke, name="given_revoke"),
    path(f"{GIVEN}withdraw/", enterprise.given_withdraw, name="given_withdraw"),
]  # fmt: skip
"""Below the address of enterprises."""
