"""The room as Django knows it."""

from django.apps import AppConfig


class Policies(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.policies"
    label = "policies"
