"""The facts that a self-test asks: read off the rules, typed as people write them, never rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from peiyu.batch import layouts
from peiyu.policy import facts
from peiyu.policy.case import Case, Scalar
from peiyu.policy.facts import Fact, Unit
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.wording import stored
from peiyu.tables.answers import Problem, Told
from peiyu.tables.cells import reader
from peiyu.tables.layout import Column, Kind
from peiyu.words import Message, mark, message

WAN = 10_000
LONGEST = 40
STATE, PANEL = ".state", facts.PANEL
UNITS = {Kind.MONEY: mark("万元"), Kind.DECIMAL: mark("人"), Kind.INTEGER: mark("项")}
EXAMPLES = {Kind.MONEY: "123.45", Kind.DECIMAL: "86.5", Kind.DATE: "2012-03-01"}
TITLES = {
    "firm": mark("企业"), "years": mark("年度数据"), "things": mark("知识产权、成果和资质"),
}  # fmt: skip
YES_NO = (("yes", mark("是")), ("no", mark("否")))


@dataclass(frozen=True, slots=True)
class Box:
    """One input: a fact, of the year `lag` years before where it is a yearly one."""

    fact: Fact
    column: Column
    lag: int
    year: int
    text: str = ""
    problem: Problem | None = None
    remark: Message | None = None
    value: Scalar = None

    @property
    def name(self) -> str:
        """Its name in the form, and of the fact in the case."""
        return self.column.name

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"id_{self.column.name.replace('.', '-')}"

    @property
    def unit(self) -> str:
        """In what it is counted."""
        return UNITS.get(self.column.kind, "")

    @property
    def example(self) -> str:
        """How one would write it."""
        return EXAMPLES.get(self.column.kind, "")

    @property
    def mode(self) -> str:
        """The keys that a phone shows."""
        return "numeric" if self.column.kind is Kind.INTEGER else "decimal"

    @property
    def is_choice(self) -> bool:
        """Yes, no, or not known."""
        return self.column.kind is Kind.BOOL

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The answers to choose from."""
        return YES_NO

    @property
    def wrong(self) -> Message | None:
        """What is wrong, and what to do about it."""
        if self.problem is None:
            return None
        return message("{rule}。{remedy}", rule=self.problem.rule, remedy=self.problem.remedy)

    @property
    def is_text(self) -> bool:
        """A day: it has a point or a line in it."""
        return self.column.kind is Kind.DATE


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact with its inputs: one, or one for each year."""

    fact: Fact
    boxes: tuple[Box, ...]

    @property
    def yearly(self) -> bool:
        """It is asked of a year."""
        return self.boxes[0].lag > 0

    @property
    def about(self) -> str:
        """The id of the note under it."""
        return f"about_{self.fact.name}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the form under a heading."""

    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The form of a programme on a day, as typed."""

    rulebook: Rulebook
    on: date
    boxes: tuple[Box, ...]

    @property
    def wrong(self) -> tuple[Box, ...]:
        """What cannot be read."""
        return tuple(box for box in self.boxes if box.problem is not None)

    @property
    def known(self) -> int:
        """How much was filled in."""
        return sum(box.value is not None for box in self.boxes)

    def parts(self) -> list[Part]:
        """The form: the enterprise, its years, what it has."""
        held: dict[str, dict[str, list[Box]]] = {key: {} for key in TITLES}
        for box in self.boxes:
            held[_part(box)].setdefault(box.fact.name, []).append(box)
        return [
            Part(TITLES[key], tuple(Asked(one[0].fact, tuple(one)) for one in found.values()))
            for key, found in held.items()
            if found
        ]

    def case(self) -> Case:
        """What was typed, as the rules read it; what was left empty is not known."""
        return Case("", "", {box.name: box.value for box in self.boxes if box.value is not None})

    def told(self, lang: str) -> list[tuple[str, str]]:
        """What was typed, to stand on the paper beside the result."""
        return [
            (box.column.full_name, stored(box.value, box.fact, lang))
            for box in self.boxes
            if box.value is not None
        ]


def self_test(rulebook: Rulebook, on: date, lang: str, typed: Mapping[str, str]) -> SelfTest:
    """The form with what was typed into it; what is not there is empty."""
    return SelfTest(
        rulebook, on, tuple(_typed(box, typed.get(box.name, "")) for box in _boxes(rulebook, on, lang))
    )  # fmt: skip


def _boxes(rulebook: Rulebook, on: date, lang: str) -> Iterator[Box]:
    """What the flat sheet asks and the rules read, without what only experts or a notice can say."""
    read = frozenset(rulebook.facts())
    flat, *_ = layouts.layout(rulebook, on, lang=lang)
    for column in flat.columns:
        name, _, lag = column.name.partition(".")
        if column.name.endswith(STATE) or name in layouts.IDENTITY:
            continue
        fact = facts.fact(name)
        if f"{fact.table}.{fact.name}" not in read or fact.holder == PANEL:
            continue
        if fact.optional and not lag:
            continue
        if column.kind is Kind.DATE:
            column = replace(column, maximum=on.toordinal())
        yield Box(fact, column, int(lag or 0), on.year - int(lag or 0))


def _typed(box: Box, text: str) -> Box:
    text = text.replace("\x00", "").strip()
    if not text:
        return box
    if len(text) > LONGEST:
        too_long = Problem(
            message("太长，不是一个数"), message("请只填一个数；不知道就留空")
        )  # fmt: skip
        return replace(box, text=text[: 4 * LONGEST], problem=too_long)
    # a reader of its own: the shared ones remember what they read
    answer = reader(box.column, WAN if box.column.kind is Kind.MONEY else 1)(text)
    told = answer if isinstance(answer, Told) else None
    answer = told.value if told else answer
    if isinstance(answer, Problem):
        return replace(box, text=text, problem=answer)
    assert answer is None or isinstance(answer, int | date | bool)
    return replace(box, text=text, value=answer, remark=told.text if told else None)


def _part(box: Box) -> str:
    if box.lag or box.fact.unit is Unit.FEN:
        return "years"
    return "things" if box.fact.unit is Unit.COUNT and "incidents" not in box.fact.name else "firm"
