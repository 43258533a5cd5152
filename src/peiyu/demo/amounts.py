"""Amounts in whole fen: sizes, rounding to what people write, sharing out; never a float."""

from __future__ import annotations

from fractions import Fraction
from random import Random

YUAN = 100
HUNDRED = 100 * YUAN
WAN = 10_000 * YUAN
SMALLEST, MIDDLE, LARGEST = 30 * WAN, 1_500 * WAN, 300_000 * WAN
"""Yearly sales in the city: the least, the usual, the most."""
STEP = Fraction(21, 20)
"""Sizes grow in steps of five per cent; how many is a sum of throws, so sizes are log-normal."""
THROWS, THROW = 12, 17
ROUGH_FROM = 500 * WAN
"""From these sales on most enterprises write whole 万元."""


def size(random: Random, heft: int) -> int:
    """The yearly sales of an enterprise, log-normal, exactly the same on every machine."""
    steps = heft + sum(random.randint(-THROW, THROW) for _ in range(THROWS))
    found = int(MIDDLE * STEP**steps)
    return min(LARGEST, max(SMALLEST, found))


def grain_for(sales: int, random: Random) -> int:
    """To what an enterprise rounds: mostly to 万元 or a hundred yuan, a few write every fen."""
    throw = random.randrange(100)
    if throw >= 97:
        return 1
    return WAN if throw < 60 and sales >= ROUGH_FROM else HUNDRED


def up(amount: int | Fraction, grain: int) -> int:
    """The next whole number of grains that is not less."""
    return -(-amount // grain) * grain


def down(amount: int | Fraction, grain: int) -> int:
    """The next whole number of grains that is not more."""
    return amount // grain * grain


def share_out(total: int, parts: int, random: Random, grain: int = HUNDRED) -> list[int]:
    """`total` in so many parts, all but the last in whole grains."""
    weights = [random.randint(2, 9) for _ in range(parts)]
    whole = sum(weights)
    found = [down(Fraction(total * weight, whole), grain) for weight in weights[:-1]]
    return [*found, total - sum(found)]
