"""The room as Django knows it."""

from django.apps import AppConfig


class Portfolio(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.portfolio"
    label = "portfolio"
