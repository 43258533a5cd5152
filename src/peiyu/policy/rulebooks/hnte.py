"""Recognition of high-tech enterprises (高新技术企业认定): measures 2016-32, guidelines 2016-195.

Governing day: the day of application. `M11(5)` is item 5 of article 11 of the measures, `G3.6` part
three, item six of the guidelines, `A4` annex 4.
"""

from datetime import date
from fractions import Fraction

from peiyu.policy.rulebook import Criterion, Estimate, Flag, Group, Item, Rulebook, Switch, Voice
from peiyu.policy.tree import (
    AllOf,
    Always,
    Annualised,
    AnyOf,
    AtMost,
    Band,
    Because,
    Called,
    Cell,
    ChooseNumber,
    ChooseOutcome,
    Column,
    Constant,
    Day,
    Difference,
    Differs,
    Elapsed,
    End,
    Exists,
    FactNode,
    First,
    FiscalYear,
    IsYes,
    Judged,
    Link,
    Literally,
    Measure,
    Not,
    Number,
    Operated,
    Outcome,
    OutcomeNode,
    Parameter,
    Preferred,
    Product,
    Quotient,
    Ratio,
    RowAll,
    RowChoose,
    RowFlag,
    RowIn,
    RowsDiffer,
    RowSum,
    Scaled,
    Self,
    Stated,
    Steps,
    Sum,
    Test,
    ToFen,
    Where,
    YearOf,
)
from peiyu.words import mark

SINCE = "established_on"
NONE = Constant(Fraction(0))
YES = Literally(1)


def col(table: str, name: str) -> Cell:
    """A column of a table."""
    return Column(table, name)


def criterion(
    name: str, title: str, article: str, root: OutcomeNode, group: Group = "hard"
) -> Criterion:
    """One condition, on one line that a jurist can read."""
    return Criterion(name, title, article, root, group)


def item(name: str, title: str, article: str, points: Number, most: int) -> Item:
    """One scored item."""
    return Item(name, title, article, points, most)


# ------------------------------------------------------------------------ where the law is silent

SWITCHES = (
    Switch("application_day", mark("以哪一天为申请日"), "G3.1",
           (("form", mark("申请书上的申请日期")), ("notice", mark("通知规定的申请日"))), "form"),
    Switch("short_first_year", mark("成立当年不足十二个月的数据"), "M11(5)",
           (("as_is", mark("按实际发生额")), ("annualised", mark("折算为全年"))), "as_is"),
    Switch("rd_share_without_sales", mark("三年销售收入为零时的研发费用占比"), "M11(5)",
           (("expert", mark("无法计算，由专家判断")), ("unmet", mark("视为不符合"))), "expert"),
    Switch("domestic_share_calibre", mark("境内研发费用占比中委托费用的口径"), "G3.6.3",
           (("counted", mark("按计入额（80%）")), ("actual", mark("按实际发生额（100%）"))), "counted"),
    Switch("other_cost_cap", mark("其他费用20%限额的基数"), "G3.6.2(8)",
           (("total", mark("研究开发总费用（含委托费用与允许的其他费用）")), ("internal", mark("仅内部研究开发费用（A107041第24行）"))), "total"),
    Switch("other_cost_period", mark("其他费用限额的计算期间"), "G3.6.2(8)",
           (("year", mark("按年度分别计算")), ("three_years", mark("三年合并计算"))), "year"),
    Switch("rd_capitalised", mark("研发费用中资本化的开发支出"), "G3.6",
           (("counted", mark("计入，提示专家判断")), ("excluded", mark("不计入"))), "counted"),
    Switch("rd_failed", mark("研发费用中失败项目的费用"), "G3.6",
           (("counted", mark("计入，提示专家判断")), ("excluded", mark("不计入"))), "counted"),
    Switch("rd_government", mark("研发费用中财政资金的支出"), "G3.6",
           (("counted", mark("计入，提示专家判断")), ("excluded", mark("不计入"))), "counted"),
    Switch("technical_income_in_products", mark("技术性收入是否列入产品（服务）表"), "G3.4.1",
           (("yes", mark("已列入")), ("no", mark("未列入，另加"))), "yes"),
    Switch("ip_use_consumed_by", mark("Ⅱ类知识产权何时视为已使用"), "G3.2.4",
           (("recognition", mark("用于获得认定的申请")), ("application", mark("用于任何一次申请"))), "recognition"),
    Switch("ip_use_follows", mark("Ⅱ类知识产权的使用随什么计算"), "G3.2.4",
           (("number", mark("随知识产权本身，不论由谁使用")), ("owner", mark("仅计本企业的使用"))), "number"),
    Switch("conversions_below_one", mark("年均转化数大于零而不足一项"), "G3.7.2",
           (("none", mark("按零项（0分）")), ("lowest_band", mark("按最低一档"))), "none"),
    Switch("conversion_years", mark("成立不足三年时年均转化数的年数"), "G3.7.2",
           (("actual", mark("按实际完整会计年度")), ("three", mark("一律除以三"))), "actual"),
    Switch("growth_single_year", mark("只有一个会计年度时的成长性"), "G3.7.4",
           (("none", mark("无增长率，0分")), ("expert", mark("由专家评定"))), "none"),
    Switch("growth_negative_base", mark("第一年或第二年净资产为负"), "G3.7.4",
           (("none", mark("不可计算，0分")), ("formula", mark("照公式计算")), ("expert", mark("由专家评定"))), "none"),
    Switch("growth_five_percent", mark("增长率恰为5%"), "G3.7.4",
           (("body", mark("指引正文：5%以上（含）")), ("form", mark("财务专家评价表：大于5%"))), "body"),
    Switch("panel_rounding", mark("专家平均总分是否先取整"), "G3.7",
           (("none", mark("不取整，70.5分通过")), ("half_up", mark("先四舍五入到整数"))), "none"),
)  # fmt: skip


