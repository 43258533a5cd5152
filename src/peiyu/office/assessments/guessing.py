"""What somebody thinks experts will give: typed item by item, kept all at once or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction

from peiyu.office.accounts.models import User
from peiyu.office.assessments.actions import estimate
from peiyu.office.assessments.assessing import Assessed, Points
from peiyu.office.assessments.models import Estimate, Estimator
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.policy.intervals import BY_EXPERT, interval
from peiyu.policy.wording import exactly
from peiyu.words import Message, message

MOST_DIGITS = 3
Held = Mapping[str, Mapping[Estimator, Estimate]]
"""The newest estimates by item and by who estimates."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What one thinks experts will give an item, as typed."""

    points: Points
    low: str
    high: str
    problem: Message | None = None

    @property
    def name(self) -> str:
        """The item's name, for the inputs."""
        return self.points.item.id

    @property
    def band(self) -> tuple[str, str]:
        """From where to where the facts leave it open."""
        low, high, over = self.points.low, self.points.high, self.points.over
        return exactly(Fraction(low, over), 2), exactly(Fraction(high, over), 2)


@dataclass(frozen=True, slots=True)
class Guessing:
    """Whose estimates are written, of whom, by which programme."""

    enterprise: Enterprise
    rulebook: str
    who: Estimator
    person: User


def waiting(found: Assessed) -> tuple[Points, ...]:
    """The items that wait for experts."""
    return tuple(
        one
        for one in found.items
        if interval(found.assessment.value(one.item.points))[3] & BY_EXPERT
    )


def as_held(items: Sequence[Points], held: Held, who: Estimator) -> list[Guess]:
    """What was estimated last."""
    guesses = []
    for one in items:
        row = held.get(one.item.id, {}).get(who)
        low, high = (row.low, row.high) if row else ("", "")
        guesses.append(Guess(one, str(low), "" if high == low else str(high)))
    return guesses


def keep_all(
    of: Guessing, items: Sequence[Points], held: Held, typed: Callable[[str], str]
) -> list[Guess]:
    """Keep all that was typed (`low-…`, `high-…` by item), or nothing where something of it is wrong."""
    guesses = []
    with transaction.atomic():
        for points in items:
            item = points.item.id
            low, high = (
                typed(f"{end}-{item}").replace("\x00", "").strip() for end in ("low", "high")
            )
            row = held.get(item, {}).get(of.who)
            guesses.append(Guess(points, low, high, _keep(of, item, low, high, row)))
        if any(guess.problem for guess in guesses):
            transaction.set_rollback(True)
    return guesses


def _keep(of: Guessing, item: str, low: str, high: str, row: Estimate | None) -> Message | None:
    """Keep what one thinks of an item; what is wrong with it, if anything."""
    if not all(text == "" or _is_whole(text) for text in (low, high)):
        return message("请填整数分，不估就留空")
    if row is None and not low and not high:
        return None
    try:
        estimate(
            of.enterprise, rulebook=of.rulebook, item=item, who=of.who, low=int(low) if low else None,
            high=int(high) if high else None, remark=row.remark if row else "", actor=of.person,
        )  # fmt: skip
    except Refused as refusal:
        return refusal.message
    return None


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
