"""Each field of each model has a class that says who may read it; a test walks the models."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Class(StrEnum):
    """From open to closed."""

    PUBLIC = "public"
    """Anyone may know it: names and codes of enterprises, documents."""
    OFFICE = "office"
    """Whoever may see the object."""
    BUSINESS = "business"
    """A trade secret: the enterprise, and who works on its case."""
    PERSONAL = "personal"
    """About a person: who needs it to reach them."""
    SECRET = "secret"
    """Passwords, keys, tokens: nobody reads it on a page."""


HIDDEN = frozenset({Class.PERSONAL, Class.SECRET})
"""Classes whose values never stand in a line of the record."""


class Classes:
    """The classes of a model's fields, as stated in it: `classes = Classes(office="name code")`."""

    def __init__(self, **fields: str) -> None:
        self.of = {name: Class(kind) for kind, names in fields.items() for name in names.split()}


def class_of(model: type[models.Model] | models.Model, field: str) -> Class:
    """The class of a field; keys and what the model does not state are for the office."""
    classes: Classes | None = getattr(model, "classes", None)
    if classes is None:
        raise LookupError(f"{model} states no classes for its fields")
    return classes.of.get(field, Class.OFFICE)


def masked(text: str) -> str:
    """A personal value shown to one who may know only that it is there: 139****0876, 孙＊＊."""
    if not text:
        return text
    if len(text) >= 7:
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else f"{text[:2]}****{text[-1:]}"
    return text[0] + "＊" * (len(text) - 1)
