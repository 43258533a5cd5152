"""Outcomes of all enterprises at once: for each outcome, where it is the one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from peiyu.policy.compiled.terms import Truth, all_of, any_of, choose_flag, no
from peiyu.policy.tree import Outcome

NAMES = tuple(outcome.name.lower() for outcome in Outcome)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the outcome is which; one of the five says yes for every enterprise."""

    unmet: Truth = False
    unknown: Truth = False
    expert: Truth = False
    met: Truth = False
    not_applicable: Truth = False

    @property
    def undecided(self) -> Truth:
        """Where facts or an expert's word are lacking."""
        return self.unknown | self.expert

    def possible(self) -> list[tuple[str, Truth]]:
        """The outcomes that there may be, by name, with where they are."""
        found = zip(
            NAMES,
            (self.unmet, self.unknown, self.expert, self.met, self.not_applicable),
            strict=True,
        )
        return [(name, flag) for name, flag in found if flag is not False]


def always(outcome: Outcome) -> Verdict:
    """The same outcome for all."""
    return Verdict(**{outcome.name.lower(): True})


def decided(met: Truth, unmet: Truth, missing: Truth = True) -> Verdict:
    """Met here, unmet there; elsewhere unknown where facts are missing, else for an expert."""
    left = no(met | unmet)
    return Verdict(unmet, left & missing, left & no(missing), met)


def all_met(parts: Iterable[Verdict]) -> Verdict:
    """Unmet, else unknown, else for an expert, else met; what does not apply drops out."""
    parts = list(parts)
    unmet = any_of(part.unmet for part in parts)
    unknown = any_of(part.unknown for part in parts)
    expert = any_of(part.expert for part in parts)
    beside = all_of(part.not_applicable for part in parts)
    return Verdict(
        unmet=unmet,
        unknown=unknown & no(unmet),
        expert=expert & no(unmet | unknown),
        met=all_of(part.met | part.not_applicable for part in parts) & no(beside),
        not_applicable=beside,
    )


def contrary(part: Verdict) -> Verdict:
    """Met for unmet; what is undecided or does not apply stays."""
    return Verdict(part.met, part.unknown, part.expert, part.unmet, part.not_applicable)


def where(applies: Truth, then: Verdict, otherwise: Verdict) -> Verdict:
    """The first verdict where it applies, else the other."""
    return Verdict(
        choose_flag(applies, then.unmet, otherwise.unmet),
        choose_flag(applies, then.unknown, otherwise.unknown),
        choose_flag(applies, then.expert, otherwise.expert),
        choose_flag(applies, then.met, otherwise.met),
        choose_flag(applies, then.not_applicable, otherwise.not_applicable),
    )
