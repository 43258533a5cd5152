"""The form of a year as its people see it; reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from peiyu.office.accounts.models import User
from peiyu.office.enterprises.models import Enterprise
from peiyu.office.portal import years_needs as needs
from peiyu.office.portal.years_list import OPEN, Asked, asked_of
from peiyu.office.portal.years_units import PEOPLE, WORDS, Unit, as_text, is_money, kept, shown
from peiyu.office.reports.actions.reports import LONGEST_TEXT
from peiyu.office.reports.hints import Hint, hints_of
from peiyu.office.reports.models import FIGURES, Basis, Statement, YearReport
from peiyu.office.reports.queries import Grid, contested, grid_of, report_on
from peiyu.office.reports.reading import Typed, typed
from peiyu.policy.facts import Fact
from peiyu.words import Message, mark, message

GROUPS: tuple[tuple[str, str, tuple[str, ...], str, tuple[str, ...]], ...] = (
    ("income", mark("收入"), ("sales_revenue", "total_income", "ht_income"), mark("收入的分项"), (
        "main_business_revenue", "other_business_revenue", "income_total", "nontaxable_income",
        "ht_product_income", "technical_transfer_income", "technical_service_income",
        "entrusted_rd_income")),
    ("rd", mark("研究开发费用"), ("rd_total", "rd_domestic"), mark("研究开发费用的分项"), (
        "rd_labour", "rd_direct_input", "rd_depreciation", "rd_amortisation", "rd_design",
        "rd_testing", "rd_other", "rd_entrusted_domestic", "rd_entrusted_foreign",
        "rd_capitalised", "rd_failed", "rd_government")),
    ("staff", mark("人员"), ("staff_average", "st_staff_average"), mark("科技型中小企业口径"), (
        "sme_staff_average", "sme_rd_staff_average")),
    ("assets", mark("资产"), ("net_assets", "total_assets", "total_liabilities"), "", ()),
)  # fmt: skip
"""Key, heading, what most need, what the rest is called, the rest."""
TOO_LONG = message("写得太长；请只填一个数字")


@dataclass(frozen=True, slots=True)
class Clash:
    """What another filled in otherwise; it stays beside one's own until one of the two is chosen."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """One figure on the form, with all that is said about it."""

    fact: Fact
    text: str
    unit: str
    last: Decimal | None
    uses: tuple[str, ...]
    programmes: tuple[str, ...]
    example: str
    problem: Message | None
    remark: Message | None
    asked: Asked | None
    clash: Clash | None

    @property
    def name(self) -> str:
        """As in the dictionary."""
        return self.fact.name

    @property
    def speaks(self) -> bool:
        """Something is said of it that must not be folded away."""
        return bool(self.problem or self.remark or self.asked or self.clash)


@dataclass(frozen=True, slots=True)
class Group:
    """Some figures under one heading; the rest of them folded away."""

    key: str
    title: str
    first: tuple[Field, ...]
    summary: str
    rest: tuple[Field, ...]

    @property
    def unfolded(self) -> bool:
        """Something in the rest is filled in, asked for or wrong."""
        return any(one.text or one.speaks for one in self.rest)


@dataclass(frozen=True, slots=True)
class Lack:
    """A figure that the rules need and nobody has stated."""

    fact: Fact
    decides: tuple[str, ...]


@dataclass
class YearPage:
    """The form of a year."""

    enterprise: Enterprise
    year: int
    unit: Unit
    report: YearReport | None
    grid: Grid
    asked: list[Asked]
    texts: dict[str, str]
    """By figure, in the unit of the page."""
    was: dict[str, str]
    """The same as the draft has it: what differs was typed since."""
    read: Typed
    clashes: dict[str, Clash] = field(default_factory=dict)

    @property
    def declared(self) -> int:
        """The version of the declared statement on the page."""
        row = self.grid.statements.get((self.year, Basis.DECLARED))
        return row.version if row else 0

    @property
    def declared_since(self) -> Statement | None:
        """What somebody declared in the enterprise's stead since it began to fill in."""
        row = self.grid.statements.get((self.year, Basis.DECLARED))
        later = row and self.report and self.fills and row.version > self.report.begun_from
        return row if later else None

    @property
    def fills(self) -> bool:
        """The figures may be typed now."""
        return self.report is None or self.report.state in OPEN

    @property
    def saved(self) -> int:
        """How often the draft was saved."""
        return self.report.saved if self.report else 0

    @property
    def unit_word(self) -> str:
        """The unit of the page in words."""
        return WORDS[self.unit]

    @property
    def other_unit(self) -> Unit:
        """The unit to which one may change."""
        return Unit.YUAN if self.unit is Unit.WAN else Unit.WAN

    @property
    def other_word(self) -> str:
        """That unit in words."""
        return WORDS[self.other_unit]

    @property
    def fields(self) -> list[Field]:
        """All figures of the form, in its order."""
        return [one for group in self.groups() for one in (*group.first, *group.rest)]

    @property
    def wrong(self) -> list[Field]:
        """The figures that cannot be read."""
        return [one for one in self.fields if one.problem]

    @property
    def clashing(self) -> list[Field]:
        """The figures of which two values stand on the page."""
        return [one for one in self.fields if one.clash and self.fills]

    def groups(self) -> list[Group]:
        """The form."""
        found = [
            Group(key, title, self._fields(first), summary, self._fields(rest))
            for key, title, first, summary, rest in GROUPS
        ]
        named = {name for _, _, first, _, rest in GROUPS for name in (*first, *rest)}
        others = self._fields(name for name in FIGURES if name not in named)
        summary = mark("利润表和加计扣除口径的数，其他项目用")
        return [*found, Group("other", mark("其他"), (), summary, others)]

    def filled(self) -> list[Group]:
        """The same to be read: only what is filled in, nothing folded away."""
        found = []
        for group in self.groups():
            fields = tuple(one for one in (*group.first, *group.rest) if one.text)
            if fields:
                found.append(Group(group.key, group.title, fields, "", ()))
        return found

    def lacks(self) -> list[Lack]:
        """What is still missing, and what it decides."""
        known = {name for name, value in self.read.figures.items() if value is not None}
        known |= {name for name in FIGURES if self.grid.deciding(self.year, name)}
        uses = needs.criteria_of()
        return [Lack(FIGURES[name], uses.get(name, ())) for name in needs.missing(known)]

    def hints(self) -> list[Hint]:
        """What contradicts itself in what would be handed in."""
        return hints_of(self.read.figures, self.year)

    def _fields(self, names: Iterable[str]) -> tuple[Field, ...]:
        return tuple(self._field(name) for name in names)

    def _field(self, name: str) -> Field:
        fact, money = FIGURES[name], is_money(FIGURES[name])
        last = self.grid.deciding(self.year - 1, name)
        example = {Unit.YUAN: "1234567.89", Unit.WAN: "123.456789"}[self.unit] if money else "86.5"
        return Field(
            fact, self.texts.get(name, ""), self.unit_word if money else PEOPLE,
            last.value if last else None,
            needs.criteria_of().get(name, ()), needs.programmes_of(name), example,
            self.read.problems.get(name), self.read.remarks.get(name),
            next((one for one in self.asked if fact in one.facts), None), self.clashes.get(name),
        )  # fmt: skip


