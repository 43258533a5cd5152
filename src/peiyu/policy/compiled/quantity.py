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
from operator import mul

from peiyu.policy.compiled.terms import (
    Number,
    Truth,
    all_of,
    any_of,
    choose,
    choose_flag,
    larger,
    no,
    rounded_down,
    same,
    smaller,
)
from peiyu.policy.compiled.verdict import Verdict, decided
from peiyu.policy.intervals import Stair


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: from `low` to `high`, both over `scale`, which is above zero where an end is known."""

    low: Number
    high: Number
    low_known: Truth  # else it is open downwards, and `low` says nothing
    high_known: Truth
    exact: Truth  # both ends are known and the same
    lacking: Truth  # it is not exact, and would be narrower if all facts were known
    judged: bool = False  # may it be open for an expert's word too
    scale: Number = 1


def fixed(value: Fraction | int) -> Quantity:
    """The same number for all."""
    value = Fraction(value)
    over = value.denominator
    return Quantity(value.numerator, value.numerator, True, True, True, False, scale=over)


def between(low: int, high: int) -> Quantity:
    """Points that an expert gives."""
    return Quantity(low, high, True, True, low == high, False, judged=low < high)


def known_where(value: Number, known: Truth, *, signed: bool, scale: Number = 1) -> Quantity:
    """A number where it is known; else anything, or anything from zero up: `value` is zero then."""
    return Quantity(value, value, known if signed else True, known, known, no(known), scale=scale)


UNKNOWN = known_where(0, False, signed=True)
UNKNOWN_UP = known_where(0, False, signed=False)


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
    return reduce(_plus, levelled(parts))


def _plus(one: Quantity, two: Quantity) -> Quantity:
    exact, judged = one.exact & two.exact, one.judged or two.judged
    return Quantity(
        one.low + two.low,
        one.high + two.high,
        one.low_known & two.low_known,
        one.high_known & two.high_known,
        exact,
        one.lacking | two.lacking if judged else no(exact),
        judged,
        one.scale,
    )


def less(one: Quantity, two: Quantity) -> Quantity:
    """The first less the second."""
    one, two = levelled((one, two))
    contrary = replace(two, low_known=two.high_known, high_known=two.low_known)
    return replace(_plus(one, contrary), low=one.low - two.high, high=one.high - two.low)


def lacking(exact: Truth, parts: Sequence[Quantity]) -> Truth:
    """Where a number made of these is open because facts are missing."""
    if not any(part.judged for part in parts):
        return no(exact)
    return any_of(part.lacking for part in parts) & no(exact)


def scaled(part: Quantity, rate: Fraction) -> Quantity:
    """A number times a share that is not negative."""
    by, under = rate.numerator, rate.denominator
    exact = part.exact if by else part.low_known & part.high_known
    return replace(
        part, low=part.low * by, high=part.high * by, exact=exact, scale=part.scale * under
    )


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
        low_known=given & choose_flag(turned, one.high_known, one.low_known),
        high_known=given & choose_flag(turned, one.low_known, one.high_known),
        exact=given & one.exact,
        lacking=no(given) | one.lacking,
        judged=one.judged,
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
    judged = any(part.judged for part in parts)
    return Quantity(
        low, high, low_known, high_known, exact, lacking(exact, parts), judged, first.scale
    )


def in_fen(part: Quantity) -> Quantity:
    """Rounded half up to whole units."""
    if isinstance(part.scale, int) and part.scale == 1:
        return part
    scale = larger(part.scale, 1)
    low, high = (rounded_down(2 * end + scale, 2 * scale) for end in (part.low, part.high))
    exact = part.low_known & part.high_known & same(low, high)
    return replace(part, low=low, high=high, exact=exact, lacking=lacking(exact, (part,)), scale=1)


# -- choosing


def preferred(one: Quantity, two: Quantity) -> Quantity:
    """The first if it is exactly known, else the second if that is, else what is known of the first."""
    second = two.exact & no(one.exact)
    if isinstance(one.scale, int) and isinstance(two.scale, int):
        one, two = levelled((one, two))
    exact = one.exact | two.exact
    return Quantity(
        low=choose(second, two.low, one.low),
        high=choose(second, two.high, one.high),
        low_known=second | one.low_known,
        high_known=second | one.high_known,
        exact=exact,
        lacking=lacking(exact, (one,)),
        judged=one.judged,
        scale=choose(second, two.scale, one.scale),
    )


def chosen(condition: Verdict, then: Quantity, otherwise: Quantity) -> Quantity:
    """The first number where the condition is met, both where it is undecided, else the second.

    Two numbers over denominators that differ from one enterprise to the next have no common one
    that is sure to hold in 128 bits: there an undecided condition leaves the number unknown.
    """
    met, undecided = condition.met, condition.undecided
    one, two = then, otherwise
    judged = one.judged or two.judged
    low_known = choose_flag(met, one.low_known, two.low_known)
    high_known = choose_flag(met, one.high_known, two.high_known)
    exact, lacks = (
        choose_flag(met, one.exact, two.exact),
        choose_flag(met, one.lacking, two.lacking),
    )
    if not (isinstance(one.scale, int) and isinstance(two.scale, int)):
        decided_ = no(undecided)
        return Quantity(
            choose(met, one.low, two.low),
            choose(met, one.high, two.high),
            decided_ & low_known,
            decided_ & high_known,
            decided_ & exact,
            undecided | lacks,
            judged,
            choose(met, one.scale, two.scale),
        )
    one, two = levelled((one, two))
    low = _one_or_both(condition, one.low, two.low, smaller(one.low, two.low))
    high = _one_or_both(condition, one.high, two.high, larger(one.high, two.high))
    low_known = choose_flag(undecided, one.low_known & two.low_known, low_known)
    high_known = choose_flag(undecided, one.high_known & two.high_known, high_known)
    point = low_known & high_known & same(low, high)
    exact = choose_flag(undecided, point, exact)
    lacks = choose_flag(undecided, no(point), lacks) if judged else no(exact)
    return Quantity(low, high, low_known, high_known, exact, lacks, judged, one.scale)


def _one_or_both(condition: Verdict, one: Number, two: Number, of_both: Number) -> Number:
    """The end of the one where the condition is met, of both where it is undecided, else of the other."""
    if of_both is two or of_both == two:
        return choose(condition.met, one, two)
    if of_both is one or of_both == one:
        return choose(condition.met | condition.undecided, one, two)
    return choose(condition.undecided, of_both, choose(condition.met, one, two))


def stepped(value: Quantity, stair: Stair) -> Quantity:
    """The step on which the number stands, or from the lowest to the highest that it may stand on."""
    lows = [*(low for *_, low, _ in stair.steps), stair.low]
    highs = [*(high for *_, high in stair.steps), stair.high]
    least, most = stair.at(None, 1, -1), stair.at(None, 1, 1)  # infinitely far down, and up
    at_low, at_high = (_held(end, value.scale, stair) for end in (value.low, value.high))
    low_first = choose(value.low_known, _stand(at_low, lows), least[0])
    low_last = choose(value.high_known, _stand(at_high, lows), most[0])
    high_first = choose(value.low_known, _stand(at_low, highs), least[1])
    high_last = choose(value.high_known, _stand(at_high, highs), most[1])
    trend = _trend(stair)
    if trend:  # each end stands on the step of its own
        low, high = (low_first, high_last) if trend > 0 else (low_last, high_first)
    else:
        low, high = smaller(low_first, low_last), larger(high_first, high_last)
    alike = same(low_first, low_last)
    if len(set(lows)) < len(lows):
        alike = alike & same(high_first, high_last)
    judged = value.judged or lows != highs
    exact = same(low, high)
    lacks = value.lacking & no(alike) if judged else no(exact)
    return Quantity(low, high, True, True, exact, lacks, judged, stair.scale)


def _held(end: Number, scale: Number, stair: Stair) -> list[Truth]:
    """Which steps hold at an end."""
    under = lcm(*(below for _, _, below, _, _ in stair.steps))
    return [
        _compare(operator, end * under, scale * (limit * (under // below)))
        for operator, limit, below, _, _ in stair.steps
    ]


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
    met, unmet = _sure(operator, *levelled((one, two)))
    missing = one.lacking | two.lacking if one.judged or two.judged else True
    return decided(met, unmet, missing)


def _sure(operator: str, one: Quantity, two: Quantity) -> tuple[Truth, Truth]:
    """Where the comparison surely holds, and where it surely does not."""
    if operator in ("<=", "<"):
        return _sure(">=" if operator == "<=" else ">", two, one)
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
    right = replace(
        base,
        low=limit.low * base.low * also,
        high=limit.high * base.high * also,
        low_known=limit.low_known & base.low_known,
        high_known=limit.high_known & base.high_known,
        exact=limit.exact & base.exact,
    )
    met, unmet = _sure(operator, replace(part, low=part.low * by, high=part.high * by), right)
    above, none = base.low_known & (base.low > 0), base.high_known & (base.high <= 0)
    met = (above & met) | (none & undefined.met)
    unmet = (above & unmet) | (none & undefined.unmet)
    expert, beside = none & undefined.expert, none & undefined.not_applicable
    left = no(met | unmet | expert | beside)
    if not (part.judged or base.judged or limit.judged):
        return Verdict(unmet, left, expert, met, beside)
    missing = part.lacking | base.lacking | limit.lacking | (none & undefined.unknown)
    return Verdict(unmet, left & missing, expert | (left & no(missing)), met, beside)
