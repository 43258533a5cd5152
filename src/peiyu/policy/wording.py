"""Formulas and figures in the words of the reader: what the tree says, on paper.

Nothing here decides. Amounts are written exactly, as 万元 in Chinese and as yuan in English; a share
or an average is shown rounded half up to two decimals, which is display only (A2 filling note 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

from peiyu.policy import facts, tree
from peiyu.policy.facts import Unit
from peiyu.policy.parameters import Figures, StepTable, parameters
from peiyu.policy.tree import Node
from peiyu.words import Message, joined, mark, message, translate

SHARE = "share"
UNIT_WORDS = {
    Unit.FEN: mark("元"),
    Unit.PERSON_HUNDREDTH: mark("人"),
    Unit.PERSON: mark("人"),
    Unit.COUNT: mark("项"),
    Unit.POINT: mark("分"),
    Unit.DAY: mark("日期"),
    Unit.YEAR: mark("年"),
    Unit.MONTH: mark("月"),
    Unit.YES_NO: "",
    Unit.CHOICE: "",
    Unit.TEXT: "",
    Unit.NAMES: "",
}
COUNTED = {
    "days": mark("{number}天"),
    "points": mark("{number}分"),
    "people": mark("{number}人"),
    "years": mark("{number}年"),
}
SIGNS = {">=": "≥", ">": mark("＞"), "<=": "≤", "<": mark("＜"), "==": mark("＝")}
AND, OR = mark("，且"), mark("，或")
Several = tree.RowAll | tree.RowAny | tree.AllOf | tree.AnyOf


def unit_of(node: Node) -> Unit | str:
    """In what a number is counted: a unit of the dictionary, or a share."""
    match node:
        case tree.FactNode(name=name):
            return facts.fact(name).unit
        case tree.Measure(kind="count" | "distinct"):
            return Unit.COUNT
        case tree.Measure(table="sheets"):
            return Unit.POINT
        case tree.Measure(kind="average"):
            return Unit.PERSON_HUNDREDTH
        case tree.Measure(value=(value, *_)):
            return unit_of(value)
        case tree.Column(table=table, name=name):
            return facts.BY_NAME[table].fact(name).unit
        case tree.RowSum(parts=parts):
            return unit_of(parts[0])
        case tree.YearOf() | tree.FiscalYear():
            return Unit.YEAR
        case tree.RowChoose(readings=readings):
            return unit_of(readings[0][1])
        case tree.Parameter(name=name) if name and parameters()[name].unit == "yuan":
            return Unit.FEN
        case tree.Parameter(name=name) if name and parameters()[name].unit == "year":
            return Unit.YEAR
        case tree.Elapsed(unit="days"):
            return Unit.DAY
        case tree.Elapsed():
            return Unit.YEAR
        case tree.Ratio() | tree.Parameter():
            return SHARE
        case tree.Quotient(left=left, right=right):
            return SHARE if unit_of(left) == unit_of(right) else unit_of(left)
        case tree.Band():
            return Unit.POINT
        case tree.Steps(parameter=name):
            return SHARE if parameters()[name].unit == "yuan" else Unit.POINT
        case tree.Called(part=part) | tree.ToFen(part=part) | tree.Scaled(part=part):
            return unit_of(part)
        case tree.Sum(parts=parts) | tree.AtMost(parts=parts):
            return unit_of(parts[0])
        case tree.Difference(left=left):
            largest = tree.largest_of(node)
            return unit_of(largest[0] if largest else left)
        case tree.Preferred(second=second):
            return unit_of(second)
        case tree.First(otherwise=otherwise):
            return unit_of(otherwise)
        case tree.ChooseNumber(readings=readings):
            return unit_of(readings[0][1])
        case tree.Annualised(part=part) | tree.End(part=part):
            return unit_of(part)
    return Unit.COUNT


# ------------------------------------------------------------------------------------- figures


def exactly(value: Fraction, most: int = 6) -> str:
    """A number with as many decimals as it has, thousands separated; rounded half up beyond `most`."""
    scaled = value * 10**most
    whole = floor(abs(scaled) + Fraction(1, 2))
    before, after = divmod(whole, 10**most)
    decimals = str(after).zfill(most).rstrip("0") if most else ""
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{before:,}" + (f".{decimals}" if decimals else "")


def amount(fen: Fraction | int, lang: str) -> str:
    """Money, exact, in the unit that the readers of a language count in."""
    if lang == "zh":
        return f"{exactly(Fraction(fen) / 10**6)}万元"
    return message("{amount}元", amount=exactly(Fraction(fen) / 100)).say(lang)


@dataclass(frozen=True, slots=True)
class Amount(Message):
    """Money to be said later, in the unit of the language in which it is."""

    fen: int = 0

    def say(self, lang: str = "zh") -> str:
        """The amount in `lang`."""
        return amount(self.fen, lang)


def money(fen: int | None) -> Message:
    """An amount to be said later; what is not known is said to be so."""
    return message("未知") if fen is None else Amount("", (), fen)


def proportion(value: Fraction) -> str:
    """A share of the law as it is written: per cent, or a fraction where per cent would be rounded."""
    if (value * 10**8).denominator == 1:
        return exactly(value * 100) + "%"
    return f"{value.numerator}/{value.denominator}"


def percent(value: Fraction, places: int = 2) -> str:
    """A share as per cent, rounded half up for display."""
    whole = floor(abs(value) * 10 ** (places + 2) + Fraction(1, 2))
    before, after = divmod(whole, 10**places)
    return f"{'-' if value < 0 and whole else ''}{before}.{str(after).zfill(places)}%"


def year(value: Fraction) -> str:
    """A calendar year, or a few years: no thousands are separated."""
    return exactly(value, 2).replace(",", "")


def sign(operator: str, lang: str) -> str:
    """The sign of a comparison."""
    return translate(SIGNS[operator], lang)


def figure(value: Fraction, unit: Unit | str, lang: str) -> str:
    """A number with its unit."""
    if unit == SHARE:
        return percent(value)
    if unit is Unit.FEN:
        return amount(value, lang)
    if unit is Unit.PERSON_HUNDREDTH:
        return message("{number}人", number=exactly(value, 2)).say(lang)
    if unit is Unit.DAY:
        return message("{number}天", number=exactly(value, 0)).say(lang)
    if unit is Unit.POINT:
        return message("{number}分", number=exactly(value, 2)).say(lang)
    return year(value) if unit is Unit.YEAR else exactly(value, 2)


def stored(value: object, fact: facts.Fact, lang: str) -> str:
    """A stored value as the reader writes it."""
    if value is None:
        return translate("不详", lang)
    if fact.unit is Unit.FEN:
        return amount(value, lang)  # type: ignore[arg-type]
    if fact.unit is Unit.PERSON_HUNDREDTH:
        return message("{number}人", number=exactly(Fraction(value, 100), 2)).say(lang)  # type: ignore[call-overload]
    if fact.unit is Unit.YES_NO:
        return translate(mark("是") if value else mark("否"), lang)
    if fact.unit is Unit.CHOICE:
        for code, chinese, english in fact.choices:
            if code == value:
                return chinese if lang == "zh" else english
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return joined("、", map(str, value), lang) or translate("无", lang)
    return str(value)


# ------------------------------------------------------------------------------------ formulas


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says nodes in one language, under the readings of the switches, by the figures of one day."""

    lang: str
    readings: Mapping[str, str]
    figures: Figures
    day: str = mark("申请日")  # what the governing day is called
    years: date | None = None  # whose fiscal years are said, if not those of the day of the figures
    said: dict[tuple[Node, bool], str] = field(default_factory=dict, compare=False)

    def _(self, text: str, **values: object) -> str:
        return message(text, **values).say(self.lang)

    @property
    def year(self) -> int:
        """The year before which the fiscal years lie."""
        return (self.years or self.figures.on).year

    def joined(self, between: str, parts: Iterable[str]) -> str:
        """Parts with a word or a sign between them."""
        return joined(between, parts, self.lang)

    def bracketed(self, said: str) -> str:
        """A part of a formula in brackets."""
        return self._("（{part}）", part=said)

    def term(self, name: str, lag: int) -> str:
        """A fact by its term and year."""
        return self.of_year(facts.fact(name).term(self.lang), lag)

    def of_year(self, term: str, lag: int) -> str:
        """A term with the fiscal year of which it is said."""
        return self._("{year}年{term}", year=self.year - lag, term=term) if lag else term

    def limit(self, name: str) -> str:
        """A figure of the law on the day."""
        entry = parameters()[name]
        value = self.figures.number(name)
        if entry.unit == "share":
            return exactly(value * 100) + "%"
        if entry.unit == "days":
            return self._("{number}天", number=exactly(value, 0))
        if entry.unit == "yuan":
            return amount(value, self.lang)
        if entry.unit in COUNTED:
            return self._(COUNTED[entry.unit], number=exactly(value, 0))
        if entry.unit == "year":
            return year(value)
        return exactly(value)

    def steps(self, name: str) -> str:
        """A table of steps in one line."""
        entry = parameters()[name]
        table = self.figures.steps(name)

        def bound(value: Fraction) -> str:
            if entry.unit == "yuan":
                return amount(value, self.lang)
            return exactly(value * 100) + "%" if entry.unit == "share" else exactly(value)

        said = [
            f"{sign(step.operator, self.lang)}{bound(step.limit)}: {self._gives(step.low, step.high, entry.unit)}"
            for step in table.steps
        ]
        said.append(f"{self._('其余')}: {self._gives(table.low, table.high, entry.unit)}")
        return self.joined("；", said)

    def _gives(self, low: Fraction, high: Fraction, unit: str) -> str:
        if unit == "yuan":
            return exactly(low * 100) + "%"
        points = exactly(low) if low == high else f"{exactly(low)}–{exactly(high)}"
        return self._("{number}分", number=points)

    def say(self, node: Node, *, opened: bool = False) -> str:
        """A node in words; a number with a name of its own is told by its name unless `opened`."""
        if (node, opened) not in self.said:
            self.said[node, opened] = self._say(node, opened=opened)
        return self.said[node, opened]

    def _say(self, node: Node, *, opened: bool) -> str:
        while isinstance(node, tree.ChooseNumber | tree.ChooseOutcome | tree.RowChoose):
            node = dict[str, Node](node.readings)[self.readings[node.switch]]
        if isinstance(node, tree.Called):
            return self.say(node.part) if opened else self.of_year(self._(node.title), node.lag)
        if isinstance(node, tree.Cell):
            return self._cell(node)
        if isinstance(node, tree.OutcomeNode):
            return self._outcome(node)
        return self._number(node, opened=opened)

    def _number(self, node: Node, *, opened: bool) -> str:
        match node:
            case tree.Constant(value=value):
                return exactly(value)
            case tree.Parameter(name=name):
                return self.limit(name)
            case tree.FactNode(name=name, lag=lag):
                return self.term(name, lag)
            case tree.Elapsed(unit="days", until=until):
                end = facts.fact(until).term(self.lang) if until else self._(self.day)
                return self._(
                    "{start}至{end}的天数", start=facts.fact(node.since).term(self.lang), end=end
                )
            case tree.Elapsed(unit="full years"):
                return self._("近三年中的完整会计年度数（至少一个）")
            case tree.Elapsed(unit="months"):
                return self._("近一年实际经营的月数")
            case tree.Elapsed():
                return self._("成立以来的会计年度数")
            case tree.Measure(title=title, kind=kind) if not opened:
                if kind == "sum" and node.table == "rd":
                    return (
                        self.term(node.declared.name, node.declared.lag) if node.declared else title
                    )
                return self._(title)
            case tree.Measure():
                return self._measure(node)
            case tree.Sum(parts=parts):
                return self._sum(parts)
            case tree.Difference() if tree.largest_of(node):
                largest = map(self.say, tree.largest_of(node))
                return self._("取大者：{parts}", parts=self.joined("；", largest))
            case tree.Difference(left=left, right=right):
                taken = self._taken(right)
                if isinstance(taken, tree.Sum) and all(
                    _is_none(self._bare(p)) for p in taken.parts
                ):
                    return self.say(left)
                return self._("{left}－{right}", left=self.say(left), right=self._term(right))
            case tree.Scaled(part=part, rate=rate, gross=gross):
                share = self.figures.number(rate)
                if gross:
                    return self._(
                        "（{part}）×{share}÷（1−{share}）",
                        part=self.say(part),
                        share=exactly(share * 100) + "%",
                    )
                return self._("（{part}）×{share}", part=self.say(part), share=proportion(share))
            case tree.Product(left=left, right=right):
                return self._("{left}×{right}", left=self._term(left), right=self._term(right))
            case tree.Quotient(left=left, right=right) | tree.Ratio(part=left, base=right):
                return f"{self._term(left)} ÷ {self._term(right)}"
            case tree.Annualised(part=part):
                return self._("{part}（成立当年折算为全年）", part=self.say(part))
            case tree.AtMost(parts=parts):
                return self._("取小者：{parts}", parts=self.joined("；", map(self.say, parts)))
            case tree.End(part=part):
                return self.say(part)
            case tree.ToFen(part=part) if unit_of(part) is Unit.FEN:
                return self._("{part}（四舍五入到分）", part=self.say(part))
            case tree.ToFen(part=part):
                return self._("（{part}）四舍五入到整数", part=self.say(part))
            case tree.Preferred(first=first, second=second):
                return self._(
                    "{first}；未知时用{second}",
                    first=self._stated(first),
                    second=self._stated(second),
                )
            case tree.Steps(value=value, parameter=name):
                return self._(
                    "按{value}分档（{steps}）", value=self.say(value), steps=self.steps(name)
                )
            case tree.Band(parameter=name, key=key):
                low, high = self.figures.points(name, key)
                return self._("由专家评定{low}–{high}分", low=low, high=high)
            case tree.First(cases=cases, otherwise=otherwise):
                said = [
                    self._("若{condition}，则{then}", condition=self.say(c), then=self.say(n))
                    for c, n in cases
                ]
                last = self._("否则{then}", then=self.say(otherwise))
                return self.joined("；", (*said, last))
        return type(node).__name__

    def _taken(self, node: Node) -> Node:
        while isinstance(node, tree.ChooseNumber | tree.ChooseOutcome | tree.RowChoose):
            node = dict[str, Node](node.readings)[self.readings[node.switch]]
        return node

    def _bare(self, node: Node) -> Node:
        """The stated figure behind a preference or a name, where there is one."""
        while True:
            node = self._taken(node)
            if isinstance(node, tree.Called):
                node = node.part
            elif isinstance(node, tree.Preferred) and isinstance(node.first, tree.FactNode):
                node = node.first
            else:
                return node

    def _stated(self, node: Node) -> str:
        """One of two numbers that mean the same: what was stated is told from what is worked out."""
        stated = isinstance(self._taken(node), tree.FactNode)
        return self._("填报的{term}", term=self.say(node)) if stated else self.say(node)

    def _term(self, node: Node) -> str:
        """A node within a formula: in brackets if it is itself made of several."""
        inner = self._taken(node)
        several = isinstance(inner, tree.Sum | tree.Difference | tree.Preferred | tree.First)
        return self.bracketed(self.say(node)) if several else self.say(node)

    def _conditions(self, node: Several) -> str:
        """All or any of several conditions; one that is itself made of several is in brackets."""
        parts = self._parts(node)
        if len(parts) == 1:
            return self.say(parts[0])
        between = OR if isinstance(node, tree.RowAny | tree.AnyOf) else AND
        return self.joined(between, map(self._condition, parts))

    def _condition(self, node: Node) -> str:
        several = isinstance(node, Several) and len(self._parts(node)) > 1
        brackets = several or isinstance(node, tree.Where)
        return self.bracketed(self.say(node)) if brackets else self.say(node)

    def _parts(self, node: Several) -> list[Node]:
        """What a condition asks for, with all that is said by the same word on one level."""
        found: list[Node] = []
        for part in map(self._asked, node.parts):
            alike = type(part) is type(node) or (
                isinstance(part, Several) and len(self._parts(part)) == 1
            )
            if alike and isinstance(part, Several):
                found += self._parts(part)
            elif self.say(part) != self._("全部行") and not _asks_nothing(node, part):
                found.append(part)
        return found

    def _asked(self, node: Node) -> Node:
        node = self._taken(node)
        return self._asked(node.part) if isinstance(node, tree.Because) else node

    def _sum(self, parts: tuple[tree.Number, ...]) -> str:
        plain = [self._bare(part) for part in parts]
        names = {part.name for part in plain if isinstance(part, tree.FactNode)}
        lags = [part.lag for part in plain if isinstance(part, tree.FactNode)]
        if len(names) == 1 and lags == [1, 2, 3] and len(plain) == 3:
            term = facts.fact(names.pop()).term(self.lang)
            if all(isinstance(self._taken(part), tree.FactNode) for part in parts):
                term = self._("填报的{term}", term=term)
            return self._("近三年（{first}–{last}年）{term}之和", term=term,
                          first=self.year - 3, last=self.year - 1)  # fmt: skip
        shown = [part for part, bare in zip(parts, plain, strict=True) if not _is_none(bare)]
        return self.joined("＋", map(self.say, shown or parts[:1]))

    def _measure(self, node: tree.Measure) -> str:
        table = facts.BY_NAME[node.table]
        name = table.chinese if self.lang == "zh" else table.english
        where = self.say(node.where)
        said = {
            "count": self._("“{table}”表中符合条件的行数：{where}", table=name, where=where),
            "distinct": self._(
                "“{table}”表中符合条件的成果数（同一成果计一次）：{where}", table=name, where=where
            ),
            "average": self._(
                "“{table}”表各月（月初＋月末）÷2之和÷月数：{where}", table=name, where=where
            ),
        }.get(node.kind)
        if said is None:
            said = self._of_columns(node, name, where)
        if node.declared is None:
            return said
        declared = self.term(node.declared.name, node.declared.lag)
        return self._("{rows}；未填该表时用申报数“{declared}”", rows=said, declared=declared)

    def _of_columns(self, node: tree.Measure, table: str, where: str) -> str:
        """What is made of columns of the rows: their largest, their smallest, their sum."""
        columns = self.joined("＋", map(self.say, node.value))
        if node.kind == "largest":
            form = mark("“{table}”表中符合条件的行的{columns}的最大值：{where}")
        elif node.kind == "smallest":
            form = mark("“{table}”表中符合条件的行的{columns}的最小值：{where}")
        else:
            form = mark("“{table}”表中符合条件的行的{columns}之和：{where}")
        return self._(form, table=table, columns=columns, where=where)

    def _cell(self, node: Node) -> str:
        match node:
            case tree.Column(table=table, name=name):
                return facts.BY_NAME[table].fact(name).term(self.lang)
            case tree.Literally(value=value):
                return self._("全部行") if value == 1 else str(value)
            case tree.Day(back=back, fact=name):
                day = facts.fact(name).term(self.lang) if name else self._(self.day)
                if not back:
                    return day
                return self._(
                    "{day}之前第{days}天", day=day, days=exactly(self.figures.number(back), 0)
                )
            case tree.YearsBack(years=name):
                return self._("{day}之前{years}", day=self._(self.day), years=self.limit(name))
            case tree.Figure(parameter=name):
                return self.limit(name)
            case tree.FiscalYear(lag=lag):
                return str(self.year - lag)
            case tree.YearOf(day=day):
                return self._("{day}所在年份", day=self.say(day))
            case tree.Self():
                return self._("本企业")
            case tree.RowTest(operator=operator, left=left, right=right):
                return self._(
                    "{left}{sign}{right}",
                    left=self.say(left),
                    sign=sign(operator, self.lang),
                    right=self._value(left, right),
                )
            case tree.RowIn(left=left, values=values, parameter=parameter):
                words = self.figures.words(parameter) if parameter else values
                return self._(
                    "{column}属于（{words}）", column=self.say(left),
                    words=self.joined("、", (self._word(left, word) for word in words)),
                )  # fmt: skip
            case tree.RowAll() | tree.RowAny():
                return self._conditions(node)
            case tree.RowNot(part=part):
                return self._("非（{part}）", part=self.say(part))
            case tree.RowSum(parts=parts, cap=cap):
                said = self.joined("＋", map(self.say, parts))
                return (
                    self._("（{part}，至多{cap}）", part=said, cap=self.limit(cap)) if cap else said
                )
            case tree.Because(part=part):
                return self.say(part)
            case tree.RowFlag(title=title):
                return self._("属于“{title}”", title=self._(title))
            case tree.Exists(link=link, where=where):
                target = facts.BY_NAME[link.target]
                name = target.chinese if self.lang == "zh" else target.english
                return self._(
                    "“{table}”表中有对应的行（{where}）", table=name, where=self.say(where)
                )
        return type(node).__name__

    def _value(self, left: Node, right: Node) -> str:
        if isinstance(right, tree.Literally) and isinstance(right.value, str):
            return self._word(left, right.value)
        return self.say(right)

    def _word(self, column: Node, code: str) -> str:
        if isinstance(column, tree.Column):
            fact = facts.BY_NAME[column.table].fact(column.name)
            for known, chinese, english in fact.choices:
                if known == code:
                    return chinese if self.lang == "zh" else english
        return code

    def _outcome(self, node: Node) -> str:
        match node:
            case tree.Always(outcome=outcome):
                return self._(outcome.chinese)
            case tree.Test(operator=operator, left=left, right=right):
                return f"{self.say(left)} {sign(operator, self.lang)} {self.say(right)}"
            case tree.RatioTest(operator=operator, ratio=ratio, limit=limit):
                return f"{self.say(ratio)} {sign(operator, self.lang)} {self.say(limit)}"
            case tree.AllOf() | tree.AnyOf():
                return self._conditions(node)
            case tree.Not(part=part):
                return self._("非（{part}）", part=self.say(part))
            case tree.IsYes(name=name):
                return self._("{fact}为“是”", fact=facts.fact(name).term(self.lang))
            case tree.Judged(name=name):
                return self._("由专家评定（{fact}）", fact=facts.fact(name).term(self.lang))
            case tree.Operated(lag=lag):
                return self._("近{lag}个会计年度均已经营", lag=lag)
            case tree.Stated(part=part):
                return self._("已有{part}", part=self.say(part))
            case tree.Differs(left=left, right=right):
                return self._("{left}与{right}不一致", left=self.say(left), right=self.say(right))
            case tree.RowsDiffer(measure=measure):
                return self._("{measure}与申报数不一致", measure=self.say(measure))
            case tree.Where(applies=applies, then=then):
                return self._("{applies}时：{then}", applies=self.say(applies), then=self.say(then))
        return type(node).__name__


