"""Judge cases one by one, with all that a reader of the result asks next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from peiyu.policy.case import Case
from peiyu.policy.explain import Assessment, program
from peiyu.policy.reasons import (
    Explanation,
    GrantShown,
    Missing,
    OtherReading,
    Reasons,
    Shown,
    changed_readings,
    estimates,
    flags,
    waiting,
)
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import Outcome

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Judged:
    """One enterprise with its three lines and its reasons."""

    assessment: Assessment
    explanations: tuple[Explanation, ...]
    flags: tuple[str, ...]
    readings: Mapping[str, tuple[OtherReading, ...]]  # by criterion or grant
    estimates: Mapping[str, Shown]
    grants: tuple[GrantShown, ...] = ()

    @property
    def case(self) -> Case:
        """The enterprise as it was read."""
        return self.assessment.case

    def with_outcome(self, *outcomes: Outcome) -> list[Explanation]:
        """The criteria with one of these outcomes."""
        return [found for found in self.explanations if found.outcome in outcomes]

    def missing(self) -> dict[tuple[str, str, int | None, str], tuple[Missing, list[str]]]:
        """What is not known, each once, with the criteria that wait for it."""
        said = [(one.criterion.id, one.missing) for one in self.explanations]
        said += [(shown.grant.id, shown.missing) for shown in self.grants]
        return waiting(said)

    def title(self, name: str) -> str:
        """The title of a criterion or a grant."""
        rulebook = self.assessment.program.rulebook
        titles = {criterion.id: criterion.title for criterion in rulebook.criteria}
        return (titles | {grant.id: grant.title for grant in rulebook.grants})[name]

    def points_needed(self) -> int | None:
        """How many more points it takes to pass; none if the pass mark is out of reach."""
        score = self.assessment.score
        return None if score is None else self.assessment.program.needed(score)

    def points_open(self) -> Fraction:
        """How many points are still open."""
        score = self.assessment.score
        return Fraction(0) if score is None else Fraction(score.high - score.low, score.scale)


def judge(
    rulebook: Rulebook,
    cases: Iterable[Case],
    on: date,
    switches: Mapping[str, str] | None = None,
    *,
    lang: str = "zh",
    readings: bool = True,
) -> Iterator[Judged]:
    """Judge the cases in order.

    Raises:
        NotInForce: a figure of the law has no value on that day.
        UnknownReading: a switch or reading that the rulebook does not have.
    """
    laid = program(rulebook, on, switches)
    for case in cases:
        assessment = Assessment(laid, case)
        reasons = Reasons(assessment, lang)
        yield Judged(
            assessment,
            tuple(reasons.of(criterion) for criterion in rulebook.criteria),
            flags(assessment),
            changed_readings(assessment) if readings else {},
            estimates(assessment),
            tuple(reasons.of_grant(grant) for grant in rulebook.grants),
        )
