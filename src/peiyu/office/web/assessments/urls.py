"""Addresses of assessments: of one enterprise, below its page; across enterprises."""

from django.urls import path

from peiyu.office.web.assessments import (
    benefits,
    estimates,
    frozen,
    listing,
    page,
    runs,
    stating,
    warnings,
)

of_enterprise = [
    path("<int:pk>/assessment/", page.assessment, name="assessment"),
    path("<int:pk>/assessment/<slug:name>/", page.assessment, name="assessment_of"),
    path("<int:pk>/facts/", stating.facts, name="facts"),
    path("<int:pk>/facts/<slug:fact>/", stating.fact_state, name="fact_state"),
    path(
        "<int:pk>/assessment/<slug:name>/estimates/",
        estimates.assessment_estimates,
        name="assessment_estimates",
    ),
    path("<int:pk>/benefits/", benefits.benefits, name="benefits"),
    path(
        "<int:pk>/assessment/<slug:name>/freeze/",
        frozen.assessment_freeze,
        name="assessment_freeze",
    ),
    path(
        "<int:pk>/assessment/<slug:name>/<slug:key>/", page.criterion, name="assessment_criterion"
    ),
]
urlpatterns = [
    path("", listing.assessments, name="assessments"),
    path("export/", listing.assessments_export, name="assessments_export"),
    path("reassess/", listing.list_reassess, name="list_reassess"),
    path("warnings/", warnings.assessments_warnings, name="assessments_warnings"),
    path("frozen/<int:pk>/", frozen.frozen, name="frozen_assessment"),
    path("frozen/<int:pk>/papers/<slug:kind>/", frozen.frozen_paper, name="frozen_paper"),
    path("runs/", runs.assessments_runs, name="assessments_runs"),
    path("runs/start/", runs.run_start, name="run_start"),
]
