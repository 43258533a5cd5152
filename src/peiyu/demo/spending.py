"""R&D by category, by activity or by year, that adds up to what is stated as the law counts it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from peiyu.demo.amounts import HUNDRED, down, share_out
from peiyu.demo.draft import Draft, Row
from peiyu.demo.identity import numbered

INTERNAL = (
    "rd_labour", "rd_direct_input", "rd_depreciation", "rd_amortisation", "rd_design", "rd_testing",
)  # fmt: skip
WEIGHTS = (40, 34, 12, 3, 4, 7)
OTHER = "rd_other"
AT_HOME, ABROAD = "rd_entrusted_domestic", "rd_entrusted_foreign"
CATEGORIES = (*INTERNAL, OTHER, AT_HOME, ABROAD)


@dataclass(frozen=True, slots=True)
class Style:
    """How an enterprise spends: other expense and entrusted R&D in per cent of what counts.

    `naive`: it states as its total all that it spent, not what counts.
    """

    other: int
    entrusted: int
    over: bool = False
    naive: bool = False


STYLES = (
    Style(9, 0),
    Style(13, 24),
    Style(0, 0, over=True),
    Style(6, 30),
    Style(0, 20, over=True),
    Style(12, 15),
)
NAIVE = (Style(11, 30, naive=True), Style(0, 10, over=True, naive=True))
PLAIN = Style(7, 0)


def by_category(draft: Draft, lag: int, style: Style) -> dict[str, int]:
    """What was spent on each category in a year, so that what counts is what is stated.

    Entrusted R&D counts in part, other expense up to its share of the whole. Who states every
    fen spends plainly, so that no share of the whole falls between two fen.
    """
    bounds = draft.bounds
    counted = draft.number(f"rd_total.{lag}")
    abroad = counted - draft.number(f"rd_domestic.{lag}")
    rate = bounds.entrusted_rate
    spent = dict.fromkeys(CATEGORIES, 0)
    if counted % HUNDRED:
        style = PLAIN
    home = down(Fraction(counted * style.entrusted, 100), HUNDRED)
    spent[ABROAD], spent[AT_HOME] = nearest(abroad / rate), nearest(home / rate)
    if style.over:
        allowed = nearest(counted * bounds.other_share)
        spent[OTHER] = allowed + down(allowed // draft.random.randint(3, 9), HUNDRED)
    else:
        allowed = down(Fraction(counted * style.other, 100), HUNDRED)
        spent[OTHER] = allowed
    left = counted - abroad - home - allowed
    if left < 0:
        return by_category(draft, lag, PLAIN)
    for name, weight in zip(INTERNAL[1:], WEIGHTS[1:], strict=True):
        spent[name] = down(Fraction(left * weight, sum(WEIGHTS)), HUNDRED)
    spent[INTERNAL[0]] = left - sum(spent[name] for name in INTERNAL[1:])
    return spent


def nearest(amount: Fraction) -> int:
    """The nearest whole fen; what counts of it is then what was wanted, since the law rounds too."""
    return int(amount + Fraction(1, 2))


def spent_in_all(draft: Draft, index: int, *, naive: bool) -> dict[int, dict[str, int]]:
    """The categories of every year; a naive enterprise then states the plain sum of them."""
    style = NAIVE[index % len(NAIVE)] if naive else STYLES[index % len(STYLES)]
    years = {lag: by_category(draft, lag, style) for lag in draft.lags}
    if style.naive:
        for lag, spent in years.items():
            draft.facts[f"rd_total.{lag}"] = sum(spent.values())
            draft.facts[f"rd_domestic.{lag}"] = sum(spent.values()) - spent[ABROAD]
    return years


def write_activities(draft: Draft, index: int, *, naive: bool = False) -> None:
    """One row for each R&D activity and year."""
    random = draft.random
    rows: list[Row] = []
    activities = [
        f"{random.choice(draft.trade.products)}{method}技术研究"
        for method in random.sample(draft.trade.methods, random.randint(2, 4))
    ]
    for lag, spent in reversed(spent_in_all(draft, index, naive=naive).items()):
        at_work = sorted(random.sample(range(len(activities)), random.randint(1, len(activities))))
        parts = {name: share_out(spent[name], len(at_work), random) for name in CATEGORIES}
        numbers = list(zip(numbered("RD"), activities, strict=False))
        for place, at in enumerate(at_work):
            no, title = numbers[at]
            amounts = {name: parts[name][place] for name in CATEGORIES}
            rows.append({"no": no, "title": title, "year": draft.on.year - lag, **amounts})
    draft.tables["rd"] = rows


def write_years(draft: Draft, index: int) -> None:
    """One row a year: R&D by category, the parts of sales, the balance."""
    rows: list[Row] = []
    for lag, spent in reversed(spent_in_all(draft, index, naive=False).items()):
        rows.append(balance(draft, lag) | spent)
    last = rows[-1]
    nontaxable = down(draft.number("total_income.1") // 200, HUNDRED)
    last["income_total"] = draft.number("total_income.1") + nontaxable
    last["nontaxable_income"] = nontaxable
    draft.tables["years"] = rows


def write_balances(draft: Draft) -> None:
    """One row a year: the parts of sales and the balance only."""
    draft.tables["years"] = [balance(draft, lag) for lag in reversed(draft.lags)]


def balance(draft: Draft, lag: int) -> Row:
    """Sales in their parts, and assets and liabilities, of one year."""
    sales, net = draft.number(f"sales_revenue.{lag}"), draft.number(f"net_assets.{lag}")
    aside = down(Fraction(sales * draft.random.randint(0, 6), 100), HUNDRED)
    debts = down(Fraction(abs(net) * draft.random.randint(30, 160), 100), HUNDRED) + HUNDRED
    debts = max(debts, HUNDRED - net)
    return {
        "year": draft.on.year - lag,
        "main_business_revenue": sales - aside,
        "other_business_revenue": aside,
        "total_assets": net + debts,
        "total_liabilities": debts,
    }
