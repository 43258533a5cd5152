"""The few nodes of which rules are made.

Three layers. *Row* nodes speak of one row of a table and are three-valued. *Number* nodes speak of
an enterprise and are intervals over one denominator: what is missing opens an interval, what an
expert must judge widens it. *Outcome* nodes compare numbers. A node says nothing about how it is
evaluated: `explain`, `columns` and the interpreters to come walk the same tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from fractions import Fraction
from functools import cache
from typing import Literal

from peiyu.words import mark


class Outcome(IntEnum):
    """What is said of a condition; the order makes all-of the smallest of its parts."""

    UNMET = 0
    UNKNOWN = 1
    EXPERT = 2
    MET = 3
    NOT_APPLICABLE = 4

    @property
    def chinese(self) -> str:
        """The word on the page."""
        return OUTCOME_WORDS[self]


OUTCOME_WORDS = {
    Outcome.UNMET: mark("不符合"),
    Outcome.UNKNOWN: mark("资料不足"),
    Outcome.EXPERT: mark("待专家评定"),
    Outcome.MET: mark("符合"),
    Outcome.NOT_APPLICABLE: mark("不适用"),
}

NEGATED = (Outcome.MET, Outcome.UNKNOWN, Outcome.EXPERT, Outcome.UNMET, Outcome.NOT_APPLICABLE)

Operator = Literal[">=", ">", "<=", "<", "=="]


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A part of a rule."""

    def children(self) -> tuple[Node, ...]:
        """The nodes it is made of, in order."""
        return _children(self)

    def details(self) -> tuple[object, ...]:
        """What it says itself, without its children: with them its identity."""
        return tuple(
            _without_nodes(getattr(self, entry.name))
            for entry in fields(self)
            if entry.metadata.get("identity", True)
        )


@cache
def _children(node: Node) -> tuple[Node, ...]:
    return tuple(part for entry in fields(node) for part in _nodes(getattr(node, entry.name)))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)


def _without_nodes(value: object) -> object:
    if isinstance(value, Node):
        return "·"
    if isinstance(value, tuple):
        return tuple(_without_nodes(part) for part in value)
    return value


# ---------------------------------------------------------------------------------------- rows


@dataclass(frozen=True, eq=False, slots=True)
class Cell(Node):
    """Something that can be said of one row: a value, or true, false or unknown."""

    def __and__(self, other: Cell) -> Cell:
        return RowAll((self, other))

    def __or__(self, other: Cell) -> Cell:
        return RowAny((self, other))

    def __invert__(self) -> Cell:
        return RowNot(self)

    def __ge__(self, other: Cell | int) -> Cell:
        return RowTest(">=", self, _cell(other))

    def __gt__(self, other: Cell | int) -> Cell:
        return RowTest(">", self, _cell(other))

    def __le__(self, other: Cell | int) -> Cell:
        return RowTest("<=", self, _cell(other))

    def __lt__(self, other: Cell | int) -> Cell:
        return RowTest("<", self, _cell(other))

    def equals(self, other: Cell | int | str) -> Cell:
        """True where both are known and the same."""
        return RowTest("==", self, _cell(other))

    def is_in(self, *values: str) -> Cell:
        """True where it is one of `values`."""
        return RowIn(self, values)


def _cell(value: Cell | int | str) -> Cell:
    return value if isinstance(value, Cell) else Literally(value)


@dataclass(frozen=True, eq=False, slots=True)
class Column(Cell):
    """The value of one column in the row."""

    table: str
    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Literally(Cell):
    """A value written in the rule."""

    value: int | str


@dataclass(frozen=True, eq=False, slots=True)
class Day(Cell):
    """The governing day, moved back by a number of days that a parameter gives; or another fixed day."""

    back: str = ""  # parameter
    fact: str = ""  # an enterprise's own day instead


@dataclass(frozen=True, eq=False, slots=True)
class YearsBack(Cell):
    """The governing day so many years ago as a parameter says; of 29 February the 28th."""

    years: str  # parameter


@dataclass(frozen=True, eq=False, slots=True)
class Figure(Cell):
    """A figure of the law, at the governing day, to compare a whole number of a row with."""

    parameter: str


@dataclass(frozen=True, eq=False, slots=True)
class FiscalYear(Cell):
    """The number of the fiscal year `lag` years before the governing day's (G3.1)."""

    lag: int


@dataclass(frozen=True, eq=False, slots=True)
class YearOf(Cell):
    """The calendar year of a day."""

    day: Cell


@dataclass(frozen=True, eq=False, slots=True)
class Self(Cell):
    """The enterprise that is judged, as codes and names are compared."""


@dataclass(frozen=True, eq=False, slots=True)
class RowTest(Cell):
    """A comparison within a row; unknown if a side is."""

    operator: Operator
    left: Cell
    right: Cell


