"""The room as Django knows it."""

from django.apps import AppConfig


class Foundation(AppConfig):
    """Money, record, sources, files, working days, jobs."""

    name = "peiyu.office.foundation"
    label = "foundation"
    verbose_name = "基础"
