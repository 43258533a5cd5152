"""One enterprise while it is being drawn: what it states of itself, and its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random

from peiyu.demo.amounts import HUNDRED, WAN, down, grain_for, up
from peiyu.demo.bounds import Bounds
from peiyu.demo.places import Place
from peiyu.demo.trades import Trade

Row = dict[str, object]
LAGS = (1, 2, 3)
LARGE = 3_000 * WAN
"""From these sales on an enterprise rounds R&D and income as it rounds sales."""
PERSON = 100
"""Average staff is stated in hundredths of a person."""


@dataclass(slots=True)
class Draft:
    """An enterprise of the city: what its row of the flat sheet says, and its rows elsewhere.

    A fact that is not there is unknown. Every enterprise has a random stream of its own, so that
    a change to one story leaves the others as they are.
    """

    on: date
    random: Random
    bounds: Bounds
    code: str
    name: str
    word: str
    """Its trade name, the part of the name that is its own."""
    town: Place
    zone: Place | None
    trade: Trade
    stranger: str
    """The name of an invented enterprise outside the city, for whom one is needed."""
    facts: Row = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    grain: int = HUNDRED

    @property
    def established_on(self) -> date:
        """The day of establishment."""
        found = self.facts["established_on"]
        assert isinstance(found, date)
        return found

    @property
    def lags(self) -> tuple[int, ...]:
        """The fiscal years, counted back, in which it operated."""
        return tuple(lag for lag in LAGS if self.on.year - self.established_on.year >= lag)

    def number(self, name: str) -> int:
        """A number that it states."""
        found = self.facts[name]
        assert isinstance(found, int)
        return found

    def identify(self, established_on: date) -> None:
        """State who it is."""
        place = self.zone or self.town
        self.facts = {
            "code": self.code,
            "name": self.name,
            "territory": place.chinese,
            "established_on": established_on,
            "resident": True,
            "legal_person": True,
            "tech_field": self.random.choice(self.trade.fields),
        }

    def sell(self, sales: int, growth: dict[int, int], *, pinned: bool = False) -> None:
        """State sales: of last year, and back from there by yearly growth in per cent.

        They are rounded as the enterprise rounds, unless those of last year are pinned.
        """
        self.grain = grain_for(sales, self.random)
        if not pinned:
            sales = down(sales + self.random.randrange(HUNDRED), self.grain)
        coarse = max(self.grain, HUNDRED)
        self.facts["sales_revenue.1"] = sales
        for lag in self.lags[1:]:
            sales = max(coarse, down(Fraction(sales * 100, 100 + growth[lag]), coarse))
            self.facts[f"sales_revenue.{lag}"] = sales

    def own(self, net_assets: int, growth: dict[int, int]) -> None:
        """State net assets, likewise."""
        for lag in self.lags:
            if lag > 1:
                net_assets = net_assets * 100 // (100 + growth[lag])
            net_assets = max(HUNDRED, down(net_assets, self.grain))
            self.facts[f"net_assets.{lag}"] = net_assets

    def spend(self, share: Fraction, at_home: int = 100) -> None:
        """State R&D: at least that share of each year's sales, so many per cent of it at home."""
        for lag in self.lags:
            total = up(self.number(f"sales_revenue.{lag}") * share, self.fine)
            self.facts[f"rd_total.{lag}"] = total
            self.facts[f"rd_domestic.{lag}"] = up(Fraction(total * at_home, 100), self.fine)

    def spend_less_than(self, share: Fraction, by: Fraction) -> None:
        """State R&D, all at home, that falls short of that share of sales by little."""
        for lag in self.lags:
            total = down(self.number(f"sales_revenue.{lag}") * (share - by), self.fine)
            self.facts[f"rd_total.{lag}"] = self.facts[f"rd_domestic.{lag}"] = total

    @property
    def fine(self) -> int:
        """To what it rounds amounts that are small beside its sales."""
        if self.number("sales_revenue.1") >= LARGE:
            return self.grain
        return min(self.grain, HUNDRED)

    def earn(self, other: int, ht: int, main: int) -> None:
        """State income, in per cent: other income to sales, high-tech to all, main to high-tech."""
        sales = self.number("sales_revenue.1")
        total = sales + down(Fraction(sales * other, 100), self.fine)
        ht_income = min(sales, up(Fraction(total * ht, 100), self.fine))
        self.facts["total_income.1"] = total
        self.facts["ht_income.1"] = ht_income
        self.facts["main_income"] = min(ht_income, up(Fraction(ht_income * main, 100), self.fine))

    def employ(self, st: int, *, at_least: int = 3, whole: bool = False) -> None:
        """State staff, so many yuan of sales to a head, and S&T personnel in per cent of it."""
        a_head = self.random.randrange(45, 160) * 10_000 * 100
        parts = 0 if whole or self.lags == (1,) else self.random.choice((0, 0, 0, 25, 50, 75))
        staff = max(at_least, self.number("sales_revenue.1") // a_head) * PERSON + parts
        self.facts["staff_average.1"] = staff
        step = PERSON if whole or self.lags == (1,) else PERSON // 2
        self.facts["st_staff_average.1"] = min(staff, up(Fraction(staff * st, 100), step))

    def protect(self, class1: int, class2: int, *, own: int, main: int) -> None:
        """State usable IP: of both classes, of its own making, for the main products."""
        self.facts["ip_class1"], self.facts["ip_class2"] = class1, class2
        self.facts["ip_self_developed"], self.facts["ip_main"] = own, main
