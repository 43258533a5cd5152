"""Awards for recognition: Jiyuan (JY, JYL) and Henan (HNX, HNN).

Governing day: the day of issue on the certificate that is judged; for moving in, the day of it.
"""

from datetime import date

from peiyu.policy.rulebook import Flag, Grant, Rulebook, Switch
from peiyu.policy.rulebooks.certificates import (
    counted,
    earlier,
    earlier_ever,
    here,
    in_force,
    issued,
    issued_here,
    issued_today,
    of,
    unbroken,
)
from peiyu.policy.rulebooks.grants import NOTHING, above, between, given
from peiyu.policy.rulebooks.hnte import criterion, sales_of
from peiyu.policy.tree import (
    AllOf,
    Always,
    AtMost,
    Called,
    ChooseNumber,
    ChooseOutcome,
    Elapsed,
    FactNode,
    First,
    IsYes,
    Measure,
    Number,
    Outcome,
    OutcomeNode,
    Parameter,
    Scaled,
    ToFen,
    YearOf,
)
from peiyu.words import mark

ISSUE_DAY = mark("证书上的发证日期")
ANY = Always(Outcome.MET)
province_award = FactNode("province_award")

GAP = Switch("gap_begins", mark("资格中断从何时算起"), "JY-2(2)",
             (("next_year", mark("有效期届满的次年")), ("next_day", mark("有效期届满的次日"))), "next_year")  # fmt: skip

# -------------------------------------------------------------------------------------- the city

FIRST_TIME = Switch(
    "first_time", mark("何为首次认定"), "JY-2(1)",
    (("ever", mark("从未在任何地方取得过证书")), ("in_city", mark("在本市从未取得过证书")),
     ("after_gap", mark("资格中断后再取得的也算首次"))), "ever",
)  # fmt: skip
PROVINCIAL_MONEY = Switch(
    "provincial_money", mark("首次认定奖补是否包含省级资金"), "JY-2(1)",
    (("separate", mark("不包含，另行发放")), ("included", mark("包含，市级只补差额"))), "separate",
)  # fmt: skip
MATCHING = Switch(
    "matching", mark("“配套”是否以省级已奖补为前提"), "JY-2(1)",
    (("independent", mark("不以此为前提")), ("only_with_province", mark("省级已拨付才奖补"))), "independent",
)  # fmt: skip
JIYUAN_SWITCHES = (
    FIRST_TIME,
    GAP,
    Switch("moved_in", mark("证书是企业迁入本市之前取得的"), "JY-2",
           (("none", mark("未作规定，不奖补")), ("as_first", mark("按首次认定")), ("as_again", mark("按重新认定"))), "none"),
    Switch("certificates_2017", mark("2017年发证的企业"), "JY-2",
           (("paid", mark("奖补（行动计划自2017年起）")), ("not_paid", mark("不奖补"))), "paid"),
    PROVINCIAL_MONEY,
    MATCHING,
)  # fmt: skip

certificate = issued_today("JY-2")
obtained_here = issued_here("JY-2") >= 1
ever_before = earlier_ever("JY-2(1)")
here_before = counted("earlier_here", mark("此前在本市取得的证书"), earlier & here, "JY-2(1)")
held_until_now = counted("unbroken", mark("此前签发且资格未中断的证书"), unbroken, "JY-2(2)")
first_time: OutcomeNode = ChooseOutcome("first_time", (
    ("ever", ever_before.equals(0)),
    ("in_city", here_before.equals(0)),
    ("after_gap", held_until_now.equals(0)),
))  # fmt: skip
issue_year = Measure("issue_year", mark("发证年份"), "largest", "certificates", issued,
                     (YearOf(of("issued_on")),), article="JY")  # fmt: skip

JIYUAN_CRITERIA = (
    criterion("certified", mark("当日签发了高新技术企业证书"), "JY-2", certificate >= 1),
    criterion("paid_year", mark("发证年度在奖补范围内"), "JY-2", ChooseOutcome("certificates_2017", (
        ("paid", ANY), ("not_paid", issue_year >= Parameter("jiyuan_awards_first_year")),
    ))),
    criterion("in_city", mark("发证时企业在本市"), "JY-2", ChooseOutcome("moved_in", (
        ("none", obtained_here), ("as_first", ANY), ("as_again", ANY),
    ))),
)  # fmt: skip

as_first = ChooseOutcome("moved_in", (
    ("none", first_time), ("as_first", ~obtained_here | first_time), ("as_again", obtained_here & first_time),
))  # fmt: skip
matched = ChooseOutcome(
    "matching", (("independent", ANY), ("only_with_province", province_award > 0))
)
first_amount = ChooseNumber("provincial_money", (
    ("separate", Parameter("jiyuan_first_award")),
    ("included", Called(mark("市级应补的差额"), "JY-2(1)", above(Parameter("jiyuan_first_award"), province_award))),
))  # fmt: skip

PERHAPS_FIRST = (
    Flag("after_gap", mark("曾取得过证书而资格已中断，按不同口径可能算首次"), "JY-2(2)",
         (ever_before >= 1) & held_until_now.equals(0)),
    Flag("elsewhere", mark("曾在外地取得过证书，按不同口径可能算首次"), "JY-2(1)",
         (ever_before >= 1) & here_before.equals(0)),
)  # fmt: skip

