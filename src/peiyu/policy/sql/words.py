"""The few words of SQL that the rules need, bracketed so that nothing depends on precedence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce

from sqlglot import exp

TRUE: exp.Expression = exp.true()
FALSE: exp.Expression = exp.false()
NULL: exp.Expression = exp.null()
NARROW = ("TINYINT", "SMALLINT", "INT", "BIGINT")
WIDEST = {"duckdb": "INT128", "spark": "DECIMAL(38, 0)"}


def kinds(dialect: str) -> tuple[exp.DataType, ...]:
    """The types of whole numbers, as in `peiyu.policy.compiled.terms.BITS`."""
    return tuple(exp.DataType.build(kind) for kind in (*NARROW, WIDEST[dialect]))


def named(name: str) -> exp.Identifier:
    """A name as it is."""
    return exp.to_identifier(name, quoted=True)


def col(name: str, of: str = "") -> exp.Column:
    """A column, of a relation where two are joined."""
    return exp.Column(this=named(name), table=named(of) if of else None)


def table(name: str) -> exp.Table:
    """A relation."""
    return exp.Table(this=named(name))


def lit(value: int | str | date) -> exp.Expression:
    """A value written in the statement."""
    if isinstance(value, date):
        return exp.Cast(this=exp.Literal.string(value.isoformat()), to=exp.DataType.build("DATE"))
    if isinstance(value, str):
        return exp.Literal.string(value)
    number = exp.Literal.number(abs(value))
    return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number


def cast(value: exp.Expression, kind: exp.DataType | str) -> exp.Expression:
    """A value in a type."""
    return exp.Cast(this=value, to=exp.DataType.build(kind))


def one_of(words: Iterable[str]) -> exp.DataType:
    """The type of a text that is one of these."""
    return exp.DataType(this=exp.DataType.Type.ENUM, expressions=[lit(word) for word in words])


def two(kind: type[exp.Binary], one: exp.Expression, other: exp.Expression) -> exp.Expression:
    """Two values made one."""
    return exp.Paren(this=kind(this=one, expression=other))


def both(parts: Iterable[exp.Expression]) -> exp.Expression:
    """All of them."""
    return reduce(lambda one, other: two(exp.And, one, other), parts, TRUE)


def either(parts: Iterable[exp.Expression]) -> exp.Expression:
    """Any of them."""
    return reduce(lambda one, other: two(exp.Or, one, other), parts, FALSE)


def no(value: exp.Expression) -> exp.Expression:
    """The contrary."""
    return exp.Paren(this=exp.Not(this=value))


def is_true(value: exp.Expression) -> exp.Expression:
    """Is it true: neither false nor unknown."""
    return exp.Coalesce(this=value, expressions=[FALSE])


def is_unknown(value: exp.Expression) -> exp.Expression:
    """Is it unknown."""
    return exp.Paren(this=exp.Is(this=value, expression=NULL))


def is_known(value: exp.Expression) -> exp.Expression:
    """Is it known."""
    return no(is_unknown(value))


def filled(value: exp.Expression, otherwise: exp.Expression) -> exp.Expression:
    """The value, else the other."""
    return exp.Coalesce(this=value, expressions=[otherwise])


def when(
    cases: Sequence[tuple[exp.Expression, exp.Expression]], otherwise: exp.Expression = NULL
) -> exp.Expression:
    """The value of the first case that is true."""
    ifs = [exp.If(this=condition, true=value) for condition, value in cases]
    return exp.Paren(this=exp.Case(ifs=ifs, default=otherwise))


def select(what: Iterable[exp.Expression], source: str | exp.Expression) -> exp.Select:
    """A query over one relation."""
    found = exp.Select(expressions=list(what))
    origin = table(source) if isinstance(source, str) else source
    return found.from_(origin, copy=False)


def called(value: exp.Expression, name: str) -> exp.Expression:
    """A value with a name."""
    return exp.Alias(this=value, alias=named(name))


def joined(
    query: exp.Select, other: str, on: Iterable[exp.Expression], side: str = "left"
) -> exp.Select:
    """The query with another relation beside it."""
    condition = reduce(lambda one, more: exp.And(this=one, expression=more), on)
    join = exp.Join(this=table(other), on=condition)
    if side:
        join.set("side", side.upper())
    query.append("joins", join)
    return query


def grouped(query: exp.Select, *by: exp.Expression) -> exp.Select:
    """The query gathered by these."""
    query.set("group", exp.Group(expressions=list(by)))
    return query


class Steps:
    """A statement in steps: each has a name and reads those before it."""

    def __init__(self) -> None:
        self._made: list[tuple[str, exp.Select]] = []

    def add(self, name: str, query: exp.Select) -> str:
        """Name a step; gives the name."""
        unique = f"{name}_{len(self._made)}"
        self._made.append((unique, query))
        return unique

    def ending(self, query: exp.Select) -> exp.Select:
        """The statement whose last step is this query."""
        ctes = [
            exp.CTE(this=made, alias=exp.TableAlias(this=named(name))) for name, made in self._made
        ]
        query.set(
            "with_" if "with_" in exp.Select.arg_types else "with", exp.With(expressions=ctes)
        )
        return query
