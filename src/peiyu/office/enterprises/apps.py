"""The room as Django knows it."""

from django.apps import AppConfig


class Enterprises(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.enterprises"
    label = "enterprises"
