"""The dictionary of evidence: what stands behind the figures, table by table, as an office keeps it.

What the rules read of a table stands in `facts`; here stands what its checks need beside that. No
table holds the name of a person: people of R&D have numbers of their own enterprise.
"""

# ruff: noqa: E501  tables: a fact a line

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from peiyu.policy import facts
from peiyu.policy.case import Scalar
from peiyu.policy.facts import (
    APPLICATION,
    BUREAU,
    CERTIFICATES,
    CONTRACTS,
    FINANCE,
    IP_OFFICE,
    MANAGEMENT_PAPERS,
    PAYROLL,
    PROJECT_PAPERS,
    RD_HEAD,
    SPECIAL_AUDIT,
    STAFF_OFFICE,
    STANDARD_PAPERS,
    Fact,
    FactTable,
    Period,
    Secrecy,
    Unit,
    count,
    money,
    plain,
    yes,
)
from peiyu.words import mark

AGREEMENTS = mark("产学研合作协议与付款凭证")
TIMESHEETS = mark("研发人员工时记录")
MOST_HOURS = 744
"""Of a month of 31 days."""

Row = Mapping[str, Scalar]
"""A row as stored: whole fen, days, yes or no, names; None is unknown."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A table of evidence: its facts, what of them names a row, and how its numbers begin."""

    name: str
    title: str
    english: str
    facts: tuple[Fact, ...]
    key: tuple[str, ...] = ("no",)
    prefix: str = ""
    """Of numbers given by the office: IP01; empty where a row is named otherwise."""

    def fact(self, name: str) -> Fact:
        """The fact of that name.

        Raises:
            KeyError: the table has no such fact.
        """
        for found in self.facts:
            if found.name == name:
                return found
        raise KeyError(f"{self.name} has no fact {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its facts, in their order."""
        return tuple(fact.name for fact in self.facts)


def _of(table: FactTable, *without: str) -> dict[str, Fact]:
    return {fact.name: fact for fact in table if fact.name not in without}


def _no(table: str, chinese: str, english: str, example: str, document: str, holder: str) -> Fact:
    return plain("no", table, chinese, english, Unit.TEXT, document, holder, required=True, note=example,
                 synonyms=("编号",))  # fmt: skip


FIELD_NOTE = mark("《国家重点支持的高新技术领域》三级目录代码，例如 8.4.1。")


def _field(table: str, document: str) -> Fact:
    return plain("field", table, "技术领域代码", "Code of the technical field", Unit.TEXT, document, RD_HEAD,
                 secrecy=Secrecy.PUBLIC, synonyms=("技术领域", "所属技术领域"), note=FIELD_NOTE)  # fmt: skip


_IP = _of(facts.IP)
IP = Evidence("ip", "知识产权", "Intellectual property", (
    _IP["no"], _IP["title"], _IP["kind"], _IP["class_ruled"], _IP["grant_number"],
    plain("applied_on", "ip", "申请日期", "Applied on", Unit.DAY, CERTIFICATES, IP_OFFICE, secrecy=Secrecy.PUBLIC, synonyms=("申请日",)),
    _IP["granted_on"], _IP["ends_on"],
    plain("fees_paid_to", "ip", "年费已缴至", "Annual fees paid to", Unit.DAY, facts.FEE_NOTICE, IP_OFFICE,
          synonyms=("年费缴至",), note=mark("专利年费已缴足的年度的最后一天；无须缴年费的不填。")),
    _IP["mainland"], _IP["owner_self"],
    plain("owners", "ip", "权利人", "Owners", Unit.TEXT, CERTIFICATES, IP_OFFICE, secrecy=Secrecy.PUBLIC,
          synonyms=("专利权人", "著作权人"), note=mark("全部权利人的单位名称，用顿号分开。")),
    _IP["co_owned"], _IP["certificate"], _IP["grant_notice"], _IP["fee_receipt"], _IP["obtained"],
    plain("obtained_on", "ip", "取得日期（受让、受赠、并购）", "Obtained on", Unit.DAY, CERTIFICATES, IP_OFFICE,
          synonyms=("转让登记日", "受让日期"), note=mark("权利转到本企业名下的登记日；自主研发不填。")),
    _field("ip", CERTIFICATES),
    plain("inventors", "ip", "发明人（设计人）人员编号", "Inventors, by staff number", Unit.NAMES, CERTIFICATES, RD_HEAD,
          note=mark("研发人员表里的编号，例如 P001、P002；姓名见证书。")),
    _IP["used_before"], _IP["disputed"], _IP["related"],
), prefix="IP")  # fmt: skip

PROJECTS = Evidence("projects", "研发项目", "R&D projects", (
    _no("projects", "研发活动编号", "RD no.", mark("例如 RD01，企业内唯一。"), PROJECT_PAPERS, RD_HEAD),
    plain("title", "projects", "研发活动名称", "Title", Unit.TEXT, PROJECT_PAPERS, RD_HEAD, required=True, secrecy=Secrecy.COMMERCIAL,
          synonyms=("项目名称",)),
    plain("way", "projects", "研发方式", "How it is done", Unit.CHOICE, PROJECT_PAPERS, RD_HEAD,
          choices=(("own", "自主研发", "Own"), ("entrusted", "委托研发", "Entrusted"), ("cooperative", "合作研发", "Cooperative"),
                   ("centralised", "集中研发", "Centralised in the group"))),
    plain("tech_source", "projects", "技术来源", "Source of the technology", Unit.CHOICE, PROJECT_PAPERS, RD_HEAD,
          choices=(("own", "企业自有技术", "Own technology"), ("institute", "高校、院所技术", "Universities and institutes"),
                   ("other_firm", "其他企业技术", "Other enterprises"), ("military", "军转民技术", "Military technology"),
                   ("absorbed", "引进技术消化吸收再创新", "Introduced and developed further"), ("joint", "产学研合作技术", "Joint research"),
                   ("other", "其他", "Other"))),
    _field("projects", PROJECT_PAPERS),
    plain("started_on", "projects", "开始日期", "Started on", Unit.DAY, PROJECT_PAPERS, RD_HEAD, synonyms=("起始日期", "开始时间")),
    plain("ended_on", "projects", "结束日期", "Ended on", Unit.DAY, PROJECT_PAPERS, RD_HEAD, synonyms=("结束时间", "完成日期"),
          note=mark("未结束的填计划结束日期。")),
    plain("state", "projects", "项目状态", "State", Unit.CHOICE, PROJECT_PAPERS, RD_HEAD,
          choices=(("planned", "未开始", "Planned"), ("running", "进行中", "Running"), ("done", "已完成", "Done"),
                   ("stopped", "已终止", "Stopped"), ("failed", "失败", "Failed"))),
    money("budget", "projects", "研发经费预算", "Budget", PROJECT_PAPERS, FINANCE, period=Period.STANDING, synonyms=("预算",)),
    plain("approved_on", "projects", "立项日期", "Approved on", Unit.DAY, PROJECT_PAPERS, RD_HEAD),
    yes("approval", "projects", "有立项文件", "Has a paper of approval", PROJECT_PAPERS, RD_HEAD, synonyms=("立项文件",)),
    plain("approval_paper", "projects", "立项文件名称、文号", "Paper of approval", Unit.TEXT, PROJECT_PAPERS, RD_HEAD, synonyms=("立项文号",)),
    plain("accepted_on", "projects", "验收日期", "Accepted on", Unit.DAY, PROJECT_PAPERS, RD_HEAD),
    yes("acceptance", "projects", "有验收文件", "Has a paper of acceptance", PROJECT_PAPERS, RD_HEAD, synonyms=("验收报告", "验收文件")),
    plain("acceptance_paper", "projects", "验收文件名称、文号", "Paper of acceptance", Unit.TEXT, PROJECT_PAPERS, RD_HEAD),
    plain("ip_nos", "projects", "取得的知识产权编号", "IP obtained, nos.", Unit.NAMES, PROJECT_PAPERS, IP_OFFICE,
          synonyms=("知识产权编号",), note=mark("例如 IP01、IP03；没有填“无”。")),
), prefix="RD")  # fmt: skip

_RD = _of(facts.RD, "title")
SPENDING = Evidence(
    "rd", "研发活动费用", "R&D spending by year", tuple(_RD.values()), key=("no", "year")
)

_PS = _of(facts.PRODUCTS, "income")
PRODUCTS = Evidence("products", "高新技术产品（服务）", "High-tech products", (
    _PS["no"], _PS["title"], _PS["is_main"],
    _field("products", APPLICATION),
    plain("tech_source", "products", "技术来源", "Source of the technology", Unit.CHOICE, APPLICATION, RD_HEAD,
          choices=PROJECTS.fact("tech_source").choices),
    plain("first_sold_on", "products", "首次销售日期", "First sold on", Unit.DAY, APPLICATION, FINANCE),
    plain("indicators", "products", "关键技术及主要技术指标", "Key technology and indicators", Unit.TEXT, APPLICATION, RD_HEAD,
          secrecy=Secrecy.COMMERCIAL, note=mark("不超过400字。"), maximum=400),
    _PS["ip_nos"],
), prefix="PS")  # fmt: skip

INCOMES = Evidence("incomes", "产品（服务）收入", "Income of products by year", (
    _PS["no"],
    plain("year", "incomes", "年度", "Fiscal year", Unit.YEAR, SPECIAL_AUDIT, FINANCE, required=True, minimum=1990, maximum=2100),
    money("income", "incomes", "销售收入", "Income", SPECIAL_AUDIT, FINANCE, synonyms=("产品收入", "收入")),
), key=("no", "year"))  # fmt: skip

_CV = _of(facts.CONVERSIONS)
CONVERSIONS = Evidence("conversions", "科技成果转化", "Conversions", (
    _no("conversions", "转化编号", "Conversion no.", mark("例如 CG01，企业内唯一。"), CONTRACTS, RD_HEAD),
    _CV["result"], _CV["form"], _CV["converted_on"],
    plain("source_nos", "conversions", "成果来源编号", "Whence the result, nos.", Unit.NAMES, CONTRACTS, RD_HEAD,
          synonyms=("成果来源",), note=mark("成果来自的知识产权或研发活动，例如 IP01、RD03。")),
    plain("product_nos", "conversions", "转化成的产品编号", "Became products, nos.", Unit.NAMES, CONTRACTS, RD_HEAD,
          synonyms=("产品编号",), note=mark("例如 PS01；样品、样机等没有产品编号的填“无”。")),
    plain("proof", "conversions", "证明材料", "Proof", Unit.TEXT, CONTRACTS, RD_HEAD, secrecy=Secrecy.COMMERCIAL,
          note=mark("合同、发票、检测报告、用户报告等。")),
), prefix="CG")  # fmt: skip

_ST = _of(facts.STANDARDS)
STANDARDS = Evidence("standards", "标准制定", "Standards", (
    _ST["number"],
    plain("title", "standards", "标准名称", "Title", Unit.TEXT, STANDARD_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC),
    _ST["level"],
    plain("part", "standards", "参与方式", "Part taken", Unit.CHOICE, STANDARD_PAPERS, RD_HEAD, secrecy=Secrecy.PUBLIC,
          choices=(("lead", "主持", "Leading"), ("join", "参与", "Taking part"))),
    _ST["certified"], _ST["rank"], _ST["published_on"],
), key=("number",))  # fmt: skip

COOPERATIONS = Evidence("cooperations", "产学研合作", "Cooperation agreements", (
    _no("cooperations", "协议编号", "Agreement no.", mark("例如 HZ01，企业内唯一。"), AGREEMENTS, RD_HEAD),
    plain("partner", "cooperations", "合作单位", "Partner", Unit.TEXT, AGREEMENTS, RD_HEAD, required=True, secrecy=Secrecy.COMMERCIAL),
    plain("kind", "cooperations", "合作方式", "Kind", Unit.CHOICE, AGREEMENTS, RD_HEAD,
          choices=(("entrusted", "委托开发", "Entrusted development"), ("joint", "联合开发", "Joint development"),
                   ("transfer", "技术转让或许可", "Transfer or licence"), ("platform", "共建平台", "Shared platform"),
                   ("talent", "人才培养", "Training of talent"), ("other", "其他", "Other"))),
    plain("title", "cooperations", "合作内容", "Subject", Unit.TEXT, AGREEMENTS, RD_HEAD, secrecy=Secrecy.COMMERCIAL),
    plain("signed_on", "cooperations", "签订日期", "Signed on", Unit.DAY, AGREEMENTS, RD_HEAD),
    plain("until_on", "cooperations", "有效期至", "Valid to", Unit.DAY, AGREEMENTS, RD_HEAD),
    money("amount", "cooperations", "合同金额", "Agreed amount", AGREEMENTS, FINANCE, period=Period.STANDING),
    money("paid", "cooperations", "已付金额", "Paid", AGREEMENTS, FINANCE, period=Period.STANDING, note=mark("一分未付填0。")),
    yes("output", "cooperations", "已形成成果", "Has an output", AGREEMENTS, RD_HEAD),
    plain("output_words", "cooperations", "形成的成果", "Output", Unit.TEXT, AGREEMENTS, RD_HEAD, secrecy=Secrecy.COMMERCIAL,
          note=mark("形成的知识产权、样机、报告等。")),
    plain("rd_nos", "cooperations", "对应的研发活动编号", "R&D activities, nos.", Unit.NAMES, AGREEMENTS, RD_HEAD, note=mark("例如 RD02。")),
), prefix="HZ")  # fmt: skip

_IN = _of(facts.INSTITUTIONS)
INSTITUTIONS = Evidence("institutions", "研发机构与平台", "R&D institutions and platforms", (
    _no("institutions", "平台编号", "Platform no.", mark("例如 PT01，企业内唯一。"), facts.TITLE_PAPERS, RD_HEAD),
    *_IN.values(),
), prefix="PT")  # fmt: skip

MANAGEMENT = Evidence("management", "研发管理制度", "R&D management systems", (
    _no("management", "制度编号", "System no.", mark("例如 GL01，企业内唯一。"), MANAGEMENT_PAPERS, RD_HEAD),
    plain("item", "management", "对应的评分项", "Scored item", Unit.CHOICE, MANAGEMENT_PAPERS, RD_HEAD, required=True,
          choices=tuple(
              (name, chinese, english)
              for name, chinese, english, _ in facts.SHEET_ITEMS
              if name in ("management_system", "institution", "incentives", "talent")
          )),
    plain("title", "management", "制度或材料名称", "Title", Unit.TEXT, MANAGEMENT_PAPERS, RD_HEAD, required=True),
    plain("issued_on", "management", "发布日期", "Issued on", Unit.DAY, MANAGEMENT_PAPERS, RD_HEAD),
    plain("applied_with", "management", "执行记录", "Record of its use", Unit.TEXT, MANAGEMENT_PAPERS, RD_HEAD,
          note=mark("执行了制度的证明，例如奖励发放表、培训签到表。")),
), prefix="GL")  # fmt: skip

_AW = _of(facts.AWARDS)
AWARDS = Evidence("awards", "科技奖励", "Science awards", (
    _no("awards", "奖励编号", "Award no.", mark("例如 JL01，企业内唯一。"), facts.AWARD_PAPERS, RD_HEAD),
    *_AW.values(),
), prefix="JL")  # fmt: skip

PEOPLE = Evidence("people", "研发人员", "People of R&D", (
    _no("people", "人员编号", "Staff no.", mark("例如 P001；不写姓名和证件号。"), PAYROLL, STAFF_OFFICE),
    plain("employment", "people", "用工形式", "Employment", Unit.CHOICE, PAYROLL, STAFF_OFFICE,
          choices=(("payroll", "在职", "On payroll"), ("part_time", "兼职", "Part-time"), ("temporary", "临时聘用", "Temporary"))),
    plain("post", "people", "岗位", "Post", Unit.TEXT, PAYROLL, STAFF_OFFICE),
    plain("joined_on", "people", "入职日期", "Joined on", Unit.DAY, PAYROLL, STAFF_OFFICE),
    plain("left_on", "people", "离职日期", "Left on", Unit.DAY, PAYROLL, STAFF_OFFICE, note=mark("在职的不填。")),
    yes("st", "people", "属于科技人员", "Is S&T personnel", PAYROLL, STAFF_OFFICE),
), prefix="P")  # fmt: skip

HOURS = Evidence("hours", "研发工时", "Hours of R&D", (
    plain("no", "hours", "研发活动编号", "RD no.", Unit.TEXT, TIMESHEETS, RD_HEAD, required=True, synonyms=("项目编号",)),
    plain("person", "hours", "人员编号", "Staff no.", Unit.TEXT, TIMESHEETS, STAFF_OFFICE, required=True),
    plain("year", "hours", "年度", "Year", Unit.YEAR, TIMESHEETS, STAFF_OFFICE, required=True, minimum=1990, maximum=2100),
    plain("month", "hours", "月份", "Month", Unit.MONTH, TIMESHEETS, STAFF_OFFICE, required=True, minimum=1, maximum=12),
    count("hours", "hours", "研发工时（小时）", "Hours", TIMESHEETS, STAFF_OFFICE, maximum=MOST_HOURS, period=Period.EVENT,
          synonyms=("工时", "研发工时")),
), key=("no", "person", "year", "month"))  # fmt: skip

_IC = _of(facts.INCIDENTS)
INCIDENTS = Evidence("incidents", "事故与违法", "Incidents", (
    _no("incidents", "事件编号", "Incident no.", mark("例如 SG01，企业内唯一。"), facts.OPINION, BUREAU),
    *_IC.values(),
), prefix="SG")  # fmt: skip

TABLES = (
    IP, PROJECTS, SPENDING, PRODUCTS, INCOMES, CONVERSIONS, STANDARDS, COOPERATIONS, INSTITUTIONS,
    MANAGEMENT, AWARDS, PEOPLE, HOURS, INCIDENTS,
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}


def day_of(row: Row, name: str) -> date | None:
    """A day of a row."""
    found = row.get(name)
    return found if isinstance(found, date) else None


def names_of(row: Row, name: str) -> tuple[str, ...]:
    """The numbers that a row names; none where that is not known."""
    found = row.get(name)
    return found if isinstance(found, tuple) else ()


def whole_of(row: Row, name: str) -> int | None:
    """A number of a row: fen, hours, a year."""
    found = row.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def text_of(row: Row, name: str) -> str:
    """A text of a row; empty where it is not known."""
    found = row.get(name)
    return found if isinstance(found, str) else ""
