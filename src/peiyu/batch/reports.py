"""The reasons of one enterprise as lines for a terminal or a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from peiyu.batch import phrases
from peiyu.batch.judging import Judged
from peiyu.batch.workbooks import Run
from peiyu.policy import wording
from peiyu.policy.articles import article
from peiyu.policy.intervals import interval
from peiyu.policy.reasons import Explanation, GrantShown, Near
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.tree import Outcome
from peiyu.policy.wording import exactly
from peiyu.words import aside, joined, translate

Line = tuple[str, str]  # style, text
MARKS = {
    Outcome.MET: "✓",
    Outcome.UNMET: "✗",
    Outcome.UNKNOWN: "?",
    Outcome.EXPERT: "◇",
    Outcome.NOT_APPLICABLE: "–",
}


def report(
    item: Judged, run: Run, near: Mapping[str, Sequence[Near]], *, brief: bool = False
) -> Iterator[Line]:
    """Verdict, the three lines, each criterion with its reasons, points, what is missing, flags.

    A brief report leaves out the criteria that are met.
    """
    lang, assessment = run.lang, item.assessment
    rulebook = assessment.program.rulebook

    def _(text: str, **values: object) -> str:
        return phrases.say(text, lang, **values)

    yield "title", f"{item.case.name} · {_(rulebook.title)} · {run.on.isoformat()}"
    if rulebook.criteria:
        yield "verdict", phrases.verdict(assessment.verdict, rulebook, lang)
    if rulebook.group("hard"):
        yield "plain", f"{_('硬指标')}: {phrases.outcome(assessment.hard, lang)}"
    if assessment.score is not None:
        points = phrases.points(
            item.points_needed(), item.points_open(), lang, reached=rulebook.pass_reached
        )
        said = joined("，", (phrases.score(assessment.score, lang), points), lang)
        yield "plain", f"{_('得分')}: {said}"
    if rulebook.criteria:
        yield "plain", f"{_('结论')}: {phrases.outcome(assessment.verdict, lang)}"
    hidden = {Outcome.NOT_APPLICABLE, *((Outcome.MET,) if brief else ())}
    for found in item.explanations:
        if found.outcome not in hidden:
            yield from _criterion(item, run, found, near.get(found.criterion.id, ()))
    for given in item.grants:
        if given.granted.outcome not in hidden - {Outcome.MET}:
            yield from _grant(item, given, run)
    if rulebook.items:
        yield "head", _("得分明细")
    for entry in rulebook.items:
        low, high, scale, _open = interval(assessment.value(entry.points))
        assert low is not None and high is not None
        ends = (exactly(Fraction(low, scale), 2), exactly(Fraction(high, scale), 2))
        said = ends[0] if low == high else f"{ends[0]}–{ends[1]}"
        cited = aside(entry.article, lang)
        yield "plain", f"  {translate(entry.title, lang)}: {said} / {entry.most}{cited}"
    missing = item.missing()
    if missing:
        yield "head", _("缺少的资料")
        for lacking, _criteria in missing.values():
            source = joined("，", (_(lacking.fact.document), _(lacking.fact.holder)), lang)
            yield "unknown", f"  ? {phrases.lacking(lacking, lang)}{aside(source, lang)}"
    for name, value in item.estimates.items():
        title = next(entry.title for entry in rulebook.estimates if entry.id == name)
        yield "plain", f"{translate(title, lang)}: {phrases.shown(value, lang)}"
    if item.flags:
        yield "head", _("提示")
        for flag in rulebook.flags:
            if flag.id in item.flags:
                yield "plain", f"  ! {translate(flag.text, lang)}{aside(flag.article, lang)}"
    mine = [r for r in run.found.refusals if r.name == item.case.name]
    if mine:
        yield "head", _("未采用的内容")
        for refusal in mine:
            place = f"{refusal.sheet}!{refusal.address} {refusal.heading} “{refusal.value}”"
            said = joined("；", (refusal.rule.say(lang), refusal.remedy.say(lang)), lang)
            yield "unmet", f"  {place}: {said}"
    yield "dim", _(rulebook.voice.colophon, version=rulebook.version())
    yield "dim", _(rulebook.voice.caution)


def _criterion(item: Judged, run: Run, found: Explanation, near: Sequence[Near]) -> Iterator[Line]:
    lang = run.lang
    rulebook = item.assessment.program.rulebook

    def _(text: str, **values: object) -> str:
        return phrases.say(text, lang, **values)

    style = found.outcome.name.lower()
    cited = aside(found.criterion.article, lang)
    yield "head", f"{MARKS[found.outcome]} {translate(found.criterion.title, lang)}{cited}"
    yield style, f"  {phrases.outcome(found.outcome, lang)}"
    yield from _tests(found, lang)
    if found.criterion.group != "score":
        yield from _quantities(found, lang)
    yield from _read(found, lang)
    for entry in near:
        yield "near", f"    {phrases.near(entry, lang)}"
    yield from _chosen(rulebook, found, lang)
    yield from _others(item, found.criterion.id, lang)
    gloss = article(found.criterion.article).gloss(lang)
    yield "dim", f"    {_('释义')}: {gloss}"


def _tests(found: Explanation | GrantShown, lang: str) -> Iterator[Line]:
    for test in found.tests:
        yield "plain", f"  {test.words}"
        exact = phrases.exact_pair(test)
        yield "plain", f"    {phrases.test(test, lang)}" + (aside(exact, lang) if exact else "")


def _quantities(found: Explanation | GrantShown, lang: str) -> Iterator[Line]:
    for quantity in found.quantities:
        if not quantity.value.known:
            continue
        title = translate(quantity.title, lang)
        if quantity.year:
            title = phrases.say("{year}年{term}", lang, year=quantity.year, term=title)
        cited = aside(quantity.article, lang)
        yield "dim", f"    {title} = {phrases.shown(quantity.value, lang)}{cited}"


def _read(found: Explanation | GrantShown, lang: str) -> Iterator[Line]:
    """Facts, rows by measure, and what is missing."""
    for fact in found.facts:
        yield "dim", f"    {phrases.fact(fact, lang)}"
    measures: dict[str, dict[str, None]] = {}
    for row in found.rows:
        measures.setdefault(phrases.measure(row, lang), {})[phrases.row(row, lang)] = None
    for measure, lines in measures.items():
        yield "dim", f"    {measure}:"
        for line in lines:
            yield "dim", f"      {line}"
    for lacking in found.missing:
        yield "unknown", f"    {translate('缺', lang)}: {phrases.lacking(lacking, lang)}"


def _chosen(rulebook: Rulebook, found: Explanation | GrantShown, lang: str) -> Iterator[Line]:
    """The readings that are not the usual ones."""
    for name, reading in found.switches:
        switch = rulebook.switch(name)
        if reading != switch.default:
            words = f"{translate(switch.title, lang)}: {translate(switch.words(reading), lang)}"
            yield "dim", f"    {translate('采用口径', lang)}: {words}"


def _others(item: Judged, name: str, lang: str) -> Iterator[Line]:
    """What other readings would change for a criterion or a grant."""
    for other in item.readings.get(name, ()):
        yield "near", f"    {phrases.reading(other, item.assessment.program.rulebook, lang)}"


def _grant(item: Judged, found: GrantShown, run: Run) -> Iterator[Line]:
    """A grant: outcome and money, then why and how much."""
    lang, outcome = run.lang, found.granted.outcome
    cited = aside(found.grant.article, lang)
    yield "head", f"{MARKS[outcome]} {translate(found.grant.title, lang)}{cited}"
    said = joined(
        "，", (phrases.outcome(outcome, lang), phrases.granted(found.granted, lang)), lang
    )
    yield outcome.name.lower(), f"  {said}"
    yield from _tests(found, lang)
    yield "plain", f"  {translate('金额', lang)}: {found.amount_formula}"
    yield from _quantities(found, lang)
    yield from _read(found, lang)
    yield from _chosen(run.program.rulebook, found, lang)
    yield from _others(item, found.grant.id, lang)
    gloss = article(found.grant.article).gloss(lang)
    yield "dim", f"    {translate('释义', lang)}: {gloss}"


__all__ = ["Line", "report", "wording"]
