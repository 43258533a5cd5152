"""The room as Django knows it."""

from django.apps import AppConfig


class Portal(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.portal"
    label = "portal"
