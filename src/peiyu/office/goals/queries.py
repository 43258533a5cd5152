"""How far the goals of the plan are on a day; reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from peiyu.office.accounts.models import User
from peiyu.office.goals.models import ShareFigure
from peiyu.office.policies.programme import values_on
from peiyu.office.qualifications.queries import Recognised, recognised_in, stock_on
from peiyu.office.statistics.counts import Counts, recognised
from peiyu.policy.plan import POINT, Plan, plan_on, reaches_share
from peiyu.words import Message, message

NEW, STOCK, SHARE = "new", "stock", "share"
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Share:
    """The newest share known on a day: of which months, both sums."""

    figure: ShareFigure

    @property
    def fen(self) -> tuple[int, int]:
        """Both sums in whole fen."""
        assert self.figure.part is not None and self.figure.whole is not None
        return int(self.figure.part * 100), int(self.figure.whole * 100)

    @property
    def percent(self) -> Decimal:
        """In per cent, half up at two decimals, to be shown; never to be compared."""
        return percent(*self.fen)


@dataclass(frozen=True, slots=True)
class Progress:
    """The three goals on a day, as far as the person sees them."""

    on: date
    plan: Plan
    counts: Counts
    """What was recognised, by year and body."""
    new: int
    stock: int
    stock_aim: int
    """From so many on the stock is reached, by the reading `stock_goal`."""
    share: Share | None
    share_points: int
    """By how many points the share may stay below, by the reading `value_added_share`."""
    whole_city: bool
    """Counted are all enterprises, not only those that a town sees."""

    @property
    def new_reached(self) -> bool:
        """So many new ones as the plan wants."""
        return self.new >= self.plan.new

    @property
    def stock_reached(self) -> bool:
        """So many that count as the reading wants."""
        return self.stock >= self.stock_aim

    @property
    def share_reached(self) -> bool | None:
        """About the share that the plan wants; None where no figure is known."""
        if self.share is None:
            return None
        return reaches_share(*self.share.fen, self.plan.share, self.share_points)

    def distances(self) -> dict[str, Message]:
        """How far each goal is, in words."""
        return {
            NEW: _distance(self.new, self.plan.new),
            STOCK: _distance(self.stock, self.stock_aim),
            SHARE: self._share_distance(),
        }

    def _share_distance(self) -> Message:
        if self.share is None:
            return message("还没有数")
        least = self.plan.share - self.share_points * POINT
        if self.share_reached:
            text = "已达到（不低于{least}%）"
            return message(text, least=_plain(least * 100))
        part, whole = self.share.fen
        short = (least * whole - part) / whole * 100
        text = "离{least}%还差{points}个百分点"
        return message(text, least=_plain(least * 100), points=_half_up(short))


def _distance(value: int, aim: int) -> Message:
    if value >= aim:
        return (
            message("已达到，多{number}家", number=value - aim)
            if value > aim
            else message("已达到")
        )
    return message("还差{number}家", number=aim - value)


def progress(on: date, person: User | None = None, *, known: date | None = None) -> Progress:
    """How far the goals are on a day; a town counts what it sees. Eight queries at the most.

    Raises:
        NotInForce: there was no plan yet.
    """
    plan, readings = plan_on(on), values_on(on)
    first, last = _days(plan, on)
    counts = recognised(first, last, on, readings=readings, known=known, person=person)
    return Progress(
        on, plan, counts, counts.new,
        sum(stock_on(on, known=known, person=person).values()),
        int(readings["stock_goal"]), newest_share(on, known),
        int(readings["value_added_share"]), person is None or person.access.city,
    )  # fmt: skip


def recognitions(on: date, person: User | None = None) -> list[Recognised]:
    """The rows behind the first goal: every recognition of the plan until a day; four queries.

    Raises:
        NotInForce: there was no plan yet.
    """
    return recognised_in(*_days(plan_on(on), on), on=on, person=person)


def _days(plan: Plan, on: date) -> tuple[date, date]:
    """The days of the plan that have come by a day."""
    return date(plan.first_year, 1, 1), min(on, date(plan.last_year, 12, 31))


def newest_share(on: date, known: date | None = None) -> Share | None:
    """The figure of the latest months that were over on a day, as known on it or on another."""
    rows = [one for one in standing_shares(known) if _is_over(one, on)]
    return Share(max(rows, key=lambda one: (one.year, one.month))) if rows else None


def standing_shares(known: date | None = None) -> list[ShareFigure]:
    """Of each period the newest version, the latest period first, as known now or on a day; one query."""
    rows = ShareFigure.objects.select_related("source", "recorded_by")
    if known is not None:
        rows = rows.filter(recorded_on__lte=known)
    newest: dict[tuple[int, int], ShareFigure] = {}
    for row in rows.order_by("version"):
        newest[row.year, row.month] = row
    found = [row for row in newest.values() if not row.withdrawn]
    return sorted(found, key=lambda one: (one.year, one.month), reverse=True)


def versions_of(year: int, month: int) -> Sequence[ShareFigure]:
    """All versions of a period, the newest first."""
    rows = ShareFigure.objects.filter(year=year, month=month)
    return list(rows.select_related("source", "recorded_by").order_by("-version"))


def percent(part: int, whole: int) -> Decimal:
    """A share in per cent, half up at two decimals."""
    return _half_up(Fraction(part * 100, whole))


def _is_over(figure: ShareFigure, on: date) -> bool:
    return (figure.year, figure.month) < (on.year, on.month)


def _half_up(value: Fraction) -> Decimal:
    """Two decimals, half up, by whole numbers only."""
    hundredths = (value.numerator * 200 + value.denominator) // (2 * value.denominator)
    return Decimal(hundredths).scaleb(-2)


def _plain(value: Fraction) -> str:
    whole = _half_up(value)
    return str(whole.to_integral_value()) if whole == whole.to_integral_value() else str(whole)
