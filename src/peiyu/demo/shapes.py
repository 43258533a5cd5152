"""How the enterprises of each story are drawn: what they state before their rows are written.

Every shape draws an able or a modest enterprise and then bends it where its story lies.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from peiyu.demo.amounts import HUNDRED, LARGEST, SMALLEST, down, size, up
from peiyu.demo.draft import PERSON, Draft

Shape = Callable[[Draft, int], None]
Growth = dict[int, int]
"""By how many per cent a figure grew, by the year back in which it started."""

OLDEST, YOUNGEST_OLD = 1993, 5
POINT = Fraction(1, 10_000)
"""A hundredth of a per cent."""


def long_ago(draft: Draft) -> date:
    """A day of establishment with three full fiscal years behind it."""
    year = draft.random.choice((
        draft.random.randint(OLDEST, draft.on.year - YOUNGEST_OLD),
        draft.random.randint(2008, draft.on.year - YOUNGEST_OLD),
    ))  # fmt: skip
    return date(year, 1, 1) + timedelta(days=draft.random.randrange(365))


def any_growth(random: Random) -> Growth:
    """Growth as firms have it: mostly up."""
    return {2: random.randint(-6, 38), 3: random.randint(-6, 38)}


def upward(random: Random) -> Growth:
    """Growth that nobody doubts."""
    return {2: random.randint(8, 40), 3: random.randint(8, 40)}


def hardly_any(random: Random) -> Growth:
    """A little growth: above zero and below the next step."""
    return {2: random.randint(2, 3), 3: random.randint(2, 3)}


def downward(random: Random) -> Growth:
    """No growth at all."""
    return {2: -random.randint(4, 9), 3: -random.randint(4, 9)}


def able(
    draft: Draft,
    *,
    since: date | None = None,
    sales: int = 0,
    pinned: int = 0,
    grows: Callable[[Random], Growth] = any_growth,
    richer: Callable[[Random], Growth] = any_growth,
) -> None:
    """An enterprise that meets every hard condition with something to spare."""
    random, bounds = draft.random, draft.bounds
    draft.identify(since or long_ago(draft))
    draft.sell(pinned or sales or usual_sales(draft), grows(random), pinned=bool(pinned))
    last = draft.number("sales_revenue.1")
    draft.own(last * random.randint(20, 90) // 100, richer(random))
    spare = random.randint(30, 350) * POINT
    draft.spend(bounds.rd_share(last) + spare, random.choice((100, 100, 100, 96, 88, 74)))
    least = percent(bounds.ht_share)
    draft.earn(random.randint(0, 3), random.randint(least + 4, 93), random.randint(55, 96))
    draft.employ(random.randint(percent(bounds.st_share) + 1, 36))
    class1, class2 = random.choice((0, 1, 1, 1, 2, 3)), random.randint(5, 14)
    main = random.randint(2, 5)
    draft.protect(class1, class2, own=random.randint(1, class1 + class2), main=main)
    draft.facts["standards"] = random.choice((0, 0, 0, 0, 1, 2))
    draft.facts["conversions"] = random.randint(15, 26)
    draft.facts["incidents"] = 0


def modest(draft: Draft) -> None:
    """An ordinary small enterprise: too little R&D, too little high-tech income, little IP."""
    random = draft.random
    draft.identify(long_ago(draft))
    draft.sell(usual_sales(draft), any_growth(random))
    last = draft.number("sales_revenue.1")
    draft.own(last * random.randint(15, 80) // 100, any_growth(random))
    draft.spend(random.randint(10, 240) * POINT)
    draft.earn(random.randint(0, 5), random.randint(3, 52), random.randint(30, 95))
    draft.employ(random.randint(2, 15))
    class2 = random.choice((0, 0, 1, 1, 2, 3, 4, 6))
    draft.protect(0, class2, own=random.randint(0, class2), main=random.randint(0, class2))
    draft.facts["standards"] = 0
    draft.facts["conversions"] = random.randint(0, 8)
    draft.facts["incidents"] = 0


def usual_sales(draft: Draft) -> int:
    """Sales of a size usual in the trade."""
    return size(draft.random, draft.trade.heft)


def percent(share: Fraction) -> int:
    """A share in whole per cent, not less."""
    return -(-share.numerator * 100 // share.denominator)


# ------------------------------------------------------------------------------------- ready


def ready(draft: Draft, index: int) -> None:
    """All hard conditions met; the first stand exactly at and just above each bound of sales.

    These spend on R&D exactly what they must. Then come the smallest and the largest of the city.
    """
    bounds = [amount for tier in draft.bounds.sales_tiers for amount in (tier, tier + 1)]
    pinned = dict(enumerate([*bounds, SMALLEST, LARGEST]))
    able(draft, pinned=pinned.get(index, 0), grows=upward)
    if index < len(bounds):
        exactly_enough(draft)


def exactly_enough(draft: Draft) -> None:
    """R&D of three years that is the least possible, to the fen, all of it at home."""
    share = draft.bounds.rd_share(draft.number("sales_revenue.1"))
    draft.spend(share)
    least = up(share * sum(draft.number(f"sales_revenue.{lag}") for lag in draft.lags), 1)
    rest = sum(draft.number(f"rd_total.{lag}") for lag in draft.lags[1:])
    draft.facts["rd_total.1"] = draft.facts["rd_domestic.1"] = least - rest


def reviewed(draft: Draft, index: int) -> None:
    """Ready, and a panel has sat; standards give no bonus, so that the points are plain."""
    able(draft, grows=upward, richer=upward)
    draft.facts["standards"] = 0
    for name in ("activity_accepted", "field_accepted", "core_support_accepted"):
        draft.facts[name] = True
    for name, stated in (("panel_rd_total", "rd_total"), ("panel_rd_domestic", "rd_domestic")):
        draft.facts[name] = sum(draft.number(f"{stated}.{lag}") for lag in draft.lags)
    draft.facts["panel_ht_income"] = draft.number("ht_income.1")


def tepid(draft: Draft, index: int) -> None:
    """Ready but for growth: a panel can end exactly at the mark."""
    reviewed(draft, index)
    last = draft.number("sales_revenue.1")
    draft.own(last // 2, hardly_any(draft.random))


# ------------------------------------------------------------------------------ nearly ready


def short_of_rd(draft: Draft, index: int) -> None:
    """A few hundredths of a per cent of R&D are missing."""
    able(draft)
    share = draft.bounds.rd_share(draft.number("sales_revenue.1"))
    draft.spend_less_than(share, draft.random.randint(2, 9) * POINT)


def short_of_a_person(draft: Draft, index: int) -> None:
    """One more in R&D and the share of S&T personnel would do."""
    able(draft)
    draft.employ(0, at_least=15, whole=True)
    enough = up(draft.number("staff_average.1") * draft.bounds.st_share, PERSON)
    draft.facts["st_staff_average.1"] = enough - PERSON


def short_of_ip(draft: Draft, index: int) -> None:
    """No class I and two of class II: even the best panel can only give the pass mark itself."""
    able(draft, grows=hardly_any, richer=downward)
    draft.protect(0, 2, own=1, main=1 + index % 2)
    draft.facts["standards"] = 0
    draft.facts["conversions"] = draft.random.randint(12, 14)


def short_of_conversions(draft: Draft, index: int) -> None:
    """Fourteen conversions in three years: with a fifteenth the pass mark is in reach."""
    able(draft, grows=downward, richer=downward)
    draft.protect(0, 3 + index % 2, own=2, main=2)
    draft.facts["standards"] = 0
    draft.facts["conversions"] = 14


def short_of_ht_income(draft: Draft, index: int) -> None:
    """High-tech income two per cent of all income too low."""
    able(draft)
    share = draft.bounds.ht_share - Fraction(2, 100)
    ht = down(draft.number("total_income.1") * share, draft.fine)
    draft.facts["ht_income.1"] = ht
    draft.facts["main_income"] = up(Fraction(ht * draft.random.randint(55, 90), 100), draft.fine)


def half_is_not_more(draft: Draft, index: int) -> None:
    """Main products bring exactly the share that they must exceed."""
    able(draft)
    share = draft.bounds.main_share
    parts = draft.number("ht_income.1") // (share.denominator * draft.fine)
    draft.facts["ht_income.1"] = parts * share.denominator * draft.fine
    draft.facts["main_income"] = parts * share.numerator * draft.fine


# ----------------------------------------------------------------------------- contradictory


def able_rows(draft: Draft, index: int) -> None:
    """Able; what it declares of its IP and conversions will not be what its rows say."""
    able(draft)


def more_staff_in_rd(draft: Draft, index: int) -> None:
    """More S&T personnel than staff."""
    modest(draft)
    draft.facts["st_staff_average.1"] = draft.number("staff_average.1") + (index + 1) * 3 * PERSON


def more_at_home(draft: Draft, index: int) -> None:
    """More R&D at home than altogether."""
    modest(draft)
    for lag in draft.lags:
        total = draft.number(f"rd_total.{lag}")
        draft.facts[f"rd_domestic.{lag}"] = up(Fraction(total * 115, 100), draft.fine)


def before_its_birth(draft: Draft, index: int) -> None:
    """Figures of a year in which it did not yet exist."""
    modest(draft)
    draft.facts["established_on"] = date(draft.on.year - 2, 3 + index, 12)


def other_balance(draft: Draft, index: int) -> None:
    """Net assets that are not total assets less total liabilities."""
    modest(draft)


# -------------------------------------------------------------------------- other than usual


def renewing(draft: Draft, index: int) -> None:
    """Recognised three years ago with all the class II IP it has; what is usable it does not say."""
    able(draft, since=long_ago(draft).replace(year=draft.on.year - 9, day=1))
    for name in ("ip_class1", "ip_class2", "ip_self_developed", "ip_main", "main_income"):
        del draft.facts[name]


def after_an_incident(draft: Draft, index: int) -> None:
    """Able; whether something happened in the year is said by the authority's rows."""
    able(draft)
    del draft.facts["incidents"]


