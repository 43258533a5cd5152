"""The chain as a drawing: where each box stands, which lines lead where; no style, only places.

Four columns from R&D to products. Within a column the boxes stand so that lines cross little; where
there are many, they are low and have one line of words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from peiyu.policy.chain import Graph, Node, Place
from peiyu.policy.chain.graph import LAYERS

WIDTH, TOP = 1040, 28
COLUMNS = {
    "projects": (0, 206),
    "ip": (272, 206),
    "conversions": (544, 206),
    "products": (816, 222),
}
"""Left side and width of each column."""
HIGH, LOW = (42, 12), (24, 6)
"""Height of a box and the room below it; where there are many, both are small."""
MANY = 14
LONGEST_TITLE = 10
"""Signs of a title that have room beside the number."""


@dataclass(frozen=True, slots=True)
class Box:
    """One thing as drawn."""

    place: Place
    at: str
    """Its upper left corner, as `x y`."""
    w: str
    h: str
    no: str
    title: str
    whole: str
    below: str
    href: str
    kind: str
    """Classes: on (chosen), off (not), odd (has flags), out (does not count)."""
    badge: str
    """The number of its flag."""
    mark: str
    """Where the badge begins, from the left side of the box."""
    mark_middle: str


@dataclass(frozen=True, slots=True)
class Lines:
    """All links of one kind as one path: many short ones take a browser and a page far longer."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Head:
    """The words over a column."""

    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole; `low`: boxes of one line."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Lines, ...]
    low: bool


def drawn(
    graph: Graph,
    *,
    chosen: Collection[Place],
    numbers: Mapping[Place, str],
    below: Callable[[Node], str],
    only: Collection[Place] | None = None,
    query: Mapping[str, str] | None = None,
) -> Drawing:
    """The graph with its boxes in place; `chosen` stand out, `numbers` are those of the flags.

    `only` leaves out all other boxes; `query` is kept in the addresses of the boxes.
    """
    layers = {
        name: [node for node in graph.layers[name] if only is None or node.place in only]
        for name in LAYERS
    }
    most = max((len(nodes) for nodes in layers.values()), default=0)
    size = LOW if most > MANY else HIGH
    places: dict[Place, tuple[int, int, int]] = {}
    boxes: list[Box] = []
    tall = TOP + most * sum(size)
    for name, nodes in _ordered(layers, graph).items():
        x, w = COLUMNS[name]
        step = max(sum(size), (tall - TOP) // max(len(nodes), 1)) if size is HIGH else sum(size)
        for at, node in enumerate(nodes):
            y = TOP + at * step + (step - sum(size)) // 2
            places[node.place] = (x, y, w)
            boxes.append(_box(node, x, y, w, size, chosen, numbers, below, query or {}))
    curves: dict[str, list[str]] = {"off": [], "": [], "on": []}  # what is chosen lies above
    for one, other in graph.links:
        if one in places and other in places:
            kind = _line_kind(one, other, chosen)
            curves[kind].append(_curve(places[one], places[other], size[0]))
    lines = tuple(Lines("".join(own), kind) for kind, own in curves.items() if own)
    return Drawing(WIDTH, tall + 4, tuple(boxes), lines, size is LOW)


def _ordered(layers: Mapping[str, list[Node]], graph: Graph) -> dict[str, list[Node]]:
    """Each column in the order of what leads to it (barycentres), so that lines cross little."""
    row: dict[Place, float] = {}
    found: dict[str, list[Node]] = {}
    for name in LAYERS:
        nodes = list(enumerate(layers[name]))

        def middle(pair: tuple[int, Node]) -> tuple[float, int]:
            at, node = pair
            before = [row[one] for one in graph.before.get(node.place, ()) if one in row]
            return (sum(before) / len(before) if before else at, at)

        found[name] = [node for _, node in sorted(nodes, key=middle)]
        for at, node in enumerate(found[name]):
            row[node.place] = at * 100 / max(len(found[name]), 1)
    return found


def _box(
    node: Node,
    x: int,
    y: int,
    w: int,
    size: tuple[int, int],
    chosen: Collection[Place],
    numbers: Mapping[Place, str],
    below: Callable[[Node], str],
    query: Mapping[str, str],
) -> Box:
    kinds = []
    if chosen:
        kinds.append("on" if node.place in chosen else "off")
    if node.place in numbers:
        kinds.append("odd")
    if node.place[0] == "ip" and node.counts is not True:
        kinds.append("out")
    most = LONGEST_TITLE if not node.title.isascii() else 2 * LONGEST_TITLE
    title = node.title if len(node.title) <= most else f"{node.title[: most - 1]}…"
    href = f"?{urlencode({**query, 'at': '/'.join(node.place)})}"
    return Box(
        node.place, f"{x} {y}", str(w), str(size[0]), node.no, title, node.title, below(node), href,
        " ".join(kinds), numbers.get(node.place, ""), str(w - 26), str(w - 15),
    )  # fmt: skip


def _curve(one: tuple[int, int, int], other: tuple[int, int, int], height: int) -> str:
    x, y, w = one
    x1, y1 = x + w, y + height // 2
    x2, y2 = other[0], other[1] + height // 2
    bend = (x2 - x1) // 2
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


def _line_kind(one: Place, other: Place, chosen: Collection[Place]) -> str:
    if not chosen:
        return ""
    return "on" if one in chosen and other in chosen else "off"
