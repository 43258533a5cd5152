"""Both interpreters of the rules, asked in the same way and answering in the same words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from peiyu.policy import explain
from peiyu.policy.case import Case
from peiyu.policy.columns import judge, population  # only here do tests meet columns
from peiyu.policy.rulebook import Rulebook

Interval = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Answer:
    """What the rules say of one enterprise: outcomes by name, the lines, the points."""

    outcomes: Mapping[str, str]
    hard: str
    verdict: str
    score: Interval
    needs_data: bool


def over(end: int | None, scale: int) -> Fraction | None:
    """An end of an interval as a fraction; an open end is `None`."""
    return None if end is None else Fraction(end, scale)


def explained(
    rulebook: Rulebook, case: Case, on: date, switches: Mapping[str, str] | None = None
) -> Answer:
    """One enterprise judged by `explain`."""
    found = explain.assess(rulebook, case, on, switches)
    low, high, scale, data_missing = found.score
    return Answer(
        {name: outcome.name.lower() for name, outcome in found.outcomes.items()},
        found.hard.name.lower(),
        found.verdict.name.lower(),
        (over(low, scale), over(high, scale)),
        data_missing,
    )


def in_columns(
    rulebook: Rulebook, cases: Iterable[Case], on: date, switches: Mapping[str, str] | None = None
) -> dict[str, Answer]:
    """Many enterprises judged by `columns`, in the order of the frame."""
    judged = judge(rulebook, population(tuple(cases)), on, switches).collect()
    return {
        row["key"]: Answer(
            {criterion.id: row[criterion.id] for criterion in rulebook.criteria},
            row["hard"],
            row["verdict"],
            (over(row["score_low"], row["score_over"]), over(row["score_high"], row["score_over"])),
            row["score_needs_data"],
        )
        for row in judged.iter_rows(named=True)
    }
