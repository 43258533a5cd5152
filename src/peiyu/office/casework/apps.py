"""The room as Django knows it."""

from django.apps import AppConfig


class Casework(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.casework"
    label = "casework"
