"""What recognition would bring an enterprise: awards and tax, each by its formula; no promise (JY-7).

Governing day: the day of issue that is supposed. Awards are those of `awards`, with a certificate of that
day taken as given; tax is that of the year of issue, on the taxable income of the fiscal year before.
"""

from datetime import date

from peiyu.policy.rulebook import Flag, Grant, Rulebook, Voice
from peiyu.policy.rulebooks.awards import (
    FIRST_TIME,
    GAP,
    MATCH_SHARE,
    MATCHING,
    PERHAPS_FIRST,
    PROVINCIAL_MONEY,
    UNPUBLISHED,
    before,
    first_amount,
    first_time,
    match_of,
    matched,
    matched_at_most,
    third_amount,
    third_time,
)
from peiyu.policy.rulebooks.grants import NOTHING
from peiyu.policy.tree import (
    AllOf,
    Always,
    Called,
    FactNode,
    First,
    Outcome,
    OutcomeNode,
    Parameter,
    Scaled,
    ToFen,
)
from peiyu.words import mark

taxable = Called(mark("上一年度应纳税所得额"), "M10", FactNode("taxable_income", 1))
assets, staff = FactNode("total_assets", 1), FactNode("staff_average", 1)
deducted = Called(mark("上一年度加计扣除的研发费用"), "T99-1", FactNode("rd_super_deducted", 1))


def within(kind: str) -> OutcomeNode:
    """Assets and people are those of a small low-profit enterprise, of industry or other."""
    return (assets <= Parameter(f"small_profit_assets_{kind}")) & (
        staff <= Parameter(f"small_profit_staff_{kind}")
    )


# Until 2018 the bounds of industry were wider; of which kind it is, is not asked: between them not known.
small_enough = within("other") | (within("industry") & Always(Outcome.UNKNOWN))
small = AllOf((
    taxable <= Parameter("small_profit_income"), small_enough,
    Parameter("small_profit_rate_most") <= Parameter("hnte_tax_rate"),
))  # fmt: skip
relieved = Called(mark("减按15%计税的应纳税所得额"), "EITL-28", First(((small, NOTHING),), taxable))
relief = ToFen(Scaled(relieved, "hnte_tax_relief"))
deducted_more = Called(
    mark("加计扣除的额（按最低的比例）"), "T99-1", Scaled(deducted, "rd_deduction_rate_least")
)
saved_by_deduction = ToFen(Scaled(deducted_more, "hnte_tax_rate"))

HNTE_BENEFITS = Rulebook(
    name="hnte_benefits",
    title=mark("高新技术企业政策红利"),
    governing=mark("设想的发证日期"),
    governing_article="M10",
    criteria=(),
    switches=(FIRST_TIME, GAP, PROVINCIAL_MONEY, MATCHING, MATCH_SHARE),
    grants=(
        Grant("first_award", mark("市级首次认定奖补"), "JY-2(1)", first_time & matched, first_amount),
        Grant("again_award", mark("市级重新认定奖补"), "JY-2(2)", ~first_time, Parameter("jiyuan_again_award")),
        Grant("first_match", mark("首次认定的省配套奖补（上限）"), "HNX(2)", before.equals(0),
              match_of(matched_at_most(first_amount))),
        Grant("third_award", mark("第三次连续认定的省级奖补（上限）"), "HNN(1)", third_time, third_amount),
        Grant("reduced_rate", mark("企业所得税减按15%（发证当年）"), "EITL-28", taxable > 0, relief),
        Grant("deduction", mark("研发费用加计扣除折合的税（至少，不以认定为前提）"), "T99-1", deducted > 0, saved_by_deduction),
    ),
    flags=(
        *PERHAPS_FIRST,
        UNPUBLISHED,
        Flag("small_profit", mark("符合小型微利企业条件的，按小型微利计税更低，减按15%不再少缴"), "T13-2", small & (taxable > 0)),
    ),
    since=date(2017, 1, 1),
    documents=("EITL", "EITR", "T76", "T43", "T77", "T13", "T13Y22"),
    voice=Voice(
        caution=mark("按公开规则和已有数据测算，不是承诺；以认定结果、当年文件和税务机关核定为准。"),
    ),
)  # fmt: skip
