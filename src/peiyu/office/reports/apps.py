"""The room as Django knows it."""

from django.apps import AppConfig


class Reports(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.reports"
    label = "reports"
