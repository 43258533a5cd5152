"""Addresses of the goals."""

from django.urls import path

from peiyu.office.web.goals import views

PERIOD = "share/<int:year>/<int:month>/"
urlpatterns = [
    path("", views.goals, name="goals"),
    path("new/", views.goals_new, name="goals_new"),
    path("share/", views.goals_share, name="goals_share"),
    path("share/state/", views.goals_share_state, name="goals_share_state"),
    path(PERIOD, views.goals_share_versions, name="goals_share_versions"),
    path(f"{PERIOD}withdraw/", views.goals_share_withdraw, name="goals_share_withdraw"),
]
