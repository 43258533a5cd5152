"""Addresses of papers; those of one enterprise stand with its page."""

from django.urls import path

from peiyu.office.web.papers import pages

urlpatterns = [
    path("<int:pk>/", pages.paper, name="paper"),
    path("<int:pk>/withdraw/", pages.paper_withdraw, name="paper_withdraw"),
    path("<int:pk>/scan/", pages.paper_scan, name="paper_scan"),
    path("<int:pk>/<slug:part>/", pages.paper_file, name="paper_file"),
]
of_enterprise = [
    path("<int:pk>/papers/", pages.enterprise_papers, name="enterprise_papers"),
    path("<int:pk>/papers/lacking/", pages.lacking_notice, name="lacking_notice"),
]
"""Below the address of enterprises."""
