"""A replay as files: the same replay gives the same bytes, for nothing in them tells when they were made."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from peiyu.batch import machine
from peiyu.batch.machine import guarded
from peiyu.batch.outcomes import TITLES, article, title
from peiyu.batch.phrases import outcome as outcome_words
from peiyu.batch.replay import Count, Money
from peiyu.batch.replay_lines import (
    CAUTION,
    Told,
    causes,
    change_heads,
    change_rows,
    method_rows,
    move_heads,
    move_rows,
    summary,
    territory_heads,
    territory_rows,
)
from peiyu.batch.sides import Side, changed_figures
from peiyu.batch.workbooks import (
    COLOURS,
    METHOD_HEADS,
    NOTE_HEADS,
    REFUSAL_HEADS,
    note_row,
    refusal_row,
)
from peiyu.policy.parameters import parameters
from peiyu.policy.wording import dated_value
from peiyu.tables.writing import ResultSheet, write_rows
from peiyu.words import mark, translate

Json = dict[str, Any]
BESIDE = (".criteria.csv", ".territories.csv", ".method.csv", ".refused.csv", ".notes.csv")


def write(target: Path, told: Told) -> None:
    """Write the replay by the ending of the file."""
    ending = target.suffix.lower()
    if ending == ".xlsx":
        write_workbook(target, told)
    elif ending == ".json":
        write_json(target, told)
    elif ending == ".csv":
        write_csv(target, CHANGE_COLUMNS, flat_rows(told))
        write_beside(target, told)
    else:
        told.replay.changes.write_parquet(target, compression="zstd")
        write_beside(target, told)


# -- workbook


def write_workbook(target: Path, told: Told) -> None:
    """Overview by territory, changes, moves, what was not used, method."""
    lang = told.lang
    colours = {outcome_words(found, lang): colour for found, colour in COLOURS.items()}
    above = [translate(told.replay.rulebook.title, lang), *summary(told), translate(CAUTION, lang)]
    sheets = [
        ResultSheet(translate(mark("总览"), lang), territory_heads(told), territory_rows(told), above,
                    (26, *([16] * 16))),
        ResultSheet(translate(mark("变化"), lang), change_heads(told), change_rows(told), (),
                    (34, 22, 16, 36, 10, 14, 14, 16, *([16] * 4 if told.gives else ()), 60, 60), colours),
        ResultSheet(translate(mark("按条件"), lang), move_heads(told), move_rows(told), (),
                    (36, 10, 14, 14, 10, 10, 10, 10, 10), colours),
        ResultSheet(translate("未采用的内容", lang), said(REFUSAL_HEADS, lang), _refusals(told), (),
                    (16, 10, 30, 30, 24, 50, 50, 14)),
        ResultSheet(translate("提示", lang), said(NOTE_HEADS, lang), _notes(told), (), (34, 12, 100)),
        ResultSheet(translate("方法", lang), said(METHOD_HEADS, lang), method_rows(told), (), (36, 90, 20)),
    ]  # fmt: skip
    write_rows(target, sheets, lang=lang)


def said(heads: Sequence[str], lang: str) -> list[str]:
    """Headings in the language of the reader."""
    return [translate(head, lang) for head in heads]


def _refusals(told: Told) -> Iterator[Sequence[object]]:
    return (refusal_row(found, told.lang) for found in told.found.refusals)


def _notes(told: Told) -> Iterator[Sequence[object]]:
    return (note_row(note, told.lang) for note in told.found.notes)


# -- csv


MONEY_COLUMNS = ("low_before", "high_before", "low_after", "high_after")
CHANGE_COLUMNS = ("key", "name", "territory", "line", "before", "after", *MONEY_COLUMNS, "causes")


def flat_rows(told: Told) -> Iterator[Sequence[object]]:
    """One row a line of an enterprise that changed, by the names of the code; amounts in fen."""
    for row in told.replay.changes.iter_rows(named=True):
        plain = [row[name] for name in CHANGE_COLUMNS[:-1]]
        yield (*plain, ";".join(map(str, causes(row, told))))


def write_beside(target: Path, told: Told) -> None:
    """Moves, territories, method, refusals and remarks in files beside a list."""
    lang = told.lang
    lists: tuple[tuple[Sequence[str], Iterable[Sequence[object]]], ...] = (
        (move_heads(told), move_rows(told)),
        (territory_heads(told), territory_rows(told)),
        (said(METHOD_HEADS, lang), method_rows(told)),
        (said(REFUSAL_HEADS, lang), _refusals(told)),
        (said(NOTE_HEADS, lang), _notes(told)),
    )
    for ending, (heads, rows) in zip(BESIDE, lists, strict=True):
        write_csv(target.with_suffix(ending), heads, rows)


def write_csv(target: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A csv file in which no text becomes a formula."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([guarded(value) for value in row] for row in rows)


# -- json


def write_json(target: Path, told: Told) -> None:
    """The whole replay as one document; amounts are fen."""
    replay, lang = told.replay, told.lang
    document = {
        "method": _method(told),
        "enterprises": replay.total.enterprises,
        "changed": replay.total.changed,
        "causes": {str(cause): count for cause, count in replay.causes.items()},
        "total": _counted(replay.total, told),
        "territories": [
            {"territory": name, **_counted(count, told)} for name, count in replay.territories
        ],
        "moves": [
            {
                **_line(move.line, told),
                "before": move.before,
                "after": move.after,
                "count": move.count,
                "causes": {str(cause): count for cause, count in move.by.items()},
            }
            for move in replay.moves
        ],
        "changes": list(_enterprises(told)),
        "refused": [machine.refusal(found, lang) for found in told.found.refusals],
        "notes": [
            {"sheet": note.sheet, "address": note.address, "text": note.text.say(lang)}
            for note in told.found.notes
        ],
    }
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _method(told: Told) -> Json:
    rulebook, lang = told.replay.rulebook, told.lang
    first, second = told.sides
    return {
        "rulebook": rulebook.name,
        "version": rulebook.version(),
        "source": told.source,
        "before": _side(first, told),
        "after": _side(second, told),
        "steps": [str(cause) for cause in told.replay.walk.causes],
        "backwards": told.replay.walk.backwards,
        "figures": [
            {"name": name, "before": dated_value(before, parameters()[name].unit, lang),
             "after": dated_value(after, parameters()[name].unit, lang)}
            for name, before, after in changed_figures(rulebook, first, second)
        ],
    }  # fmt: skip


def _side(side: Side, told: Told) -> Json:
    return {
        "on": side.on.isoformat(),
        "known": side.known.isoformat() if side.known else None,
        "set": dict(side.replaced),
        "switches": told.replay.rulebook.readings(dict(side.readings)),
    }


def _line(line: str, told: Told) -> Json:
    rulebook = told.replay.rulebook
    kind = "grant" if line in {grant.id for grant in rulebook.grants} else "criterion"
    return {
        "id": line,
        "kind": "line" if line in TITLES else kind,
        "title": title(rulebook, line, told.lang),
        "article": article(rulebook, line),
    }


def _counted(count: Count, told: Told) -> Json:
    found: Json = {
        "enterprises": count.enterprises, "before": count.before, "after": count.after, "changed": count.changed,
        "hard_before": count.hard_before, "hard_after": count.hard_after,
        "met_before": count.met_before, "met_after": count.met_after,
    }  # fmt: skip
    if told.gives:
        found["money_before"] = _money(count.money_before)
        found["money_after"] = _money(count.money_after)
        found["money"] = _money(count.money)
    return found


def _money(found: Money) -> Json:
    return {"low": found.low, "high": found.high, "open": found.opened}


def _enterprises(told: Told) -> Iterator[Json]:
    """Each enterprise that changed with its lines."""
    here: Json | None = None
    for row in told.replay.changes.iter_rows(named=True):
        if here is None or here["key"] != row["key"]:
            if here is not None:
                yield here
            here = {"key": row["key"], "name": row["name"] or row["key"],
                    "territory": row["territory"], "lines": []}  # fmt: skip
        here["lines"].append(_change(row, told))
    if here is not None:
        yield here


def _change(row: Mapping[str, Any], told: Told) -> Json:
    found = {
        **_line(row["line"], told),
        "before": row["before"],
        "after": row["after"],
        "causes": [str(cause) for cause in causes(row, told)],
    }
    if found["kind"] == "grant":
        found["money_before"] = [row["low_before"], row["high_before"]]
        found["money_after"] = [row["low_after"], row["high_after"]]
    if told.words is not None:
        found["said_before"], found["said_after"] = told.words(row["key"], row["line"])
    return found
