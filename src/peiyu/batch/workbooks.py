"""The result as a workbook: overview, criteria, points, what is missing, what was refused, method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from peiyu import __version__
from peiyu.batch import phrases
from peiyu.batch.cases import Input
from peiyu.batch.judging import Judged
from peiyu.batch.phrases import say
from peiyu.policy import wording
from peiyu.policy.articles import article
from peiyu.policy.explain import Program
from peiyu.policy.intervals import interval
from peiyu.policy.parameters import parameters
from peiyu.policy.reasons import shown
from peiyu.policy.tree import Outcome
from peiyu.policy.wording import Speaker, unit_of
from peiyu.tables.results import Note, Refusal
from peiyu.tables.writing import ResultSheet, write_rows
from peiyu.words import aside, joined, mark, message, translate

COLOURS = {
    Outcome.MET: "#E3F1E3",
    Outcome.UNMET: "#F8DEDC",
    Outcome.UNKNOWN: "#EEEEEE",
    Outcome.EXPERT: "#DFE9F7",
}


@dataclass(frozen=True)
class Run:
    """What was judged, by what, as of when."""

    program: Program
    source: str
    found: Input
    lang: str
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The governing day."""
        return self.program.on


def write_workbook(target: Path, run: Run, judged: Sequence[Judged]) -> None:
    """Write the workbook of a run."""
    lang = run.lang
    colours = {phrases.outcome(found, lang): colour for found, colour in COLOURS.items()}
    sheets = [
        _overview(run, judged, colours),
        _criteria(run, judged, colours),
        *([_grants(run, judged, colours)] if run.program.rulebook.grants else []),
        *([_points(run, judged)] if run.program.rulebook.items else []),
        _missing(run, judged),
        _refused(run),
        _remarks(run, judged),
        _method(run, judged),
    ]
    write_rows(target, sheets, lang=lang)


def _heads(lang: str, *texts: str) -> list[str]:
    return [translate(text, lang) for text in texts]


def _list(lang: str, parts: Iterable[str]) -> str:
    return joined("；", parts, lang)


def who(item: Judged, run: Run) -> tuple[object, ...]:
    """Name, code and place of an enterprise."""
    code = item.case.key if item.case.key != item.case.name else ""
    return (
        item.case.name,
        item.case.facts.get("code") or code,
        run.found.territories.get(item.case.key, ""),
    )


def number(value: Fraction) -> Decimal:
    """A number of points for a cell."""
    return Decimal(wording.exactly(value, 2).replace(",", ""))


def _overview(run: Run, judged: Sequence[Judged], colours: dict[str, str]) -> ResultSheet:
    lang, rulebook = run.lang, run.program.rulebook
    scores, grants = rulebook.total is not None, bool(rulebook.grants)

    def rows() -> Iterator[Sequence[object]]:
        for item in judged:
            titles = {
                kind: _list(
                    lang, (translate(e.criterion.title, lang) for e in item.with_outcome(kind))
                )
                for kind in (Outcome.UNMET, Outcome.UNKNOWN)
            }
            yield (
                *who(item, run),
                phrases.outcome(item.assessment.hard, lang),
                *_score(item, lang),
                phrases.outcome(item.assessment.verdict, lang),
                phrases.verdict(item.assessment.verdict, rulebook, lang),
                *((_list(lang, _money(item, lang)),) if grants else ()),
                titles[Outcome.UNMET],
                titles[Outcome.UNKNOWN],
                _list(lang, (phrases.lacking(one, lang) for one, _ in item.missing().values())),
                _list(lang, (*_estimates(run, item), *(_flag(run, name) for name in item.flags))),
            )

    counts = {kind: sum(item.assessment.verdict is kind for item in judged) for kind in Outcome}
    hard = sum(item.assessment.hard is Outcome.MET for item in judged)
    said = message(
        "共核对{total}家：硬指标符合{hard}家；结论符合{met}家，不符合{unmet}家，资料不足{unknown}家，待专家评定{expert}家；"
        "未能核对{dropped}家。", total=len(judged), hard=hard, met=counts[Outcome.MET],
        unmet=counts[Outcome.UNMET], unknown=counts[Outcome.UNKNOWN], expert=counts[Outcome.EXPERT],
        dropped=run.found.dropped,
    ) if rulebook.criteria else message(
        "共核对{total}家；未能核对{dropped}家。", total=len(judged), dropped=run.found.dropped
    )  # fmt: skip
    above = (
        f"{translate(run.program.rulebook.title, lang)} · {run.on.isoformat()}",
        said.say(lang),
        translate(rulebook.voice.caution, lang),
    )  # fmt: skip
    points = (mark("得分下限"), mark("得分上限"), mark("距及格分")) if scores else ()
    money = (mark("奖补"),) if grants else ()
    return ResultSheet(
        translate("总览", lang),
        _heads(lang, "企业名称", "统一社会信用代码", "所在镇（街道、园区）", "硬指标", *points,
               "结论", "说明", *money, "不符合的条件", "资料不足的条件", "缺少的资料", "提示"),
        rows(), above,
        (34, 22, 16, 10, *((9, 9, 34) if scores else ()), 10, 30, *((50,) if grants else ()), 40, 40, 60, 60),
        colours,
    )  # fmt: skip


