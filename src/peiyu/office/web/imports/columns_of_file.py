"""The headings of a file, each with what it is read as and what else it may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peiyu.office.foundation.imports import UNITS, ImportKind, unit_of_page
from peiyu.office.foundation.kept import message_of
from peiyu.office.foundation.models import ImportBatch
from peiyu.tables.headings import YEAR
from peiyu.words import Message, message

Options = list[tuple[str, str | Message]]


@dataclass(frozen=True, slots=True)
class Head:
    """One heading of a page of the file."""

    field: str
    text: str
    letter: str
    unit: str
    money: bool
    lost: Message | None
    """Why the column is not read although its words are known, and what to do."""
    samples: list[str]
    proposed: str
    chosen: str
    error: Message | None = None


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of the file with the columns of the kind that its headings may mean.

    `unit` stands over the table, `strange` is what stands there instead and is none of our money;
    `units` may be said by hand, where nothing stands there; `unit_chosen` is the one that holds.
    """

    title: str
    known: bool
    heads: list[Head]
    options: Options
    field: str
    unit: str
    strange: str
    units: tuple[str, ...]
    unit_held: str
    unit_chosen: str
    asks: bool
    """Some amounts have no unit: they are not read before it is said."""
    error: Message | None = None


def pages_of(
    batch: ImportBatch, kind: ImportKind, on: date, sent: Mapping[str, str] | None = None
) -> list[FilePage]:
    """The pages as read, or with what was sent instead; clashes stand at their headings."""
    found = []
    for at, page in enumerate(batch.seen):
        options = _options(batch, kind, on, page)
        names = {name for name, _ in options}
        unit = page.get("unit", "")
        held = "" if unit else unit_of_page(batch, page["sheet"])
        units = UNITS if "unit" in kind.asks and not unit else ()
        field = f"u{at}"
        wanted_unit = held if sent is None else str(sent.get(field, held))
        wanted_unit = wanted_unit if wanted_unit in units else ""
        lacks = bool(page.get("asks")) or bool(held)
        chosen = []
        for place, one in enumerate(page["headings"]):
            wanted = one["column"] if sent is None else str(sent.get(f"h{at}-{place}", ""))
            chosen.append(wanted if wanted in names else "")
        clashes = _clashes(page, chosen) if sent is not None else {}
        heads = [
            Head(
                f"h{at}-{place}", one["text"], one["letter"], one["unit"],
                bool(one.get("money")), _lost(one),
                one["samples"], one["column"], chosen[place], clashes.get(place),
            )
            for place, one in enumerate(page["headings"])
        ]  # fmt: skip
        error = None
        if sent is not None and lacks and not wanted_unit:
            error = message("请选金额单位")
        found.append(
            FilePage(
                page["sheet"], bool(page["table"]), heads, options, field, unit,
                page.get("strange", ""), units, held, wanted_unit, bool(page.get("asks")), error,
            )
        )  # fmt: skip
    return found


def _lost(one: Mapping[str, Any]) -> Message | None:
    if not one.get("lost"):
        return None
    rule, remedy = map(message_of, one["lost"])
    return message("没有读：{rule}。{remedy}", rule=rule, remedy=remedy)


def units_said(pages: list[FilePage]) -> dict[str, str]:
    """Units of pages that were said, otherwise than before."""
    return {
        page.title: page.unit_chosen
        for page in pages
        if page.unit_chosen and page.unit_chosen != page.unit_held
    }


def changed(pages: list[FilePage]) -> dict[str, str]:
    """What headings mean otherwise than proposed."""
    return {
        head.text: head.chosen
        for page in pages
        for head in page.heads
        if head.chosen != head.proposed
    }


def _options(batch: ImportBatch, kind: ImportKind, on: date, page: Mapping[str, Any]) -> Options:
    """The columns of the kind; those of a year only for years of which the page speaks."""
    years = {one["column"].partition("@")[2] for one in page["headings"]}
    years |= {year for one in page["headings"] for year in YEAR.findall(one["text"])}
    found: dict[str, str | Message] = {}
    for sheet in kind.layout(batch.options, {}, on):
        for column in sheet.columns:
            _, sign, year = column.name.partition("@")
            if not sign:
                found.setdefault(column.name, column.printed)
            elif year in years:
                found[column.name] = message(
                    "{year}年{term}", year=year, term=message(column.printed)
                )
    return list(found.items())


def _clashes(page: Mapping[str, Any], chosen: list[str]) -> dict[int, Message]:
    """Headings of the same words read differently; columns read twice by hand."""
    found: dict[int, Message] = {}
    meant: dict[str, str] = {}
    places: dict[str, list[int]] = defaultdict(list)
    moved = {
        one["text"] for place, one in enumerate(page["headings"]) if chosen[place] != one["column"]
    }
    for place, one in enumerate(page["headings"]):
        alike = meant.setdefault(one["text"], chosen[place]) == chosen[place]
        if not alike and one["text"] in moved:
            found[place] = message("“{text}”有不止一列，只能读作同一项", text=one["text"])
        if chosen[place]:
            places[chosen[place]].append(place)
    for held in places.values():
        by_hand = [p for p in held if page["headings"][p]["column"] != chosen[p]]
        if len(held) > 1 and by_hand:
            others = [page["headings"][p]["letter"] for p in held if p != by_hand[-1]]
            text = message("已由第{column}列读出，请改为别的项或“不读”", column=others[0])
            found.setdefault(by_hand[-1], text)
    return found
