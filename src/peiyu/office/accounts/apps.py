"""The room as Django knows it."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.accounts"
    label = "accounts"
