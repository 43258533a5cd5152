"""Where each enterprise stands on the ladder, and what keeps it from the next rung."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from peiyu.policy.case import Case
from peiyu.policy.explain import Assessment, Program, program
from peiyu.policy.ladder import rungs
from peiyu.policy.parameters import NotInForce
from peiyu.policy.reasons import Explanation, Missing, Near, Reasons, near, waiting
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import Outcome

CLOSED = (Outcome.MET, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True)
class Open:
    """A condition of the next rung that is not met, and how little is lacking."""

    explanation: Explanation
    near: tuple[Near, ...]

    @property
    def id(self) -> str:
        """The id of the condition."""
        return self.explanation.criterion.id


@dataclass(frozen=True)
class Standing:
    """One enterprise on the ladder."""

    case: Case
    outcomes: dict[str, Outcome]  # the verdict of every rung, the lowest first
    rung: str | None  # the highest that is met
    next: str | None  # the one above it; null at the top
    open: tuple[Open, ...]

    def missing(self) -> list[tuple[Missing, list[str]]]:
        """What is not known of the next rung, each once, with the conditions that wait for it."""
        return list(waiting((one.id, one.explanation.missing) for one in self.open).values())


class Ladder:
    """The rungs in force on a day."""

    def __init__(self, on: date, lang: str = "zh") -> None:
        self.on, self.lang = on, lang
        self.programs: dict[str, Program] = {}
        self.left_out: list[Rulebook] = []  # not in force on the day
        for book in rungs():
            try:
                self.programs[book.name] = program(book, on)
            except NotInForce:
                self.left_out.append(book)

    def standing(self, case: Case) -> Standing:
        """Where an enterprise stands."""
        judged = {name: Assessment(laid, case) for name, laid in self.programs.items()}
        outcomes = {name: found.verdict for name, found in judged.items()}
        names = list(judged)
        met = [at for at, name in enumerate(names) if outcomes[name] is Outcome.MET]
        above = met[-1] + 1 if met else 0
        following = names[above] if above < len(names) else None
        lacking = tuple(self._open(judged[following])) if following else ()
        return Standing(case, outcomes, names[met[-1]] if met else None, following, lacking)

    def _open(self, assessment: Assessment) -> Iterator[Open]:
        reasons = Reasons(assessment, self.lang)
        for criterion in assessment.program.rulebook.criteria:
            outcome = assessment.outcome(criterion.id)
            if outcome not in CLOSED:
                closeness = near(assessment, criterion.id) if outcome is Outcome.UNMET else ()
                yield Open(reasons.of(criterion), closeness)

    def standings(self, cases: Iterable[Case]) -> Iterator[Standing]:
        """Where the enterprises stand, in order."""
        return (self.standing(case) for case in cases)
