"""Whole numbers and flags of all enterprises at once, each distinct one worked out once.

A term is a column that is not there yet. Terms fold what is the same for all, know the least and
the most they can be, and take from that the narrowest type that holds every step: nothing wraps.
A number that is the same for all is an `int`, such a flag a `bool`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import overload

import polars as pl

TYPES = (pl.Int8(), pl.Int16(), pl.Int32(), pl.Int64(), pl.Int128())
LARGEST = tuple(2 ** (bits - 1) - 1 for bits in (8, 16, 32, 64, 128))

NONE: frozenset[Flag] = frozenset()


def width(least: int, most: int) -> int:
    """The narrowest of `TYPES` that holds all from `least` to `most`, by its place.

    Raises:
        OverflowError: not even 128 bits hold them; such a rule is refused when it is compiled.
    """
    for wide, largest in enumerate(LARGEST):
        if -largest <= least and most <= largest:
            return wide
    raise OverflowError(f"a rule could reach {max(-least, most):.1e}, more than 128 bits hold")


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """One step for every enterprise: what is done, with what; never null."""

    sheet: Sheet
    does: str
    parts: tuple[Term | int, ...]
    expr: pl.Expr | None  # of what is there from the beginning
    place: int


@dataclass(frozen=True, eq=False, slots=True)
class Flag(Term):
    """Yes or no for every enterprise."""

    every: frozenset[Flag]  # yes where all of these are, if it is such
    some: frozenset[Flag]  # yes where one of these is, if it is such

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
    wide: int  # its type, by its place in TYPES

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

    def __floordiv__(self, other: Number) -> Number:
        if isinstance(other, int) and other == 1:
            return self
        ends = [a // b for a in (self.least, self.most) for b in (_least(other), _most(other))]
        return _number("//", self, other, min(ends), max(ends))

    def __rfloordiv__(self, other: int) -> Number:
        ends = [other // b for b in (self.least, self.most)]
        return _number("//", other, self, min(ends), max(ends))

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
    return flag.sheet.flag("not", (flag,))


def _all_of(flag: Flag) -> frozenset[Flag]:
    """Flags that are yes wherever it is."""
    if flag.does == "not":
        return frozenset(map(no, _one_of(no(flag))))  # type: ignore[arg-type]
    return flag.every or frozenset((flag,))


def _one_of(flag: Flag) -> frozenset[Flag]:
    """Flags that are not all no where it is yes, and all no where it is no."""
    if flag.does == "not":
        return frozenset(map(no, _all_of(no(flag))))  # type: ignore[arg-type]
    return flag.some or frozenset((flag,))


def both(one: Truth, two: Truth) -> Truth:
    """Yes where both are."""
    if isinstance(one, bool):
        return two if one else False
    if isinstance(two, bool):
        return one if two else False
    if no(one) is two:
        return False
    mine, theirs = _all_of(one), _all_of(two)
    if theirs <= mine or mine & _one_of(two):
        return one
    if mine < theirs or theirs & _one_of(one):
        return two
    if any(no(flag) in mine for flag in theirs):
        return False
    for whole, others, other in ((two, mine, one), (one, theirs, two)):  # x and (not x or y)
        if whole.does == "or" and (left := _without(whole, others)) is not None:
            return both(other, left)
    if one.does == two.does == "not":
        return no(either(no(one), no(two)))
    parts = (one, two) if one.place < two.place else (two, one)
    return one.sheet.flag("and", parts, every=mine | theirs)


def either(one: Truth, two: Truth) -> Truth:
    """Yes where one of them is."""
    if isinstance(one, bool):
        return True if one else two
    if isinstance(two, bool):
        return True if two else one
    if no(one) is two:
        return True
    mine, theirs = _one_of(one), _one_of(two)
    if theirs <= mine or mine & _all_of(two):
        return one
    if mine < theirs or theirs & _all_of(one):
        return two
    if any(no(flag) in mine for flag in theirs):
        return True
    for whole, others, other in ((two, mine, one), (one, theirs, two)):  # x or (not x and y)
        if whole.does == "and" and (left := _without(whole, others)) is not None:
            return either(other, left)
    if one.does == two.does == "not":
        return no(both(no(one), no(two)))
    parts = (one, two) if one.place < two.place else (two, one)
    return one.sheet.flag("or", parts, some=mine | theirs)


def _without(whole: Flag, others: frozenset[Flag]) -> Flag | None:
    """What is left of two parts of which one is the contrary of one of the others."""
    one, two = whole.parts
    assert isinstance(one, Flag)
    assert isinstance(two, Flag)
    if no(one) in others:
        return two
    return one if no(two) in others else None


def any_of(flags: Iterable[Truth]) -> Truth:
    """Yes where one of them is."""
    return reduce(either, flags, False)


def all_of(flags: Iterable[Truth]) -> Truth:
    """Yes where all of them are."""
    return reduce(both, flags, True)


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


@overload
def choose(flag: Truth, one: Truth, two: Truth) -> Truth: ...
@overload
def choose(flag: Truth, one: Number, two: Number) -> Number: ...
def choose(flag: Truth, one: Truth | Number, two: Truth | Number) -> Truth | Number:
    """The first where the flag says yes, else the second."""
    if isinstance(flag, bool):
        return one if flag else two
    if isinstance(one, bool | Flag):
        assert isinstance(two, bool | Flag)
        return either(both(flag, one), both(no(flag), two))
    assert not isinstance(two, Flag)
    if one is two or (isinstance(one, int) and one == two):
        return one
    if flag.does == "not":
        return choose(no(flag), two, one)
    least, most = min(_least(one), _least(two)), max(_most(one), _most(two))
    wide = max(_wide(one), _wide(two))
    return flag.sheet.number("choose", (flag, widened(one, wide), widened(two, wide)), least, most, wide)


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


# -- working out


class Sheet:
    """All terms of one rulebook: the same step with the same parts is one term."""

    def __init__(self) -> None:
        self._terms: dict[tuple[object, ...], Term] = {}

    def number(
        self, does: str, parts: tuple[Term | int, ...], least: int, most: int, wide: int
    ) -> Whole:
        """The number that comes of a step."""
        key = (does, wide, least, most, *parts)
        if key not in self._terms:
            place = len(self._terms)
            self._terms[key] = Whole(self, does, parts, None, place, least, most, wide)
        return self._terms[key]  # type: ignore[return-value]

    def flag(
        self,
        does: str,
        parts: tuple[Term | int, ...],
        *,
        every: frozenset[Flag] = NONE,
        some: frozenset[Flag] = NONE,
    ) -> Flag:
        """The flag that comes of a step."""
        key = (does, *parts)
        if key not in self._terms:
            self._terms[key] = Flag(self, does, parts, None, len(self._terms), every, some)
        return self._terms[key]  # type: ignore[return-value]

    def given_number(self, name: str, expr: pl.Expr, least: int, most: int, wide: int) -> Whole:
        """A number that is there, as a column or what is easily made of one."""
        key = ("given", name)
        if key not in self._terms:
            place = len(self._terms)
            self._terms[key] = Whole(self, "given", (), expr, place, least, most, wide)
        return self._terms[key]  # type: ignore[return-value]

    def given_flag(self, name: str, expr: pl.Expr) -> Flag:
        """A flag that is there, as a column or what is easily made of one."""
        key = ("given", name)
        if key not in self._terms:
            self._terms[key] = Flag(self, "given", (), expr, len(self._terms), NONE, NONE)
        return self._terms[key]  # type: ignore[return-value]

    def worked_out(
        self, frame: pl.LazyFrame, wanted: Mapping[str, Number | Truth], keep: Iterable[str]
    ) -> pl.LazyFrame:
        """The frame with the columns to keep and those that are wanted.

        What several steps need is worked out once, as a column; a layer holds all columns that
        can be worked out from those before, and drops those that nothing after it needs.
        """
        terms = [part for part in wanted.values() if isinstance(part, Term)]
        plan = Layers(terms)
        final = [
            (plan.expr(part) if isinstance(part, Term) else pl.lit(part)).alias(name)
            for name, part in wanted.items()
        ]
        needed = [*keep, *_roots(final)]
        layers: list[tuple[list[str], list[pl.Expr]]] = []
        for made in reversed(plan.layers()):
            names = {expr.meta.output_name() for expr in made}
            needed = list(dict.fromkeys(name for name in needed if name not in names))
            layers.append((needed, made))
            needed = [*needed, *_roots(made)]
        for held, made in reversed(layers):
            frame = frame.select(*held, *made)
        return frame.select(*keep, *final)


def _roots(exprs: Iterable[pl.Expr]) -> list[str]:
    return [name for expr in exprs for name in expr.meta.root_names()]


class Layers:
    """Which terms become columns, and when."""

    def __init__(self, wanted: Iterable[Term]) -> None:
        self._uses: Counter[Term] = Counter(wanted)
        self._levels: dict[Term, int] = {}
        self._exprs: dict[Term, pl.Expr] = {}
        order = _parts_first(self._uses)
        for term in order:
            self._uses.update(part for part in term.parts if isinstance(part, Term))
        for term in order:
            below = [part for part in term.parts if isinstance(part, Term)]
            self._levels[term] = max((self._levels[p] + self._is_kept(p) for p in below), default=0)
            expr = _written(term, [self._of(part, term) for part in term.parts])
            self._exprs[term] = expr

    def _is_kept(self, term: Term) -> bool:
        if term.expr is not None and term.expr.meta.is_column():
            return False
        return self._uses[term] > 1

    def _of(self, part: Term | int, whole: Term) -> pl.Expr:
        if isinstance(part, Term):
            return self.expr(part)
        return pl.lit(part, TYPES[max(_wide(p) for p in (whole, *whole.parts) if isinstance(p, Whole))])

    def expr(self, term: Term) -> pl.Expr:
        """The term as later layers see it."""
        return pl.col(f"_{term.place}") if self._is_kept(term) else self._exprs[term]

    def layers(self) -> list[list[pl.Expr]]:
        """The columns of each layer."""
        found: list[list[pl.Expr]] = []
        for term, level in self._levels.items():
            if self._is_kept(term):
                found.extend([] for _ in range(len(found), level + 1))
                found[level].append(self._exprs[term].alias(f"_{term.place}"))
        return found


def _parts_first(wanted: Iterable[Term]) -> list[Term]:
    """Every term below those that are wanted, each once."""
    found: dict[Term, None] = {}
    stack = [(term, False) for term in wanted]
    while stack:
        term, ready = stack.pop()
        if ready:
            found.setdefault(term)
        elif term not in found:
            stack.append((term, True))
            stack.extend((part, False) for part in term.parts if isinstance(part, Term))
    return list(found)


def _written(term: Term, parts: list[pl.Expr]) -> pl.Expr:
    """The step as polars says it."""
    if term.expr is not None:
        return term.expr
    if term.does == "choose":
        return pl.when(parts[0]).then(parts[1]).otherwise(parts[2])
    if term.does == "widen":
        assert isinstance(term, Whole)
        return parts[0].cast(TYPES[term.wide])
    if term.does == "not":
        return ~parts[0]
    one, two = parts
    match term.does:
        case "+":
            return one + two
        case "-":
            return one - two
        case "*":
            return one * two
        case "//":
            return one // two
        case ">=":
            return one >= two
        case "==":
            return one == two
        case "and":
            return one & two
        case "or":
            return one | two
    raise TypeError(f"no step is called {term.does!r}")
