"""The stories of the city: how many enterprises have each, and what the rules must say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from peiyu.demo import incidents, panel, people, portfolio, shapes, spending
from peiyu.demo.draft import Draft
from peiyu.demo.identity import BRACKETED, BRANCH
from peiyu.policy.tree import Outcome

Write = Callable[[Draft, int], None]


@dataclass(frozen=True, slots=True)
class Story:
    """What enterprises of one kind are like, and what must be found of them.

    `fills` says which of them fill which tables, `spoils` what goes wrong after that. `hard` is
    the outcome of the hard conditions, `unmet` names exactly the conditions not met (of the gate,
    the hard ones and the score), `flags` those that must be up; None: the story does not say.
    """

    name: str
    chinese: str
    english: str
    count: int
    shape: Write
    fills: tuple[tuple[range, Write], ...] = ()
    spoils: Write | None = None
    form: str = ""
    hard: Outcome | None = None
    unmet: tuple[str, ...] | None = None
    flags: tuple[str, ...] = ()


def portfolio_of(draft: Draft, index: int) -> None:
    """Intellectual property and products."""
    portfolio.write_ip(draft)
    portfolio.write_products(draft)


def ip_alone(draft: Draft, index: int) -> None:
    """Intellectual property without products."""
    portfolio.write_ip(draft)


def used_ip(draft: Draft, index: int) -> None:
    """Intellectual property that is used up."""
    portfolio.write_used_ip(draft, index)


def conversions(draft: Draft, index: int) -> None:
    """Conversions one by one."""
    portfolio.write_conversions(draft)


def standards(draft: Draft, index: int) -> None:
    """Standards one by one."""
    portfolio.write_standards(draft)


def activities(draft: Draft, index: int) -> None:
    """R&D by activity, year and category."""
    spending.write_activities(draft, index)


def naive_activities(draft: Draft, index: int) -> None:
    """The same; the total stated is all that was spent, not what counts."""
    spending.write_activities(draft, index, naive=True)


def balances(draft: Draft, index: int) -> None:
    """Sales in parts, assets and liabilities."""
    spending.write_balances(draft)


def months(draft: Draft, index: int) -> None:
    """Staff by month."""
    people.write_months(draft)


def easy_panel(draft: Draft, index: int) -> None:
    """The sheets of a panel that is content."""
    panel.write_panel(draft)


def panel_at_the_mark(draft: Draft, index: int) -> None:
    """The sheets of a panel whose average is exactly the mark that must be exceeded."""
    panel.write_panel(draft, panel.TECHNICAL * draft.bounds.pass_mark)


def panel_above_the_mark(draft: Draft, index: int) -> None:
    """The sheets of a panel whose average is a quarter of a point above the mark."""
    panel.write_panel(draft, panel.TECHNICAL * draft.bounds.pass_mark + 1)


def estimates(draft: Draft, index: int) -> None:
    """What enterprise and coach expect of the panel."""
    panel.write_estimates(draft)


years = spending.write_years
MET, UNMET, UNKNOWN = Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN

READY = (
    Story("ready", "条件齐备", "ready", 22, shapes.ready,
          ((range(2, 14), portfolio_of), (range(8, 16), activities), (range(16, 20), years),
           (range(8), months), (range(14), conversions), (range(10, 16), standards),
           (range(6, 12), estimates)), hard=MET, unmet=()),
    Story("reviewed", "条件齐备，专家已评审", "ready, and a panel has sat", 6, shapes.reviewed,
          ((range(2), portfolio_of), (range(2, 4), years), (range(2), conversions), (range(6), easy_panel)),
          hard=MET, unmet=()),
    Story("at_the_mark", "专家平均总分恰为合格线", "the panel's average is exactly the mark", 1,
          shapes.tepid, ((range(1), panel_at_the_mark),), hard=MET, unmet=("score",)),
    Story("above_the_mark", "专家平均总分略过合格线", "the panel's average is just above the mark", 1,
          shapes.tepid, ((range(1), panel_above_the_mark),), hard=MET, unmet=()),
)  # fmt: skip
NEARLY = (
    Story("short_of_rd", "研发费用占比差一点", "R&D just too low", 10, shapes.short_of_rd,
          ((range(3), activities), (range(3, 6), naive_activities)), hard=UNMET, unmet=("rd_share",)),
    Story("short_of_a_person", "科技人员少一人", "one S&T person too few", 10,
          shapes.short_of_a_person, ((range(6), months),), hard=UNMET, unmet=("st_staff",)),
    Story("short_of_ip", "没有Ⅰ类，只有两件Ⅱ类", "no class I, two class II", 10, shapes.short_of_ip,
          ((range(4), portfolio_of), (range(4), conversions)), hard=MET, unmet=("score",)),
    Story("short_of_ht_income", "高新收入占比差两个百分点", "high-tech income two per cent too low", 10,
          shapes.short_of_ht_income, ((range(2), activities),), hard=UNMET, unmet=("ht_income",)),
    Story("short_of_conversions", "三年转化十四项", "fourteen conversions in three years", 10,
          shapes.short_of_conversions, ((range(6, 10), portfolio_of), (range(10), conversions)),
          hard=MET, unmet=("score",)),
    Story("half_is_not_more", "主要产品恰占一半", "main products bring exactly half", 10,
          shapes.half_is_not_more, ((range(4), portfolio_of),), hard=UNMET, unmet=("main_products",)),
)  # fmt: skip
CONTRADICTORY = (
    Story("declares_more", "申报数多于逐项填报", "declares more than its rows show", 4, shapes.able_rows,
          ((range(4), portfolio_of), (range(4), conversions)), shapes.declare_more,
          hard=MET, flags=("rows_ip_class2", "rows_conversions")),
    Story("more_staff_in_rd", "科技人员多于职工", "more S&T personnel than staff", 4,
          shapes.more_staff_in_rd, hard=UNMET, flags=("st_above_staff",)),
    Story("more_at_home", "境内研发费用大于总额", "more R&D at home than altogether", 4,
          shapes.more_at_home, hard=UNMET, flags=("domestic_above_total",)),
    Story("before_its_birth", "填了成立之前的年度", "figures of before its establishment", 4,
          shapes.before_its_birth, hard=UNMET, flags=("year_before_establishment",)),
    Story("other_balance", "净资产与资产负债不符", "net assets that do not fit the balance", 4,
          shapes.other_balance, ((range(4), balances),), shapes.misstate_balance,
          hard=UNMET, flags=("net_assets_parts",)),
)  # fmt: skip
UNUSUAL = (
    Story("renewing", "即将重新认定，Ⅱ类已用完", "about to renew with class II used up", 10, shapes.renewing,
          ((range(10), used_ip), (range(6), conversions)), hard=UNMET,
          unmet=("ip", "main_products", "score")),
    Story("after_an_incident", "一年内有重大事故", "a major incident within the year", 5,
          shapes.after_an_incident, ((range(5), incidents.write_inside),), hard=UNMET, unmet=("incidents",)),
    Story("past_an_incident", "事故在一年之外或不重大", "an incident outside the year, or a minor one", 5,
          shapes.after_an_incident, ((range(5), incidents.write_outside), (range(2), years)),
          hard=MET, unmet=()),
    Story("not_yet_a_year", "注册不满一年", "not yet registered for a year", 3, shapes.not_yet_a_year,
          hard=UNMET, unmet=("registered",), flags=("growth_single_year",)),
    Story("second_year", "只有一个会计年度", "one fiscal year behind it", 6, shapes.in_its_second_year,
          ((range(4), months),), hard=MET, unmet=(), flags=("growth_single_year",)),
    Story("third_year", "有两个会计年度", "two fiscal years behind it", 6, shapes.in_its_third_year,
          hard=MET, unmet=(), flags=("conversion_years_short",)),
    Story("once_in_debt", "净资产曾为负", "net assets once negative", 2, shapes.once_in_debt,
          hard=MET, flags=("growth_negative_base",)),
    Story("from_nothing", "净资产曾为零", "net assets once nought", 2, shapes.from_nothing,
          hard=UNMET, flags=("growth_first_none",)),
    Story("in_debt", "净资产为负", "net assets negative", 1, shapes.in_debt,
          hard=UNMET, flags=("growth_negative_last",)),
)  # fmt: skip
REST = (
    Story("careless", "有一格写得不规范", "one cell written carelessly", 12, shapes.ordinary,
          form=BRACKETED, hard=UNMET),
    Story("branch", "分公司", "a branch office", 2, shapes.branch, form=BRANCH, hard=UNMET),
    Story("ordinary", "一般小企业", "an ordinary small enterprise", 66, shapes.ordinary,
          ((range(12), ip_alone), (range(12, 16), activities), (range(16, 18), years),
           (range(18, 25), months), (range(25, 27), standards)), hard=UNMET),
    Story("able_with_gaps", "可能具备条件，资料不全", "perhaps ready, much left blank", 30,
          shapes.able_with_gaps, spoils=shapes.leave_gaps, hard=UNKNOWN, unmet=()),
    Story("ordinary_with_gaps", "一般小企业，资料不全", "an ordinary enterprise, much left blank", 30,
          shapes.ordinary, ((range(8), ip_alone),), shapes.leave_gaps),
    Story("hardly_anything", "几乎没有资料", "hardly anything is known", 30, shapes.ordinary,
          spoils=shapes.say_hardly_anything, hard=UNKNOWN, unmet=()),
)  # fmt: skip
STORIES = (*READY, *NEARLY, *CONTRADICTORY, *UNUSUAL, *REST)
ORDINARY = next(story for story in STORIES if story.name == "ordinary")
CONTRADICTIONS = frozenset(flag for story in CONTRADICTORY for flag in story.flags)
"""Flags that only those who contradict themselves may have up."""
