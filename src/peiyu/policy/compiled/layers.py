"""Terms in layers, for any engine: what several steps need is worked out once, as a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from peiyu.policy.compiled.terms import Number, Term, Truth, Whole


class Writer(Protocol):
    """How an engine says one step; an expression is whatever the engine takes for one."""

    def column(self, name: str) -> Any:
        """A column of the layer before."""

    def literal(self, value: int, wide: int) -> Any:
        """A number that is the same for all, in a type by its place in `BITS`."""

    def truth(self, value: bool) -> Any:
        """A flag that is the same for all."""

    def step(self, does: str, parts: Sequence[Any], wide: int, term: Term) -> Any:
        """What a step does with its parts."""

    def is_column(self, expr: Any) -> bool:
        """Is it a bare column, which need not be worked out."""

    def reads(self, expr: Any) -> Iterable[str]:
        """The columns that it reads."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Columns that are worked out together, after those of the layer before that are still needed."""

    kept: tuple[str, ...]
    made: Mapping[str, Any]


def layers(
    writer: Writer, wanted: Mapping[str, Number | Truth], keep: Iterable[str]
) -> Iterator[Layer]:
    """The layers in order; the last has the columns to keep and those that are wanted.

    A layer holds all columns that can be worked out from those before it, and drops those that
    nothing after it needs.
    """
    found = Layers(writer, (part for part in wanted.values() if isinstance(part, Term)))
    final = {
        name: found.exprs[part] if isinstance(part, Term) else _same_for_all(writer, part)
        for name, part in wanted.items()
    }
    keep = tuple(keep)
    needed = dict.fromkeys([*keep, *_read(writer, final.values())])
    held: list[tuple[str, ...]] = []
    for made in reversed(found.made):
        for name in made:
            needed.pop(name, None)
        held.append(tuple(needed))
        needed |= dict.fromkeys(_read(writer, made.values()))
    for before, made in zip(reversed(held), found.made, strict=True):
        yield Layer(before, made)
    yield Layer(keep, final)


def _same_for_all(writer: Writer, value: int | bool) -> Any:
    return writer.truth(value) if isinstance(value, bool) else writer.literal(value, 3)


def _read(writer: Writer, exprs: Iterable[Any]) -> list[str]:
    return [name for expr in exprs for name in writer.reads(expr)]


class Layers:
    """Which terms become columns, and when."""

    def __init__(self, writer: Writer, wanted: Iterable[Term]) -> None:
        self.writer = writer
        self.made: list[dict[str, Any]] = []
        self.exprs: dict[Term, Any] = {}
        self._uses = Counter(wanted)
        self._ready: dict[Term, int] = {}  # from which layer on it can be read
        self._literals: dict[tuple[int, int], Any] = {}
        terms = _parts_first(self._uses)
        for term in terms:
            self._uses.update(part for part in term.parts if isinstance(part, Term))
        for term in terms:
            self._write(term)

    def _write(self, term: Term) -> None:
        parts = [part for part in term.parts if isinstance(part, Term)]
        layer = max((self._ready[part] for part in parts), default=0)
        expr = term.expr if term.expr is not None else self._step(term)
        if self._uses[term] > 1 and not (term.expr is not None and self.writer.is_column(expr)):
            name = f"_{term.place}"
            self.made.extend({} for _ in range(len(self.made), layer + 1))
            self.made[layer][name] = expr
            expr, layer = self.writer.column(name), layer + 1
        self.exprs[term], self._ready[term] = expr, layer

    def _step(self, term: Term) -> Any:
        """The step as the engine says it; a constant has the type of what stands beside it."""
        wide = max(
            (whole.wide for whole in (term, *term.parts) if isinstance(whole, Whole)), default=0
        )
        parts = [
            self.exprs[part] if isinstance(part, Term) else self._literal(part, wide)
            for part in term.parts
        ]
        return self.writer.step(term.does, parts, wide, term)

    def _literal(self, value: int, wide: int) -> Any:
        if (value, wide) not in self._literals:
            self._literals[value, wide] = self.writer.literal(value, wide)
        return self._literals[value, wide]


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
