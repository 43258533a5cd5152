"""The registration number of a technology SME (入库登记编号): what it says, until when, for which tax.

Eighteen characters: the year, the division of six digits, one flag, seven more. What the flag means
is known from practice (国科发政〔2018〕11号, not re-read); other flags are read with a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from peiyu.policy.parameters import Figures, NotInForce, parameters
from peiyu.policy.wording import proportion
from peiyu.words import Message, mark, message

FORM = re.compile(r"^\d{4}\d{6}[0-9A-Z]\d{7}$", re.ASCII)
FLAGS = {
    "0": mark("有完整的上一会计年度，在汇算清缴期内取得"),
    "A": mark("成立不足一个完整会计年度"),
    "B": mark("汇算清缴期结束之后取得"),
}
UPDATE_BY = (3, 31)  # article 12: by the end of March, that day included
RATE = "ts_deduction_rate"
CHANGE_MONTHS = "ts_change_months"
"""Within so many months a change is reported (TS-13): for `hnte_certificate.change_due_on`."""
RATE_OF_ALL = "deduction_rate_of_all"
OPENS_PREVIOUS_YEAR = "0"  # the only flag that does
FIRST_LOSS_YEAR = 2018
SETTLED_BY = (5, 31)  # the annual settlement of the income tax ends on that day


class NoNumber(ValueError):
    """What was written is no registration number."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.text = message(
            "“{written}”不是入库登记编号：应为18位，即4位年份、6位行政区划代码、1位标记和7位顺序号",
            written=written,
        )
        super().__init__(self.text.say())


@dataclass(frozen=True, slots=True)
class RegistrationNumber:
    """A number taken apart."""

    written: str
    year: int
    division: str
    flag: str
    tail: str

    @property
    def meaning(self) -> str:
        """What the flag means, Chinese; empty where that is not known."""
        return FLAGS.get(self.flag, "")

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What a person should look at."""
        if self.flag in FLAGS:
            return ()
        return (message("编号第11位“{flag}”的含义不详，请人工核对", flag=self.flag),)


@dataclass(frozen=True, slots=True)
class TaxEffect:
    """Does a number open a tax benefit for a year, by which article, and why."""

    applies: bool
    tax_year: int
    article: str
    why: Message
    rate: Fraction | None = None  # of the super-deduction, where it is open


def parse(written: str) -> RegistrationNumber:
    """The parts of a registration number.

    Raises:
        NoNumber: it has not the form of one.
    """
    compact = written.strip().upper()
    if not FORM.fullmatch(compact):
        raise NoNumber(written)
    return RegistrationNumber(compact, int(compact[:4]), compact[4:10], compact[10], compact[11:])


def update_due(number: RegistrationNumber) -> date:
    """The last day on which the information of the next year may be updated (article 12)."""
    return date(number.year + 1, *UPDATE_BY)


def updated_in_time(number: RegistrationNumber, updated_on: date) -> bool:
    """Was the update made between the first of January and the end of March of the next year."""
    return date(number.year + 1, 1, 1) <= updated_on <= update_due(number)


def is_valid(number: RegistrationNumber, announced_on: date, on: date) -> bool:
    """Does the number count on a day: by practice from its announcement to 31 March of the next year."""
    return announced_on <= on <= update_due(number)


def super_deduction(
    number: RegistrationNumber, obtained_on: date, tax_year: int, *, lost_on_update: bool = False
) -> TaxEffect:
    """Is the tech-SME rate of the super-deduction open for a tax year (公告2017年第18号, article 3).

    It takes a number of the following year, obtained by 31 May of that year; if the update shows
    that the conditions are lost, the tax year does not qualify. Only the flag `0` opens it. The
    number matters for the tax years 2017 and 2022 only; in the others all have the same rate.
    """
    next_year, last = tax_year + 1, date(tax_year + 1, *SETTLED_BY)
    try:
        rate = Figures(date(tax_year, 12, 31)).number(RATE)
    except NotInForce:
        return _rate_of_all(tax_year)
    if number.year != next_year:
        why = message("编号是{year}年的，{tax_year}年度须用{next}年的编号", year=number.year,
                      tax_year=tax_year, next=next_year)  # fmt: skip
    elif number.flag != OPENS_PREVIOUS_YEAR:
        why = _flag_opens_nothing(number, tax_year)
    elif not date(next_year, 1, 1) <= obtained_on <= last:
        why = message("编号须在{day}之前（含当日）取得", day=last.isoformat())
    elif lost_on_update:
        why = message("更新信息后已不符合条件，{year}年度不得享受", year=tax_year)
    else:
        why = message(
            "已在{day}之前（含当日）取得{next}年的编号", day=last.isoformat(), next=next_year
        )
        return TaxEffect(True, tax_year, "T18-3", why, rate)
    return TaxEffect(False, tax_year, "T18-3", why)


def _rate_of_all(tax_year: int) -> TaxEffect:
    """The answer for a year in which no number matters: the rate that everybody had, if any."""
    try:
        found = parameters()[RATE_OF_ALL].dated(date(tax_year, 12, 31))
    except NotInForce:
        why = message("{year}年度没有科技型中小企业专有的加计扣除比例", year=tax_year)
        return TaxEffect(False, tax_year, "T18-3", why)
    assert isinstance(found.value, Fraction)
    why = message("{year}年度的加计扣除比例不取决于编号：符合条件的企业一般均为{rate}",
                  year=tax_year, rate=proportion(found.value))  # fmt: skip
    return TaxEffect(False, tax_year, found.source, why)


def _flag_opens_nothing(number: RegistrationNumber, tax_year: int) -> Message:
    """Why a number with another flag does not open the deduction of the previous year."""
    if not number.meaning:
        return message("编号第11位“{flag}”的含义不详，不能据此享受{year}年度的比例，请人工核对",
                       flag=number.flag, year=tax_year)  # fmt: skip
    return message("编号第11位为“{flag}”（{meaning}），不能据此享受{year}年度的比例",
                   flag=number.flag, meaning=message(number.meaning), year=tax_year)  # fmt: skip


def loss_status(number: RegistrationNumber, tax_year: int) -> TaxEffect:
    """Has the enterprise the status of a year for ten years of losses (公告2018年第45号, article 2).

    The year is the one that is printed in the number; the first is 2018.
    """
    applies = number.year == tax_year >= FIRST_LOSS_YEAR
    why = message("编号注明的年份是{year}年", year=number.year)
    return TaxEffect(applies, tax_year, "T45-2", why)
