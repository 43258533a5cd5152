"""The rules for a nation: the same tree compiled to polars, exact and three-valued.

Input is one frame of enterprises (column `key`, facts by name, yearly facts as `name.lag`, the state
of each table as `table.state`) and one frame of rows for each table (column `key`). Money is Int64
fen. Each number carries the largest value it can have: products are widened to Int128 where they
need it, and a rule that could leave 128 bits is refused when it is compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import Any

import polars as pl

from peiyu.policy import facts, tree
from peiyu.policy.explain import ELAPSED_BETWEEN, ESTABLISHED, Stair
from peiyu.policy.parameters import Figures
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import NEGATED, Node, Outcome

LONG = 2**62
HUGE = 2**126
MOST_ROWS = 10**6  # of one table of one enterprise
OUTCOME_TYPE = pl.Enum([outcome.name.lower() for outcome in Outcome])
Code = int | pl.Expr


@dataclass(frozen=True)
class Population:
    """Enterprises in columns: one frame of facts, one of rows for each table that was given."""

    facts: pl.LazyFrame
    tables: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()  # columns of `facts` in which nothing is null


@dataclass(frozen=True)
class Quantity:
    """A number in columns: an interval over a scale; `None` is an end open for all."""

    low: pl.Expr | None
    high: pl.Expr | None
    point: pl.Expr | None  # the value where it is exactly known, else null; None: never known
    bound: int
    scale: int | pl.Expr = 1
    scale_bound: int = 1
    low_null: bool = False  # may `low` be null, that is open
    missing: Code = 0  # 1 where facts are missing; only what experts judge asks for it
    level: int = 0

    @property
    def exact(self) -> bool:
        """Is it known for all, or null for all three."""
        return self.low is self.point and self.high is self.point


@dataclass(frozen=True)
class Verdict:
    """An outcome in columns: a code 0 to 4, or the same code for all."""

    code: Code
    level: int = 0


def _lit(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int128 if abs(value) >= LONG else pl.Int64)


def _minus(value: pl.Expr, bound: int) -> pl.Expr:
    """The contrary; polars does not negate 128-bit numbers."""
    return _lit(0).cast(pl.Int128 if bound >= LONG else pl.Int64) - value


def _times(value: pl.Expr, by: int | pl.Expr, bound: int) -> pl.Expr:
    """A product, widened before it is made if it could leave 64 bits."""
    if isinstance(by, int) and by == 1:
        return value
    if bound >= HUGE:
        raise OverflowError(f"a rule could reach {bound:.1e}, more than 128 bits hold")
    if bound < LONG:
        return value * by
    other = pl.lit(by, dtype=pl.Int128) if isinstance(by, int) else by.cast(pl.Int128)
    return value.cast(pl.Int128) * other


def _any(codes: Iterable[Code]) -> Code:
    """1 where one of the codes is 1."""
    left = [code for code in codes if not _is(code, 0)]
    if any(isinstance(code, int) for code in left):
        return 1
    if not left:
        return 0
    return left[0] if len(left) == 1 else pl.max_horizontal(*left)  # type: ignore[arg-type]


def _is(code: Code, value: int) -> bool:
    """Is it this code for all."""
    return isinstance(code, int) and code == value


def _code(condition: pl.Expr) -> pl.Expr:
    return condition.cast(pl.Int8).fill_null(0)


def _equal(one: pl.Expr | None, two: pl.Expr | None) -> pl.Expr:
    return pl.lit(False) if one is None or two is None else one.eq(two).fill_null(False)


class Columns:
    """A rulebook compiled for one day, one reading of every switch, and the columns that there are."""

    def __init__(
        self,
        rulebook: Rulebook,
        on: date,
        population: Population,
        switches: Mapping[str, str] | None = None,
        figures: Figures | None = None,
    ) -> None:
        self.rulebook = rulebook
        self.on = on
        self.figures = figures or Figures(on)
        self.readings = rulebook.readings(switches)
        self.plan = tree.plan(rulebook.roots(), self.readings)
        self.names = set(population.facts.collect_schema().names())
        self.complete = population.complete
        self.tables = {
            name: frame.with_row_index("_row") for name, frame in population.tables.items()
        }
        self.frame = population.facts
        self.values: list[Any] = [None] * len(self.plan.lines)
        self.layers: list[list[pl.Expr]] = []
        self._measures: dict[str, list[pl.Expr]] = {}
        self._uses = [0] * len(self.plan.lines)
        for line in self.plan.lines:
            for need in line.needs:
                self._uses[need] += 1
        self._years = self._layered("_years", on.year - pl.col(ESTABLISHED).dt.year().cast(pl.Int64)) \
            if ESTABLISHED in self.names else None  # fmt: skip
        self._rows()
        self._join()
        for place, line in enumerate(self.plan.lines):
            if isinstance(line.node, tree.Number | tree.OutcomeNode):
                made = getattr(self, "_" + type(line.node).__name__.lower())(line.node)
                self.values[place] = self._kept(place, line.node, made)

    def at(self, node: Node) -> Any:
        """What was compiled for a node."""
        return self.values[self.plan.place(node, self.readings)]

    # -- layers

    def _layered(self, name: str, expr: pl.Expr, level: int = 0) -> pl.Expr:
        while len(self.layers) <= level:
            self.layers.append([])
        self.layers[level].append(expr.alias(name))
        return pl.col(name)

    def _kept(self, place: int, node: Node, made: Any) -> Any:
        """Keep as a column what several others need, so that it is worked out once."""
        if isinstance(
            node, tree.FactNode | tree.Constant | tree.Parameter | tree.Band | tree.Always
        ):
            return made
        level = made.level
        if isinstance(made, Verdict):
            if isinstance(made.code, int):
                return made
            return Verdict(self._layered(f"_{place}", made.code, level), level + 1)
        done: dict[int, pl.Expr] = {}

        def keep(part: pl.Expr | None, suffix: str) -> pl.Expr | None:
            if part is None:
                return None
            if id(part) not in done:
                done[id(part)] = self._layered(f"_{place}{suffix}", part, level)
            return done[id(part)]

        return replace(
            made,
            point=keep(made.point, "p"),
            low=keep(made.low, "l"),
            high=keep(made.high, "h"),
            scale=made.scale if isinstance(made.scale, int) else keep(made.scale, "s"),
            missing=made.missing if isinstance(made.missing, int) else keep(made.missing, "m"),
            level=level + 1,
        )

    # -- rows of tables

    def _rows(self) -> None:
        """Row flags and links become columns of the tables."""
        days = {
            line.node.fact
            for line in self.plan.lines
            if isinstance(line.node, tree.Day) and line.node.fact
        }
        if days:
            known = [name for name in days if name in self.names]
            held = self.frame.select("key", *(pl.col(name).alias(f"_fact_{name}") for name in known))
            lacking = [pl.lit(None, pl.Date).alias(f"_fact_{name}") for name in days - set(known)]
            self.tables = {
                name: table.join(held, on="key", how="left").with_columns(lacking)
                for name, table in self.tables.items()
            }
        for place, line in enumerate(self.plan.lines):
            node = line.node
            if isinstance(node, tree.Exists) and node.link.source in self.tables:
                self._exists(place, node, sorted(days))
            elif isinstance(node, tree.RowFlag) and node.table in self.tables:
                flag = self.cell(node.rule).alias(f"_f{place}")
                self.tables[node.table] = self.tables[node.table].with_columns(flag)

    def _exists(self, place: int, node: tree.Exists, days: list[str]) -> None:
        link = node.link
        source = self.tables[link.source]
        declared = pl.lit(None, pl.Boolean) if node.declared is None else self.cell(node.declared)
        name = f"_e{place}"
        if link.target not in self.tables:
            self.tables[link.source] = source.with_columns(declared.alias(name))
            return
        target = self.tables[link.target].with_columns(pl.col(link.target_key).alias("_k"))
        left = source.select(
            "_row", pl.col("key").alias("_self"), pl.col(link.source_key).alias("_k"),
            *(f"_fact_{day}" for day in days),
        )  # fmt: skip
        left = _one_key(left).drop_nulls("_k")
        target = _one_key(target.drop("_row", *(f"_fact_{day}" for day in days))).drop_nulls("_k")
        if link.anywhere:
            pairs = left.join(target, on="_k")
        else:
            pairs = left.join(target, left_on=["_self", "_k"], right_on=["key", "_k"])
        found = pairs.select("_row", self.cell(node.where).alias("_is")).group_by("_row").agg(
            pl.col("_is").fill_null(False).any().alias("_some"),
            pl.col("_is").is_null().any().alias("_perhaps"),
        )  # fmt: skip
        state = f"{link.target}.state"
        states = self.frame.select("key", pl.col(state).alias("_state"))
        named = pl.col(link.source_key).is_not_null() & (pl.col("_state") == 2)
        answer = (
            pl.when(pl.col("_state") == 0)
            .then(declared)
            .when(pl.col("_some"))
            .then(pl.lit(True))
            .when(pl.col("_perhaps").fill_null(False) | ~named)
            .then(pl.lit(None, pl.Boolean))
            .otherwise(pl.lit(False))
        )
        self.tables[link.source] = (
            source.join(found, on="_row", how="left")
            .join(states, on="key", how="left")
            .with_columns(answer.alias(name))
            .drop("_some", "_perhaps", "_state")
        )

    def cell(self, node: Node) -> pl.Expr:
        """A row node as an expression over its table."""
        node = tree.taken(node, self.readings)
        match node:
            case tree.Column(name=name):
                return pl.col(name)
            case tree.Literally(value=value):
                return pl.lit(value)
            case tree.Self():
                return pl.coalesce(pl.col("^_self$"), pl.col("^key$"))
            case tree.Day(back=back, fact=name):
                days = timedelta(int(self.figures.number(back))) if back else timedelta()
                return (pl.col(f"_fact_{name}") - days) if name else pl.lit(self.on - days)
            case tree.FiscalYear(lag=lag):
                return pl.lit(self.on.year - lag)
            case tree.YearOf(day=day):
                return self.cell(day).dt.year()
            case tree.RowTest(operator=operator, left=left, right=right):
                return _compare(operator, self.cell(left), self.cell(right))
            case tree.RowIn(left=left, values=values, parameter=parameter):
                words = self.figures.words(parameter) if parameter else values
                return self.cell(left).is_in(list(words))
            case tree.RowAll(parts=parts):
                return pl.all_horizontal(*(self.truth(part) for part in parts))
            case tree.RowAny(parts=parts):
                return pl.any_horizontal(*(self.truth(part) for part in parts))
            case tree.RowNot(part=part):
                return ~self.truth(part)
            case tree.RowSum(parts=parts, cap=cap):
                cells = [self.cell(part).cast(pl.Int64) for part in parts]
                total = sum(cells[1:], cells[0])
                if not cap:
                    return total
                most = int(self.figures.number(cap))
                return pl.when(total > most).then(pl.lit(most, pl.Int64)).otherwise(total)
            case tree.Because(part=part):
                return self.truth(part)
            case tree.Exists():
                return pl.col(f"_e{self.plan.place(node, self.readings)}")
            case tree.RowFlag():
                return pl.col(f"_f{self.plan.place(node, self.readings)}")
        raise TypeError(f"{type(node).__name__} is not a row node")

    def truth(self, node: Node) -> pl.Expr:
        """A row node as true, false or null."""
        node = tree.taken(node, self.readings)
        return pl.lit(bool(node.value)) if isinstance(node, tree.Literally) else self.cell(node)

    # -- measures: one group-by for each table

    def _join(self) -> None:
        wanted: dict[str, list[pl.Expr]] = {}
        for place, line in enumerate(self.plan.lines):
            node = line.node
            if isinstance(node, tree.Measure) and node.table in self.tables:
                wanted.setdefault(node.table, []).extend(self._counted(place, node))
        for table, exprs in wanted.items():
            grouped = self.tables[table].group_by("key").agg(*exprs)
            self.frame = self.frame.join(grouped, on="key", how="left")

    def _counted(self, place: int, node: tree.Measure) -> list[pl.Expr]:
        where = self.truth(node.where)
        if isinstance(tree.taken(node.where, self.readings), tree.Literally):
            where = where & pl.col("_row").is_not_null()
        sure, perhaps = where.fill_null(False), where.fill_null(True)
        low, high, more = f"_{place}_low", f"_{place}_high", f"_{place}_more"
        values = [self.cell(part) for part in node.value]
        if node.kind == "count":
            judged = pl.lit(False) if node.judged is None else self.truth(node.judged).fill_null(False)
            return [
                sure.sum().cast(pl.Int64).alias(low),
                perhaps.sum().cast(pl.Int64).alias(high),
                (where.is_null() & ~judged).any().cast(pl.Int8).alias(more),
            ]
        if node.kind == "sum":
            amounts = [value.cast(pl.Int128) for value in values]
            known = sum((pl.when(sure).then(a).fill_null(0) for a in amounts[1:]), pl.when(sure).then(amounts[0]).fill_null(0))  # fmt: skip
            all_known = pl.all_horizontal(*(a.is_not_null() for a in amounts))
            most = sum((pl.when(perhaps).then(a).fill_null(0) for a in amounts[1:]), pl.when(perhaps).then(amounts[0]).fill_null(0))  # fmt: skip
            return [
                known.sum().alias(low),
                pl.when((perhaps & ~all_known).any()).then(None).otherwise(most.sum()).alias(high),
            ]
        if node.kind == "distinct":
            name = values[0]
            return [
                name.filter(sure & name.is_not_null()).n_unique().cast(pl.Int64).alias(low),
                (
                    name.filter(perhaps & name.is_not_null()).n_unique().cast(pl.Int64)
                    + (perhaps & name.is_null()).sum().cast(pl.Int64)
                ).alias(high),
            ]
        if node.kind == "average":
            total = sum((v.cast(pl.Int64) for v in values[1:]), values[0].cast(pl.Int64))
            unknown = where.is_null() | (sure & total.is_null())
            return [
                pl.when(unknown.any()).then(None).otherwise(total.filter(sure).sum()).alias(low),
                sure.sum().cast(pl.Int64).alias(high),
            ]
        found = values[0].filter(sure & values[0].is_not_null()).cast(pl.Int64)
        return [(found.max() if node.kind == "largest" else found.min()).alias(low)]

    def _measure(self, node: tree.Measure) -> Quantity:
        declared = None if node.declared is None else self.at(node.declared)
        if node.table not in self.tables:
            return self._undeclared(node) if declared is None else declared
        place = self.plan.place(node, self.readings)
        low, high = pl.col(f"_{place}_low"), pl.col(f"_{place}_high")
        state = pl.col(f"{node.table}.state")
        absent = declared or self._undeclared(node)
        is_absent, is_complete = state == 0, state == 2

        def where_absent(there: pl.Expr, otherwise: pl.Expr | None) -> pl.Expr:
            other = pl.lit(None) if otherwise is None else otherwise
            return pl.when(is_absent).then(other).otherwise(there)

        if node.kind == "average":
            parts = len(node.value)
            known = pl.when(is_complete & (high > 0)).then(low)
            point = where_absent(known, absent.point)
            scale = pl.when(is_absent).then(_scale(absent)).when(high > 0).then(high * parts).otherwise(1)
            return Quantity(
                point.fill_null(0), point, point, max(facts.LARGEST_COUNT * 2 * MOST_ROWS, absent.bound),
                scale=scale, scale_bound=max(2 * MOST_ROWS, absent.scale_bound), missing=_code(point.is_null()),
                level=absent.level,
            )  # fmt: skip
        if node.kind in ("largest", "smallest"):
            return Quantity(low, low, low, 100, low_null=True, missing=1)
        bound = max(facts.LARGEST_AMOUNT * MOST_ROWS if node.kind == "sum" else MOST_ROWS, absent.bound)
        kind: Any = pl.Int128 if bound >= LONG else pl.Int64
        least = where_absent(low.fill_null(0), absent.low).cast(kind)
        # a null high of a sum is an amount that is not known; of an enterprise without rows it is none
        rows = pl.when(low.is_null()).then(0).otherwise(high)
        most = where_absent(pl.when(is_complete).then(rows), absent.high).cast(kind)
        point = pl.when(least == most).then(least)
        if node.kind == "count":
            more = pl.when(is_complete).then(pl.col(f"_{place}_more")).otherwise(1)
            missing: Code = _code((point.is_null() & (more.fill_null(0) == 1)) | (is_absent & point.is_null()))
        else:
            missing = _code(point.is_null())
        return Quantity(least, most, point, bound, missing=missing, level=absent.level)

    def _undeclared(self, node: tree.Measure) -> Quantity:
        if node.absent_is_none:
            return self._fixed(Fraction(0))
        return Quantity(_lit(0), None, None, facts.LARGEST_AMOUNT, missing=1)

    # -- numbers

    def _fixed(self, value: Fraction) -> Quantity:
        there = _lit(value.numerator)
        return Quantity(there, there, there, abs(value.numerator), value.denominator, value.denominator)

    def _constant(self, node: tree.Constant) -> Quantity:
        return self._fixed(node.value)

    def _parameter(self, node: tree.Parameter) -> Quantity:
        return self._fixed(self.figures.number(node.name))

    def _band(self, node: tree.Band) -> Quantity:
        low, high = self.figures.points(node.parameter, node.key)
        return Quantity(_lit(low), _lit(high), _lit(low) if low == high else None, high)

    def _factnode(self, node: tree.FactNode) -> Quantity:
        entry = facts.fact(node.name)
        scale = entry.scale if entry.unit is facts.Unit.PERSON_HUNDREDTH else 1
        signed = (entry.minimum or 0) < 0
        bound = entry.bound
        is_none = None if not node.lag or self._years is None else self._years < node.lag
        if node.key not in self.names:
            low = None if signed else _lit(0)
            if is_none is None:
                return Quantity(low, None, None, bound, scale, scale, signed, missing=1)
            none = pl.when(is_none).then(_lit(0))
            return Quantity(none if signed else low, none, none, bound, scale, scale, signed,
                            missing=_code(~is_none.fill_null(False)), level=1)  # fmt: skip
        there = pl.col(node.key).cast(pl.Int64)
        if node.key in self.complete:
            return Quantity(there, there, there, bound, scale, scale)
        if is_none is not None:
            there = there.fill_null(pl.when(is_none).then(_lit(0)))
        low = there if signed else pl.col(node.key).cast(pl.Int64).fill_null(0)
        level = 0 if is_none is None else 1
        return Quantity(low, there, there, bound, scale, scale, signed,
                        missing=_code(there.is_null()), level=level)  # fmt: skip

    def _elapsed(self, node: tree.Elapsed) -> Quantity:
        given = node.since in self.names and (not node.until or node.until in self.names)
        if node.unit == "days":
            if not given:
                return Quantity(None, None, None, 10**7, low_null=True, missing=1)
            end = pl.col(node.until) if node.until else pl.lit(self.on)
            days = (end - pl.col(node.since)).dt.total_days()
            return Quantity(days, days, days, 10**7, low_null=True, missing=_code(days.is_null()))
        least, most = ELAPSED_BETWEEN[node.unit]
        if not given:
            return Quantity(_lit(least), _lit(most), None, most, missing=1)
        start = pl.col(node.since)
        begun = self.on.year - start.dt.year().cast(pl.Int64)
        if node.unit == "years":
            passed = begun.clip(0, 3)
        elif node.unit == "full years":
            late = (start.dt.month() != 1) | (start.dt.day() != 1)
            passed = (begun - late.cast(pl.Int64)).clip(1, 3)
        else:
            passed = pl.when(begun == 1).then(13 - start.dt.month().cast(pl.Int64)).otherwise(12)
            passed = pl.when(start.is_not_null()).then(passed)
        return Quantity(passed.fill_null(least), passed.fill_null(most), passed, most,
                        missing=_code(passed.is_null()))  # fmt: skip

    def _sum(self, node: tree.Sum) -> Quantity:
        return self._added([self.at(part) for part in node.parts])

    def _added(self, quantities: list[Quantity]) -> Quantity:
        parts = _level(quantities)
        bound = sum(part.bound for part in parts)
        exact = all(part.exact for part in parts)
        point = _total([part.point for part in parts], bound)
        high_is_point = all(part.high is part.point for part in parts)
        return replace(
            parts[0],
            low=point if exact else _total([part.low for part in parts], bound),
            high=point if high_is_point else _total([part.high for part in parts], bound),
            point=point,
            bound=bound,
            low_null=any(part.low_null for part in parts),
            missing=_any(part.missing for part in parts),
            level=max(part.level for part in parts),
        )

    def _difference(self, node: tree.Difference) -> Quantity:
        right = self.at(node.right)
        taken = tree.taken(node.right, self.readings)
        if isinstance(taken, tree.Sum) and all(
            isinstance(part := tree.taken(p, self.readings), tree.Constant) and not part.value
            for p in taken.parts
        ):
            return self.at(node.left)  # type: ignore[no-any-return]
        flipped = replace(
            right,
            low=None if right.high is None else _minus(right.high, right.bound),
            high=None if right.low is None else _minus(right.low, right.bound),
            point=None if right.point is None else _minus(right.point, right.bound),
            low_null=True,
        )
        if right.exact:
            flipped = replace(flipped, low=flipped.point, high=flipped.point)
        return self._added([self.at(node.left), flipped])

    def _scaled(self, node: tree.Scaled) -> Quantity:
        rate = self.figures.number(node.rate)
        return _by(self.at(node.part), rate / (1 - rate) if node.gross else rate)

    def _product(self, node: tree.Product) -> Quantity:
        left, right = self.at(node.left), self.at(node.right)
        level = max(left.level, right.level)
        if left.point is None or right.point is None:
            return Quantity(None, None, None, 1, low_null=True, missing=1, level=level)
        bound = left.bound * right.bound
        point = _times(left.point, right.point, bound)
        scale, scale_bound = _scales(left, right)
        return Quantity(point, point, point, bound, scale, scale_bound, True,
                        _code(point.is_null()), level)  # fmt: skip

    def _quotient(self, node: tree.Quotient) -> Quantity:
        left, right = self.at(node.left), self.at(node.right)
        level = max(left.level, right.level)
        if right.point is None:
            return Quantity(None, None, None, 1, low_null=True, missing=1, level=level)
        below = right.point
        given = below.is_not_null() & (below != 0)
        bound = left.bound * right.scale_bound

        def over(end: pl.Expr | None, other: pl.Expr | None) -> pl.Expr | None:
            positive = None if end is None else _times(end, right.scale, bound)
            negative = None if other is None else _minus(_times(other, right.scale, bound), bound)
            if positive is None and negative is None:
                return None
            return pl.when(given & (below > 0)).then(positive).when(given).then(negative)

        point = over(left.point, left.point)
        low = point if left.exact else over(left.low, left.high)
        high = point if left.high is left.point else over(left.high, left.low)
        left_scale = left.scale if isinstance(left.scale, int) else left.scale
        scale = pl.when(given).then(_times(pl.max_horizontal(below, _minus(below, right.bound)), left_scale, right.bound * left.scale_bound)).otherwise(1)
        return Quantity(low, high, point, bound, scale, max(1, right.bound * left.scale_bound), True,
                        _any((left.missing, _code(~given))), level)  # fmt: skip

    def _annualised(self, node: tree.Annualised) -> Quantity:
        part = self.at(node.part)
        if node.since not in self.names:
            return Quantity(None, None, None, 1, low_null=True, missing=1, level=part.level)
        start = pl.col(node.since)
        common = lcm(*range(1, 13))
        months = 13 - start.dt.month().cast(pl.Int64)
        first = self.on.year - start.dt.year() == node.lag
        factor = pl.when(first).then(12 * common // months).when(start.is_not_null()).then(common)
        bound = part.bound * 12 * common

        def grown(end: pl.Expr | None) -> pl.Expr | None:
            return None if end is None else _times(end, factor, bound)

        point = grown(part.point)
        return replace(
            part,
            low=point if part.low is part.point else grown(part.low),
            high=point if part.high is part.point else grown(part.high),
            point=point,
            bound=bound,
            low_null=True,
            scale=_times_scale(part.scale, common),
            scale_bound=part.scale_bound * common,
            missing=_any((part.missing, _code(start.is_null()))),
        )

    def _atmost(self, node: tree.AtMost) -> Quantity:
        parts = _level([self.at(part) for part in node.parts])
        lows = [part.low for part in parts]
        highs = [part.high for part in parts if part.high is not None]
        wide = _widest(parts)
        low: pl.Expr | None
        if any(end is None for end in lows):
            low = None
        else:
            low = pl.min_horizontal(*(_wide(end, wide) for end in lows if end is not None))
            nulls = [part.low for part in parts if part.low_null and part.low is not None]
            if nulls:
                low = pl.when(pl.all_horizontal(*(end.is_not_null() for end in nulls))).then(low)
        high = pl.min_horizontal(*(_wide(end, wide) for end in highs)) if highs else None
        point = None if low is None or high is None else pl.when(low == high).then(low)
        missing = _any(part.missing for part in parts)
        if not isinstance(missing, int):
            missing = pl.when(_equal(low, high)).then(pl.lit(0, pl.Int8)).otherwise(missing)
        return replace(
            parts[0], low=low, high=high, point=point, bound=max(part.bound for part in parts),
            low_null=any(part.low_null for part in parts), missing=missing,
            level=max(part.level for part in parts),
        )  # fmt: skip

    def _end(self, node: tree.End) -> Quantity:
        part = self.at(node.part)
        end = part.high if node.upper else part.low
        return replace(part, low=end, high=end, point=end, low_null=True)

    def _tofen(self, node: tree.ToFen) -> Quantity:
        part = self.at(node.part)
        if isinstance(part.scale, int) and part.scale == 1:
            return part  # type: ignore[no-any-return]
        scale, bound = part.scale, 2 * part.bound + part.scale_bound
        whole = part.bound if not isinstance(scale, int) else part.bound // scale + 1
        narrow: Any = pl.Int64 if whole < LONG else pl.Int128

        def rounded(end: pl.Expr | None) -> pl.Expr | None:
            if end is None:
                return None
            wide = _times(end, 2, max(bound, 2 * part.scale_bound))
            return ((wide + scale) // (2 * scale)).cast(narrow)

        point = rounded(part.point)
        low = point if part.low is part.point else rounded(part.low)
        high = point if part.high is part.point else rounded(part.high)
        if not part.exact and low is not None and high is not None:
            point = pl.when(low == high).then(low)
        return replace(part, low=low, high=high, point=point, bound=whole, scale=1, scale_bound=1)

    def _preferred(self, node: tree.Preferred) -> Quantity:
        one, two = self.at(node.first), self.at(node.second)
        if one.point is None and two.point is None:
            return one  # type: ignore[no-any-return]
        if one.point is None and not isinstance(one.scale, pl.Expr) and _says_nothing(one):
            return replace(two, **_narrowed(two)) if not two.exact else two
        if two.point is None:
            return one  # type: ignore[no-any-return]
        one, two = _level([one, two]) if not _dynamic(one, two) else (one, two)
        wide = _widest((one, two))
        known = pl.lit(False) if one.point is None else one.point.is_not_null()
        if one.point is None:
            point = two.point
        else:
            point = pl.coalesce(_wide(one.point, wide), _wide(two.point, wide))
        exact = one.exact and two.exact and one.low_null and two.low_null
        low = point if exact or one.low is None else point.fill_null(_wide(one.low, wide))
        high = point if one.high is one.point or one.high is None else point.fill_null(_wide(one.high, wide))
        scale: int | pl.Expr = one.scale
        if _dynamic(one, two):
            scale = (
                pl.when(known).then(_scale(one)).when(two.point.is_not_null()).then(_scale(two))
                .otherwise(_scale(one))
            )  # fmt: skip
        return Quantity(
            low, high, point, max(one.bound, two.bound), scale, max(one.scale_bound, two.scale_bound),
            one.low_null, _any((pl.when(point.is_not_null()).then(pl.lit(0, pl.Int8)).otherwise(_code_of(one.missing)),)),
            max(one.level, two.level),
        )  # fmt: skip

    def _steps(self, node: tree.Steps) -> Quantity:
        value = self.at(node.value)
        stair = Stair.of(self.figures.steps(node.parameter))
        values = [(low, high) for _, _, _, low, high in stair.steps] + [(stair.low, stair.high)]
        top = max(high for _, high in values)

        def step(end: pl.Expr | None, unknown_is: int, which: int) -> pl.Expr:
            """The lower (0) or upper (1) points of the step on which an end stands."""
            if end is None:
                return _lit(stair.at(None, 1, unknown_is)[which])
            chain: Any = None
            for operator, limit, below, *points in stair.steps:
                bound = value.bound * below + abs(limit) * value.scale_bound
                left = _times(end, below, bound)
                right = _lit(limit) if isinstance(value.scale, int) and value.scale == 1 \
                    else _times(_scale(value), limit, bound)  # fmt: skip
                held = _compare(operator, left, right)
                if operator in (">=", ">") and unknown_is > 0 or operator in ("<=", "<") and unknown_is < 0:
                    held = held.fill_null(True)
                chain = (pl if chain is None else chain).when(held).then(_lit(points[which]))
            return chain.otherwise(_lit((stair.low, stair.high)[which]))  # type: ignore[no-any-return]

        # at an open end a null compares as false, which is the last step of a rising table
        rising = stair.steps[0][0] in (">=", ">")
        lower, upper = (value.low, value.high) if rising else (value.high, value.low)
        sign = 1 if rising else -1
        low = step(lower, -sign, 0)
        high = step(upper, sign, 1)
        if value.exact and not value.low_null and value.point is not None:
            same: Code = 0
        else:
            first, last = step(lower, -sign, 1), step(upper, sign, 0)
            differ = (low != last) | (first != high)
            same = _code(differ)
        flat = all(a == b for a, b in values)
        point = pl.when(low == high).then(low) if not (flat and value.exact and _is(same, 0)) else low
        missing = same if _is(value.missing, 1) else 0 if _is(same, 0) or _is(value.missing, 0) else _both(same, value.missing)
        if flat and value.exact and _is(same, 0):
            high = low
        return Quantity(low, high, point, top, stair.scale, stair.scale, False, missing, value.level)

    def _first(self, node: tree.First) -> Quantity:
        conditions = [self.at(condition) for condition, _ in node.cases]
        numbers = [self.at(number) for _, number in node.cases] + [self.at(node.otherwise)]
        cases: list[tuple[Verdict, Quantity]] = []
        otherwise = numbers[-1]
        for condition, value in zip(conditions, numbers, strict=False):
            if isinstance(condition.code, int):
                if condition.code == Outcome.MET:
                    otherwise = value
                    break
                if condition.code in (Outcome.UNMET, Outcome.NOT_APPLICABLE):
                    continue
            cases.append((condition, value))
        if not cases:
            return otherwise  # type: ignore[no-any-return]
        level = max(*(c.level for c, _ in cases), *(v.level for _, v in cases), otherwise.level)
        # what each case needs: it may be met, and no case before it surely is
        reach: list[pl.Expr] = []
        open_before = pl.lit(True)
        for condition, _ in cases:
            code = _code_of(condition.code)
            reach.append(open_before & (code != 0) & (code != 4))
            open_before = open_before & (code != 3)
        names = [
            self._layered(f"_r{len(self.layers)}_{id(node)}_{n}", expr, max(c.level for c, _ in cases))
            for n, expr in enumerate([*reach, open_before])
        ]
        values = [value for _, value in cases] + [otherwise]
        level = max(level, max(c.level for c, _ in cases) + 1)
        several = sum((name.cast(pl.Int8) for name in names[1:]), names[0].cast(pl.Int8)) > 1
        if any(isinstance(value.scale, pl.Expr) for value in values):
            return self._first_of_scales(names, values, several, level)
        parts = _level(values)
        low, high = self._hull(names, parts, lower=True), self._hull(names, parts, lower=False)
        missing: Code = 0
        reached_missing = [
            _both(_code(name), part.missing) for name, part in zip(names, parts, strict=True) if not (_is(part.missing, 0))
        ]  # fmt: skip
        unequal = _code(~_equal(low, high))
        missing = _both(_any([_code(several), *reached_missing]), unequal)
        point = None if low is None or high is None else pl.when(low == high).then(low)
        return replace(
            parts[0], low=low, high=high, point=point, bound=max(part.bound for part in parts),
            low_null=any(part.low_null or part.low is None for part in parts), missing=missing, level=level,
        )  # fmt: skip

    def _hull(self, names: list[pl.Expr], parts: list[Quantity], *, lower: bool) -> pl.Expr | None:
        ends = [part.low if lower else part.high for part in parts]
        wide = _widest(parts)
        reached = [
            pl.when(name).then(_wide(end, wide))
            for name, end in zip(names, ends, strict=True)
            if end is not None
        ]
        if not reached:
            return None
        hull = pl.min_horizontal(*reached) if lower else pl.max_horizontal(*reached)
        # an open end among the reached ones leaves the whole open
        opens = []
        for name, end, part in zip(names, ends, parts, strict=True):
            if end is None:
                opens.append(name)
            elif not lower or part.low_null:
                opens.append(name & end.is_null())
        return pl.when(~pl.any_horizontal(*opens)).then(hull) if opens else hull

    def _first_of_scales(
        self, names: list[pl.Expr], values: list[Quantity], several: pl.Expr, level: int
    ) -> Quantity:
        """Numbers over different denominators: one of them where the case is decided, else unknown."""
        wide = _widest(values)

        def chosen(ends: list[pl.Expr | None], last: pl.Expr) -> pl.Expr:
            chain: Any = pl.when(several).then(last)
            for name, end in zip(names, ends, strict=True):
                chain = chain.when(name).then(last if end is None else _wide(end, wide))
            return chain.otherwise(last)  # type: ignore[no-any-return]

        null = pl.lit(None, pl.Int128 if wide else pl.Int64)
        point = chosen([value.point for value in values], null)
        low = chosen([value.low for value in values], null)
        high = chosen([value.high for value in values], null)
        scale: Any = pl.when(several).then(pl.lit(1))
        for name, value in zip(names, values, strict=True):
            scale = scale.when(name).then(_scale(value))
        reached = [_both(_code(name), value.missing) for name, value in zip(names, values, strict=True)]
        missing = _both(_any([_code(several), *reached]), _code(~_equal(low, high)))
        return Quantity(
            low, high, point, max(value.bound for value in values), scale.otherwise(pl.lit(1)),
            max(value.scale_bound for value in values), True, missing, level,
        )  # fmt: skip

    # -- outcomes

    def _always(self, node: tree.Always) -> Verdict:
        return Verdict(int(node.outcome))

    def _test(self, node: tree.Test) -> Verdict:
        left, right = self.at(node.left), self.at(node.right)
        left, right = _levelled(left, right)
        level = max(left.level, right.level)
        missing = _any((left.missing, right.missing))
        by_expert = _may_be_judged(left) or _may_be_judged(right)
        return self._decided(node.operator, left, right, missing if by_expert else 1, level)

    def _decided(
        self, operator: str, left: Quantity, right: Quantity, missing: Code, level: int
    ) -> Verdict:
        if left.exact and right.exact and left.point is not None and right.point is not None:
            held = _compare(operator, left.point, right.point)
            code = held.cast(pl.Int8) * 3
            if left.low_null or right.low_null or not (_is(left.missing, 0) and _is(right.missing, 0)):
                code = code.fill_null(1)
            return Verdict(code, level)
        undecided = pl.lit(1, pl.Int8) if _is(missing, 1) else pl.lit(2, pl.Int8) - _code_of(missing)
        if operator == "==":
            met = _and(_le(right.high, left.low), _le(left.high, right.low))
            unmet = _or(_lt(right.high, left.low), _lt(left.high, right.low))
        elif operator in (">=", ">"):
            met = (_le if operator == ">=" else _lt)(right.high, left.low)
            unmet = (_lt if operator == ">=" else _le)(left.high, right.low)
        else:
            met = (_le if operator == "<=" else _lt)(left.high, right.low)
            unmet = (_lt if operator == "<=" else _le)(right.high, left.low)
        if met is None and unmet is None:
            return Verdict(1 if _is(missing, 1) else undecided, level)
        code = undecided
        if unmet is not None:
            code = pl.when(unmet).then(pl.lit(0, pl.Int8)).otherwise(code)
        if met is not None:
            code = pl.when(met).then(pl.lit(3, pl.Int8)).otherwise(code)
        return Verdict(code, level)

    def _ratiotest(self, node: tree.RatioTest) -> Verdict:
        part, base, limit = self.at(node.ratio.part), self.at(node.ratio.base), self.at(node.limit)
        undefined = Verdict(1) if node.ratio.undefined is None else self.at(node.ratio.undefined)
        level = max(part.level, base.level, limit.level, undefined.level)
        missing = _any((part.missing, base.missing, limit.missing))
        by_expert = any(_may_be_judged(q) for q in (part, base, limit))
        missing = missing if by_expert else 1
        by, by_bound = _scales(limit, base)
        left_bound = part.bound * by_bound
        right_bound = limit.bound * base.bound * part.scale_bound
        bound = max(left_bound, right_bound)

        def ends(q: Quantity, times: pl.Expr | int) -> tuple[pl.Expr | None, pl.Expr | None, pl.Expr | None]:
            point = None if q.point is None else _times(q.point, times, bound)
            low = point if q.low is q.point else None if q.low is None else _times(q.low, times, bound)
            high = point if q.high is q.point else None if q.high is None else _times(q.high, times, bound)
            return low, high, point

        def over(one: pl.Expr | None, two: pl.Expr | None) -> pl.Expr | None:
            if one is None or two is None:
                return None
            return _times(_times(one, two, bound), part.scale, bound)

        low, high, point = ends(part, by)
        left = replace(part, low=low, high=high, point=point, bound=bound)
        exact = base.exact and limit.exact and limit.point is not None
        right_point = over(base.point, limit.point)
        right = replace(
            base,
            low=right_point if exact else over(base.low, limit.low),
            high=right_point if exact or base.high is base.point and limit.exact else over(base.high, limit.high),
            point=right_point,
            bound=bound,
            low_null=base.low_null or limit.low_null,
            missing=_any((base.missing, limit.missing)),
        )
        code = _code_of(self._decided(node.operator, left, right, missing, level).code)
        undecided = pl.lit(1, pl.Int8) if _is(missing, 1) else pl.lit(2, pl.Int8) - _code_of(missing)
        above = pl.lit(False) if base.low is None else (base.low > 0).fill_null(False)
        chain = pl.when(above).then(code)
        if base.high is not None:
            chain = chain.when(base.high <= 0).then(_code_of(undefined.code))
        return Verdict(chain.otherwise(undecided), level)

    def _allof(self, node: tree.AllOf) -> Verdict:
        return _all_of([self.at(part) for part in node.parts])

    def _anyof(self, node: tree.AnyOf) -> Verdict:
        return _not(_all_of([_not(self.at(part)) for part in node.parts]))

    def _not(self, node: tree.Not) -> Verdict:
        return _not(self.at(node.part))

    def _isyes(self, node: tree.IsYes) -> Verdict:
        return self._said(node.name, Outcome.UNKNOWN)

    def _judged(self, node: tree.Judged) -> Verdict:
        return self._said(node.name, Outcome.EXPERT)

    def _said(self, name: str, unsaid: Outcome) -> Verdict:
        if name not in self.names:
            return Verdict(int(unsaid))
        return Verdict((pl.col(name).cast(pl.Int8) * 3).fill_null(int(unsaid)))

    def _operated(self, node: tree.Operated) -> Verdict:
        figure = self.at(node.figure)
        known = pl.lit(False) if figure.point is None else figure.point.is_not_null()
        if self._years is None:
            if figure.point is None:
                return Verdict(1)
            return Verdict(_three(known, pl.lit(None)), figure.level)
        by_age = (self._years >= node.lag).cast(pl.Int8) * 3
        by_figure = pl.when(known).then(pl.lit(3, pl.Int8)).otherwise(pl.lit(1, pl.Int8))
        return Verdict(by_age.fill_null(by_figure), max(figure.level, 1))

    def _stated(self, node: tree.Stated) -> Verdict:
        part = self.at(node.part)
        if part.point is None:
            return Verdict(0)
        return Verdict(part.point.is_not_null().cast(pl.Int8) * 3, part.level)

    def _differs(self, node: tree.Differs) -> Verdict:
        left, right = _levelled(self.at(node.left), self.at(node.right))
        if left.point is None or right.point is None:
            return Verdict(1)
        differ = (left.point != right.point).cast(pl.Int8) * 3
        return Verdict(differ.fill_null(1), max(left.level, right.level))

    def _where(self, node: tree.Where) -> Verdict:
        applies, then = self.at(node.applies), self.at(node.then)
        if isinstance(applies.code, int):
            return then if applies.code == Outcome.MET else Verdict(int(Outcome.NOT_APPLICABLE))
        code = pl.when(applies.code == 3).then(_code_of(then.code)).otherwise(pl.lit(4, pl.Int8))
        return Verdict(code, max(applies.level, then.level))

    # -- the answer

    def judged(self) -> pl.LazyFrame:
        """One row for each enterprise: an outcome for each criterion, and the three lines.

        Columns: `key`, one per criterion, `hard`, `score_low`, `score_high` and `score_over` (points
        are low/over to high/over), `score_needs_data`, `verdict`. Row order is that of the facts.
        """
        codes = {c.id: self.at(c.root).code for c in self.rulebook.criteria}
        outputs = [_code_of(code).cast(pl.Int8).alias(f"_o_{name}") for name, code in codes.items()]
        total: Quantity = self.at(self.rulebook.total)
        assert total.low is not None and total.high is not None
        score = [
            total.low.cast(pl.Int64).alias("score_low"),
            total.high.cast(pl.Int64).alias("score_high"),
            _scale(total).cast(pl.Int64).alias("score_over"),
            (_code_of(total.missing) == 1).alias("score_needs_data"),
        ]
        frame = self.frame
        for layer in self.layers:
            frame = frame.with_columns(layer)
        frame = frame.select("key", *outputs, *score)
        hard = [f"_o_{c.id}" for c in self.rulebook.group("hard")]
        everything = [f"_o_{c.id}" for c in self.rulebook.criteria]
        return frame.select(
            "key",
            *(_named(pl.col(f"_o_{name}")).alias(name) for name in codes),
            _named(pl.min_horizontal(*hard)).alias("hard"),
            "score_low", "score_high", "score_over", "score_needs_data",
            _named(pl.min_horizontal(*everything)).alias("verdict"),
        )  # fmt: skip


def _named(code: pl.Expr) -> pl.Expr:
    return code.cast(pl.UInt8).cat.to(OUTCOME_TYPE)


def _one_key(frame: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each name in the key, if the key holds several."""
    kind = frame.collect_schema()["_k"]
    return frame.explode("_k") if isinstance(kind, pl.List) else frame


