"""Relief from patent fees (专利费用减缴): PF, PF272, PF316.

Governing day: the day of the request. Last year's taxable income is that of the fiscal year before.
"""

from datetime import date

from peiyu.policy.rulebook import Flag, Grant, Rulebook, Switch
from peiyu.policy.rulebooks.grants import given
from peiyu.policy.rulebooks.hnte import criterion
from peiyu.policy.tree import (
    Because,
    Cell,
    ChooseOutcome,
    Column,
    FactNode,
    Figure,
    IsYes,
    Measure,
    Number,
    Parameter,
    RowAll,
    RowIn,
    RowNot,
    Scaled,
    ToFen,
)
from peiyu.words import mark


def fee(name: str) -> Cell:
    """A column of the patent fees."""
    return Column("patent_fees", name)


annual = fee("kind").equals("annual") & (fee("annual_year") <= Figure("ip_fee_annual_years"))
reducible = Because(mark("不属于可减缴的费用，或者年费已超过可减缴的年数"), "PF-2",
                    RowIn(fee("kind"), parameter="ip_fee_kinds") | annual)  # fmt: skip
alone = RowNot(fee("joint"))
together = RowAll((
    fee("joint"),
    Because(mark("其他申请人（权利人）不符合减缴条件"), "PF-3", fee("others_entitled")),
))  # fmt: skip


def fees(name: str, title: str, where: Cell) -> Measure:
    """The fees in full of which a share is saved."""
    return Measure(name, title, "sum", "patent_fees", reducible & where, (fee("amount"),), article="PF-2")  # fmt: skip


def saved(of: Number, rate: str) -> Number:
    """What is not paid, in whole fen."""
    return ToFen(Scaled(of, rate))


fees_alone = fees("fees_alone", mark("可减缴的费用（单个申请人）"), alone)
fees_together = fees("fees_together", mark("可减缴的费用（两个以上申请人）"), together)
taxable, limit = FactNode("taxable_income", 1), Parameter("ip_fee_income")

CRITERIA = (
    criterion("income", mark("上年度应纳税所得额低于规定数额"), "PF-3",
              ChooseOutcome("at_the_bound", (("below", taxable < limit), ("not_above", taxable <= limit)))),
    criterion("filed", mark("当年专利费减备案已通过"), "PF-5", IsYes("fee_reduction_filed"), "gate"),
)  # fmt: skip

IP_FEES = Rulebook(
    name="ip_fees",
    title=mark("专利费用减缴"),
    governing=mark("请求减缴之日"),
    governing_article="PF-5",
    criteria=CRITERIA,
    switches=(
        Switch("at_the_bound", mark("应纳税所得额恰为规定数额"), "PF-3",
               (("below", mark("须低于，恰为该数不符合")), ("not_above", mark("不高于即可，恰为该数符合"))), "below"),
    ),
    grants=(
        Grant("saved_alone", mark("单个申请人（权利人）减缴的费用"), "PF-4", given(CRITERIA), saved(fees_alone, "ip_fee_single")),
        Grant("saved_together", mark("两个以上申请人（权利人）减缴的费用"), "PF-4", given(CRITERIA), saved(fees_together, "ip_fee_joint")),
    ),
    flags=(
        Flag("not_filed", mark("符合减缴条件而当年尚未备案"), "PF-5", CRITERIA[0].root & ~IsYes("fee_reduction_filed")),
    ),
    since=date(2016, 9, 1),
    documents=("PF", "PF272", "PF316"),
)  # fmt: skip
