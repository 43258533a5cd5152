"""The room as Django knows it."""

from django.apps import AppConfig


class Goals(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.goals"
    label = "goals"
