"""Names and numbers that look right and belong to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from stdnum.cn import uscc

from peiyu.demo.trades import Trade

PLANTS = "砚桴岫缃珩杼篁蓼苕芰荻蒹蘅槲椴榉楸檗柞栎"
BIRDS_AND_BEASTS = "鹮鹬鸻鹨鸫鹀隼鸮鹳凫鸢鹈麂麝狍貂獾鼬犴羚"
"""A sign of each makes a trade name that no firm bears: 荻鹬, 槲獾."""
FORMS = (
    ("济源市{word}{trade}有限公司", 38),
    ("济源{word}{trade}有限公司", 22),
    ("河南{word}{trade}有限公司", 18),
    ("河南{word}{trade}股份有限公司", 8),
    ("{word}（济源）{trade}有限公司", 14),
)
BRACKETED = FORMS[-1][0]
BRANCH = "河南{word}{trade}有限公司济源分公司"

REGION, OLD_REGION = "419001", "410881"
OLD_REGION_UNTIL = 2004
"""Enterprises founded by then may still bear the code of the county before it became a city."""
NEW_CODES_SINCE = date(2015, 10, 1)
"""Since then the code is given at once; before, it was made of an older number."""
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def words(random: Random) -> list[str]:
    """Every trade name, in random order."""
    found = [plant + beast for plant in PLANTS for beast in BIRDS_AND_BEASTS]
    random.shuffle(found)
    return found


def name_of(word: str, trade: Trade, random: Random, form: str = "") -> str:
    """The name of an enterprise: place, trade name, trade and legal form."""
    chosen = form or random.choices([f for f, _ in FORMS], [weight for _, weight in FORMS])[0]
    return chosen.format(word=word, trade=random.choice(trade.words))


def credit_code(established_on: date, random: Random) -> str:
    """A unified social credit code with right check digits (GB 32100, GB 11714).

    Its serial lies where none has been given out: old ones begin with 02, new ones with MAX.
    """
    old = established_on.year <= OLD_REGION_UNTIL and random.randrange(3) == 0
    region = OLD_REGION if old else REGION
    if established_on >= NEW_CODES_SINCE:
        body = "MAX" + "".join(random.choice(SIGNS) for _ in range(5))
    else:
        body = f"02{random.randrange(10**6):06d}"
    first = f"91{region}{body}{body_check_digit(body)}"
    return first + str(uscc.calc_check_digit(first))


def body_check_digit(body: str) -> str:
    """The check digit of the eight signs of an organisation (GB 11714)."""
    total = sum(weight * int(sign, 36) for weight, sign in zip(BODY_WEIGHTS, body, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


PATENT_KINDS = {"invention": "1", "utility_model": "2", "design": "3"}


def grant_number(kind: str, year: int, random: Random) -> str:
    """The number of a right granted for that year; its serial has never been reached."""
    serial = 9_000_000 + random.randrange(10**6)
    if kind == "trademark":
        return f"9{serial}"
    if kind not in PATENT_KINDS:
        return f"{year}SR{serial}"
    digits = f"{year}{PATENT_KINDS[kind]}{serial}"
    check = sum(int(digit) * (2 + at % 8) for at, digit in enumerate(digits)) % 11
    return f"ZL{digits}.{'X' if check == 10 else check}"


def numbered(prefix: str) -> Iterator[str]:
    """IP01, IP02 …"""
    number = 0
    while True:
        number += 1
        yield f"{prefix}{number:02d}"
