"""Addresses of the record and of the audit."""

from django.urls import path

from peiyu.office.web.record import views

urlpatterns = [
    path("record/", views.record, name="record"),
    path("record/<int:pk>/", views.record_line, name="record_line"),
    path("record/<int:pk>/open/", views.record_open, name="record_open"),
    path("audit/", views.audit, name="audit"),
    path("audit/verify/", views.audit_verify, name="audit_verify"),
    path("audit/access/", views.audit_access, name="audit_access"),
]
