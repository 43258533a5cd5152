"""Tech Little Giants of Henan (科技小巨人) and their cultivation tier: 豫科〔2017〕156号 (LG).

Governing day: the day of filing. Both tiers ask for the same, but for the band of sales, the R&D
platform and the intellectual property.
"""

from datetime import date
from fractions import Fraction

from peiyu.policy.rulebook import Criterion, Flag, Rulebook, Switch, Voice
from peiyu.policy.rulebooks import tech_sme
from peiyu.policy.rulebooks.hnte import col, criterion
from peiyu.policy.rulebooks.tech_sme import (
    DAY,
    class_one,
    class_two,
    rd,
    unlisted,
)
from peiyu.policy.tree import (
    Always,
    AnyOf,
    Because,
    Called,
    Cell,
    ChooseOutcome,
    Constant,
    FactNode,
    IsYes,
    Measure,
    Number,
    Outcome,
    OutcomeNode,
    Parameter,
    Preferred,
    Product,
    Quotient,
    Ratio,
    RowAll,
    RowChoose,
    RowIn,
    RowsDiffer,
    YearOf,
    YearsBack,
)
from peiyu.words import mark

SWITCHES = (
    Switch("growth_mean", mark("前两年平均增长率怎样计算"), "LG-2",
           (("yearly", mark("两个年度增长率的算术平均")), ("compound", mark("两年复合增长率"))), "yearly"),
    Switch("growth_from_loss", mark("基年销售收入或净利润不大于零"), "LG-2",
           (("unmet", mark("没有增长率，该项不符合")), ("expert", mark("由人判断"))), "unmet"),
    Switch("ip_years", mark("知识产权的三年从何时算起"), "LG-5",
           (("to_the_day", mark("填报日之前三年之内")), ("calendar", mark("填报年度及之前三个自然年度"))), "to_the_day"),
    Switch("management", mark("研发管理制度是否作为条件"), "LG-6",
           (("required", mark("须符合")), ("not_required", mark("不作条件"))), "required"),
    Switch("record", mark("三年信用记录是否作为条件"), "LG-7",
           (("required", mark("须符合")), ("not_required", mark("不作条件"))), "required"),
    *(found for found in tech_sme.SWITCHES if found.name in ("rd_calibre", "cost_expense")),
)  # fmt: skip

# ------------------------------------------------------------------------------------------ growth


def sales_of(lag: int) -> Number:
    """Sales revenue of a year."""
    parts = FactNode("main_business_revenue", lag) + FactNode("other_business_revenue", lag)
    return Called(
        mark("销售收入"), "TS-9(4)", Preferred(FactNode("sales_revenue", lag), parts), lag
    )


def profit_of(lag: int) -> Number:
    """Net profit of a year."""
    return FactNode("net_profit", lag)


A_YEAR = Constant(Fraction(1)) + Parameter("lg_growth")
TWO_YEARS = Called(mark("两年复合增长对应的倍数"), "LG-2", Product(A_YEAR, A_YEAR))


def grown(title: str, newest: Number, middle: Number, oldest: Number) -> OutcomeNode:
    """The mean growth of the two previous years reaches the bound; from a base above zero only."""
    twice = Product(oldest, middle) + Product(oldest, middle)
    mean = Quotient(Product(middle, middle) + Product(oldest, newest) - twice, twice)
    by_mean = Called(title, "LG-2", mean) >= Parameter("lg_growth")
    compound = Ratio(newest, oldest, Always(Outcome.UNMET)) >= TWO_YEARS
    has_base = (middle > 0) & (oldest > 0)
    lost = ~has_base & ChooseOutcome("growth_from_loss", (
        ("unmet", Always(Outcome.UNMET)), ("expert", Always(Outcome.EXPERT)),
    ))  # fmt: skip
    reached = ChooseOutcome("growth_mean", (("yearly", by_mean), ("compound", compound)))
    return (has_base & reached) | lost


sales = sales_of(1)
growth = AnyOf((
    grown(mark("销售收入平均增长率"), sales, sales_of(2), sales_of(3)),
    grown(mark("净利润平均增长率"), profit_of(1), profit_of(2), profit_of(3)),
))  # fmt: skip

# ------------------------------------------------------------------------- IP, platform, R&D, record

granted = col("ip", "granted_on")
first_day = YearsBack("lg_ip_years")
recent = RowAll((
    Because(mark("权利人不是本企业"), "LG-5", col("ip", "owner_self")),
    Because(mark("不是近三年取得"), "LG-5", (granted <= DAY) & RowChoose("ip_years", (
        ("to_the_day", granted > first_day), ("calendar", YearOf(granted) >= YearOf(first_day)),
    ))),
    Because(mark("填报日之前权利已终止"), "LG-5", ~(col("ip", "ends_on") < DAY)),
    Because(mark("与主要产品（服务）无关"), "LG-5", col("ip", "related")),
))  # fmt: skip


def rights(name: str, title: str, where: Cell, declared: str) -> Measure:
    """IP of the last three years of some kind."""
    return Measure(name, title, "count", "ip", recent & where, declared=FactNode(declared),
                   judged=unlisted, article="LG-5")  # fmt: skip