def not_yet_a_year(draft: Draft, index: int) -> None:
    """Registered a little too late: by one day, or by some weeks."""
    days = draft.bounds.registered_days - (1, 40, 90)[index % 3]
    young(draft, draft.on - timedelta(days=days))


def in_its_second_year(draft: Draft, index: int) -> None:
    """Registered long enough, with one fiscal year behind it."""
    first = date(draft.on.year - 1, 1, 1)
    last = draft.on - timedelta(days=draft.bounds.registered_days)
    young(draft, first + timedelta(days=draft.random.randint(0, (last - first).days)))


def in_its_third_year(draft: Draft, index: int) -> None:
    """Two fiscal years behind it, the first of them short."""
    start = date(draft.on.year - 2, 1, 1)
    young(draft, start + timedelta(days=draft.random.randint(20, 330)))


def young(draft: Draft, since: date) -> None:
    """Able, small, with as many conversions as its few years ask for."""
    able(draft, since=since, sales=size(draft.random, draft.trade.heft - 20))
    draft.facts["conversions"] = draft.random.randint(6, 10)


def once_in_debt(draft: Draft, index: int) -> None:
    """Able, but net assets were once negative: the formula would make growth of it."""
    able(draft)
    lag = 3 - index % 2
    draft.facts[f"net_assets.{lag}"] = -draft.number(f"net_assets.{lag}")


