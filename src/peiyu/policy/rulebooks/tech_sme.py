"""Evaluation of technology SMEs (科技型中小企业评价): measures 国科发政〔2017〕115号 (TS).

Governing day: the day of filing. `TS-6(2)` is item 2 of article 6; figures are those of the last
complete accounting year before it.
"""

from datetime import date
from fractions import Fraction

from peiyu.policy.rulebook import Flag, Item, Rulebook, Switch, Voice
from peiyu.policy.rulebooks.certificates import in_force
from peiyu.policy.rulebooks.hnte import col, criterion, in_being
from peiyu.policy.tree import (
    AllOf,
    Always,
    AnyOf,
    AtMost,
    Band,
    Because,
    Called,
    Cell,
    ChooseNumber,
    ChooseOutcome,
    Constant,
    Day,
    Differs,
    FactNode,
    Figure,
    First,
    FiscalYear,
    IsYes,
    Measure,
    Number,
    Operated,
    Outcome,
    OutcomeNode,
    Parameter,
    Preferred,
    Quotient,
    RowAll,
    RowChoose,
    RowFlag,
    RowIn,
    RowsDiffer,
    Scaled,
    Steps,
    Sum,
    ToFen,
    Where,
    YearOf,
    YearsBack,
    at_least,
)
from peiyu.words import mark

SINCE = "established_on"
NONE = Constant(Fraction(0))
DAY = Day()


def last(name: str) -> FactNode:
    """A figure of the last complete accounting year."""
    return FactNode(name, 1)


# ------------------------------------------------------------------------ where the law is silent

SWITCHES = (
    Switch("rd_indicator", mark("研发投入用哪个指标评分"), "TS-7(2)",
           (("larger", mark("取得分较高的一个")), ("sales", mark("占销售收入的比例")), ("cost", mark("占成本费用支出总额的比例"))), "larger"),
    Switch("rd_without_sales", mark("销售收入为零时占销售收入的比例"), "TS-7(2)",
           (("none", mark("无法计算，得0分，用占成本费用的比例")), ("expert", mark("由人判断"))), "none"),
    Switch("rd_calibre", mark("研发费用是否先按加计扣除限额调整"), "TS-9(3)",
           (("capped", mark("按限额后的数")), ("actual", mark("按实际发生额"))), "capped"),
    Switch("cost_expense", mark("成本费用支出总额的取数"), "TS-9(3)",
           (("stated", mark("用填报的总额，未填时用各项之和")), ("parts", mark("用各项之和"))), "stated"),
    Switch("five_years", mark("近五年从何时算起"), "TS-8",
           (("to_the_day", mark("填报日之前五年之内")), ("calendar", mark("填报年度及之前五个自然年度"))), "to_the_day"),
    Switch("first_year", mark("填报当年成立、没有完整会计年度的企业"), "TS-7",
           (("expert", mark("按实际月份的数据，由人判断")), ("unmet", mark("视为不符合"))), "expert"),
)  # fmt: skip

# ------------------------------------------------------------------------------- figures of a year

sales = Called(mark("销售收入"), "TS-9(4)", Preferred(
    last("sales_revenue"), last("main_business_revenue") + last("other_business_revenue"),
), 1)  # fmt: skip
staff, rd_staff = last("sme_staff_average"), last("sme_rd_staff_average")
operated = Operated(last("sales_revenue"), 1, SINCE)

COSTS = ("operating_cost", "taxes_surcharges", "selling_expense", "administrative_expense", "rd_expense_apart",
         "finance_expense")  # fmt: skip
cost_parts = Sum(tuple(last(name) for name in COSTS))
cost = Called(mark("成本费用支出总额"), "TS-9(3)", ChooseNumber("cost_expense", (
    ("stated", Preferred(last("cost_expense_total"), cost_parts)), ("parts", cost_parts),
)), 1)  # fmt: skip

