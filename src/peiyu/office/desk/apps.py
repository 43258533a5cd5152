"""The room as Django knows it."""

from django.apps import AppConfig


class Desk(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.desk"
    label = "desk"
