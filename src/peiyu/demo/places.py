"""The streets, towns and live zones of Jiyuan; how many enterprises lie where is invented."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

STREET, TOWN, ZONE = "street", "town", "zone"


@dataclass(frozen=True, slots=True)
class Place:
    """A street, a town or a zone: a body to which enterprises are attributed.

    `share` is its part of a thousand enterprises; `trades` are those found there more often;
    a zone lies `within` streets and towns.
    """

    code: str
    chinese: str
    kind: str
    share: int
    trades: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


PLACES = (
    Place("419001001", "沁园街道", STREET, 40, ("software", "services")),
    Place("419001002", "济水街道", STREET, 40, ("services", "software")),
    Place("419001003", "北海街道", STREET, 35, ("electronics", "services")),
    Place("419001004", "天坛街道", STREET, 95, ("equipment", "steel", "building")),
    Place("419001005", "玉泉街道", STREET, 105, ("equipment", "electronics", "food")),
    Place("419001100", "克井镇", TOWN, 90, ("nonferrous", "energy", "chemicals")),
    Place("419001101", "五龙口镇", TOWN, 35, ("energy", "building", "feed")),
    Place("419001102", "轵城镇", TOWN, 40, ("steel", "feed")),
    Place("419001103", "承留镇", TOWN, 85, ("steel", "nonferrous", "equipment")),
    Place("419001104", "邵原镇", TOWN, 8, ("feed", "building")),
    Place("419001105", "坡头镇", TOWN, 16, ("feed", "food")),
    Place("419001106", "梨林镇", TOWN, 25, ("feed", "food")),
    Place("419001107", "大峪镇", TOWN, 6, ("feed",)),
    Place("419001108", "思礼镇", TOWN, 30, ("nonferrous", "building")),
    Place("419001109", "王屋镇", TOWN, 8, ("food", "services")),
    Place("419001110", "下冶镇", TOWN, 7, ("building",)),
    Place("JY-Z01", "虎岭高新技术产业开发区", ZONE, 200, ("equipment", "electronics", "software", "food"),
          ("承留镇", "天坛街道", "玉泉街道")),
    Place("JY-Z02", "玉川产业集聚区", ZONE, 135, ("nonferrous", "chemicals", "energy"),
          ("克井镇", "五龙口镇")),
)  # fmt: skip
BY_NAME = {place.chinese: place for place in PLACES}


def located(random: Random, place: Place | None = None) -> tuple[Place, Place | None]:
    """Where an enterprise lies: its street or town and, if it is in one, its zone."""
    place = place or random.choices(PLACES, [place.share for place in PLACES])[0]
    if place.kind != ZONE:
        return place, None
    return BY_NAME[random.choice(place.within)], place