def _score(item: Judged, lang: str) -> tuple[object, ...]:
    """The ends of the score and what is lacking to pass; nothing where there is no score."""
    score, rulebook = item.assessment.score, item.assessment.program.rulebook
    if score is None:
        return ()
    return (
        number(Fraction(score.low, score.scale)),
        number(Fraction(score.high, score.scale)),
        phrases.points(
            item.points_needed(), item.points_open(), lang, reached=rulebook.pass_reached
        ),
    )


def _money(item: Judged, lang: str) -> Iterator[str]:
    """The grants that are not refused, with what they come to."""
    for found in item.grants:
        if found.granted.outcome not in (Outcome.UNMET, Outcome.NOT_APPLICABLE):
            title = translate(found.grant.title, lang)
            outcome = phrases.outcome(found.granted.outcome, lang)
            yield f"{title}: {phrases.granted(found.granted, lang)}{aside(outcome, lang)}"


def _yuan(fen: int | None) -> Decimal | str:
    """An amount for a cell, in yuan."""
    return "" if fen is None else Decimal(fen).scaleb(-2)


def _grants(run: Run, judged: Sequence[Judged], colours: dict[str, str]) -> ResultSheet:
    lang = run.lang

    def rows() -> Iterator[Sequence[object]]:
        for item in judged:
            name, code, _ = who(item, run)
            for found in item.grants:
                low, high = found.granted.money
                yield (
                    name, code, translate(found.grant.title, lang), found.grant.article,
                    phrases.outcome(found.granted.outcome, lang), _yuan(low), _yuan(high),
                    found.formula, found.amount_formula,
                    _list(lang, (phrases.fact(fact, lang) for fact in found.facts)),
                    _list(lang, (phrases.lacking(lacking, lang) for lacking in found.missing)),
                    _list(lang, (phrases.reading(other, run.program.rulebook, lang)
                                 for other in item.readings.get(found.grant.id, ()))),
                )  # fmt: skip

    return ResultSheet(
        translate(mark("奖补明细"), lang),
        _heads(lang, "企业名称", "统一社会信用代码", mark("奖补项目"), "条款", "结果", mark("金额下限（元）"),
               mark("金额上限（元）"), mark("条件公式"), mark("金额公式"), "依据的数据与来源", "缺少的资料",
               "换一种口径的结果"),
        rows(), (), (30, 22, 36, 10, 10, 16, 16, 44, 44, 60, 40, 50), colours, frozen=3,
    )  # fmt: skip


def _estimates(run: Run, item: Judged) -> Iterator[str]:
    for entry in run.program.rulebook.estimates:
        if entry.id in item.estimates:
            said = phrases.shown(item.estimates[entry.id], run.lang)
            yield f"{translate(entry.title, run.lang)}: {said}"


def _flag(run: Run, name: str) -> str:
    flag = next(flag for flag in run.program.rulebook.flags if flag.id == name)
    return translate(flag.text, run.lang) + aside(flag.article, run.lang)


