"""The room as Django knows it."""

from django.apps import AppConfig


class Web(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.web"
    label = "web"
