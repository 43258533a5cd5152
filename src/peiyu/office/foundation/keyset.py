"""Pages of a long list by where the last one ended, so that page 4,000 is as quick as the first."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

Row = TypeVar("Row")
"""A model's object, or a named tuple with its `pk` and the field by which it is ordered."""
Place = tuple[Any, int]
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the marks by which to go on or back; None at an end."""

    rows: Sequence[Row]
    following: str | None
    preceding: str | None


def page_of(
    rows: models.QuerySet[Any, Row], *, order: str, size: int, after: str = "", before: str = ""
) -> Page[Row]:
    """One page in the order of a field (`-` in front: falling), the unknown last, then by key.

    A mark that is none, or belongs to another order, gives the first page.
    """
    field, falling = order.removeprefix("-"), order.startswith("-")
    place = _read(after or before, rows.model, field)
    backwards = bool(before) and not after and place is not None
    if place is not None:
        rows = rows.filter(_beyond(field, place, falling=falling, backwards=backwards))
    ordered = rows.order_by(*_order(field, falling=falling, backwards=backwards))
    found = list(ordered[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], None, None)
    has_next = backwards or more
    has_previous = more if backwards else place is not None
    return Page(
        found,
        mark_of(found[-1], field) if has_next else None,
        mark_of(found[0], field) if has_previous else None,
    )


def mark_of(row: Any, field: str) -> str:
    """The mark of a row in an order."""
    value = getattr(row, field)
    if isinstance(value, date | datetime):
        value = value.isoformat()
    return (
        base64.urlsafe_b64encode(json.dumps([field, value, row.pk]).encode()).decode().rstrip("=")
    )


def is_mark(mark: str, model: type[models.Model], order: str) -> bool:
    """The mark belongs to a list of this model in this order."""
    return _read(mark, model, order.removeprefix("-")) is not None


def _read(mark: str, model: type[models.Model], field: str) -> Place | None:
    if not mark or len(mark) > 2000:
        return None
    try:
        named, value, key = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if (
            named != field
            or isinstance(key, bool)
            or not isinstance(key, int)
            or abs(key) > LARGEST_KEY
        ):
            return None
        if value is not None:
            column: Any = model._meta.get_field(field)
            value = column.to_python(value)
            _keepable(value)
    except (ValueError, TypeError, OverflowError, binascii.Error, ValidationError):
        return None
    return value, key


def _keepable(value: object) -> None:
    """Raise for what a mark may say but no database can compare."""
    if isinstance(value, str) and "\0" in value.encode().decode():
        raise ValueError("a text with a zero sign")
    if isinstance(value, datetime):
        value.astimezone(UTC)
    if isinstance(value, int) and abs(value) > LARGEST_KEY:
        raise OverflowError(value)


def _beyond(field: str, place: Place, *, falling: bool, backwards: bool) -> Q:
    """What lies after a place in the order, or before it; unknown values come last either way."""
    value, key = place
    on_key = {"pk__lt" if backwards else "pk__gt": key}
    unknown = Q(**{f"{field}__isnull": True})
    if value is None:
        same = unknown & Q(**on_key)
        return same | ~unknown if backwards else same
    beyond = Q(**{f"{field}__{'lt' if falling != backwards else 'gt'}": value})
    same = Q(**{field: value}) & Q(**on_key)
    return beyond | same if backwards else beyond | same | unknown


def _order(field: str, *, falling: bool, backwards: bool) -> list[Any]:
    column = F(field)
    if falling != backwards:
        first = column.desc(nulls_last=not backwards or None, nulls_first=backwards or None)
    else:
        first = column.asc(nulls_last=not backwards or None, nulls_first=backwards or None)
    return [first, "-pk" if backwards else "pk"]