def _criteria(run: Run, judged: Sequence[Judged], colours: dict[str, str]) -> ResultSheet:
    lang, rulebook = run.lang, run.program.rulebook

    def rows() -> Iterator[Sequence[object]]:
        for item in judged:
            name, code, _ = who(item, run)
            for found in item.explanations:
                others = item.readings.get(found.criterion.id, ())
                not_counted = [phrases.row(row, lang) for row in found.rows if not row.counts]
                yield (
                    name, code,
                    translate(found.criterion.title, lang),
                    found.criterion.article,
                    phrases.outcome(found.outcome, lang),
                    found.formula,
                    phrases.summary(found, lang),
                    _list(lang, filter(None, map(phrases.exact_pair, found.tests))),
                    _list(lang, (phrases.fact(fact, lang) for fact in found.facts)),
                    _list(lang, (phrases.lacking(lacking, lang) for lacking in found.missing)),
                    _list(lang, not_counted),
                    _list(lang, (_switch(run, name_, reading) for name_, reading in found.switches
                                 if reading != rulebook.switch(name_).default)),
                    _list(lang, (phrases.reading(other, rulebook, lang) for other in others)),
                )  # fmt: skip

    return ResultSheet(
        translate("条件明细", lang),
        _heads(lang, "企业名称", "统一社会信用代码", "条件", "条款", "结果", "公式", "数值与限值",
               "精确值（显示相同而不等时）", "依据的数据与来源", "缺少的资料",
               "不计入的行及原因", "采用的其他口径", "换一种口径的结果"),
        rows(), (), (30, 22, 36, 10, 10, 44, 50, 18, 60, 40, 50, 30, 50), colours, frozen=3,
    )  # fmt: skip


def _switch(run: Run, name: str, reading: str) -> str:
    switch = run.program.rulebook.switch(name)
    return f"{translate(switch.title, run.lang)}: {translate(switch.words(reading), run.lang)}"


def _points(run: Run, judged: Sequence[Judged]) -> ResultSheet:
    lang, rulebook = run.lang, run.program.rulebook

    def rows() -> Iterator[Sequence[object]]:
        for item in judged:
            name, code, _ = who(item, run)
            for entry in rulebook.items:
                low, high, scale, opened = interval(item.assessment.value(entry.points))
                assert low is not None and high is not None
                state = (
                    mark("确定")
                    if low == high
                    else mark("待专家评定")
                    if not opened & 2
                    else mark("资料不足")
                )
                yield (
                    name, code, translate(entry.title, lang), entry.article, entry.most,
                    number(Fraction(low, scale)), number(Fraction(high, scale)), translate(state, lang),
                )  # fmt: skip

    return ResultSheet(
        translate("得分明细", lang),
        _heads(lang, "企业名称", "统一社会信用代码", "评价项目", "条款", "满分", "得分下限", "得分上限", "状态"),
        rows(), (), (30, 22, 36, 10, 8, 10, 10, 14), frozen=3,
    )  # fmt: skip


def _missing(run: Run, judged: Sequence[Judged]) -> ResultSheet:
    lang = run.lang

    def rows() -> Iterator[Sequence[object]]:
        for item in judged:
            name, code, _ = who(item, run)
            for lacking, waiting in item.missing().values():
                titles = _list(lang, (translate(item.title(name_), lang) for name_ in waiting))
                yield (
                    name, code, phrases.lacking(lacking, lang), translate(lacking.fact.document, lang),
                    translate(lacking.fact.holder, lang), titles,
                )  # fmt: skip

    return ResultSheet(
        translate("缺少的资料", lang),
        _heads(lang, "企业名称", "统一社会信用代码", "缺少的资料", "通常见于", "通常由谁提供", "影响的条件"),
        rows(), (), (30, 22, 44, 30, 24, 60), frozen=3,
    )  # fmt: skip


def refusal_row(refusal: Refusal, lang: str) -> Sequence[object]:
    """A refusal as a row of a list."""
    return (
        refusal.sheet, refusal.address, refusal.name, refusal.heading, refusal.value,
        refusal.rule.say(lang), refusal.remedy.say(lang), translate("整行" if refusal.whole_row else "此单元格", lang),
    )  # fmt: skip


REFUSAL_HEADS = (
    mark("工作表"), mark("位置"), mark("企业"), mark("表头"), mark("原值"), mark("原因"), mark("怎样改"),
    mark("未采用的范围"),
)  # fmt: skip


def _refused(run: Run) -> ResultSheet:
    lang = run.lang
    return ResultSheet(
        translate("未采用的内容", lang), _heads(lang, *REFUSAL_HEADS),
        (refusal_row(refusal, lang) for refusal in run.found.refusals),
        (), (16, 10, 30, 30, 24, 50, 50, 14),
    )  # fmt: skip


