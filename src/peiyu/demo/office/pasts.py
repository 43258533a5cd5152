"""What the enterprises of the demo city say of seven fiscal years, in fen and hundredths of people.

Of the last three years exactly what the workbook says; before that, drawn back from the earliest of
them. Some years and figures are not there, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random

from peiyu.demo.amounts import HUNDRED, down
from peiyu.demo.city import Firm
from peiyu.demo.draft import LAGS, PERSON, Row
from peiyu.office.enterprises.models import Enterprise

FIRST_YEAR = 2012
KNOWN = (
    "sales_revenue", "net_assets", "rd_total", "rd_domestic", "total_income", "ht_income",
    "staff_average", "st_staff_average",
)  # fmt: skip
LACKING, BLANK = 7, 8
"""One year in so many, and one figure in so many, is not known of the years before the workbook's."""
Year = dict[str, int]


@dataclass
class Told:
    """An enterprise and what it says of its years."""

    firm: Firm
    enterprise: Enterprise
    years: dict[int, Year]
    own: Random
    corrected: dict[int, tuple[Year, str]] = field(default_factory=dict)
    """The figures first stated of a year, wrong, and why they were corrected."""

    @property
    def place(self) -> str:
        """The code of the body to which it is attributed."""
        return self.enterprise.body.code if self.enterprise.body else ""


def years_of(firm: Firm, on: date, own: Random) -> dict[int, Year]:
    """What it says of each year since its founding; a year of which nothing is said is not there."""
    founded = firm.facts.get("established_on")
    stated = {on.year - lag: as_stated(firm, on.year - lag, lag) for lag in LAGS}
    since = founded.year if isinstance(founded, date) else on.year - len(LAGS)
    found = {year: figures for year, figures in stated.items() if year >= since and figures}
    earliest = found.get(on.year - len(LAGS), {})
    fill_staff(found, on.year - 1, own)
    if isinstance(founded, date) and earliest.get("sales_revenue"):
        found |= drawn_back(earliest, max(since, FIRST_YEAR), on.year - len(LAGS), own)
    return dict(sorted(found.items()))


def as_stated(firm: Firm, year: int, lag: int) -> Year:
    """What the workbook says of a year: in the flat sheet, and in the sheet of years."""
    found: Row = {name: firm.facts.get(f"{name}.{lag}") for name in KNOWN}
    for row in firm.tables.get("years", ()):
        if row["year"] == year:
            found |= {name: value for name, value in row.items() if name != "year"}
    return {name: value for name, value in found.items() if isinstance(value, int)}


def fill_staff(found: dict[int, Year], last: int, own: Random) -> None:
    """The workbook asks for staff of the last year alone; the two before have about as many."""
    now = found.get(last, {})
    for year, figures in found.items():
        sales = figures.get("sales_revenue")
        if year == last or not sales or not now.get("sales_revenue") or not own.randrange(6):
            continue
        for name in ("staff_average", "st_staff_average"):
            if name in now:
                figures[name] = scaled(now[name], Fraction(sales, now["sales_revenue"]), PERSON)


def drawn_back(base: Year, first: int, before: int, own: Random) -> dict[int, Year]:
    """Year by year back from `before`, each somewhat smaller, some with gaps."""
    found: dict[int, Year] = {}
    figures = base
    for year in range(before - 1, first - 1, -1):
        figures = a_year_earlier(figures, own)
        if own.randrange(LACKING):
            kept = {name: value for name, value in figures.items() if own.randrange(BLANK)}
            if kept:
                found[year] = kept
    return found


def a_year_earlier(figures: Year, own: Random) -> Year:
    """All figures of the year before."""
    shrunk = Fraction(100, 100 + own.randint(-6, 30))
    found = {}
    for name, value in figures.items():
        if name in ("total_assets", "total_liabilities"):
            continue
        grain = PERSON if name.endswith("staff_average") else HUNDRED
        found[name] = scaled(value, shrunk, grain) if value > 0 else value
    if "net_assets" in found:
        found["total_liabilities"] = down(
            abs(found["net_assets"]) * own.randint(30, 150) // 100 + HUNDRED, HUNDRED
        )
        found["total_assets"] = found["net_assets"] + found["total_liabilities"]
        if found["total_assets"] < 0:
            del found["total_assets"], found["total_liabilities"]
    return found


def scaled(value: int, share: Fraction, grain: int) -> int:
    """About that share of a value, in whole grains, never nothing."""
    return max(grain, down(value * share, grain))


def of_audit(figures: Year) -> Year:
    """What an audit report says of the same year."""
    names = ("sales_revenue", "net_assets", "total_assets", "total_liabilities", "total_income")
    return {name: figures[name] for name in names if name in figures}


def of_tax_return(figures: Year, own: Random) -> Year:
    """What a tax return says of the same year."""
    found = {}
    if "sales_revenue" in figures:
        sales = found["sales_revenue"] = figures["sales_revenue"]
        found["taxable_income"] = down(sales * own.choice((0, 0, 2, 3, 5, 7)) // 100, HUNDRED)
    if "rd_total" in figures and own.randrange(3):
        found["rd_super_deducted"] = down(figures["rd_total"] * own.randint(55, 95) // 100, HUNDRED)
    return found
