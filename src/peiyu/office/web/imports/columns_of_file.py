"""The headings of a file, each with what it is read as and what else it may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peiyu.office.foundation.imports import ImportKind
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
    samples: list[str]
    proposed: str
    chosen: str
    error: Message | None = None


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of the file with the columns of the kind that its headings may mean."""

    title: str
    known: bool
    heads: list[Head]
    options: Options


def pages_of(
    batch: ImportBatch, kind: ImportKind, on: date, sent: Mapping[str, str] | None = None
) -> list[FilePage]:
    """The pages as read, or with what was sent instead; clashes stand at their headings."""
    found = []
    for at, page in enumerate(batch.seen):
        options = _options(batch, kind, on, page)
        names = {name for name, _ in options}
        chosen = []
        for place, one in enumerate(page["headings"]):
            wanted = one["column"] if sent is None else str(sent.get(f"h{at}-{place}", ""))
            chosen.append(wanted if wanted in names else "")
        clashes = _clashes(page, chosen) if sent is not None else {}
        heads = [
            Head(
                f"h{at}-{place}", one["text"], one["letter"], one["unit"], one["samples"],
                one["column"], chosen[place], clashes.get(place),
            )
            for place, one in enumerate(page["headings"])
        ]  # fmt: skip
        found.append(FilePage(page["sheet"], bool(page["table"]), heads, options))
    return found


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
    for place, one in enumerate(page["headings"]):
        if meant.setdefault(one["text"], chosen[place]) != chosen[place]:
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
