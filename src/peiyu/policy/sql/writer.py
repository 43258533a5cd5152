"""Terms as SQL says them: whole numbers in typed steps, flags that are never null, no quotient."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlglot import exp

from peiyu.policy.compiled.terms import Term, Whole
from peiyu.policy.sql import words as w

EPOCH = date(1970, 1, 1)
OPERATORS: Mapping[str, type[exp.Binary]] = {
    "and": exp.And, "or": exp.Or, "+": exp.Add, "-": exp.Sub, "*": exp.Mul, ">=": exp.GTE, "==": exp.EQ,
}  # fmt: skip


class Leaves:
    """The columns of the enterprises, and what was counted and summed of their rows."""

    complete: Collection[str] = ()

    def __init__(self, columns: Collection[str], dialect: str) -> None:
        self.columns = columns
        self.kinds = w.kinds(dialect)

    def given(self, name: str) -> exp.Expression:
        """Is the fact stated."""
        return w.is_known(w.col(name))

    def yes(self, name: str) -> exp.Expression:
        """Is it stated as yes."""
        return w.is_true(w.col(name))

    def reached(self, name: str, day: date) -> exp.Expression:
        """Is a stated day this one or later."""
        return w.is_true(w.two(exp.GTE, w.col(name), w.lit(day)))

    def number(self, name: str) -> tuple[exp.Expression, int]:
        """A whole number in 64 bits, zero where it is not stated."""
        return w.filled(w.col(name), w.cast(w.lit(0), self.kinds[3])), 3

    def days(self, name: str) -> exp.Expression:
        """A day as days since the beginning of 1970."""
        since = exp.DateDiff(this=w.col(name), expression=w.lit(EPOCH), unit=exp.var("DAY"))
        return w.cast(w.filled(since, w.lit(0)), self.kinds[2])

    def in_state(self, table: str, state: int) -> exp.Expression:
        """Is the table in this state."""
        return w.is_true(w.two(exp.EQ, w.col(f"{table}.state"), w.lit(state)))

    def total(self, name: str, wide: int) -> exp.Expression:
        """What was counted or summed."""
        return w.cast(w.filled(w.col(name), w.lit(0)), self.kinds[wide])

    def total_yes(self, name: str) -> exp.Expression:
        """Did a row say yes."""
        return w.is_true(w.col(name))

    def total_given(self, name: str) -> exp.Expression:
        """Is there a largest or smallest at all."""
        return w.is_known(w.col(name))


class Writer:
    """The steps as SQL says them; see `peiyu.policy.compiled.layers.Writer`."""

    def __init__(self, dialect: str) -> None:
        self.kinds = w.kinds(dialect)

    def column(self, name: str) -> exp.Expression:
        """A column of the layer before."""
        return w.col(name)

    def literal(self, value: int, wide: int) -> exp.Expression:
        """A number that is the same for all."""
        return w.cast(w.lit(value), self.kinds[wide])

    def truth(self, value: bool) -> exp.Expression:
        """A flag that is the same for all."""
        return w.TRUE if value else w.FALSE

    def is_column(self, expr: exp.Expression) -> bool:
        """Is it a bare column."""
        return isinstance(expr, exp.Column)

    def reads(self, expr: exp.Expression) -> list[str]:
        """The columns that it reads."""
        return [found.name for found in expr.find_all(exp.Column)]

    def step(
        self, does: str, parts: Sequence[exp.Expression], wide: int, term: Term
    ) -> exp.Expression:
        """What a step does with its parts."""
        match does:
            case "not":
                return w.no(parts[0])
            case "widen":
                return w.cast(parts[0], self.kinds[wide])
            case "choose":
                return w.when([(parts[0], parts[1])], parts[2])
            case "//":
                one, by = parts
                return self._rounded_down(term, one, by, wide)
        return w.two(OPERATORS[does], *parts)

    def _rounded_down(
        self, term: Term, one: exp.Expression, by: exp.Expression, wide: int
    ) -> exp.Expression:
        """The whole part of a quotient by what is above zero; engines cut towards zero."""
        up = self._whole(one, by, wide)
        number = term.parts[0]
        if isinstance(number, int) or (isinstance(number, Whole) and number.least >= 0):
            return up
        one_more = w.two(exp.Sub, w.two(exp.Sub, one, by), self.literal(-1, wide))
        return w.when(
            [(w.two(exp.GTE, one, self.literal(0, wide)), up)], self._whole(one_more, by, wide)
        )

    def _whole(self, one: exp.Expression, by: exp.Expression, wide: int) -> exp.Expression:
        return w.cast(exp.Paren(this=exp.IntDiv(this=one, expression=by)), self.kinds[wide])
