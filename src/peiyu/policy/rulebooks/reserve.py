"""Back-up HNTE (高新技术后备企业): a default of ours, not regulation (RS). Each bound is a parameter.

Governing day: the day of screening. What the recognition counts is counted here in the same way,
but that there is no application yet whose day a notice could fix.
"""

from dataclasses import replace
from datetime import date

from peiyu.policy.outline import switches_of
from peiyu.policy.rulebook import Rulebook, Voice
from peiyu.policy.rulebooks import hnte
from peiyu.policy.rulebooks.hnte import criterion
from peiyu.policy.tree import (
    Always,
    AnyOf,
    Elapsed,
    IsYes,
    Node,
    Outcome,
    OutcomeNode,
    Parameter,
    Ratio,
    Scaled,
    settled,
)
from peiyu.words import mark

days = Elapsed(hnte.SINCE, "days")
old_enough = (days >= 0) & (
    days + Parameter("reserve_lead_days") >= Parameter("reserve_registered_days")
)
enough_ip = AnyOf((
    hnte.class1 >= Parameter("reserve_ip_class1"), hnte.class2 >= Parameter("reserve_ip_class2"),
))  # fmt: skip
half = Scaled(hnte.rd_tier, "reserve_rd_part")
SHARED: dict[Node, Node] = {}


def on_the_day(root: OutcomeNode) -> OutcomeNode:
    """A condition of the recognition by the day of screening."""
    found = settled(root, {"application_day": "form"}, SHARED)
    assert isinstance(found, OutcomeNode)
    return found


ASKED = (
    criterion("resident", mark("在中国境内（不含港澳台地区）注册的居民企业"), "RS-1", IsYes("resident"), "gate"),
    criterion("registered", mark("注册成立一年以上，或者一年之内将满一年"), "RS-1", old_enough, "hard"),
    criterion("ip", mark("有一件Ⅰ类或者两件Ⅱ类可用知识产权"), "RS-2", enough_ip, "hard"),
    criterion("rd_share", mark("近三年研发费用占比达到认定标准的一半"), "RS-3",
              Ratio(hnte.rd3, hnte.sales3, Always(Outcome.EXPERT)) >= half, "hard"),
    criterion("st_staff", mark("科技人员占职工总数的比例"), "RS-4",
              Ratio(hnte.st_staff, hnte.staff, Always(Outcome.EXPERT)) >= Parameter("reserve_st_staff_share"), "hard"),
    criterion("incidents", mark("一年之内未发生重大安全、重大质量事故或严重环境违法行为"), "RS-5", hnte.incidents.equals(0), "hard"),
    criterion("lists", mark("未列入经营异常名录和严重违法失信企业名单"), "RS-5", ~IsYes("abnormal_list") & ~IsYes("violation_list"), "hard"),
)  # fmt: skip
CRITERIA = tuple(replace(found, root=on_the_day(found.root)) for found in ASKED)
PASSED = frozenset(name for found in CRITERIA for name in switches_of(found.root))
OWN_FLAGS = ("rows_ip_class1", "rows_ip_class2", "rows_incidents", "rows_staff", "rows_st_staff")

RESERVE = Rulebook(
    name="reserve",
    title=mark("高新技术后备企业筛选（本系统的建议标准）"),
    governing=mark("筛选日"),
    criteria=CRITERIA,
    switches=tuple(found for found in hnte.SWITCHES if found.name in PASSED),
    flags=tuple(
        replace(found, when=on_the_day(found.when))
        for found in hnte.FLAGS
        if found.id in OWN_FLAGS
    ),
    since=date(2017, 1, 1),
    documents=("RS",),
    governing_article="RS-1",
    voice=Voice(
        met=mark("符合建议的后备标准"),
        unmet=mark("不符合建议的后备标准"),
        legend=mark("条款号：RS 为本系统的建议标准，不是法规，每个数值都可以另定；G、M 为高新技术企业认定的指引和办法。"),
        colophon=mark("规则版本 {version}；条款 RS 为本系统的建议标准，不是法规。"),
    ),
)  # fmt: skip
