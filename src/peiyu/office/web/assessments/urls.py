"""Addresses of assessments: of one enterprise, below its page; across enterprises."""

from django.urls import path

from peiyu.office.web.assessments import listing, page, runs, warnings

of_enterprise = [
    path("<int:pk>/assessment/", page.assessment, name="assessment"),
    path("<int:pk>/assessment/<slug:name>/", page.assessment, name="assessment_of"),
    path(
        "<int:pk>/assessment/<slug:name>/<slug:key>/", page.criterion, name="assessment_criterion"
    ),
]
urlpatterns = [
    path("", listing.assessments, name="assessments"),
    path("warnings/", warnings.assessments_warnings, name="assessments_warnings"),
    path("runs/", runs.assessments_runs, name="assessments_runs"),
    path("runs/start/", runs.run_start, name="run_start"),
]
