"""Forms that rulebooks of grants share: what is above a bound, what lies between two amounts."""

from fractions import Fraction

from peiyu.policy.rulebook import Criterion
from peiyu.policy.tree import (
    AllOf,
    Always,
    Constant,
    Difference,
    First,
    Number,
    Outcome,
    OutcomeNode,
    at_least,
)

NOTHING = Constant(Fraction(0))


def above(number: Number, bound: Number) -> Number:
    """What of a number lies above a bound: never less than nothing, whatever is unknown."""
    return at_least(Difference(number, bound), NOTHING)


def between(low: Number, high: Number) -> Number:
    """An amount of which only two ends are known; exactly known if they are the same."""
    return First(((Always(Outcome.UNKNOWN), low),), high)


def given(criteria: tuple[Criterion, ...], *more: OutcomeNode) -> OutcomeNode:
    """All conditions of the rulebook, and what a grant asks besides."""
    return AllOf((*(found.root for found in criteria), *more))