class1 = rights("recent_class1", mark("近三年取得的Ⅰ类知识产权"), class_one, "recent_ip_class1")
others = rights("recent_class2", mark("近三年取得的其他知识产权"), class_two, "recent_ip_class2")
all_rights = Called(mark("近三年取得的知识产权"), "LG-5", class1 + others)
platforms = Measure(
    "municipal_platforms", mark("市级以上研发平台"), "count", "institutions",
    RowAll((
        Because(mark("级别低于市级"), "LG-4", RowIn(col("institutions", "level"), parameter="lg_platform_levels")),
        Because(mark("填报日之前未获批准，或者已经撤销"), "LG-4", tech_sme.recognised),
    )),
    declared=FactNode("municipal_platforms"), article="LG-4",
)  # fmt: skip
enough_rd = AnyOf((
    Ratio(rd, sales, Always(Outcome.UNMET)) >= Parameter("lg_rd_sales"),
    Ratio(rd, tech_sme.cost, Always(Outcome.UNMET)) >= Parameter("lg_rd_cost"),
))  # fmt: skip


def if_required(switch: str, root: OutcomeNode) -> OutcomeNode:
    """A condition that the reports of the 2017 round name and that may be left out."""
    left_out = Always(Outcome.NOT_APPLICABLE)
    return ChooseOutcome(switch, (("required", root), ("not_required", left_out)))


def band(least: str, below: str) -> Criterion:
    """The sales of last year, from the lower bound to below the upper."""
    inside = (sales >= Parameter(least)) & (sales < Parameter(below))
    return criterion("sales_band", mark("上年度销售收入在规定的范围内"), "LG-1", inside, "hard")


DATABASE = criterion("database", mark("在省科技型中小企业信息库中且资料完整"), "LG-1", IsYes("sme_database"), "gate")  # fmt: skip
GROWTH = criterion(
    "growth", mark("前两年销售收入或净利润的平均增长率不低于20%"), "LG-2", growth, "hard"
)
RD = criterion("rd", mark("研发费用占销售收入不低于5%，或者占成本费用支出总额不低于25%"), "LG-3", enough_rd, "hard")  # fmt: skip
MANAGEMENT = criterion("management", mark("建立了研发预算制度和辅助账"), "LG-6", if_required(
    "management", IsYes("rd_budget_system") & IsYes("rd_auxiliary_accounts")), "hard")  # fmt: skip
RECORD = criterion("record", mark("近三年信用良好且无违法行为"), "LG-7", if_required("record", IsYes("clean_record")), "hard")  # fmt: skip
PLATFORM = criterion("platform", mark("有市级以上研发平台"), "LG-4", platforms >= 1, "hard")
GIANT_IP = criterion("ip", mark("近三年有一件Ⅰ类或者三件其他知识产权"), "LG-5", AnyOf((
    class1 >= Parameter("lg_ip_class1"), others >= Parameter("lg_ip_others"))), "hard")  # fmt: skip
TIER_IP = criterion(
    "ip", mark("近三年至少有一件知识产权"), "LG-5", all_rights >= Parameter("lgc_ip"), "hard"
)

FLAGS = (
    Flag("rows_recent_class1", mark("知识产权表中的Ⅰ类件数与申报数不一致，以表为准"), "LG-5", RowsDiffer(class1)),
    Flag("rows_recent_class2", mark("知识产权表中其他知识产权的件数与申报数不一致，以表为准"), "LG-5", RowsDiffer(others)),
    Flag("growth_from_loss", mark("基年净利润不大于零，没有净利润增长率"), "LG-2",
         AnyOf((profit_of(2) <= 0, profit_of(3) <= 0))),
)  # fmt: skip
VOICE = Voice(
    legend=mark("条款号：LG 为河南省科技小巨人（培育）企业评价办法，TS 为科技型中小企业评价办法；释义为本系统所写，不是法规原文。"),
    colophon=mark("规则版本 {version}；条款 LG 河南省科技小巨人（培育）企业评价办法。"),
)  # fmt: skip
SINCE = date(2017, 10, 1)

LITTLE_GIANT = Rulebook(
    name="little_giant",
    title=mark("河南省科技小巨人企业评价"),
    governing=mark("填报日"),
    criteria=(DATABASE, band("lg_least_sales", "lg_sales_below"), GROWTH, RD, PLATFORM, GIANT_IP, MANAGEMENT, RECORD),
    switches=SWITCHES,
    flags=FLAGS,
    since=SINCE,
    governing_article="LG-1",
    voice=VOICE,
)  # fmt: skip

LITTLE_GIANT_CULTIVATION = Rulebook(
    name="little_giant_cultivation",
    title=mark("河南省科技小巨人（培育）企业评价"),
    governing=mark("填报日"),
    criteria=(DATABASE, band("lgc_least_sales", "lgc_sales_below"), GROWTH, RD, TIER_IP, MANAGEMENT, RECORD),
    switches=SWITCHES,
    flags=FLAGS,
    since=SINCE,
    governing_article="LG-1",
    voice=VOICE,
)  # fmt: skip
