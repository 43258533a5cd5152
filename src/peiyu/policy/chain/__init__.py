"""The chain from R&D over rights and conversions to products: drawn, and checked for contradictions.

A flag is not a finding of fault: it names the rows, says what does not agree, what hangs on it and
what to do. What is not known is never a contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from peiyu.policy.chain import amounts, order, rights
from peiyu.policy.chain.graph import Graph, Node, graph
from peiyu.policy.chain.held import Bounds, Check, Finding, Held, Place, Severity, Usable, Verdict

CHECKS: tuple[Check, ...] = (*rights.CHECKS, *amounts.CHECKS, *order.CHECKS)
BY_ID = {check.id: check for check in CHECKS}
WEIGHT = {Severity.HIGH: 0, Severity.MIDDLE: 1, Severity.LOW: 2}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check saw: what does not agree, and how many things could not be decided or do agree."""

    check: Check
    findings: tuple[Finding, ...]
    open: int
    fine: int


def checked(held: Held, checks: Iterable[Check] = CHECKS) -> list[Checked]:
    """Every check, in their order."""
    found = []
    for check in checks:
        flags, undecided, fine = [], 0, 0
        for seen in check.find(held):
            if isinstance(seen, Finding):
                flags.append(seen)
            elif seen is Verdict.OPEN:
                undecided += 1
            else:
                fine += 1
        found.append(Checked(check, tuple(flags), undecided, fine))
    return found


def findings(held: Held) -> list[Finding]:
    """All that does not agree: what most hangs on first, the larger amount before the smaller."""
    return found_by(checked(held))


def found_by(seen: Iterable[Checked]) -> list[Finding]:
    """What the checks found, in that order."""
    found = [flag for one in seen for flag in one.findings]
    return sorted(
        found, key=lambda flag: (WEIGHT[BY_ID[flag.check].severity], -(flag.amount or 0), flag.key)
    )


__all__ = [
    "BY_ID", "CHECKS", "WEIGHT", "Bounds", "Check", "Checked", "Finding", "Graph", "Held", "Node",
    "Place", "Severity", "Usable", "Verdict", "checked", "findings", "found_by", "graph",
]  # fmt: skip