JIYUAN_AWARDS = Rulebook(
    name="jiyuan_awards",
    title=mark("济源市高新技术企业认定奖补"),
    governing=ISSUE_DAY,
    governing_article="JY-2",
    criteria=JIYUAN_CRITERIA,
    switches=JIYUAN_SWITCHES,
    grants=(
        Grant("first_award", mark("首次认定奖补"), "JY-2(1)", given(JIYUAN_CRITERIA, as_first, matched), first_amount),
        Grant("again_award", mark("重新认定奖补"), "JY-2(2)", given(JIYUAN_CRITERIA, ~as_first),
              Parameter("jiyuan_again_award")),
    ),
    flags=(
        Flag("after_plan", mark("发证年份在行动计划期（2017至2021年）之后，奖补是否延续须以当年文件为准"), "JY",
             issue_year > Parameter("jiyuan_plan_last_year")),
        *PERHAPS_FIRST,
    ),
    since=date(2017, 1, 1),
    documents=("JY", "JYL"),
)  # fmt: skip

# ------------------------------------------------------------------------------- the province: match

sales = Called(mark("认定前一年销售收入"), "HNX(2)", sales_of(1))
ceiling = Called(mark("省配套奖补上限"), "HNX(2)", First((
    (sales >= Parameter("henan_match_sales_high"), Parameter("henan_match_high")),
    (sales >= Parameter("henan_match_sales_low"), Parameter("henan_match_middle")),
), Parameter("henan_match_low")))  # fmt: skip


def matched_at_most(paid: Number) -> Number:
    """What the province adds to what the city pays, at the most."""
    shared = Scaled(paid, "henan_match_share")
    return Called(mark("省配套奖补（上限）"), "HNX(3)", ToFen(AtMost((ceiling, shared))))


def match_of(at_most: Number) -> Number:
    """The match, or up to it where its share is taken as open."""
    return ChooseNumber("match_share", (("ceiling", at_most), ("open", between(NOTHING, at_most))))


MATCH_SHARE = Switch(
    "match_share", mark("省配套比例未公布时的金额"), "HNX(3)",
    (("ceiling", mark("按设定的比例计算，只作上限")), ("open", mark("在零与上限之间，未知"))), "ceiling",
)  # fmt: skip
before = earlier_ever("HNX(1)")
third_amount = Parameter("henan_third_award")
third_time = AllOf((third_amount > 0, before >= 2, FactNode("consecutive_recognitions").equals(3)))
UNPUBLISHED = Flag("share_unpublished", mark("省配套的比例未公布，金额只是上限"), "HNX(3)",
                   (before.equals(0)) & (Parameter("henan_match_share") >= 1))  # fmt: skip

MATCH_CRITERIA = (
    criterion("certified", mark("在本市时当日签发了高新技术企业证书"), "HNX(1)", issued_here("HNX(1)") >= 1),
    criterion("outside_zone", mark("不在郑洛新国家自主创新示范区"), "HNX(4)", ~IsYes("demonstration_zone")),
)  # fmt: skip

HENAN_MATCH = Rulebook(
    name="henan_match",
    title=mark("河南省高新技术企业认定配套奖补"),
    governing=ISSUE_DAY,
    governing_article="HNX(2)",
    criteria=MATCH_CRITERIA,
    switches=(MATCH_SHARE,),
    grants=(
        Grant("first_match", mark("首次认定的省配套奖补（上限）"), "HNX(2)", given(MATCH_CRITERIA, before.equals(0)),
              match_of(matched_at_most(FactNode("city_award")))),
        Grant("third_award", mark("第三次连续认定的省级奖补（上限）"), "HNN(1)", given(MATCH_CRITERIA, third_time), third_amount),
    ),
    flags=(UNPUBLISHED,),
    since=date(2017, 1, 1),
    documents=("HN86", "HNX"),
)  # fmt: skip

# -------------------------------------------------------------------------- the province: moving in

sales_moved = Called(mark("迁入前一年销售收入"), "HNN(2)", sales_of(1))
MOVED_IN_CRITERIA = (
    criterion("moved_in", mark("由省外迁入，且判断之日为迁入之日"), "HNN(2)",
              IsYes("moved_in") & Elapsed("moved_in_on", "days").equals(0)),
    criterion("certified", mark("迁入之日高新技术企业资格有效"), "HNN(2)",
              counted("in_force", mark("有效的高新技术企业证书"), in_force(), "HNN(2)") >= 1),
)  # fmt: skip

HENAN_MOVED_IN = Rulebook(
    name="henan_moved_in",
    title=mark("河南省高新技术企业迁入奖补"),
    governing=mark("迁入之日"),
    governing_article="HNN(2)",
    criteria=MOVED_IN_CRITERIA,
    switches=(),
    grants=(
        Grant("moved_in_award", mark("迁入奖补"), "HNN(2)", given(MOVED_IN_CRITERIA), First((
            (sales_moved > Parameter("henan_moved_in_sales_high"), Parameter("henan_moved_in_high")),
            (sales_moved > Parameter("henan_moved_in_sales_low"), Parameter("henan_moved_in_middle")),
        ), Parameter("henan_moved_in_low"))),
    ),
    flags=(),
    since=date(2022, 1, 1),
    documents=("HNN",),
)  # fmt: skip
