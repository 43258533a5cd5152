"""Exact numbers in the database: money in fen, shares and areas as scaled whole numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    _Base = models.Field[Decimal | int | str | None, Decimal | None]
else:
    _Base = models.Field

MOST_FEN = 10**15
"""More than this in any amount is refused, so that no product leaves 128 bits."""
MOST_DIGITS = 60
"""A number with more digits than this is not looked at further."""


class ScaledField(_Base):
    """An exact decimal of a fixed number of places, kept as a whole number (BIGINT).

    Not one of Django's integer fields: it would let `F("a") + Decimal("1")` add one fen. So
    arithmetic in the database must name its field (`output_field`, `Value(x, MoneyField())`) or is
    refused; an average, which is not exact, is refused as it is read. Sum and count instead.
    """

    description = "exact decimal kept as a whole number"

    def __init__(self, *args: Any, places: int, most: int = MOST_FEN, **kwargs: Any) -> None:
        self.places = places
        self.most = most
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """As written in a migration."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places, "most": self.most}

    def db_type(self, connection: Any) -> str | None:
        """BIGINT in both databases."""
        found: str | None = models.BigIntegerField().db_type(connection)
        return found

    def from_db_value(self, value: int | Decimal | None, *_: Any) -> Decimal | None:
        """Whole number → Decimal; PostgreSQL gives sums as numeric."""
        if value is None:
            return None
        whole = int(value)
        if isinstance(value, float) or whole != value:
            raise ValueError(f"{value!r} is not exact: take the sum and the count, not the average")
        return Decimal(f"{whole}E-{self.places}")

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
        if isinstance(value, Decimal):
            return self._scaled(value)
        found = self.to_python(value)
        return None if found is None else self._scaled(found)

    def get_db_prep_save(self, value: Any, connection: Any) -> int | None:
        """The same, in one step: most of the columns of a wide row are unknown."""
        if value is None or isinstance(value, Decimal):
            return None if value is None else self._scaled(value)
        saved: int | None = super().get_db_prep_save(value, connection)
        return saved

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """A decimal number with as many places, as Django's own decimal field asks for it."""
        digits = max(len(str(self.most)), self.places + 1)
        asking = models.DecimalField(
            self.verbose_name, max_digits=digits, decimal_places=self.places, null=self.null,
            blank=self.blank, help_text=self.help_text, default=self.default,
        )  # fmt: skip
        asking.set_attributes_from_name(self.name)
        return asking.formfield(*args, **kwargs)

    def value_to_string(self, obj: models.Model) -> str:
        """Plain decimal notation for fixtures."""
        value = self.value_from_object(obj)
        return "" if value is None else format(Decimal(value), "f")

    def _scaled(self, found: Decimal) -> int:
        """The whole number, by whole numbers only: Decimal's own arithmetic rounds at 28 digits."""
        sign, digits, exponent = found.as_tuple()
        if not isinstance(exponent, int):
            raise ValidationError("“%(value)s”不是数", code="number", params={"value": found})
        if not found:
            return 0
        shift = exponent + self.places
        if len(digits) + max(exponent, 0) > MOST_DIGITS:
            raise ValidationError("%(value)s 的位数太多", code="large", params={"value": found})
        number = int("".join(map(str, digits)))
        rest = 0
        if shift >= 0:
            number *= 10**shift
        elif -shift > len(digits):
            rest = 1
        else:
            number, rest = divmod(number, 10**-shift)
        if rest:
            raise ValidationError(
                "“%(value)s”的小数多于%(places)s位，不能存；请按%(places)s位填写",
                code="places",
                params={"value": found, "places": self.places},
            )
        if number > self.most:
            most = Decimal(f"{self.most}E-{self.places}")
            text = "%(value)s 超过上限 %(most)s"
            raise ValidationError(text, code="large", params={"value": found, "most": most})
        return -number if sign else number


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
