"""A rulebook compiled for one day: each number and outcome of the plan, for all enterprises at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import lcm
from typing import Any, Protocol

from peiyu.policy import facts, tree
from peiyu.policy.case import State
from peiyu.policy.compiled.measures import asked
from peiyu.policy.compiled.quantity import (
    UNKNOWN,
    UNKNOWN_UP,
    Quantity,
    added,
    between,
    chosen,
    compared,
    compared_share,
    fixed,
    in_fen,
    known_where,
    less,
    levelled,
    preferred,
    product,
    quotient,
    scaled,
    smallest,
    stepped,
)
from peiyu.policy.compiled.terms import (
    Number,
    Sheet,
    Truth,
    choose,
    choose_flag,
    larger,
    no,
    same,
)
from peiyu.policy.compiled.verdict import (
    Verdict,
    all_met,
    always,
    contrary,
    decided,
    where,
)
from peiyu.policy.explain import ELAPSED_BETWEEN, ESTABLISHED
from peiyu.policy.intervals import Stair
from peiyu.policy.parameters import Figures
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import Node, Outcome

MOST_ROWS = 10**6  # of one table of one enterprise
MOST_OF_ROWS = facts.LARGEST_AMOUNT * MOST_ROWS
MOST_DAYS = 10**7
EPOCH = date(1970, 1, 1)
MONTHS_COMMON = lcm(*range(1, 13))


class Leaves(Protocol):
    """What an engine has from the beginning, said in its own way; an answer is never null."""

    columns: Collection[str]
    """The columns of the facts: `name`, `name.lag`, `table.state`."""
    complete: Collection[str]
    """Those of them in which nothing is null."""

    def given(self, name: str) -> Any:
        """Is the fact stated."""

    def yes(self, name: str) -> Any:
        """Is it stated as yes."""

    def reached(self, name: str, day: date) -> Any:
        """Is a stated day this one or later."""

    def number(self, name: str) -> tuple[Any, int]:
        """A whole number, zero where it is not stated, and its type by its place in `BITS`."""

    def days(self, name: str) -> Any:
        """A day as days since the beginning of 1970 in 32 bits, zero where it is not stated."""

    def in_state(self, table: str, state: int) -> Any:
        """Is the table in this state."""

    def total(self, name: str, wide: int) -> Any:
        """What was counted or summed, zero without rows, in a type by its place in `BITS`."""

    def total_yes(self, name: str) -> Any:
        """Did a row say yes."""

    def total_given(self, name: str) -> Any:
        """Is there a largest or smallest at all."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is said of each enterprise: outcomes and numbers by the names of their columns."""

    outcomes: Mapping[str, Verdict]
    numbers: Mapping[str, Number | Truth]
    amounts: Mapping[str, tuple[Number, Truth]]  # with where they are known

    def wanted(self) -> dict[str, Number | Truth]:
        """What an engine has to work out: `name.is met` and so on, numbers, `id.low known`."""
        flags = {
            f"{name}.is {outcome}": flag
            for name, verdict in self.outcomes.items()
            for outcome, flag in verdict.possible()[:-1]
        }
        amounts = {name: amount for name, (amount, _) in self.amounts.items()}
        known = {f"{name} known": known for name, (_, known) in self.amounts.items()}
        return {**self.numbers, **flags, **amounts, **known}