# ------------------------------------------------------------------------- intellectual property

DAY = RowChoose("application_day", (("form", Day()), ("notice", Day(fact="notice_day"))))
USES_OF_IP = Link("ip", "grant_number", "uses", "grant_number", anywhere=True)
PRODUCTS_OF_IP = Link("ip", "no", "products", "ip_nos")
IP_OF_PRODUCT = Link("products", "ip_nos", "ip", "no")

ruled = col("ip", "class_ruled")
other_kind = col("ip", "kind").equals("other")
class_one = RowIn(col("ip", "kind"), parameter="hnte_ip_class1") | (other_kind & ruled.equals("I"))
class_two = RowIn(col("ip", "kind"), parameter="hnte_ip_class2") | (other_kind & ruled.equals("II"))

used_before = Exists(
    USES_OF_IP,
    RowAll((
        col("uses", "used_on") < DAY,
        RowChoose("ip_use_consumed_by", (("recognition", col("uses", "successful")), ("application", YES))),
        RowChoose("ip_use_follows", (("number", YES), ("owner", col("uses", "used_by").equals(Self())))),
    )),
    declared=col("ip", "used_before"),
)  # fmt: skip
used_by_co_owner = Exists(
    USES_OF_IP,
    ~col("uses", "used_by").equals(Self())
    & (col("uses", "used_on") <= DAY)
    & (col("uses", "valid_to") >= DAY),
)

OWN = Because(mark("权利人不是本企业"), "G3.2.1", col("ip", "owner_self"))
IN_FORCE = Because(mark("申请日之前权利已终止"), "G3.2.1", ~(col("ip", "ends_on") < DAY))
NOT_USED_UP = Because(mark("Ⅱ类知识产权已在以往认定中使用"), "G3.2.4", ~(class_two & used_before))
NOT_ELSEWHERE = Because(mark("共有的知识产权正由另一有效高新技术企业使用"), "G3.2.5",
                        ~(col("ip", "co_owned") & used_by_co_owner))  # fmt: skip
usable = RowFlag("ip", "usable", mark("可用于本次申请的知识产权"), "G3.2", RowAll((
    Because(mark("不属于Ⅰ类或Ⅱ类（商标不计）"), "G3.2.3", class_one | class_two),
    Because(mark("不是在中国境内授权或审批"), "G3.2.1", col("ip", "mainland")),
    OWN,
    Because(mark("申请日之前未取得授权"), "G3.2.6", col("ip", "granted_on") <= DAY),
    IN_FORCE,
    Because(mark("既无授权证书，也无授权通知书与缴费收据"), "G3.2.6",
            col("ip", "certificate") | (col("ip", "grant_notice") & col("ip", "fee_receipt"))),
    NOT_USED_UP,
    NOT_ELSEWHERE,
)))  # fmt: skip


def ip_count(name: str, title: str, where: Cell, declared: str, article: str) -> Measure:
    """Usable IP of some kind; a kind that no list names waits for a person."""
    return Measure(name, title, "count", "ip", usable & where, declared=FactNode(declared),
                   judged=other_kind, article=article)  # fmt: skip


def in_being(lag: int) -> OutcomeNode:
    """Was the enterprise there in that year, as far as is known."""
    years = Elapsed(SINCE, "years")
    return ~Stated(years) | (years >= lag)


class1 = ip_count("class1", mark("可用Ⅰ类知识产权"), class_one, "ip_class1", "G3.2.3")
class2 = ip_count("class2", mark("可用Ⅱ类知识产权"), class_two, "ip_class2", "G3.2.3")
self_developed = ip_count("self_developed", mark("其中自主研发"), col("ip", "obtained").equals("self"),
                          "ip_self_developed", "G3.7.1")  # fmt: skip
ip_main_rows = ip_count("ip_main", mark("其中支持主要产品（服务）"), Exists(PRODUCTS_OF_IP, col("products", "is_main")),
                        "ip_main", "M11(2)")  # fmt: skip
ip_main = Called(
    mark("支持主要产品（服务）的可用知识产权"),
    "M11(2)",
    Preferred(ip_main_rows, FactNode("ip_main")),
)
used_all_the_same = Measure(
    "used_all_the_same", mark("自报使用过而使用记录中没有的知识产权"), "count", "ip",
    col("ip", "used_before") & ~Exists(USES_OF_IP, used_before.where), article="G3.2.4",
)  # fmt: skip
all_ip = Called(mark("可用知识产权"), "G3.2", class1 + class2)

# ------------------------------------------------------------------------------- sales and income