def year_page(
    person: User,
    enterprise: Enterprise,
    year: int,
    on: date,
    *,
    unit: Unit | None = None,
    typed_in: Mapping[str, str] | None = None,
    clashing: Collection[str] = (),
) -> YearPage:
    """The form of a year: what was typed and not saved, else the draft, else what is declared.

    `clashing` names figures that another typed otherwise meanwhile; what somebody declared meanwhile
    the page finds itself.
    """
    grid = grid_of(enterprise, person, on)
    assert grid is not None
    report = report_on(enterprise, year)
    if report is not None:
        report.enterprise = enterprise
    draft: dict[str, str] = report.draft if report else {}
    unit = unit or unit_kept(draft)
    prefilled = {name: _prefilled(name, draft, grid, year, unit) for name in FIGURES}
    was = {name: text for name, text in prefilled.items() if text or name in draft}
    texts = {**was, **(typed_in or {})}
    page = YearPage(
        enterprise, year, unit, report, grid, asked_of(enterprise, on, year), texts, was,
        _read(texts, unit),
    )  # fmt: skip
    declared = grid.statements.get((year, Basis.DECLARED))
    for name in FIGURES:
        known = declared.figure(name) if declared else None
        if known is not None and name in texts and not texts[name]:
            said = message(
                "现在申报的是{value}，提交后改为未知", value=as_text(known, unit, FIGURES[name])
            )
            page.read.remarks[name] = said
    differ = {name for name in clashing if texts.get(name, "") != was.get(name, "")}
    if report is not None and differ:
        by = {name: report.marks[name][1] for name in differ if name in report.marks}
        people = User.objects.in_bulk(set(by.values()))
        page.clashes = {
            name: Clash(people[by[name]].name if name in by else "", was.get(name, ""))
            for name in differ
        }
    if (later := page.declared_since) is not None and report is not None:
        who = later.recorded_by.name if later.recorded_by else ""
        for one in contested(report):
            value, fact = later.figure(one.field), FIGURES[one.field]
            text = "" if value is None else as_text(value, unit, fact)
            page.clashes[one.field] = Clash(who, text)
    return page


def declared_texts(page: YearPage, names: Iterable[str]) -> dict[str, str]:
    """What was declared of figures, as a draft holds it."""
    row = page.grid.statements.get((page.year, Basis.DECLARED))
    found = {name: row.figure(name) if row else None for name in names}
    return {name: "" if value is None else f"{value:f}" for name, value in found.items()}


def unit_kept(draft: Mapping[str, str]) -> Unit:
    """The unit in which the draft was typed."""
    wan = any(text.endswith(WORDS[Unit.WAN]) for text in draft.values())
    return Unit.WAN if wan else Unit.YUAN


def _prefilled(name: str, draft: Mapping[str, str], grid: Grid, year: int, unit: Unit) -> str:
    if name in draft:
        return shown(draft[name], unit, FIGURES[name])
    declared = grid.statements.get((year, Basis.DECLARED))
    value = declared.figure(name) if declared else None
    return "" if value is None else as_text(value, unit, FIGURES[name])


def _read(texts: Mapping[str, str], unit: Unit) -> Typed:
    """What the texts of a page say; one too long to be kept is not even looked at."""
    short = {name: text for name, text in texts.items() if len(text) <= LONGEST_TEXT}
    found = typed({name: kept(text, unit, FIGURES[name]) for name, text in short.items()})
    found.problems |= {name: TOO_LONG for name in texts if name not in short}
    return found
