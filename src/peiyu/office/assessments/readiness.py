"""From what the rules say to the small columns of the cache; the same for one enterprise and for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from peiyu.office.assessments.models import joined
from peiyu.policy.explain import Program, Score
from peiyu.policy.tree import Outcome

CACHED = ("hnte", "tech_sme", "reserve", "little_giant_cultivation", "little_giant")
"""The programmes for which everybody's lines are kept: the rungs of the ladder."""
COLUMNS = (
    "hard", "verdict", "score_low", "score_high", "score_over", "points_needed", "reachable",
    "unmet_count", "unknown_count", "unmet", "unknown",
)  # fmt: skip
"""What the rules say; what else a row has says of when and by what."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The three lines of one enterprise and what each criterion came to."""

    outcomes: Mapping[str, Outcome]
    hard: Outcome
    verdict: Outcome
    score: Score | None


def columns_of(lines: Lines, program: Program) -> dict[str, Any]:
    """The columns of the cache."""
    named: dict[Outcome, list[str]] = {outcome: [] for outcome in Outcome}
    for name, outcome in lines.outcomes.items():
        named[outcome].append(name)
    found: dict[str, Any] = {
        "hard": lines.hard.value,
        "verdict": lines.verdict.value,
        "score_low": None, "score_high": None, "score_over": 1, "points_needed": None, "reachable": None,
        "unmet_count": len(named[Outcome.UNMET]),
        "unknown_count": len(named[Outcome.UNKNOWN]),
        "unmet": joined(named[Outcome.UNMET]),
        "unknown": joined(named[Outcome.UNKNOWN]),
    }  # fmt: skip
    if lines.score is not None:
        low, high, over = least(lines.score)
        found |= {"score_low": low, "score_high": high, "score_over": over}
        needed = program.needed(lines.score)
        found |= {"points_needed": needed, "reachable": needed is not None}
    return found


def least(score: Score) -> tuple[int, int, int]:
    """The points over the smallest common denominator: the same, however they were worked out."""
    low, high = Fraction(score.low, score.scale), Fraction(score.high, score.scale)
    over = lcm(low.denominator, high.denominator)
    return int(low * over), int(high * over), over