def stated(name: str, lag: int = 1) -> FactNode:
    """A figure as stated for the fiscal year `lag` years back."""
    return FactNode(name, lag)


def sales_of(lag: int) -> Number:
    """Sales revenue: main and other business revenue (G3.6.5)."""
    parts = stated("main_business_revenue", lag) + stated("other_business_revenue", lag)
    return Called(mark("销售收入"), "G3.6.5", Preferred(stated("sales_revenue", lag), parts), lag)


def net_assets_of(lag: int) -> Number:
    """Net assets: total assets less total liabilities (G3.7.4)."""
    parts = stated("total_assets", lag) - stated("total_liabilities", lag)
    return Called(mark("净资产"), "G3.7.4", Preferred(stated("net_assets", lag), parts), lag)


def in_full(figure: Number, lag: int) -> Number:
    """A short first year as it is, or as if it had been a full one."""
    return ChooseNumber(
        "short_first_year", (("as_is", figure), ("annualised", Annualised(figure, lag, SINCE)))
    )


SALES = (sales_of(1), sales_of(2), sales_of(3))
NET_ASSETS = (net_assets_of(1), net_assets_of(2), net_assets_of(3))
sales_last = Called(mark("近一年销售收入"), "M11(5)", in_full(SALES[0], 1))
sales3 = Called(mark("近三年销售收入总额"), "G3.6.5",
                Sum(tuple(in_full(figure, lag) for lag, figure in enumerate(SALES, 1))))  # fmt: skip

total_income = Called(mark("近一年总收入"), "G3.4.2",
                      Preferred(stated("total_income"), stated("income_total") - stated("nontaxable_income")))  # fmt: skip
technical_income = Sum((
    stated("technical_transfer_income"), stated("technical_service_income"), stated("entrusted_rd_income"),
))  # fmt: skip
ht_stated = Preferred(stated("ht_income"), stated("ht_product_income") + technical_income)
product_income = Measure("product_income", mark("产品（服务）表收入合计"), "sum", "products", YES,
                         (col("products", "income"),), article="G3.4.1")  # fmt: skip
ht_income = Called(mark("近一年高新技术产品（服务）收入"), "G3.4.1", Preferred(
    ht_stated,
    ChooseNumber("technical_income_in_products", (("yes", product_income), ("no", product_income + technical_income))),
))  # fmt: skip
main_income_rows = Measure(
    "main_income", mark("主要产品（服务）收入（有可用知识产权支持）"), "sum", "products",
    col("products", "is_main") & Exists(IP_OF_PRODUCT, usable), (col("products", "income"),),
    declared=FactNode("main_income"), article="G3.3",
)  # fmt: skip
main_income = Called(
    mark("主要产品（服务）收入"), "G3.3", Preferred(main_income_rows, FactNode("main_income"))
)

# ------------------------------------------------------------------------------------ R&D expense

INTERNAL = (
    "rd_labour",
    "rd_direct_input",
    "rd_depreciation",
    "rd_amortisation",
    "rd_design",
    "rd_testing",
)


def spent(name: str, lag: int) -> Number:
    """What was spent on one category in a year, over all R&D activities (G3.6: counted one by one)."""
    return Measure(f"{name}.{lag}", name, "sum", "rd", col("rd", "year").equals(FiscalYear(lag)),
                   (col("rd", name),), declared=FactNode(name, lag), article="G3.6.2")  # fmt: skip


def six(lag: int) -> Number:
    """Categories 1 to 6 of a year."""
    return Called(
        mark("前六类内部研究开发费用"),
        "G3.6.2",
        Sum(tuple(spent(name, lag) for name in INTERNAL)),
        lag,
    )


def entrusted(lag: int) -> Number:
    """Entrusted R&D of a year as it counts: 80 % of what was paid (G3.6.2(7))."""
    paid = spent("rd_entrusted_domestic", lag) + spent("rd_entrusted_foreign", lag)
    return Called(
        mark("计入的委托研究开发费用"), "G3.6.2(7)", ToFen(Scaled(paid, "hnte_entrusted_rate")), lag
    )


def entrusted_at_home(lag: int) -> Number:
    """The domestic part of it."""
    paid = spent("rd_entrusted_domestic", lag)
    return Called(
        mark("计入的境内委托研究开发费用"),
        "G3.6.2(7)",
        ToFen(Scaled(paid, "hnte_entrusted_rate")),
        lag,
    )


def capped(other: Number, base: Number, counted: Number) -> Number:
    """Other expense up to its share of the whole, the whole read in two ways (G3.6.2(8))."""

    def ceiling(of: Number) -> Number:
        return ToFen(Scaled(of, "hnte_other_cost_share", gross=True))

    return ChooseNumber("other_cost_cap", (
        ("total", AtMost((other, ceiling(base + counted)))),
        ("internal", AtMost((other, ceiling(base)))),
    ))  # fmt: skip


def other_allowed(lag: int) -> Number:
    """Other expense of a year that counts."""
    allowed = capped(spent("rd_other", lag), six(lag), entrusted(lag))
    return Called(mark("允许计入的其他费用"), "G3.6.2(8)", allowed, lag)


