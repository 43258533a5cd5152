"""What a rulebook is: criteria in order, scored items, switches where the law is silent, flags."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from peiyu.policy import parameters, tree
from peiyu.policy.tree import Node, Number, OutcomeNode
from peiyu.words import mark

Group = Literal["gate", "hard", "judged", "score", "panel"]


@dataclass(frozen=True, slots=True)
class Switch:
    """A place where the law is silent or contradicts itself: named readings, one of them ours."""

    name: str
    title: str
    article: str
    readings: tuple[tuple[str, str], ...]  # name, in words
    default: str

    def words(self, reading: str) -> str:
        """A reading in words."""
        return dict(self.readings)[reading]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of the law: identity, title, article and formula."""

    id: str
    title: str
    article: str
    root: OutcomeNode
    group: Group


@dataclass(frozen=True, slots=True)
class Item:
    """A scored item: its points are an interval until all of it is known and judged."""

    id: str
    title: str
    article: str
    points: Number
    most: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """Points that somebody other than the panel gave: shown apart, they decide nothing."""

    id: str
    title: str
    points: Number


@dataclass(frozen=True, slots=True)
class Grant:
    """Money that the rules give: how much, in fen, to whom they give it."""

    id: str
    title: str
    article: str
    when: OutcomeNode
    amount: Number


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should look at. A flag is not a finding and changes no outcome."""

    id: str
    text: str
    article: str
    when: OutcomeNode


@dataclass(frozen=True, slots=True)
class Voice:
    """What is said of a programme in sentences that are not the same for all."""

    met: str = mark("符合条件")
    unmet: str = mark("不符合条件")
    scoring: str = mark("四、评分")  # the heading over the score
    legend: str = mark(
        "条款号以文件的简称开头，文件全称见引用条款的释义；释义为本系统所写，不是法规原文。"
    )
    colophon: str = mark("规则版本 {version}；条款号以文件的简称开头。")
    caution: str = mark("由公开规则自动核对，仅供培育和辅导参考，不是评价、认定或者拨款的决定。")


@dataclass(frozen=True, eq=False)
class Rulebook:
    """A programme's rules in the order in which they are read."""

    name: str
    title: str
    governing: str  # which day of the enterprise's life the rules are read at
    criteria: tuple[Criterion, ...]
    switches: tuple[Switch, ...]
    flags: tuple[Flag, ...]
    since: date
    items: tuple[Item, ...] = field(default=())
    total: Number | None = None  # the score, where the programme scores
    pass_mark: str = ""
    grants: tuple[Grant, ...] = field(default=())
    row_flags: tuple[tree.RowFlag, ...] = field(default=())
    estimates: tuple[Estimate, ...] = field(default=())
    pass_reached: bool = False  # is the pass mark itself enough, or must it be exceeded
    survey: bool = False  # its sheets ask for all that is usual, not only for what the rules read
    documents: tuple[str, ...] = ()  # tags of the papers whose other articles it answers for
    governing_article: str = ""
    voice: Voice = field(default=Voice())

    def readings(self, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
        """The reading of every switch, the default where nothing is chosen.

        Raises:
            UnknownReading: a switch or reading that the rulebook does not have.
        """
        found = {switch.name: switch.default for switch in self.switches}
        for name, reading in (chosen or {}).items():
            switch = self.switch(name)
            if reading not in dict(switch.readings):
                raise UnknownReading(name, reading, tuple(dict(switch.readings)))
            found[name] = reading
        return found

    def switch(self, name: str) -> Switch:
        """The switch of that name."""
        for found in self.switches:
            if found.name == name:
                return found
        raise UnknownReading(name, "", tuple(switch.name for switch in self.switches))

    def criterion(self, name: str) -> Criterion:
        """The criterion of that id."""
        return next(found for found in self.criteria if found.id == name)

    def group(self, *groups: Group) -> tuple[Criterion, ...]:
        """The criteria of these groups, in order."""
        return tuple(found for found in self.criteria if found.group in groups)

    def roots(self) -> Iterable[Node]:
        """Everything that decides: criteria, items, the total and grants."""
        yield from (criterion.root for criterion in self.criteria)
        yield from (item.points for item in self.items)
        if self.total is not None:
            yield self.total
        for grant in self.grants:
            yield from (grant.when, grant.amount)

    def parameters(self) -> tuple[str, ...]:
        """The figures of the law that the rulebook reads, in order of first use."""
        return _read_by(self, parameter_names)

    def facts(self) -> tuple[str, ...]:
        """The facts that the rulebook reads, `table.name`, in order of first use."""
        return _read_by(self, fact_names)

    def version(self) -> str:
        """A short digest of tree, figures and switches: the same digest judges the same."""
        return digest(self)


class UnknownReading(ValueError):
    """A switch or a reading that the rulebook does not have."""

    def __init__(self, name: str, reading: str, known: tuple[str, ...]) -> None:
        self.name, self.reading, self.known = name, reading, known
        super().__init__(f"{name}={reading}: choose one of {', '.join(known)}")


def parameter_names(node: Node) -> tuple[str, ...]:
    """The parameters that a node itself reads."""
    match node:
        case tree.Parameter(name=name) if name:
            return (name,)
        case tree.Day(back=name) if name:
            return (name,)
        case tree.RowIn(parameter=name) if name:
            return (name,)
        case tree.RowSum(cap=name) if name:
            return (name,)
        case tree.YearsBack(years=name) | tree.Figure(parameter=name):
            return (name,)
        case tree.Scaled(rate=name) | tree.Steps(parameter=name) | tree.Band(parameter=name):
            return (name,)
    return ()


def fact_names(node: Node) -> tuple[str, ...]:
    """The facts that a node itself reads, `table.name`."""
    match node:
        case tree.FactNode(name=name, lag=lag):
            return (f"{'years' if lag else 'enterprise'}.{name}",)
        case tree.Column(table=table, name=name):
            return (f"{table}.{name}",)
        case tree.Elapsed(since=name, until=until):
            return (f"enterprise.{name}", *((f"enterprise.{until}",) if until else ()))
        case tree.IsYes(name=name) | tree.Judged(name=name):
            return (f"enterprise.{name}",)
        case tree.Operated(since=name) | tree.Annualised(since=name):
            return (f"enterprise.{name}",)
        case tree.Day(fact=name) if name:
            return (f"enterprise.{name}",)
        case tree.Exists(link=link):
            return (f"{link.source}.{link.source_key}", f"{link.target}.{link.target_key}")
    return ()


@cache
def _read_by(rulebook: Rulebook, names: Callable[[Node], tuple[str, ...]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in tree.walk(*rulebook.roots(), *(flag.when for flag in rulebook.flags)):
        for name in names(node):
            found.setdefault(name)
    return tuple(found)


def digest(rulebook: Rulebook) -> str:
    """Twelve hexadecimal digits over everything that decides."""
    lines, named, defaults = _laid_out(rulebook)
    figures = [
        [
            name,
            [[str(d.since), repr(d.value), d.source] for d in parameters.parameters()[name].values],
        ]
        for name in sorted(rulebook.parameters())
    ]
    text = f"[{lines}, {_json(figures)}, {named}, {defaults}]"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def _laid_out(rulebook: Rulebook) -> tuple[str, str, str]:
    """What decides besides the figures, in letters: the tree, what stands where in it, the defaults."""
    places: dict[int, int] = {}
    lines: list[object] = []
    for node in tree.walk(*rulebook.roots(), *(flag.when for flag in rulebook.flags)):
        if isinstance(node, tree.Called):  # a name decides nothing
            places[id(node)] = places[id(node.part)]
            continue
        places[id(node)] = len(lines)
        needs = [places[id(child)] for child in node.children()]
        lines.append([type(node).__name__, repr(node.details()), needs])
    named = [
        [[c.id, c.group, places[id(c.root)]] for c in rulebook.criteria],
        [[i.id, i.most, places[id(i.points)]] for i in rulebook.items],
        [[f.id, places[id(f.when)]] for f in rulebook.flags],
        None if rulebook.total is None else places[id(rulebook.total)],
        rulebook.pass_mark,
    ]
    if rulebook.grants:
        named.append([[g.id, places[id(g.when)], places[id(g.amount)]] for g in rulebook.grants])
    return _json(lines), _json(named), _json(sorted(rulebook.readings().items()))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