def from_nothing(draft: Draft, index: int) -> None:
    """Net assets of nought in the first year, or in the second."""
    modest(draft)
    draft.facts[f"net_assets.{3 - index % 2}"] = 0


def in_debt(draft: Draft, index: int) -> None:
    """Net assets negative in the last year."""
    modest(draft)
    draft.facts["net_assets.1"] = -draft.number("net_assets.1")


def branch(draft: Draft, index: int) -> None:
    """A branch office: no legal person of its own."""
    modest(draft)
    draft.facts["legal_person"] = False


def ordinary(draft: Draft, index: int) -> None:
    """An ordinary small enterprise that fills the flat sheet."""
    modest(draft)


def able_with_gaps(draft: Draft, index: int) -> None:
    """Perhaps ready, but much is left blank."""
    able(draft)


# ---------------------------------------------------------------------------- what goes wrong


def declare_more(draft: Draft, index: int) -> None:
    """Declare more IP and conversions than the rows show."""
    draft.facts["ip_class2"] = draft.number("ip_class2") + 2 + index
    draft.facts["conversions"] = draft.number("conversions") + 1 + index


def misstate_balance(draft: Draft, index: int) -> None:
    """Total liabilities written one digit wrong in the last year."""
    last = max(draft.tables["years"], key=lambda row: str(row["year"]))
    liabilities = last["total_liabilities"]
    assert isinstance(liabilities, int)
    last["total_liabilities"] = liabilities + 9 * HUNDRED


ALWAYS_SAID = ("code", "name", "territory")
DECIDES = ("st_staff_average.1", "ht_income.1", "incidents")
"""Without any of these no enterprise can be found to meet all conditions."""


def leave_gaps(draft: Draft, index: int) -> None:
    """Leave a third blank, and surely one thing that decides."""
    missing = draft.random.choice(DECIDES)
    draft.facts = {
        name: value
        for name, value in draft.facts.items()
        if name in ALWAYS_SAID or (name != missing and draft.random.randrange(3))
    }


def say_hardly_anything(draft: Draft, index: int) -> None:
    """Leave almost everything blank; some do not even give their code."""
    some = ("territory", "established_on", "sales_revenue.1", "staff_average.1", "tech_field")
    said = {"name", *draft.random.sample(some, draft.random.randint(0, 4))}
    if index % 5:
        said.add("code")
    draft.facts = {name: value for name, value in draft.facts.items() if name in said}
