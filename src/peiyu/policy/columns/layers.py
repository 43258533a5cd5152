"""Terms written as polars expressions, in layers: what several steps need is worked out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

import polars as pl

from peiyu.policy.columns.terms import TYPES, Number, Term, Truth, Whole


def worked_out(
    frame: pl.LazyFrame, wanted: Mapping[str, Number | Truth], keep: Iterable[str]
) -> pl.LazyFrame:
    """The frame with the columns to keep and those that are wanted.

    A layer holds all columns that can be worked out from those before it, and drops those that
    nothing after it needs.
    """
    layers = Layers(part for part in wanted.values() if isinstance(part, Term))
    final = [
        (layers.expr(part) if isinstance(part, Term) else pl.lit(part)).alias(name)
        for name, part in wanted.items()
    ]
    needed = dict.fromkeys([*keep, *_roots(final)])
    held: list[list[str]] = []
    for made in reversed(layers.made):
        for name in made:
            needed.pop(name, None)
        held.append(list(needed))
        needed |= dict.fromkeys(_roots(made.values()))
    for before, made in zip(reversed(held), layers.made, strict=True):
        frame = frame.select(*before, **made)
    return frame.select(*keep, *final)


def _roots(exprs: Iterable[pl.Expr]) -> list[str]:
    return [name for expr in exprs for name in expr.meta.root_names()]


class Layers:
    """Which terms become columns, and when."""

    def __init__(self, wanted: Iterable[Term]) -> None:
        self.made: list[dict[str, pl.Expr]] = []
        self._uses = Counter(wanted)
        self._exprs: dict[Term, pl.Expr] = {}
        self._ready: dict[Term, int] = {}  # from which layer on it can be read
        terms = _parts_first(self._uses)
        for term in terms:
            self._uses.update(part for part in term.parts if isinstance(part, Term))
        for term in terms:
            self._write(term)

    def _write(self, term: Term) -> None:
        parts = [part for part in term.parts if isinstance(part, Term)]
        layer = max((self._ready[part] for part in parts), default=0)
        expr = term.expr if term.expr is not None else self._step(term)
        if self._uses[term] > 1 and not (term.expr is not None and expr.meta.is_column()):
            name = f"_{term.place}"
            self.made.extend({} for _ in range(len(self.made), layer + 1))
            self.made[layer][name] = expr
            expr, layer = pl.col(name), layer + 1
        self._exprs[term], self._ready[term] = expr, layer

    def _step(self, term: Term) -> pl.Expr:
        """The step as polars says it; a constant has the type of what stands beside it."""
        wide = max(
            (whole.wide for whole in (term, *term.parts) if isinstance(whole, Whole)), default=0
        )
        parts = [
            self._exprs[part] if isinstance(part, Term) else _literal(part, wide)
            for part in term.parts
        ]
        match term.does:
            case "not":
                return ~parts[0]
            case "widen":
                return parts[0].cast(TYPES[wide])
            case "choose":
                return pl.when(parts[0]).then(parts[1]).otherwise(parts[2])
        one, two = parts
        match term.does:
            case "and":
                return one & two
            case "or":
                return one | two
            case "+":
                return one + two
            case "-":
                return one - two
            case "*":
                return one * two
            case "//":
                return one // two
            case ">=":
                return (one >= two).eq_missing(True)
            case "==":
                return (one == two).eq_missing(True)
        raise TypeError(f"no step is called {term.does!r}")

    def expr(self, term: Term) -> pl.Expr:
        """The term, after the last layer."""
        return self._exprs[term]


@cache
def _literal(value: int, wide: int) -> pl.Expr:
    return pl.lit(value, TYPES[wide])


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