LAGS = (1, 2, 3)
LONG = (
    Sum(tuple(spent("rd_other", lag) for lag in LAGS)),
    Sum(tuple(six(lag) for lag in LAGS)),
    Sum(tuple(entrusted(lag) for lag in LAGS)),
)
other_allowed3 = Called(mark("三年合并允许计入的其他费用"), "G3.6.2(8)", capped(*LONG))


def rd_over_years(figure: str, title: str, stated_as: str = "") -> Number:
    """Three years of R&D by category; where those are not known, as stated in the same calibre."""

    def year(lag: int) -> Number:
        parts = {
            "total": six(lag) + entrusted(lag),
            "domestic": six(lag) + entrusted_at_home(lag),
            "total_actual": six(lag) + spent("rd_entrusted_domestic", lag) + spent("rd_entrusted_foreign", lag),
            "domestic_actual": six(lag) + spent("rd_entrusted_domestic", lag),
        }  # fmt: skip
        return parts[figure]

    def or_stated(made: Number, otherwise: Number) -> Number:
        return Preferred(made, otherwise) if stated_as else made

    def counted(lag: int) -> Number:
        made = year(lag) + other_allowed(lag)
        return in_full(
            Called(title, "G3.6", or_stated(made, stated(stated_as or "rd_total", lag)), lag), lag
        )

    yearly = Sum(tuple(counted(lag) for lag in LAGS))
    together = or_stated(
        Sum((*(year(lag) for lag in LAGS), other_allowed3)),
        Sum(tuple(stated(stated_as or "rd_total", lag) for lag in LAGS)),
    )
    return ChooseNumber("other_cost_period", (("year", yearly), ("three_years", together)))


def contested(name: str) -> Number:
    """What the guidelines do not speak of: counted unless the switch says otherwise."""
    amount = Sum(tuple(stated(name, lag) for lag in LAGS))
    return ChooseNumber(name, (("counted", NONE), ("excluded", amount)))


CONTESTED = ("rd_capitalised", "rd_failed", "rd_government")
rd3_collected = Called(
    mark("近三年归集的研究开发费用总额"),
    "G3.6",
    rd_over_years("total", mark("研究开发费用总额"), "rd_total"),
)
rd3 = Called(mark("近三年研究开发费用总额"), "G3.6",
             Difference(rd3_collected, Sum(tuple(contested(name) for name in CONTESTED))))  # fmt: skip
rd3_domestic = Called(
    mark("近三年境内研究开发费用"),
    "G3.6.3",
    rd_over_years("domestic", mark("境内研究开发费用"), "rd_domestic"),
)
rd_tier = Called(mark("按近一年销售收入适用的比例"), "M11(5)", Steps(sales_last, "hnte_rd_tiers"))

no_sales = (rd3 > 0) & ChooseOutcome(
    "rd_share_without_sales", (("expert", Always(Outcome.EXPERT)), ("unmet", Always(Outcome.UNMET)))
)
domestic_counted = Ratio(rd3_domestic, rd3_collected, Always(Outcome.UNMET)) >= Parameter(
    "hnte_rd_domestic_share"
)
domestic_actual = Ratio(
    Called(mark("近三年境内研究开发费用（委托按实际发生额）"), "G3.6.3", rd_over_years("domestic_actual", mark("境内研究开发费用（实际发生额）"))),
    Called(mark("近三年研究开发费用总额（委托按实际发生额）"), "G3.6.3", rd_over_years("total_actual", mark("研究开发费用总额（实际发生额）"))),
    Always(Outcome.UNMET),
) >= Parameter("hnte_rd_domestic_share")  # fmt: skip

# ----------------------------------------------------------------------------------------- people


def average(name: str, title: str, begin: str, end: str, declared: str) -> Measure:
    """Monthly averages over the months operated in the last year (G3.5)."""
    return Measure(name, title, "average", "months", col("months", "year").equals(FiscalYear(1)),
                   (col("months", begin), col("months", end)), declared=FactNode(declared, 1), article="G3.5")  # fmt: skip


staff = average("staff", mark("职工总数（月平均）"), "staff_begin", "staff_end", "staff_average")
st_staff = average(
    "st_staff", mark("科技人员数（月平均）"), "st_begin", "st_end", "st_staff_average"
)
months_stated = Measure("months_stated", mark("填报的月数"), "count", "months",
                        col("months", "year").equals(FiscalYear(1)), article="G3.5")  # fmt: skip

# -------------------------------------------------------------------------------------- incidents

incidents = Measure(
    "incidents", mark("申请前一年内的重大事故与严重违法"), "count", "incidents",
    RowAll((
        Because(mark("发生在申请前一年之外"), "G3.1", RowChoose("application_day", (
            ("form", col("incidents", "happened_on") >= Day(back="hnte_incident_days")),
            ("notice", col("incidents", "happened_on") >= Day(back="hnte_incident_days", fact="notice_day")),
        ))),
        Because(mark("发生在申请日之后"), "G3.1", col("incidents", "happened_on") <= DAY),
        Because(mark("主管部门未认定为重大或严重"), "G5.6.2", col("incidents", "major")),
    )),
    declared=FactNode("incidents"), article="M11(8)",
)  # fmt: skip

# ------------------------------------------------------------------------------------------ score

has_ip = all_ip >= 1


