"""The demo city: 320 invented enterprises of Jiyuan, drawn from a seed, as rows of the sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from peiyu.batch.layouts import layout
from peiyu.demo.bounds import Bounds
from peiyu.demo.draft import Draft, Row
from peiyu.demo.identity import credit_code, name_of, words
from peiyu.demo.panel import owned
from peiyu.demo.places import PLACES, Place, located
from peiyu.demo.stories import ORDINARY, STORIES, Story
from peiyu.demo.trades import Trade, trade_in
from peiyu.demo.unwritten import as_read
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.tables.results import Read

SEED = 2018
DAY = date(2019, 6, 17)
"""The day of the demo: a Monday, so that the fiscal years are 2016 to 2018."""


@dataclass(frozen=True)
class Firm:
    """One enterprise of the city: who it is, where, its story, and its rows without an owner."""

    code: str
    name: str
    town: Place
    zone: Place | None
    trade: Trade
    story: Story
    facts: Row
    tables: dict[str, list[Row]]


@dataclass(frozen=True)
class City:
    """The enterprises in the order of the flat sheet."""

    seed: int
    on: date
    firms: tuple[Firm, ...]
    rows: dict[str, list[Row]]
    """Rows of each sheet, by the column names of the layout; what is unknown is not there."""

    @cached_property
    def by_story(self) -> dict[str, tuple[Firm, ...]]:
        """The enterprises of each story."""
        return {
            story.name: tuple(firm for firm in self.firms if firm.story is story)
            for story in STORIES
        }

    def read(self) -> Read:
        """The city as if it had been read from a faultless workbook."""
        return as_read(self.rows)


def city(seed: int = SEED, on: date = DAY) -> City:
    """Draw the city; the same seed and day give the same city."""
    drawn = list(drafts(seed, on))
    Random(f"{seed} order").shuffle(drawn)
    rows: dict[str, list[Row]] = {sheet.name: [] for sheet in layout(HNTE, on)}
    firms = []
    for story, draft in drawn:
        rows["enterprise"].append(draft.facts)
        for table, found in owned(draft).items():
            rows[table] += found
        firms.append(Firm(
            draft.code, draft.name, draft.town, draft.zone, draft.trade, story, draft.facts, draft.tables,
        ))  # fmt: skip
    return City(seed, on, tuple(firms), rows)


def drafts(seed: int, on: date) -> Iterator[tuple[Story, Draft]]:
    """Every enterprise, story by story; the first ordinary ones lie one in each place."""
    free = words(Random(f"{seed} names"))
    bounds = Bounds.on(on)
    codes: set[str] = set()
    for story in STORIES:
        for index in range(story.count):
            random = Random(f"{seed} {story.name} {index}")
            everywhere = PLACES[index] if story is ORDINARY and index < len(PLACES) else None
            town, zone = located(random, everywhere)
            trade = trade_in(zone or town, random)
            word = free.pop()
            name = name_of(word, trade, random, story.form)
            stranger = name_of(free.pop(0), trade, random) if story.name == "renewing" else ""
            draft = Draft(on, random, bounds, "", name, word, town, zone, trade, stranger)
            tell(story, draft, index, codes)
            yield story, draft


def tell(story: Story, draft: Draft, index: int, codes: set[str]) -> None:
    """Draw one enterprise: what it states, its rows, what goes wrong."""
    story.shape(draft, index)
    while not draft.code or draft.code in codes:
        draft.code = credit_code(draft.established_on, draft.random)
    codes.add(draft.code)
    draft.facts["code"] = draft.code
    for which, write in story.fills:
        if index in which:
            write(draft, index)
    if story.spoils is not None:
        story.spoils(draft, index)
