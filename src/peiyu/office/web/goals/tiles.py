"""The goals as tiles: value, bar with the mark of the aim, distance in words, the way to the rows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse

from peiyu.office.goals.queries import NEW, SHARE, STOCK, Progress
from peiyu.words import Message, mark, message

REACH = Fraction(7, 5)
"""How far a bar reaches beyond its aim."""
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Tile:
    """One goal. `width` and `aim_at` in hundredths of the bar; no aim where it is not one's own."""

    key: str
    heading: str
    value: str
    unit: str
    words: Message
    width: int
    aim_at: int | None
    aim: Message | None
    note: Message
    href: str
    shape: str


def tiles_of(found: Progress) -> list[Tile]:
    """The three goals; a town sees its own numbers beside the aim of the city."""
    on = f"?on={found.on.isoformat()}"
    distances = found.distances()
    plan = found.plan
    whole = found.whole_city
    new = Tile(
        NEW, mark("新认定"), str(found.new), mark("家"),
        distances[NEW] if whole else message("本单位的；全市目标{aim}家", aim=plan.new),
        *_bar(found.new, plan.new, own=whole),
        message("{aim}", aim=plan.new) if whole else None,
        message("{first}年以来", first=plan.first_year),
        reverse("goals_new") + on, "met" if whole and found.new_reached else "",
    )  # fmt: skip
    stock = Tile(
        STOCK, mark("有效高企"), str(found.stock), mark("家"),
        distances[STOCK] if whole else message("本单位的；全市目标突破{aim}家", aim=plan.stock_exceeds),
        *_bar(found.stock, found.stock_aim, own=whole),
        message("＞{aim}", aim=plan.stock_exceeds) if whole else None,
        message("按{aim}家以上算达到", aim=found.stock_aim),
        reverse("certificates") + f"{on}&state=in_force&state=expiring",
        "met" if whole and found.stock_reached else "",
    )  # fmt: skip
    return [new, stock, _share(found, distances[SHARE])]


def _share(found: Progress, words: Message) -> Tile:
    aim = found.plan.share * 100
    shown, width, note = "—", 0, message("还没有数")
    if found.share is not None:
        percent = found.share.percent
        shown, width = f"{percent:f}", _part(Fraction(percent), aim)
        note = period(found.share.figure.year, found.share.figure.month)
    return Tile(
        SHARE, mark("规上高新技术产业增加值占比"), shown, "%", words, width, _part(aim, aim),
        message("约{aim}", aim=int(aim)), note, reverse("goals_share"),
        "met" if found.share_reached else "",
    )  # fmt: skip


def period(year: int, month: int) -> Message:
    """Of which months a figure is."""
    if month == 12:
        return message("{year}年全年", year=year)
    return message("{year}年1～{month}月", year=year, month=month)


def _bar(value: int, aim: int, *, own: bool) -> tuple[int, int | None]:
    """Width of the bar and place of its mark; alone, a town's bar is a part of the city's aim."""
    return _part(Fraction(value), Fraction(aim)), _part(
        Fraction(aim), Fraction(aim)
    ) if own else None


def _part(value: Fraction, aim: Fraction) -> int:
    most = aim * REACH
    return min(WIDTH, int(value * WIDTH / most)) if most else 0
