"""Results for machines: json with every reason, csv and parquet with one row an enterprise."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from peiyu import __version__
from peiyu.batch import phrases
from peiyu.batch.judging import Judged
from peiyu.batch.workbooks import (
    METHOD_HEADS,
    NOTE_HEADS,
    REFUSAL_HEADS,
    Run,
    method_rows,
    note_row,
    refusal_row,
)
from peiyu.policy.facts import SCALES
from peiyu.policy.intervals import interval
from peiyu.policy.parameters import parameters
from peiyu.policy.reasons import Explanation, GrantShown, Near, OtherReading, Shown, TestShown
from peiyu.policy.tree import Outcome
from peiyu.tables.results import Refusal
from peiyu.words import translate

Json = dict[str, Any]


def pair(value: Fraction | None) -> list[int] | None:
    """A fraction as numerator and denominator: nothing is divided on the way out."""
    return None if value is None else [value.numerator, value.denominator]


def number(shown: Shown | None) -> Json | None:
    """An interval; amounts are in fen, shares are fractions of one."""
    if shown is None:
        return None
    return {"low": pair(shown.low), "high": pair(shown.high), "unit": str(shown.unit)}


def test(found: TestShown, lang: str) -> Json:
    """One comparison."""
    return {
        "outcome": found.outcome.name.lower(),
        "words": found.words,
        "operator": found.operator,
        "value": number(found.value),
        "limit": number(found.limit),
        "part": number(found.part),
        "base": number(found.base),
        "said": phrases.test(found, lang),
    }


def written(value: object) -> object:
    """A stored value in json."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def reasons(found: Explanation | GrantShown, lang: str) -> Json:
    """What had a part in an outcome: comparisons, quantities, facts, rows, what is missing."""
    return {
        "tests": [test(entry, lang) for entry in found.tests],
        "quantities": [
            {"title": translate(q.title, lang), "article": q.article, "year": q.year, "value": number(q.value)}
            for q in found.quantities
        ],
        "facts": [
            {"name": f.fact.name, "term": f.fact.term(lang), "year": f.year, "value": written(f.value),
             "unit": str(f.fact.unit), "scale": SCALES.get(f.fact.unit, 1), "source": f.source}
            for f in found.facts
        ],
        "rows": [
            {"table": r.table, "row": r.label, "measure": phrases.measure(r, lang), "counts": r.counts,
             "why": [{"text": translate(w.text, lang), "article": w.article, "unknown": w.unknown,
                      "lacking": [x.name for x in w.lacking]} for w in r.why], "source": r.source}
            for r in found.rows
        ],
        "missing": [
            {"name": m.fact.name, "table": m.fact.table, "year": m.year, "row": m.row,
             "said": phrases.lacking(m, lang), "document": translate(m.fact.document, lang),
             "holder": translate(m.fact.holder, lang)}
            for m in found.missing
        ],
        "switches": dict(found.switches),
    }  # fmt: skip


def grant(item: Judged, found: GrantShown, lang: str) -> Json:
    """A grant with its outcome, its money in fen and all its reasons."""
    low, high = found.granted.money
    return {
        "id": found.grant.id,
        "title": translate(found.grant.title, lang),
        "article": found.grant.article,
        "outcome": found.granted.outcome.name.lower(),
        "amount_low": low,
        "amount_high": high,
        "said": phrases.granted(found.granted, lang),
        "formula": found.formula,
        "amount_formula": found.amount_formula,
        **reasons(found, lang),
        "other_readings": [
            {**other_reading(item, entry, lang), "amount_low": ends[0], "amount_high": ends[1]}
            for entry in item.readings.get(found.grant.id, ())
            if entry.granted is not None and (ends := entry.granted.money)
        ],
    }


def other_reading(item: Judged, found: OtherReading, lang: str) -> Json:
    """Another reading with the outcome that it would bring."""
    return {
        "switch": found.switch,
        "reading": found.reading,
        "outcome": found.outcome.name.lower(),
        "said": phrases.reading(found, item.assessment.program.rulebook, lang),
    }


def explanation(item: Judged, found: Explanation, lang: str, near: Sequence[Near] = ()) -> Json:
    """A criterion with all its reasons."""
    return {
        "id": found.criterion.id,
        "title": translate(found.criterion.title, lang),
        "article": found.criterion.article,
        "group": found.criterion.group,
        "outcome": found.outcome.name.lower(),
        "formula": found.formula,
        **reasons(found, lang),
        "other_readings": [
            other_reading(item, other, lang)
            for other in item.readings.get(found.criterion.id, ())
        ],
        "near": [
            {"name": n.fact.name if n.fact else "", "title": translate(n.title, lang) if n.title else "",
             "year": n.year, "change": pair(n.change), "unit": str(n.unit),
             "becomes": n.becomes.name.lower(), "said": phrases.near(n, lang)}
            for n in near
        ],
    }  # fmt: skip


