"""Numbers of all enterprises at once: intervals over a scale, with their arithmetic.

An end that is open is said so by a flag, not by a null: where a number is exactly known its two ends
are mostly one and the same term, worked out once. Nothing is divided but where an official table
prints whole fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import gcd, lcm
from operator import add, mul

from peiyu.policy.columns.terms import (
    Number,
    Truth,
    all_of,
    any_of,
    choose,
    larger,
    no,
    same,
    smaller,
)
from peiyu.policy.columns.verdict import Verdict, decided, where
from peiyu.policy.intervals import Stair


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: from `low` to `high`, both over `scale`, which is above zero where an end is known."""

    low: Number
    high: Number
    low_known: Truth  # else it is open downwards, and `low` says nothing
    high_known: Truth
    exact: Truth  # both ends are known and the same
    missing: Truth  # where it is not exact: would it be narrower if all facts were known
    scale: Number = 1


def fixed(value: Fraction | int) -> Quantity:
    """The same number for all."""
    value = Fraction(value)
    return Quantity(value.numerator, value.numerator, True, True, True, True, value.denominator)


def between(low: int, high: int) -> Quantity:
    """Points that an expert gives."""
    return Quantity(low, high, True, True, low == high, False)


def known_where(value: Number, known: Truth, *, signed: bool, scale: Number = 1) -> Quantity:
    """A number where it is known; else anything, or anything from zero up: `value` is zero then."""
    return Quantity(value, value, known if signed else True, known, known, True, scale)


UNKNOWN = known_where(0, False, signed=True)
UNKNOWN_UP = known_where(0, False, signed=False)


def lacking(*parts: Quantity) -> Truth:
    """Where a number made of these is open because facts are missing."""
    if all(part.missing is True for part in parts):
        return True
    return any_of(part.missing & no(part.exact) for part in parts)


# -- one denominator


def levelled(parts: Sequence[Quantity]) -> list[Quantity]:
    """The parts over one denominator."""
    common = lcm(*(part.scale for part in parts if isinstance(part.scale, int)))
    moving = list(dict.fromkeys(part.scale for part in parts if not isinstance(part.scale, int)))
    scale: Number = reduce(mul, moving, common)
    result = []
    for part in parts:
        by: Number = common // part.scale if isinstance(part.scale, int) else common
        by = reduce(mul, (other for other in moving if other is not part.scale), by)
        result.append(replace(part, low=part.low * by, high=part.high * by, scale=scale))
    return result


# -- arithmetic


def added(parts: Sequence[Quantity]) -> Quantity:
    """The sum of the parts."""
    parts = levelled(parts)
    return Quantity(
        low=reduce(add, (part.low for part in parts)),
        high=reduce(add, (part.high for part in parts)),
        low_known=all_of(part.low_known for part in parts),
        high_known=all_of(part.high_known for part in parts),
        exact=all_of(part.exact for part in parts),
        missing=lacking(*parts),
        scale=parts[0].scale,
    )


def less(one: Quantity, two: Quantity) -> Quantity:
    """The first less the second."""
    contrary = replace(
        two, low=-two.high, high=-two.low, low_known=two.high_known, high_known=two.low_known
    )
    return added((one, contrary))


def scaled(part: Quantity, rate: Fraction) -> Quantity:
    """A number times a share that is not negative."""
    by, under = rate.numerator, rate.denominator
    exact = part.exact if by else part.low_known & part.high_known
    return replace(part, low=part.low * by, high=part.high * by, exact=exact, scale=part.scale * under)


def product(one: Quantity, two: Quantity) -> Quantity:
    """Two exactly known numbers multiplied; unknown if one is not."""
    known = one.exact & two.exact
    return known_where(one.low * two.low, known, signed=True, scale=one.scale * two.scale)


