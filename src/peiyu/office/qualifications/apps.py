"""The room as Django knows it."""

from django.apps import AppConfig


class Qualifications(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.qualifications"
    label = "qualifications"