NOTE_HEADS = (mark("工作表或企业"), mark("位置"), mark("提示"))
METHOD_HEADS = (mark("事项"), mark("内容"), mark("出处"))


def _remarks(run: Run, judged: Sequence[Judged]) -> ResultSheet:
    lang = run.lang

    def rows() -> Iterator[Sequence[object]]:
        for note in run.found.notes:
            yield note_row(note, lang)
        for item in judged:
            for name in item.flags:
                yield (item.case.name, "", _flag(run, name))

    return ResultSheet(
        translate("提示", lang),
        _heads(lang, *NOTE_HEADS),
        rows(),
        (),
        (34, 12, 100),
    )


def note_row(note: Note, lang: str) -> Sequence[object]:
    """A remark as a row of a list."""
    return note.sheet, note.address, note.text.say(lang)


def _method(run: Run, judged: Sequence[Judged]) -> ResultSheet:
    return ResultSheet(
        translate("方法", run.lang), _heads(run.lang, *METHOD_HEADS),
        method_rows(run, len(judged)), (), (36, 90, 20),
    )  # fmt: skip


def method_rows(run: Run, total: int) -> Iterator[tuple[str, str, str]]:
    """Rulebook and version, days, readings of the switches, figures of the law, meanings of the words."""
    lang, program = run.lang, run.program
    rulebook, on = program.rulebook, program.on
    yield translate("规则", lang), f"{translate(rulebook.title, lang)} ({rulebook.name})", ""
    yield translate("规则版本", lang), rulebook.version(), ""
    yield translate("软件版本", lang), __version__, ""
    yield translate("来源文件", lang), run.source, ""
    cite = rulebook.governing_article
    yield translate(rulebook.governing, lang), on.isoformat(), cite
    yield (translate("近三个会计年度", lang),
           say("{first}–{last}年，近一年为{last}年", lang, first=on.year - 3, last=on.year - 1), cite)  # fmt: skip
    yield (translate("数量", lang),
           say("核对{total}家，未能核对{dropped}家，未采用的单元格或行{refused}处", lang, total=total,
               dropped=run.found.dropped, refused=len(run.found.refusals)), "")  # fmt: skip
    for found in Outcome:
        yield phrases.outcome(found, lang), translate(MEANINGS[found], lang), ""
    for switch in rulebook.switches:
        reading = program.readings[switch.name]
        said = translate(switch.words(reading), lang)
        if reading != switch.default:
            default = translate(switch.words(switch.default), lang)
            said += aside(say("默认：{reading}", lang, reading=default), lang)
        yield f"{translate(switch.title, lang)} ({switch.name})", said, switch.article
    for name in rulebook.parameters():
        parameter = parameters()[name]
        entry = parameter.dated(on)
        title = parameter.title if lang == "zh" else parameter.english
        value = wording.dated_value(entry.value, parameter.unit, lang)
        yield (
            title,
            say("{value}（自{since}起）", lang, value=value, since=entry.since.isoformat()),
            entry.source,
        )
    yield translate("说明", lang), translate(rulebook.voice.caution, lang), ""


MEANINGS = {
    Outcome.UNMET: mark("按已知资料确定不符合。"),
    Outcome.UNKNOWN: mark("缺少资料，不能判断；未知不等于零，也不等于不符合。"),
    Outcome.EXPERT: mark("须由专家判断，软件不代替。"),
    Outcome.MET: mark("按已知资料确定符合。"),
    Outcome.NOT_APPLICABLE: mark("此项对该企业不适用或尚未到该步骤。"),
}


def document_rows(program: Program, lang: str) -> Iterator[tuple[str, str, str, str]]:
    """The criteria of the rulebook with their formulas: id, title, article, formula."""
    speaker = Speaker(lang, program.readings, program.figures, program.rulebook.governing)
    for criterion in program.rulebook.criteria:
        article(criterion.article)  # every citation opens
        yield (
            criterion.id,
            translate(criterion.title, lang),
            criterion.article,
            speaker.say(criterion.root),
        )


__all__ = [
    "Run",
    "document_rows",
    "method_rows",
    "refusal_row",
    "shown",
    "unit_of",
    "write_workbook",
]