@dataclass(frozen=True, eq=False, slots=True)
class RowIn(Cell):
    """Is the value one of those listed, here or by a parameter."""

    left: Cell
    values: tuple[str, ...] = ()
    parameter: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class RowAll(Cell):
    """All of its parts: false wins over unknown."""

    parts: tuple[Cell, ...]


@dataclass(frozen=True, eq=False, slots=True)
class RowAny(Cell):
    """Any of its parts: true wins over unknown."""

    parts: tuple[Cell, ...]


@dataclass(frozen=True, eq=False, slots=True)
class RowNot(Cell):
    """The contrary."""

    part: Cell


@dataclass(frozen=True, eq=False, slots=True)
class RowSum(Cell):
    """The sum of numbers in a row, at most `cap`'s parameter if one is given."""

    parts: tuple[Cell, ...]
    cap: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Because(Cell):
    """A part of a row rule with the words that say why a row does not count."""

    why: str  # Chinese, said when the part is not true
    article: str
    part: Cell


@dataclass(frozen=True, eq=False, slots=True)
class RowChoose(Cell):
    """A place in a row rule where the law is silent: a named switch decides."""

    switch: str
    readings: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Link:
    """How rows of two tables belong together; a column of several names links to each of them."""

    source: str
    source_key: str
    target: str
    target_key: str
    anywhere: bool = False  # also rows that other enterprises stated


@dataclass(frozen=True, eq=False, slots=True)
class Exists(Cell):
    """Is there a linked row for which `where` holds; without that table the row's own word counts."""

    link: Link = field(metadata={"identity": False})
    where: Cell
    declared: Cell | None = None

    def details(self) -> tuple[object, ...]:
        """The link by its parts."""
        k = self.link
        return ("exists", k.source, k.source_key, k.target, k.target_key, k.anywhere,
                self.declared is None)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class RowFlag(Cell):
    """A named row rule, worked out once for each row."""

    table: str
    name: str
    title: str
    article: str
    rule: Cell


# ------------------------------------------------------------------------------------- numbers


@dataclass(frozen=True, eq=False, slots=True)
class Number(Node):
    """A quantity of one enterprise: an interval over a denominator."""

    def __add__(self, other: Number) -> Number:
        return Sum((self, other))

    def __sub__(self, other: Number) -> Number:
        return Difference(self, other)

    def __ge__(self, other: Number | int) -> OutcomeNode:
        return Test(">=", self, _number(other))

    def __gt__(self, other: Number | int) -> OutcomeNode:
        return Test(">", self, _number(other))

    def __le__(self, other: Number | int) -> OutcomeNode:
        return Test("<=", self, _number(other))

    def __lt__(self, other: Number | int) -> OutcomeNode:
        return Test("<", self, _number(other))

    def equals(self, other: Number | int) -> OutcomeNode:
        """Met where both are the same."""
        return Test("==", self, _number(other))


def _number(value: Number | int | Fraction) -> Number:
    return value if isinstance(value, Number) else Constant(Fraction(value))


@dataclass(frozen=True, eq=False, slots=True)
class Constant(Number):
    """A number written in the rule."""

    value: Fraction