ENTRUSTED = ("rd_sme_entrusted_domestic", "rd_sme_entrusted_foreign")
internal, entrusted, abroad = (last(name) for name in ("rd_sme_internal", *ENTRUSTED))
other_allowed = Called(mark("允许计入的其他相关费用"), "TS-9(3)", AtMost((
    last("rd_sme_other"), ToFen(Scaled(internal, "ts_other_cost_share", gross=True)),
)))  # fmt: skip
at_home = internal + other_allowed + ToFen(Scaled(entrusted, "ts_entrusted_rate"))
abroad_allowed = Called(mark("允许计入的委托境外研发费用"), "TS-9(3)", AtMost((
    ToFen(Scaled(abroad, "ts_foreign_rate")), ToFen(Scaled(at_home, "ts_foreign_share")),
)))  # fmt: skip
rd_made = at_home + abroad_allowed
rd_actual = Sum((internal, last("rd_sme_other"), entrusted, abroad))
rd = Called(mark("研发费用（加计扣除口径）"), "TS-9(3)", ChooseNumber("rd_calibre", (
    ("capped", Preferred(last("rd_sme_total"), rd_made)), ("actual", rd_actual),
)), 1)  # fmt: skip

# ------------------------------------------------------------------------------------------ score


def share_points(part: Number, base: Number, parameter: str, without: Number = NONE) -> Number:
    """The points for a share; without a base there is no share, but a year not begun is not known."""
    return First(((base.equals(0) & operated, without),), Steps(Quotient(part, base), parameter))


p = Called(mark("科技人员得分"), "TS-7(1)", share_points(rd_staff, staff, "ts_staff_points"))
without_sales = ChooseNumber(
    "rd_without_sales", (("none", NONE), ("expert", Band("ts_expert_points", "rd_without_sales")))
)
r1 = Called(mark("研发投入得分：占销售收入"), "TS-7(2)",
            share_points(rd, sales, "ts_rd_sales_points", without_sales))  # fmt: skip
r2 = Called(
    mark("研发投入得分：占成本费用支出总额"), "TS-7(2)", share_points(rd, cost, "ts_rd_cost_points")
)
taken = First(
    ((r1 >= r2, Called(mark("采用的指标：研发费用占销售收入"), "TS-7(2)", r1)),),
    Called(mark("采用的指标：研发费用占成本费用支出总额"), "TS-7(2)", r2),
)
chosen = Called(mark("研发投入得分"), "TS-7(2)", ChooseNumber("rd_indicator", (
    # the one that is taken tells its name; the two keep the points narrow while one is unknown
    ("larger", at_least(r1, r2, taken)),
    ("sales", Called(mark("采用的指标：研发费用占销售收入"), "TS-7(2)", r1)),
    ("cost", Called(mark("采用的指标：研发费用占成本费用支出总额"), "TS-7(2)", r2)),
)))  # fmt: skip

kind = col("ip", "kind")
unlisted = kind.is_in("other", "defence_patent")
ruled = col("ip", "class_ruled")
class_one = RowIn(kind, parameter="ts_ip_class1") | (unlisted & ruled.equals("I"))
class_two = RowIn(kind, parameter="ts_ip_class2") | (unlisted & ruled.equals("II"))
usable = RowFlag("ip", "sme_usable", mark("计入评价的知识产权"), "TS-9(5)", RowAll((
    Because(mark("不属于Ⅰ类或Ⅱ类（商标不计）"), "TS-9(5)", class_one | class_two),
    Because(mark("权利人不是本企业"), "TS-9(5)", col("ip", "owner_self")),
    Because(mark("填报日之前未取得授权"), "TS-9(5)", col("ip", "granted_on") <= DAY),
    Because(mark("填报日之前权利已终止"), "TS-9(5)", ~(col("ip", "ends_on") < DAY)),
    Because(mark("权属有争议"), "TS-9(5)", ~col("ip", "disputed")),
    Because(mark("与主要产品（服务）无关"), "TS-9(5)", col("ip", "related")),
)))  # fmt: skip


def rights(name: str, title: str, where: Cell, declared: str) -> Measure:
    """IP that counts; a kind that no list names waits for a person."""
    return Measure(name, title, "count", "ip", usable & where, declared=FactNode(declared),
                   judged=unlisted, article="TS-9(5)")  # fmt: skip


class1 = rights("sme_class1", mark("计入评价的Ⅰ类知识产权"), class_one, "sme_ip_class1")
class2 = rights("sme_class2", mark("计入评价的Ⅱ类知识产权"), class_two, "sme_ip_class2")
t = Called(mark("科技成果得分"), "TS-7(3)",
           at_least(Steps(class1, "ts_ip_class1_points"), Steps(class2, "ts_ip_class2_points")))  # fmt: skip
