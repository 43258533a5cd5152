"""Subsidies for R&D expense: Jiyuan (JY-2(3)) and Henan (HNR).

Governing day: the day of the call. The expense is that of the fiscal year before.
"""

from datetime import date

from peiyu.policy.rulebook import Flag, Grant, Rulebook, Switch
from peiyu.policy.rulebooks.certificates import counted, in_force
from peiyu.policy.rulebooks.grants import NOTHING, above, between, given
from peiyu.policy.rulebooks.hnte import criterion
from peiyu.policy.tree import (
    AnyOf,
    AtMost,
    Because,
    Called,
    Cell,
    ChooseNumber,
    ChooseOutcome,
    Column,
    Day,
    FactNode,
    First,
    FiscalYear,
    IsYes,
    Measure,
    Parameter,
    Product,
    RowAll,
    RowChoose,
    RowsDiffer,
    RowSum,
    Scaled,
    Sum,
    ToFen,
    YearOf,
    at_least,
)
from peiyu.words import mark

CALL_DAY = mark("申报通知规定之日")
DAY = Day()

# -------------------------------------------------------------------------------------- the city

RATE, CAP, PROJECT_COST = (
    "jiyuan_rd_subsidy_rate",
    "jiyuan_rd_subsidy_cap",
    "jiyuan_rd_subsidy_project_cost",
)


def listing(name: str) -> Cell:
    """A column of the listings in the library."""
    return Column("listings", name)


def project(name: str) -> Cell:
    """A column of the projects."""
    return Column("subsidy_projects", name)


def listed(day: Cell) -> Cell:
    """In the library on that day."""
    return (listing("listed_on") <= day) & ~(listing("removed") & (listing("removed_on") <= day))


listed_at_year_end = (YearOf(listing("listed_on")) <= FiscalYear(1)) & ~(
    listing("removed") & (YearOf(listing("removed_on")) <= FiscalYear(1))
)
listings = Measure(
    "listings", mark("有效的入库记录"), "count", "listings",
    RowChoose("membership_day", (
        ("call", listed(DAY)),
        ("application", listed(Day(fact="subsidy_applied_on"))),
        ("year_end", listed_at_year_end),
    )), article="JY-2(3)",
)  # fmt: skip

counts = RowAll((
    Because(mark("不是上一年度的投入"), "JY-2(3)", project("year").equals(FiscalYear(1))),
    Because(mark("不属于符合条件的项目"), "JY-2(3)", project("qualifying")),
))  # fmt: skip
projects = Measure("projects", mark("符合条件的项目"), "count", "subsidy_projects", counts, article="JY-2(3)")  # fmt: skip


def summed(name: str, title: str, *value: Cell) -> Measure:
    """A sum over qualifying projects."""
    return Measure(name, title, "sum", "subsidy_projects", counts, value, article="JY-2(3)")


spent = RowChoose("other_grants", (("before", project("cost")), ("after", project("net_cost"))))
cost = summed("cost", mark("符合条件项目的实际研发投入"), spent)
cost_capped = summed(
    "cost_capped", mark("逐项限额后的实际研发投入"), RowSum((spent,), cap=PROJECT_COST)
)
by_rate = Called(mark("按比例计算的补助"), "JY-2(3)", ToFen(Scaled(cost, RATE)))
cap, year_cap = Parameter(CAP), Parameter("jiyuan_rd_subsidy_year_cap")
of_one = AtMost((by_rate, cap))  # as if all were one project: never more than project by project
fits = Scaled(Parameter(PROJECT_COST), RATE).equals(cap)
by_project = Called(mark("逐项限额后的补助"), "JY-2(3)", First((
    (projects <= 1, of_one),
    (by_rate <= cap, by_rate),
    (fits, ToFen(Scaled(cost_capped, RATE))),
), between(of_one, AtMost((by_rate, at_least(Product(projects, cap), of_one))))))  # fmt: skip
at_most = ChooseNumber("cap_unit", (
    ("project_and_year", AtMost((by_project, year_cap))),
    ("project", by_project),
    ("enterprise_year", AtMost((by_rate, year_cap))),
))  # fmt: skip
rate_is_set = Parameter(RATE) < 1
amount = First(
    ((rate_is_set, Called(mark("比例已设定时的补助额"), "JY-2(3)", at_most)),),
    Called(mark("比例未设定时的补助额（在零与上限之间）"), "JY-2(3)", between(NOTHING, at_most)),
)

CITY_CRITERIA = (
    criterion("listed", mark("是入库企业"), "JY-2(3)", listings >= 1),
    criterion("projects", mark("有符合条件的研发项目"), "JY-2(3)", projects >= 1),
)