def judged(name: str) -> Number:
    """Whole points that experts give within a band."""
    return Band("hnte_points", name)


advancement = Called(
    mark("技术的先进程度得分"), "G3.7.1", First(((~has_ip, NONE),), judged("advancement"))
)
support = Called(mark("核心支持作用得分"), "G3.7.1", First(((~has_ip, NONE),), judged("support")))
quantity = Called(mark("知识产权数量得分"), "G3.7.1", First(
    ((class1 >= 1, judged("quantity_class1")),), Steps(class2, "hnte_ip_class2_points"),
))  # fmt: skip
obtaining = Called(mark("获得方式得分"), "G3.7.1", First(
    ((~has_ip, NONE), (self_developed >= 1, judged("obtained_self"))), judged("obtained_otherwise"),
))  # fmt: skip
standards_count = Measure(
    "standards", mark("参与制定的国家或行业标准"), "count", "standards",
    RowAll((
        Because(mark("不是国家或行业标准"), "G3.7.1", col("standards", "level").is_in("national", "industry")),
        Because(mark("未经国家有关部门认证认可"), "G3.7.1", col("standards", "certified")),
    )),
    declared=FactNode("standards"), article="G3.7.1",
)  # fmt: skip
standards = Called(
    mark("标准加分"), "G3.7.1", First(((standards_count >= 1, judged("standards")),), NONE)
)

converted_year = YearOf(col("conversions", "converted_on"))
conversions = Measure(
    "conversions", mark("近三年科技成果转化（同一成果计一次）"), "distinct", "conversions",
    Because(mark("转化日期不在近三个会计年度"), "G3.7.2",
            (converted_year >= FiscalYear(3)) & (converted_year <= FiscalYear(1))),
    (col("conversions", "result"),), declared=FactNode("conversions"), article="G3.7.2",
)  # fmt: skip
full_years = Elapsed(SINCE, "full years")
a_year = Called(mark("近三年年均转化数"), "G3.7.2", Quotient(
    conversions, ChooseNumber("conversion_years", (("actual", full_years), ("three", Constant(Fraction(3))))),
))  # fmt: skip
conversion_steps = Steps(a_year, "hnte_conversion_points")
below_one = (conversions > 0) & (a_year < 1)
conversion = Called(mark("成果转化得分"), "G3.7.2", ChooseNumber("conversions_below_one", (
    ("none", conversion_steps),
    ("lowest_band", First(((below_one, judged("conversion_below_one")),), conversion_steps)),
)))  # fmt: skip

ORGANISATION = ("management_system", "institution", "incentives", "talent")


class Growth:
    """The growth of one series over three years in all its special cases (G3.7.4)."""

    def __init__(self, title: str, points: str, figures: tuple[Number, Number, Number]) -> None:
        newest, middle, oldest = figures
        self.operated_two = Operated(middle, 2, SINCE)
        self.operated_three = Operated(oldest, 3, SINCE)
        one_rate = Quotient(newest - middle, middle)
        twice = Product(oldest, middle) + Product(oldest, middle)
        mean = Quotient(Product(middle, middle) + Product(oldest, newest) - twice, twice)
        self.rate = Called(
            title, "G3.7.4", First(((~self.operated_three | oldest.equals(0), one_rate),), mean)
        )
        self.body = Steps(self.rate, "hnte_growth_points")
        self.form = Steps(self.rate, "hnte_growth_points_a4")
        by_rate = ChooseNumber("growth_five_percent", (("body", self.body), ("form", self.form)))
        single = ChooseNumber("growth_single_year", (("none", NONE), ("expert", judged("growth"))))
        self.negative_base = AnyOf((middle < 0, self.operated_three & (oldest < 0)))
        negative = ChooseNumber("growth_negative_base", (
            ("none", NONE), ("formula", by_rate), ("expert", judged("growth")),
        ))  # fmt: skip
        self.middle_is_none = middle.equals(0)
        self.from_none = AnyOf((
            self.operated_two & self.middle_is_none, self.operated_three & oldest.equals(0),
        ))  # fmt: skip
        self.points = Called(points, "G3.7.4", First((
            (~self.operated_two, single), (self.middle_is_none, NONE), (self.negative_base, negative),
        ), by_rate))  # fmt: skip


growth_net = Growth(mark("净资产增长率"), mark("净资产增长率得分"), NET_ASSETS)
growth_sales = Growth(mark("销售收入增长率"), mark("销售收入增长率得分"), SALES)

# The panel's sheets: part averages once all sheets are there, else the bands.
IP_ITEMS = ("advancement", "support", "quantity", "obtaining", "standards")
TECHNICAL_ITEMS = ("conversion", *ORGANISATION)
FINANCIAL_ITEMS = ("growth_net_assets", "growth_sales")
TECHNICAL_COLUMNS = (*IP_ITEMS, *TECHNICAL_ITEMS)


def by(author: str, kind: str) -> Cell:
    """The sheets of one kind by one author."""
    return col("sheets", "author").equals(author) & col("sheets", "kind").equals(kind)


technical = by("panel", "technical")
financial = by("panel", "financial")


