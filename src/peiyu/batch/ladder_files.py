"""The ladder as lists and files: who stands where, what is open, what is not known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peiyu.batch import machine, phrases
from peiyu.batch.cases import Input
from peiyu.batch.ladder import Ladder, Open, Standing
from peiyu.batch.phrases import say
from peiyu.batch.replay_files import said, write_csv
from peiyu.batch.workbooks import (
    COLOURS,
    METHOD_HEADS,
    NOTE_HEADS,
    REFUSAL_HEADS,
    note_row,
    refusal_row,
)
from peiyu.policy.ladder import NO_RUNG, NO_RUNG_TITLE
from peiyu.policy.tree import Outcome
from peiyu.tables.writing import ResultSheet, write_rows
from peiyu.words import aside, joined, mark, translate

Json = dict[str, Any]
Row = Sequence[object]
CAUTION = mark("由公开规则自动核对，仅供培育和辅导参考，不是评价、认定或者拨款的决定。")
HOW = mark(
    "所在一级是结论为符合的最高一级，不要求其下各级都符合；下一级是紧接其上的一级。各级都按同一日期、默认口径核对。"
)
BESIDE = (".counts.csv", ".method.csv", ".refused.csv", ".notes.csv")


@dataclass(frozen=True)
class Climb:
    """A ladder with the enterprises on it and all that is needed to tell it."""

    ladder: Ladder
    standings: Sequence[Standing]
    source: str
    found: Input
    lang: str

    def title(self, rung: str | None) -> str:
        """What a rung is called."""
        if rung is None:
            return translate(NO_RUNG_TITLE, self.lang)
        return translate(self.ladder.programs[rung].rulebook.title, self.lang)

    def territory(self, found: Standing) -> str:
        """The place of an enterprise as written."""
        return self.found.territories.get(found.case.key, "")

    def counts(self) -> Iterator[tuple[str | None, int]]:
        """How many enterprises stand on each rung, on none first: together they are all."""
        for rung in (None, *self.ladder.programs):
            yield rung, sum(found.rung == rung for found in self.standings)


def _who(climb: Climb, found: Standing) -> tuple[str, str, str]:
    case = found.case
    code = case.facts.get("code") or (case.key if case.key != case.name else "")
    return case.name, str(code), climb.territory(found)


def _list(climb: Climb, parts: Iterator[str]) -> str:
    return joined("；", parts, climb.lang)


def _open_words(climb: Climb, found: Standing) -> str:
    lang = climb.lang
    return _list(climb, (
        translate(o.explanation.criterion.title, lang) + aside(phrases.outcome(o.explanation.outcome, lang), lang)
        for o in found.open
    ))  # fmt: skip


def _missing_words(climb: Climb, found: Standing) -> str:
    return _list(climb, (phrases.lacking(one, climb.lang) for one, _ in found.missing()))


# -- lists


MOST_LISTED = 3  # on the screen; files have all
WHO = (mark("企业名称"), mark("统一社会信用代码"), mark("所在镇（街道、园区）"))


def count_heads(climb: Climb) -> list[str]:
    """What stands over the number of enterprises on each rung."""
    return said((mark("一级"), mark("家数")), climb.lang)


def count_rows(climb: Climb) -> Iterator[Row]:
    """One row a rung, and one for all."""
    for rung, count in climb.counts():
        yield climb.title(rung), count
    yield translate("合计", climb.lang), len(climb.standings)


def short_lines(climb: Climb, most: int) -> Iterator[tuple[str, str]]:
    """The first enterprises on the screen: the rung, what is unmet above it, what is not known."""
    lang = climb.lang
    for found in climb.standings[:most]:
        name, _, place = _who(climb, found)
        following = f" → {climb.title(found.next)}" if found.next else ""
        yield (
            "plain",
            f"{name}{aside(place, lang) if place else ''}  {climb.title(found.rung)}{following}",
        )
        for outcome in (Outcome.UNMET, Outcome.EXPERT, Outcome.UNKNOWN):
            titles = [
                translate(entry.explanation.criterion.title, lang)
                for entry in found.open
                if entry.explanation.outcome is outcome
            ]
            if titles:
                yield (
                    outcome.name.lower(),
                    f"  {phrases.outcome(outcome, lang)}: {_first(titles, lang)}",
                )
        lacking = [phrases.lacking(one, lang) for one, _ in found.missing()]
        if lacking:
            yield "dim", f"  {translate('缺少的资料', lang)}: {_first(lacking, lang)}"


def _first(parts: list[str], lang: str) -> str:
    """The first few of a list, and how many there are."""
    said_ = joined("；", parts[:MOST_LISTED], lang)
    if len(parts) <= MOST_LISTED:
        return said_
    return say("{list}等{count}项", lang, list=said_, count=len(parts))


def _overview(climb: Climb) -> ResultSheet:
    lang, names = climb.lang, list(climb.ladder.programs)
    heads = said(
        (*WHO, mark("所在一级"), mark("下一级"), mark("尚未符合的条件"), mark("缺少的资料")), lang
    )
    counted = (f"{climb.title(rung)} {count}" for rung, count in climb.counts())
    above = (
        f"{translate(mark('培育阶梯'), lang)} · {climb.ladder.on.isoformat()}",
        say("核对 {total} 家：{counts}", lang, total=len(climb.standings), counts=joined("、", counted, lang)),
        translate(CAUTION, lang),
    )  # fmt: skip

    def rows() -> Iterator[Row]:
        for found in climb.standings:
            yield (
                *_who(climb, found), climb.title(found.rung), climb.title(found.next) if found.next else "",
                _open_words(climb, found), _missing_words(climb, found),
                *(phrases.outcome(found.outcomes[name], lang) for name in names),
            )  # fmt: skip

    return ResultSheet(
        translate("总览", lang), [*heads, *map(climb.title, names)], rows(), above,
        (34, 22, 16, 20, 20, 60, 60, *([18] * len(names))), _colours(lang),
    )  # fmt: skip


def _colours(lang: str) -> dict[str, str]:
    return {phrases.outcome(found, lang): colour for found, colour in COLOURS.items()}


def _conditions(climb: Climb) -> ResultSheet:
    lang = climb.lang
    heads = said((*WHO[:2], mark("下一级"), mark("条件"), mark("条款"), mark("结果"), mark("数值与限值"),
                  mark("差多少"), mark("缺少的资料")), lang)  # fmt: skip

    def rows() -> Iterator[Row]:
        for found in climb.standings:
            for entry in found.open:
                why = entry.explanation
                yield (
                    *_who(climb, found)[:2], climb.title(found.next), translate(why.criterion.title, lang),
                    why.criterion.article, phrases.outcome(why.outcome, lang), phrases.summary(why, lang),
                    _list(climb, (phrases.near(one, lang) for one in entry.near)),
                    _list(climb, (phrases.lacking(one, lang) for one in why.missing)),
                )  # fmt: skip

    return ResultSheet(
        translate(mark("尚未符合的条件"), lang), heads, rows(), (), (34, 22, 20, 40, 12, 14, 50, 50, 50),
        _colours(lang), frozen=2,
    )  # fmt: skip


def _missing(climb: Climb) -> ResultSheet:
    lang = climb.lang
    heads = said((*WHO[:2], mark("下一级"), mark("缺少的资料"), mark("通常见于"), mark("通常由谁提供"),
                  mark("影响的条件")), lang)  # fmt: skip

    def rows() -> Iterator[Row]:
        for found in climb.standings:
            titles = {o.id: translate(o.explanation.criterion.title, lang) for o in found.open}
            for lacking, criteria in found.missing():
                fact = lacking.fact
                yield (
                    *_who(climb, found)[:2], climb.title(found.next), phrases.lacking(lacking, lang),
                    translate(fact.document, lang), translate(fact.holder, lang),
                    _list(climb, (titles[name] for name in criteria)),
                )  # fmt: skip

    return ResultSheet(
        translate("缺少的资料", lang), heads, rows(), (), (34, 22, 20, 44, 30, 24, 60), frozen=2
    )


def method_rows(climb: Climb) -> Iterator[tuple[str, str, str]]:
    """The rungs with their rulebooks, the day, and what the words mean."""
    lang = climb.lang
    yield translate("来源文件", lang), climb.source, ""
    yield translate(mark("核对日期"), lang), climb.ladder.on.isoformat(), ""
    for name, laid in climb.ladder.programs.items():
        yield climb.title(name), f"{name} {laid.rulebook.version()}", ""
    for book in climb.ladder.left_out:
        since = say("自 {since} 起施行，没有核对", lang, since=book.since.isoformat())
        yield translate(book.title, lang), since, ""
    yield translate("说明", lang), translate(HOW, lang), ""
    yield translate("说明", lang), translate(CAUTION, lang), ""


# -- files


def write(target: Path, climb: Climb) -> None:
    """Write the ladder by the ending of the file."""
    {".xlsx": write_workbook, ".json": write_json, ".csv": write_flat}[target.suffix.lower()](
        target, climb
    )


def _refusals(climb: Climb) -> Iterator[Row]:
    return (refusal_row(found, climb.lang) for found in climb.found.refusals)


def _notes(climb: Climb) -> Iterator[Row]:
    return (note_row(note, climb.lang) for note in climb.found.notes)


def write_workbook(target: Path, climb: Climb) -> None:
    """Overview, open conditions, missing facts, what was not used, remarks, method."""
    lang = climb.lang
    sheets = [
        _overview(climb), _conditions(climb), _missing(climb),
        ResultSheet(translate("未采用的内容", lang), said(REFUSAL_HEADS, lang), _refusals(climb), (),
                    (16, 10, 30, 30, 24, 50, 50, 14)),
        ResultSheet(translate("提示", lang), said(NOTE_HEADS, lang), _notes(climb), (), (34, 12, 100)),
        ResultSheet(translate("方法", lang), said(METHOD_HEADS, lang), method_rows(climb), (), (36, 90, 20)),
    ]  # fmt: skip
    write_rows(target, sheets, lang=lang)


def write_flat(target: Path, climb: Climb) -> None:
    """One row an enterprise by the names of the code, with counts and method beside it."""
    names = list(climb.ladder.programs)
    rows = (
        (f.case.key, f.case.name, climb.territory(f), f.rung or NO_RUNG, f.next or "",
         *(f.outcomes[name].name.lower() for name in names), ";".join(o.id for o in f.open),
         ";".join(f"{m.fact.name}.{m.year}" if m.year else m.fact.name for m, _ in f.missing()))
        for f in climb.standings
    )  # fmt: skip
    write_csv(target, ("key", "name", "territory", "rung", "next", *names, "open", "missing"), rows)
    lang = climb.lang
    for ending, heads, lines in zip(
        BESIDE,
        (count_heads(climb), said(METHOD_HEADS, lang), said(REFUSAL_HEADS, lang), said(NOTE_HEADS, lang)),
        (count_rows(climb), method_rows(climb), _refusals(climb), _notes(climb)),
        strict=True,
    ):  # fmt: skip
        write_csv(target.with_suffix(ending), heads, lines)


def write_json(target: Path, climb: Climb) -> None:
    """The whole ladder as one document."""
    lang, ladder = climb.lang, climb.ladder
    document = {
        "method": {
            "on": ladder.on.isoformat(),
            "source": climb.source,
            "rungs": [
                {"name": name, "title": climb.title(name), "version": laid.rulebook.version()}
                for name, laid in ladder.programs.items()
            ],
            "left_out": [
                {"name": book.name, "since": book.since.isoformat()} for book in ladder.left_out
            ],
        },
        "counts": {rung or NO_RUNG: count for rung, count in climb.counts()},
        "enterprises": [_enterprise(found, climb) for found in climb.standings],
        "refused": [machine.refusal(found, lang) for found in climb.found.refusals],
        "notes": [
            {"sheet": note.sheet, "address": note.address, "text": note.text.say(lang)}
            for note in climb.found.notes
        ],
    }
    target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _enterprise(found: Standing, climb: Climb) -> Json:
    lang = climb.lang
    return {
        "key": found.case.key,
        "name": found.case.name,
        "territory": climb.territory(found) or None,
        "rung": found.rung or NO_RUNG,
        "verdicts": {name: outcome.name.lower() for name, outcome in found.outcomes.items()},
        "next": found.next,
        "open": [_condition(entry, lang) for entry in found.open],
        "missing": [
            {"name": m.fact.name, "table": m.fact.table, "year": m.year, "row": m.row,
             "said": phrases.lacking(m, lang), "document": translate(m.fact.document, lang),
             "holder": translate(m.fact.holder, lang), "criteria": criteria}
            for m, criteria in found.missing()
        ],
    }  # fmt: skip


def _condition(entry: Open, lang: str) -> Json:
    why = entry.explanation
    return {
        "id": entry.id,
        "title": translate(why.criterion.title, lang),
        "article": why.criterion.article,
        "outcome": why.outcome.name.lower(),
        "said": phrases.summary(why, lang),
        "near": [
            {"name": n.fact.name if n.fact else "", "year": n.year, "change": machine.pair(n.change),
             "unit": str(n.unit), "becomes": n.becomes.name.lower(), "said": phrases.near(n, lang)}
            for n in entry.near
        ],
    }  # fmt: skip
