"""Which measures are worked out from rows, which of them as one, and what of a row that needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from peiyu.policy import tree
from peiyu.policy.tree import Node


@dataclass(frozen=True, slots=True)
class Asked:
    """The measures of the tables that there are, by line; sums over the same rows are one."""

    measures: Mapping[int, tree.Measure] = field(default_factory=dict)
    together: Mapping[int, list[int]] = field(default_factory=dict)  # line of a sum → of its parts


def asked(
    plan: tree.Plan, readings: Mapping[str, str], roots: Iterable[Node], tables: Collection[str]
) -> Asked:
    """What is asked of these tables; measures that are only summed stand on the line of the sum."""
    found: dict[int, tree.Measure] = {}
    together: dict[int, list[int]] = {}
    needed = {plan.place(root, readings) for root in roots}
    for place, line in enumerate(plan.lines):
        alike = _summed_alike(plan, readings, line, tables)
        if alike:
            together[place] = alike
            nodes = [plan.lines[need].node for need in alike]
            summed = [node for node in nodes if isinstance(node, tree.Measure)]
            cells = tuple(cell for node in summed for cell in node.value)
            found[place] = replace(summed[0], value=cells)
        needed.update(set(line.needs) - set(alike))
    for place in needed:
        node = plan.lines[place].node
        if isinstance(node, tree.Measure) and node.table in tables:
            found[place] = node
    return Asked(found, together)


def _summed_alike(
    plan: tree.Plan, readings: Mapping[str, str], line: tree.Line, tables: Collection[str]
) -> list[int]:
    """Of the parts of a sum: the sums over the same rows of a table, by their lines."""
    alike: dict[tuple[str, int], list[int]] = {}
    for need in line.needs if isinstance(line.node, tree.Sum) else ():
        node = plan.lines[need].node
        if isinstance(node, tree.Measure) and node.kind == "sum" and node.table in tables:
            where = plan.place(node.where, readings)
            alike.setdefault((node.table, where), []).append(need)
    most = max(alike.values(), key=len, default=[])
    return most if len(most) > 1 else []


def said_of_row(plan: tree.Plan, readings: Mapping[str, str], nodes: Iterable[Node]) -> list[int]:
    """The links and flags below nodes that speak of the same row, in order: a link speaks of others."""
    found: set[int] = set()
    stack = [plan.place(node, readings) for node in nodes]
    while stack:
        place = stack.pop()
        if place in found:
            continue
        found.add(place)
        node = plan.lines[place].node
        if not isinstance(node, tree.Exists):
            stack.extend(plan.lines[place].needs)
        elif node.declared is not None:
            stack.append(plan.place(node.declared, readings))
    kinds = (tree.Exists, tree.RowFlag)
    return [place for place in sorted(found) if isinstance(plan.lines[place].node, kinds)]


def own_days(plan: tree.Plan) -> list[str]:
    """Days of the enterprise itself that row rules read."""
    days = (line.node for line in plan.lines if isinstance(line.node, tree.Day))
    return sorted({day.fact for day in days if day.fact})


def linked_tables(plan: tree.Plan, table: str) -> list[str]:
    """The tables to which rows of this one are linked."""
    links = (line.node.link for line in plan.lines if isinstance(line.node, tree.Exists))
    return sorted({link.target for link in links if link.source == table})
