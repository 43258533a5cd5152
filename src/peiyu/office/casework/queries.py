"""What a round of opinions says on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from peiyu.office.casework.models import ClockStop, Consultation, Opinion, OpinionState, Silence
from peiyu.office.foundation.days import working_days_between


@dataclass(frozen=True, slots=True)
class Standing:
    """One opinion on a day: working days left (negative: overdue), whether its clock stands."""

    opinion: Opinion
    left: int | None
    stopped: ClockStop | None
    silent: bool

    @property
    def overdue(self) -> bool:
        """The limit is over and nothing was said."""
        return self.silent


@dataclass(frozen=True, slots=True)
class Outcome:
    """All opinions of a round on a day, and whether one may decide."""

    consultation: Consultation
    standings: tuple[Standing, ...]

    @property
    def waiting(self) -> tuple[Standing, ...]:
        """Those that still have time, or whose silence blocks."""
        blocks = self.consultation.silence == Silence.BLOCKS
        return tuple(
            s
            for s in self.standings
            if s.opinion.state == OpinionState.ASKED and (blocks or not s.silent)
        )

    @property
    def objections(self) -> tuple[Standing, ...]:
        """Those who disagree, or want something added."""
        return tuple(
            s
            for s in self.standings
            if s.opinion.state in (OpinionState.OBJECTED, OpinionState.RETURNED)
        )

    @property
    def silent(self) -> tuple[Standing, ...]:
        """Those who let their limit pass."""
        return tuple(s for s in self.standings if s.silent)

    @property
    def decidable(self) -> bool:
        """Nobody has to be waited for."""
        return not self.waiting

    @property
    def agreed(self) -> bool:
        """Decidable, and nobody objects; silence counts as the round says."""
        return self.decidable and not self.objections


def standing(opinion: Opinion, on: date) -> Standing:
    """Where one opinion stands on a day."""
    stopped = next((stop for stop in opinion.stops.all() if stop.until_on is None), None)
    if opinion.state != OpinionState.ASKED:
        return Standing(opinion, None, None, silent=False)
    if stopped is not None and stopped.from_on <= on:
        left = working_days_between(stopped.from_on, opinion.due_on)
        return Standing(opinion, left, stopped, silent=False)
    if on <= opinion.due_on:
        return Standing(
            opinion, working_days_between(on, opinion.due_on) - 1, stopped, silent=False
        )
    late = working_days_between(opinion.due_on, on) - 1
    return Standing(opinion, -max(late, 1), stopped, silent=True)


def outcome(consultation: Consultation, on: date) -> Outcome:
    """The round on a day; substituted opinions are history and do not count. Two queries."""
    opinions = (
        consultation.opinions.exclude(state=OpinionState.SUBSTITUTED)
        .select_related("body", "answered_by", "consultation")
        .prefetch_related("stops")
        .order_by("id")
    )
    return Outcome(consultation, tuple(standing(opinion, on) for opinion in opinions))