total = Called(mark("综合评价得分"), "TS-7", Sum((p, chosen, t)))

# ----------------------------------------------------------------------------------- direct routes


def within(day: Cell) -> Cell:
    """In the past five years, read in two ways."""
    first = YearsBack("ts_window_years")
    return (day <= DAY) & RowChoose("five_years", (
        ("to_the_day", day > first), ("calendar", YearOf(day) >= YearOf(first)),
    ))  # fmt: skip


def number_of(name: str, title: str, table: str, article: str, where: Cell, declared: str,
              judged: Cell | None = None) -> Measure:  # fmt: skip
    """Rows that open a direct route."""
    return Measure(name, title, "count", table, where, declared=FactNode(declared), judged=judged,
                   article=article)  # fmt: skip


certificates = number_of("hnte_certificates", mark("有效期内的高新技术企业证书"), "certificates", "TS-8(1)",
                         Because(mark("填报日不在有效期内，或者资格已被取消"), "TS-8(1)", in_force()), "hnte_certificates")  # fmt: skip
awards = number_of("national_awards", mark("近五年前三名的国家级科技奖励"), "awards", "TS-8(2)", RowAll((
    Because(mark("不是国家级科技奖励"), "TS-8(2)", col("awards", "level").equals("national")),
    Because(mark("不在近五年之内"), "TS-8(2)", within(col("awards", "awarded_on"))),
    Because(mark("获奖单位排名在前三名之外"), "TS-8(2)", col("awards", "rank") <= Figure("ts_award_rank")),
)), "national_awards")  # fmt: skip
listed_kind = RowIn(col("institutions", "kind"), parameter="ts_institution_kinds")
other_kind = col("institutions", "kind").equals("other")
recognised = (col("institutions", "recognised_on") <= DAY) & col("institutions", "valid")
institutions = number_of("institutions", mark("省部级以上研发机构"), "institutions", "TS-8(3)", RowAll((
    Because(mark("级别低于省部级"), "TS-8(3)", RowIn(col("institutions", "level"), parameter="ts_institution_levels")),
    Because(mark("不属于列举的或同类的研发机构"), "TS-8(3)", listed_kind | (other_kind & col("institutions", "kind_ruled"))),
    Because(mark("填报日之前未获批准，或者已经撤销"), "TS-8(3)", recognised),
)), "institutions", other_kind)  # fmt: skip
standards = number_of("standards_led", mark("近五年主导制定的国际、国家或行业标准"), "standards", "TS-8(4)", RowAll((
    Because(mark("不是国际、国家或行业标准"), "TS-8(4)", RowIn(col("standards", "level"), parameter="ts_standard_levels")),
    Because(mark("不在近五年之内"), "TS-8(4)", within(col("standards", "published_on"))),
    Because(mark("起草单位排名在前五名之外"), "TS-8(4)", col("standards", "rank") <= Figure("ts_standard_rank")),
)), "standards_led")  # fmt: skip
direct = AnyOf((certificates >= 1, awards >= 1, institutions >= 1, standards >= 1))

# -------------------------------------------------------------------------------------- conditions

incidents = Measure(
    "sme_incidents", mark("上一年度及当年的重大事故与严重环境违法"), "count", "incidents",
    RowAll((
        Because(mark("发生在上一年度之前"), "TS-6(4)", YearOf(col("incidents", "happened_on")) >= FiscalYear(1)),
        Because(mark("发生在填报日之后"), "TS-6(4)", col("incidents", "happened_on") <= DAY),
        Because(mark("主管部门未认定为重大或严重"), "TS-6(4)", col("incidents", "major")),
    )),
    declared=FactNode("sme_incidents"), article="TS-6(4)",
)  # fmt: skip


def of_a_year(test: OutcomeNode) -> OutcomeNode:
    """A test on figures of the last year; founded in the filing year there are none to be tested."""
    without_a_year = ~operated & ChooseOutcome("first_year", (
        ("expert", Always(Outcome.EXPERT)), ("unmet", Always(Outcome.UNMET)),
    ))  # fmt: skip
    return AnyOf((Where(in_being(1), operated & test), without_a_year))


scored = AllOf((total >= Parameter("ts_pass_mark"), p > 0))


