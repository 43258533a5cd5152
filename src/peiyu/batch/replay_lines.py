"""A replay as lists: who changes, from what to what, where; for terminal, workbook and csv alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from peiyu.batch import phrases
from peiyu.batch.cases import Input
from peiyu.batch.outcomes import article, title
from peiyu.batch.phrases import say
from peiyu.batch.replay import Count, Money, Replay
from peiyu.batch.sides import CAUSES, MEANINGS, Cause, Side, changed_figures
from peiyu.policy import wording
from peiyu.policy.parameters import parameters
from peiyu.policy.tree import Outcome
from peiyu.words import joined, mark, translate

Row = Sequence[object]
Words = Callable[[str, str], tuple[str, str]]  # key, line → its numbers before and after
OUTCOMES = {outcome.name.lower(): outcome for outcome in Outcome}
NOT_THERE = mark("尚无记录")
NO_TERRITORY = mark("未填所在地")
TOTAL = mark("合计")
ALL_RECORDED = mark("全部记录")
AMOUNTS = (
    mark("之前至少（元）"), mark("之前至多（元）"), mark("之后至少（元）"), mark("之后至多（元）"),
)  # fmt: skip
CAUTION = mark("由公开规则自动核对，只说明两种核对之间的差别，不是认定或者拨款的决定。")


@dataclass(frozen=True)
class Told:
    """A replay with all that is needed to tell it."""

    replay: Replay
    source: str
    found: Input
    lang: str
    words: Words | None = None
    sides: tuple[Side, Side] = field(init=False)

    def __post_init__(self) -> None:
        walk = self.replay.walk
        ends = (walk.sides[0], walk.sides[-1])
        object.__setattr__(self, "sides", ends[::-1] if walk.backwards else ends)

    @property
    def gives(self) -> bool:
        """Does the rulebook give money."""
        return bool(self.replay.rulebook.grants)

    @property
    def joins(self) -> bool:
        """May an enterprise be on one side only."""
        return Cause.FACTS in self.replay.walk.causes


def outcome(name: str | None, lang: str) -> str:
    """The word for an outcome; of an enterprise that was not known there is none."""
    return translate(NOT_THERE, lang) if name is None else phrases.outcome(OUTCOMES[name], lang)


def causes(row: Mapping[str, object], told: Told) -> tuple[Cause, ...]:
    """The steps at which a line changed, in the order in which they are taken."""
    return tuple(cause for cause in told.replay.walk.causes if row[str(cause)])


def cause_words(found: Sequence[Cause], lang: str) -> str:
    """Causes in words."""
    return joined("、", (translate(CAUSES[cause], lang) for cause in found), lang)


def yuan(fen: int | None) -> Decimal | None:
    """Fen as yuan for a cell; nothing where the end is open."""
    return None if fen is None else Decimal(fen).scaleb(-2)


def money(found: Money, lang: str) -> str:
    """From what to what the money may come."""
    low = wording.amount(found.low, lang)
    if found.opened:
        return say("至少{low}", lang, low=low)
    return low if found.low == found.high else f"{low}–{wording.amount(found.high, lang)}"


def _heads(lang: str, *texts: str) -> list[str]:
    return [translate(text, lang) for text in texts]


# -- who


def change_heads(told: Told) -> list[str]:
    """What stands over the list of changes."""
    return _heads(
        told.lang, mark("企业名称"), mark("统一社会信用代码"), mark("所在镇（街道、园区）"), mark("条件"),
        mark("条款"), mark("之前"), mark("之后"), mark("原因"),
        *(AMOUNTS if told.gives else ()),
        *((mark("之前的数值与限值"), mark("之后的数值与限值")) if told.words else ()),
    )  # fmt: skip


def change_rows(told: Told) -> Iterator[Row]:
    """One row a line of an enterprise that changed."""
    lang, rulebook = told.lang, told.replay.rulebook
    for row in told.replay.changes.iter_rows(named=True):
        key, line = row["key"], row["line"]
        name = row["name"] or key
        ends = [row[n] for n in ("low_before", "high_before", "low_after", "high_after")]
        yield (
            name,
            "" if key == name else key,
            row["territory"] or "",
            title(rulebook, line, lang),
            article(rulebook, line),
            outcome(row["before"], lang),
            outcome(row["after"], lang),
            cause_words(causes(row, told), lang),
            *((yuan(end) for end in ends) if told.gives else ()),
            *(told.words(key, line) if told.words else ()),
        )


# -- by which line


def move_heads(told: Told) -> list[str]:
    """What stands over the list of moves."""
    named = [CAUSES[cause] for cause in told.replay.walk.causes]
    return _heads(
        told.lang, mark("条件"), mark("条款"), mark("之前"), mark("之后"), mark("家数"), *named
    )  # fmt: skip


def move_rows(told: Told) -> Iterator[Row]:
    """One row a line and pair of outcomes."""
    lang, rulebook = told.lang, told.replay.rulebook
    for move in told.replay.moves:
        yield (
            title(rulebook, move.line, lang),
            article(rulebook, move.line),
            outcome(move.before, lang),
            outcome(move.after, lang),
            move.count,
            *move.by.values(),
        )


# -- where


def territory_heads(told: Told) -> list[str]:
    """What stands over the list of territories."""
    return _heads(
        told.lang, mark("所在镇（街道、园区）"), mark("家数"),
        *((mark("之前家数"), mark("之后家数")) if told.joins else ()), mark("有变化的家数"),
        mark("硬指标符合（之前）"), mark("硬指标符合（之后）"), mark("结论符合（之前）"), mark("结论符合（之后）"),
        *((*AMOUNTS, mark("至少相差（元）"), mark("至多相差（元）"), mark("金额不封顶的（之前）"),
           mark("金额不封顶的（之后）")) if told.gives else ()),
    )  # fmt: skip


def territory_rows(told: Told) -> Iterator[Row]:
    """One row a territory, one for those that state none, one for all."""
    lang = told.lang
    for name, count in told.replay.territories:
        yield name or translate(NO_TERRITORY, lang), *_counted(count, told)
    yield translate(TOTAL, lang), *_counted(told.replay.total, told)


def _counted(count: Count, told: Told) -> Row:
    before, after, differ = count.money_before, count.money_after, count.money
    amounts = (before.low, before.high, after.low, after.high, differ.low, differ.high)
    return (
        count.enterprises, *((count.before, count.after) if told.joins else ()), count.changed,
        count.hard_before, count.hard_after, count.met_before, count.met_after,
        *((*map(yuan, amounts), before.opened, after.opened) if told.gives else ()),
    )  # fmt: skip


# -- how


def method_rows(told: Told) -> Iterator[tuple[str, str, str]]:
    """What was compared, by which figures, and what the causes mean."""
    lang, rulebook = told.lang, told.replay.rulebook
    yield translate("规则", lang), f"{translate(rulebook.title, lang)} ({rulebook.name})", ""
    yield translate("规则版本", lang), rulebook.version(), ""
    yield translate("来源文件", lang), told.source, ""
    for name, side in zip((mark("之前"), mark("之后")), told.sides, strict=True):
        yield translate(name, lang), side_words(side, told), ""
    for name, before, after in changed_figures(rulebook, *told.sides):
        parameter = parameters()[name]
        said = (wording.dated_value(value, parameter.unit, lang) for value in (before, after))
        heading = parameter.title if lang == "zh" else parameter.english
        yield f"{heading} ({name})", " → ".join(said), ""
    for cause in told.replay.walk.causes:
        yield translate(CAUSES[cause], lang), translate(MEANINGS[cause], lang), ""
    yield translate("说明", lang), translate(HOW, lang), ""
    yield translate("说明", lang), translate(CAUTION, lang), ""


HOW = mark(
    "原因按步骤查明：先换记录、再换日期、再换法定数值、再换口径，从较早的一边走到较晚的一边，每步只变一项；"
    "所在地按较晚的一边。金额是给付条件符合时应付的数；条件尚未确定的，至少为零，至多为全数。"
)


def side_words(side: Side, told: Told) -> str:
    """One side in words: its day, what was known, what was replaced."""
    lang = told.lang
    parts = [side.on.isoformat()]
    if any(one.known for one in told.sides):
        known = side.known.isoformat() if side.known else translate(ALL_RECORDED, lang)
        parts.append(say("记录到 {known}", lang, known=known))
    parts += [f"{name}={value}" for name, value in side.replaced]
    parts += [f"{name}={reading}" for name, reading in side.readings]
    return joined("；", parts, lang)


def summary(told: Told) -> Iterator[str]:
    """What changed, in a few sentences."""
    lang, replay = told.lang, told.replay
    before, after = (side_words(side, told) for side in told.sides)
    yield say("之前 {before} → 之后 {after}", lang, before=before, after=after)
    total = replay.total
    many = total.enterprises
    if not total.changed:
        yield say("核对 {total} 家，没有一家有变化", lang, total=many)
        return
    yield say("核对 {total} 家，有变化的 {changed} 家", lang, total=many, changed=total.changed)
    named = (f"{translate(CAUSES[c], lang)} {count}" for c, count in replay.causes.items())
    yield say("原因（一家可有几种）：{causes}", lang, causes=joined("、", named, lang))
    if told.gives:
        ends = (money(found, lang) for found in (total.money_before, total.money_after))
        yield say("金额：{before} → {after}", lang, **dict(zip(("before", "after"), ends, strict=True)))  # fmt: skip
