"""The addresses of the office's pages."""

from django.urls import include, path

from peiyu.office.web.views.components import components
from peiyu.office.web.views.language import language

urlpatterns = [
    path("", include("peiyu.office.web.accounts.urls")),
    path("", include("peiyu.office.web.desk.urls")),
    path("", include("peiyu.office.web.record.urls")),
    path("", include("peiyu.office.web.policies.urls")),
    path("", include("peiyu.office.web.administration.urls")),
    path("", include("peiyu.office.web.help.urls")),
    path("enterprises/", include("peiyu.office.web.enterprises.urls")),
    path("enterprises/<int:pk>/evidence/", include("peiyu.office.web.evidence.urls_of_one")),
    path("evidence/", include("peiyu.office.web.evidence.urls")),
    path("assessments/", include("peiyu.office.web.assessments.urls")),
    path("certificates/", include("peiyu.office.web.certificates.urls")),
    path("papers/", include("peiyu.office.web.papers.urls")),
    path("goals/", include("peiyu.office.web.goals.urls")),
    path("exports/", include("peiyu.office.web.exports.urls")),
    path("imports/", include("peiyu.office.web.imports.urls")),
    path("registrations/", include("peiyu.office.web.registrations.urls")),
    path("language/", language, name="language"),
    path("components/", components, name="components"),
]