CRITERIA = (
    criterion("resident", mark("在中国境内（不含港澳台地区）注册的居民企业"), "TS-6(1)", IsYes("resident"), "gate"),
    criterion("staff", mark("职工总数不超过500人"), "TS-6(2)", of_a_year(staff <= Parameter("ts_most_staff")), "hard"),
    criterion("sales", mark("年销售收入不超过2亿元"), "TS-6(2)", of_a_year(sales <= Parameter("ts_most_sales")), "hard"),
    criterion("assets", mark("资产总额不超过2亿元"), "TS-6(2)", of_a_year(last("total_assets") <= Parameter("ts_most_assets")), "hard"),
    criterion("products", mark("产品和服务不属于国家规定的禁止、限制和淘汰类"), "TS-6(3)", ~IsYes("prohibited_class"), "hard"),
    criterion("incidents", mark("上一年度及当年未发生重大安全、重大质量事故和严重环境违法行为"), "TS-6(4)", incidents.equals(0), "hard"),
    criterion("misconduct", mark("上一年度及当年没有科研严重失信行为"), "TS-6(4)", ~IsYes("research_misconduct"), "hard"),
    criterion("abnormal_list", mark("未列入经营异常名录"), "TS-6(4)", ~IsYes("abnormal_list"), "hard"),
    criterion("violation_list", mark("未列入严重违法失信企业名单"), "TS-6(4)", ~IsYes("violation_list"), "hard"),
    criterion("evaluated", mark("综合评价得分不低于60分且科技人员得分不为0分，或者符合直接确认条件之一"), "TS-6(5)",
              AnyOf((direct, of_a_year(scored))), "score"),
)  # fmt: skip

ITEMS = (
    Item("staff_points", mark("科技人员指标"), "TS-7(1)", p, 20),
    Item("rd_points", mark("研发投入指标"), "TS-7(2)", chosen, 50),
    Item("ip_points", mark("科技成果指标"), "TS-7(3)", t, 30),
)

FLAGS = (
    Flag("rows_sme_class1", mark("知识产权表中的Ⅰ类件数与申报数不一致，以表为准"), "TS-9(5)", RowsDiffer(class1)),
    Flag("rows_sme_class2", mark("知识产权表中的Ⅱ类件数与申报数不一致，以表为准"), "TS-9(5)", RowsDiffer(class2)),
    Flag("rows_sme_incidents", mark("事故与违法表的件数与申报数不一致，以表为准"), "TS-6(4)", RowsDiffer(incidents)),
    Flag("sme_sales_parts", mark("销售收入与主营、其他业务收入之和不一致"), "TS-9(4)",
         Differs(last("sales_revenue"), last("main_business_revenue") + last("other_business_revenue"))),
    Flag("cost_parts", mark("填报的成本费用支出总额与各项之和不一致"), "TS-9(3)", Differs(last("cost_expense_total"), cost_parts)),
    Flag("rd_sme_parts", mark("填报的加计扣除口径研发费用与各项按限额计算的结果不一致"), "TS-9(3)", Differs(last("rd_sme_total"), rd_made)),
    Flag("rd_staff_above", mark("科技人员数大于职工总数"), "TS-9(1)", (staff - rd_staff) < 0),
    Flag("new_enterprise", mark("填报当年成立，没有完整的会计年度"), "TS-7", ~operated),
    Flag("indicators_differ", mark("两个研发投入指标的得分不同，已按口径选用并记录"), "TS-7(2)", Differs(r1, r2)),
)  # fmt: skip

TECH_SME = Rulebook(
    name="tech_sme",
    title=mark("科技型中小企业评价"),
    governing=mark("填报日"),
    criteria=CRITERIA,
    items=ITEMS,
    total=total,
    pass_mark="ts_pass_mark",
    pass_reached=True,
    switches=SWITCHES,
    flags=FLAGS,
    since=date(2017, 5, 3),
    row_flags=(usable,),
    governing_article="TS-12",
    voice=Voice(
        met=mark("符合科技型中小企业条件"),
        unmet=mark("不符合科技型中小企业条件"),
        scoring=mark("四、综合评价"),
        legend=mark("条款号：TS 为科技型中小企业评价办法；释义为本系统所写，不是法规原文。"),
        colophon=mark("规则版本 {version}；条款 TS 科技型中小企业评价办法。"),
        caution=mark(
            "由公开规则自动核对，仅供自我评价和辅导参考；入库登记编号由省级科技部门赋予。"
        ),
    ),
)
