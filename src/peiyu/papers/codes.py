"""Codes by which a paper is asked after: not to be guessed, short enough to type, checked."""

from __future__ import annotations

import secrets

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, O, 1, I and L; 31 is a prime, so one wrong or two swapped signs are always noticed."""
LENGTH = 12
MEANT = str.maketrans({" ": "", "-": "", "－": "", "—": "", "\u3000": ""})


def fresh_code() -> str:
    """A new code: eleven signs by chance (over 54 bits) and one to check them."""
    drawn = "".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1))
    return drawn + _check(drawn)


def tidied(typed: str) -> str:
    """A code as it is kept, from what was typed; empty if it cannot be one."""
    code = typed.translate(MEANT).strip().upper()
    whole = len(code) == LENGTH and set(code) <= set(SIGNS)
    return code if whole and _check(code[:-1]) == code[-1] else ""


def spaced(code: str) -> str:
    """A code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _check(drawn: str) -> str:
    total = sum(SIGNS.index(sign) * weight for weight, sign in enumerate(drawn, 2))
    return SIGNS[-total % len(SIGNS)]