class Compiled:
    """A rulebook compiled for one day, one reading of every switch, and what an engine has.

    Raises:
        OverflowError: a rule could leave 38 digits.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        figures: Figures,
        readings: Mapping[str, str],
        plan: tree.Plan,
        leaves: Leaves,
        tables: Collection[str] = (),
        on: date | None = None,
    ) -> None:
        self.rulebook = rulebook
        self.on = figures.on if on is None else on
        self.figures = figures
        self.readings = readings
        self.plan = plan
        self.leaves = leaves
        self.tables = tables
        self.sheet = Sheet()
        self.asked = asked(plan, readings, rulebook.roots(), tables)
        self.values: list[Any] = [None] * len(plan.lines)
        for place, line in enumerate(plan.lines):
            if isinstance(line.node, tree.Number | tree.OutcomeNode):
                self.values[place] = getattr(self, "_" + type(line.node).__name__.lower())(
                    line.node
                )

    def at(self, node: Node) -> Any:
        """What was compiled for a node: a `Quantity` or a `Verdict`."""
        return self.values[self.plan.place(node, self.readings)]

    def answers(self) -> Answers:
        """What is said of each enterprise.

        Outcomes of criteria and grants, `hard` and `verdict`; points as `score_low` to `score_high`
        over `score_over`, and `score_needs_data`; the amounts of a grant as `id.low` and `id.high`.
        """
        book = self.rulebook
        outcomes: dict[str, Verdict] = {c.id: self.at(c.root) for c in book.criteria}
        hard = all_met(outcomes[c.id] for c in book.group("hard"))
        others = [outcomes[c.id] for c in book.criteria if c.group != "hard"]
        outcomes |= {"hard": hard, "verdict": all_met([hard, *others])}
        numbers: dict[str, Number | Truth] = {}
        if book.total is not None:
            total: Quantity = self.at(book.total)
            numbers = {
                "score_low": total.low,
                "score_high": total.high,
                "score_over": total.scale,
                "score_needs_data": total.lacking,
            }
        amounts: dict[str, tuple[Number, Truth]] = {}
        for grant in book.grants:
            outcomes[grant.id] = self.at(grant.when)
            amount: Quantity = in_fen(self.at(grant.amount))
            amounts[f"{grant.id}.low"] = amount.low, amount.low_known
            amounts[f"{grant.id}.high"] = amount.high, amount.high_known
        return Answers(outcomes, numbers, amounts)

    # -- facts

    def _given(self, name: str) -> Truth:
        """Where the fact is stated."""
        if name not in self.leaves.columns or name in self.leaves.complete:
            return name in self.leaves.columns
        return self.sheet.given_flag(f"stated {name}", self.leaves.given(name))

    def _yes(self, name: str) -> Truth:
        """Where the fact is stated as yes."""
        if name not in self.leaves.columns:
            return False
        return self.sheet.given_flag(f"yes {name}", self.leaves.yes(name))

    def _from(self, name: str, day: date) -> Truth:
        """Where a stated day is this one or later."""
        if name not in self.leaves.columns:
            return False
        return self.sheet.given_flag(f"{name} from {day}", self.leaves.reached(name, day))

    def _number(self, name: str, least: int, most: int) -> Number:
        """A column of whole numbers, zero where it is null."""
        there, wide = self.leaves.number(name)
        return self.sheet.given_number(name, there, least, most, wide)

    def _not_yet(self, lag: int) -> Truth:
        """Where the enterprise did not yet operate in the year so far back: its figures are zero."""
        return self._from(ESTABLISHED, date(self.on.year - lag + 1, 1, 1)) if lag else False

    def _factnode(self, node: tree.FactNode) -> Quantity:
        entry = facts.fact(node.name)
        scale = entry.scale if entry.unit is facts.Unit.PERSON_HUNDREDTH else 1
        signed = (entry.minimum or 0) < 0
        value: Number = 0
        if node.key in self.leaves.columns:
            value = self._number(node.key, -entry.bound if signed else 0, entry.bound)
        known = self._given(node.key) | self._not_yet(node.lag)
        return known_where(value, known, signed=signed, scale=scale)

    def _isyes(self, node: tree.IsYes) -> Verdict:
        yes, stated = self._yes(node.name), self._given(node.name)
        return Verdict(unmet=stated & no(yes), unknown=no(stated), met=yes)

    def _judged(self, node: tree.Judged) -> Verdict:
        yes, stated = self._yes(node.name), self._given(node.name)
        return Verdict(unmet=stated & no(yes), expert=no(stated), met=yes)

    # -- time

    def _days(self, name: str) -> Number:
        days = self.leaves.days(name)
        return self.sheet.given_number(f"days {name}", days, -MOST_DAYS, MOST_DAYS, 2)

    def _elapsed(self, node: tree.Elapsed) -> Quantity:
        stated = self._given(node.since)
        if node.unit == "days":
            stated = stated & (not node.until or self._given(node.until))
            if stated is False:
                return UNKNOWN
            until = self._days(node.until) if node.until else (self.on - EPOCH).days
            return known_where(until - self._days(node.since), stated, signed=True)
        year = self.on.year
        marks = {
            "years": [(date(year - n, 1, 1), n) for n in range(3)],
            "full years": [(date(year - n - 1, 1, 2), n) for n in (1, 2)],
            "months": [
                (date(year, 1, 1), 12),
                *((date(year - 1, 13 - n, 1), n) for n in range(1, 12)),
            ],
        }[node.unit]
        least, most = ELAPSED_BETWEEN[node.unit]
        passed = self._by_day(node.since, marks, most)  # the most where the day is not stated
        return Quantity(choose(stated, passed, least), passed, True, True, stated, no(stated))

    def _by_day(self, name: str, marks: list[tuple[date, int]], otherwise: int) -> Number:
        """The number of the first mark that a day has reached: calendars are slow, days are not."""
        found: Number = otherwise
        for day, number in reversed(marks):
            found = choose(self._from(name, day), number, found)
        return found

    def _annualised(self, node: tree.Annualised) -> Quantity:
        part: Quantity = self.at(node.part)
        stated, year = self._given(node.since), self.on.year - node.lag
        if stated is False:
            return UNKNOWN
        marks = [
            (date(year + 1, 1, 1), MONTHS_COMMON),
            *((date(year, 13 - n, 1), 12 * MONTHS_COMMON // n) for n in range(1, 13)),
        ]
        by = self._by_day(node.since, marks, MONTHS_COMMON)
        return replace(
            part,
            low=part.low * by,
            high=part.high * by,
            low_known=part.low_known & stated,
            high_known=part.high_known & stated,
            exact=part.exact & stated,
            lacking=part.lacking | no(stated),
            scale=part.scale * MONTHS_COMMON,
        )

    def _operated(self, node: tree.Operated) -> Verdict:
        stated, known = self._given(node.since), self.at(node.figure).exact
        young = self._from(node.since, date(self.on.year - node.lag + 1, 1, 1))
        met = choose_flag(stated, no(young), known)
        return decided(met, young)

    # -- measures

    def _measure(self, node: tree.Measure) -> Quantity | None:
        place = self.plan.place(node, self.readings)
        if node.table not in self.tables:
            return self._declared(node)
        if place not in self.asked.measures:
            return None
        return self._of_rows(place, self._declared(node))

    def _declared(self, node: tree.Measure) -> Quantity:
        """What counts where there are no rows."""
        if node.declared is not None:
            declared: Quantity = self.at(node.declared)
            return declared
        return fixed(0) if node.absent_is_none else UNKNOWN_UP

    def _of_rows(self, place: int, declared: Quantity) -> Quantity:
        node = self.asked.measures[place]
        absent = self._in_state(node.table, State.ABSENT)
        rows = self._counted(place, node, self._in_state(node.table, State.COMPLETE))
        return chosen(Verdict(met=absent, unmet=no(absent)), declared, rows)

    def _in_state(self, table: str, state: State) -> Truth:
        there = self.leaves.in_state(table, int(state))
        return self.sheet.given_flag(f"{table} {state.name}", there)

    def _counted(self, place: int, node: tree.Measure, complete: Truth) -> Quantity:
        """What the rows say: `7 low` of the measure on line 7 of the plan is what surely counts.

        `7 more` is what rows may add of which it is not known, `7 open` says that even this is not all.
        """

        def number(part: str, most: int, wide: int) -> Number:
            name = f"{place} {part}"
            there = self.leaves.total(name, wide)
            return self.sheet.given_number(name, there, 0, most, wide)

        def flag(part: str) -> Truth:
            name = f"{place} {part}"
            return self.sheet.given_flag(name, self.leaves.total_yes(name))

        if node.kind in ("largest", "smallest"):
            name = f"{place} low"
            stated = self.sheet.given_flag(f"stated {name}", self.leaves.total_given(name))
            return known_where(number("low", facts.LARGEST_COUNT, 3), stated, signed=True)
        if node.kind == "average":
            months = number("months", MOST_ROWS, 2)
            known = complete & no(flag("open")) & (months > 0)
            total = number("low", 2 * facts.LARGEST_COUNT * MOST_ROWS, 3)
            scale = larger(months * len(node.value), 1)
            return known_where(choose(known, total, 0), known, signed=False, scale=scale)
        if node.kind == "sum":
            low, more = (number(end, MOST_OF_ROWS, 4) for end in ("low", "more"))
            known = complete & no(flag("open"))
            exact = known & same(more, 0)
            return Quantity(low, low + more, True, known, exact, no(exact))
        low, more = number("low", MOST_ROWS, 2), number("more", MOST_ROWS, 2)
        if node.kind == "distinct":
            high = number("high", MOST_ROWS, 2) + more
            exact = complete & same(low, high)
            return Quantity(low, high, True, complete, exact, no(exact))
        exact = complete & same(more, 0)
        judged = node.judged is not None
        lacks = no(complete) | flag("open") if judged else no(exact)
        return Quantity(low, low + more, True, complete, exact, lacks, judged)

    def _rowsdiffer(self, node: tree.RowsDiffer) -> Verdict:
        measure = node.measure
        if measure.table not in self.tables or measure.declared is None:
            return always(Outcome.UNKNOWN)
        rows, declared = levelled((self.at(measure), self.at(measure.declared)))
        return _differ(rows, declared, no(self._in_state(measure.table, State.ABSENT)))

    # -- numbers

    def _constant(self, node: tree.Constant) -> Quantity:
        return fixed(node.value)

    def _parameter(self, node: tree.Parameter) -> Quantity:
        return fixed(self.figures.number(node.name))

    def _band(self, node: tree.Band) -> Quantity:
        return between(*self.figures.points(node.parameter, node.key))

    def _sum(self, node: tree.Sum) -> Quantity:
        place = self.plan.place(node, self.readings)
        lines = [self.plan.place(part, self.readings) for part in node.parts]
        if place not in self.asked.together:
            return added([self.values[line] for line in lines])
        alike = self.asked.together[place]
        declared = [self._declared(self.plan.lines[line].node) for line in alike]  # type: ignore[arg-type]
        others = [self.values[line] for line in lines if line not in alike]
        return added([self._of_rows(place, added(declared)), *others])

    def _difference(self, node: tree.Difference) -> Quantity:
        return less(self.at(node.left), self.at(node.right))

    def _scaled(self, node: tree.Scaled) -> Quantity:
        rate = self.figures.number(node.rate)
        return scaled(self.at(node.part), rate / (1 - rate) if node.gross else rate)

    def _product(self, node: tree.Product) -> Quantity:
        return product(self.at(node.left), self.at(node.right))

    def _quotient(self, node: tree.Quotient) -> Quantity:
        return quotient(self.at(node.left), self.at(node.right))

    def _atmost(self, node: tree.AtMost) -> Quantity:
        return smallest([self.at(part) for part in node.parts])

    def _end(self, node: tree.End) -> Quantity:
        part: Quantity = self.at(node.part)
        end, known = (part.high, part.high_known) if node.upper else (part.low, part.low_known)
        return known_where(end, known, signed=True, scale=part.scale)

    def _tofen(self, node: tree.ToFen) -> Quantity:
        return in_fen(self.at(node.part))

    def _preferred(self, node: tree.Preferred) -> Quantity:
        return preferred(self.at(node.first), self.at(node.second))

    def _steps(self, node: tree.Steps) -> Quantity:
        return stepped(self.at(node.value), Stair.of(self.figures.steps(node.parameter)))

    def _first(self, node: tree.First) -> Quantity:
        found: Quantity = self.at(node.otherwise)
        for condition, number in reversed(node.cases):
            found = chosen(self.at(condition), self.at(number), found)
        return found

    # -- outcomes

    def _always(self, node: tree.Always) -> Verdict:
        return always(node.outcome)

    def _test(self, node: tree.Test) -> Verdict:
        return compared(node.operator, self.at(node.left), self.at(node.right))

    def _ratiotest(self, node: tree.RatioTest) -> Verdict:
        share = node.ratio
        undefined = always(Outcome.UNKNOWN) if share.undefined is None else self.at(share.undefined)
        part, base, limit = self.at(share.part), self.at(share.base), self.at(node.limit)
        return compared_share(node.operator, part, base, limit, undefined)

    def _allof(self, node: tree.AllOf) -> Verdict:
        return all_met(self.at(part) for part in node.parts)

    def _anyof(self, node: tree.AnyOf) -> Verdict:
        return contrary(all_met(contrary(self.at(part)) for part in node.parts))

    def _not(self, node: tree.Not) -> Verdict:
        return contrary(self.at(node.part))

    def _where(self, node: tree.Where) -> Verdict:
        return where(self.at(node.applies).met, self.at(node.then), always(Outcome.NOT_APPLICABLE))

    def _stated(self, node: tree.Stated) -> Verdict:
        exact = self.at(node.part).exact
        return decided(exact, no(exact))

    def _differs(self, node: tree.Differs) -> Verdict:
        one, two = levelled((self.at(node.left), self.at(node.right)))
        return _differ(one, two, known=True)


def _differ(one: Quantity, two: Quantity, known: Truth) -> Verdict:
    """Where both are exactly known: are they not the same."""
    known, alike = known & one.exact & two.exact, same(one.low, two.low)
    return decided(known & no(alike), known & alike)
