"""The room's papers, each made from a frozen assessment: report, one-time notice, gap list, benefits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from peiyu.batch import phrases
from peiyu.office.accounts.models import User
from peiyu.office.assessments.assessing import Assessed, Seen, assessed
from peiyu.office.assessments.freezing import replay, thaw
from peiyu.office.assessments.models import FrozenAssessment
from peiyu.office.assessments.permissions import may_freeze
from peiyu.office.assessments.shown.benefits import (
    Benefit,
    assumptions_of,
    benefits_of,
    supports_on,
)
from peiyu.office.assessments.shown.criteria import Line, distance_of, lines_of
from peiyu.office.assessments.shown.scores import score_of
from peiyu.office.assessments.shown.sources import nowhere
from peiyu.office.assessments.shown.words import sentence, verdict_word
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.foundation.refusals import Refused
from peiyu.office.notices.paper_kinds import Draft, PaperKind
from peiyu.papers.dates import official_date
from peiyu.papers.paper import Block, Column, Content, Heading, Note, Pairs, Paragraph, Table
from peiyu.policy.articles import article
from peiyu.policy.rulebooks import RULEBOOKS
from peiyu.policy.tree import Outcome
from peiyu.words import mark, message

REPORT, NOTICE, GAPS = "assessments.report", "assessments.notice", "assessments.gaps"
BENEFITS = "assessments.benefits"
NUMERALS = "一二三四五六七八九"
SHORT = 12
"""So many signs of the digest stand on the paper; the whole is kept with the frozen assessment."""


def again(row: FrozenAssessment) -> Assessed:
    """What was frozen, as a value that can be shown.

    Raises:
        Refused: the rules are no longer those of its version, or its bytes do not come out again.
    """
    found = replay(row)
    if not found.same_rules:
        raise Refused(message("规则已是另一个版本，请先重新留存测评"))
    if not found.same:
        raise Refused(message("这次测评的内容与留存时不符，不能据此制发"))
    held = thaw(row.content)
    seen = Seen(
        held.rulebook, held.on, held.known, held.basis, held.order, held.readings, held.case
    )
    return assessed(row.enterprise_id, seen, held.facts)


def content_for(kind: str, row: FrozenAssessment) -> Content:
    """The paper of a kind that a frozen assessment gives.

    Raises:
        Refused: there is nothing to say in it, or the assessment cannot be judged again.
    """
    found = again(row)
    makers = {REPORT: _report, NOTICE: _notice, GAPS: _gaps, BENEFITS: _benefits}
    return makers[kind](row, found)


def kinds_of(row: FrozenAssessment) -> tuple[str, ...]:
    """The papers that a frozen assessment can give: where money is worked out, the sheet of it alone."""
    paid = bool(RULEBOOKS[row.rulebook].grants)
    return tuple(name for name in PAPERS if (f"assessments.{name}" == BENEFITS) is paid)


def _report(row: FrozenAssessment, found: Assessed) -> Content:
    lines = lines_of(found, "zh", nowhere)
    score = score_of(found, "zh")
    parts: list[tuple[str, list[Block]]] = [
        ("结论", [Paragraph(_ended(sentence(found, "zh"))), Pairs(tuple(_three(found)))]),
        ("逐项条件", [Table(CONDITIONS, tuple(_condition(line) for line in lines))]),
    ]
    if score is not None:
        rows = tuple((item.title, str(item.most), item.points) for item in score.items)
        needs = score.needs.say()
        parts.append(
            ("评分", [Paragraph(_ended(f"评分为{score.words}，界限{score.mark}分；{needs}")),
                      Table((Column("评价项目", 8), Column("满分", 2, "center"), Column("分数", 3, "center")), rows)])
        )  # fmt: skip
    if lacks := tuple(_lacks(found)):
        parts.append(("缺少的资料", [Table(LACKS, lacks)]))
    return Content(
        title=f"{found.rulebook.title}测评报告",
        addressee=row.enterprise.name,
        blocks=(
            Pairs(tuple(_about(row, found))),
            *_numbered(parts),
            Note(found.rulebook.voice.caution),
        ),
        sources=tuple(_sources(found)),
    )


def _notice(row: FrozenAssessment, found: Assessed) -> Content:
    unmet, lacks = tuple(_unmet(found)), tuple(_lacks(found))
    if not unmet and not lacks:
        raise Refused(message("没有不符合的条件，也不缺资料，不用发告知书"))
    parts: list[tuple[str, list[Block]]] = []
    if unmet:
        parts.append(("尚不符合的条件", [Table(GAP, unmet)]))
    if lacks:
        parts.append(("需要补充的资料", [Table(LACKS, lacks)]))
    experts = [one.criterion.title for one in found.explanations if one.outcome is Outcome.EXPERT]
    if experts:
        parts.append(("由专家评定的事项", [Paragraph(_ended("；".join(experts)))]))
    return Content(
        title=f"{found.rulebook.title}一次性告知书",
        addressee=row.enterprise.name,
        blocks=(
            Paragraph(
                f"对照现行规定核对了你单位截至{official_date(row.on)}的情况，现将需要补正的事项一次性告知。"
            ),
            Pairs(tuple(_about(row, found))),
            *_numbered(parts),
            Note(found.rulebook.voice.caution),
        ),
        sources=tuple(_sources(found)),
    )


def _gaps(row: FrozenAssessment, found: Assessed) -> Content:
    rows = [(*line, "", "") for line in _unmet(found)]
    rows += [(what, "资料不足", who, "", "") for what, who, _ in _lacks(found)]
    if not rows:
        raise Refused(message("没有差距，不用列清单"))
    columns = (*TO_MEND, Column("责任人", 3, "center"), Column("完成期限", 4, "center"))
    return Content(
        title=f"{found.rulebook.title}差距整改清单",
        addressee=row.enterprise.name,
        blocks=(
            Pairs(tuple(_about(row, found))),
            Table(columns, tuple(rows)),
            Note("责任人和完成期限由企业与辅导员商定后填写。" + found.rulebook.voice.caution),
        ),
        sources=tuple(_sources(found)),
    )


def _benefits(row: FrozenAssessment, found: Assessed) -> Content:
    every = benefits_of(found, "zh")
    lines = [line for line in every if line.shape != "na"]
    if not lines:
        raise Refused(message("没有可以享受的，不用制作测算单"))
    results: list[Block] = [Table(AMOUNTS, tuple(_amount(line) for line in lines))]
    if others := [line.title for line in every if line.shape == "na"]:
        results.append(Paragraph(_ended(f"不适用的有：{'、'.join(others)}")))
    assumed = [Paragraph(_ended(one.say())) for one in assumptions_of(found, official_date)]
    supported = tuple((one.gloss, one.cite) for one in supports_on(row.on, "zh"))
    parts: list[tuple[str, list[Block]]] = [
        ("测算结果", results),
        ("测算的前提", [*assumed]),
        ("未折算成金额的支持", [Table(SUPPORT, supported)]),
    ]
    if found.flags:
        said = "；".join(flag.text for flag in found.flags)
        parts.append(("请核对", [Paragraph(_ended(said))]))
    return Content(
        title=f"{found.rulebook.title}测算单",
        addressee=row.enterprise.name,
        blocks=(
            Paragraph("现按公开规则，对你单位取得高新技术企业资格后可以享受的政策测算如下。各项口径不同，不相加。"),
            Pairs(tuple(_about(row, found))),
            *_numbered(parts),
            Note(found.rulebook.voice.caution),
        ),
        sources=tuple(_documents(row.on, [line.cite for line in lines])),
    )  # fmt: skip


def _amount(line: Benefit) -> tuple[str, ...]:
    made = f"{line.formula}；" + "，".join(f"{term}{value}" for term, value in line.numbers)
    if line.lacks:
        made += f"；缺{'、'.join(line.lacks)}"
    return line.title, line.amount or line.word, made.rstrip("；"), line.cite


AMOUNTS = (
    Column("项目", 6),
    Column("金额", 4, "right"),
    Column("怎样得出", 8),
    Column("条款", 3, "center"),
)
SUPPORT = (Column("内容", 14), Column("条款", 3, "center"))
CONDITIONS = (
    Column("条件", 8), Column("结果", 4, "center"), Column("数值", 4, "right"),
    Column("要求", 4, "right"), Column("条款", 4, "center"),
)  # fmt: skip
GAP = (Column("条件", 7), Column("现状和要求", 6), Column("差多少", 4))
TO_MEND = (*GAP[:2], Column("差多少、由谁提供", 5))
LACKS = (Column("资料", 7), Column("由谁提供", 5), Column("依据的材料", 5))


def _about(row: FrozenAssessment, found: Assessed) -> Iterator[tuple[str, str]]:
    firm = row.enterprise
    yield "企业名称", firm.name
    yield "统一社会信用代码", firm.code or "未登记"
    yield "判断日期", official_date(row.on)
    if row.known != row.on:
        yield "所用数据", f"{official_date(row.known)}以前记录的"
    yield "规则版本", f"{found.rulebook.title} {row.version}"
    yield "内容摘要", row.digest[:SHORT]


def _three(found: Assessed) -> Iterator[tuple[str, str]]:
    yield "由数据判断的条件", found.hard.chinese
    if found.score is not None:
        yield "评分", phrases.score(found.score, "zh")
    yield "合起来", verdict_word(found)


def _condition(line: Line) -> tuple[str, ...]:
    return line.title, line.outcome, line.value or "—", line.limit or "—", line.cite


def _unmet(found: Assessed) -> Iterator[tuple[str, str, str]]:
    lines = {line.key: line for line in lines_of(found, "zh", nowhere)}
    for one in found.explanations:
        if one.outcome is Outcome.UNMET:
            line, (lack, _) = lines[one.criterion.id], distance_of(one, "zh")
            said = f"现为{line.value}，要求{line.limit}" if line.value else "不符合"
            yield one.criterion.title, said, lack or "—"


def _lacks(found: Assessed) -> Iterator[tuple[str, str, str]]:
    for lack, _ in found.missing():
        yield phrases.lacking(lack, "zh"), lack.fact.holder, lack.fact.document


def _sources(found: Assessed) -> Iterator[str]:
    """The documents whose articles the conditions follow and that were out on the day, each once."""
    yield from _documents(found.seen.on, (one.article for one in found.rulebook.criteria))


def _documents(on: date, cites: Iterable[str]) -> Iterator[str]:
    for document in dict.fromkeys(article(cite).document for cite in cites):
        if document.in_force_from is not None and document.in_force_from > on:
            continue
        title = document.title("zh")
        yield f"{title}（{document.number}）" if document.number else title


def _ended(text: str) -> str:
    return text if text.endswith("。") else f"{text}。"


def _numbered(parts: list[tuple[str, list[Block]]]) -> Iterator[Block]:
    for numeral, (title, blocks) in zip(NUMERALS, parts, strict=False):
        yield Heading(f"{numeral}、{title}")
        yield from blocks


def _may_issue(person: User, draft: Draft) -> bool:
    """Whoever may freeze an assessment of the enterprise."""
    if draft.addressee[0] != Enterprise._meta.label_lower:
        return False
    found = Enterprise.objects.filter(pk=draft.addressee[1]).first()
    return found is not None and may_freeze(person, found)


def _open_to(person: User) -> Q:
    """To whoever may read what it was made from: figures of a closed basis may stand in it."""
    rows = FrozenAssessment.objects.visible_to(person).annotate(as_text=Cast("pk", CharField()))
    return Q(about_label=FrozenAssessment._meta.label_lower, about_key__in=rows.values("as_text"))


PAPERS = {
    "report": PaperKind(mark("测评报告"), _may_issue, _open_to),
    "notice": PaperKind(mark("一次性告知书"), _may_issue, _open_to),
    "gaps": PaperKind(mark("差距整改清单"), _may_issue, _open_to),
    "benefits": PaperKind(mark("政策红利测算单"), _may_issue, _open_to),
}
