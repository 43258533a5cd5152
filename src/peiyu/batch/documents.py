"""A rulebook as a document that a policy officer can review and sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from peiyu.batch.layouts import asks, tables_of
from peiyu.batch.phrases import say
from peiyu.policy import facts, tree, wording
from peiyu.policy.articles import article
from peiyu.policy.explain import Program
from peiyu.policy.outline import citations, groups, left_out, numbered, quantities, switches_of
from peiyu.policy.parameters import parameters
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks import readers
from peiyu.policy.wording import Speaker
from peiyu.words import aside, joined, mark, translate


def document(program: Program, lang: str = "zh") -> str:
    """The rules in force on a day as Markdown: criteria, points, quantities, figures, switches."""
    return "\n".join(_lines(program, lang)) + "\n"


def _lines(program: Program, lang: str) -> Iterator[str]:
    rulebook, on = program.rulebook, program.on
    yield f"# {translate(rulebook.title, lang)}"
    yield ""
    yield say(
        "适用日：{on}（{governing}）。规则版本：{version}。",
        lang,
        on=on.isoformat(),
        governing=translate(rulebook.governing, lang),
        version=rulebook.version(),
    )
    yield translate(rulebook.voice.legend, lang)
    speaker = Speaker(lang, program.readings, program.figures, rulebook.governing)
    parts = [(title, _criteria(program, speaker, group)) for group, title in groups(rulebook)]
    if rulebook.grants:
        parts.append((GRANTS, _grants(rulebook, speaker)))
    parts.append((mark("六、数量的含义"), _quantities(rulebook, speaker)))
    if rulebook.row_flags or rulebook.survey:
        parts.append((mark("七、逐行判断的规则"), _rows(program, speaker)))
    parts += [
        (mark("八、法定数值"), _figures(rulebook, lang)),
        (mark("九、法规未作规定之处的口径"), _switches(program, lang)),
        (mark("十、提示（不影响结果）"), _flags(rulebook, lang)),
        (mark("十一、引用条款的释义"), _glosses(rulebook, lang)),
        (mark("十二、未纳入规则的条款"), _left_out(rulebook, lang)),
        (mark("十三、审核"), _signed(lang)),
    ]
    for number, (title, lines) in enumerate(parts, 1):
        yield ""
        yield f"## {numbered(title, number, lang)}"
        yield from lines


GRANTS = mark("六、奖补项目与金额")


def _formula(
    rulebook: Rulebook, lang: str, name: str, cite: str, formulas: Iterable[tuple[str, str]],
    used: Iterable[str],
) -> Iterator[str]:  # fmt: skip
    """Identity, article, formulas and readings of one condition."""
    yield ""
    yield f"- {translate(mark('标识'), lang)}: `{name}`"
    yield f"- {translate(mark('条款'), lang)}: {_cited(cite, lang)}"
    for word, formula in formulas:
        yield f"- {translate(word, lang)}: {formula}"
    names = tuple(used)
    if names:
        said = (translate(rulebook.switch(n).title, lang) + aside(n, lang) for n in names)
        yield f"- {translate(mark('口径'), lang)}: {joined('；', said, lang)}"


FORMULA = mark("公式")


def _criteria(program: Program, speaker: Speaker, group: str) -> Iterator[str]:
    rulebook, lang = program.rulebook, speaker.lang
    for criterion in rulebook.criteria:
        if criterion.group != group:
            continue
        yield ""
        yield f"### {translate(criterion.title, lang)}"
        formulas = ((FORMULA, speaker.say(criterion.root)),)
        used = switches_of(criterion.root)
        yield from _formula(rulebook, lang, criterion.id, criterion.article, formulas, used)
    if group == "score" and rulebook.items:
        yield from _items(program, speaker, lang)


def _grants(rulebook: Rulebook, speaker: Speaker) -> Iterator[str]:
    lang = speaker.lang
    for grant in rulebook.grants:
        yield ""
        yield f"### {translate(grant.title, lang)}"
        formulas = (
            (mark("条件"), speaker.say(grant.when)),
            (mark("金额"), speaker.say(grant.amount, opened=True)),
        )
        used = dict.fromkeys((*switches_of(grant.when), *switches_of(grant.amount)))
        yield from _formula(rulebook, lang, grant.id, grant.article, formulas, used)


def _table(lang: str, *heads: str) -> Iterator[str]:
    """The head of a table."""
    yield ""
    yield f"| {' | '.join(translate(head, lang) for head in heads)} |"
    yield "|" + "---|" * len(heads)


def _quantities(rulebook: Rulebook, speaker: Speaker) -> Iterator[str]:
    yield from _table(speaker.lang, mark("数量"), mark("条款"), mark("怎样得出"))
    for quantity, cite, made in quantities(rulebook, speaker):
        yield f"| {quantity} | {cite} | {made} |"


def _rows(program: Program, speaker: Speaker) -> Iterator[str]:
    lang = speaker.lang
    for row_flag in program.rulebook.row_flags:
        yield ""
        yield translate(row_flag.title, lang) + aside(row_flag.article, lang)
        yield ""
        rule = tree.taken(row_flag.rule, program.readings)
        for part in rule.children():
            if isinstance(part, tree.Because):
                why = f"{translate(mark('否则'), lang)}: {translate(part.why, lang)}{aside(part.article, lang)}"
                yield f"- {joined('；', (speaker.say(part.part), why), lang)}"


def _figures(rulebook: Rulebook, lang: str) -> Iterator[str]:
    yield from _table(lang, mark("数值"), mark("名称"), mark("自"), mark("值"), mark("出处"))
    for name in rulebook.parameters():
        parameter = parameters()[name]
        title = parameter.title if lang == "zh" else parameter.english
        for entry in parameter.values:
            value = wording.dated_value(entry.value, parameter.unit, lang)
            source = _cited(entry.source, lang)
            yield f"| {title} | `{name}` | {entry.since.isoformat()} | {value} | {source} |"


def _switches(program: Program, lang: str) -> Iterator[str]:
    yield from _table(
        lang, mark("事项"), mark("名称"), mark("条款"), mark("可选口径（粗体为采用）")
    )
    for switch in program.rulebook.switches:
        readings = [
            f"**{translate(words, lang)}** (`{reading}`)"
            if reading == program.readings[switch.name]
            else f"{translate(words, lang)} (`{reading}`)"
            for reading, words in switch.readings
        ]
        said = joined("；", readings, lang)
        yield f"| {translate(switch.title, lang)} | `{switch.name}` | {switch.article} | {said} |"


def _flags(rulebook: Rulebook, lang: str) -> Iterator[str]:
    yield ""
    for flag in rulebook.flags:
        yield f"- {translate(flag.text, lang)}{aside(flag.article, lang)}"


def _glosses(rulebook: Rulebook, lang: str) -> Iterator[str]:
    yield ""
    for cite in citations(rulebook):
        found = article(cite)
        yield f"- **{cite}** {found.document.title(lang)}: {found.gloss(lang)}"


def _left_out(rulebook: Rulebook, lang: str) -> Iterator[str]:
    yield ""
    for found in left_out(rulebook):
        yield f"- {found.place(lang)}: {found.reason(lang)}"


def _signed(lang: str) -> Iterator[str]:
    yield ""
    yield translate(mark("审核人：____________　　日期：____________　　意见：____________"), lang)


def _cited(cite: str, lang: str) -> str:
    found = article(cite)
    return f"{found.place(lang)}{aside(found.document.numbered(lang), lang)}"


def _items(program: Program, speaker: Speaker, lang: str) -> Iterator[str]:
    yield from _table(lang, mark("评价项目"), mark("条款"), mark("满分"), mark("怎样评"))
    for item in program.rulebook.items:
        scored = speaker.say(item.points, opened=True)
        yield f"| {translate(item.title, lang)} | {item.article} | {item.most} | {scored} |"


def dictionary(rulebook: Rulebook, lang: str) -> list[tuple[str, ...]]:
    """What its sheets ask for, from the dictionary of facts: for the last sheet of a template."""
    heads = (mark("表"), mark("项目"), mark("英文"), mark("单位"), mark("时间"), mark("密级"),
             mark("通常见于"), mark("通常由谁提供"), mark("说明"), mark("名称"), mark("用于规则"))  # fmt: skip
    lines = [tuple(translate(head, lang) for head in heads)]
    for table in (facts.ENTERPRISE, facts.YEARS, *tables_of(rulebook)):
        lines += [_entry(table, fact, lang) for fact in table if asks(rulebook, fact)]
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