def sheets(name: str, title: str, kind: str, where: Cell, *value: Cell) -> Measure:
    """Something of the panel's sheets; without sheets there are none yet."""
    none_yet = kind in ("count", "sum")
    return Measure(name, title, kind, "sheets", where, value, absent_is_none=none_yet, article="A5")  # type: ignore[arg-type]


def points_of(names: tuple[str, ...]) -> tuple[Cell, ...]:
    """Columns of the sheet."""
    return tuple(col("sheets", name) for name in names)


technical_sheets = sheets("technical_sheets", mark("技术专家评分表"), "count", technical)
financial_sheets = sheets("financial_sheets", mark("财务专家评分表"), "count", financial)
technical_points = sheets("technical_points", mark("技术专家评分合计"), "sum", technical,
                          RowSum(points_of(IP_ITEMS), cap="hnte_ip_most_points"), *points_of(TECHNICAL_ITEMS))  # fmt: skip
financial_points = sheets(
    "financial_points", mark("财务专家评分合计"), "sum", financial, *points_of(FINANCIAL_ITEMS)
)

ip_part = Called(
    mark("知识产权部分得分"),
    "G3.7.1",
    AtMost(
        (
            Sum((advancement, support, quantity, obtaining, standards)),
            Parameter("hnte_ip_most_points"),
        )
    ),
)
technical_band = Sum((ip_part, conversion, *(judged(name) for name in ORGANISATION)))
financial_band = growth_net.points + growth_sales.points


def averaged(count: Measure, points: Measure, band: Number) -> Number:
    """The average of the panel's sheets, else what the bands leave open (A5)."""
    return First(
        ((AllOf((count >= 1, Stated(count), Stated(points))), Quotient(points, count)),), band
    )


technical_part = Called(
    mark("技术专家评分部分"), "A5", averaged(technical_sheets, technical_points, technical_band)
)
financial_part = Called(
    mark("财务专家评分部分"), "A5", averaged(financial_sheets, financial_points, financial_band)
)
score = technical_part + financial_part
total = Called(
    mark("总分"),
    "G3.7",
    ChooseNumber("panel_rounding", (("none", score), ("half_up", ToFen(score)))),
)


def estimated(author: str) -> Number:
    """The same averages over sheets that are not the panel's."""
    parts = []
    for kind, points in (("technical", technical_points), ("financial", financial_points)):
        where = by(author, kind)
        count = sheets(f"{author}_{kind}_sheets", mark("自评或预评表"), "count", where)
        total_points = sheets(
            f"{author}_{kind}_points", mark("自评或预评合计"), "sum", where, *points.value
        )
        parts.append(Quotient(total_points, count))
    return Sum(tuple(parts))


ESTIMATES = (
    Estimate("self", mark("企业自评分（不影响结论）"), estimated("self")),
    Estimate("coach", mark("辅导员预评分（不影响结论）"), estimated("coach")),
)

# ------------------------------------------------------------------------------------- conditions


def age_by(until: str) -> OutcomeNode:
    """Registered for 365 days or more (G3.1)."""
    return Elapsed(SINCE, "days", until) >= Parameter("hnte_registered_days")


def accepted(name: str, test: OutcomeNode) -> OutcomeNode:
    """A test on what the panel accepted; without it the test does not apply yet."""
    return Where(Stated(FactNode(name)), test)


CRITERIA = (
    criterion("resident", mark("在中国境内（不含港澳台地区）注册的居民企业"), "M2", IsYes("resident"), "gate"),
    criterion("legal_person", mark("具有独立法人资格"), "GD-191(1)", IsYes("legal_person"), "gate"),
    criterion("registered", mark("注册成立一年以上"), "M11(1)",
              ChooseOutcome("application_day", (("form", age_by("")), ("notice", age_by("notice_day")))), "hard"),
    criterion("ip", mark("拥有对主要产品（服务）起核心支持作用的知识产权"), "M11(2)", has_ip & (ip_main >= 1), "hard"),
    criterion("main_products", mark("主要产品（服务）收入超过同期高新技术产品（服务）收入的50%"), "G3.3",
              Ratio(main_income, ht_income, Always(Outcome.UNMET)) > Parameter("hnte_main_product_share"), "hard"),
    criterion("st_staff", mark("科技人员占职工总数的比例"), "M11(4)",
              Ratio(st_staff, staff, Always(Outcome.EXPERT)) >= Parameter("hnte_st_staff_share"), "hard"),
    criterion("rd_share", mark("近三年研究开发费用总额占同期销售收入总额的比例"), "M11(5)",
              Ratio(rd3, sales3, no_sales) >= rd_tier, "hard"),
    criterion("rd_domestic", mark("境内研究开发费用占全部研究开发费用的比例"), "M11(5)",
              ChooseOutcome("domestic_share_calibre", (("counted", domestic_counted), ("actual", domestic_actual))), "hard"),
    criterion("ht_income", mark("近一年高新技术产品（服务）收入占总收入的比例"), "M11(6)",
              Ratio(ht_income, total_income, Always(Outcome.EXPERT)) >= Parameter("hnte_ht_income_share"), "hard"),
    criterion("incidents", mark("申请前一年内未发生重大安全、重大质量事故或严重环境违法行为"), "M11(8)",
              incidents.equals(0), "hard"),
    criterion("activity", mark("持续进行研究开发与技术成果转化并以此为基础开展经营"), "M2", Judged("activity_accepted"), "judged"),
    criterion("core_support", mark("知识产权对主要产品（服务）在技术上发挥核心支持作用"), "M11(2)", Judged("core_support_accepted"), "judged"),
    criterion("field", mark("核心技术属于《国家重点支持的高新技术领域》规定的范围"), "M11(3)", Judged("field_accepted"), "judged"),
    criterion("panel_rd_share", mark("专家核定的研究开发费用占销售收入的比例"), "A3",
              accepted("panel_rd_total", Ratio(FactNode("panel_rd_total"), sales3, Always(Outcome.EXPERT)) >= rd_tier), "panel"),
    criterion("panel_rd_domestic", mark("专家核定的境内研究开发费用比例"), "A3",
              accepted("panel_rd_domestic",
                       Ratio(FactNode("panel_rd_domestic"), FactNode("panel_rd_total"), Always(Outcome.UNMET))
                       >= Parameter("hnte_rd_domestic_share")), "panel"),
    criterion("panel_ht_income", mark("专家核定的高新技术产品（服务）收入占总收入的比例"), "A3",
              accepted("panel_ht_income",
                       Ratio(FactNode("panel_ht_income"), total_income, Always(Outcome.EXPERT))
                       >= Parameter("hnte_ht_income_share")), "panel"),
    criterion("score", mark("企业创新能力评价"), "M11(7)", total > Parameter("hnte_pass_mark"), "score"),
)  # fmt: skip

