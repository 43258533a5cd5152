"""The room as Django knows it."""

from django.apps import AppConfig


class Assessments(AppConfig):
    """See the room's first line."""

    name = "peiyu.office.assessments"
    label = "assessments"
