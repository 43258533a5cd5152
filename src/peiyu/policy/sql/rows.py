"""The rows of the tables in SQL: links by joins, then one gathering by enterprise for each table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

from sqlglot import exp

from peiyu.policy import tree
from peiyu.policy.case import State
from peiyu.policy.compiled.measures import asked, linked_tables, own_days, said_of_row
from peiyu.policy.parameters import Figures
from peiyu.policy.sql import words as w
from peiyu.policy.sql.cells import Cells
from peiyu.policy.sql.reading import ENTERPRISES, Relation, holds_names
from peiyu.policy.tree import Node


@dataclass(frozen=True, slots=True)
class Links:
    """By whom (`_for`) and by which key (`_by`): does some linked row say yes, may one; and loose rows."""

    found: str
    loose: str


class Rows:
    """The tables that were given, beside what the rules read of their enterprise."""

    def __init__(
        self,
        steps: w.Steps,
        plan: tree.Plan,
        readings: Mapping[str, str],
        figures: Figures,
        on: date,
        given: Mapping[str, Relation],
        roots: Iterable[Node],
        dialect: str,
    ) -> None:
        self.steps = steps
        self.plan = plan
        self.readings = readings
        self.cells = Cells(plan, readings, figures, on)
        self.stated = given[ENTERPRISES].columns
        self.widest = w.kinds(dialect)[-1]
        self.days = own_days(plan)
        self.tables = {
            name: self._beside(there) for name, there in given.items() if name != ENTERPRISES
        }
        self._said: dict[tuple[object, ...], Relation] = {}
        self.asked = asked(plan, readings, roots, self.tables).measures

    def _beside(self, rows: Relation) -> Relation:
        """Each row with what the rules read of its enterprise."""
        states = [f"{other}.state" for other in linked_tables(self.plan, rows.name)]
        held: dict[str, exp.Expression] = {f"_state_{state.removesuffix('.state')}": w.col(state)
                for state in states if state in self.stated}  # fmt: skip
        for day in self.days:
            held[f"_day_{day}"] = w.col(day) if day in self.stated else w.cast(w.NULL, "DATE")
        if not held:
            return rows
        own = [w.called(value, name) for name, value in held.items()]
        beside = self.steps.add(
            f"{rows.name}_of", w.select([w.called(w.col("key"), "_whose"), *own], ENTERPRISES)
        )
        query = w.select([w.col(c, rows.name) for c in rows.columns], rows.name)
        for name in held:
            query.append("expressions", w.col(name, beside))
        same = w.two(exp.EQ, w.col("key", rows.name), w.col("_whose", beside))
        made = self.steps.add(rows.name, w.joined(query, beside, [same]))
        return Relation(made, (*rows.columns, *held))

    def saying(self, table: str, *nodes: Node) -> Relation:
        """The rows of a table, with a column for every link and flag below these nodes."""
        rows = self.tables[table]
        so_far: tuple[object, ...] = (table,)
        for place in said_of_row(self.plan, self.readings, nodes):
            so_far += (place,)
            if so_far not in self._said:
                node = self.plan.lines[place].node
                if isinstance(node, tree.Exists):
                    self._said[so_far] = self._linked(rows, f"_e{place}", node)
                else:
                    assert isinstance(node, tree.RowFlag)
                    said = self.cells.truth(node.rule)
                    self._said[so_far] = self._with(rows, table, f"_f{place}", said)
            rows = self._said[so_far]
        return rows

    def _with(self, rows: Relation, name: str, column: str, value: exp.Expression) -> Relation:
        """The rows with one more column."""
        query = w.select([*map(w.col, rows.columns), w.called(value, column)], rows.name)
        return Relation(self.steps.add(name, query), (*rows.columns, column))

    # -- links: is there a row of another table for which something holds

    def _linked(self, rows: Relation, column: str, node: tree.Exists) -> Relation:
        link = node.link
        declared: exp.Expression = w.cast(w.NULL, "BOOLEAN")
        if node.declared is not None:
            declared = self.cells.truth(node.declared)
        if link.target not in self.tables:
            return self._with(rows, link.source, column, declared)
        links = self._links(rows, node)
        beside = self._joined(rows, links, link.source_key, link.source)
        state = w.col(f"_state_{link.target}")
        complete = w.two(exp.EQ, state, w.lit(int(State.COMPLETE)))
        named = w.is_true(w.both([w.is_known(w.col(link.source_key)), complete]))
        answer = w.when([
            (w.is_true(w.two(exp.EQ, state, w.lit(int(State.ABSENT)))), declared),
            (w.is_true(w.col("_some")), w.TRUE),
            (w.either([w.is_true(w.col("_perhaps")), w.is_known(w.col("_loose")), w.no(named)]),
             w.cast(w.NULL, "BOOLEAN")),
        ], w.FALSE)  # fmt: skip
        query = w.select([*map(w.col, rows.columns), w.called(answer, column)], beside)
        return Relation(self.steps.add(link.source, query), (*rows.columns, column))

    def _joined(self, rows: Relation, links: Links, key: str, name: str) -> str:
        """The rows beside what is said of their links."""
        query = w.select([w.col(column, rows.name) for column in rows.columns], rows.name)
        for column, of in (
            ("_some", links.found),
            ("_perhaps", links.found),
            ("_loose", links.loose),
        ):
            query.append("expressions", w.col(column, of))
        query = w.joined(query, links.found, [
            w.two(exp.EQ, w.col("key", rows.name), w.col("_for", links.found)),
            w.two(exp.EQ, w.col(key, rows.name), w.col("_by", links.found)),
        ])  # fmt: skip
        same = w.two(exp.EQ, w.col("key", rows.name), w.col("_loose", links.loose))
        return self.steps.add(f"{name}_linked", w.joined(query, links.loose, [same]))

    def _links(self, rows: Relation, node: tree.Exists) -> Links:
        """What is said of the rows of the other table."""
        link = node.link
        own = [f"_day_{day}" for day in self.days]
        target = self.saying(link.target, node.where)
        judged = self._keys(rows, link, own if link.anywhere else [])
        others = self._each(target, link)
        same = [w.two(exp.EQ, w.col("_k", judged), w.col("_k", others))]
        kept = [column for column in target.columns if not (link.anywhere and column in own)]
        if not link.anywhere:
            same.append(w.two(exp.EQ, w.col("_for", judged), w.col("key", others)))
        what = [w.col("_for", judged), w.col("_by", judged), *(w.col(c, others) for c in kept)]
        if link.anywhere:
            what += [w.col(name, judged) for name in own]
        met = self.steps.add("met", w.joined(w.select(what, judged), others, same, side=""))
        said = self.cells.truth(node.where, itself="_for")
        pairs = w.select([w.col("_for"), w.col("_by"), w.called(said, "_is")], met)
        gathered = self._gathered(self.steps.add("pairs", pairs))
        return Links(gathered, self._loose(target, node))

    def _keys(self, rows: Relation, link: tree.Link, more: list[str]) -> str:
        """The keys of rows, each once: `_for` whom, `_by` the key as it stands, `_k` each name in it."""
        key = w.col(link.source_key)
        what = [w.called(w.col("key"), "_for"), w.called(key, "_by"), *map(w.col, more)]
        query = w.select(what, rows.name).where(w.is_known(key), copy=False).distinct(copy=False)
        keys = self.steps.add("keys", query)
        each: exp.Expression = w.col("_by")
        if holds_names(link.source, link.source_key):
            each = exp.Explode(this=each)
        held = [w.col(name) for name in ("_for", "_by", *more)]
        return self.steps.add("names", w.select([*held, w.called(each, "_k")], keys))

    def _each(self, rows: Relation, link: tree.Link) -> str:
        """Rows of the other table with `_k`, each name in their key; none without a name."""
        key = w.col(link.target_key)
        each: exp.Expression = key
        if holds_names(link.target, link.target_key):
            each = exp.Explode(this=each)
        query = w.select([*map(w.col, rows.columns), w.called(each, "_k")], rows.name)
        return self.steps.add("each", query.where(w.is_known(key), copy=False))

    def _loose(self, target: Relation, node: tree.Exists) -> str:
        """A row that does not say to what it belongs may belong to any row of its enterprise."""
        unnamed = w.is_unknown(w.col(node.link.target_key))
        perhaps = w.filled(self.cells.truth(node.where), w.TRUE)
        query = w.select([w.called(w.col("key"), "_loose")], target.name)
        query = query.where(w.both([unnamed, perhaps]), copy=False).distinct(copy=False)
        return self.steps.add("loose", query)

    def _gathered(self, pairs: str) -> str:
        """By whom and by which key: does some row say yes, and may one."""
        some = exp.LogicalOr(this=w.is_true(w.col("_is")))
        perhaps = exp.LogicalOr(this=w.is_unknown(w.col("_is")))
        query = w.select([
            w.col("_for"), w.col("_by"), w.called(some, "_some"), w.called(perhaps, "_perhaps"),
        ], pairs)  # fmt: skip
        return self.steps.add("found", w.grouped(query, w.col("_for"), w.col("_by")))

    # -- what is counted and summed: one gathering for each table

    def counted(self) -> str:
        """The facts with the totals of every measure whose table was given, as `7 low`."""
        totals = []
        for name in self.tables:
            what: dict[str, exp.Expression] = {}
            cells: list[Node] = []
            for place, node in self.asked.items():
                if node.table == name:
                    what |= {f"{place} {part}": total for part, total in self._measured(node)}
                    cells += [c for c in node.children() if not isinstance(c, tree.Number)]
            if what:
                rows = self.saying(name, *cells)
                said = [w.called(total, column) for column, total in what.items()]
                whose = w.called(w.col("key"), "_of")
                query = w.grouped(w.select([whose, *said], rows.name), w.col("key"))
                totals.append((self.steps.add(f"{name}_totals", query), tuple(what)))
        query = w.select([w.col(column, ENTERPRISES) for column in self.stated], ENTERPRISES)
        for step, columns in totals:
            for column in columns:
                query.append("expressions", w.col(column, step))
            same = w.two(exp.EQ, w.col("key", ENTERPRISES), w.col("_of", step))
            query = w.joined(query, step, [same])
        return self.steps.add("counted", query)

    def _measured(self, node: tree.Measure) -> list[tuple[str, exp.Expression]]:
        where = self.cells.truth(node.where)
        sure, unsure = w.is_true(where), w.is_unknown(where)
        values = [self.cells.cell(part) for part in node.value]
        unknown = w.either(map(w.is_unknown, values))
        match node.kind:
            case "count":
                blank = unsure
                if node.judged is not None:
                    blank = w.both([unsure, w.no(w.is_true(self.cells.truth(node.judged)))])
                return [("low", _many(sure)), ("more", _many(unsure)), ("open", _any(blank))]
            case "sum":
                amount = self._amount(values)
                may = w.both([w.either([sure, unsure]), unknown])
                return [
                    ("low", self._sum(sure, amount)),
                    ("more", self._sum(unsure, amount)),
                    ("open", _any(may)),
                ]
            case "distinct":
                both = w.either([sure, unsure])
                return [
                    ("low", _distinct(w.when([(sure, values[0])]))),
                    ("high", _distinct(w.when([(both, values[0])]))),
                    ("more", _many(w.both([both, unknown]))),
                ]
            case "average":
                blank = w.either([unsure, w.both([sure, unknown])])
                amount = self._amount(values)
                return [
                    ("low", self._sum(sure, amount)), ("months", _many(sure)), ("open", _any(blank)),
                ]  # fmt: skip
        found = w.when([(sure, values[0])])
        return [("low", exp.Max(this=found) if node.kind == "largest" else exp.Min(this=found))]

    def _amount(self, values: list[exp.Expression]) -> exp.Expression:
        """The sum of what is known in a row, in the widest type."""
        nothing = w.cast(w.lit(0), self.widest)
        wide = (w.filled(w.cast(value, self.widest), nothing) for value in values)
        return reduce(lambda one, other: w.two(exp.Add, one, other), wide)

    def _sum(self, where: exp.Expression, amount: exp.Expression) -> exp.Expression:
        return exp.Sum(this=w.when([(where, amount)], w.cast(w.lit(0), self.widest)))


def _many(where: exp.Expression) -> exp.Expression:
    """How many rows say yes."""
    return exp.Sum(this=w.when([(where, w.lit(1))], w.lit(0)))


def _any(where: exp.Expression) -> exp.Expression:
    """Does a row say yes."""
    return exp.LogicalOr(this=where)


def _distinct(value: exp.Expression) -> exp.Expression:
    """How many different values there are; a null is none."""
    return exp.Count(this=exp.Distinct(expressions=[value]))
