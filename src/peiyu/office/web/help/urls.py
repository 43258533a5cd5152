"""Addresses of the help."""

from django.urls import path

from peiyu.office.web.help import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/glossary/", views.glossary, name="glossary"),
    path("help/questions/", views.questions, name="help_questions"),
    path("help/<slug:guide>/", views.guide, name="help_guide"),
]