ITEMS = (
    item("advancement", mark("技术的先进程度"), "G3.7.1", advancement, 8),
    item("support", mark("对主要产品（服务）的核心支持作用"), "G3.7.1", support, 8),
    item("quantity", mark("知识产权数量"), "G3.7.1", quantity, 8),
    item("obtaining", mark("知识产权获得方式"), "G3.7.1", obtaining, 6),
    item("standards", mark("参与制定标准（加分）"), "G3.7.1", standards, 2),
    item("conversion", mark("科技成果转化能力"), "G3.7.2", conversion, 30),
    item("management_system", mark("研发组织管理制度与研发费用核算体系"), "G3.7.3", judged("management_system"), 6),
    item("institution", mark("研发机构与产学研合作"), "G3.7.3", judged("institution"), 6),
    item("incentives", mark("成果转化激励与开放创新平台"), "G3.7.3", judged("incentives"), 4),
    item("talent", mark("人才培养、引进与绩效评价"), "G3.7.3", judged("talent"), 4),
    item("growth_net_assets", mark("净资产增长率"), "G3.7.4", growth_net.points, 10),
    item("growth_sales", mark("销售收入增长率"), "G3.7.4", growth_sales.points, 10),
)  # fmt: skip

# ------------------------------------------------------------------------------------------ flags


def outside(name: str, column: str, band: Number) -> OutcomeNode:
    """An expert's points lie outside the band that the facts leave."""
    where = financial if column in FINANCIAL_ITEMS else technical
    low = sheets(f"{name}_least", column, "smallest", where, col("sheets", column))
    high = sheets(f"{name}_most", column, "largest", where, col("sheets", column))
    return AnyOf((low < End(band, upper=False), high > End(band, upper=True)))


def all_sheets() -> Number:
    """Experts of the panel."""
    return technical_sheets + financial_sheets