def enterprise(item: Judged, run: Run, near: Mapping[str, Sequence[Near]] | None = None) -> Json:
    """One enterprise with its three lines and every criterion."""
    assessment, lang = item.assessment, run.lang
    program = assessment.program
    items = []
    for entry in program.rulebook.items:
        low, high, scale, _ = interval(assessment.value(entry.points))
        items.append({"id": entry.id, "title": translate(entry.title, lang), "article": entry.article,
                      "most": entry.most, "low": low, "high": high, "over": scale})  # fmt: skip
    return {
        "key": item.case.key,
        "name": item.case.name,
        "territory": run.found.territories.get(item.case.key),
        "hard": assessment.hard.name.lower(),
        "score": points(item),
        "verdict": assessment.verdict.name.lower(),
        "said": phrases.verdict(assessment.verdict, program.rulebook, lang),
        "criteria": [explanation(item, found, lang, (near or {}).get(found.criterion.id, ()))
                     for found in item.explanations],
        "items": items,
        "estimates": {name: number(value) for name, value in item.estimates.items()},
        "flags": [
            {"id": flag.id, "text": translate(flag.text, lang), "article": flag.article}
            for flag in program.rulebook.flags if flag.id in item.flags
        ],
        **({"grants": [grant(item, found, lang) for found in item.grants]} if item.grants else {}),
    }  # fmt: skip


def points(item: Judged) -> Json | None:
    """The score as an interval; null where the programme does not score."""
    score = item.assessment.score
    if score is None:
        return None
    return {"low": score.low, "high": score.high, "over": score.scale,
            "needs_data": score.data_missing, "points_needed": item.points_needed()}  # fmt: skip


def refusal(found: Refusal, lang: str) -> Json:
    """Something that was not read."""
    return {
        "sheet": found.sheet, "address": found.address, "enterprise": found.name, "heading": found.heading,
        "value": found.value, "rule": found.rule.say(lang), "remedy": found.remedy.say(lang),
        "whole_row": found.whole_row,
    }  # fmt: skip


def method(run: Run, total: int) -> Json:
    """By what was judged."""
    program = run.program
    return {
        "rulebook": program.rulebook.name,
        "version": program.rulebook.version(),
        "software": __version__,
        "on": run.on.isoformat(),
        "source": run.source,
        "judged": total,
        "not_judged": run.found.dropped,
        "refused": len(run.found.refusals),
        "switches": program.readings,
        "parameters": [
            {"name": name, "since": (entry := parameters()[name].dated(run.on)).since.isoformat(),
             "source": entry.source}
            for name in program.rulebook.parameters()
        ],
    }  # fmt: skip


def write_json(target: Path, run: Run, judged: Sequence[Judged]) -> None:
    """The whole result as one document."""
    document = {
        "method": method(run, len(judged)),
        "enterprises": [enterprise(item, run) for item in judged],
        "refused": [refusal(found, run.lang) for found in run.found.refusals],
        "notes": [
            {"sheet": note.sheet, "address": note.address, "text": note.text.say(run.lang)}
            for note in run.found.notes
        ],
    }
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")


# ------------------------------------------------------------------------------ one row a firm


def flat(item: Judged, run: Run) -> Json:
    """One enterprise on one row: the three lines, each outcome, each share as its pair."""
    assessment = item.assessment
    score = assessment.score
    row: Json = {
        "key": item.case.key,
        "name": item.case.name,
        "territory": run.found.territories.get(item.case.key, ""),
        "hard": assessment.hard.name.lower(),
    }
    if score is not None:
        row |= {"score_low": score.low, "score_high": score.high, "score_over": score.scale}
    row["verdict"] = assessment.verdict.name.lower()
    for found in item.explanations:
        row[found.criterion.id] = found.outcome.name.lower()
        for entry in found.tests:
            if entry.part is not None and entry.base is not None:
                row[f"{found.criterion.id}.part"] = _whole(entry.part)
                row[f"{found.criterion.id}.base"] = _whole(entry.base)
    for given in item.grants:
        name, (low, high) = given.grant.id, given.granted.money
        row[name] = given.granted.outcome.name.lower()
        row[f"{name}.low"] = "" if low is None else low
        row[f"{name}.high"] = "" if high is None else high
    row["missing"] = ";".join(
        f"{m.fact.name}.{m.year}" if m.year else m.fact.name for m, _ in item.missing().values()
    )
    row["flags"] = ";".join(item.flags)
    return row


def _whole(value: Shown) -> int | str:
    if not value.known:
        return ""
    assert value.low is not None
    return value.low.numerator if value.low.denominator == 1 else str(value.low)


def guarded(value: object) -> object:
    """Text of others never becomes a formula when the csv is opened in a spreadsheet."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def write_csv(target: Path, run: Run, judged: Sequence[Judged]) -> None:
    """One row an enterprise, with what was refused and remarked and the method beside it."""
    rows = [flat(item, run) for item in judged]
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["key"]
    _csv(target, columns, ([row.get(name, "") for name in columns] for row in rows))
    write_beside(target, run, len(judged))


BESIDE = (".refused.csv", ".notes.csv", ".method.csv")


def write_beside(target: Path, run: Run, total: int) -> None:
    """What was refused, what was remarked and the method, in files beside a list."""
    lists: tuple[tuple[Sequence[str], Iterator[Sequence[object]]], ...] = (
        (REFUSAL_HEADS, (refusal_row(found, run.lang) for found in run.found.refusals)),
        (NOTE_HEADS, (note_row(note, run.lang) for note in run.found.notes)),
        (METHOD_HEADS, method_rows(run, total)),
    )
    for ending, (heads, rows) in zip(BESIDE, lists, strict=True):
        _csv(target.with_suffix(ending), [translate(head, run.lang) for head in heads], rows)


def _csv(target: Path, head: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([guarded(value) for value in row] for row in rows)


OUTCOMES = tuple(outcome.name.lower() for outcome in Outcome)
