"""Addresses of proposals."""

from django.urls import path

from peiyu.office.web.registrations import views

urlpatterns = [
    path("", views.registrations, name="registrations"),
    path("new/", views.registration_new, name="registration_new"),
    path("<int:pk>/", views.registration, name="registration"),
    path("<int:pk>/edit/", views.registration_edit, name="registration_edit"),
    path("<int:pk>/step/<slug:step>/", views.registration_step, name="registration_step"),
    path("<int:pk>/opinions/<int:opinion>/answer/", views.opinion_answer, name="opinion_answer"),
    path("<int:pk>/opinions/<int:opinion>/stop/", views.clock_stop, name="clock_stop"),
    path("<int:pk>/opinions/<int:opinion>/run/", views.clock_run, name="clock_run"),
    path(
        "<int:pk>/opinions/<int:opinion>/proofs/<int:stop>/", views.clock_proof, name="clock_proof"
    ),
    path("<int:pk>/opinions/<int:opinion>/<slug:step>/", views.opinion_step, name="opinion_step"),
]
