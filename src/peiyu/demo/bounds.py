"""The figures of the law near which the stories of the city lie; taken from the law itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from peiyu.policy.parameters import Figures


@dataclass(frozen=True, slots=True)
class Bounds:
    """Shares and limits in force on a day."""

    figures: Figures

    @classmethod
    def on(cls, day: date) -> Bounds:
        """The bounds of that day."""
        return cls(Figures(day))

    def rd_share(self, sales: int) -> Fraction:
        """The least share of R&D in sales, by the sales of the last year."""
        return self.figures.steps("hnte_rd_tiers").at(Fraction(sales), unknown_is=1)[0]

    @property
    def sales_tiers(self) -> tuple[int, ...]:
        """The sales at which another share of R&D begins."""
        return tuple(int(step.limit) for step in self.figures.steps("hnte_rd_tiers").steps)

    @property
    def st_share(self) -> Fraction:
        """The least share of S&T personnel."""
        return self.figures.number("hnte_st_staff_share")

    @property
    def ht_share(self) -> Fraction:
        """The least share of high-tech income."""
        return self.figures.number("hnte_ht_income_share")

    @property
    def main_share(self) -> Fraction:
        """The share of high-tech income that main products must exceed."""
        return self.figures.number("hnte_main_product_share")

    @property
    def entrusted_rate(self) -> Fraction:
        """The part of entrusted R&D that counts."""
        return self.figures.number("hnte_entrusted_rate")

    @property
    def other_share(self) -> Fraction:
        """The most that other expense may be of all R&D."""
        return self.figures.number("hnte_other_cost_share")

    @property
    def pass_mark(self) -> int:
        """The points to be exceeded."""
        return int(self.figures.number("hnte_pass_mark"))

    @property
    def incident_days(self) -> int:
        """How long before the application incidents count, in days."""
        return int(self.figures.number("hnte_incident_days"))

    @property
    def registered_days(self) -> int:
        """How long an enterprise must have been registered, in days."""
        return int(self.figures.number("hnte_registered_days"))
