"""Whole numbers and flags of all enterprises at once, each distinct one worked out once.

A term is a column that is not there yet, whichever engine works it out. Terms fold what is the same
for all, know the least and the most they can be, and take from that the narrowest type that holds
every step: nothing wraps. A number that is the same for all is an `int`, such a flag a `bool`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

BITS = (8, 16, 32, 64, 128)
"""The types of whole numbers that every engine has, by their place; the widest has 38 digits."""
LARGEST = (*(2 ** (bits - 1) - 1 for bits in BITS[:-1]), 10**38 - 1)


def width(least: int, most: int) -> int:
    """The narrowest of `BITS` that holds all from `least` to `most`, by its place.

    Raises:
        OverflowError: not even 38 digits hold them; such a rule is refused when it is compiled.
    """
    for wide, largest in enumerate(LARGEST):
        if -largest <= least and most <= largest:
            return wide
    raise OverflowError(f"a rule could reach {max(-least, most):.1e}, more than 38 digits hold")


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """One step for every enterprise: what is done, with what; never null."""

    sheet: Sheet
    does: str
    parts: tuple[Term | int, ...]
    expr: Any  # how the engine reads it, if it is there from the beginning
    place: int


@dataclass(frozen=True, eq=False, slots=True)
class Flag(Term):
    """Yes or no for every enterprise."""

    code: int  # even, and odd for its contrary
    every: frozenset[int]  # codes of flags that are all yes where it is, and only there
    some: frozenset[
        int
    ]  # codes of flags of which one is yes where it is, and only there; one of both is itself

    def __and__(self, other: Truth) -> Truth:
        return both(self, other)

    def __or__(self, other: Truth) -> Truth:
        return either(self, other)

    __rand__ = __and__
    __ror__ = __or__


@dataclass(frozen=True, eq=False, slots=True)
class Whole(Term):
    """A whole number of every enterprise, from `least` to `most`."""

    least: int
    most: int
    wide: int  # its type, by its place in BITS

    def __add__(self, other: Number) -> Number:
        if isinstance(other, int) and other == 0:
            return self
        if self is other:
            return self * 2
        return _number("+", self, other, self.least + _least(other), self.most + _most(other))

    def __sub__(self, other: Number) -> Number:
        if isinstance(other, int):
            return self + -other
        if self is other:
            return 0
        return _number("-", self, other, self.least - other.most, self.most - other.least)

    def __rsub__(self, other: int) -> Number:
        return _number("-", other, self, other - self.most, other - self.least)

    def __neg__(self) -> Number:
        return 0 - self

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, int) and other in (0, 1):
            return self if other else 0
        ends = [a * b for a in (self.least, self.most) for b in (_least(other), _most(other))]
        return _number("*", self, other, min(ends), max(ends))

    def __ge__(self, other: Number) -> Truth:
        return at_least(self, other)

    def __le__(self, other: Number) -> Truth:
        return at_least(other, self)

    def __gt__(self, other: Number) -> Truth:
        return no(at_least(other, self))

    def __lt__(self, other: Number) -> Truth:
        return no(at_least(self, other))

    __radd__ = __add__
    __rmul__ = __mul__


Number = int | Whole
Truth = bool | Flag


def _least(number: Number) -> int:
    return number if isinstance(number, int) else number.least


def _most(number: Number) -> int:
    return number if isinstance(number, int) else number.most


def _wide(number: Number) -> int:
    return width(number, number) if isinstance(number, int) else number.wide


def _number(does: str, one: Number, two: Number, least: int, most: int) -> Number:
    """Two numbers made one, in a type that holds both and the result."""
    if least == most:
        return least
    wide = max(width(least, most), _wide(one), _wide(two))
    sheet = (one if isinstance(one, Whole) else two).sheet  # type: ignore[union-attr]
    parts = (widened(one, wide), widened(two, wide))
    if does in "+*" and _place(parts[0]) > _place(parts[1]):
        parts = (parts[1], parts[0])
    return sheet.number(does, parts, least, most, wide)


def _place(part: Number | Flag) -> int:
    return -1 if isinstance(part, int) else part.place


def widened(number: Number, wide: int) -> Number:
    """The same number in a wider type."""
    if isinstance(number, int) or number.wide >= wide:
        return number
    return number.sheet.number("widen", (number,), number.least, number.most, wide)


# -- flags


def no(flag: Truth) -> Truth:
    """The contrary."""
    if isinstance(flag, bool):
        return not flag
    if flag.does == "not":
        return flag.parts[0]  # type: ignore[return-value]
    every, some = (frozenset(code ^ 1 for code in codes) for codes in (flag.some, flag.every))
    return flag.sheet.flag("not", (flag,), every, some, flag.code ^ 1)


def both(one: Truth, two: Truth) -> Truth:
    """Yes where both are."""
    if isinstance(one, bool):
        return two if one else False
    if isinstance(two, bool):
        return one if two else False
    if two.every <= one.every or one.every & two.some:
        return one
    if one.every < two.every or two.every & one.some:
        return two
    if one.code == two.code ^ 1 or any(code ^ 1 in one.every for code in two.every):
        return False
    for whole, other in ((two, one), (one, two)):  # x and (not x or y)
        if whole.does == "or" and (left := _without(whole, other.every)) is not None:
            return both(other, left)
    if one.does == two.does == "not":
        return no(either(no(one), no(two)))
    parts = (one, two) if one.place < two.place else (two, one)
    return one.sheet.flag("and", parts, every=one.every | two.every)


def either(one: Truth, two: Truth) -> Truth:
    """Yes where one of them is."""
    if isinstance(one, bool):
        return True if one else two
    if isinstance(two, bool):
        return True if two else one
    if two.some <= one.some or one.some & two.every:
        return one
    if one.some < two.some or two.some & one.every:
        return two
    if one.code == two.code ^ 1 or any(code ^ 1 in one.some for code in two.some):
        return True
    for whole, other in ((two, one), (one, two)):  # x or (not x and y)
        if whole.does == "and" and (left := _without(whole, other.some)) is not None:
            return either(other, left)
    if one.does == two.does == "not":
        return no(both(no(one), no(two)))
    parts = (one, two) if one.place < two.place else (two, one)
    return one.sheet.flag("or", parts, some=one.some | two.some)


def _without(whole: Flag, others: frozenset[int]) -> Flag | None:
    """What is left of two parts of which one is the contrary of one of the others."""
    one, two = whole.parts
    assert isinstance(one, Flag)
    assert isinstance(two, Flag)
    if one.code ^ 1 in others:
        return two
    return one if two.code ^ 1 in others else None


def any_of(flags: Iterable[Truth]) -> Truth:
    """Yes where one of them is."""
    found: Truth = False
    for flag in flags:
        found = either(found, flag)
    return found


def all_of(flags: Iterable[Truth]) -> Truth:
    """Yes where all of them are."""
    found: Truth = True
    for flag in flags:
        found = both(found, flag)
    return found


# -- comparing and choosing


def at_least(one: Number, two: Number) -> Truth:
    """Is the first at least the second."""
    if one is two or _least(one) >= _most(two):
        return True
    if _most(one) < _least(two):
        return False
    if isinstance(one, int):  # the constant stands to the right
        assert isinstance(two, Whole)
        return no(at_least(two, one + 1))
    wide = max(_wide(one), _wide(two))
    return one.sheet.flag(">=", (widened(one, wide), widened(two, wide)))


def same(one: Number, two: Number) -> Truth:
    """Are the two the same."""
    if one is two or _least(one) == _most(one) == _least(two) == _most(two):
        return True
    if _most(one) < _least(two) or _most(two) < _least(one):
        return False
    if isinstance(one, int):
        return same(two, one)
    if isinstance(two, int):
        if two == one.least:
            return no(at_least(one, two + 1))
        if two == one.most:
            return at_least(one, two)
        if two == 0 and one.does == "*":
            return any_of(same(part, 0) for part in one.parts)  # type: ignore[arg-type]
    wide = max(_wide(one), _wide(two))
    parts = (widened(one, wide), widened(two, wide))
    if _place(parts[0]) < _place(parts[1]):
        parts = (parts[1], parts[0])
    return one.sheet.flag("==", parts)


def choose(flag: Truth, one: Number, two: Number) -> Number:
    """The first number where the flag says yes, else the second."""
    if isinstance(flag, bool):
        return one if flag else two
    if one is two or one == two:
        return one
    if flag.does == "not":
        return choose(no(flag), two, one)
    least, most = min(_least(one), _least(two)), max(_most(one), _most(two))
    wide = max(_wide(one), _wide(two))
    parts = (flag, widened(one, wide), widened(two, wide))
    return flag.sheet.number("choose", parts, least, most, wide)


def choose_flag(flag: Truth, one: Truth, two: Truth) -> Truth:
    """The first flag where the flag says yes, else the second."""
    return either(both(flag, one), both(no(flag), two))


def rounded_down(number: Number, by: Number) -> Number:
    """The whole part of a quotient by what is above zero. For printed lines only, never to compare."""
    if isinstance(number, int) and isinstance(by, int):
        return number // by
    ends = [a // b for a in (_least(number), _most(number)) for b in (_least(by), _most(by))]
    return _number("//", number, by, min(ends), max(ends))


def smaller(one: Number, two: Number) -> Number:
    """The smaller of the two."""
    if _least(two) >= _most(one):
        return one
    found = choose(at_least(one, two), two, one)
    return _within(found, min(_least(one), _least(two)), min(_most(one), _most(two)))


def larger(one: Number, two: Number) -> Number:
    """The larger of the two."""
    if _least(two) >= _most(one):
        return two
    found = choose(at_least(one, two), one, two)
    return _within(found, max(_least(one), _least(two)), max(_most(one), _most(two)))


def _within(number: Number, least: int, most: int) -> Number:
    """The number, of which more is known."""
    if isinstance(number, int) or (number.least, number.most) == (least, most):
        return number
    return number.sheet.number(number.does, number.parts, least, most, number.wide)


# -- the sheet


class Sheet:
    """All terms of one rulebook: the same step with the same parts is one term."""

    def __init__(self) -> None:
        self._terms: dict[tuple[object, ...], Term] = {}

    def number(
        self,
        does: str,
        parts: tuple[Term | int, ...],
        least: int,
        most: int,
        wide: int,
        expr: Any = None,
    ) -> Whole:
        """The number that comes of a step."""
        key = (does, wide, least, most, *parts)
        found = self._terms.get(key)
        if found is None:
            found = Whole(self, does, parts, expr, len(self._terms), least, most, wide)
            self._terms[key] = found
        return found  # type: ignore[return-value]

    def flag(
        self,
        does: str,
        parts: tuple[Term | int, ...],
        every: frozenset[int] | None = None,
        some: frozenset[int] | None = None,
        code: int | None = None,
        expr: Any = None,
    ) -> Flag:
        """The flag that comes of a step."""
        key = (does, *parts)
        found = self._terms.get(key)
        if found is None:
            place = len(self._terms)
            code = 2 * place if code is None else code
            itself = frozenset((code,))
            found = Flag(self, does, parts, expr, place, code, every or itself, some or itself)
            self._terms[key] = found
        return found  # type: ignore[return-value]

    def given_number(self, name: str, expr: Any, least: int, most: int, wide: int) -> Whole:
        """A number that is there, as a column or what is easily made of one."""
        return self.number(f"given {name}", (), least, most, wide, expr)

    def given_flag(self, name: str, expr: Any) -> Flag:
        """A flag that is there, as a column or what is easily made of one."""
        return self.flag(f"given {name}", (), expr=expr)
