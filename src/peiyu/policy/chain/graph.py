"""The chain as a graph of four layers: R&D, rights, conversions, products."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from peiyu.policy.chain.held import Held, Place
from peiyu.policy.evidence import names_of, text_of

LAYERS = ("projects", "ip", "conversions", "products")


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of the chain: its layer, number and title, and what of it is known to be odd."""

    place: Place
    title: str
    counts: bool | None = True
    """A right that could carry an application; None where that is not known."""

    @property
    def no(self) -> str:
        """Its number."""
        return self.place[1]


@dataclass
class Graph:
    """Layers of nodes, and the links between them, from R&D towards products."""

    layers: dict[str, list[Node]]
    links: list[tuple[Place, Place]]
    after: dict[Place, list[Place]] = field(default_factory=dict)
    before: dict[Place, list[Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the links both ways."""
        for one, other in self.links:
            self.after.setdefault(one, []).append(other)
            self.before.setdefault(other, []).append(one)

    def of(self, places: Iterable[Place]) -> set[Place]:
        """All that leads to these, and all to which they lead."""
        start = list(places)
        return _reached(start, self.after) | _reached(start, self.before)

    def ways_to(self, place: Place) -> list[tuple[Place, ...]]:
        """Each way that leads to a node, from its beginning."""
        ways: list[tuple[Place, ...]] = []
        stack: list[tuple[Place, ...]] = [(place,)]
        while stack:
            way = stack.pop()
            earlier = self.before.get(way[0], [])
            if not earlier and len(way) > 1:
                ways.append(way)
            stack.extend((one, *way) for one in reversed(earlier))
        return ways


def _reached(start: Iterable[Place], links: dict[Place, list[Place]]) -> set[Place]:
    found = set(start)
    waiting = deque(found)
    while waiting:
        for one in links.get(waiting.popleft(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def graph(held: Held) -> Graph:
    """The chain as the rows state it; a number that is nowhere is no node.

    A right leads to a product by way of the conversions that name both; where none does, directly.
    """
    layers = {
        "projects": [_node("projects", no, text_of(row, "title")) for no, row in held.projects.items()],
        "ip": [
            Node(("ip", no), text_of(row, "title"), held.usable.get(no))
            for no, row in held.ip.items()
        ],
        "conversions": [
            _node("conversions", text_of(row, "no"), text_of(row, "result"))
            for row in held.rows("conversions")
        ],
        "products": [_node("products", no, text_of(row, "title")) for no, row in held.products.items()],
    }  # fmt: skip
    links: dict[tuple[Place, Place], None] = {}
    for rd, row in held.projects.items():
        for no in names_of(row, "ip_nos"):
            if no in held.ip:
                links[("projects", rd), ("ip", no)] = None
    by_way: set[tuple[str, str]] = set()
    for row in held.rows("conversions"):
        here = ("conversions", text_of(row, "no"))
        for source in names_of(row, "source_nos"):
            if source in held.ip:
                links[("ip", source), here] = None
            elif source in held.projects:
                links[("projects", source), here] = None
        for ps in names_of(row, "product_nos"):
            if ps in held.products:
                links[here, ("products", ps)] = None
                by_way.update((source, ps) for source in names_of(row, "source_nos"))
    for ps, row in held.products.items():
        for no in names_of(row, "ip_nos"):
            if no in held.ip and (no, ps) not in by_way:
                links[("ip", no), ("products", ps)] = None
    return Graph(layers, list(links))


def _node(table: str, no: str, title: str) -> Node:
    return Node((table, no), title)
