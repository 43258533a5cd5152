"""Rows as columns of what the database stores: whole fen, days, yes or no, names.

Many times as fast as objects, and the same on both databases: for facts in bulk.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models

Column = list[Any]
Columns = dict[str, Column]


def columns(rows: models.QuerySet[Any], names: Sequence[str]) -> Columns:
    """The named columns of the rows, each as a list; an empty text is unknown. One query, or none."""
    query = rows.values_list(*names).query
    try:
        statement, values = query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return {name: [] for name in names}
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    held = list(zip(*found, strict=True)) if found else [()] * len(names)
    return {name: _read(values, rows.model, name) for name, values in zip(names, held, strict=True)}


def _read(values: Sequence[Any], model: type[models.Model], name: str) -> Column:
    first, _, rest = name.partition("__")
    field: Any = model._meta.pk if first == "pk" else model._meta.get_field(first)
    while rest:
        first, _, rest = rest.partition("__")
        field = field.related_model._meta.get_field(first)
    if isinstance(field, models.BooleanField):
        return [None if value is None else bool(value) for value in values]
    if isinstance(field, models.DateField):
        return _each(values, _day)
    if isinstance(field, models.JSONField):
        return _each(values, _names)
    if isinstance(field, models.CharField):
        return [value or None for value in values]
    return list(values)


def _each(values: Sequence[Any], read: Any) -> Column:
    """Read each different value once: days and names come again and again."""
    known = {value: read(value) for value in set(values) if value is not None}
    known[None] = None
    return [known[value] for value in values]


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _names(value: Any) -> Any:
    read = json.loads(value) if isinstance(value, str) else value
    return tuple(read) if isinstance(read, list) else read
