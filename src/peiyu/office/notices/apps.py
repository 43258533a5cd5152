"""The room as Django knows it."""

from django.apps import AppConfig


class Notices(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.notices"
    label = "notices"
