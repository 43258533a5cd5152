"""Addresses of large exports."""

from django.urls import path

from peiyu.office.web.exports import views

urlpatterns = [
    path("", views.exports, name="exports"),
    path("<int:pk>/", views.export_detail, name="export_detail"),
    path("<int:pk>/progress/", views.export_progress, name="export_progress"),
    path("<int:pk>/<slug:step>/decide/", views.export_decide, name="export_decide"),
    path("<int:pk>/download/", views.export_download, name="export_download"),
]
