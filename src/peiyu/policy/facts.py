"""The dictionary of facts: what each means, its Chinese term, unit, bounds, secrecy and source.

A fact stands in one table. `enterprise` has one row for each enterprise, `years` one for each
enterprise and fiscal year, the others as many as there are things. In every stored form money is
whole fen, people are hundredths where an average is given, a day is a date; null is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from peiyu.words import mark


class Unit(StrEnum):
    """In what a stored value is counted."""

    FEN = "fen"  # whole fen; 10^15 at the most
    PERSON_HUNDREDTH = "person/100"
    PERSON = "person"
    COUNT = "count"
    POINT = "point"
    DAY = "date"
    YEAR = "year"
    MONTH = "month"
    YES_NO = "yes/no"
    CHOICE = "choice"
    TEXT = "text"
    NAMES = "names"  # several identifiers in one cell


class Secrecy(StrEnum):
    """Who may read a value: the class decides masking, record and export."""

    PUBLIC = "public"
    INTERNAL = "internal"
    COMMERCIAL = "commercial"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    TAX = "tax"


class Period(StrEnum):
    """Of what time a fact speaks."""

    STANDING = "standing"
    FISCAL_YEAR = "fiscal year"
    AT_APPLICATION = "at application"
    THREE_YEARS = "three fiscal years"
    EVENT = "event"


LARGEST_AMOUNT = 10**15  # fen; more is refused, so that no product leaves 128 bits
LARGEST_COUNT = 10**7

SCALES = {Unit.FEN: 100, Unit.PERSON_HUNDREDTH: 100}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be known of an enterprise, with how it is written and who usually has it."""

    name: str
    table: str
    chinese: str
    english: str
    unit: Unit
    period: Period
    secrecy: Secrecy
    document: str  # Chinese; its English stands in the catalogue
    holder: str
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, str, str], ...] = ()  # code, Chinese, English
    synonyms: tuple[str, ...] = ()
    note: str = ""
    required: bool = False
    optional: bool = False  # the rules can do without it: never asked for as missing
    special: bool = False  # asked for only by the programmes whose rules read it

    @property
    def scale(self) -> int:
        """Stored integer = written value times this."""
        return SCALES.get(self.unit, 1)

    @property
    def bound(self) -> int:
        """The largest absolute value that can be stored."""
        return max(abs(self.minimum or 0), abs(self.maximum or 0))

    def term(self, lang: str) -> str:
        """Its term in the language of the reader."""
        return self.chinese if lang == "zh" else self.english


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of facts: what one row is, and what identifies it within its enterprise."""

    name: str
    chinese: str
    english: str
    facts: tuple[Fact, ...]
    key: str = ""

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def fact(self, name: str) -> Fact:
        """The fact of that name.

        Raises:
            KeyError: the table has no such fact.
        """
        for found in self.facts:
            if found.name == name:
                return found
        raise KeyError(f"{self.name} has no fact {name!r}")


# Documents and holders, said once.
LICENCE = mark("营业执照")
STATEMENTS = mark("审计报告（年度财务报表）")
RETURN = mark("企业所得税年度纳税申报表")
SPECIAL_AUDIT = mark("专项审计或鉴证报告")
PAYROLL = mark("职工花名册、社保缴纳记录、劳动合同")
CERTIFICATES = mark("知识产权证书")
PROJECT_PAPERS = mark("研发项目立项与验收资料")
CONTRACTS = mark("科技成果转化证明材料（合同、发票、检测报告）")
OPINION = mark("主管部门出具的意见")
PANEL_SHEET = mark("专家评审表")
APPLICATION = mark("高新技术企业认定申请书")
ROSTER = mark("高新技术企业认定公告")
HNTE_CERTIFICATE = mark("高新技术企业证书、取消资格公告")
PAYMENT = mark("奖补资金拨付凭证")
SUBSIDY_CALL = mark("研发补助申请书与核定表")
LIBRARY_LIST = mark("入库企业名单")
BUDGET_PAPERS = mark("研发准备金制度与研发预算备案材料")
CREDIT_RECORD = mark("信用信息查询结果")
TITLE_PAPERS = mark("资质、平台批复与评估结果文件")
FEE_FILING = mark("专利费减备案证明")
FEE_NOTICE = mark("专利缴费通知书")

EXTRACT = mark("国家企业信用信息公示系统查询结果")
AWARD_PAPERS = mark("科技奖励证书")
STANDARD_PAPERS = mark("标准文本与参编证明")
MANAGEMENT_PAPERS = mark("研发管理制度与研发支出辅助账")

FINANCE = mark("企业财务负责人")
STAFF_OFFICE = mark("企业人事部门")
RD_HEAD = mark("企业研发负责人")
REGISTRAR = mark("市场监管部门登记信息")
TAX_OFFICE = mark("税务部门")
IP_OFFICE = mark("企业知识产权联系人")
REGULATOR = mark("应急、市场监管、生态环境主管部门")
BUREAU = mark("科技主管部门")
PANEL = mark("评审专家组")


def money(
    name: str, table: str, chinese: str, english: str, document: str, holder: str, **more: object
) -> Fact:
    """An amount in fen, not below zero unless said."""
    more.setdefault("minimum", 0)
    more.setdefault("secrecy", Secrecy.COMMERCIAL)
    more.setdefault("period", Period.FISCAL_YEAR)
    return Fact(
        name, table, chinese, english, Unit.FEN,
        document=document, holder=holder, maximum=LARGEST_AMOUNT, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def yes(
    name: str, table: str, chinese: str, english: str, document: str, holder: str, **more: object
) -> Fact:
    """Yes or no."""
    more.setdefault("secrecy", Secrecy.INTERNAL)
    more.setdefault("period", Period.AT_APPLICATION)
    return Fact(
        name, table, chinese, english, Unit.YES_NO,
        document=document, holder=holder, minimum=0, maximum=1, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def count(
    name: str, table: str, chinese: str, english: str, document: str, holder: str, **more: object
) -> Fact:
    """A number of things or people, not below zero unless said."""
    more.setdefault("secrecy", Secrecy.INTERNAL)
    more.setdefault("period", Period.AT_APPLICATION)
    unit = more.setdefault("unit", Unit.COUNT)
    more.setdefault("minimum", 0)
    more.setdefault("maximum", LARGEST_COUNT * (100 if unit is Unit.PERSON_HUNDREDTH else 1))
    return Fact(name, table, chinese, english, document=document, holder=holder, **more)  # type: ignore[arg-type]


def plain(
    name: str, table: str, chinese: str, english: str, unit: Unit, document: str, holder: str,
    **more: object,
) -> Fact:  # fmt: skip
    """A text, a day, a year, a choice."""
    more.setdefault("secrecy", Secrecy.INTERNAL)
    more.setdefault("period", Period.STANDING)
    return Fact(name, table, chinese, english, unit, document=document, holder=holder, **more)  # type: ignore[arg-type]


ENTERPRISE = FactTable("enterprise", "企业", "Enterprises", (
    plain("code", "enterprise", "统一社会信用代码", "Unified social credit code", Unit.TEXT, LICENCE, REGISTRAR,
           secrecy=Secrecy.PUBLIC, synonyms=("信用代码", "社会信用代码")),
    plain("name", "enterprise", "企业名称", "Name of the enterprise", Unit.TEXT, LICENCE, REGISTRAR,
           secrecy=Secrecy.PUBLIC, synonyms=("单位名称", "公司名称", "名称", "企业全称")),
    plain("territory", "enterprise", "所在镇（街道、园区）", "Town, street or zone", Unit.TEXT, LICENCE, REGISTRAR,
           secrecy=Secrecy.PUBLIC, optional=True, synonyms=("所属镇办", "属地", "镇（街道）", "乡镇街道", "所在区域", "所属地域")),
    plain("established_on", "enterprise", "成立日期", "Day of establishment", Unit.DAY, LICENCE, REGISTRAR,
           secrecy=Secrecy.PUBLIC, synonyms=("注册成立日期", "注册日期", "成立时间", "注册时间"),
           note=mark("改制、更名的企业填原成立日期。")),
    yes("resident", "enterprise", "中国境内（不含港澳台）注册的居民企业", "Resident enterprise registered in mainland China",
         LICENCE, REGISTRAR, period=Period.STANDING, secrecy=Secrecy.PUBLIC, synonyms=("居民企业", "是否居民企业")),
    yes("legal_person", "enterprise", "具有独立法人资格", "Has legal personality of its own", LICENCE, REGISTRAR,
         period=Period.STANDING, secrecy=Secrecy.PUBLIC, synonyms=("独立法人", "是否独立法人"),
         note=mark("分公司不能单独申请，与总机构合并计算。")),
    plain("notice_day", "enterprise", "通知规定的申请日", "Application day fixed by a notice", Unit.DAY, APPLICATION, BUREAU,
           period=Period.AT_APPLICATION, optional=True,
           note=mark("仅当采用“以通知规定之日为申请日”的口径时使用。")),
    plain("tech_field", "enterprise", "技术领域代码", "Code of the technical field", Unit.TEXT, APPLICATION, RD_HEAD,
           secrecy=Secrecy.PUBLIC, synonyms=("技术领域", "所属技术领域", "高新技术领域"),
           note=mark("《国家重点支持的高新技术领域》三级目录代码，例如 8.4.1。")),
    yes("activity_accepted", "enterprise", "专家认定：持续开展研发与成果转化并以此为基础经营",
         "Panel: continuous R&D and conversion are the basis of the business", PANEL_SHEET, PANEL, optional=True),
    yes("field_accepted", "enterprise", "专家认定：核心技术属于规定领域", "Panel: the core technology is within the fields",
         PANEL_SHEET, PANEL, optional=True),
    yes("core_support_accepted", "enterprise", "专家认定：知识产权对主要产品（服务）起核心支持作用",
         "Panel: the IP is the core support of the main products", PANEL_SHEET, PANEL, optional=True),
    count("ip_class1", "enterprise", "可用Ⅰ类知识产权数", "Usable class I IP", CERTIFICATES, IP_OFFICE,
           synonyms=("Ⅰ类知识产权", "Ⅰ类知识产权数", "I类知识产权", "一类知识产权数"),
           note=mark("有效、权属为本企业且可用于本次申请的件数；填了知识产权表则以该表为准。")),
    count("ip_class2", "enterprise", "可用Ⅱ类知识产权数", "Usable class II IP", CERTIFICATES, IP_OFFICE,
           synonyms=("Ⅱ类知识产权", "Ⅱ类知识产权数", "II类知识产权", "二类知识产权数"),
           note=mark("有效、权属为本企业且未在以往认定中使用过的件数；商标不计。")),
    count("ip_self_developed", "enterprise", "其中自主研发件数", "Usable IP from own R&D", CERTIFICATES, IP_OFFICE,
           synonyms=("自主研发件数",)),
    count("ip_main", "enterprise", "其中支持主要产品（服务）的件数", "Usable IP supporting the main products", CERTIFICATES,
           IP_OFFICE, synonyms=("支持主要产品的件数",)),
    count("standards", "enterprise", "参与制定国家或行业标准数", "National or industry standards taken part in",
           mark("标准文本与参编证明"), RD_HEAD, synonyms=("参与制定标准数", "标准数")),
    count("conversions", "enterprise", "近三年科技成果转化数", "Conversions of results in three years", CONTRACTS, RD_HEAD,
           period=Period.THREE_YEARS, synonyms=("成果转化数", "科技成果转化数", "近三年成果转化数"),
           note=mark("同一成果只计一次。")),
    count("incidents", "enterprise", "申请前一年内重大事故与严重违法数", "Major accidents and serious violations within a year",
           OPINION, REGULATOR, synonyms=("重大安全、质量事故或严重环境违法数", "重大事故数")),
    money("main_income", "enterprise", "主要产品（服务）收入", "Income of the main products", SPECIAL_AUDIT, FINANCE,
           synonyms=("主要产品收入", "上年度主要产品（服务）收入")),
    yes("prohibited_class", "enterprise", "产品和服务属于国家规定的禁止、限制和淘汰类", "Products or services in prohibited, restricted or eliminated classes",
         APPLICATION, BUREAU, special=True),
    count("sme_incidents", "enterprise", "上一年度及当年的重大事故与严重环境违法数", "Major accidents and serious offences, last year and this",
           OPINION, REGULATOR, special=True, note=mark("填报上一年度1月1日起至填报日；填了事故与违法表则以该表为准。")),
    yes("research_misconduct", "enterprise", "上一年度及当年有科研严重失信行为", "Serious research misconduct, last year and this", OPINION, BUREAU,
         special=True),
    yes("abnormal_list", "enterprise", "列入经营异常名录", "On the abnormal-operation list", EXTRACT, REGISTRAR, secrecy=Secrecy.PUBLIC,
         special=True),
    yes("violation_list", "enterprise", "列入严重违法失信企业名单", "On the serious-violation list", EXTRACT, REGISTRAR,
         secrecy=Secrecy.PUBLIC, special=True),
    count("sme_ip_class1", "enterprise", "有效Ⅰ类知识产权数（科技型中小企业口径）", "Class I IP, tech-SME calibre", CERTIFICATES, IP_OFFICE,
           special=True, note=mark("已授权、有效、无争议且与主要产品（服务）相关；填了知识产权表则以该表为准。")),
    count("sme_ip_class2", "enterprise", "有效Ⅱ类知识产权数（科技型中小企业口径）", "Class II IP, tech-SME calibre", CERTIFICATES, IP_OFFICE,
           special=True, note=mark("已授权、有效、无争议且与主要产品（服务）相关；商标不计。")),
    count("hnte_certificates", "enterprise", "有效期内的高新技术企业证书数", "Valid HNTE certificates", HNTE_CERTIFICATE, BUREAU,
           secrecy=Secrecy.PUBLIC, special=True),
    count("national_awards", "enterprise", "近五年国家级科技奖励数（前三名）", "National science awards in five years, among the first three",
           AWARD_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC, special=True),
    count("institutions", "enterprise", "省部级以上研发机构数", "R&D institutions at provincial level or above", TITLE_PAPERS, RD_HEAD,
           secrecy=Secrecy.PUBLIC, special=True),
    count("standards_led", "enterprise", "近五年主导制定的国际、国家或行业标准数", "Standards led in five years", STANDARD_PAPERS, RD_HEAD,
           secrecy=Secrecy.PUBLIC, special=True, note=mark("起草单位排名前五的为主导制定；地方标准和团体标准不计。")),
    yes("sme_database", "enterprise", "在省科技型中小企业信息库中且资料完整", "In the provincial tech-SME database with complete data", TITLE_PAPERS,
         BUREAU, special=True),
    count("municipal_platforms", "enterprise", "市级以上研发平台数", "R&D platforms at municipal level or above", TITLE_PAPERS, RD_HEAD,
           secrecy=Secrecy.PUBLIC, special=True),
    count("recent_ip_class1", "enterprise", "近三年取得的Ⅰ类知识产权数", "Class I IP of the last three years", CERTIFICATES, IP_OFFICE,
           period=Period.THREE_YEARS, special=True, note=mark("与主要产品（服务）相关；填了知识产权表则以该表为准。")),
    count("recent_ip_class2", "enterprise", "近三年取得的其他知识产权数", "Other IP of the last three years", CERTIFICATES, IP_OFFICE,
           period=Period.THREE_YEARS, special=True, note=mark("实用新型、外观设计、软件著作权等；与主要产品（服务）相关。")),
    yes("rd_auxiliary_accounts", "enterprise", "建立了研发支出辅助账", "Keeps auxiliary accounts of R&D expense", MANAGEMENT_PAPERS, FINANCE,
         special=True),
    yes("clean_record", "enterprise", "近三年信用良好且无违法行为", "Clean credit and no offence in three years", EXTRACT, REGISTRAR, special=True),
    money("panel_rd_total", "enterprise", "专家核定研发费用总额（三年）", "R&D accepted by the panel (three years)",
           PANEL_SHEET, PANEL, period=Period.THREE_YEARS, optional=True),
    money("panel_rd_domestic", "enterprise", "专家核定境内研发费用（三年）", "R&D in mainland China accepted by the panel (three years)",
           PANEL_SHEET, PANEL, period=Period.THREE_YEARS, optional=True),
    money("panel_ht_income", "enterprise", "专家核定高新技术产品（服务）收入", "High-tech income accepted by the panel",
           PANEL_SHEET, PANEL, optional=True),
    money("province_award", "enterprise", "本次认定省级奖补实际拨付额", "Provincial award paid for this recognition", PAYMENT, BUREAU,
           period=Period.EVENT, secrecy=Secrecy.INTERNAL, note=mark("没有拨付填0；尚不清楚则留空。")),
    money("city_award", "enterprise", "本次认定市级奖补实际拨付额", "City award paid for this recognition", PAYMENT, BUREAU,
           period=Period.EVENT, secrecy=Secrecy.INTERNAL, note=mark("没有拨付填0；尚不清楚则留空。")),
    count("consecutive_recognitions", "enterprise", "连续获得高新技术企业认定次数（含本次）", "Consecutive HNTE recognitions, this one included",
           HNTE_CERTIFICATE, BUREAU, period=Period.EVENT),
    yes("demonstration_zone", "enterprise", "位于郑洛新国家自主创新示范区", "In the Zhengzhou-Luoyang-Xinxiang demonstration zone",
         LICENCE, REGISTRAR, period=Period.STANDING, secrecy=Secrecy.PUBLIC),
    yes("moved_in", "enterprise", "由省外整体迁入", "Moved in from another province as a whole", LICENCE, REGISTRAR,
         period=Period.EVENT, secrecy=Secrecy.PUBLIC),
    plain("moved_in_on", "enterprise", "迁入日期", "Moved in on", Unit.DAY, LICENCE, REGISTRAR, period=Period.EVENT,
           secrecy=Secrecy.PUBLIC, note=mark("迁入后营业执照的登记日期。")),
    plain("subsidy_applied_on", "enterprise", "研发补助申请日期", "R&D subsidy applied for on", Unit.DAY, SUBSIDY_CALL, BUREAU,
           period=Period.EVENT),
    yes("rd_budget_system", "enterprise", "已建立研发准备金制度", "Has an R&D budget system", BUDGET_PAPERS, FINANCE),
    yes("rd_budget_registered", "enterprise", "当年研发预算已备案", "R&D budget of the year is registered", BUDGET_PAPERS, FINANCE),
    yes("own_funds_first", "enterprise", "先行投入自筹研发资金", "Own R&D funds were spent first", BUDGET_PAPERS, FINANCE),
    yes("credit_blacklisted", "enterprise", "被信用中国（河南）列入黑名单", "Blacklisted in Credit China (Henan)", CREDIT_RECORD, BUREAU),
    count("ip_three_years", "enterprise", "近三年获得的相关知识产权数", "Relevant IP obtained in three years", CERTIFICATES, IP_OFFICE,
           period=Period.THREE_YEARS, note=mark("填了知识产权表则以该表为准。")),
    yes("title_tech_sme", "enterprise", "国家科技型中小企业", "National tech SME", TITLE_PAPERS, BUREAU, secrecy=Secrecy.PUBLIC),
    yes("title_little_giant", "enterprise", "科技小巨人（含培育）企业", "Tech Little Giant, cultivation tier included", TITLE_PAPERS, BUREAU,
         secrecy=Secrecy.PUBLIC),
    yes("provincial_platform", "enterprise", "拥有省级研发平台", "Has a provincial R&D platform", TITLE_PAPERS, BUREAU, secrecy=Secrecy.PUBLIC),
    yes("provincial_platform_excellent", "enterprise", "省级研发平台评估为优秀", "Its provincial R&D platform was assessed excellent",
         TITLE_PAPERS, BUREAU, secrecy=Secrecy.PUBLIC),
    yes("national_platform", "enterprise", "拥有国家级研发平台", "Has a national R&D platform", TITLE_PAPERS, BUREAU, secrecy=Secrecy.PUBLIC),
    yes("new_rd_institution", "enterprise", "企业类省重大新型研发机构", "Enterprise-type provincial major new R&D institution", TITLE_PAPERS,
         BUREAU, secrecy=Secrecy.PUBLIC),
    yes("innovation_leader_excellent", "enterprise", "省创新龙头企业评估为优秀", "Provincial innovation leader assessed excellent", TITLE_PAPERS,
         BUREAU, secrecy=Secrecy.PUBLIC),
    yes("fee_reduction_filed", "enterprise", "当年专利费减备案已通过", "Fee relief of the year is filed and accepted", FEE_FILING, IP_OFFICE),
))  # fmt: skip

RD_CATEGORIES = (
    ("rd_labour", "人员人工费用", "Labour"),
    ("rd_direct_input", "直接投入费用", "Direct input"),
    ("rd_depreciation", "折旧费用与长期待摊费用", "Depreciation and long-term deferred"),
    ("rd_amortisation", "无形资产摊销费用", "Intangible amortisation"),
    ("rd_design", "设计费用", "Design"),
    ("rd_testing", "装备调试费用与试验费用", "Commissioning and tests"),
    ("rd_other", "其他费用", "Other expense"),
    (
        "rd_entrusted_domestic",
        "委托境内研发费用（实际发生额）",
        "Entrusted in mainland China, actual amount",
    ),
    ("rd_entrusted_foreign", "委托境外研发费用（实际发生额）", "Entrusted abroad, actual amount"),
)

YEARS_OF_SMES = (
    *(money(name, "years", chinese, english, STATEMENTS, FINANCE, special=True) for name, chinese, english in (
        ("operating_cost", "营业成本", "Operating cost"),
        ("taxes_surcharges", "税金及附加", "Taxes and surcharges"),
        ("selling_expense", "销售费用", "Selling expense"),
        ("administrative_expense", "管理费用", "Administrative expense"))),
    money("rd_expense_apart", "years", "利润表单列的研发费用", "R&D expense shown apart in the income statement", STATEMENTS, FINANCE,
           special=True, note=mark("未单列（已在管理费用中）的填0。")),
    money("finance_expense", "years", "财务费用", "Finance expense", STATEMENTS, FINANCE, special=True, minimum=-LARGEST_AMOUNT,
           note=mark("利息收入大于支出时为负数。")),
    money("cost_expense_total", "years", "成本费用支出总额", "Total of cost and expense", STATEMENTS, FINANCE, special=True,
           note=mark("评价办法没有定义；未填时用营业成本、税金及附加、销售、管理、研发（单列的）和财务费用之和。")),
    money("net_profit", "years", "净利润", "Net profit", STATEMENTS, FINANCE, special=True, minimum=-LARGEST_AMOUNT,
           note=mark("亏损填负数。")),
    money("rd_sme_total", "years", "研发费用（加计扣除口径，限额后）", "R&D expense, super-deduction calibre after caps", RETURN, FINANCE,
           secrecy=Secrecy.TAX, special=True, note=mark("其他费用10%、委托80%等限额之后的数；未填时用下面四项计算。")),
    *(money(name, "years", chinese, english, RETURN, FINANCE, secrecy=Secrecy.TAX, special=True) for name, chinese, english in (
        ("rd_sme_internal", "研发费用（加计扣除口径）：前五类内部费用", "R&D, super-deduction calibre: five internal categories"),
        ("rd_sme_other", "研发费用（加计扣除口径）：其他相关费用", "R&D, super-deduction calibre: other expense"),
        ("rd_sme_entrusted_domestic", "研发费用（加计扣除口径）：委托境内实际发生额", "R&D, super-deduction calibre: entrusted in mainland China"),
        ("rd_sme_entrusted_foreign", "研发费用（加计扣除口径）：委托境外机构实际发生额", "R&D, super-deduction calibre: entrusted to bodies abroad"))),
)  # fmt: skip

YEARS = FactTable("years", "年度数据", "Years", (
    plain("year", "years", "年度", "Fiscal year", Unit.YEAR, STATEMENTS, FINANCE, required=True,
           minimum=1990, maximum=2100, synonyms=("年份", "会计年度", "数据年份")),
    money("sales_revenue", "years", "销售收入", "Sales revenue", RETURN, FINANCE, secrecy=Secrecy.TAX,
           synonyms=("营业收入", "年销售收入"), note=mark("主营业务收入与其他业务收入之和，按企业所得税年度纳税申报表口径。")),
    money("main_business_revenue", "years", "主营业务收入", "Main business revenue", RETURN, FINANCE, secrecy=Secrecy.TAX),
    money("other_business_revenue", "years", "其他业务收入", "Other business revenue", RETURN, FINANCE, secrecy=Secrecy.TAX),
    money("net_assets", "years", "净资产", "Net assets", STATEMENTS, FINANCE, minimum=-LARGEST_AMOUNT,
           synonyms=("所有者权益", "所有者权益合计", "净资产总额")),
    money("total_assets", "years", "资产总额", "Total assets", STATEMENTS, FINANCE, synonyms=("资产总计", "总资产")),
    money("total_liabilities", "years", "负债总额", "Total liabilities", STATEMENTS, FINANCE, synonyms=("负债合计", "总负债")),
    money("rd_total", "years", "研究开发费用总额", "Total R&D expense", SPECIAL_AUDIT, FINANCE,
           synonyms=("研发费用", "研发费用总额", "研究开发费用", "研发投入"),
           note=mark("高新技术企业口径：委托外部按80%计入，其他费用按20%限额计入；填了分类则以分类计算为准。")),
    money("rd_domestic", "years", "其中在中国境内发生的研究开发费用", "R&D in mainland China", SPECIAL_AUDIT, FINANCE,
           synonyms=("境内研发费用", "境内研究开发费用")),
    *(money(name, "years", chinese, english, SPECIAL_AUDIT, FINANCE, synonyms=("研发费用：" + chinese,))
      for name, chinese, english in RD_CATEGORIES),
    money("rd_capitalised", "years", "研发费用中资本化的开发支出", "Capitalised development cost among R&D", SPECIAL_AUDIT,
           FINANCE, optional=True, note=mark("指引未作规定，由专家判断；计入了研发费用时填写。")),
    money("rd_failed", "years", "研发费用中失败项目的费用", "Cost of failed projects among R&D", SPECIAL_AUDIT, FINANCE,
           optional=True, note=mark("指引未作规定，由专家判断；计入了研发费用时填写。")),
    money("rd_government", "years", "研发费用中财政资金的支出", "R&D paid from government funds", SPECIAL_AUDIT, FINANCE,
           optional=True, note=mark("指引未作规定，由专家判断；计入了研发费用时填写。")),
    money("rd_super_deducted", "years", "经税务部门办理加计扣除的研发费用", "R&D expense super-deducted through the tax office", RETURN,
           FINANCE, secrecy=Secrecy.TAX, special=True, note=mark("上一年度企业所得税汇算清缴中实际加计扣除的研发费用额。")),
    money("taxable_income", "years", "应纳税所得额", "Taxable income", RETURN, FINANCE, secrecy=Secrecy.TAX, special=True,
           note=mark("企业所得税年度纳税申报表的应纳税所得额；亏损填0。")),
    money("total_income", "years", "总收入", "Total income", SPECIAL_AUDIT, FINANCE,
           synonyms=("企业总收入", "上年度总收入"), note=mark("收入总额减不征税收入；免税收入不减。")),
    money("income_total", "years", "收入总额", "Income total before non-taxable income", RETURN, FINANCE, secrecy=Secrecy.TAX),
    money("nontaxable_income", "years", "不征税收入", "Non-taxable income", RETURN, FINANCE, secrecy=Secrecy.TAX),
    money("ht_income", "years", "高新技术产品（服务）收入", "High-tech income", SPECIAL_AUDIT, FINANCE,
           synonyms=("高新技术产品收入", "高新收入", "高品收入", "高新技术产品（服务）收入合计"),
           note=mark("产品（服务）收入与技术性收入之和。")),
    money("ht_product_income", "years", "其中高新技术产品（服务）本身收入", "High-tech income without technical income",
           SPECIAL_AUDIT, FINANCE),
    money("technical_transfer_income", "years", "技术转让收入", "Income of technology transfer", SPECIAL_AUDIT, FINANCE),
    money("technical_service_income", "years", "技术服务收入", "Income of technical service", SPECIAL_AUDIT, FINANCE),
    money("entrusted_rd_income", "years", "接受委托研究开发收入", "Income of entrusted R&D", SPECIAL_AUDIT, FINANCE),
    count("staff_average", "years", "职工总数（全年月平均）", "Total employees, average of the year", PAYROLL, STAFF_OFFICE,
           unit=Unit.PERSON_HUNDREDTH, period=Period.FISCAL_YEAR, synonyms=("职工总数", "职工人数", "员工总数", "从业人员平均人数"),
           note=mark("月平均数之和除以全年实际月数；兼职、临时人员全年须在企业累计工作183天以上。")),
    count("st_staff_average", "years", "科技人员数（全年月平均）", "S&T personnel, average of the year", PAYROLL, STAFF_OFFICE,
           unit=Unit.PERSON_HUNDREDTH, period=Period.FISCAL_YEAR, synonyms=("科技人员数", "科技人员", "科技活动人员"),
           note=mark("累计实际工作时间183天以上的研发及相关人员；与科技型中小企业的六个月口径不同。")),
    count("sme_staff_average", "years", "职工总数（科技型中小企业口径）", "Staff, tech-SME calibre", PAYROLL, STAFF_OFFICE,
           unit=Unit.PERSON_HUNDREDTH, period=Period.FISCAL_YEAR, optional=True,
           note=mark("兼职、临时人员全年须在企业累计工作六个月以上；高新技术企业认定不用此数。")),
    count("sme_rd_staff_average", "years", "科技人员数（科技型中小企业口径）", "S&T personnel, tech-SME calibre", PAYROLL,
           STAFF_OFFICE, unit=Unit.PERSON_HUNDREDTH, period=Period.FISCAL_YEAR, optional=True,
           note=mark("兼职、临时人员全年须在企业累计工作六个月以上；高新技术企业认定不用此数。")),
    *YEARS_OF_SMES,
), key="year")  # fmt: skip

IP_KINDS = (
    ("invention", "发明专利", "Invention patent"),
    ("defence_patent", "国防专利", "Defence patent"),
    ("plant_variety", "植物新品种", "New plant variety"),
    ("crop_variety", "国家级农作物品种", "National crop variety"),
    ("new_drug", "国家新药", "National new drug"),
    ("protected_tcm", "国家一级中药保护品种", "National first-class protected TCM variety"),
    ("ic_layout", "集成电路布图设计专有权", "Exclusive right of IC layout design"),
    ("utility_model", "实用新型专利", "Utility model"),
    ("design", "外观设计专利", "Design patent"),
    ("software", "软件著作权", "Software copyright"),
    ("trademark", "商标", "Trademark"),
    ("other", "其他", "Other"),
)
OBTAINED = (
    ("self", "自主研发", "Own R&D"),
    ("transfer", "受让", "Transfer"),
    ("gift", "受赠", "Gift"),
    ("merger", "并购", "Merger"),
)


def _ip(name: str, chinese: str, english: str, unit: Unit = Unit.YES_NO, **more: object) -> Fact:
    if unit is Unit.YES_NO:
        return yes(name, "ip", chinese, english, CERTIFICATES, IP_OFFICE, **more)
    return plain(name, "ip", chinese, english, unit, CERTIFICATES, IP_OFFICE, **more)


IP = FactTable("ip", "知识产权", "Intellectual property", (
    _ip("no", "知识产权编号", "IP no.", Unit.TEXT, required=True, synonyms=("编号", "IP编号"), note=mark("例如 IP01，企业内唯一。")),
    _ip("title", "知识产权名称", "Title", Unit.TEXT, optional=True, secrecy=Secrecy.PUBLIC),
    _ip("kind", "类别", "Kind", Unit.CHOICE, choices=IP_KINDS, secrecy=Secrecy.PUBLIC, synonyms=("知识产权类别", "专利类型")),
    _ip("class_ruled", "经判定的类别（仅其他）", "Class as ruled (for other kinds)", Unit.CHOICE, optional=True,
        choices=(("I", "Ⅰ类", "Class I"), ("II", "Ⅱ类", "Class II"), ("none", "不计", "Not counted")),
        note=mark("列举以外的类型由人判定。")),
    _ip("grant_number", "授权号", "Grant number", Unit.TEXT, secrecy=Secrecy.PUBLIC, synonyms=("专利号", "登记号", "证书编号", "授权编号")),
    _ip("granted_on", "授权日期", "Granted on", Unit.DAY, secrecy=Secrecy.PUBLIC, synonyms=("授权公告日", "登记日期")),
    _ip("ends_on", "权利终止日期", "Right ends on", Unit.DAY, synonyms=("到期日", "有效期至", "失效日期"),
        note=mark("届满或因未缴年费等提前终止之日。")),
    _ip("mainland", "在中国境内授权或审批", "Granted in mainland China"),
    _ip("owner_self", "权利人为本企业", "Owned by the applicant", synonyms=("权属为本企业",), note=mark("独占许可不是所有权。")),
    _ip("co_owned", "多个权利人共有", "Has several owners", synonyms=("是否共有", "共有")),
    _ip("certificate", "有授权证书", "Has a certificate", synonyms=("证书",)),
    _ip("grant_notice", "有授权通知书", "Has a grant notice", optional=True, synonyms=("授权通知书",)),
    _ip("fee_receipt", "有缴费收据", "Has the fee receipt", optional=True, synonyms=("缴费收据", "缴费凭证")),
    _ip("obtained", "获得方式", "How obtained", Unit.CHOICE, choices=OBTAINED),
    _ip("used_before", "曾在高新技术企业认定中使用", "Used before in an HNTE recognition", synonyms=("是否使用过", "曾用于认定"),
        note=mark("填了知识产权使用记录则以记录为准。")),
    _ip("disputed", "权属有争议", "Ownership is disputed", special=True),
    _ip("related", "与主要产品（服务）相关", "Related to the main products", special=True),
), key="no")  # fmt: skip

USES = FactTable("uses", "知识产权使用记录", "Uses of IP in recognitions", (
    plain("grant_number", "uses", "授权号", "Grant number", Unit.TEXT, ROSTER, BUREAU, required=True,
           secrecy=Secrecy.PUBLIC, synonyms=("专利号", "登记号")),
    plain("used_by", "uses", "使用企业", "Used by", Unit.TEXT, ROSTER, BUREAU, secrecy=Secrecy.PUBLIC,
           note=mark("统一社会信用代码或企业名称。")),
    plain("used_on", "uses", "使用日期", "Used on", Unit.DAY, ROSTER, BUREAU, period=Period.EVENT),
    yes("successful", "uses", "当次获得认定", "That application succeeded", ROSTER, BUREAU, period=Period.EVENT),
    plain("valid_to", "uses", "该企业资格有效期至", "That qualification valid to", Unit.DAY, ROSTER, BUREAU, period=Period.EVENT),
))  # fmt: skip

RD = FactTable("rd", "研发活动费用", "R&D activities", (
    plain("no", "rd", "研发活动编号", "RD no.", Unit.TEXT, PROJECT_PAPERS, RD_HEAD, required=True, synonyms=("RD编号", "项目编号"),
           note=mark("例如 RD01；每个活动每个年度一行。")),
    plain("title", "rd", "研发活动名称", "Title", Unit.TEXT, PROJECT_PAPERS, RD_HEAD, optional=True,
           secrecy=Secrecy.COMMERCIAL, synonyms=("项目名称",)),
    plain("year", "rd", "年度", "Fiscal year", Unit.YEAR, SPECIAL_AUDIT, FINANCE, required=True, minimum=1990, maximum=2100),
    *(money(name, "rd", chinese, english, SPECIAL_AUDIT, FINANCE) for name, chinese, english in RD_CATEGORIES),
), key="no")  # fmt: skip

PRODUCTS = FactTable("products", "高新技术产品（服务）", "High-tech products", (
    plain("no", "products", "产品编号", "PS no.", Unit.TEXT, APPLICATION, RD_HEAD, required=True, synonyms=("PS编号",), note=mark("例如 PS01。")),
    plain("title", "products", "产品（服务）名称", "Title", Unit.TEXT, APPLICATION, RD_HEAD, optional=True,
           secrecy=Secrecy.PUBLIC, synonyms=("产品名称",)),
    money("income", "products", "上年度销售收入", "Income of last year", SPECIAL_AUDIT, FINANCE),
    yes("is_main", "products", "是否主要产品（服务）", "Is a main product", APPLICATION, RD_HEAD, synonyms=("主要产品（服务）",)),
    plain("ip_nos", "products", "知识产权编号", "IP nos.", Unit.NAMES, APPLICATION, IP_OFFICE,
           note=mark("起核心支持作用的知识产权编号，例如 IP01、IP03；没有填“无”。")),
), key="no")  # fmt: skip

CONVERSIONS = FactTable("conversions", "科技成果转化", "Conversions", (
    plain("result", "conversions", "科技成果", "Result", Unit.TEXT, CONTRACTS, RD_HEAD, secrecy=Secrecy.COMMERCIAL,
           synonyms=("科技成果名称", "成果名称"), note=mark("同一成果转化为多个产品也只计一次：请写同一名称或编号。")),
    plain("form", "conversions", "转化形式", "Form", Unit.CHOICE, CONTRACTS, RD_HEAD, optional=True,
           choices=(("own", "自行投资实施", "Own implementation"), ("transfer", "转让", "Transfer"), ("licence", "许可", "Licence"),
                    ("joint", "合作实施", "Joint implementation"), ("capital", "作价投资", "Contribution as capital"),
                    ("other", "其他", "Other"))),
    plain("converted_on", "conversions", "转化日期", "Converted on", Unit.DAY, CONTRACTS, RD_HEAD, period=Period.EVENT),
))  # fmt: skip

MONTHS = FactTable("months", "人员月度", "Staff by month", (
    plain("year", "months", "年度", "Fiscal year", Unit.YEAR, PAYROLL, STAFF_OFFICE, required=True, minimum=1990, maximum=2100),
    plain("month", "months", "月份", "Month", Unit.MONTH, PAYROLL, STAFF_OFFICE, required=True, minimum=1, maximum=12),
    *(count(name, "months", chinese, english, PAYROLL, STAFF_OFFICE, unit=Unit.PERSON, period=Period.FISCAL_YEAR,
             note=mark("只计全年累计实际工作183天以上的兼职、临时人员和科技人员。"))
      for name, chinese, english in (
          ("staff_begin", "月初职工人数", "Staff at the beginning"),
          ("staff_end", "月末职工人数", "Staff at the end"),
          ("st_begin", "月初科技人员数", "S&T personnel at the beginning"),
          ("st_end", "月末科技人员数", "S&T personnel at the end"))),
))  # fmt: skip

INCIDENTS = FactTable("incidents", "事故与违法", "Incidents", (
    plain("happened_on", "incidents", "发生日期", "Happened on", Unit.DAY, OPINION, REGULATOR, period=Period.EVENT),
    plain("kind", "incidents", "事件类型", "Kind", Unit.CHOICE, OPINION, REGULATOR, optional=True, period=Period.EVENT,
           synonyms=("类型",),
           choices=(("safety", "安全事故", "Safety accident"), ("quality", "质量事故", "Quality accident"),
                    ("environment", "环境违法", "Environmental violation"))),
    yes("major", "incidents", "主管部门认定为重大（严重）", "Found major or serious by the competent authority", OPINION, REGULATOR,
         period=Period.EVENT, note=mark("以主管部门出具的意见为准，不作推断。")),
    plain("opinion", "incidents", "意见文号", "Number of the opinion", Unit.TEXT, OPINION, REGULATOR, optional=True),
))  # fmt: skip

STANDARDS = FactTable("standards", "标准制定", "Standards", (
    plain("number", "standards", "标准编号", "Number of the standard", Unit.TEXT, mark("标准文本与参编证明"), RD_HEAD,
           required=True, secrecy=Secrecy.PUBLIC),
    plain("level", "standards", "标准级别", "Level", Unit.CHOICE, mark("标准文本与参编证明"), RD_HEAD, secrecy=Secrecy.PUBLIC,
           choices=(("international", "国际标准", "International"), ("national", "国家标准", "National"), ("industry", "行业标准", "Industry"), ("other", "其他标准", "Other"))),
    yes("certified", "standards", "经国家有关部门认证认可", "Recognised by national authorities",
         mark("标准文本与参编证明"), RD_HEAD, secrecy=Secrecy.PUBLIC),
    count("rank", "standards", "起草单位排名", "Rank among the drafting units", STANDARD_PAPERS, RD_HEAD, minimum=1, maximum=1000,
           secrecy=Secrecy.PUBLIC, special=True),
    plain("published_on", "standards", "标准发布日期", "Published on", Unit.DAY, STANDARD_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC,
           period=Period.EVENT, special=True),
))  # fmt: skip

SHEET_ITEMS = (
    ("advancement", "技术的先进程度", "Advancement of the technology", 8),
    ("support", "对主要产品（服务）的核心支持作用", "Core support of the main products", 8),
    ("quantity", "知识产权数量", "Quantity of IP", 8),
    ("obtaining", "知识产权获得方式", "How the IP was obtained", 6),
    ("standards", "参与标准制定（加分）", "Standards (bonus)", 2),
    ("conversion", "科技成果转化能力", "Conversion of results", 30),
    ("management_system", "研发管理与核算制度", "R&D management and accounting", 6),
    ("institution", "研发机构与产学研合作", "R&D institution and cooperation", 6),
    ("incentives", "转化激励与开放创新平台", "Conversion incentives and open platforms", 4),
    ("talent", "人才培养、引进与绩效", "Talent and performance systems", 4),
    ("growth_net_assets", "净资产增长率", "Growth of net assets", 10),
    ("growth_sales", "销售收入增长率", "Growth of sales", 10),
)

SHEETS = FactTable("sheets", "评分表", "Expert sheets", (
    plain("expert", "sheets", "专家代号", "Expert (by number)", Unit.TEXT, PANEL_SHEET, PANEL, required=True,
           note=mark("只写代号，不写姓名。")),
    plain("kind", "sheets", "专家类型", "Kind of expert", Unit.CHOICE, PANEL_SHEET, PANEL,
           choices=(("technical", "技术专家", "Technical"), ("financial", "财务专家", "Financial"))),
    plain("author", "sheets", "评分来源", "Whose points", Unit.CHOICE, PANEL_SHEET, PANEL,
           choices=(("panel", "评审专家", "Panel"), ("self", "企业自评", "Own estimate"), ("coach", "辅导员预评", "Coach's estimate")),
           note=mark("自评与预评另列，不影响结论。")),
    *(count(name, "sheets", chinese, english, PANEL_SHEET, PANEL, unit=Unit.POINT, maximum=most)
      for name, chinese, english, most in SHEET_ITEMS),
))  # fmt: skip

HNTE_CERTIFICATES = FactTable("certificates", "高新技术企业证书", "HNTE certificates", (
    plain("number", "certificates", "证书编号", "Certificate number", Unit.TEXT, HNTE_CERTIFICATE, BUREAU, required=True,
           secrecy=Secrecy.PUBLIC, synonyms=("高新技术企业证书编号", "证书号")),
    plain("issued_on", "certificates", "发证日期", "Issued on", Unit.DAY, HNTE_CERTIFICATE, BUREAU, period=Period.EVENT,
           secrecy=Secrecy.PUBLIC, synonyms=("发证时间",), note=mark("证书上注明的发证日期，不是公告日期。")),
    plain("valid_to", "certificates", "有效期至", "Valid to", Unit.DAY, HNTE_CERTIFICATE, BUREAU, period=Period.EVENT,
           secrecy=Secrecy.PUBLIC, synonyms=("证书有效期至",), note=mark("有效期的最后一天。")),
    yes("revoked", "certificates", "资格已被取消", "Qualification revoked", HNTE_CERTIFICATE, BUREAU, period=Period.EVENT,
         secrecy=Secrecy.PUBLIC, synonyms=("是否取消资格",)),
    plain("revoked_on", "certificates", "取消资格日期", "Revoked on", Unit.DAY, HNTE_CERTIFICATE, BUREAU, period=Period.EVENT,
           secrecy=Secrecy.PUBLIC, note=mark("仅当资格已被取消时填写。")),
    yes("in_city", "certificates", "发证时企业在本市", "In this city when issued", HNTE_CERTIFICATE, BUREAU, period=Period.EVENT,
         secrecy=Secrecy.PUBLIC, synonyms=("是否本市发证",)),
), key="number")  # fmt: skip

LISTINGS = FactTable("listings", "入库记录", "Listings in the library", (
    plain("listed_on", "listings", "入库日期", "Listed on", Unit.DAY, LIBRARY_LIST, BUREAU, period=Period.EVENT,
           note=mark("被列入重点培育（后备）企业库的日期。")),
    yes("removed", "listings", "已出库", "Removed", LIBRARY_LIST, BUREAU, period=Period.EVENT),
    plain("removed_on", "listings", "出库日期", "Removed on", Unit.DAY, LIBRARY_LIST, BUREAU, period=Period.EVENT,
           note=mark("仅当已出库时填写。")),
))  # fmt: skip

SUBSIDY_PROJECTS = FactTable("subsidy_projects", "研发补助项目", "Projects of the R&D subsidy", (
    plain("no", "subsidy_projects", "补助项目编号", "Project no.", Unit.TEXT, SUBSIDY_CALL, RD_HEAD, required=True,
           note=mark("例如 RD01；每个项目每个年度一行。")),
    plain("title", "subsidy_projects", "补助项目名称", "Title", Unit.TEXT, SUBSIDY_CALL, RD_HEAD, optional=True),
    plain("year", "subsidy_projects", "年度", "Fiscal year", Unit.YEAR, SUBSIDY_CALL, FINANCE, required=True, minimum=1990, maximum=2100),
    money("cost", "subsidy_projects", "实际研发投入", "Actual R&D cost", SUBSIDY_CALL, FINANCE, synonyms=("实际研发费用",)),
    money("net_cost", "subsidy_projects", "扣除其他财政资金后的投入", "R&D cost less other grants", SUBSIDY_CALL, FINANCE,
           note=mark("实际研发投入减去同一项目当年取得的其他财政资金，不小于0。")),
    yes("qualifying", "subsidy_projects", "属于符合条件的项目", "Is a qualifying project", SUBSIDY_CALL, BUREAU,
         note=mark("以科技部门的核定为准。")),
), key="no")  # fmt: skip

FEE_KINDS = (
    ("application", "申请费", "Application fee"),
    ("publication", "公布印刷费", "Publication and printing fee"),
    ("supplementary", "申请附加费", "Supplementary application fee"),
    ("priority", "优先权要求费", "Priority claim fee"),
    ("examination", "发明专利申请实质审查费", "Substantive examination fee"),
    ("reexamination", "复审费", "Re-examination fee"),
    ("annual", "年费", "Annual fee"),
    ("other", "其他", "Other"),
)

PATENT_FEES = FactTable("patent_fees", "专利费用", "Patent fees", (
    plain("number", "patent_fees", "专利（申请）号", "Patent or application number", Unit.TEXT, FEE_NOTICE, IP_OFFICE, required=True,
           secrecy=Secrecy.PUBLIC),
    plain("kind", "patent_fees", "费用种类", "Kind of fee", Unit.CHOICE, FEE_NOTICE, IP_OFFICE, choices=FEE_KINDS, period=Period.EVENT),
    count("annual_year", "patent_fees", "年费：自授权当年起第几年", "Annual fee: which year, that of grant being the first", FEE_NOTICE,
           IP_OFFICE, period=Period.EVENT, minimum=1, maximum=100, note=mark("授权当年为1；仅年费填写。")),
    money("amount", "patent_fees", "费用全额", "Fee in full", FEE_NOTICE, IP_OFFICE, period=Period.EVENT, secrecy=Secrecy.INTERNAL,
           note=mark("减缴之前的标准金额。")),
    yes("joint", "patent_fees", "有两个以上申请人（权利人）", "Has two or more applicants or owners", FEE_NOTICE, IP_OFFICE),
    yes("others_entitled", "patent_fees", "其他申请人（权利人）均符合减缴条件", "All other applicants or owners are entitled too", FEE_FILING,
         IP_OFFICE, note=mark("仅当有两个以上申请人（权利人）时填写。")),
))  # fmt: skip

AWARDS = FactTable("awards", "科技奖励", "Science awards", (
    plain("title", "awards", "奖励名称", "Award", Unit.TEXT, AWARD_PAPERS, RD_HEAD, required=True, secrecy=Secrecy.PUBLIC),
    plain("level", "awards", "奖励级别", "Level", Unit.CHOICE, AWARD_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC, period=Period.EVENT,
           choices=(("national", "国家级", "National"), ("provincial", "省部级", "Provincial or ministerial"), ("other", "其他", "Other"))),
    count("rank", "awards", "获奖单位排名", "Rank among the units", AWARD_PAPERS, RD_HEAD, minimum=1, maximum=1000, secrecy=Secrecy.PUBLIC,
           period=Period.EVENT),
    plain("awarded_on", "awards", "获奖日期", "Awarded on", Unit.DAY, AWARD_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC, period=Period.EVENT),
))  # fmt: skip

INSTITUTIONS = FactTable("institutions", "研发机构", "R&D institutions", (
    plain("title", "institutions", "机构名称", "Institution", Unit.TEXT, TITLE_PAPERS, RD_HEAD, required=True, secrecy=Secrecy.PUBLIC),
    plain("level", "institutions", "机构级别", "Level", Unit.CHOICE, TITLE_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC,
           choices=(("national", "国家级", "National"), ("ministerial", "部级", "Ministerial"), ("provincial", "省级", "Provincial"),
                    ("municipal", "市级", "Municipal"), ("other", "其他", "Other"))),
    plain("kind", "institutions", "机构类型", "Kind", Unit.CHOICE, TITLE_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC,
           choices=(("key_laboratory", "重点实验室", "Key laboratory"),
                    ("engineering_technology_centre", "工程技术研究中心", "Engineering technology research centre"),
                    ("engineering_laboratory", "工程实验室", "Engineering laboratory"),
                    ("engineering_centre", "工程研究中心", "Engineering research centre"),
                    ("enterprise_technology_centre", "企业技术中心", "Enterprise technology centre"),
                    ("joint_centre", "国际联合研究中心", "International joint research centre"),
                    ("other", "其他", "Other"))),
    yes("kind_ruled", "institutions", "经判定属于同类研发机构（仅其他）", "Ruled to be of the like (for other kinds)", TITLE_PAPERS, BUREAU,
         note=mark("列举以外的类型由人判定。")),
    plain("recognised_on", "institutions", "批准日期", "Recognised on", Unit.DAY, TITLE_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC),
    yes("valid", "institutions", "目前仍有效（未撤销）", "Still valid, not withdrawn", TITLE_PAPERS, BUREAU, secrecy=Secrecy.PUBLIC),
))  # fmt: skip

TABLES = (
    ENTERPRISE, YEARS, IP, USES, RD, PRODUCTS, CONVERSIONS, MONTHS, INCIDENTS, STANDARDS, SHEETS,
    AWARDS, INSTITUTIONS, HNTE_CERTIFICATES, LISTINGS, SUBSIDY_PROJECTS, PATENT_FEES,
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}
ROW_TABLES = tuple(table for table in TABLES if table.name not in {"enterprise", "years"})


def fact(name: str, table: str = "") -> Fact:
    """The fact of that name, of `enterprise` or `years` if no table is said.

    Raises:
        KeyError: the dictionary has no such fact.
    """
    for where in (BY_NAME[table],) if table else (ENTERPRISE, YEARS):
        for found in where:
            if found.name == name:
                return found
    raise KeyError(f"no fact {name!r} in the dictionary")