def _asks_nothing(whole: Node, part: Node) -> bool:
    """Among conditions that must all be met, one that a switch has turned into none."""
    met = isinstance(part, tree.Always) and part.outcome is tree.Outcome.MET
    return met and isinstance(whole, tree.AllOf) and len(whole.parts) > 1


def _is_none(node: Node) -> bool:
    return isinstance(node, tree.Constant) and not node.value


def dated_value(value: object, unit: str, lang: str) -> str:
    """A figure of the law as it stands in a table of figures."""
    if value is None:
        return "—"
    if isinstance(value, Fraction):
        if unit in COUNTED:
            return message(COUNTED[unit], number=exactly(value)).say(lang)
        return _bound(value, unit, lang)
    if isinstance(value, StepTable):
        said = [
            f"{sign(s.operator, lang)}{_bound(s.limit, unit, lang)} → {_given(s.low, s.high, unit)}"
            for s in value.steps
        ]
        said.append(f"{translate('其余', lang)} → {_given(value.low, value.high, unit)}")
        return joined("；", said, lang)
    if isinstance(value, Mapping):
        return joined("；", (f"{name} {low}–{high}" for name, (low, high) in value.items()), lang)
    return joined("、", value, lang) if isinstance(value, tuple) else str(value)


def _bound(value: Fraction, unit: str, lang: str) -> str:
    if unit == "yuan":
        return amount(value, lang)
    if unit == "year":
        return year(value)
    return proportion(value) if unit == "share" else exactly(value)


def _given(low: Fraction, high: Fraction, unit: str) -> str:
    if unit == "yuan":
        return exactly(low * 100) + "%"
    return exactly(low) if low == high else f"{exactly(low)}–{exactly(high)}"