JIYUAN_RD_SUBSIDY = Rulebook(
    name="jiyuan_rd_subsidy",
    title=mark("济源市入库企业研发补助"),
    governing=CALL_DAY,
    governing_article="JY-2(3)",
    criteria=CITY_CRITERIA,
    switches=(
        Switch("cap_unit", mark("最高100万元按什么计算"), "JY-2(3)",
               (("project_and_year", mark("每个项目，并以每户每年为第二道限额")), ("project", mark("仅每个项目")),
                ("enterprise_year", mark("仅每户每年"))), "project_and_year"),
        Switch("membership_day", mark("以哪一天是否入库为准"), "JY-2(3)",
               (("call", mark("申报通知规定之日")), ("application", mark("企业申请之日")), ("year_end", mark("投入年度的年末"))), "call"),
        Switch("other_grants", mark("投入是否先扣除其他财政资金"), "JY-2(3)",
               (("before", mark("不扣除")), ("after", mark("扣除"))), "before"),
    ),
    grants=(Grant("rd_subsidy", mark("入库企业研发补助"), "JY-2(3)", given(CITY_CRITERIA), amount),),
    flags=(
        Flag("rate_not_set", mark("补助比例尚未设定，金额未知，只能给出上限"), "JY-2(3)", ~rate_is_set),
        Flag("project_cost_not_set", mark("一个项目计入补助的最高投入与最高额、比例不一致，逐项限额只能给出区间"), "JY-2(3)", ~fits),
    ),
    since=date(2018, 2, 2),
    documents=("JY",),
)  # fmt: skip

# --------------------------------------------------------------------------------- the province

owned = Because(mark("权利人不是本企业"), "HNR(1)", Column("ip", "owner_self"))
granted_on = Column("ip", "granted_on")
recent = Because(mark("不是近三年获得"), "HNR(1)", (granted_on <= DAY) & RowChoose("ip_window", (
    ("fiscal_years", YearOf(granted_on) >= FiscalYear(3)),
    ("days", granted_on >= Day(back="henan_rd_ip_days")),
)))  # fmt: skip
relevant = Because(mark("与主要产品（服务）不相关"), "HNR(1)", Column("ip", "related"))
recent_ip = Measure("recent_ip", mark("近三年获得的相关知识产权"), "count", "ip", RowAll((owned, recent, relevant)),
                    declared=FactNode("ip_three_years"), article="HNR(1)")  # fmt: skip

deducted = Called(mark("上年度加计扣除的研发费用"), "HNR(2)", FactNode("rd_super_deducted", 1))
bound = Parameter("henan_rd_bound")
subsidy = Called(mark("限额前的补助"), "HNR(3)", Sum((
    Scaled(AtMost((deducted, bound)), "henan_rd_rate_first"),
    Scaled(above(deducted, bound), "henan_rd_rate_above"),
)))  # fmt: skip
certificates = counted("in_force", mark("有效的高新技术企业证书"), in_force(), "HNR(4)")
named = AnyOf((IsYes("title_tech_sme"), IsYes("title_little_giant"), IsYes("provincial_platform")))
second_class = ChooseOutcome(
    "hnte_class", (("general", named), ("second", named | (certificates >= 1)))
)
third_class = AnyOf((
    IsYes("national_platform"), IsYes("provincial_platform_excellent"), IsYes("new_rd_institution"),
))  # fmt: skip
class_cap = Called(mark("所属类别的最高额"), "HNR(4)", First((
    (IsYes("innovation_leader_excellent"), Parameter("henan_rd_cap_fourth")),
    (third_class, Parameter("henan_rd_cap_third")),
    (second_class, Parameter("henan_rd_cap_second")),
), Parameter("henan_rd_cap_general")))  # fmt: skip

HENAN_CRITERIA = (
    criterion("budget_system", mark("已建立研发准备金制度"), "HNR(1)", IsYes("rd_budget_system")),
    criterion(
        "budget_registered", mark("当年研发预算已备案"), "HNR(1)", IsYes("rd_budget_registered")
    ),
    criterion("own_funds", mark("先行投入自筹研发资金"), "HNR(1)", IsYes("own_funds_first")),
    criterion(
        "ip", mark("近三年获得相关知识产权"), "HNR(1)", recent_ip >= Parameter("henan_rd_ip_count")
    ),
    criterion(
        "credit", mark("未被信用中国（河南）列入黑名单"), "HNR(1)", ~IsYes("credit_blacklisted")
    ),
    criterion("deducted", mark("上年度办理了研发费用加计扣除"), "HNR(2)", deducted > 0),
)

HENAN_RD_SUBSIDY = Rulebook(
    name="henan_rd_subsidy",
    title=mark("河南省企业研究开发财政补助"),
    governing=CALL_DAY,
    governing_article="HNR(2)",
    criteria=HENAN_CRITERIA,
    switches=(
        Switch("hnte_class", mark("高新技术企业的最高额"), "HNR(4)",
               (("general", mark("2018年的表未列出，按一般企业")), ("second", mark("沿用2017年的200万元一档"))), "general"),
        Switch("ip_window", mark("知识产权的近三年"), "HNR(1)",
               (("fiscal_years", mark("近三个会计年度及当年")), ("days", mark("自判断之日倒推三年"))), "fiscal_years"),
    ),
    grants=(
        Grant("rd_subsidy", mark("企业研究开发财政补助（省、市县分担合计）"), "HNR(3)", given(HENAN_CRITERIA),
              ToFen(AtMost((subsidy, class_cap)))),
    ),
    flags=(
        Flag("rows_ip", mark("知识产权表中近三年的件数与申报数不一致，以表为准"), "HNR(1)", RowsDiffer(recent_ip)),
        Flag("hnte_not_named", mark("高新技术企业在2018年的限额表中未列出，2017年为200万元"), "HNR(4)",
             (certificates >= 1) & ~named & ~third_class),
    ),
    since=date(2018, 1, 1),
    documents=("HNR",),
)  # fmt: skip
