"""Numbers, terms and annual fees of rights: what a number says, when a right ends, when it lapses.

A Chinese patent number since October 2003: four digits of the year, one of the kind, seven of the
series, a check digit (modulus 11). Terms and fees: PL42, PL43, PL44, PR98.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from peiyu.policy.months import A_YEAR, moved
from peiyu.policy.parameters import Figures, NotInForce
from peiyu.words import Message, message

PATENT = re.compile(r"(?:ZL|CN)?(\d{4})([1-9])(\d{7})\.?([0-9X])", re.ASCII)
OLD_PATENT = re.compile(r"(?:ZL|CN)?(\d{2})([1-9])(\d{5})\.?([0-9X])", re.ASCII)
"""Numbers of before October 2003."""
SOFTWARE = re.compile(r"(?:软著登字第)?(\d{4})SR(\d{6,8})号?", re.ASCII)
KINDS = {
    "1": "invention", "2": "utility_model", "3": "design", "8": "invention", "9": "utility_model",
}  # fmt: skip
"""The digit of the kind; 8 and 9 are international applications."""
PATENTS = frozenset({"invention", "utility_model", "design"})
TERMS = {
    "invention": "patent_term_invention",
    "utility_model": "patent_term_utility_model",
    "design": "patent_term_design",
}
GRACE = "patent_fee_grace_months"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PatentNumber:
    """A patent number taken apart."""

    written: str
    year: int
    kind: str
    check_digit_fits: bool


def patent_number(written: str) -> PatentNumber | None:
    """The parts of a patent number; None for what does not look like one."""
    text = re.sub(r"[\s\u3000]", "", written).upper()
    found = PATENT.fullmatch(text)
    if found is None:
        old = OLD_PATENT.fullmatch(text)
        if old is None or old[2] not in KINDS:
            return None
        year = int(old[1]) + (1900 if int(old[1]) >= 85 else 2000)
        return PatentNumber(written, year, KINDS[old[2]], _fits("".join(old.groups()[:3]), old[4]))
    if found[2] not in KINDS:
        return None
    digits = "".join(found.groups()[:3])
    return PatentNumber(written, int(found[1]), KINDS[found[2]], _fits(digits, found[4]))


def _fits(digits: str, check: str) -> bool:
    rest = sum(int(digit) * (2 + at % 8) for at, digit in enumerate(digits)) % 11
    return check == ("X" if rest == 10 else str(rest))


def number_trouble(kind: str, written: str, applied_on: date | None) -> Message | None:
    """What is odd about the number of a right; None where nothing is, or nothing can be said.

    Never a reason to refuse: old and foreign spellings exist.
    """
    if not written:
        return None
    if kind == "software":
        if SOFTWARE.fullmatch(re.sub(r"\s", "", written).upper()):
            return None
        return message("“{number}”不像软件著作权登记号（年份、SR和流水号）", number=written)
    if kind not in PATENTS:
        return None
    found = patent_number(written)
    if found is None:
        return message(
            "“{number}”不像专利号（年份4位、类别1位、流水号7位、校验位1位）", number=written
        )
    if found.kind != kind:
        text = "专利号“{number}”的类别位是{kind}，与填写的类别不一致"
        return message(text, number=written, kind=message(WORDS[found.kind]))
    if not found.check_digit_fits:
        return message("专利号“{number}”的校验位不对", number=written)
    if applied_on is not None and applied_on.year != found.year:
        text = "专利号“{number}”是{year}年申请的，与申请日期{day}不一致"
        return message(text, number=written, year=found.year, day=applied_on.isoformat())
    return None


WORDS = {"invention": "发明专利", "utility_model": "实用新型专利", "design": "外观设计专利"}


def bare(written: str) -> str:
    """A number without prefix, point and blanks, as numbers of one right are compared."""
    text = re.sub(r"[\s\u3000.．]", "", written).upper()
    return text.removeprefix("ZL").removeprefix("CN")


def term_ends_on(kind: str, applied_on: date | None) -> date | None:
    """The last day of a patent by its term (PL42): the law of the day of application decides.

    None where that cannot be said.
    """
    if applied_on is None or kind not in TERMS:
        return None
    try:
        years = int(Figures(applied_on).number(TERMS[kind]))
    except NotInForce:
        return None
    return _later(applied_on, years * A_YEAR, -ONE_DAY)


def fee_due_on(fees_paid_to: date) -> date:
    """The day by which the next annual fee is to be paid without surcharge (PR98)."""
    return _later(fees_paid_to, 0, ONE_DAY)


def lapses_on(fees_paid_to: date) -> date:
    """The last day on which that fee can still be paid, with surcharge (PR98)."""
    due = fee_due_on(fees_paid_to)
    return _later(due, int(Figures(due).number(GRACE)))


def has_lapsed(fees_paid_to: date | None, on: date) -> bool:
    """Was the annual fee left unpaid beyond its grace: then the right ended where it was paid to."""
    return fees_paid_to is not None and lapses_on(fees_paid_to) < on


def ends_by(
    kind: str, applied_on: date | None, ends_on: date | None, fees_paid_to: date | None, on: date
) -> date | None:
    """The last day of a right as one sees it on a day: stated, by its term, or where fees stopped."""
    ends = ends_on or term_ends_on(kind, applied_on)
    if fees_paid_to is not None and has_lapsed(fees_paid_to, on):
        return min(ends, fees_paid_to) if ends else fees_paid_to
    return ends


def _later(day: date, months: int, days: timedelta = timedelta()) -> date:
    """So much later; the last day there is, where one means for ever or mistyped the year."""
    try:
        return moved(day, months) + days
    except OverflowError:
        return date.max