def quotient(one: Quantity, two: Quantity) -> Quantity:
    """A number over another that is exactly known and not zero, kept as a pair."""
    below = two.low
    given = two.exact & no(same(below, 0))
    if given is False:
        return UNKNOWN
    turned = below < 0
    low, high = one.low * two.scale, one.high * two.scale
    return Quantity(
        low=choose(turned, -high, low),
        high=choose(turned, -low, high),
        low_known=given & choose(turned, one.high_known, one.low_known),
        high_known=given & choose(turned, one.low_known, one.high_known),
        exact=given & one.exact,
        missing=no(given) | one.missing,
        scale=one.scale * choose(turned, -below, below),
    )


def smallest(parts: Sequence[Quantity]) -> Quantity:
    """The smallest of the parts."""
    first, *others = parts = levelled(parts)
    low, high, high_known = first.low, first.high, first.high_known
    for part in others:
        low = smaller(low, part.low)
        nearer = choose(part.high_known, smaller(high, part.high), high)
        high = choose(high_known, nearer, part.high)
        high_known = high_known | part.high_known
    low_known = all_of(part.low_known for part in parts)
    exact = low_known & high_known & same(low, high)
    return Quantity(low, high, low_known, high_known, exact, lacking(*parts), first.scale)


def in_fen(part: Quantity) -> Quantity:
    """Rounded half up to whole units."""
    if isinstance(part.scale, int) and part.scale == 1:
        return part
    scale = larger(part.scale, 1)
    low, high = ((2 * end + scale) // (2 * scale) for end in (part.low, part.high))
    exact = part.low_known & part.high_known & same(low, high)
    return replace(part, low=low, high=high, exact=exact, scale=1)


# -- choosing


def preferred(one: Quantity, two: Quantity) -> Quantity:
    """The first if it is exactly known, else the second if that is, else what is known of the first."""
    second = two.exact & no(one.exact)
    if isinstance(one.scale, int) and isinstance(two.scale, int):
        one, two = levelled((one, two))
    return Quantity(
        low=choose(second, two.low, one.low),
        high=choose(second, two.high, one.high),
        low_known=second | one.low_known,
        high_known=second | one.high_known,
        exact=one.exact | two.exact,
        missing=one.missing,
        scale=choose(second, two.scale, one.scale),
    )


def chosen(condition: Verdict, then: Quantity, otherwise: Quantity) -> Quantity:
    """The first number where the condition is met, both where it is undecided, else the second.

    Two numbers over denominators that differ from one enterprise to the next have no common one
    that is sure to hold in 128 bits: there an undecided condition leaves the number unknown.
    """
    met, undecided = condition.met, condition.undecided
    if not (isinstance(then.scale, int) and isinstance(otherwise.scale, int)):
        decided_ = no(undecided)
        return Quantity(
            low=choose(met, then.low, otherwise.low),
            high=choose(met, then.high, otherwise.high),
            low_known=decided_ & choose(met, then.low_known, otherwise.low_known),
            high_known=decided_ & choose(met, then.high_known, otherwise.high_known),
            exact=decided_ & choose(met, then.exact, otherwise.exact),
            missing=undecided | choose(met, then.missing, otherwise.missing),
            scale=choose(met, then.scale, otherwise.scale),
        )
    one, two = levelled((then, otherwise))
    low = choose(undecided, smaller(one.low, two.low), choose(met, one.low, two.low))
    high = choose(undecided, larger(one.high, two.high), choose(met, one.high, two.high))
    low_open = one.low_known & two.low_known
    high_open = one.high_known & two.high_known
    return Quantity(
        low=low,
        high=high,
        low_known=choose(undecided, low_open, choose(met, one.low_known, two.low_known)),
        high_known=choose(undecided, high_open, choose(met, one.high_known, two.high_known)),
        exact=choose(
            undecided, low_open & high_open & same(low, high), choose(met, one.exact, two.exact)
        ),
        missing=undecided | choose(met, one.missing, two.missing),
        scale=one.scale,
    )


def stepped(value: Quantity, stair: Stair) -> Quantity:
    """The step on which the number stands, or from the lowest to the highest that it may stand on."""
    lower: list[Truth] = []  # does the step hold at the lower end, at the upper end
    upper: list[Truth] = []
    under = lcm(*(below for _, _, below, _, _ in stair.steps))
    for operator, limit, below, _, _ in stair.steps:
        bound = value.scale * (limit * (under // below))
        low_holds = _compare(operator, value.low * under, bound)
        high_holds = _compare(operator, value.high * under, bound)
        if operator in (">=", ">"):
            lower.append(low_holds & value.low_known)
            upper.append(high_holds | no(value.high_known))
        else:
            lower.append(low_holds | no(value.low_known))
            upper.append(high_holds & value.high_known)
    lows = [*(low for *_, low, _ in stair.steps), stair.low]
    highs = [*(high for *_, high in stair.steps), stair.high]
    low_first, low_last = _stand(lower, lows), _stand(upper, lows)
    high_first, high_last = _stand(lower, highs), _stand(upper, highs)
    alike = same(low_first, low_last) & same(high_first, high_last)
    trend = _trend(stair)
    if trend:  # each end stands on the step of its own
        low, high = (low_first, high_last) if trend > 0 else (low_last, high_first)
    else:
        low, high = smaller(low_first, low_last), larger(high_first, high_last)
    return Quantity(low, high, True, True, same(low, high), value.missing & no(alike), stair.scale)


def _stand(held: list[Truth], points: list[int]) -> Number:
    """The points of the first step that holds, else the last."""
    found: Number = points[-1]
    for flag, number in zip(reversed(held), reversed(points[:-1]), strict=True):
        found = choose(flag, number, found)
    return found


def _trend(stair: Stair) -> int:
    """Does a greater number never give fewer points (1), never more (-1), or neither (0)."""
    up = {operator in (">=", ">") for operator, *_ in stair.steps}
    points = [*((low, high) for *_, low, high in stair.steps), (stair.low, stair.high)]
    pairs = list(pairwise(reversed(points) if True in up else points))
    if len(up) > 1:
        return 0
    if all(a <= c and b <= d for (a, b), (c, d) in pairs):
        return 1
    return -1 if all(a >= c and b >= d for (a, b), (c, d) in pairs) else 0


# -- comparing


def _compare(operator: str, one: Number, two: Number) -> Truth:
    if operator in ("<=", "<"):
        return one <= two if operator == "<=" else one < two
    return one >= two if operator == ">=" else one > two


def compared(operator: str, one: Quantity, two: Quantity) -> Verdict:
    """Two numbers compared; decided only if the whole interval is."""
    left, right = levelled((one, two))
    met, unmet = _held(operator, left, right)
    return decided(met, unmet, lacking(one, two))


def _held(operator: str, one: Quantity, two: Quantity) -> tuple[Truth, Truth]:
    """Where the comparison surely holds, and where it surely does not."""
    if operator in ("<=", "<"):
        return _held(">=" if operator == "<=" else ">", two, one)
    least, most = one.low_known & two.high_known, one.high_known & two.low_known
    if operator == ">=":
        return (one.low >= two.high) & least, (one.high < two.low) & most
    if operator == ">":
        return (one.low > two.high) & least, (one.high <= two.low) & most
    apart = ((one.low > two.high) & least) | ((one.high < two.low) & most)
    return one.exact & two.exact & same(one.low, two.low), apart


def compared_share(
    operator: str, part: Quantity, base: Quantity, limit: Quantity, undefined: Verdict
) -> Verdict:
    """A share compared with a limit by multiplying; without a base above zero what the rule says."""
    by, also = limit.scale * base.scale, part.scale
    if isinstance(by, int) and isinstance(also, int):
        by, also = by // gcd(by, also), also // gcd(by, also)
    left = replace(part, low=part.low * by, high=part.high * by)
    right = Quantity(
        low=limit.low * base.low * also,
        high=limit.high * base.high * also,
        low_known=limit.low_known & base.low_known,
        high_known=limit.high_known & base.high_known,
        exact=limit.exact & base.exact,
        missing=True,
    )
    missing = lacking(part, base, limit)
    met, unmet = _held(operator, left, right)
    open_base = Verdict(unknown=missing, expert=no(missing))
    no_base = where(base.high_known & (base.high <= 0), undefined, open_base)
    return where(base.low_known & (base.low > 0), decided(met, unmet, missing), no_base)
