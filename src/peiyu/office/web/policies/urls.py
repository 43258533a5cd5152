"""Addresses of the library, the settings and the rulebooks."""

from django.urls import path

from peiyu.office.web.policies import views

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/documents/new/", views.document_enter, name="document_enter"),
    path("policies/documents/<int:pk>/", views.policy_document, name="policy_document"),
    path("policies/documents/<int:pk>/change/", views.document_change, name="document_change"),
    path("policies/documents/<int:pk>/clauses/new/", views.clause_add, name="clause_add"),
    path("policies/settings/", views.settings, name="settings"),
    path("policies/settings/<str:key>/", views.setting, name="setting"),
    path("policies/rulebooks/", views.rulebooks, name="rulebooks"),
    path("policies/rulebooks/<slug:name>/", views.rulebook, name="rulebook"),
]
