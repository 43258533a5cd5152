"""Addresses of imports."""

from django.urls import path

from peiyu.office.web.imports import columns, views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.import_new, name="import_new"),
    path("template/<str:name>/", views.import_template, name="import_template"),
    path("<int:pk>/", views.import_detail, name="import_detail"),
    path("<int:pk>/progress/", views.import_progress, name="import_progress"),
    path("<int:pk>/counts/", views.import_counts, name="import_counts"),
    path("<int:pk>/columns/", columns.import_columns, name="import_columns"),
    path("<int:pk>/choose/", views.import_choose, name="import_choose"),
    path("<int:pk>/rows/<int:number>/", views.import_mend, name="import_mend"),
    path("<int:pk>/rows/<int:number>/keep/", views.import_keep, name="import_keep"),
    path("<int:pk>/apply/", views.import_apply, name="import_apply"),
    path("<int:pk>/drop/", views.import_drop, name="import_drop"),
    path("<int:pk>/undo/", views.import_undo, name="import_undo"),
]
