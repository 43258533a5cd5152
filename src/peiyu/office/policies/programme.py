"""The open words of the programme: each a dated, visible setting with a default that is ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from peiyu.office.accounts.models import Role
from peiyu.office.foundation.refusals import Refused
from peiyu.office.policies.models import Setting
from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.hnte import HNTE
from peiyu.policy.rulebooks.tech_sme import TECH_SME
from peiyu.words import mark, message


@dataclass(frozen=True, slots=True)
class Reading:
    """One open word: its place in the plan, and the reading taken if nobody chose.

    `choices` empty: the value is a whole number between `least` and `most`.
    """

    key: str
    title: str
    place: str
    default: str | int
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 0
    group: str = ""
    by: Role = Role.BUREAU_HEAD
    """Who chooses it, and nobody else."""

    def words(self, value: str | int) -> str:
        """A value as said on a page."""
        return dict(self.choices).get(str(value), str(value))


BASIS_ORDERS = (
    ("verified", mark("核定、审计、纳税申报、企业申报依次取用")),
    ("audited", mark("审计优先，其次核定、纳税申报、企业申报")),
    ("tax_return", mark("纳税申报优先，其次核定、审计、企业申报")),
    ("declared", mark("企业申报优先，其次核定、审计、纳税申报")),
)
"""Which basis decides where several state a figure; the default first."""
OWN_BASIS = ("hnte", "tech_sme")
"""Programmes with an order of bases of their own."""


def basis_key(rulebook: str) -> str:
    """The setting that says which basis decides for a programme."""
    return f"{rulebook if rulebook in OWN_BASIS else 'programmes'}.basis"


PROGRAMME, WORK, RULES = mark("计划中的开放用语"), mark("办理规则"), mark("认定规则的选读")
READINGS = (
    Reading("attribution", mark("企业归属到哪个责任单位"), "S3.4", "zone_first",
            (("zone_first", mark("在有效园区内归园区，否则归镇（街道）")),
             ("town", mark("一律归镇（街道）"))), group=PROGRAMME),
    Reading("newly_recognised", mark("“新培育认定”含不含迁入企业"), "S0.3", "first_only",
            (("first_only", mark("只计首次认定")), ("with_moved_in", mark("迁入的有效高企也计"))), group=PROGRAMME),
    Reading("stock_goal", mark("“突破35家”按多少计"), "S0.4", 36, least=35, most=36, group=PROGRAMME),
    Reading("counted_day", mark("认定数量按哪一天计"), "S0.3", "issued",
            (("issued", mark("证书发证日")), ("publicity", mark("公示日")),
             ("approval", mark("批复日"))), group=PROGRAMME),
    Reading("value_added_share", mark("“40%左右”的容差（百分点）"), "S0.5", 2, least=0, most=5, group=PROGRAMME),
    Reading("trained_enterprises", mark("“三年内200家以上企业的培训和指导”怎么数"), "S1.3d", "both",
            (("both", mark("培训和指导都做过才算一家")), ("either", mark("做过其一即算一家"))), group=PROGRAMME),
    Reading("three_years", mark("“三年内”从哪年起"), "S1.3d", 2018, least=2017, most=2019, group=PROGRAMME),
    Reading("first_recognition", mark("“首次认定”"), "S1.2b", "ever_anywhere",
            (("ever_anywhere", mark("在任何地方从未认定过")),
             ("ever_here", mark("在本市从未认定过"))), group=PROGRAMME),
    Reading("after_gap", mark("资格中断后再认定按什么奖补"), "S1.2c", "again",
            (("again", mark("按重新认定")), ("first", mark("按首次认定"))), group=PROGRAMME),
    Reading("gap_begins", mark("资格中断从何时算起"), "S1.2c", "next_year",
            (("next_year", mark("有效期届满的次年")), ("next_day", mark("有效期届满的次日"))), group=PROGRAMME),
    Reading("match_provincial", mark("“配套奖补”是否以省级奖补到位为前提"), "S1.2b", "no",
            (("no", mark("不以为前提")), ("yes", mark("以为前提"))), group=PROGRAMME),
    Reading("subsidy_cap_unit", mark("“最高100万元”按什么封顶"), "S1.1e", "enterprise_year",
            (("enterprise_year", mark("每家企业每年")), ("project", mark("每个项目"))), group=PROGRAMME),
    Reading("registration_days", mark("登记征求意见的期限（工作日）"), "E14", 3, least=1, most=15, group=WORK),
    Reading("registration_silence", mark("登记征求意见逾期不答"), "E14", "agrees",
            (("agrees", mark("视为无意见")), ("blocks", mark("未复不能确认"))), group=WORK),
    Reading("tax_figures", mark("纳税申报数向谁开放"), "E37", "bureau",
            (("bureau", mark("税务部门、企业和科技局")), ("tax", mark("只有税务部门和企业"))), group=WORK, by=Role.TAX),
    Reading("chain_transfer_days", mark("知识产权取得不足多少天要提示"),
            "S1.1c", 365, least=0, most=3650, group=WORK),
    Reading("chain_after_days", mark("研发结束多少天后才申请的知识产权要提示"),
            "S1.1c", 0, least=0, most=730, group=WORK),
    Reading("chain_day_hours", mark("一个工作日按几小时计（核对研发工时）"),
            "S1.1d", 8, least=4, most=12, group=WORK),
    Reading("cooperation_weight", mark("产学研合作怎样才计"), "S0.2a", "both",
            (("both", mark("既有付款又有成果")), ("either", mark("有付款或有成果"))), group=WORK),
    Reading("ip_fee_days", mark("专利年费到期前多少天提醒"),
            "S1.1c", 90, least=0, most=365, group=WORK),
    Reading("strong_ip_class1", mark("知识产权强企候选：有效Ⅰ类至少几件"),
            "S3.3g", 3, least=0, most=1000, group=WORK),
    Reading("strong_ip_all", mark("知识产权强企候选：有效知识产权至少几件"),
            "S3.3g", 15, least=0, most=1000, group=WORK),
    Reading("late_report", mark("逾期补报的年报算不算缺报一次"), "S0.4", "missing",
            (("missing", mark("算（工作指引G5.2）")), ("filed", mark("不算（管理办法M19(3)只说未填报）"))), group=WORK),
    Reading("expiry_first", mark("证书到期前几个月第一次提醒"), "S0.4", 18, least=13, most=36, group=WORK),
    Reading("expiry_second", mark("证书到期前几个月第二次提醒"), "S0.4", 12, least=10, most=12, group=WORK),
    Reading("expiry_third", mark("证书到期前几个月第三次提醒"), "S0.4", 9, least=7, most=9, group=WORK),
    Reading("expiry_last", mark("证书到期前几个月最后一次提醒"), "S0.4", 6, least=1, most=6, group=WORK),
    Reading("renewal_last_month", mark("重新认定最迟在到期当年几月申请"), "S0.4", 8, least=1, most=12, group=WORK),
    Reading("right_months", mark("新取得一件可用的知识产权至少要几个月"), "S1.1c", 6, least=1, most=36, group=WORK),
    Reading(basis_key("hnte"), mark("核对高新技术企业认定取哪种口径的数"), "M11", "verified", BASIS_ORDERS, group=WORK),
    Reading(basis_key("tech_sme"), mark("核对科技型中小企业取哪种口径的数"), "S1.1a", "verified", BASIS_ORDERS,
            group=WORK),
    Reading(basis_key(""), mark("核对其他项目取哪种口径的数"), "S1.1b", "verified", BASIS_ORDERS, group=WORK),
    Reading("export_rows", mark("一次导出多少家以上须经批准"), "E16", 1000, least=50, most=100000, group=WORK),
)  # fmt: skip


@cache
def readings() -> dict[str, Reading]:
    """Every setting: those of the plan, and the switches of the two rulebooks that all are judged by."""
    switches = (
        Reading(
            f"{book.name}.{switch.name}",
            switch.title,
            switch.article,
            switch.default,
            switch.readings,
            group=RULES,
        )
        for book in (HNTE, TECH_SME)
        for switch in book.switches
    )
    return {reading.key: reading for reading in (*READINGS, *switches)}


def value_of(key: str, on: date) -> str | int:
    """The value of a setting on a day: the newest that was set for a day not later, else ours."""
    reading = readings()[key]
    found = (
        Setting.objects.filter(key=key, from_on__lte=on)
        .order_by("-from_on", "-id")
        .values_list("value", flat=True)
        .first()
    )
    return reading.default if found is None else found


def values_on(on: date) -> dict[str, str | int]:
    """All settings on a day, in one query."""
    found: dict[str, str | int] = {key: reading.default for key, reading in readings().items()}
    for row in Setting.objects.filter(from_on__lte=on).order_by("from_on", "id"):
        if row.key in found:
            found[row.key] = row.value
    return found


def _by_plan(values: Mapping[str, Any]) -> dict[str, str]:
    """The readings of the awards' switches that follow from the open words of the plan."""
    first = "in_city" if values["first_recognition"] == "ever_here" else "ever"
    return {
        "first_time": "after_gap" if values["after_gap"] == "first" else first,
        "gap_begins": str(values["gap_begins"]),
        "matching": "only_with_province" if values["match_provincial"] == "yes" else "independent",
    }


def readings_of(rulebook: Rulebook, values: Mapping[str, Any]) -> dict[str, str]:
    """The reading in force of each switch of a rulebook, where it is not the default.

    Raises:
        Refused: what was chosen is no reading of the rulebook any more; it must be chosen anew.
    """
    found, plan = {}, _by_plan(values)
    for switch in rulebook.switches:
        key = f"{rulebook.name}.{switch.name}"
        value = str(values.get(key, plan.get(switch.name, switch.default)))
        if value not in dict(switch.readings):
            text = "“{title}”选定的读法“{value}”，现行规则里已经没有。请科技局负责人重新选定"
            raise Refused(message(text, title=message(switch.title), value=value[:40]), field=key)
        if value != switch.default:
            found[switch.name] = value
    return found