FLAGS = (
    Flag("rows_ip_class1", mark("知识产权表中的Ⅰ类件数与申报数不一致，以表为准"), "G3.2", RowsDiffer(class1)),
    Flag("rows_ip_class2", mark("知识产权表中的Ⅱ类件数与申报数不一致，以表为准"), "G3.2", RowsDiffer(class2)),
    Flag("uses_differ", mark("自报在以往认定中使用过的知识产权，使用记录中没有，以记录为准"), "G3.2.4", used_all_the_same > 0),
    Flag("rows_main_income", mark("产品表中的主要产品收入与申报数不一致，以表为准"), "G3.3", RowsDiffer(main_income_rows)),
    Flag("rows_conversions", mark("成果转化表的项数与申报数不一致，以表为准"), "G3.7.2", RowsDiffer(conversions)),
    Flag("rows_incidents", mark("事故与违法表的件数与申报数不一致，以表为准"), "M11(8)", RowsDiffer(incidents)),
    Flag("rows_staff", mark("月度表计算的职工平均人数与申报数不一致，以表为准"), "G3.5", RowsDiffer(staff)),
    Flag("rows_st_staff", mark("月度表计算的科技人员平均人数与申报数不一致，以表为准"), "G3.5", RowsDiffer(st_staff)),
    Flag("months_short", mark("月度表的月数少于上年度实际经营月数"), "G3.5",
         Where(months_stated > 0, months_stated < Elapsed(SINCE, "months"))),
    Flag("sales_parts", mark("销售收入与主营、其他业务收入之和不一致"), "G3.6.5",
         AnyOf(tuple(in_being(lag) & Differs(stated("sales_revenue", lag), stated("main_business_revenue", lag) + stated("other_business_revenue", lag)) for lag in LAGS))),
    Flag("net_assets_parts", mark("净资产与资产总额减负债总额不一致"), "G3.7.4",
         AnyOf(tuple(in_being(lag) & Differs(stated("net_assets", lag), stated("total_assets", lag) - stated("total_liabilities", lag)) for lag in LAGS))),
    Flag("rd_parts", mark("研发费用总额与按分类计算的结果不一致，以分类计算为准"), "G3.6",
         AnyOf(tuple(in_being(lag) & Differs(stated("rd_total", lag), six(lag) + entrusted(lag) + other_allowed(lag)) for lag in LAGS))),
    Flag("income_parts", mark("总收入与收入总额减不征税收入不一致"), "G3.4.2",
         Differs(stated("total_income"), stated("income_total") - stated("nontaxable_income"))),
    Flag("ht_parts", mark("高新技术产品（服务）收入与产品表合计不一致"), "G3.4.1", Differs(ht_stated, product_income)),
    Flag("domestic_above_total", mark("境内研发费用大于研发费用总额"), "G3.6.3", Difference(rd3_collected, rd3_domestic) < 0),
    Flag("st_above_staff", mark("科技人员数大于职工总数"), "G3.5", Test("<", Difference(staff, st_staff), NONE)),
    Flag("main_above_ht", mark("主要产品（服务）收入大于高新技术产品（服务）收入"), "G3.3", Difference(ht_income, main_income) < 0),
    Flag("ht_above_total", mark("高新技术产品（服务）收入大于总收入"), "M11(6)", Difference(total_income, ht_income) < 0),
    Flag("year_before_establishment", mark("填报了成立之前年度的数据"), "G3.6",
         AnyOf(tuple(AllOf((stated(name, lag) > 0, Elapsed(SINCE, "years") < lag)) for name in ("sales_revenue", "rd_total") for lag in LAGS))),
    Flag("contested_rd", mark("研发费用中含指引未作规定的支出（资本化、失败项目或财政资金），须由专家判断"), "G3.6",
         AnyOf(tuple(stated(name, lag) > 0 for name in CONTESTED for lag in LAGS))),
    Flag("conversions_below_one", mark("年均成果转化数大于零而不足一项，不在任何一档"), "G3.7.2", below_one),
    Flag("conversion_years_short", mark("完整会计年度不足三个，年均转化数按实际年数计算"), "G3.7.2", full_years < 3),
    Flag("growth_single_year", mark("只有一个会计年度，没有增长率"), "G3.7.4",
         AnyOf((~growth_net.operated_two, ~growth_sales.operated_two))),
    Flag("growth_first_none", mark("基年数为零，增长率按后两年计算或为零"), "G3.7.4",
         AnyOf((growth_net.from_none, growth_sales.from_none))),
    Flag("growth_negative_base", mark("第一年或第二年净资产为负，公式会把恶化算成增长"), "G3.7.4", growth_net.negative_base),
    Flag("growth_negative_last", mark("最近一年净资产为负"), "G3.7.4", NET_ASSETS[0] < 0),
    Flag("growth_five_percent", mark("增长率恰为5%：指引正文与财务专家评价表不一致"), "G3.7.4",
         AnyOf((Differs(End(growth_net.body, upper=True), End(growth_net.form, upper=True)),
                Differs(End(growth_sales.body, upper=True), End(growth_sales.form, upper=True))))),
    Flag("panel_composition", mark("专家组少于5人、技术专家不足60%或没有财务专家"), "G2.4",
         Where(all_sheets() >= 1, AnyOf((
             all_sheets() < Parameter("hnte_panel_size"),
             Not(Ratio(technical_sheets, all_sheets()) >= Parameter("hnte_panel_technical_share")),
             financial_sheets < 1)))),
    Flag("points_outside", mark("专家评分超出事实所对应的分档"), "G3.7",
         AnyOf(tuple(outside(name, column, band) for name, column, band in (
             ("quantity", "quantity", quantity), ("obtaining", "obtaining", obtaining), ("standards", "standards", standards),
             ("conversion", "conversion", conversion), ("growth_net", "growth_net_assets", growth_net.points),
             ("growth_sales", "growth_sales", growth_sales.points))))),
)  # fmt: skip

VOICE = Voice(
    met=mark("符合认定条件"),
    unmet=mark("不符合认定条件"),
    scoring=mark("四、企业创新能力评价"),
    legend=mark("条款号：M 为认定管理办法，G 为认定管理工作指引，A 为其附件；释义为本系统所写，不是法规原文。"),
    colophon=mark("规则版本 {version}；条款 M 认定管理办法、G 认定管理工作指引、A 附件。"),
    caution=mark("由公开规则自动核对，仅供培育和辅导参考，不是认定结论；认定由省级认定机构组织。"),
)  # fmt: skip

HNTE = Rulebook(
    name="hnte",
    title=mark("高新技术企业认定"),
    governing=mark("申请日"),
    criteria=CRITERIA,
    items=ITEMS,
    total=total,
    pass_mark="hnte_pass_mark",
    switches=SWITCHES,
    flags=FLAGS,
    since=date(2016, 1, 1),
    row_flags=(usable,),
    estimates=ESTIMATES,
    survey=True,
    documents=("M", "G", "GD-191", "GD-2026-1", "T24"),
    governing_article="G3.1",
    voice=VOICE,
)
