"""Exact numbers in the database: money in fen, shares and areas as scaled whole numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    _Base = models.BigIntegerField[Decimal | int | str | None, Decimal | None]
else:
    _Base = models.BigIntegerField

MOST_FEN = 10**15
"""More than this in any amount is refused, so that no product leaves 128 bits."""


class ScaledField(_Base):
    """An exact decimal of a fixed number of places, kept as a whole number (BIGINT)."""

    description = "exact decimal kept as a whole number"

    def __init__(self, *args: Any, places: int, most: int = MOST_FEN, **kwargs: Any) -> None:
        self.places = places
        self.most = most
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """As written in a migration."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places, "most": self.most}

    def from_db_value(self, value: int | None, *_: Any) -> Decimal | None:
        """Whole number → Decimal."""
        return None if value is None else Decimal(value).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        """What a form or fixture gives → Decimal; refuses floats and what does not fit."""
        if value is None or value == "":
            return None
        if isinstance(value, bool | float):
            raise ValidationError("浮点数不精确，请给出十进制数", code="float")
        try:
            found = Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            raise ValidationError(
                "“%(value)s”不是数", code="number", params={"value": value}
            ) from None
        self._scaled(found)
        return found

    def get_prep_value(self, value: Any) -> int | None:
        """Decimal → whole number; more places than the field has are refused, never rounded."""
        found = self.to_python(value)
        return None if found is None else self._scaled(found)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Expressions go through untouched."""
        if hasattr(value, "as_sql"):
            return value
        return self.get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Plain decimal notation for fixtures."""
        value = self.value_from_object(obj)
        return "" if value is None else format(Decimal(value), "f")

    def _scaled(self, found: Decimal) -> int:
        if not found.is_finite():
            raise ValidationError("“%(value)s”不是数", code="number", params={"value": found})
        _, digits, exponent = found.as_tuple()
        assert isinstance(exponent, int)
        if digits != (0,) and found.adjusted() > 30:
            raise ValidationError("%(value)s 太大", code="large", params={"value": found})
        scaled = found.scaleb(self.places) if exponent > -25 else found
        whole = int(scaled)
        if whole != scaled:
            raise ValidationError(
                "“%(value)s”的小数多于%(places)s位，不能存；请按%(places)s位填写",
                code="places",
                params={"value": found, "places": self.places},
            )
        if abs(whole) > self.most:
            raise ValidationError(
                "%(value)s 超过上限 %(most)s",
                code="large",
                params={"value": found, "most": Decimal(self.most).scaleb(-self.places)},
            )
        return whole


class MoneyField(ScaledField):
    """Money: Decimal yuan in Python, fen (BIGINT) in the database; at most 10^15 fen."""

    description = "money in fen"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("places", None)
        super().__init__(*args, places=2, **kwargs)

    def deconstruct(self) -> Any:
        """As written in a migration: places go without saying."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("places")
        return name, path, args, kwargs
