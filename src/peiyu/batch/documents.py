"""A rulebook as a document that a policy officer can review and sign."""

from __future__ import annotations

from collections.abc import Iterator

from peiyu.batch.phrases import say
from peiyu.policy import facts, tree, wording
from peiyu.policy.articles import article, not_modelled
from peiyu.policy.explain import Program
from peiyu.policy.outline import GROUPS, citations, quantities, switches_of
from peiyu.policy.parameters import parameters
from peiyu.policy.rulebooks import readers
from peiyu.policy.wording import Speaker
from peiyu.words import aside, joined, mark, translate


def document(program: Program, lang: str = "zh") -> str:
    """The rules in force on a day as Markdown: criteria, points, quantities, figures, switches."""
    return "\n".join(_lines(program, lang)) + "\n"


def _lines(program: Program, lang: str) -> Iterator[str]:
    rulebook, on = program.rulebook, program.on
    speaker = Speaker(lang, program.readings, program.figures)

    def _(text: str, **values: object) -> str:
        return say(text, lang, **values)

    yield f"# {_(rulebook.title)}"
    yield ""
    yield _(
        "适用日：{on}（{governing}）。规则版本：{version}。",
        on=on.isoformat(),
        governing=_(rulebook.governing),
        version=rulebook.version(),
    )
    yield _(
        "条款号：M 为认定管理办法，G 为认定管理工作指引，A 为其附件；释义为本系统所写，不是法规原文。"
    )
    for group, title in GROUPS:
        yield ""
        yield f"## {_(title)}"
        for criterion in rulebook.criteria:
            if criterion.group != group:
                continue
            yield ""
            yield f"### {_(criterion.title)}"
            yield ""
            yield f"- {_('标识')}: `{criterion.id}`"
            yield f"- {_('条款')}: {_cited(criterion.article, lang)}"
            yield f"- {_('公式')}: {speaker.say(criterion.root)}"
            used = switches_of(criterion.root)
            if used:
                said = joined(
                    "；", (_(rulebook.switch(n).title) + aside(n, lang) for n in used), lang
                )
                yield f"- {_('口径')}: {said}"
        if group == "score":
            yield from _items(program, speaker, lang)
    yield ""
    yield f"## {_('六、数量的含义')}"
    yield ""
    yield f"| {_('数量')} | {_('条款')} | {_('怎样得出')} |"
    yield "|---|---|---|"
    for quantity, cite, made in quantities(rulebook, speaker):
        yield f"| {quantity} | {cite} | {made} |"
    yield ""
    yield f"## {_('七、逐行判断的规则')}"
    for row_flag in rulebook.row_flags:
        yield ""
        yield _(row_flag.title) + aside(row_flag.article, lang)
        yield ""
        rule = tree.taken(row_flag.rule, program.readings)
        for part in rule.children():
            if isinstance(part, tree.Because):
                why = f"{_('否则')}: {_(part.why)}{aside(part.article, lang)}"
                yield f"- {joined('；', (speaker.say(part.part), why), lang)}"
    yield ""
    yield f"## {_('八、法定数值')}"
    yield ""
    yield f"| {_('数值')} | {_('名称')} | {_('自')} | {_('值')} | {_('出处')} |"
    yield "|---|---|---|---|---|"
    for name in rulebook.parameters():
        parameter = parameters()[name]
        title = parameter.title if lang == "zh" else parameter.english
        for entry in parameter.values:
            value = wording.dated_value(entry.value, parameter.unit, lang)
            source = _cited(entry.source, lang)
            yield f"| {title} | `{name}` | {entry.since.isoformat()} | {value} | {source} |"
    yield ""
    yield f"## {_('九、法规未作规定之处的口径')}"
    yield ""
    yield f"| {_('事项')} | {_('名称')} | {_('条款')} | {_('可选口径（粗体为采用）')} |"
    yield "|---|---|---|---|"
    for switch in rulebook.switches:
        readings = [
            f"**{_(words)}** (`{reading}`)"
            if reading == program.readings[switch.name]
            else f"{_(words)} (`{reading}`)"
            for reading, words in switch.readings
        ]
        said = joined("；", readings, lang)
        yield f"| {_(switch.title)} | `{switch.name}` | {switch.article} | {said} |"
    yield ""
    yield f"## {_('十、提示（不影响结果）')}"
    yield ""
    for flag in rulebook.flags:
        yield f"- {_(flag.text)}{aside(flag.article, lang)}"
    yield ""
    yield f"## {_('十一、引用条款的释义')}"
    yield ""
    for cite in citations(rulebook):
        found = article(cite)
        yield f"- **{cite}** {found.document.title(lang)}: {found.gloss(lang)}"
    yield ""
    yield f"## {_('十二、未纳入规则的条款')}"
    yield ""
    for found in not_modelled():
        yield f"- {found.place(lang)}: {found.reason(lang)}"
    yield ""
    yield f"## {_('十三、审核')}"
    yield ""
    yield _("审核人：____________　　日期：____________　　意见：____________")


def _cited(cite: str, lang: str) -> str:
    found = article(cite)
    return f"{found.place(lang)}{aside(found.document.numbered(lang), lang)}"


def _items(program: Program, speaker: Speaker, lang: str) -> Iterator[str]:
    yield ""
    heads = (mark("评价项目"), mark("条款"), mark("满分"), mark("怎样评"))
    yield f"| {' | '.join(translate(head, lang) for head in heads)} |"
    yield "|---|---|---|---|"
    for item in program.rulebook.items:
        scored = speaker.say(item.points, opened=True)
        yield f"| {translate(item.title, lang)} | {item.article} | {item.most} | {scored} |"


def dictionary(lang: str) -> list[tuple[str, ...]]:
    """The dictionary of facts as lines: for the last sheet of a template."""
    heads = (mark("表"), mark("项目"), mark("英文"), mark("单位"), mark("时间"), mark("密级"),
             mark("通常见于"), mark("通常由谁提供"), mark("说明"), mark("名称"), mark("用于规则"))  # fmt: skip
    lines = [tuple(translate(head, lang) for head in heads)]
    for table in facts.TABLES:
        lines += [_entry(table, fact, lang) for fact in table]
    return lines


def _entry(table: facts.FactTable, fact: facts.Fact, lang: str) -> tuple[str, ...]:
    return (
        table.chinese if lang == "zh" else table.english,
        fact.chinese,
        fact.english,
        translate(wording.UNIT_WORDS[fact.unit], lang),
        translate(PERIODS[fact.period], lang),
        translate(SECRECIES[fact.secrecy], lang),
        translate(fact.document, lang),
        translate(fact.holder, lang),
        translate(fact.note, lang),
        f"{table.name}.{fact.name}",
        joined("、", readers(table.name, fact.name), lang),
    )


PERIODS = {
    facts.Period.STANDING: mark("长期"),
    facts.Period.FISCAL_YEAR: mark("会计年度"),
    facts.Period.AT_APPLICATION: mark("申请时"),
    facts.Period.THREE_YEARS: mark("近三个会计年度"),
    facts.Period.EVENT: mark("事件发生日"),
}
SECRECIES = {
    facts.Secrecy.PUBLIC: mark("公开"),
    facts.Secrecy.INTERNAL: mark("内部"),
    facts.Secrecy.COMMERCIAL: mark("商业秘密"),
    facts.Secrecy.PERSONAL: mark("个人信息"),
    facts.Secrecy.SENSITIVE: mark("敏感"),
    facts.Secrecy.TAX: mark("涉税"),
}