def _compare(operator: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    if operator == ">=":
        return left >= right
    if operator == ">":
        return left > right
    if operator == "<=":
        return left <= right
    return left < right if operator == "<" else left == right


def _le(one: pl.Expr | None, two: pl.Expr | None) -> pl.Expr | None:
    return None if one is None or two is None else one <= two


def _lt(one: pl.Expr | None, two: pl.Expr | None) -> pl.Expr | None:
    return None if one is None or two is None else one < two


def _and(one: pl.Expr | None, two: pl.Expr | None) -> pl.Expr | None:
    return None if one is None or two is None else one & two


def _or(one: pl.Expr | None, two: pl.Expr | None) -> pl.Expr | None:
    if one is None or two is None:
        return two if one is None else one
    return one.fill_null(False) | two.fill_null(False)


def _three(met: pl.Expr, unmet: pl.Expr) -> pl.Expr:
    return pl.when(met).then(pl.lit(3, pl.Int8)).when(unmet).then(pl.lit(0, pl.Int8)).otherwise(pl.lit(1, pl.Int8))


def _code_of(code: Code) -> pl.Expr:
    return pl.lit(code, pl.Int8) if isinstance(code, int) else code


def _both(one: Code, two: Code) -> Code:
    if isinstance(one, int):
        return two if one else 0
    if isinstance(two, int):
        return one if two else 0
    return pl.min_horizontal(one, two)


def _scale(part: Quantity) -> pl.Expr:
    return _lit(part.scale) if isinstance(part.scale, int) else part.scale


def _scales(one: Quantity, two: Quantity) -> tuple[int | pl.Expr, int]:
    bound = one.scale_bound * two.scale_bound
    if isinstance(one.scale, int):
        return _times_scale(two.scale, one.scale), bound
    if isinstance(two.scale, int):
        return _times_scale(one.scale, two.scale), bound
    return _times(one.scale, two.scale, bound), bound


def _times_scale(scale: int | pl.Expr, by: int) -> int | pl.Expr:
    return scale * by


def _dynamic(*parts: Quantity) -> bool:
    return any(isinstance(part.scale, pl.Expr) for part in parts)


def _widest(parts: Iterable[Quantity]) -> bool:
    return any(part.bound >= LONG for part in parts)


def _wide(end: pl.Expr, wide: bool) -> pl.Expr:
    return end.cast(pl.Int128) if wide else end


def _says_nothing(part: Quantity) -> bool:
    return part.high is None


def _narrowed(part: Quantity) -> dict[str, Any]:
    """A second choice counts only where it is exactly known; what it leaves open is open."""
    if part.point is None:
        return {}
    return {"low": part.point.fill_null(0) if not part.low_null else part.point, "high": part.point}


def _by(part: Quantity, factor: Fraction) -> Quantity:
    """A quantity times a fraction that is not negative."""
    by, over = factor.numerator, factor.denominator
    bound = part.bound * by

    def end(value: pl.Expr | None) -> pl.Expr | None:
        return None if value is None else _times(value, by, bound)

    point = end(part.point)
    return replace(
        part,
        low=point if part.low is part.point else end(part.low),
        high=point if part.high is part.point else end(part.high),
        point=point,
        bound=bound,
        scale=_times_scale(part.scale, over),
        scale_bound=part.scale_bound * over,
    )


def _level(parts: list[Quantity]) -> list[Quantity]:
    """Quantities over one denominator."""
    if not _dynamic(*parts):
        common = lcm(*(part.scale for part in parts))  # type: ignore[arg-type]
        return [part if part.scale == common else _to_scale(part, common // part.scale) for part in parts]  # type: ignore[operator]
    result = []
    for place, part in enumerate(parts):
        for other, q in enumerate(parts):
            if other != place and not (isinstance(q.scale, int) and q.scale == 1):
                part = _to_scale(part, q.scale, q.scale_bound)
        result.append(part)
    return result


def _levelled(one: Quantity, two: Quantity) -> tuple[Quantity, Quantity]:
    left, right = _level([one, two])
    return left, right


def _to_scale(part: Quantity, by: int | pl.Expr, by_bound: int = 0) -> Quantity:
    """The same quantity over a denominator `by` times as large."""
    by_bound = by if isinstance(by, int) else by_bound
    bound = part.bound * by_bound

    def end(value: pl.Expr | None) -> pl.Expr | None:
        return None if value is None else _times(value, by, bound)

    point = end(part.point)
    scale: int | pl.Expr
    if isinstance(part.scale, int) and isinstance(by, int):
        scale = part.scale * by
    else:
        scale = _times(_scale(part), by, part.scale_bound * by_bound)
    return replace(
        part,
        low=point if part.low is part.point else end(part.low),
        high=point if part.high is part.point else end(part.high),
        point=point,
        bound=bound,
        scale=scale,
        scale_bound=part.scale_bound * by_bound,
    )


def _total(ends: list[pl.Expr | None], bound: int) -> pl.Expr | None:
    if any(end is None for end in ends):
        return None
    if bound >= HUGE:
        raise OverflowError(f"a rule could reach {bound:.1e}, more than 128 bits hold")
    wide = [_wide(end, bound >= LONG) for end in ends if end is not None]
    return sum(wide[1:], wide[0])


def _may_be_judged(part: Quantity) -> bool:
    """May an expert's part be what is open: then what is missing must be told apart."""
    return not _is(part.missing, 1)


def _all_of(parts: list[Verdict]) -> Verdict:
    level = max(part.level for part in parts)
    fixed = [part.code for part in parts if isinstance(part.code, int)]
    open_parts = [part.code for part in parts if not isinstance(part.code, int)]
    least = min(fixed, default=int(Outcome.NOT_APPLICABLE))
    if least == Outcome.UNMET or not open_parts:
        return Verdict(least, level)
    codes = open_parts if least == Outcome.NOT_APPLICABLE else [*open_parts, pl.lit(least, pl.Int8)]
    return Verdict(codes[0] if len(codes) == 1 else pl.min_horizontal(*codes), level)


def _not(part: Verdict) -> Verdict:
    if isinstance(part.code, int):
        return Verdict(int(NEGATED[part.code]), part.level)
    code = part.code
    flipped = pl.when((code == 0) | (code == 3)).then(3 - code).otherwise(code)
    return Verdict(flipped, part.level)


def judge(
    rulebook: Rulebook, population: Population, on: date, switches: Mapping[str, str] | None = None
) -> pl.LazyFrame:
    """Judge a population; see `Columns.judged` for what comes back.

    Raises:
        NotInForce: a figure of the law has no value on that day.
        UnknownReading: a switch or reading that the rulebook does not have.
    """
    return Columns(rulebook, on, population, switches).judged()
