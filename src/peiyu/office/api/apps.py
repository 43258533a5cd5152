"""The room as Django knows it."""

from django.apps import AppConfig


class Api(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.api"
    label = "api"