@dataclass(frozen=True, eq=False, slots=True)
class Parameter(Number):
    """A figure of the law, at the governing day."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class FactNode(Number):
    """A stated figure; of a fiscal year `lag` years back if the lag is not 0.

    A year in which the enterprise did not yet operate counts as zero; a year that is only not
    stated is unknown.
    """

    name: str
    lag: int = 0

    @property
    def key(self) -> str:
        """How the figure is called in a case and in columns."""
        return f"{self.name}.{self.lag}" if self.lag else self.name


@dataclass(frozen=True, eq=False, slots=True)
class Elapsed(Number):
    """Time from a day that is a fact to the governing day.

    `years` counts fiscal years begun and ended before the governing year (3 at the most); `full
    years` those operated from 1 January (1 to 3); `months` those operated in the last of them.
    """

    since: str
    unit: Literal["days", "years", "full years", "months"]
    until: str = ""  # another fact instead of the governing day


@dataclass(frozen=True, eq=False, slots=True)
class Measure(Number):
    """Rows counted or summed: a pair, widened by unknown rows; rows beat the declared figure."""

    name: str
    title: str
    kind: Literal["count", "sum", "distinct", "average", "largest", "smallest"]
    table: str
    where: Cell
    value: tuple[Cell, ...] = ()
    declared: FactNode | None = None
    judged: Cell | None = None  # unknown rows for which this holds wait for an expert, not for data
    absent_is_none: bool = False  # a panel that has not sat has given no sheet
    article: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Sum(Number):
    """The sum of its parts."""

    parts: tuple[Number, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Difference(Number):
    """The first less the second."""

    left: Number
    right: Number


@dataclass(frozen=True, eq=False, slots=True)
class Scaled(Number):
    """A number times a share of the law, or times a share turned into the part for one (p to 1-p)."""

    part: Number
    rate: str  # parameter
    gross: bool = False  # times p / (1 - p): the ceiling of a part that is itself in the total


@dataclass(frozen=True, eq=False, slots=True)
class Product(Number):
    """Two exactly known numbers multiplied; unknown if one is not."""

    left: Number
    right: Number


@dataclass(frozen=True, eq=False, slots=True)
class Quotient(Number):
    """A number over another that is exactly known and not zero; never worked out as a fraction."""

    left: Number
    right: Number


@dataclass(frozen=True, eq=False, slots=True)
class Annualised(Number):
    """A figure of the year `lag` back; of the year of establishment, times twelve over the months operated."""

    part: Number
    lag: int
    since: str


@dataclass(frozen=True, eq=False, slots=True)
class AtMost(Number):
    """The smallest of its parts."""

    parts: tuple[Number, ...]


def at_least(*parts: Number) -> Number:
    """The largest of its parts, made of nodes that every interpreter has."""
    none = Constant(Fraction(0))
    return Difference(none, AtMost(tuple(Difference(none, part) for part in parts)))


def largest_of(node: Node) -> tuple[Number, ...]:
    """The parts of which a number is the largest, as `at_least` made it; else none."""
    if not (isinstance(node, Difference) and isinstance(node.right, AtMost)):
        return ()
    parts = [part for part in node.right.parts if isinstance(part, Difference)]
    lefts = [node.left, *(part.left for part in parts)]
    made = len(parts) == len(node.right.parts) and all(left is node.left for left in lefts)
    return tuple(part.right for part in parts) if made else ()


@dataclass(frozen=True, eq=False, slots=True)
class End(Number):
    """The lower or upper end of an interval, taken as a number of its own. For flags only."""

    part: Number
    upper: bool


@dataclass(frozen=True, eq=False, slots=True)
class ToFen(Number):
    """Rounded half up to whole units, once, where an official table prints the line."""

    part: Number


@dataclass(frozen=True, eq=False, slots=True)
class Preferred(Number):
    """The first number if it is exactly known, else the second if that is, else what is known of the first."""

    first: Number
    second: Number


@dataclass(frozen=True, eq=False, slots=True)
class Steps(Number):
    """The step of a table of the law on which a number stands; a step may be a band of points."""

    value: Number
    parameter: str


@dataclass(frozen=True, eq=False, slots=True)
class Band(Number):
    """Points that an expert gives between two bounds (parameter `name`, entry `key`)."""

    parameter: str
    key: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class First(Number):
    """The number of the first condition that is met; an undecided condition leaves all that may follow."""

    cases: tuple[tuple[OutcomeNode, Number], ...]
    otherwise: Number


@dataclass(frozen=True, eq=False, slots=True)
class ChooseNumber(Number):
    """A place where the law is silent about a number: a named switch decides."""

    switch: str
    readings: tuple[tuple[str, Number], ...]


# ------------------------------------------------------------------------------------ outcomes


@dataclass(frozen=True, eq=False, slots=True)
class OutcomeNode(Node):
    """Something that is met, unmet, unknown, for an expert, or not applicable."""

    def __and__(self, other: OutcomeNode) -> OutcomeNode:
        return AllOf((self, other))

    def __or__(self, other: OutcomeNode) -> OutcomeNode:
        return AnyOf((self, other))

    def __invert__(self) -> OutcomeNode:
        return Not(self)


@dataclass(frozen=True, eq=False, slots=True)
class Ratio(Node):
    """A share that is compared by multiplying, never divided."""

    part: Number
    base: Number
    undefined: OutcomeNode | None = None  # what is said where the base is not above zero

    def __ge__(self, other: Number) -> OutcomeNode:
        return RatioTest(">=", self, other)

    def __gt__(self, other: Number) -> OutcomeNode:
        return RatioTest(">", self, other)


@dataclass(frozen=True, eq=False, slots=True)
class Always(OutcomeNode):
    """The same outcome for all."""

    outcome: Outcome


@dataclass(frozen=True, eq=False, slots=True)
class Test(OutcomeNode):
    """Two numbers compared; decided only if the whole interval is."""

    operator: Operator
    left: Number
    right: Number


@dataclass(frozen=True, eq=False, slots=True)
class RatioTest(OutcomeNode):
    """A share compared with a limit that is not negative; decided only if the whole interval is."""

    operator: Operator
    ratio: Ratio
    limit: Number


@dataclass(frozen=True, eq=False, slots=True)
class AllOf(OutcomeNode):
    """Unmet, else unknown, else for an expert, else met; what does not apply drops out."""

    parts: tuple[OutcomeNode, ...]


@dataclass(frozen=True, eq=False, slots=True)
class AnyOf(OutcomeNode):
    """Met, else unknown, else for an expert, else unmet; what does not apply drops out."""

    parts: tuple[OutcomeNode, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Not(OutcomeNode):
    """The contrary; unknown stays unknown."""

    part: OutcomeNode


@dataclass(frozen=True, eq=False, slots=True)
class IsYes(OutcomeNode):
    """A yes-or-no fact; unknown if not stated."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Judged(OutcomeNode):
    """What a person must judge: for an expert until the finding is stated."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Operated(OutcomeNode):
    """Did the enterprise operate `lag` fiscal years back: by a figure stated of it, else by its age."""

    figure: Number
    lag: int
    since: str


@dataclass(frozen=True, eq=False, slots=True)
class Stated(OutcomeNode):
    """Is the figure exactly known. For what applies and for flags only, never inside a condition."""

    part: Number


@dataclass(frozen=True, eq=False, slots=True)
class Differs(OutcomeNode):
    """Two numbers are both exactly known and not the same. For flags only."""

    left: Number
    right: Number


@dataclass(frozen=True, eq=False, slots=True)
class RowsDiffer(OutcomeNode):
    """Complete rows and the declared figure are both there and not the same. For flags only."""

    measure: Measure


@dataclass(frozen=True, eq=False, slots=True)
class Where(OutcomeNode):
    """`then` where `applies` is met; else it does not apply."""

    applies: OutcomeNode
    then: OutcomeNode


@dataclass(frozen=True, eq=False, slots=True)
class ChooseOutcome(OutcomeNode):
    """A place where the law is silent about an outcome: a named switch decides."""

    switch: str
    readings: tuple[tuple[str, OutcomeNode], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Called(Number):
    """A number with a name of its own in the law; it decides nothing and is told by its name."""

    title: str
    article: str
    part: Number
    lag: int = 0  # of the fiscal year so far back


Choice = RowChoose | ChooseNumber | ChooseOutcome


# ------------------------------------------------------------------------------------- walking


def walk(*roots: Node) -> Iterator[Node]:
    """Every node below `roots`, parts before wholes, all readings included, each once."""
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.children()))


def taken(node: Node, readings: Mapping[str, str]) -> Node:
    """The node that stands for `node` under these readings of the switches, without its name.

    Raises:
        KeyError: a switch has no such reading.
    """
    while isinstance(node, RowChoose | ChooseNumber | ChooseOutcome | Called):
        if isinstance(node, Called):
            node = node.part
            continue
        chosen = readings[node.switch]
        for reading, there in node.readings:
            if reading == chosen:
                node = there
                break
        else:
            raise KeyError(chosen)
    return node


def settled(node: Node, readings: Mapping[str, str], done: dict[Node, Node]) -> Node:
    """The node with these switches taken out of it; `done` keeps what is shared between roots shared."""

    def rebuilt(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(rebuilt(part) for part in value)
        return settled(value, readings, done) if isinstance(value, Node) else value

    if node not in done:
        if isinstance(node, Choice) and node.switch in readings:
            chosen = dict[str, Node](node.readings)[readings[node.switch]]
            done[node] = settled(chosen, readings, done)
        else:
            parts = {entry.name: rebuilt(getattr(node, entry.name)) for entry in fields(node)}
            same = all(_same(getattr(node, name), part) for name, part in parts.items())
            done[node] = node if same else replace(node, **parts)
    return done[node]


def _same(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(map(_same, one, other))
    return one is other or not isinstance(one, Node) and one == other


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a plan: a node and the places of the nodes that it needs."""

    node: Node
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The tree laid out for an interpreter: every distinct node once, parts before wholes."""

    lines: tuple[Line, ...]
    places: dict[int, int]  # id of a node of the tree → its line

    def place(self, node: Node, readings: Mapping[str, str]) -> int:
        """The line on which `node` stands."""
        return self.places[id(taken(node, readings))]


def plan(roots: Iterable[Node], readings: Mapping[str, str]) -> Plan:
    """Lay the tree below `roots` out under these readings; equal nodes share a line."""
    lines: list[Line] = []
    places: dict[int, int] = {}
    known: dict[tuple[object, ...], int] = {}

    def lay(node: Node) -> int:
        if (found := places.get(id(node))) is not None:
            return found
        needs = tuple(lay(taken(child, readings)) for child in node.children())
        key = (type(node), node.details(), needs)
        if (line := known.get(key)) is None:
            line = known[key] = len(lines)
            lines.append(Line(node, needs))
        places[id(node)] = line
        return line

    for root in roots:
        lay(taken(root, readings))
    return Plan(tuple(lines), places)
